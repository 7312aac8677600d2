import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  CreateSnapshotCommand,
  CreateVolumeCommand,
  EC2Client,
  ModifySnapshotAttributeCommand,
  type Snapshot,
} from '@aws-sdk/client-ec2';
import { CreateRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import { CreateAliasCommand, CreateKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { CreateBucketCommand, PutBucketVersioningCommand, S3Client } from '@aws-sdk/client-s3';
import type { ClientConfig } from '../../../accounts';
import { present } from '../../../kinds/kind';
import { SOURCE_NAMES, TAG, vaultNames } from '../../../names';
import type { Deps } from '../../../scripts/command';
import { main } from '../../../scripts/lifeboat';
import { findSnapshots } from '../../../snapshots/snapshotSearch';
import { accessKey, type Emulator, startEmulator } from '../../emulator/emulator';
import { emulatorClock } from '../../emulator/emulatorClock';

export const SOURCE = { account: '111111111111', region: 'eu-west-1' };
export const DR = { account: '222222222222', region: 'eu-central-1' };
const EXTERNAL_ID = 'an-example-external-id';

/** What a command line did. */
export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** One account as its administrator. */
export interface Side {
  /** What its clients are made with. */
  readonly config: ClientConfig;
  readonly ec2: EC2Client;
  readonly kms: KMSClient;
  readonly s3: S3Client;
  readonly iam: IAMClient;
}

/** Two accounts with a reader role in one and a vault in the other, and the commands to be run against them. */
export interface World {
  readonly emulator: Emulator;
  readonly source: Side;
  readonly dr: Side;
  /** Where Pulumi.dr.yaml lies. */
  readonly dir: string;
  /** Runs a command line in this process, by the emulator's clock, with one account's credentials; one at a time. */
  run(argv: readonly string[], as?: 'source' | 'dr', deps?: Partial<Deps>): Promise<Ran>;
  /** Starts the real program. */
  spawn(argv: readonly string[], as?: 'source' | 'dr'): ChildProcess;
  /** Makes volumes of the source and returns their ids. */
  volume(name: string, gib: number, tags?: Record<string, string>, kmsKeyId?: string): Promise<string>;
  /** Takes a completed, tagged snapshot of a volume and, unless told otherwise, shares it with DR. */
  snapshot(volumeId: string, tags?: Record<string, string>, options?: { share?: boolean }): Promise<string>;
  /** All snapshots that DR owns. */
  copies(): Promise<Snapshot[]>;
  /** Calls that change something, by account; what the commands may not make where nothing is to change. */
  mutations(account: string): Promise<Record<string, number>>;
  stop(): Promise<void>;
}

export async function startWorld(): Promise<World> {
  const emulator = await startEmulator();
  const source = side(emulator.url, SOURCE);
  const dr = side(emulator.url, DR);
  const dir = mkdtempSync(path.join(tmpdir(), 'lifeboat-commands-'));
  writeSettings(dir);
  await Promise.all([makeReader(source), makeVault(dr)]);
  const clock = await emulatorClock(emulator);
  const environment = (as: 'source' | 'dr') =>
    as === 'source' ? emulator.env(SOURCE.account, SOURCE.region) : emulator.env(DR.account, DR.region);
  return {
    emulator,
    source,
    dr,
    dir,
    run: (argv, as = 'dr', deps = {}) =>
      withEnvironment(environment(as), () => runHere([...argv, '--dir', dir], { clock, ...deps })),
    spawn: (argv, as = 'dr') =>
      spawn(process.execPath, ['scripts/lifeboat.mjs', ...argv, '--dir', dir], {
        env: { ...process.env, ...environment(as) },
        stdio: ['ignore', 'pipe', 'pipe'],
      }),
    async volume(name, gib, tags = {}, kmsKeyId) {
      const made = await source.ec2.send(
        new CreateVolumeCommand({
          AvailabilityZone: `${SOURCE.region}a`,
          Size: gib,
          ...(kmsKeyId && { Encrypted: true, KmsKeyId: kmsKeyId }),
          TagSpecifications: [{ ResourceType: 'volume', Tags: tagList({ Name: name, ...tags }) }],
        }),
      );
      return present(made.VolumeId, 'VolumeId');
    },
    async snapshot(volumeId, tags = {}, { share = true } = {}) {
      const made = await source.ec2.send(
        new CreateSnapshotCommand({
          VolumeId: volumeId,
          TagSpecifications: [{ ResourceType: 'snapshot', Tags: tagList({ MUSTSNAP: 'True', ...tags }) }],
        }),
      );
      const id = present(made.SnapshotId, 'SnapshotId');
      if (share) {
        await source.ec2.send(
          new ModifySnapshotAttributeCommand({
            SnapshotId: id,
            CreateVolumePermission: { Add: [{ UserId: DR.account }] },
          }),
        );
      }
      return id;
    },
    copies: () => findSnapshots(dr.ec2, { OwnerIds: ['self'] }),
    async mutations(account) {
      const { calls } = await emulator.state();
      return Object.fromEntries(
        Object.entries(calls).filter(
          ([key]) =>
            key.startsWith(`${account}/`) && !/\/(Describe|List|Get|Head|AssumeRole)[A-Za-z0-9]*$/.test(key),
        ),
      );
    },
    async stop() {
      await emulator.stop();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

/** Waits for a started program. */
export async function ended(child: ChildProcess): Promise<Ran> {
  let stdout = '';
  let stderr = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const [code] = await once(child, 'close');
  return { code, stdout, stderr };
}

/** The ids in DR of the copies of a source's snapshot that did not fail. */
export async function copiesOf(world: World, snapshotId: string): Promise<string[]> {
  return (await world.copies())
    .filter(
      ({ Tags = [], State }) =>
        State !== 'error' &&
        Tags.some(({ Key, Value }) => Key === TAG.sourceSnapshot && Value === snapshotId),
    )
    .map(({ SnapshotId = '' }) => SnapshotId);
}

/** A record as an AWS tag list. */
export function tagList(tags: Readonly<Record<string, string>>): { Key: string; Value: string }[] {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}

/** Writes Pulumi.dr.yaml, with changes to its settings; undefined takes one out. */
export function writeSettings(dir: string, changes: Record<string, string | undefined> = {}): void {
  const settings: Record<string, string | undefined> = {
    sourceAccount: SOURCE.account,
    sourceRegion: SOURCE.region,
    drAccount: DR.account,
    drRegion: DR.region,
    externalId: EXTERNAL_ID,
    ...changes,
  };
  const lines = Object.entries(settings).flatMap(([key, value]) =>
    value === undefined ? [] : [`  lifeboat:${key}: ${JSON.stringify(value)}`],
  );
  writeFileSync(path.join(dir, 'Pulumi.dr.yaml'), `config:\n${lines.join('\n')}\n`);
}

function side(endpoint: string, { account, region }: typeof SOURCE): Side {
  const credentials = { accessKeyId: accessKey(account), secretAccessKey: 'emulated' };
  const config = { endpoint, region, credentials };
  return {
    config,
    ec2: new EC2Client(config),
    kms: new KMSClient(config),
    s3: new S3Client({ ...config, forcePathStyle: true }),
    iam: new IAMClient(config),
  };
}

async function makeReader({ iam }: Side): Promise<void> {
  const trust = {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Action: 'sts:AssumeRole',
        Principal: { AWS: `arn:aws:iam::${DR.account}:root` },
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
}

async function makeVault({ kms, s3 }: Side): Promise<void> {
  const { keyAlias, inventoryBucket } = vaultNames(DR.account, DR.region);
  const { KeyMetadata } = await kms.send(new CreateKeyCommand({ Description: 'The vault' }));
  await kms.send(new CreateAliasCommand({ AliasName: keyAlias, TargetKeyId: KeyMetadata?.KeyId }));
  await s3.send(
    new CreateBucketCommand({
      Bucket: inventoryBucket,
      CreateBucketConfiguration: { LocationConstraint: DR.region as 'eu-central-1' },
    }),
  );
  await s3.send(
    new PutBucketVersioningCommand({
      Bucket: inventoryBucket,
      VersioningConfiguration: { Status: 'Enabled' },
    }),
  );
}

async function withEnvironment<T>(changes: Record<string, string>, work: () => Promise<T>): Promise<T> {
  const before = { ...process.env };
  Object.assign(process.env, changes);
  try {
    return await work();
  } finally {
    for (const key of Object.keys(changes)) delete process.env[key];
    Object.assign(process.env, before);
  }
}

async function runHere(argv: readonly string[], changes: Partial<Deps>): Promise<Ran> {
  let stdout = '';
  let stderr = '';
  const code = await main(argv, {
    stdout: { write: (text) => (stdout += text) },
    stderr: { write: (text) => (stderr += text) },
    isTerminal: false,
    canAsk: false,
    ask: () => Promise.reject(new Error('Nobody was to be asked')),
    env: process.env,
    now: () => new Date(),
    pulumi: () => Promise.reject(new Error('No engine was to be run')),
    ...changes,
  });
  return { code, stdout, stderr };
}
