import { CreateLifecyclePolicyCommand, DLMClient, type Schedule } from '@aws-sdk/client-dlm';
import { CreateRoleCommand } from '@aws-sdk/client-iam';
import { CreateBucketCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { expect } from 'chai';
import { present } from '../../../kinds/kind';
import { vaultNames } from '../../../names';
import type { Finding } from '../../../scripts/status/finding';
import { POLICY_TAG } from '../../../source/snapshotPolicy';
import { accessKey } from '../../emulator/emulator';
import { accept } from './guardWorld';
import { type LaunchedMachine, launcher } from './machines';
import { DR, type Ran, SOURCE, startWorld, type World } from './world';

const MUST = { MUSTSNAP: 'True' };

/** What `status --json` says, as far as these tests look. */
export interface StatusJson {
  readonly isWell: boolean;
  readonly source: { readonly answered: boolean };
  readonly lastMirrorRun: string | null;
  readonly lastCopy: string | null;
  readonly machines: readonly {
    readonly id: string;
    readonly name: string;
    readonly rpoHours: number;
    readonly newest: { readonly time: string; readonly copies: Record<string, string> } | null;
    readonly sets: readonly {
      readonly state: string;
      readonly disks: readonly { readonly state: string }[];
    }[];
    readonly older: { readonly complete: number; readonly incomplete: number };
    readonly problems: readonly Finding[];
    readonly notes: readonly Finding[];
  }[];
  readonly problems: readonly Finding[];
  readonly notes: readonly Finding[];
  readonly notProtected: readonly { readonly store: string; readonly count: number | null }[] | null;
}

/** What status says of one machine and of all of them. */
export interface Said {
  readonly code: number;
  readonly report: StatusJson;
  /** Of the machine that was asked for, and those that are no single machine's. */
  readonly problems: readonly Finding[];
  readonly notes: readonly Finding[];
}

/** A world in which all is well, and machines can be added of which all is well too. */
export interface StatusWorld extends World {
  readonly dlm: DLMClient;
  readonly policyId: string;
  /** Launches a machine with two tagged disks, takes a set of them, copies it and accepts it. */
  protect(
    name: string,
    options?: { tags?: Record<string, string>; kmsKeyId?: string },
  ): Promise<LaunchedMachine>;
  /** Takes a snapshot of each volume and shares it. */
  takeSet(volumeIds: readonly string[], options?: { share?: boolean }): Promise<string[]>;
  copy(): Promise<Ran>;
  /** Writes what the engine writes of an update. */
  writeHistory(ended: Date, result?: string, kind?: string): Promise<void>;
  /** The emulator's time. */
  time(): Promise<Date>;
  /** Runs `status` at the emulator's time, some hours later. */
  status(options?: { of?: string; hoursLater?: number; flags?: readonly string[] }): Promise<Said>;
  text(flags?: readonly string[]): Promise<Ran>;
}

/** Starts such a world. */
export async function startStatusWorld(): Promise<StatusWorld> {
  const world = await startWorld();
  await world.emulator.config({ copyMiBps: 100_000 });
  const dlm = new DLMClient({
    endpoint: world.emulator.url,
    region: SOURCE.region,
    credentials: { accessKeyId: accessKey(SOURCE.account), secretAccessKey: 'emulated' },
  });
  const policyId = await makePolicy(world, dlm);
  const Bucket = vaultNames(DR.account, DR.region).stateBucket;
  await world.dr.s3.send(
    new CreateBucketCommand({
      Bucket,
      CreateBucketConfiguration: { LocationConstraint: DR.region as 'eu-central-1' },
    }),
  );
  const launch = await launcher(world.source.ec2, SOURCE.region, world.emulator.advance);
  const time = async () => new Date(`${(await world.emulator.state()).now.replace(/Z$/, '')}Z`);
  const made: StatusWorld = {
    ...world,
    dlm,
    policyId,
    time,
    async protect(name, { tags = {}, kmsKeyId } = {}) {
      const machine = await launch({
        tags: { Name: name, ...MUST, ...tags },
        disks: [{ tags: { Name: `${name}-0`, ...MUST }, kmsKeyId }, { tags: { Name: `${name}-1`, ...MUST } }],
      });
      await made.takeSet(machine.volumeIds);
      const ran = await made.copy();
      // Under a key of the source's own, DR is not let.
      expect(ran.code, ran.stderr).to.equal(kmsKeyId ? 1 : 0);
      await accept(world);
      return machine;
    },
    takeSet: (volumeIds, options) =>
      Promise.all(volumeIds.map((id) => world.snapshot(id, { Name: 'set' }, options))),
    copy: () => world.run(['copy-snapshots', '--poll-seconds', '1']),
    async writeHistory(ended, result = 'succeeded', kind = 'update') {
      const endTime = Math.round(ended.getTime() / 1000);
      await world.dr.s3.send(
        new PutObjectCommand({
          Bucket,
          Key: `.pulumi/history/lifeboat/dr/dr-${ended.getTime()}000000.history.json`,
          Body: JSON.stringify({ kind, startTime: endTime - 60, message: '', result, endTime }),
        }),
      );
    },
    async status({ of, hoursLater = 0, flags = [] } = {}) {
      const now = new Date((await time()).getTime() + hoursLater * 3_600_000);
      const ran = await world.run(['status', '--json', ...flags], 'dr', { now: () => now });
      expect(ran.stdout, ran.stderr).not.to.equal('');
      const report = JSON.parse(ran.stdout) as StatusJson;
      const machine = report.machines.find(({ name, id }) => name === of || id === of);
      return {
        code: ran.code,
        report,
        problems: [...report.problems, ...(machine?.problems ?? [])],
        notes: [...report.notes, ...(machine?.notes ?? [])],
      };
    },
    async text(flags = []) {
      const now = await time();
      return world.run(['status', ...flags], 'dr', { now: () => now });
    },
  };
  await made.writeHistory(await time());
  return made;
}

/** Expects one problem or note of a code, and returns it. */
export function one(findings: readonly Finding[], code: Finding['code']): Finding {
  const found = findings.filter((finding) => finding.code === code);
  expect(found, JSON.stringify(findings, null, 1)).to.have.length(1);
  return present(found[0], code);
}

/** The codes of findings, in order. */
export function codes(findings: readonly Finding[]): string[] {
  return findings.map(({ code }) => code);
}

async function makePolicy(world: World, dlm: DLMClient): Promise<string> {
  const { Role } = await world.source.iam.send(
    new CreateRoleCommand({
      RoleName: 'dlm',
      AssumeRolePolicyDocument: JSON.stringify({
        Version: '2012-10-17',
        Statement: [
          { Effect: 'Allow', Principal: { Service: 'dlm.amazonaws.com' }, Action: 'sts:AssumeRole' },
        ],
      }),
    }),
  );
  const { PolicyId } = await dlm.send(
    new CreateLifecyclePolicyCommand({
      ExecutionRoleArn: Role?.Arn,
      Description: 'Lifeboat',
      State: 'ENABLED',
      PolicyDetails: policyDetails({}),
      Tags: { [POLICY_TAG.key]: POLICY_TAG.values.instance },
    }),
  );
  return present(PolicyId, 'PolicyId');
}

/** The details of a policy as `source/` makes it, with changes to its schedule. */
export function policyDetails(schedule: Partial<Schedule>) {
  return {
    PolicyType: 'EBS_SNAPSHOT_MANAGEMENT' as const,
    ResourceTypes: ['INSTANCE' as const],
    TargetTags: [{ Key: 'MUSTSNAP', Value: 'True' }],
    Schedules: [
      {
        Name: 'lifeboat',
        CopyTags: true,
        CreateRule: { Interval: 24, IntervalUnit: 'HOURS' as const },
        RetainRule: { Count: 7 },
        ShareRules: [{ TargetAccounts: [DR.account] }],
        ...schedule,
      },
    ],
  };
}
