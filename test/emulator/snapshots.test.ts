import {
  CopySnapshotCommand,
  CreateSnapshotCommand,
  CreateSnapshotsCommand,
  CreateTagsCommand,
  DeleteSnapshotCommand,
  DescribeSnapshotAttributeCommand,
  DescribeSnapshotsCommand,
  type DescribeSnapshotsCommandInput,
  EnableSnapshotBlockPublicAccessCommand,
  GetSnapshotBlockPublicAccessStateCommand,
  ModifySnapshotAttributeCommand,
  ModifySnapshotTierCommand,
  ModifyVolumeCommand,
  ResetSnapshotAttributeCommand,
  RunInstancesCommand,
} from '@aws-sdk/client-ec2';
import { expect } from 'chai';
import {
  Clients,
  describeSnapshot,
  HERE,
  must,
  newAccount,
  newImage,
  newKey,
  newNetwork,
  newSnapshot,
  newVolume,
  refusal,
  share,
  tagged,
  useEmulator,
} from './support';

describe('emulator: snapshots', () => {
  const emulator = useEmulator();
  let source: string;
  let recovery: string;
  let theirs: Clients;
  let mine: Clients;

  beforeEach(() => {
    source = newAccount();
    recovery = newAccount();
    theirs = new Clients(emulator().url, source, HERE);
    mine = new Clients(emulator().url, recovery, HERE);
  });

  const list = async (clients: Clients, input: DescribeSnapshotsCommandInput) =>
    (must((await clients.ec2.send(new DescribeSnapshotsCommand(input))).Snapshots) ?? []).map((s) =>
      must(s.SnapshotId),
    );
  const change = (
    input: Omit<ConstructorParameters<typeof ModifySnapshotAttributeCommand>[0], 'Attribute'>,
  ) => refusal(theirs.ec2.send(new ModifySnapshotAttributeCommand(input)));

  it('a snapshot that is not shared does not exist for others (InvalidSnapshot.NotFound)', async () => {
    const id = await newSnapshot(theirs);
    expect(await refusal(describeSnapshot(mine, id))).to.equal('InvalidSnapshot.NotFound');
  });

  it('sharing makes it visible and restorable, by OwnerIds and RestorableByUserIds', async () => {
    const id = await newSnapshot(theirs);
    await share(theirs, id, recovery);
    const own = await newSnapshot(mine);
    expect(await list(mine, { OwnerIds: [source] })).to.deep.equal([id]);
    expect(await list(mine, { OwnerIds: ['self'] })).to.deep.equal([own]);
    expect(await list(mine, { RestorableByUserIds: ['self'] })).to.have.members([id, own]);
    expect(await list(mine, { OwnerIds: [newAccount()] })).to.deep.equal([]);
    expect((await describeSnapshot(mine, id)).OwnerId).to.equal(source);
  });

  it("the owner's tags stay hidden, and so do one's own from the owner", async () => {
    const volume = await newVolume(theirs);
    const specification = tagged('snapshot', { Name: 'db' });
    const made = await theirs.ec2.send(
      new CreateSnapshotCommand({ VolumeId: volume, TagSpecifications: specification }),
    );
    const id = must(made.SnapshotId);
    await share(theirs, id, recovery);
    expect((await describeSnapshot(mine, id)).Tags).to.deep.equal([]);
    await mine.ec2.send(new CreateTagsCommand({ Resources: [id], Tags: [{ Key: 'seen', Value: 'yes' }] }));
    expect((await describeSnapshot(mine, id)).Tags).to.deep.equal([{ Key: 'seen', Value: 'yes' }]);
    expect((await describeSnapshot(theirs, id)).Tags).to.deep.equal([{ Key: 'Name', Value: 'db' }]);
    expect(await list(mine, { Filters: [{ Name: 'tag:Name', Values: ['db'] }] })).to.deep.equal([]);
  });

  it('only its owner can change or delete a shared snapshot', async () => {
    const id = await newSnapshot(theirs);
    await share(theirs, id, recovery);
    expect(await refusal(mine.ec2.send(new DeleteSnapshotCommand({ SnapshotId: id })))).to.equal(
      'AuthFailure',
    );
    expect(await refusal(share(mine, id, newAccount()))).to.equal('AuthFailure');
  });

  it('permission is added, removed and reset, in both forms of ModifySnapshotAttribute', async () => {
    const id = await newSnapshot(theirs);
    await share(theirs, id, recovery);
    const read = async () => {
      const input = { SnapshotId: id, Attribute: 'createVolumePermission' as const };
      return (await theirs.ec2.send(new DescribeSnapshotAttributeCommand(input))).CreateVolumePermissions;
    };
    expect(await read()).to.deep.equal([{ UserId: recovery }]);
    expect(await change({ SnapshotId: id, OperationType: 'remove', UserIds: [recovery] })).to.equal('none');
    expect(await read()).to.deep.equal([]);
    await share(theirs, id, recovery);
    const reset = { SnapshotId: id, Attribute: 'createVolumePermission' as const };
    await theirs.ec2.send(new ResetSnapshotAttributeCommand(reset));
    expect(await read()).to.deep.equal([]);
  });

  it('a snapshot under the default key aws/ebs cannot be shared at all', async () => {
    const id = await newSnapshot(theirs, { Encrypted: true });
    expect(await refusal(share(theirs, id, recovery))).to.equal('OperationNotPermitted');
    const under = await newSnapshot(theirs, { Encrypted: true, KmsKeyId: await newKey(theirs) });
    expect(await refusal(share(theirs, under, recovery))).to.equal('none');
  });

  it('an encrypted snapshot cannot be public, and block public access stops the others region-wide', async () => {
    const everyone = { Add: [{ Group: 'all' as const }] };
    const encrypted = await newSnapshot(theirs, { Encrypted: true, KmsKeyId: await newKey(theirs) });
    expect(await change({ SnapshotId: encrypted, CreateVolumePermission: everyone })).to.equal(
      'OperationNotPermitted',
    );
    const plain = await newSnapshot(theirs);
    expect(await change({ SnapshotId: plain, CreateVolumePermission: everyone })).to.equal('none');
    await theirs.ec2.send(new EnableSnapshotBlockPublicAccessCommand({ State: 'block-all-sharing' }));
    const state = await theirs.ec2.send(new GetSnapshotBlockPublicAccessStateCommand({}));
    expect(state.State).to.equal('block-all-sharing');
    const another = await newSnapshot(theirs);
    expect(await change({ SnapshotId: another, CreateVolumePermission: everyone })).to.equal(
      'OperationNotPermitted',
    );
    expect(await refusal(share(theirs, another, recovery))).to.equal('none');
  });

  it('keeps the size of the volume as it was when the snapshot was taken', async () => {
    const volume = await newVolume(theirs, { Size: 8, VolumeType: 'gp3' });
    const { SnapshotId } = await theirs.ec2.send(new CreateSnapshotCommand({ VolumeId: volume }));
    await theirs.ec2.send(new ModifyVolumeCommand({ VolumeId: volume, Size: 20 }));
    expect((await describeSnapshot(theirs, must(SnapshotId))).VolumeSize).to.equal(8);
  });

  describe('CreateSnapshots: a crash-consistent set of one instance', () => {
    let instance: string;
    let data: string;
    let root: string;

    beforeEach(async () => {
      const { subnet } = await newNetwork(theirs);
      const image = await newImage(theirs, await newSnapshot(theirs), {
        BlockDeviceMappings: [
          { DeviceName: '/dev/xvda', Ebs: { SnapshotId: await newSnapshot(theirs), VolumeType: 'gp3' } },
          { DeviceName: '/dev/sdf', Ebs: { VolumeSize: 20, VolumeType: 'gp3' } },
        ],
      });
      const tags = tagged('volume', { Owner: 'db' });
      const run = {
        ImageId: image,
        InstanceType: 't3.micro' as const,
        MinCount: 1,
        MaxCount: 1,
        SubnetId: subnet,
      };
      const made = must(
        (await theirs.ec2.send(new RunInstancesCommand({ ...run, TagSpecifications: tags }))).Instances?.[0],
      );
      instance = must(made.InstanceId);
      const volumes = new Map(
        must(made.BlockDeviceMappings).map((m) => [m.DeviceName, must(m.Ebs?.VolumeId)]),
      );
      root = must(volumes.get('/dev/xvda'));
      data = must(volumes.get('/dev/sdf'));
    });

    const take = async (input: { ExcludeBootVolume?: boolean; ExcludeDataVolumeIds?: string[] } = {}) => {
      const spec = {
        InstanceSpecification: { InstanceId: instance, ...input },
        CopyTagsFromSource: 'volume' as const,
      };
      return must((await theirs.ec2.send(new CreateSnapshotsCommand(spec))).Snapshots);
    };

    it('takes all volumes at one StartTime, answers a State, copies tags', async () => {
      const taken = await take();
      expect(taken.map((snapshot) => snapshot.VolumeId)).to.have.members([root, data]);
      expect(new Set(taken.map((snapshot) => must(snapshot.StartTime).getTime())).size).to.equal(1);
      expect(taken.map((snapshot) => snapshot.State)).to.deep.equal(['pending', 'pending']);
      expect(taken[0]?.Tags).to.deep.equal([{ Key: 'Owner', Value: 'db' }]);
      expect((await describeSnapshot(theirs, must(taken[0]?.SnapshotId))).State).to.equal('completed');
    });

    it('leaves out the boot volume or data volumes when told to', async () => {
      expect((await take({ ExcludeBootVolume: true })).map((s) => s.VolumeId)).to.deep.equal([data]);
      expect((await take({ ExcludeDataVolumeIds: [data] })).map((s) => s.VolumeId)).to.deep.equal([root]);
      expect(await refusal(take({ ExcludeDataVolumeIds: [root] }))).to.equal('InvalidParameterValue');
    });
  });

  it('tags: 50 at most, no aws: keys, keys to 128 and values to 256 characters', async () => {
    const id = await newSnapshot(theirs);
    const tag = (tags: Record<string, string>) => {
      const list = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
      return refusal(theirs.ec2.send(new CreateTagsCommand({ Resources: [id], Tags: list })));
    };
    const many = Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`k${index}`, 'v']));
    expect(await tag({ 'aws:backup:x': 'y' })).to.equal('InvalidParameterValue');
    expect(await tag({ ['k'.repeat(129)]: 'v' })).to.equal('InvalidParameterValue');
    expect(await tag({ k: 'v'.repeat(257) })).to.equal('InvalidParameterValue');
    expect(await tag(many)).to.equal('none');
    expect(await tag({ k0: 'again' })).to.equal('none');
    expect(await tag({ more: 'v' })).to.equal('TagLimitExceeded');
  });

  it('a snapshot is pending for snapshotSeconds, and cannot be copied before it is completed', async () => {
    await emulator().config({ snapshotSeconds: 60 });
    const id = await newSnapshot(theirs);
    await emulator().config({ snapshotSeconds: 0 });
    const copy = () =>
      refusal(theirs.ec2.send(new CopySnapshotCommand({ SourceSnapshotId: id, SourceRegion: HERE })));
    expect((await describeSnapshot(theirs, id)).State).to.equal('pending');
    expect(await copy()).to.equal('IncorrectState');
    await emulator().advance(61);
    expect((await describeSnapshot(theirs, id)).State).to.equal('completed');
    expect(await copy()).to.equal('none');
  });

  it('archiving ends its sharing, and only its owner may do it, once, when it is completed', async () => {
    const archive = (clients: Clients, SnapshotId: string) =>
      refusal(clients.ec2.send(new ModifySnapshotTierCommand({ SnapshotId, StorageTier: 'archive' })));
    const id = await newSnapshot(theirs);
    await share(theirs, id, recovery);
    expect(await archive(mine, id)).to.equal('AuthFailure');
    expect(await archive(theirs, id)).to.equal('none');
    expect((await describeSnapshot(theirs, id)).StorageTier).to.equal('archive');
    expect(await refusal(describeSnapshot(mine, id))).to.equal('InvalidSnapshot.NotFound');
    expect(await archive(theirs, id)).to.equal('IncorrectState');
    const used = await newSnapshot(theirs);
    await newImage(theirs, used);
    expect(await archive(theirs, used)).to.equal('InvalidSnapshot.InUse');
    await emulator().config({ snapshotSeconds: 60 });
    const unready = await newSnapshot(theirs);
    await emulator().config({ snapshotSeconds: 0 });
    expect(await archive(theirs, unready)).to.equal('IncorrectState');
  });

  it('a filter that DescribeSnapshots does not have is refused, and one takes 200 values', async () => {
    const id = await newSnapshot(theirs);
    const by = (Name: string, Values: string[]) =>
      list(theirs, { OwnerIds: ['self'], Filters: [{ Name, Values }] });
    expect(await by('status', ['completed', 'pending'])).to.deep.equal([id]);
    expect(await by('volume-size', ['1'])).to.deep.equal([]);
    expect(await refusal(by('size', ['1']))).to.equal('InvalidParameterValue');
    const many = Array.from({ length: 201 }, (_, index) => `snap-${index}`);
    expect(await refusal(by('snapshot-id', many))).to.equal('FilterLimitExceeded');
  });

  it('a snapshot that a registered image names cannot be deleted', async () => {
    const id = await newSnapshot(theirs);
    await newImage(theirs, id);
    expect(await refusal(theirs.ec2.send(new DeleteSnapshotCommand({ SnapshotId: id })))).to.equal(
      'InvalidSnapshot.InUse',
    );
  });
});
