import {
  GetAccountPasswordPolicyCommand,
  NoSuchEntityException,
  type PasswordPolicy,
} from '@aws-sdk/client-iam';
import type { AccountPasswordPolicyArgs } from '@pulumi/aws/iam/accountPasswordPolicy';
import { type Item, type Kind, present } from '../kind';
import { resource } from '../mirrorContext';
import { iamOf } from './iamDetails';

/** What AWS asks of passwords. Numbers are 0 where it asks for nothing. */
export interface IamPasswordPolicy extends Item {
  readonly minimumPasswordLength: number;
  readonly requireSymbols: boolean;
  readonly requireNumbers: boolean;
  readonly requireUppercaseCharacters: boolean;
  readonly requireLowercaseCharacters: boolean;
  readonly allowUsersToChangePassword: boolean;
  /** In days. */
  readonly maxPasswordAge: number;
  /** How many former passwords may not be used again. */
  readonly passwordReusePrevention: number;
  readonly hardExpiry: boolean;
}

/** The id that the provider gives it: an account has one at most. */
const ID = 'iam-account-password-policy';

/** The account's rules for passwords, where it has any. DR's own are never overwritten. */
export const iamPasswordPolicy: Kind<IamPasswordPolicy> = {
  name: 'iam-password-policy',
  title: 'IAM password policy',
  cost: 'free',
  isGlobal: true,
  types: ['aws:iam/accountPasswordPolicy:AccountPasswordPolicy'],
  iamActions: ['iam:GetAccountPasswordPolicy'],

  async list(account) {
    try {
      const answer = await iamOf(account).send(new GetAccountPasswordPolicyCommand({}));
      return [itemOf(present(answer.PasswordPolicy, 'PasswordPolicy'))];
    } catch (error) {
      if (error instanceof NoSuchEntityException) return [];
      throw error;
    }
  },

  mirror(item, ctx) {
    if (item.maxPasswordAge > 0 || item.hardExpiry)
      ctx.note("lets passwords grow old in DR: the source's rule would lock out DR's own users");
    return resource<AccountPasswordPolicyArgs>(
      'aws:iam/accountPasswordPolicy:AccountPasswordPolicy',
      rulesInDr(item),
    );
  },

  // AWS knows no tags on it. One that says the same may be taken over, whoever made it; any other is DR's own.
  identity: (item) => JSON.stringify(rulesInDr(item)),

  excludes: () => true,

  danger(item, former) {
    const weaker = former ? weakened(item, former) : [];
    return weaker.length > 0 ? `asks for less than was accepted: ${weaker.join(', ')}` : undefined;
  },
};

/**
 * The rules as DR has them. They hold for everybody in the account, DR's own people and who breaks the glass too: nothing that the source
 * says may end a password there, or keep its owner from changing it.
 */
function rulesInDr({ id: _, tags: __, ...rules }: IamPasswordPolicy) {
  return { ...rules, maxPasswordAge: 0, hardExpiry: false, allowUsersToChangePassword: true };
}

function itemOf(found: PasswordPolicy): IamPasswordPolicy {
  return {
    id: ID,
    tags: {},
    minimumPasswordLength: present(found.MinimumPasswordLength, 'MinimumPasswordLength'),
    requireSymbols: found.RequireSymbols ?? false,
    requireNumbers: found.RequireNumbers ?? false,
    requireUppercaseCharacters: found.RequireUppercaseCharacters ?? false,
    requireLowercaseCharacters: found.RequireLowercaseCharacters ?? false,
    allowUsersToChangePassword: found.AllowUsersToChangePassword ?? false,
    maxPasswordAge: found.MaxPasswordAge ?? 0,
    passwordReusePrevention: found.PasswordReusePrevention ?? 0,
    hardExpiry: found.HardExpiry ?? false,
  };
}

/** What is asked for less than before, by its field. */
function weakened(item: IamPasswordPolicy, former: IamPasswordPolicy): string[] {
  const fewer = (['minimumPasswordLength', 'passwordReusePrevention'] as const).filter(
    (field) => item[field] < former[field],
  );
  const without = (
    [
      'requireSymbols',
      'requireNumbers',
      'requireUppercaseCharacters',
      'requireLowercaseCharacters',
      'hardExpiry',
    ] as const
  ).filter((field) => former[field] && !item[field]);
  const isOlder =
    former.maxPasswordAge > 0 && (item.maxPasswordAge === 0 || item.maxPasswordAge > former.maxPasswordAge);
  return [...fewer, ...without, ...(isOlder ? ['maxPasswordAge'] : [])];
}
