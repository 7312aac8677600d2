import { EC2Client } from '@aws-sdk/client-ec2';
import { IAMClient } from '@aws-sdk/client-iam';
import { KMSClient } from '@aws-sdk/client-kms';
import { type Account, CLIENT_DEFAULTS } from '../accounts';

/** KMS of an account, with the account's own credentials. */
export function kmsOf(account: Account): KMSClient {
  return new KMSClient(configOf(account));
}

/** IAM of an account, with the account's own credentials. */
export function iamOf(account: Account): IAMClient {
  return new IAMClient(configOf(account));
}

/**
 * EC2 of an account for calls that have no client token, such as CopySnapshot. The SDK must not repeat one whose answer
 * was lost, for AWS may have carried it out: the caller looks first. See attempt.ts.
 */
export function ec2Once(account: Account): EC2Client {
  return new EC2Client({ ...configOf(account), maxAttempts: 1, retryMode: 'standard' });
}

/** What a client of any other service of an account is made with. */
export function configOf({ region, ec2 }: Account) {
  return { ...CLIENT_DEFAULTS, region, credentials: ec2.config.credentials };
}
