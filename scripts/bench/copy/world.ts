import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  CreateSnapshotCommand,
  CreateVolumeCommand,
  EC2Client,
  ModifySnapshotAttributeCommand,
} from '@aws-sdk/client-ec2';
import { CreateRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import { CreateAliasCommand, CreateKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { present } from '../../../kinds/kind';
import { SOURCE_NAMES, vaultNames } from '../../../names';
import { findSnapshots } from '../../../snapshots/snapshotSearch';
import { accessKey, type Emulator } from '../../../test/emulator/emulator';

export const SOURCE = { account: '111111111111', region: 'eu-west-1' } as const;
export const DR_REGION = 'eu-central-1';
const EXTERNAL_ID = 'an-example-external-id';

/** Shares snapshots of new disks of these sizes (GiB) with some accounts. */
export async function seedSnapshots(
  emulator: Emulator,
  sizes: readonly number[],
  accounts: readonly string[],
  made: () => void,
): Promise<void> {
  const ec2 = new EC2Client(client(emulator, SOURCE.account, SOURCE.region));
  for (const [index, Size] of sizes.entries()) {
    const Tags = [
      { Key: 'Name', Value: `disk-${index}` },
      { Key: 'MUSTSNAP', Value: 'True' },
    ];
    const { VolumeId } = await ec2.send(
      new CreateVolumeCommand({ AvailabilityZone: `${SOURCE.region}a`, Size, VolumeType: 'gp3' }),
    );
    const { SnapshotId } = await ec2.send(
      new CreateSnapshotCommand({ VolumeId, TagSpecifications: [{ ResourceType: 'snapshot', Tags }] }),
    );
    const Add = accounts.map((UserId) => ({ UserId }));
    await ec2.send(new ModifySnapshotAttributeCommand({ SnapshotId, CreateVolumePermission: { Add } }));
    made();
  }
  ec2.destroy();
}

/** The way into the source, for anybody's account that knows the word. */
export async function makeReader(emulator: Emulator, accounts: readonly string[]): Promise<void> {
  const iam = new IAMClient(client(emulator, SOURCE.account, SOURCE.region));
  const trust = {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Action: 'sts:AssumeRole',
        Principal: { AWS: accounts.map((account) => `arn:aws:iam::${account}:root`) },
        Condition: { StringEquals: { 'sts:ExternalId': EXTERNAL_ID } },
      },
    ],
  };
  await iam.send(
    new CreateRoleCommand({
      RoleName: SOURCE_NAMES.readerRole,
      AssumeRolePolicyDocument: JSON.stringify(trust),
    }),
  );
  iam.destroy();
}

/** A vault in an account, as far as copying needs one. Returns the key's ARN. */
export async function makeVault(emulator: Emulator, account: string): Promise<string> {
  const { keyAlias, inventoryBucket } = vaultNames(account, DR_REGION);
  const config = client(emulator, account, DR_REGION);
  const kms = new KMSClient(config);
  const { KeyMetadata } = await kms.send(new CreateKeyCommand({}));
  await kms.send(new CreateAliasCommand({ AliasName: keyAlias, TargetKeyId: KeyMetadata?.KeyId }));
  const s3 = new S3Client({ ...config, forcePathStyle: true });
  await s3.send(
    new CreateBucketCommand({
      Bucket: inventoryBucket,
      CreateBucketConfiguration: { LocationConstraint: DR_REGION },
    }),
  );
  kms.destroy();
  s3.destroy();
  return present(KeyMetadata?.Arn, 'Arn');
}

/** A directory with the settings of a stack for an account; to be removed by what comes with it. */
export function settingsFor(account: string): { dir: string; remove: () => void } {
  const dir = mkdtempSync(path.join(tmpdir(), 'lifeboat-bench-'));
  const lines = Object.entries({
    sourceAccount: SOURCE.account,
    sourceRegion: SOURCE.region,
    drAccount: account,
    drRegion: DR_REGION,
    externalId: EXTERNAL_ID,
    // The estate of the bench is larger than a run without an accepted inventory may copy.
    copyMostGiB: '1000000',
  }).map(([key, value]) => `  lifeboat:${key}: "${value}"`);
  writeFileSync(path.join(dir, 'Pulumi.dr.yaml'), `config:\n${lines.join('\n')}\n`);
  return { dir, remove: () => rmSync(dir, { recursive: true, force: true }) };
}

function client({ url: endpoint }: Emulator, account: string, region: string) {
  return { endpoint, region, credentials: { accessKeyId: accessKey(account), secretAccessKey: 'emulated' } };
}

/** How many completed snapshots an account owns. */
export async function completed(emulator: Emulator, account: string): Promise<number> {
  const ec2 = new EC2Client(client(emulator, account, DR_REGION));
  const status = { Name: 'status', Values: ['completed'] };
  const found = await findSnapshots(ec2, { OwnerIds: ['self'], Filters: [status] });
  ec2.destroy();
  return found.length;
}
