import type { Item, Kind, SkipOptions } from '../kind';
import { type MirroredResource, resource } from '../mirrorContext';
import { isNarrowed } from '../network/narrowed';
import { type Bounded, carriedBoundary, DENIAL_NAME } from './iamBoundary';
import { DETAILS_ACTION, documentText, iamDetails } from './iamDetails';
import { documentInDr, parsedPolicy, sizeInDr, tooLong, unfit } from './iamDocument';
import { type Holder, holderRightless, holdersIn, INLINE_LIMITS, isAccepted } from './iamHolders';

/** A policy inside of a role, a user or a group. */
export interface InlinePolicy extends Item {
  /** Name of the role, user or group. */
  readonly holder: string;
  readonly policyName: string;
  /** JSON text. A secret. */
  readonly document: string;
}

/** The provider's types, and what they call who has the policy. */
const TYPES: Readonly<Record<Holder, string>> = {
  role: 'aws:iam/rolePolicy:RolePolicy',
  user: 'aws:iam/userPolicy:UserPolicy',
  group: 'aws:iam/groupPolicy:GroupPolicy',
};

/** The id that the provider gives an inline policy too. */
export const inlineId = (holder: string, policyName: string): string => `${holder}:${policyName}`;

/** The inline policies of roles, users or groups, each by itself: what else DR's holder has is not taken away. */
export function inlinePolicies(holder: Holder): Kind<InlinePolicy> {
  const name = `iam-${holder}-policy`;
  return {
    name,
    title: `Inline policy of an IAM ${holder}`,
    cost: 'free',
    isGlobal: true,
    types: [TYPES[holder]],
    iamActions: [DETAILS_ACTION],

    async list(account) {
      const holders = holdersIn(await iamDetails(account), holder);
      return holders.flatMap(({ name: of, inline }) =>
        inline
          // That one is of a kind of its own: see carriedBoundaries.
          .filter((policy) => policy.name !== DENIAL_NAME)
          .map(({ name: policyName, document }) => ({
            id: inlineId(of, policyName),
            tags: {},
            holder: of,
            policyName,
            document: documentText(document),
          })),
      );
    },

    secrets: ['document'],

    skip: (item, options) =>
      (item.policyName.startsWith('lifeboat-') ? "Lifeboat's own, or says so" : undefined) ??
      holderRightless(holder, item.holder, options) ??
      unfit(item.document, INLINE_LIMITS[holder], options) ??
      noRoom(item, options),

    mirror(item, ctx) {
      afterDenial(holder, item.holder, ctx);
      return inlineResource(
        holder,
        item,
        ctx.ref(`iam-${holder}`, item.holder),
        documentInDr(item.document, ctx),
      );
    },

    identity: (item) => item.id,

    fixed: (item) => [item.holder, item.policyName],

    partOf: { whole: (item) => item.holder, argument: () => 'inlinePolicies', madeByAws: () => false },

    danger(item, former, options) {
      if (former)
        return isOnlyLess(item.document, former.document)
          ? undefined
          : 'has another document than was accepted';
      return isAccepted(holder, item.holder, options)
        ? `gives rights to the ${holder} ${item.holder}, which was accepted without them`
        : undefined;
    },
  };

  function noRoom(item: InlinePolicy, options: SkipOptions): string | undefined {
    const before = (options.all(name) as readonly InlinePolicy[]).filter(
      (other) => other.holder === item.holder && other.id <= item.id && isReadable(other),
    );
    const principal = options.find(`iam-${holder}`, item.holder) as Bounded | undefined;
    const denial = principal && carriedBoundary(principal).denial;
    const size = [...before.map(({ document }) => document), ...(denial ? [denial] : [])]
      .map((document) => sizeInDr(document, options))
      .reduce((sum, each) => sum + each, 0);
    return size > INLINE_LIMITS[holder]
      ? tooLong(`it and the inline policies of ${item.holder} before it`, size, INLINE_LIMITS[holder])
      : undefined;
  }
}

/** Whether it can be mirrored, and takes room. */
function isReadable({ document, policyName }: InlinePolicy): boolean {
  try {
    parsedPolicy(document);
    return !policyName.startsWith('lifeboat-');
  } catch {
    return false;
  }
}

/** Whether a document only says less than the other. */
export function isOnlyLess(now: string, former: string): boolean {
  try {
    return isNarrowed(parsedPolicy(now).Statement, parsedPolicy(former).Statement);
  } catch {
    return now === former;
  }
}

/** Lets rights wait for the denial that a boundary of the source's is carried over as. */
export function afterDenial(
  holder: Holder,
  name: string,
  ctx: { known(kind: string, id: string): unknown; after(kind: string, id: string): void },
): void {
  if (ctx.known(`iam-${holder}-boundary`, name) !== undefined) ctx.after(`iam-${holder}-boundary`, name);
}

/** The resource of one inline policy. */
export function inlineResource(
  holder: Holder,
  { policyName }: Pick<InlinePolicy, 'policyName'>,
  of: unknown,
  document: unknown,
): MirroredResource {
  return resource(TYPES[holder], { [holder]: of, name: policyName, policy: document });
}

/** The kind that carries over the permissions boundaries of roles or users, as inline policies that deny all else. */
export function carriedBoundaries(holder: 'role' | 'user'): Kind<InlinePolicy> {
  return {
    name: `iam-${holder}-boundary`,
    title: `Permissions boundary of an IAM ${holder}, as a denial of all else`,
    cost: 'free',
    isGlobal: true,
    types: [TYPES[holder]],
    iamActions: [DETAILS_ACTION],

    // What the source calls so is none: they follow from roles and users. This is what DR has.
    async list(account) {
      const holders = holdersIn(await iamDetails(account), holder);
      return holders.flatMap(({ name: of, inline }) =>
        inline
          .filter(({ name }) => name === DENIAL_NAME)
          .map(({ name, document }) => ({
            id: inlineId(of, name),
            tags: {},
            holder: of,
            policyName: name,
            document: documentText(document),
          })),
      );
    },

    secrets: ['document'],

    skip: (item, options) =>
      item.id === item.holder ? holderRightless(holder, item.holder, options) : "Lifeboat's own, or says so",

    derived: (items) =>
      ((items[`iam-${holder}`] ?? []) as readonly Bounded[]).flatMap((principal) => {
        const { denial } = carriedBoundary(principal);
        if (denial === undefined) return [];
        const { id } = principal;
        return [{ id, tags: {}, holder: id, policyName: DENIAL_NAME, document: denial }];
      }),

    mirror: (item, ctx) =>
      inlineResource(holder, item, ctx.ref(`iam-${holder}`, item.holder), documentInDr(item.document, ctx)),

    identity: ({ holder: of, policyName }) => inlineId(of, policyName),

    importId: ({ holder: of, policyName }) => inlineId(of, policyName),
  };
}
