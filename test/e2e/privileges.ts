import { CloudWatchClient, PutDashboardCommand } from '@aws-sdk/client-cloudwatch';
import { CreateTagsCommand, DescribeVolumesCommand } from '@aws-sdk/client-ec2';
import { DeleteRolePolicyCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { present } from '../../kinds/kind';
import { DR, type Finished, SOURCE, Stage, succeeded } from '../../scripts/demo/stage';
import { parseSettings, type Settings } from '../../settings';
import { MUST_SNAP } from '../../snapshots/mustSnap';
import { makeBalance } from './oneOfEach/balance';
import {
  changeBucketOfEach,
  makeBucketOfEach,
  removeBucketOfEach,
  removeKeptBuckets,
} from './oneOfEach/buckets';
import { changeOneOfEach } from './oneOfEach/change';
import { makeSite, makeZones } from './oneOfEach/cloudfront';
import { makeOneOfEach, type OneOfEach } from './oneOfEach/make';
import { removeOneOfEach } from './oneOfEach/remove';
import type { WebSite } from './subjects/cloudfront';
import { changeIdentity, makeIdentity, removeIdentity } from './subjects/identity';
import { PROVIDER } from './subjects/identityReads';

const RUN = 'lifeboat-run';
const READER = 'lifeboat-reader';
/** Without, buckets would not be locked, and one permission not be used. */
const LOCK = 'governance:1';
const UP = ['up', '--yes', '--skip-preview', '--stack', 'dr'];

/** The two roles of a daily run: one in DR, and the one it becomes in the source. */
export type Role = 'run' | 'reader';

const ROLES = {
  run: { side: DR, name: RUN },
  reader: { side: SOURCE, name: READER },
} as const;

/** The settings of the stage's stack. */
export const SETTINGS: Settings = parseSettings({
  'lifeboat:sourceAccount': SOURCE.account,
  'lifeboat:sourceRegion': SOURCE.region,
  'lifeboat:drAccount': DR.account,
  'lifeboat:drRegion': DR.region,
  'lifeboat:externalId': 'emulated-external-id',
  'lifeboat:bucketLock': LOCK,
});

/** Has the source ask for a machine's disks to be copied: whether it could be launched in DR is then asked by every run. */
async function protect(stage: Stage, instance: string): Promise<void> {
  const ec2 = stage.ec2(SOURCE);
  const Filters = [{ Name: 'attachment.instance-id', Values: [instance] }];
  const { Volumes } = await ec2.send(new DescribeVolumesCommand({ Filters }));
  const Resources = (Volumes ?? []).map(({ VolumeId }) => present(VolumeId, 'VolumeId'));
  await ec2.send(
    new CreateTagsCommand({ Resources, Tags: [{ Key: MUST_SNAP.key, Value: MUST_SNAP.value }] }),
  );
}

/** IAM of the source. */
export const iamOf = (stage: Stage): IAMClient =>
  new IAMClient({ ...stage.client(SOURCE), region: 'us-east-1' });

/** Two accounts with vault, source and one of each kind, whose policies are enforced, and a run that has no more than they give. */
export class Privileges {
  /** The run role's credentials. */
  env: Record<string, string> = {};

  private constructor(
    readonly stage: Stage,
    readonly estate: OneOfEach,
    readonly site: WebSite,
  ) {}

  static async open(): Promise<Privileges> {
    const stage = await Stage.open();
    const estate = await makeOneOfEach(stage.ec2(SOURCE), `${SOURCE.region}a`);
    await protect(stage, estate.instance);
    await makeBucketOfEach(stage.s3(SOURCE));
    const site = await makeSite(stage);
    await makeZones(stage);
    await makeBalance(stage);
    await makeIdentity(iamOf(stage));
    // One that DR's own people have: at rest there is none of ours, whose body would be asked for.
    const dashboard = { DashboardName: 'theirs', DashboardBody: '{"widgets":[]}' };
    await new CloudWatchClient(stage.client(DR)).send(new PutDashboardCommand(dashboard));
    await stage.up('vault', { env: stage.root(DR) });
    await stage.up('source', { env: stage.root(SOURCE) });
    await stage.emulator.config({ enforceIam: true });
    const opened = new Privileges(stage, estate, site);
    opened.env = await stage.role(RUN);
    succeeded(await stage.pulumi('.', ['stack', 'init', 'dr'], { env: opened.env }));
    await stage.config('bucketLock', LOCK);
    await stage.config('trust', `${PROVIDER},arn:aws:iam::${SOURCE.account}:saml-provider/corp`);
    return opened;
  }

  close(): Promise<void> {
    return this.stage.close();
  }

  /** Runs the program as the run role. Does not throw for an exit code. */
  up(...more: string[]): Promise<Finished> {
    return this.stage.pulumi('.', [...UP, ...more], { env: this.env });
  }

  /** Destroys the mirror, and takes away what DR keeps of it. Does not throw for an exit code. */
  async destroy(): Promise<Finished> {
    const args = ['destroy', '--yes', '--skip-preview', '--stack', 'dr'];
    const finished = await this.stage.pulumi('.', args, { env: this.env });
    if (finished.code === 0) await removeKeptBuckets(this.stage.s3(DR));
    return finished;
  }

  /**
   * Changes a field of each object of the source.
   *
   * @param round 1, 2, 3 …
   */
  async change(round: number): Promise<void> {
    await changeOneOfEach(this.stage.ec2(SOURCE), this.estate, round);
    await changeBucketOfEach(this.stage.s3(SOURCE), round);
    await this.site.change();
    await changeIdentity(iamOf(this.stage), round);
  }

  /** Takes away all that the source has. */
  async remove(): Promise<void> {
    await removeOneOfEach(this.stage.ec2(SOURCE), this.estate);
    await removeBucketOfEach(this.stage.s3(SOURCE));
    await this.site.remove();
    await removeIdentity(iamOf(this.stage));
  }

  /** What a role was allowed and denied so far. */
  async used(role: Role): Promise<{ allowed: string[]; denied: string[] }> {
    const { side, name } = ROLES[role];
    const all = await this.stage.emulator.permissions();
    const { allowed = {}, denied = {} } = all[`arn:aws:iam::${side.account}:role/${name}`] ?? {};
    return { allowed: Object.keys(allowed).sort(), denied: Object.keys(denied).sort() };
  }

  /** How often a role was allowed each action while something was done. */
  async during(role: Role, work: () => Promise<unknown>): Promise<Set<string>> {
    const { side, name } = ROLES[role];
    const counts = async () =>
      (await this.stage.emulator.permissions())[`arn:aws:iam::${side.account}:role/${name}`]?.allowed ?? {};
    const before = await counts();
    await work();
    const after = await counts();
    return new Set(Object.keys(after).filter((action) => after[action] !== before[action]));
  }

  /** Does something while one action is denied to a role. */
  async without<T>(role: Role, action: string, work: () => Promise<T>): Promise<T> {
    const { side, name } = ROLES[role];
    const iam = new IAMClient(this.stage.client(side));
    const policy = { RoleName: name, PolicyName: 'without' };
    const deny = { Effect: 'Deny', Action: action, Resource: '*' };
    const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: [deny] });
    await iam.send(new PutRolePolicyCommand({ ...policy, PolicyDocument }));
    try {
      return await work();
    } finally {
      await iam.send(new DeleteRolePolicyCommand(policy));
      iam.destroy();
    }
  }

  /** Does something in this process as the run role. */
  async inProcess<T>(work: () => Promise<T>): Promise<T> {
    const before = { ...process.env };
    Object.assign(process.env, this.env);
    // A program ends with its look-up; hundreds of them in one process would hold more connections than it may have.
    const made: NodeHttpHandler[] = [];
    const { create } = NodeHttpHandler;
    NodeHttpHandler.create = (options) => {
      const handler = create.call(NodeHttpHandler, options) as NodeHttpHandler;
      made.push(handler);
      return handler;
    };
    try {
      return await work();
    } finally {
      NodeHttpHandler.create = create;
      for (const handler of made) handler.destroy();
      for (const name of Object.keys(this.env)) {
        const value = before[name];
        if (value === undefined) delete process.env[name];
        else process.env[name] = value;
      }
    }
  }
}
