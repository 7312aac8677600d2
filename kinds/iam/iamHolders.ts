import type { DangerOptions, SkipOptions } from '../kind';
import { present } from '../kind';
import { type Bounded, rightless } from './iamBoundary';
import type { IamDetails } from './iamDetails';

/** Who holds rights: a role, a user or a group. */
export type Holder = 'role' | 'user' | 'group';

/** AWS's limits of characters of all inline policies together, which no quota raises. */
export const INLINE_LIMITS: Readonly<Record<Holder, number>> = { role: 10_240, user: 2_048, group: 5_120 };

/** One holder as IAM answers it, with what it holds, under one set of names. */
export interface Held {
  readonly name: string;
  readonly inline: readonly { readonly name: string; readonly document: string }[];
  readonly attached: readonly string[];
}

/** All holders of a sort, with their rights. */
export function holdersIn(details: IamDetails, holder: Holder): Held[] {
  const all = {
    role: () =>
      details.roles.map((role) => held(role.RoleName, role.RolePolicyList, role.AttachedManagedPolicies)),
    user: () =>
      details.users.map((user) => held(user.UserName, user.UserPolicyList, user.AttachedManagedPolicies)),
    group: () =>
      details.groups.map((group) =>
        held(group.GroupName, group.GroupPolicyList, group.AttachedManagedPolicies),
      ),
  };
  return all[holder]();
}

function held(
  name: string | undefined,
  inline: readonly { PolicyName?: string; PolicyDocument?: string }[] = [],
  attached: readonly { PolicyArn?: string }[] = [],
): Held {
  return {
    name: present(name, 'the name of a principal'),
    inline: inline.map((each) => ({
      name: present(each.PolicyName, 'PolicyName'),
      document: present(each.PolicyDocument, 'PolicyDocument'),
    })),
    attached: attached.map(({ PolicyArn }) => present(PolicyArn, 'PolicyArn')),
  };
}

/** Why a holder is given none of its rights, with its name before it; undefined when it is. */
export function holderRightless(holder: Holder, name: string, options: SkipOptions): string | undefined {
  const principal = options.find(`iam-${holder}`, name) as Bounded | undefined;
  if (holder === 'group' || principal === undefined) return undefined;
  const reason = rightless(principal, INLINE_LIMITS[holder], options);
  return reason && `${holder} ${name}: ${reason}`;
}

/** Whether a holder was accepted before: new rights of one that is itself new come with it. */
export function isAccepted(holder: Holder, name: string, { accepted }: DangerOptions): boolean {
  return accepted.find(`iam-${holder}`, name) !== undefined;
}
