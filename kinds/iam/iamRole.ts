import { paginateListRoles } from '@aws-sdk/client-iam';
import type { RoleArgs } from '@pulumi/aws/iam/role';
import { vaultNames } from '../../names';
import { allPages, type DangerOptions, type Kind, present, tagRecord } from '../kind';
import { type MirrorContext, resource } from '../mirrorContext';
import { isNarrowed } from '../network/narrowed';
import { type Bounded, boundaryOf, rightless } from './iamBoundary';
import { DETAILS_ACTION, documentText, iamDetails, iamOf } from './iamDetails';
import { closedTrust, trustInDr, unfitTrust } from './iamDocument';
import { INLINE_LIMITS } from './iamHolders';
import { notMirrored, pathInDr, pathOfSource } from './iamPath';

export interface IamRole extends Bounded {
  readonly path: string;
  readonly description?: string;
  /** In seconds. */
  readonly maxSessionDuration: number;
  /** The trust policy as JSON text. A secret: external ids stand in it. */
  readonly trust: string;
}

/** AWS's default quota of a role's trust policy (`Role trust policy length`), which few accounts have raised. */
const TRUST_LIMIT = 2_048;

/** A role under the mirror's own path and boundary, with a trust that lets in nobody from outside of DR. */
export const iamRole: Kind<IamRole> = {
  name: 'iam-role',
  title: 'IAM role',
  cost: 'free',
  isGlobal: true,
  types: ['aws:iam/role:Role'],
  iamActions: [DETAILS_ACTION, 'iam:ListRoles'],

  async list(account) {
    const [details, listed] = await Promise.all([
      iamDetails(account),
      // It alone tells descriptions and the length of sessions.
      allPages(paginateListRoles({ client: iamOf(account) }, {}), (page) => page.Roles),
    ]);
    const byName = new Map(listed.map((role) => [role.RoleName, role]));
    return details.roles.map((found) => {
      const id = present(found.RoleName, 'RoleName');
      const role = present(byName.get(id), `the role ${id} in ListRoles`);
      return {
        id,
        tags: tagRecord(found.Tags),
        path: present(found.Path, 'Path'),
        description: role.Description || undefined,
        maxSessionDuration: present(role.MaxSessionDuration, 'MaxSessionDuration'),
        trust: documentText(present(found.AssumeRolePolicyDocument, 'AssumeRolePolicyDocument')),
        ...boundaryOf(found, details),
      };
    });
  },

  secrets: ['trust', 'boundary'],

  skip: (item, options) => notMirrored(item) ?? unfitTrust(item.trust, TRUST_LIMIT, options, options.trusted),

  mirror(item, ctx) {
    const { document, leftOut, foreign } = trustInDr(item.trust, ctx, ctx.trusted);
    for (const what of leftOut) ctx.note(`does without ${what}`);
    if (foreign.length > 0)
      ctx.note(`has a trust policy that names what only the source has, as it is: ${foreign.join(', ')}`);
    if (document.Statement.every(({ Effect }) => Effect === 'Deny')) ctx.note('lets nobody in');
    noteRightless(item, ctx);
    for (const [kind, id] of providersIn(document.Statement)) if (ctx.known(kind, id)) ctx.after(kind, id);
    return resource<RoleArgs>('aws:iam/role:Role', {
      name: item.id,
      path: pathInDr(item.path),
      description: item.description,
      maxSessionDuration: item.maxSessionDuration,
      assumeRolePolicy: ctx.json(document),
      permissionsBoundary: mirroredBoundaryArn(ctx.dr),
      tags: ctx.tags(item),
    });
  },

  // IAM knows no two of one name, whatever their case and path.
  identity: (item) => item.id.toLowerCase(),

  taggedWhenMade: true,

  fixed: (item) => [item.id, pathOfSource(item.path) ?? item.path],

  danger(item, former, options) {
    const why = [...widerTrust(item, former, options), ...otherBoundary(item, former)];
    return why.length > 0 ? why.join('; ') : undefined;
  },

  quotas: [{ service: 'iam', code: 'L-FE177D64', name: 'Roles per account' }],
};

/** ARN of the permissions boundary of all that is mirrored. The vault makes it. */
export function mirroredBoundaryArn({ account, region }: MirrorContext['dr']): string {
  return `arn:aws:iam::${account}:policy/${vaultNames(account, region).mirroredBoundary}`;
}

/** Says in the plan that a principal has none of its rights. */
export function noteRightless(item: Bounded, ctx: MirrorContext, kind: 'role' | 'user' = 'role'): void {
  const reason = rightless(item, INLINE_LIMITS[kind], ctx);
  if (reason !== undefined) ctx.note(`has none of its rights: ${reason}`);
}

/** Why another boundary is dangerous, in words: without the one that was accepted, the principal can do more. */
export function otherBoundary(item: Bounded, former: Bounded | undefined): string[] {
  if (!former?.boundaryArn) return [];
  if (item.boundaryArn === undefined) return [`no longer has the permissions boundary ${former.boundaryArn}`];
  if (item.boundaryArn !== former.boundaryArn)
    return [`has the permissions boundary ${item.boundaryArn} now`];
  return item.boundary === former.boundary ? [] : ['has another permissions boundary than was accepted'];
}

function widerTrust(item: IamRole, former: IamRole | undefined, options: DangerOptions): string[] {
  const closed = (text: string) => closedTrust(text, options, options.trusted).document.Statement;
  let now: ReturnType<typeof closed>;
  try {
    now = closed(item.trust);
  } catch {
    // It is not mirrored so.
    return [];
  }
  if (former === undefined) {
    const outside = now.filter(
      ({ Effect, Principal }) => Effect === 'Allow' && isOutside(Principal, options),
    );
    return outside.length > 0 ? ['lets in whom lifeboat:trust names'] : [];
  }
  try {
    return isNarrowed(now, closed(former.trust)) ? [] : ['trusts others, or more, than was accepted'];
  } catch {
    return ['has a trust policy, and what was accepted was none'];
  }
}

function isOutside(principal: unknown, { dr }: DangerOptions): boolean {
  const types = Object.entries((principal ?? {}) as Record<string, unknown>);
  return types.some(([type, who]) => type !== 'Service' && who !== `arn:aws:iam::${dr.account}:root`);
}

/** The identity providers that a trust names, as kinds and ids. */
function providersIn(statements: readonly { readonly Principal?: unknown }[]): [kind: string, id: string][] {
  return statements.flatMap(({ Principal }): [string, string][] => {
    const { Federated } = (Principal ?? {}) as { Federated?: unknown };
    return [Federated].flat().flatMap((arn): [string, string][] => {
      const [, type, id] = /:(oidc|saml)-provider\/(.+)$/.exec(String(arn)) ?? [];
      return type && id ? [[`iam-${type}-provider`, id]] : [];
    });
  });
}
