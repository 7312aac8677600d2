import {
  type GetAccountAuthorizationDetailsCommandOutput,
  IAMClient,
  paginateGetAccountAuthorizationDetails,
} from '@aws-sdk/client-iam';
import type { Account } from '../../accounts';
import { GLOBAL_REGION } from '../../accounts';
import { once, present } from '../kind';

type Page = GetAccountAuthorizationDetailsCommandOutput;

/** What IAM holds of principals and their rights, in one account. */
export interface IamDetails {
  readonly users: NonNullable<Page['UserDetailList']>;
  readonly groups: NonNullable<Page['GroupDetailList']>;
  readonly roles: NonNullable<Page['RoleDetailList']>;
  /** Customer-managed ones, with the documents of their versions. */
  readonly policies: NonNullable<Page['Policies']>;
}

/** IAM's client: it has no regions, and is asked where its control plane lives. */
export const iamOf = (account: Account): IAMClient => account.client(IAMClient, GLOBAL_REGION);

/** The action that `iamDetails` needs. */
export const DETAILS_ACTION = 'iam:GetAccountAuthorizationDetails';

/** All principals, their policies and who is in which group, asked for once in a look-up: a few pages for thousands of objects. */
export function iamDetails(account: Account): Promise<IamDetails> {
  return once(account, 'GetAccountAuthorizationDetails', async () => {
    const found: { [List in keyof IamDetails]: IamDetails[List][number][] } = {
      users: [],
      groups: [],
      roles: [],
      policies: [],
    };
    const pages = paginateGetAccountAuthorizationDetails(
      { client: iamOf(account) },
      { Filter: ['User', 'Role', 'Group', 'LocalManagedPolicy'] },
    );
    for await (const page of pages) {
      found.users.push(...present(page.UserDetailList, 'UserDetailList'));
      found.groups.push(...present(page.GroupDetailList, 'GroupDetailList'));
      found.roles.push(...present(page.RoleDetailList, 'RoleDetailList'));
      found.policies.push(...present(page.Policies, 'Policies'));
    }
    return found;
  });
}

/** A policy document as IAM answers it, encoded for URLs, as JSON without white space; what is no JSON stays as it is. */
export function documentText(encoded: string): string {
  let text = encoded;
  try {
    text = decodeURIComponent(encoded);
    return JSON.stringify(JSON.parse(text));
  } catch {
    // Whoever mirrors it says that it does not parse.
    return text;
  }
}

/** The document of a customer-managed policy's default version. */
export function defaultDocument({ PolicyName, PolicyVersionList }: IamDetails['policies'][number]): string {
  const version = PolicyVersionList?.find(({ IsDefaultVersion }) => IsDefaultVersion);
  return documentText(present(version?.Document, `the default version of ${PolicyName}`));
}
