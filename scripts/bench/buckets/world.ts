import { CreateKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import * as s3 from '@aws-sdk/client-s3';
import pLimit from 'p-limit';
import { READS_OF_SOURCE } from '../../../buckets/sourceStatement';
import { accessKey, type Emulator } from '../../../test/emulator/emulator';
import { DR_REGION, SOURCE } from '../copy/world';

/** The account that is copied into. */
export const DR_ACCOUNT = '222222222222';
/** Puts at once while a bucket is filled: it is not measured. */
const PUTS = 32;

/** The name in DR of a bucket of the source. */
export const inDr = (bucket: string): string => `${bucket}-${DR_ACCOUNT}`;

/** A bucket of the source with objects of a few bytes, which DR may read, and DR's own for it, empty, under a key of DR. */
export async function makeBucket(emulator: Emulator, bucket: string, objects: number, made: () => void) {
  const source = new s3.S3Client(client(emulator, SOURCE.account, SOURCE.region));
  const dr = new s3.S3Client(client(emulator, DR_ACCOUNT, DR_REGION));
  await versioned(source, bucket, SOURCE.region);
  await versioned(dr, inDr(bucket), DR_REGION);
  // As `copy-buckets --policy` says it, for the administrator, who copies here.
  const opened = {
    Effect: 'Allow',
    Principal: { AWS: `arn:aws:iam::${DR_ACCOUNT}:root` },
    Action: READS_OF_SOURCE,
    Resource: [`arn:aws:s3:::${bucket}`, `arn:aws:s3:::${bucket}/*`],
  };
  const Policy = JSON.stringify({ Version: '2012-10-17', Statement: [opened] });
  await source.send(new s3.PutBucketPolicyCommand({ Bucket: bucket, Policy }));
  const kms = new KMSClient(client(emulator, DR_ACCOUNT, DR_REGION));
  const { KeyMetadata } = await kms.send(new CreateKeyCommand({}));
  const byDefault = { SSEAlgorithm: 'aws:kms' as const, KMSMasterKeyID: KeyMetadata?.Arn };
  const Rules = [{ ApplyServerSideEncryptionByDefault: byDefault, BucketKeyEnabled: true }];
  await dr.send(
    new s3.PutBucketEncryptionCommand({
      Bucket: inDr(bucket),
      ServerSideEncryptionConfiguration: { Rules },
    }),
  );
  const limit = pLimit(PUTS);
  const names = Array.from({ length: objects }, (_, index) => `orders/${String(index).padStart(6, '0')}`);
  await Promise.all(
    names.map((Key) =>
      limit(async () => {
        await source.send(new s3.PutObjectCommand({ Bucket: bucket, Key, Body: Key }));
        made();
      }),
    ),
  );
  for (const each of [source, dr, kms]) each.destroy();
}

async function versioned(side: s3.S3Client, Bucket: string, region: string): Promise<void> {
  const LocationConstraint = region as s3.BucketLocationConstraint;
  await side.send(new s3.CreateBucketCommand({ Bucket, CreateBucketConfiguration: { LocationConstraint } }));
  const VersioningConfiguration = { Status: 'Enabled' as const };
  await side.send(new s3.PutBucketVersioningCommand({ Bucket, VersioningConfiguration }));
}

function client({ url: endpoint }: Emulator, account: string, region: string) {
  return { endpoint, region, credentials: { accessKeyId: accessKey(account), secretAccessKey: 'emulated' } };
}
