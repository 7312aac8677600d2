import {
  DeregisterImageCommand,
  DescribeImagesCommand,
  ModifyImageAttributeCommand,
  RegisterImageCommand,
  type RegisterImageCommandInput,
} from '@aws-sdk/client-ec2';
import { expect } from 'chai';
import {
  Clients,
  describeSnapshot,
  HERE,
  must,
  newAccount,
  newImage,
  newSnapshot,
  refusal,
  share,
  tagged,
  useEmulator,
} from './support';

describe('emulator: RegisterImage', () => {
  const emulator = useEmulator();
  let account: string;
  let mine: Clients;
  let root: string;
  let data: string;

  beforeEach(async () => {
    account = newAccount();
    mine = new Clients(emulator().url, account, HERE);
    root = await newSnapshot(mine, { Encrypted: true });
    data = await newSnapshot(mine, { Size: 20 });
  });

  const register = (input: Partial<RegisterImageCommandInput>) =>
    mine.ec2.send(new RegisterImageCommand({ Name: 'image', ...input }));
  const mapping = (snapshot: string, ebs = {}) => [
    { DeviceName: '/dev/sda1', Ebs: { SnapshotId: snapshot, ...ebs } },
  ];
  const read = async (id: string, clients = mine) =>
    must((await clients.ec2.send(new DescribeImagesCommand({ ImageIds: [id] }))).Images?.[0]);

  it("shows Amazon's public images to everybody under its alias", async () => {
    const amazon = new Clients(emulator().url, '137112412989', HERE);
    const id = await newImage(amazon, await newSnapshot(amazon), { Name: `al2023-ami-${account}` });
    const asked = new DescribeImagesCommand({ Owners: ['amazon'], ImageIds: [id] });
    expect(await refusal(mine.ec2.send(asked))).to.equal('InvalidAMIID.NotFound');
    await amazon.ec2.send(
      new ModifyImageAttributeCommand({ ImageId: id, LaunchPermission: { Add: [{ Group: 'all' }] } }),
    );
    const { Images = [] } = await mine.ec2.send(asked);
    expect(Images.map(({ ImageOwnerAlias, Public }) => [ImageOwnerAlias, Public])).to.deep.equal([
      ['amazon', true],
    ]);
    expect((await read(await newImage(mine, root))).ImageOwnerAlias).to.equal(undefined);
  });

  it('keeps every attribute an instance is made by', async () => {
    const id = await newImage(mine, root, {
      BootMode: 'uefi',
      TpmSupport: 'v2.0',
      ImdsSupport: 'v2.0',
      SriovNetSupport: 'simple',
      Description: 'of a point',
      BlockDeviceMappings: [
        { DeviceName: '/dev/xvda', Ebs: { SnapshotId: root, VolumeType: 'gp3', DeleteOnTermination: true } },
        {
          DeviceName: '/dev/sdf',
          Ebs: { SnapshotId: data, VolumeType: 'gp3', VolumeSize: 30, Iops: 4000, Throughput: 250 },
        },
      ],
      TagSpecifications: tagged('image', { point: '1' }),
    });
    const image = await read(id);
    expect(image).to.include({
      Architecture: 'x86_64',
      VirtualizationType: 'hvm',
      BootMode: 'uefi',
      TpmSupport: 'v2.0',
      ImdsSupport: 'v2.0',
      SriovNetSupport: 'simple',
      EnaSupport: true,
      RootDeviceName: '/dev/xvda',
      RootDeviceType: 'ebs',
      State: 'available',
      OwnerId: account,
    });
    expect(image.Tags).to.deep.equal([{ Key: 'point', Value: '1' }]);
    const [first, second] = must(image.BlockDeviceMappings);
    expect(first?.Ebs).to.include({
      SnapshotId: root,
      VolumeSize: 8,
      Encrypted: true,
      DeleteOnTermination: true,
    });
    expect(second?.Ebs).to.include({
      SnapshotId: data,
      VolumeSize: 30,
      Iops: 4000,
      Throughput: 250,
      Encrypted: false,
    });
  });

  it('defaults to i386 and paravirtual, which no current instance type runs', async () => {
    const { ImageId } = await register({ BlockDeviceMappings: mapping(root) });
    expect(await read(must(ImageId))).to.include({
      Architecture: 'i386',
      VirtualizationType: 'paravirtual',
      EnaSupport: false,
    });
  });

  it('TPM needs boot mode uefi; Graviton needs hvm', async () => {
    const base = {
      BlockDeviceMappings: mapping(root),
      Architecture: 'x86_64' as const,
      VirtualizationType: 'hvm',
    };
    expect(await refusal(register({ ...base, TpmSupport: 'v2.0' }))).to.equal('InvalidParameterCombination');
    const bios = { ...base, TpmSupport: 'v2.0' as const, BootMode: 'legacy-bios' as const };
    expect(await refusal(register(bios))).to.equal('InvalidParameterCombination');
    const arm = { BlockDeviceMappings: mapping(root), Architecture: 'arm64' as const };
    expect(await refusal(register(arm))).to.equal('InvalidParameterCombination');
  });

  it("a name is the account's own once (InvalidAMIName.Duplicate), until its image is deregistered", async () => {
    const { ImageId } = await register({ BlockDeviceMappings: mapping(root) });
    expect(await refusal(register({ BlockDeviceMappings: mapping(root) }))).to.equal(
      'InvalidAMIName.Duplicate',
    );
    await mine.ec2.send(new DeregisterImageCommand({ ImageId }));
    expect(await refusal(register({ BlockDeviceMappings: mapping(root) }))).to.equal('none');
    expect(await refusal(register({ Name: 'a:b', BlockDeviceMappings: mapping(root) }))).to.equal(
      'InvalidAMIName.Malformed',
    );
  });

  it('deregistering leaves the snapshots', async () => {
    const { ImageId } = await register({ BlockDeviceMappings: mapping(root) });
    await mine.ec2.send(new DeregisterImageCommand({ ImageId }));
    expect((await describeSnapshot(mine, root)).State).to.equal('completed');
    expect(await refusal(read(must(ImageId)))).to.equal('InvalidAMIID.NotFound');
  });

  it('needs a root snapshot that exists and is its own', async () => {
    expect(await refusal(register({}))).to.equal('InvalidBlockDeviceMapping');
    const missing = mapping('snap-0123456789abcdef0');
    expect(await refusal(register({ BlockDeviceMappings: missing }))).to.equal('InvalidSnapshot.NotFound');
    const theirs = new Clients(emulator().url, newAccount(), HERE);
    const foreign = await newSnapshot(theirs);
    await share(theirs, foreign, account);
    expect(await refusal(register({ BlockDeviceMappings: mapping(foreign) }))).to.equal('AuthFailure');
  });

  it('a volume is no smaller than its snapshot, and its encryption is not for a mapping to say', async () => {
    const small = mapping(data, { VolumeSize: 10 });
    expect(await refusal(register({ BlockDeviceMappings: small }))).to.equal('InvalidBlockDeviceMapping');
    const encrypted = mapping(data, { Encrypted: true });
    expect(await refusal(register({ BlockDeviceMappings: encrypted }))).to.equal('InvalidBlockDeviceMapping');
  });

  it('is seen by its owner, and by those whom launch permission names', async () => {
    const id = await newImage(mine, data);
    const other = newAccount();
    const theirs = new Clients(emulator().url, other, HERE);
    expect(await refusal(read(id, theirs))).to.equal('InvalidAMIID.NotFound');
    const permission = { Add: [{ UserId: other }] };
    await mine.ec2.send(new ModifyImageAttributeCommand({ ImageId: id, LaunchPermission: permission }));
    expect((await read(id, theirs)).OwnerId).to.equal(account);
  });
});
