import type { Item, Kind } from '../kind';
import { resource } from '../mirrorContext';
import type { Quota } from '../quota';
import { DETAILS_ACTION, iamDetails } from './iamDetails';
import { type Holder, holderRightless, holdersIn, isAccepted } from './iamHolders';
import { afterDenial } from './iamInlinePolicies';

/** A managed policy that a role, user or group has. */
export interface Attachment extends Item {
  /** Name of the role, user or group. */
  readonly holder: string;
  readonly policyArn: string;
}

const TYPES: Readonly<Record<Holder, string>> = {
  role: 'aws:iam/rolePolicyAttachment:RolePolicyAttachment',
  user: 'aws:iam/userPolicyAttachment:UserPolicyAttachment',
  group: 'aws:iam/groupPolicyAttachment:GroupPolicyAttachment',
};

const QUOTAS: Readonly<Record<Holder, Quota<Attachment>>> = {
  role: {
    service: 'iam',
    code: 'L-0DA4ABF3',
    name: 'Managed policies per role',
    per: ({ holder }) => holder,
  },
  user: {
    service: 'iam',
    code: 'L-4019AD8B',
    name: 'Managed policies per user',
    per: ({ holder }) => holder,
  },
  group: {
    service: 'iam',
    code: 'L-384571C4',
    name: 'Managed policies per group',
    per: ({ holder }) => holder,
  },
};

const OF_AWS = /^arn:[^:]+:iam::aws:policy\//;

/** How a policy is called in both accounts: AWS's by their ARNs, others by their names, of which an account has each once. */
const policyOf = (arn: string): string => (OF_AWS.test(arn) ? arn : (arn.split('/').at(-1) ?? arn));

/** The managed policies that roles, users or groups have. AWS's own are the same in DR, others are mirrored. */
export function attachments(holder: Holder): Kind<Attachment> {
  return {
    name: `iam-${holder}-attachment`,
    title: `Managed policy of an IAM ${holder}`,
    cost: 'free',
    isGlobal: true,
    types: [TYPES[holder]],
    iamActions: [DETAILS_ACTION],

    async list(account) {
      const holders = holdersIn(await iamDetails(account), holder);
      return holders.flatMap(({ name, attached }) =>
        attached.map((policyArn) => ({
          id: `${name}/${policyOf(policyArn)}`,
          tags: {},
          holder: name,
          policyArn,
        })),
      );
    },

    skip: (item, options) => holderRightless(holder, item.holder, options),

    mirror(item, ctx) {
      afterDenial(holder, item.holder, ctx);
      return resource<object>(TYPES[holder], {
        [holder]: ctx.ref(`iam-${holder}`, item.holder),
        policyArn: OF_AWS.test(item.policyArn)
          ? item.policyArn
          : ctx.ref('iam-policy', policyOf(item.policyArn)),
      });
    },

    identity: (item) => item.id,

    importId: (item) => `${item.holder}/${item.policyArn}`,

    partOf: { whole: (item) => item.holder, argument: () => 'managedPolicyArns', madeByAws: () => false },

    danger: (item, former, options) =>
      former === undefined && isAccepted(holder, item.holder, options)
        ? `gives rights to the ${holder} ${item.holder}, which was accepted without them`
        : undefined,

    quotas: [QUOTAS[holder]],
  };
}
