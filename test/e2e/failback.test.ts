import {
  AuthorizeSecurityGroupIngressCommand,
  DescribeInstancesCommand,
  DescribeSecurityGroupsCommand,
  DescribeSnapshotsCommand,
  DescribeSubnetsCommand,
  DescribeVolumesCommand,
  DescribeVpcsCommand,
  type EC2Client,
  type Instance,
  paginateDescribeSecurityGroupRules,
} from '@aws-sdk/client-ec2';
import { DescribeKeyCommand } from '@aws-sdk/client-kms';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { expect } from 'chai';
import { allPages, tagRecord } from '../../kinds/kind';
import { SOURCE_NAMES, TAG } from '../../names';
import { robot } from '../../scripts/demo/robot';
import { DR, type Finished, type RunOptions, SOURCE, succeeded } from '../../scripts/demo/stage';
import { allowStops } from './allowStops';
import { RecoveryWorld } from './recoveryWorld';

const UP = ['up', '--yes', '--skip-preview', '--stack', 'home'];
const ADMINISTRATOR = `arn:aws:iam::${SOURCE.account}:user/administrator`;

describe('the way home', function () {
  this.timeout(600_000);
  let world: RecoveryWorld;
  let addresses: Map<string, string>;
  let recovered: Instance[];
  let runAtHome: Record<string, string>;
  let recoverAtHome: Record<string, string>;

  const stage = () => world.stage;
  const failback = (args: readonly string[], options: RunOptions) =>
    stage().lifeboat(['failback', ...args], options);
  const home = (args: readonly string[], env: Record<string, string>): Promise<Finished> =>
    stage().pulumi('.', args, { env });
  const program = async (name: 'vault' | 'source', side: typeof SOURCE | typeof DR) => {
    const env = stage().root(side);
    succeeded(await stage().pulumi(name, ['stack', 'init', 'home'], { env }));
    succeeded(await stage().pulumi(name, UP, { env }));
  };
  const roleAtHome = async (name: string): Promise<Record<string, string>> => {
    const { Credentials } = await new STSClient(stage().client(SOURCE)).send(
      new AssumeRoleCommand({
        RoleArn: `arn:aws:iam::${SOURCE.account}:role/${name}`,
        RoleSessionName: 'home',
      }),
    );
    return {
      ...stage().root(SOURCE),
      AWS_ACCESS_KEY_ID: Credentials?.AccessKeyId ?? '',
      AWS_SECRET_ACCESS_KEY: Credentials?.SecretAccessKey ?? '',
      AWS_SESSION_TOKEN: Credentials?.SessionToken ?? '',
    };
  };
  const machinesOf = async (ec2: EC2Client): Promise<Instance[]> => {
    const { Reservations = [] } = await ec2.send(new DescribeInstancesCommand({}));
    return Reservations.flatMap(({ Instances = [] }) => Instances).filter(
      ({ State }) => State?.Name !== 'terminated',
    );
  };
  const rulesOf = (ec2: EC2Client, groupId: string) =>
    allPages(
      paginateDescribeSecurityGroupRules(
        { client: ec2 },
        { Filters: [{ Name: 'group-id', Values: [groupId] }] },
      ),
      (page) => page.SecurityGroupRules,
    );
  const defaultGroup = async () => {
    const { SecurityGroups } = await stage()
      .ec2(SOURCE)
      .send(
        new DescribeSecurityGroupsCommand({
          Filters: [
            { Name: 'vpc-id', Values: [world.estate.vpcs.shop] },
            { Name: 'group-name', Values: ['default'] },
          ],
        }),
      );
    return SecurityGroups?.[0]?.GroupId ?? '';
  };
  const taken = async (ec2: EC2Client) =>
    (
      await ec2.send(
        new DescribeSnapshotsCommand({
          OwnerIds: ['self'],
          Filters: [{ Name: 'tag-key', Values: [TAG.wayHomeOf] }],
        }),
      )
    ).Snapshots ?? [];

  before(async () => {
    world = await RecoveryWorld.open(async () => {});
    const was = await machinesOf(stage().ec2(SOURCE));
    addresses = new Map(
      was.map(({ Tags, PrivateIpAddress = '' }) => [tagRecord(Tags).Name ?? '', PrivateIpAddress]),
    );
    // The robot is stopped before it has taken VPCs, subnets and the office's groups; what it opened stays open.
    const rules = ['DeleteVpc', 'DeleteSubnet'].map((action) => ({
      account: SOURCE.account,
      action,
      error: 'UnauthorizedOperation',
      status: 403,
    }));
    for (const rule of rules) await stage().emulator.rules(rule);
    await robot(stage().ec2(SOURCE));
    await stage().emulator.clearRules();
    await stage()
      .ec2(SOURCE)
      .send(
        new AuthorizeSecurityGroupIngressCommand({
          GroupId: await defaultGroup(),
          IpPermissions: [
            { IpProtocol: 'tcp', FromPort: 22, ToPort: 22, IpRanges: [{ CidrIp: '0.0.0.0/0' }] },
          ],
        }),
      );
    await world.recovered();
    recovered = await machinesOf(stage().ec2(DR));
    expect(recovered).to.have.length(addresses.size);
    // The region is back, and the account is cleaned of whoever was in it.
    await stage().emulator.clearRules();
  });
  after(() => world?.close());

  it("is prepared by a command in DR, which writes three stack files and holds nobody else's keys", async () => {
    const refused = await failback(['prepare'], { env: world.recover });
    expect(refused.code).to.equal(1);
    expect(refused.stderr).to.contain('--administrator');
    const { stdout } = succeeded(
      await failback(['prepare', '--administrator', ADMINISTRATOR], { env: world.recover }),
    );
    expect(stdout).to.contain('A vault at home').and.contain('npx lifeboat stand-down --stack dr');
    const again = succeeded(
      await failback(['prepare', '--administrator', ADMINISTRATOR], { env: world.recover }),
    );
    expect(again.stdout.match(/was so already/g)).to.have.length(3);
    await program('vault', SOURCE);
    await program('source', DR);
    const plan = succeeded(await failback(['plan'], { env: stage().root(DR) }));
    expect(plan.stdout)
      .to.match(/2\. A reader in DR.*: done/)
      .and.match(/7\. The first snapshots.*: to do/);
    succeeded(await stage().lifeboat(['tag-volumes', '--stack', 'home'], { env: stage().root(DR) }));
    runAtHome = await roleAtHome('lifeboat-run');
    succeeded(await home(['stack', 'init', 'home'], runAtHome));
  });

  it('makes nothing beside what survived: a run refuses until that is claimed', async () => {
    const { code, stdout } = await home(UP, runAtHome);
    expect(code).to.not.equal(0);
    expect(stdout).to.contain('survived at home').and.contain('npx lifeboat failback claim');
    const dry = succeeded(await failback(['claim', '--dry-run'], { env: stage().root(SOURCE) }));
    expect(dry.stdout).to.contain(world.estate.vpcs.shop).and.contain('from 0.0.0.0/0 on tcp 22');
    const unasked = await failback(['claim'], { env: stage().root(SOURCE) });
    expect(unasked.code).to.equal(1);
    const claimed = ['claim', '--revoke', '--confirm', SOURCE.account];
    succeeded(await failback(claimed, { env: stage().root(SOURCE) }));
    const rest = succeeded(await failback(['claim', '--dry-run'], { env: stage().root(SOURCE) }));
    expect(rest.stdout).to.contain('; 0 are to be claimed');
  });

  it('mirrors DR at home: survivors keep their ids, the rest is made again, and what the robot opened is shut', async () => {
    const ec2 = stage().ec2(SOURCE);
    const before = await ec2.send(new DescribeSubnetsCommand({}));
    const { stdout } = succeeded(await home(UP, runAtHome));
    expect(stdout).to.contain('imported');
    const { Vpcs = [] } = await ec2.send(new DescribeVpcsCommand({}));
    const ours = Vpcs.filter(({ IsDefault }) => !IsDefault).map(({ VpcId }) => VpcId);
    expect(ours).to.have.members(Object.values(world.estate.vpcs));
    const { Subnets = [] } = await ec2.send(new DescribeSubnetsCommand({}));
    expect(Subnets.map(({ SubnetId }) => SubnetId).sort()).to.deep.equal(
      before.Subnets?.map(({ SubnetId }) => SubnetId).sort(),
    );
    const { SecurityGroups = [] } = await ec2.send(new DescribeSecurityGroupsCommand({}));
    const names = SecurityGroups.map(({ GroupName }) => GroupName);
    expect(names).to.include.members(Object.keys(world.estate.groups));
    const formerIds = Object.values(world.estate.groups);
    expect(SecurityGroups.some(({ GroupId = '' }) => formerIds.includes(GroupId))).to.equal(false);
    const open = (await rulesOf(ec2, await defaultGroup())).filter(
      ({ CidrIpv4, IsEgress }) => !IsEgress && CidrIpv4 === '0.0.0.0/0',
    );
    expect(open).to.deep.equal([]);
    succeeded(await home([...UP, '--expect-no-changes'], runAtHome));
  });

  it('takes snapshots that home can copy, once while the machines run and once when they stand still', async () => {
    const admin = { env: stage().root(DR) };
    succeeded(await failback(['snapshots', '--poll-seconds', '1'], admin));
    succeeded(
      await stage().lifeboat(['copy-snapshots', '--stack', 'home', '--poll-seconds', '2'], {
        env: runAtHome,
      }),
    );
    const disks = recovered.flatMap(({ BlockDeviceMappings = [] }) => BlockDeviceMappings).length;
    expect(await taken(stage().ec2(DR))).to.have.length(2 * disks);
    const stop = ['snapshots', '--stop', '--confirm', DR.account, '--poll-seconds', '1'];
    succeeded(await failback(stop, admin));
    expect(await taken(stage().ec2(DR))).to.have.length(4 * disks);
    // Of machines that stand still there is nothing newer.
    succeeded(await failback(stop, admin));
    expect(await taken(stage().ec2(DR))).to.have.length(4 * disks);
    succeeded(
      await stage().lifeboat(['copy-snapshots', '--stack', 'home', '--poll-seconds', '2'], {
        env: runAtHome,
      }),
    );
    succeeded(await home(UP, runAtHome));
  });

  it('brings the machines home with their addresses and what was written in DR, under a key that DR can use', async () => {
    succeeded(await stage().pulumi('.', ['config', 'set', 'lifeboat:recover', 'true', '--stack', 'home']));
    recoverAtHome = await roleAtHome('lifeboat-recover');
    succeeded(await home(UP, recoverAtHome));
    const ec2 = stage().ec2(SOURCE);
    const machines = await machinesOf(ec2);
    const now = machines.map(({ Tags, PrivateIpAddress = '' }) => [
      tagRecord(Tags).Name ?? '',
      PrivateIpAddress,
    ]);
    expect(new Map(now as [string, string][])).to.deep.equal(addresses);
    const lineage = await stage().emulator.lineage();
    const inDr = new Set(
      recovered.flatMap(({ BlockDeviceMappings = [] }) =>
        BlockDeviceMappings.map(({ Ebs }) => Ebs?.VolumeId),
      ),
    );
    const last = new Map(
      (await taken(stage().ec2(DR)))
        .filter(({ VolumeId = '' }) => inDr.has(VolumeId))
        .sort((a, b) => Number(a.StartTime) - Number(b.StartTime))
        .map(({ VolumeId = '', SnapshotId = '' }) => [VolumeId, SnapshotId]),
    );
    const { Volumes = [] } = await ec2.send(new DescribeVolumesCommand({}));
    expect(Volumes).to.have.length(inDr.size);
    const { KeyMetadata } = await stage()
      .kms(SOURCE)
      .send(
        new DescribeKeyCommand({
          KeyId: SOURCE_NAMES.snapshotKeyAlias,
        }),
      );
    for (const { SnapshotId = '', KmsKeyId } of Volumes) {
      // The bytes are those of DR's disk as it stood still, not those that were lost.
      const bytes = lineage[SnapshotId];
      expect(bytes?.account).to.equal(DR.account);
      expect(bytes?.snapshot).to.equal(last.get(bytes?.volume ?? ''));
      expect(KmsKeyId).to.equal(KeyMetadata?.Arn);
    }
    succeeded(await home([...UP, '--expect-no-changes'], recoverAtHome));
    succeeded(await home(['preview', '--refresh', '--stack', 'home', '--expect-no-changes'], recoverAtHome));
  });

  it('ends: DR stands down, its door is shut, and home forgets without losing a machine', async () => {
    await world.ended();
    expect(await machinesOf(stage().ec2(DR))).to.deep.equal([]);
    const env = stage().root(DR);
    succeeded(
      await stage().pulumi('source', ['destroy', '--yes', '--skip-preview', '--stack', 'home'], { env }),
    );
    const shut = await stage().lifeboat(['copy-snapshots', '--stack', 'home'], { env: runAtHome });
    expect(shut.code).to.equal(1);
    expect(shut.stderr).to.contain('could not be reached');
    const rm = ['stack', 'rm', '--force', '--yes', '--preserve-config', '--stack', 'home'];
    succeeded(await home(rm, recoverAtHome));
    expect(await machinesOf(stage().ec2(SOURCE))).to.have.length(addresses.size);
  });

  it('is protected again: the guard names what was made anew at home, and goes on once that is allowed', async () => {
    await stage().config('inventory', 'live');
    const env = await stage().role('lifeboat-run');
    const up = () => stage().pulumi('.', ['up', '--yes', '--skip-preview', '--stack', 'dr'], { env });
    succeeded(await stage().lifeboat(['tag-volumes'], { env: stage().root(SOURCE) }));
    const refused = await up();
    expect(refused.code).to.not.equal(0);
    expect(refused.stdout).to.contain('The guard stopped the run');
    const stops = await allowStops(stage(), env);
    const ids = (await machinesOf(stage().ec2(SOURCE))).map(({ InstanceId }) => `instance/${InstanceId}`);
    expect(stops).to.include.members(ids);
    succeeded(await up());
    for (const { errors } of await stage().emulator.runDlm()) expect(errors).to.deep.equal([]);
    // Copied, which disks under the vault's key of home could not be.
    succeeded(await stage().lifeboat(['copy-snapshots', '--poll-seconds', '2'], { env }));
    succeeded(await up());
    succeeded(
      await stage().pulumi('.', ['up', '--yes', '--skip-preview', '--stack', 'dr', '--expect-no-changes'], {
        env,
      }),
    );
    // Of all that a recovery needs, the emulator's accounts lack quotas alone.
    const { stdout } = await stage().lifeboat(['preflight', '--json'], { env });
    const { problems } = JSON.parse(stdout) as { problems: { what: string }[] };
    expect(problems.filter(({ what }) => !what.includes('quota'))).to.deep.equal([]);
  });
});
