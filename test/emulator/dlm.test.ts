import {
  CreateLifecyclePolicyCommand,
  type CreateLifecyclePolicyCommandInput,
  DeleteLifecyclePolicyCommand,
  GetLifecyclePoliciesCommand,
  GetLifecyclePolicyCommand,
  ListTagsForResourceCommand,
  type Schedule,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateLifecyclePolicyCommand,
} from '@aws-sdk/client-dlm';
import {
  CreateTagsCommand,
  DescribeSnapshotsCommand,
  DescribeVolumesCommand,
  LockSnapshotCommand,
  RunInstancesCommand,
  type Snapshot,
} from '@aws-sdk/client-ec2';
import { CreateRoleCommand } from '@aws-sdk/client-iam';
import { expect } from 'chai';
import {
  Clients,
  HERE,
  must,
  newAccount,
  newImage,
  newKey,
  newNetwork,
  newSnapshot,
  newVolume,
  refusal,
  tagged,
  useEmulator,
} from './support';

describe('emulator: Data Lifecycle Manager', () => {
  const emulator = useEmulator();
  let account: string;
  let recovery: string;
  let mine: Clients;
  let role: string;

  beforeEach(async () => {
    account = newAccount();
    recovery = newAccount();
    mine = new Clients(emulator().url, account, HERE);
    const trust = JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: { Service: 'dlm.amazonaws.com' }, Action: 'sts:AssumeRole' }],
    });
    const made = await mine.iam.send(
      new CreateRoleCommand({ RoleName: 'dlm', AssumeRolePolicyDocument: trust }),
    );
    role = must(made.Role?.Arn);
  });

  const schedule = (input: Partial<Schedule> = {}): Schedule => ({
    Name: 'daily',
    CreateRule: { Interval: 24, IntervalUnit: 'HOURS' },
    RetainRule: { Count: 2 },
    ...input,
  });
  const policy = (
    details: Partial<CreateLifecyclePolicyCommandInput['PolicyDetails']>,
    schedules = [schedule()],
  ): CreateLifecyclePolicyCommandInput => ({
    ExecutionRoleArn: role,
    Description: 'daily',
    State: 'ENABLED',
    PolicyDetails: {
      ResourceTypes: ['INSTANCE'],
      TargetTags: [{ Key: 'save', Value: 'yes' }],
      Schedules: schedules,
      ...details,
    },
  });
  const create = async (input: CreateLifecyclePolicyCommandInput) =>
    must((await mine.dlm.send(new CreateLifecyclePolicyCommand(input))).PolicyId);
  const snapshots = async (clients = mine): Promise<Snapshot[]> => {
    const filters = [{ Name: 'description', Values: ['Created for policy*'] }];
    return must((await clients.ec2.send(new DescribeSnapshotsCommand({ Filters: filters }))).Snapshots);
  };
  const run = async () => (await emulator().runDlm()).filter((report) => report.account === account);
  const tagsOf = (snapshot: Snapshot | undefined) =>
    Object.fromEntries((snapshot?.Tags ?? []).map(({ Key, Value }) => [must(Key), must(Value)]));

  async function machine(rootKey?: string): Promise<{ instance: string; data: string }> {
    const { subnet } = await newNetwork(mine);
    const root = await newSnapshot(mine, rootKey === undefined ? {} : { Encrypted: true, KmsKeyId: rootKey });
    const image = await newImage(mine, root, {
      BlockDeviceMappings: [
        { DeviceName: '/dev/xvda', Ebs: { SnapshotId: root, VolumeType: 'gp3' } },
        { DeviceName: '/dev/sdf', Ebs: { VolumeSize: 20, VolumeType: 'gp3' } },
      ],
    });
    const specification = [...tagged('instance', { save: 'yes' }), ...tagged('volume', { Name: 'disk' })];
    const input = {
      ImageId: image,
      InstanceType: 't3.micro' as const,
      MinCount: 1,
      MaxCount: 1,
      SubnetId: subnet,
    };
    const made = await mine.ec2.send(new RunInstancesCommand({ ...input, TagSpecifications: specification }));
    const disks = must(made.Instances?.[0]?.BlockDeviceMappings);
    const data = must(disks.find((disk) => disk.DeviceName === '/dev/sdf')?.Ebs?.VolumeId);
    return { instance: must(made.Instances?.[0]?.InstanceId), data };
  }

  it('keeps a policy as it was given, with the defaults AWS fills in', async () => {
    const id = await create({ ...policy({}), Tags: { team: 'ops' } });
    const read = must((await mine.dlm.send(new GetLifecyclePolicyCommand({ PolicyId: id }))).Policy);
    expect(read).to.include({ PolicyId: id, Description: 'daily', State: 'ENABLED', ExecutionRoleArn: role });
    expect(read.PolicyDetails).to.deep.include({
      PolicyType: 'EBS_SNAPSHOT_MANAGEMENT',
      ResourceLocations: ['CLOUD'],
    });
    const list = await mine.dlm.send(new GetLifecyclePoliciesCommand({ ResourceTypes: ['INSTANCE'] }));
    expect(list.Policies?.map((item) => item.PolicyId)).to.deep.equal([id]);
    const resource = { ResourceArn: must(read.PolicyArn) };
    await mine.dlm.send(new TagResourceCommand({ ...resource, Tags: { more: 'tags' } }));
    await mine.dlm.send(new UntagResourceCommand({ ...resource, TagKeys: ['team'] }));
    expect((await mine.dlm.send(new ListTagsForResourceCommand(resource))).Tags).to.deep.equal({
      more: 'tags',
    });
    await mine.dlm.send(new UpdateLifecyclePolicyCommand({ PolicyId: id, State: 'DISABLED' }));
    expect(await run()).to.deep.equal([]);
    await mine.dlm.send(new DeleteLifecyclePolicyCommand({ PolicyId: id }));
    const gone = mine.dlm.send(new GetLifecyclePolicyCommand({ PolicyId: id }));
    expect(await refusal(gone)).to.equal('ResourceNotFoundException');
  });

  it('an instance policy takes crash-consistent sets: all disks, one StartTime, variable tags', async () => {
    const { instance } = await machine();
    const VariableTags = [
      { Key: 'instance', Value: '$(instance-id)' },
      { Key: 'point', Value: '$(timestamp)' },
    ];
    const extra = { CopyTags: true, TagsToAdd: [{ Key: 'by', Value: 'dlm' }], VariableTags };
    const id = await create(policy({}, [schedule(extra)]));
    const [report] = await run();
    expect(report?.created).to.have.length(2);
    const taken = await snapshots();
    expect(new Set(taken.map((snapshot) => must(snapshot.StartTime).getTime())).size).to.equal(1);
    const tags = tagsOf(taken[0]);
    expect(tags).to.include({ Name: 'disk', by: 'dlm', instance, 'aws:dlm:lifecycle-policy-id': id });
    expect(tags.point).to.equal(tagsOf(taken[1]).point);
  });

  it('boot volumes, and data volumes by tag, can be left out', async () => {
    const { data } = await machine();
    await mine.ec2.send(
      new CreateTagsCommand({ Resources: [data], Tags: [{ Key: 'scratch', Value: 'true' }] }),
    );
    await create(policy({ Parameters: { ExcludeDataVolumeTags: [{ Key: 'scratch', Value: 'true' }] } }));
    expect((await run())[0]?.created).to.have.length(1);
    expect((await snapshots())[0]?.VolumeId).to.not.equal(data);
  });

  it('a volume policy takes one disk at a time, by the tags of the volumes', async () => {
    const volume = await newVolume(mine, { TagSpecifications: tagged('volume', { MUSTSNAP: 'True' }) });
    await newVolume(mine);
    await create(policy({ ResourceTypes: ['VOLUME'], TargetTags: [{ Key: 'MUSTSNAP', Value: 'True' }] }));
    await run();
    expect((await snapshots()).map((snapshot) => snapshot.VolumeId)).to.deep.equal([volume]);
  });

  it('shares with the accounts of its share rule, without the tags', async () => {
    await machine();
    await create(policy({}, [schedule({ ShareRules: [{ TargetAccounts: [recovery] }] })]));
    const [report] = await run();
    expect(report).to.deep.include({ sharedWith: [recovery], errors: [] });
    const seen = await snapshots(new Clients(emulator().url, recovery, HERE));
    expect(seen).to.have.length(2);
    expect(seen[0]?.Tags).to.deep.equal([]);
  });

  it('what is under the default key cannot be shared, and the answer says so; customer keys can', async () => {
    await machine('alias/aws/ebs');
    await create(policy({}, [schedule({ ShareRules: [{ TargetAccounts: [recovery] }] })]));
    const [report] = await run();
    expect(report?.errors).to.have.length(1);
    expect(report?.errors[0]).to.include('OperationNotPermitted');
    expect(await snapshots(new Clients(emulator().url, recovery, HERE))).to.have.length(1);
    expect(await newKey(mine)).to.be.a('string');
  });

  it('keeps the newest sets, RetainRule of them, and leaves what is locked', async () => {
    await machine();
    await create(policy({}, [schedule({ RetainRule: { Count: 2 } })]));
    await run();
    const [first] = await snapshots();
    const lock = { SnapshotId: must(first?.SnapshotId), LockMode: 'governance' as const, LockDuration: 5 };
    await mine.ec2.send(new LockSnapshotCommand(lock));
    await emulator().advance(86_400);
    await run();
    await emulator().advance(86_400);
    const [report] = await run();
    expect(report?.deleted).to.have.length(1);
    expect(report?.errors[0]).to.include('SnapshotLocked');
    expect(await snapshots()).to.have.length(5);
  });

  it('refuses what AWS refuses: types, schedules, unknown roles, parameters of the wrong type', async () => {
    const bad = (input: CreateLifecyclePolicyCommandInput) => refusal(create(input));
    const wrong = { Interval: 5, IntervalUnit: 'HOURS' as const };
    expect(await bad(policy({ ResourceTypes: ['VOLUME', 'INSTANCE'] }))).to.equal('InvalidRequestException');
    expect(await bad(policy({}, [schedule({ CreateRule: wrong })]))).to.equal('InvalidRequestException');
    expect(await bad(policy({}, [schedule({ RetainRule: {} })]))).to.equal('InvalidRequestException');
    const boot = { ResourceTypes: ['VOLUME' as const], Parameters: { ExcludeBootVolume: true } };
    expect(await bad(policy(boot))).to.equal('InvalidRequestException');
    const nobody = { ...policy({}), ExecutionRoleArn: `arn:aws:iam::${account}:role/nobody` };
    expect(await bad(nobody)).to.equal('InvalidRequestException');
    expect((await mine.ec2.send(new DescribeVolumesCommand({}))).Volumes).to.deep.equal([]);
  });
});
