import { CreateTagsCommand, DescribeTagsCommand, DescribeVolumesCommand } from '@aws-sdk/client-ec2';
import {
  CreateAliasCommand,
  CreateKeyCommand,
  GetKeyPolicyCommand,
  PutKeyPolicyCommand,
} from '@aws-sdk/client-kms';
import { expect } from 'chai';
import { SOURCE_NAMES } from '../../../names';
import { snapshotKeyPolicy } from '../../../source/policies';
import { pasteAws } from '../../awsCli';
import { describe as describeMachine, type LaunchedMachine, launcher, type MachineShape } from './machines';
import { DR, SOURCE, startWorld, tagList, type World } from './world';

const MASTER: MachineShape = {
  tags: { Name: 'MASTER' },
  disks: [
    { tags: { Name: 'MASTER', MUSTSNAP: 'True', SYSDISK: 'True' } },
    { tags: { Name: 'MASTER-DATA', MUSTSNAP: 'True' } },
    { tags: { Name: 'MASTER-SCRATCH' } },
  ],
};

describe('lifeboat tag-volumes', function () {
  this.timeout(120_000);
  let world: World;
  let launch: (shape: MachineShape) => Promise<LaunchedMachine>;
  beforeEach(async () => {
    world = await startWorld();
    launch = await launcher(world.source.ec2, SOURCE.region, world.emulator.advance);
  });
  afterEach(() => world.stop());

  async function tagsOf(id = ''): Promise<Record<string, string>> {
    const { Tags = [] } = await world.source.ec2.send(
      new DescribeTagsCommand({ Filters: [{ Name: 'resource-id', Values: [id] }] }),
    );
    return Object.fromEntries(Tags.map(({ Key = '', Value = '' }) => [Key, Value]));
  }

  async function expectRefused(...texts: string[]): Promise<void> {
    const before = await world.mutations(SOURCE.account);
    const ran = await world.run(['tag-volumes'], 'source');
    expect(ran.code).to.equal(1);
    for (const text of texts) expect(ran.stderr).to.contain(text);
    expect(await world.mutations(SOURCE.account)).to.deep.equal(before);
  }

  it('writes what an instance needs to be rebuilt, and only once', async () => {
    const { id, volumeIds } = await launch(MASTER);
    const other = await launch({ tags: { Name: 'OTHER' }, disks: [{ tags: {} }] });
    const dry = await world.run(['tag-volumes', '--dry-run'], 'source');
    expect(dry.code, dry.stderr).to.equal(0);
    expect(dry.stdout).to.contain('to be written');
    expect((await tagsOf(id)).MUSTSNAP).to.equal(undefined);

    const ran = await world.run(['tag-volumes'], 'source');
    expect(ran.code, ran.stderr).to.equal(0);
    expect(ran.stderr).to.contain(`${volumeIds[2]}, /dev/sdg of MASTER, is not tagged MUSTSNAP: True`);
    expect((await tagsOf(id)).MUSTSNAP).to.equal('True');
    const root = await tagsOf(volumeIds[0]);
    expect(root).to.include({
      Name: 'MASTER',
      Instance: 'MASTER',
      Device: '/dev/xvda',
      RootDevice: '/dev/xvda',
      InstanceType: 't3.small',
      Architecture: 'x86_64',
      EnaSupport: 'True',
      AvailabilityZone: 'eu-west-1a',
      BootMode: 'uefi',
      Platform: 'Linux/UNIX',
    });
    expect(root.AvailabilityZoneId).to.match(/^euw1-az\d$/);
    expect(root.PrivateIpAddress).to.match(/^10\.0\.0\.\d+$/);
    expect(root.SecurityGroups).to.match(/^default:sg-[0-9a-f]+:$/);
    expect(await tagsOf(volumeIds[1])).to.deep.equal({
      Name: 'MASTER-DATA',
      MUSTSNAP: 'True',
      Instance: 'MASTER',
      Device: '/dev/sdf',
    });
    expect(await tagsOf(volumeIds[2])).to.deep.equal({ Name: 'MASTER-SCRATCH', MUSTSNAP: 'False' });
    expect(await tagsOf(other.id)).to.not.have.property('MUSTSNAP');

    const before = await world.mutations(SOURCE.account);
    const again = await world.run(['tag-volumes', '--json'], 'source');
    expect(JSON.parse(again.stdout)).to.deep.include({ problems: [], changes: [], machines: 1 });
    expect(await world.mutations(SOURCE.account)).to.deep.equal(before);
  });

  it('names every machine without a Name of its own, and changes nothing', async () => {
    const disks = [{ tags: { Name: 'TWIN', MUSTSNAP: 'True', SYSDISK: 'True' } }];
    const first = await launch({ tags: { Name: 'TWIN' }, disks });
    const second = await launch({ tags: { Name: 'TWIN' }, disks: [{ tags: {} }] });
    const nameless = await launch({ tags: {}, disks });
    await expectRefused(
      'Machines with disks to be copied have no Name',
      'Machines with disks to be copied share their Name with another',
      `TWIN: ${first.id}, as ${second.id}`,
      `aws ec2 create-tags --region eu-west-1 --resources ${nameless.id} --tags Key=Name,Value=…`,
      'Nothing was changed.',
    );
  });

  it('names every disk without its tags, with the command that mends each', async () => {
    const { volumeIds } = await launch({
      tags: { Name: 'APP 1' },
      disks: [
        { tags: {} },
        { tags: { Name: 'DATA', MUSTSNAP: 'True' } },
        { tags: { Name: 'APP 1-X', MUSTSNAP: 'yes' } },
      ],
    });
    const [root, data, other] = volumeIds;
    const mend = 'aws ec2 create-tags --region eu-west-1 --resources';
    await expectRefused(
      `${root}, /dev/xvda of APP 1: no Name`,
      `${mend} ${root} --tags 'Key=Name,Value=APP 1'`,
      `${data}, /dev/sdf of APP 1: Name DATA`,
      `${mend} ${data} --tags 'Key=Name,Value=APP 1-SDF'`,
      `${other}, /dev/sdg of APP 1: MUSTSNAP: yes`,
      `${mend} ${root} --tags Key=MUSTSNAP,Value=True`,
      `${mend} ${root} --tags Key=SYSDISK,Value=True`,
    );
    const json = await world.run(['tag-volumes', '--json'], 'source');
    expect(json.code).to.equal(1);
    expect(JSON.parse(json.stdout).problems).to.have.length(4);
  });

  it('takes the tags of older scripts for what they are', async () => {
    const { volumeIds } = await launch({ ...MASTER, disks: MASTER.disks.slice(0, 1) });
    await world.run(['tag-volumes'], 'source');
    const { SecurityGroups = '' } = await tagsOf(volumeIds[0]);
    // One script wrote booleans as JSON does, and left the last colon out.
    const older = { EnaSupport: 'true', SecurityGroups: SecurityGroups.replace(/:$/, '') };
    await world.source.ec2.send(
      new CreateTagsCommand({ Resources: [volumeIds[0] ?? ''], Tags: tagList(older) }),
    );
    const ran = await world.run(['tag-volumes', '--json'], 'source');
    expect(JSON.parse(ran.stdout).changes).to.deep.equal([]);
  });

  const paste = (commands: string) =>
    pasteAws(commands, world.emulator.env(SOURCE.account, SOURCE.region), world.dir);
  const keyOf = async (id = '') =>
    (await world.source.ec2.send(new DescribeVolumesCommand({ VolumeIds: [id] }))).Volumes?.[0]?.KmsKeyId ??
    '';
  /** By device. */
  const disksOf = async (id: string) =>
    Object.fromEntries(
      ((await describeMachine(world.source.ec2, id)).BlockDeviceMappings ?? []).map(
        ({ DeviceName = '', Ebs }) => [DeviceName, Ebs?.VolumeId ?? ''],
      ),
    );

  it('says how a disk under the default key can be shared, in commands that do it', async () => {
    const [system, data = system] = MASTER.disks;
    if (!system || !data) throw new Error('MASTER has two disks');
    const ours = snapshotKeyPolicy({
      sourceAccount: SOURCE.account,
      sourceRegion: SOURCE.region,
      drAccount: DR.account,
      externalId: '',
      trustedPrincipals: [`arn:aws:iam::${DR.account}:role/lifeboat-run`],
    });
    const { KeyMetadata } = await world.source.kms.send(
      new CreateKeyCommand({ Policy: JSON.stringify(ours) }),
    );
    const AliasName = SOURCE_NAMES.snapshotKeyAlias;
    await world.source.kms.send(new CreateAliasCommand({ AliasName, TargetKeyId: KeyMetadata?.KeyId }));
    const disks = [
      { ...system, kmsKeyId: 'alias/aws/ebs' },
      { ...data, kmsKeyId: 'alias/aws/ebs' },
    ];
    const { id, volumeIds } = await launch({ ...MASTER, disks });
    const ran = await world.run(['tag-volumes', '--json'], 'source');
    expect(ran.code, ran.stderr).to.equal(0);
    const [advice, ...others] = JSON.parse(ran.stdout).advice;
    expect(others).to.deep.equal([]);
    expect(ran.stderr).to.contain(
      `${volumeIds[1]}, /dev/sdf of MASTER, is encrypted under a key that AWS manages`,
    );
    expect(ran.stderr).to.contain(advice);

    const old = await disksOf(id);
    await paste(advice);
    // What was pasted ends with our own command, which is not there to be run.
    const again = await world.run(['tag-volumes', '--json'], 'source');
    expect(JSON.parse(again.stdout)).to.deep.include({ warnings: [], advice: [], machines: 1 });
    const now = await disksOf(id);
    expect(Object.keys(now)).to.have.members(Object.keys(old));
    for (const [device, volumeId] of Object.entries(now)) {
      const was = old[device];
      expect(volumeIds).to.include(was).and.not.to.include(volumeId);
      expect(await keyOf(volumeId)).to.equal(KeyMetadata?.Arn);
      const { MUSTSNAP, ...others } = await tagsOf(volumeId);
      expect(MUSTSNAP).to.equal('True');
      expect(others).to.deep.equal(await tagsOf(was));
    }
  });

  it('says what the key of a disk lacks for DR to copy it, in statements that are enough', async () => {
    const { KeyMetadata } = await world.source.kms.send(new CreateKeyCommand({}));
    const KeyId = KeyMetadata?.Arn ?? '';
    const [system] = MASTER.disks;
    if (!system) throw new Error('MASTER has a disk');
    await launch({ ...MASTER, disks: [{ ...system, kmsKeyId: KeyId }] });
    const ran = await world.run(['tag-volumes', '--json'], 'source');
    expect(ran.code, ran.stderr).to.equal(0);
    const [advice = '']: string[] = JSON.parse(ran.stdout).advice;
    expect(advice).to.contain(KeyId).and.to.contain('LifeboatGrantsToEbs');
    const statements = JSON.parse(advice.slice(advice.indexOf('[\n'), advice.indexOf('\n]\n') + 2));
    const PolicyName = 'default';
    const { Policy = '{}' } = await world.source.kms.send(new GetKeyPolicyCommand({ KeyId, PolicyName }));
    const policy = JSON.parse(Policy);
    policy.Statement = [policy.Statement, statements].flat();
    await world.source.kms.send(
      new PutKeyPolicyCommand({ KeyId, PolicyName, Policy: JSON.stringify(policy) }),
    );
    const again = await world.run(['tag-volumes', '--json'], 'source');
    expect(JSON.parse(again.stdout).advice).to.deep.equal([]);
  });

  it('says that nothing is protected where no disk is tagged', async () => {
    await launch({ tags: { Name: 'OTHER' }, disks: [{ tags: {} }] });
    const ran = await world.run(['tag-volumes'], 'source');
    expect(ran.code).to.equal(0);
    expect(ran.stderr).to.contain('nothing is protected');
  });
});
