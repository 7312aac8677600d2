import { CreateRoleCommand } from '@aws-sdk/client-iam';
import { CreateKeyCommand } from '@aws-sdk/client-kms';
import * as s3 from '@aws-sdk/client-s3';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { listVersions } from '../../../buckets/listVersions';
import type { KeyVersions } from '../../../buckets/objectVersion';
import { READS_OF_SOURCE } from '../../../buckets/sourceStatement';
import { present } from '../../../kinds/kind';
import { TAG } from '../../../names';
import { DR, SOURCE, type World } from './world';

/** A bucket of the source that DR may read, and DR's own for it. */
export interface Buckets {
  readonly bucket: string;
  readonly dr: string;
}

/** Makes both, versioned; DR's encrypts under a key of DR. */
export async function makeBuckets(world: World, bucket = 'shop'): Promise<Buckets> {
  const dr = `${bucket}-${DR.account}`;
  await make(world.source.s3, bucket, SOURCE.region);
  await make(world.dr.s3, dr, DR.region);
  await tagAs(world, dr, bucket);
  await openSource(world, bucket);
  const { KeyMetadata } = await world.dr.kms.send(new CreateKeyCommand({}));
  const ApplyServerSideEncryptionByDefault = {
    SSEAlgorithm: 'aws:kms' as const,
    KMSMasterKeyID: KeyMetadata?.Arn,
  };
  await world.dr.s3.send(
    new s3.PutBucketEncryptionCommand({
      Bucket: dr,
      ServerSideEncryptionConfiguration: {
        Rules: [{ ApplyServerSideEncryptionByDefault, BucketKeyEnabled: true }],
      },
    }),
  );
  return { bucket, dr };
}

/** Gives a bucket of DR the tag that the mirror gives the one of a bucket of the source; without one it is tagged by somebody else. */
export async function tagAs(world: World, Bucket: string, of?: string): Promise<void> {
  const TagSet = of === undefined ? [{ Key: 'team', Value: 'ops' }] : [{ Key: TAG.sourceId, Value: of }];
  await world.dr.s3.send(new s3.PutBucketTaggingCommand({ Bucket, Tagging: { TagSet } }));
}

async function make(client: s3.S3Client, Bucket: string, region: string): Promise<void> {
  const LocationConstraint = region as s3.BucketLocationConstraint;
  await client.send(
    new s3.CreateBucketCommand({ Bucket, CreateBucketConfiguration: { LocationConstraint } }),
  );
  const VersioningConfiguration = { Status: 'Enabled' as const };
  await client.send(new s3.PutBucketVersioningCommand({ Bucket, VersioningConfiguration }));
}

/** The statement that `copy-buckets --policy` prints, for DR's administrator. */
async function openSource(world: World, Bucket: string): Promise<void> {
  const statement = {
    Effect: 'Allow',
    Principal: { AWS: `arn:aws:iam::${DR.account}:root` },
    Action: READS_OF_SOURCE,
    Resource: [`arn:aws:s3:::${Bucket}`, `arn:aws:s3:::${Bucket}/*`],
  };
  const Policy = JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
  await world.source.s3.send(new s3.PutBucketPolicyCommand({ Bucket, Policy }));
}

/** Puts a version and returns its id. */
export async function put(
  client: s3.S3Client,
  Bucket: string,
  Key: string,
  Body = Key,
  more: Partial<s3.PutObjectCommandInput> = {},
): Promise<string> {
  const { VersionId } = await client.send(new s3.PutObjectCommand({ Bucket, Key, Body, ...more }));
  return present(VersionId, 'VersionId');
}

/** What reading a key gives; undefined when it gives nothing. */
export async function read(
  client: s3.S3Client,
  Bucket: string,
  Key: string,
  VersionId?: string,
): Promise<string | undefined> {
  try {
    const { Body } = await client.send(new s3.GetObjectCommand({ Bucket, Key, VersionId }));
    return await Body?.transformToString();
  } catch (error) {
    if ((error as Error).name === 'NoSuchKey') return undefined;
    throw error;
  }
}

/** What the versions of each key hold in DR, oldest first. */
export async function contents(world: World, { dr }: Buckets): Promise<Record<string, string[]>> {
  const found: Record<string, string[]> = {};
  for (const { key, versions } of await all(world, dr))
    found[key] = await Promise.all(
      [...versions].reverse().map(async (one) => (await read(world.dr.s3, dr, key, one.versionId)) ?? ''),
    );
  return found;
}

/** Every key of a bucket of DR. */
export async function all(world: World, bucket: string): Promise<KeyVersions[]> {
  const keys: KeyVersions[] = [];
  for await (const key of listVersions({ s3: world.dr.s3, bucket, owner: DR.account })) keys.push(key);
  return keys;
}

/** How often DR has called CopyObject. */
export async function copiesMade(world: World): Promise<number> {
  return (await world.emulator.state()).calls[`${DR.account}/${DR.region}/s3/CopyObject`] ?? 0;
}

/** Keys of the uploads into a bucket of DR that are under way, in order. */
export async function uploadsOf(world: World, { dr }: Buckets): Promise<string[]> {
  const { Uploads = [] } = await world.dr.s3.send(new s3.ListMultipartUploadsCommand({ Bucket: dr }));
  return Uploads.map(({ Key = '' }) => Key);
}

/** S3 of DR as somebody who took on a role there, which is made where it is not there. */
export async function asRole(world: World, RoleName: string): Promise<s3.S3Client> {
  const trust = { Effect: 'Allow', Principal: { AWS: DR.account }, Action: 'sts:AssumeRole' };
  const AssumeRolePolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: [trust] });
  await world.dr.iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument })).catch((error) => {
    if ((error as Error).name !== 'EntityAlreadyExistsException') throw error;
  });
  const sts = new STSClient({ ...world.dr.config, region: DR.region } as object);
  const { Credentials } = await sts.send(
    new AssumeRoleCommand({
      RoleArn: `arn:aws:iam::${DR.account}:role/${RoleName}`,
      RoleSessionName: 'last-night',
    }),
  );
  sts.destroy();
  const { AccessKeyId = '', SecretAccessKey = '', SessionToken } = Credentials ?? {};
  return new s3.S3Client({
    ...world.dr.config,
    region: DR.region,
    credentials: { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken },
  } as object);
}
