import { DescribeKeyCommand } from '@aws-sdk/client-kms';
import { HeadBucketCommand } from '@aws-sdk/client-s3';
import type { Account } from '../accounts';
import { LifeboatError } from '../errors';
import { vaultNames } from '../names';
import { kmsOf } from './clients';

/** What copying needs of the vault. */
export interface Vault {
  /** ARN of the key that every copy is encrypted under. */
  readonly keyArn: string;
  readonly bucket: string;
}

/**
 * Finds the vault by its fixed names.
 *
 * @throws LifeboatError when its key or its bucket is not there, is another account's, or cannot be used
 */
export async function findVault(dr: Account): Promise<Vault> {
  const { keyAlias, inventoryBucket: bucket } = vaultNames(dr.id, dr.region);
  const [keyArn] = await Promise.all([
    findKey(dr, keyAlias),
    // A bucket's name is global: only the owner's id says that it is ours.
    dr.s3
      .send(new HeadBucketCommand({ Bucket: bucket, ExpectedBucketOwner: dr.id }))
      .catch((cause: unknown) => {
        throw vaultMissing(dr, `bucket ${bucket}`, cause);
      }),
  ]);
  return { keyArn, bucket };
}

async function findKey(dr: Account, alias: string): Promise<string> {
  // CopySnapshot takes an alias too, but AWS resolves it only later: a missing key would show as a copy that failed.
  const answer = await kmsOf(dr)
    .send(new DescribeKeyCommand({ KeyId: alias }))
    .catch((cause: unknown) => {
      throw vaultMissing(dr, `key ${alias}`, cause);
    });
  const { Arn, KeyState } = answer.KeyMetadata ?? {};
  if (!Arn || KeyState !== 'Enabled') {
    throw new LifeboatError({
      what: `The vault's key ${alias} cannot be used`,
      got: KeyState ?? 'no state',
      expected: 'Enabled',
      next:
        KeyState === 'PendingDeletion'
          ? `aws kms cancel-key-deletion --region ${dr.region} --key-id ${Arn}, then aws kms enable-key likewise`
          : `aws kms enable-key --region ${dr.region} --key-id ${Arn ?? alias}`,
    });
  }
  return Arn;
}

function vaultMissing(dr: Account, part: string, cause: unknown): LifeboatError {
  return new LifeboatError({
    what: `The vault was not found: its ${part}`,
    got: `nothing that can be used in ${dr.id}, ${dr.region}`,
    expected: 'the vault, which vault/ makes once, and the right to use it',
    next: `as an administrator of ${dr.id}: npm run pulumi -- -C vault up`,
    cause,
  });
}
