import {
  DescribeInstancesCommand,
  DescribeVolumesCommand,
  type Instance,
  ModifyInstanceAttributeCommand,
  RunInstancesCommand,
  type RunInstancesCommandInput,
  StopInstancesCommand,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2';
import {
  AddRoleToInstanceProfileCommand,
  CreateInstanceProfileCommand,
  CreateRoleCommand,
} from '@aws-sdk/client-iam';
import { DisableKeyCommand } from '@aws-sdk/client-kms';
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
  refusal,
  tagged,
  useEmulator,
} from './support';

describe('emulator: RunInstances', () => {
  const emulator = useEmulator();
  let mine: Clients;
  let key: string;
  let root: string;
  let data: string;
  let image: string;
  let network: Awaited<ReturnType<typeof newNetwork>>;

  beforeEach(async () => {
    mine = new Clients(emulator().url, newAccount(), HERE);
    key = await newKey(mine);
    root = await newSnapshot(mine, { Encrypted: true, KmsKeyId: key });
    data = await newSnapshot(mine, { Size: 20 });
    network = await newNetwork(mine);
    image = await newImage(mine, root, {
      BlockDeviceMappings: [
        { DeviceName: '/dev/xvda', Ebs: { SnapshotId: root, VolumeType: 'gp3', DeleteOnTermination: true } },
        { DeviceName: '/dev/sdf', Ebs: { SnapshotId: data, VolumeType: 'gp3', Iops: 4000, Throughput: 250 } },
      ],
    });
  });

  const send = (input: Partial<RunInstancesCommandInput> = {}) => {
    const base = { ImageId: image, InstanceType: 't3.micro' as const, MinCount: 1, MaxCount: 1 };
    return mine.ec2.send(new RunInstancesCommand({ ...base, SubnetId: network.subnet, ...input }));
  };
  const run = async (input: Partial<RunInstancesCommandInput> = {}) =>
    must((await send(input)).Instances?.[0]);
  const read = async (id?: string): Promise<Instance> => {
    const answer = await mine.ec2.send(new DescribeInstancesCommand({ InstanceIds: [must(id)] }));
    return must(answer.Reservations?.[0]?.Instances?.[0]);
  };
  const disks = async (id?: string) => {
    const filters = [{ Name: 'attachment.instance-id', Values: [must(id)] }];
    const volumes = must((await mine.ec2.send(new DescribeVolumesCommand({ Filters: filters }))).Volumes);
    return Object.fromEntries(volumes.map((volume) => [must(volume.Attachments?.[0]?.Device), volume]));
  };
  const end = (id?: string) => mine.ec2.send(new TerminateInstancesCommand({ InstanceIds: [must(id)] }));

  it("makes one volume for each of the image's mappings, there at first boot, with the snapshot's encryption and key", async () => {
    const { InstanceId } = await run();
    const volumes = await disks(InstanceId);
    expect(volumes['/dev/xvda']).to.include({
      SnapshotId: root,
      Size: 8,
      Encrypted: true,
      KmsKeyId: key,
      VolumeType: 'gp3',
    });
    expect(volumes['/dev/sdf']).to.include({
      SnapshotId: data,
      Size: 20,
      Encrypted: false,
      Iops: 4000,
      Throughput: 250,
    });
  });

  it("merges the request's mappings: larger, other type, added, left out", async () => {
    const { InstanceId } = await run({
      BlockDeviceMappings: [
        { DeviceName: '/dev/xvda', Ebs: { VolumeSize: 16, VolumeType: 'gp2' } },
        { DeviceName: '/dev/sdf', NoDevice: '' },
        { DeviceName: '/dev/sdg', Ebs: { VolumeSize: 5, VolumeType: 'gp3' } },
      ],
    });
    const volumes = await disks(InstanceId);
    expect(Object.keys(volumes)).to.have.members(['/dev/xvda', '/dev/sdg']);
    expect(volumes['/dev/xvda']).to.include({
      SnapshotId: root,
      Size: 16,
      VolumeType: 'gp2',
      Encrypted: true,
    });
  });

  it('is pending, then running; its tags and those of its volumes are there from the first moment', async () => {
    const specification = [...tagged('instance', { Name: 'db' }), ...tagged('volume', { Name: 'db-disk' })];
    const made = await run({ TagSpecifications: specification });
    expect(made.State?.Name).to.equal('pending');
    const instance = await read(made.InstanceId);
    expect(instance.State?.Name).to.equal('running');
    expect(instance.Tags).to.deep.equal([{ Key: 'Name', Value: 'db' }]);
    expect((await disks(made.InstanceId))['/dev/sdf']?.Tags).to.deep.equal([
      { Key: 'Name', Value: 'db-disk' },
    ]);
  });

  it('takes the address, groups, profile, metadata options and protection asked for', async () => {
    const trust = JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' }],
    });
    await mine.iam.send(new CreateRoleCommand({ RoleName: 'app', AssumeRolePolicyDocument: trust }));
    await mine.iam.send(new CreateInstanceProfileCommand({ InstanceProfileName: 'app' }));
    const joined = { InstanceProfileName: 'app', RoleName: 'app' };
    await mine.iam.send(new AddRoleToInstanceProfileCommand(joined));
    const { InstanceId } = await run({
      PrivateIpAddress: '10.0.1.77',
      SecurityGroupIds: [network.group],
      IamInstanceProfile: { Name: 'app' },
      MetadataOptions: { HttpTokens: 'required', HttpPutResponseHopLimit: 3 },
      EbsOptimized: true,
      DisableApiTermination: true,
    });
    const instance = await read(InstanceId);
    expect(instance).to.include({
      PrivateIpAddress: '10.0.1.77',
      EbsOptimized: true,
      SubnetId: network.subnet,
    });
    expect(instance.SecurityGroups?.map((group) => group.GroupId)).to.deep.equal([network.group]);
    expect(instance.IamInstanceProfile?.Arn).to.match(/instance-profile\/app$/);
    expect(instance.MetadataOptions).to.include({ HttpTokens: 'required', HttpPutResponseHopLimit: 3 });
    expect(await refusal(end(InstanceId))).to.equal('OperationNotPermitted');
  });

  it('a client token makes it idempotent, and another request under it is refused', async () => {
    const [first, second] = [await run({ ClientToken: 'once' }), await run({ ClientToken: 'once' })];
    expect(second.InstanceId).to.equal(first.InstanceId);
    const other = run({ ClientToken: 'once', InstanceType: 't3.small' });
    expect(await refusal(other)).to.equal('IdempotentParameterMismatch');
  });

  it('the image must exist and fit the instance type: architecture, virtualization, boot mode, ENA, TPM', async () => {
    expect(await refusal(run({ ImageId: 'ami-0123456789abcdef0' }))).to.equal('InvalidAMIID.NotFound');
    const fits = async (input: Parameters<typeof newImage>[2], type: Instance['InstanceType']) =>
      refusal(run({ ImageId: await newImage(mine, root, input), InstanceType: type }));
    expect(await fits({ Architecture: 'arm64' }, 't3.micro')).to.equal('InvalidParameterValue');
    expect(await fits({ Architecture: 'arm64' }, 't4g.micro')).to.equal('none');
    expect(await fits({ VirtualizationType: 'paravirtual', EnaSupport: false }, 't3.micro')).to.equal(
      'InvalidParameterCombination',
    );
    expect(await fits({ EnaSupport: false }, 't3.micro')).to.equal('InvalidParameterCombination');
    expect(await fits({ BootMode: 'uefi' }, 't2.micro')).to.equal('InvalidParameterCombination');
  });

  it('no boot mode means BIOS on x86 and UEFI on Graviton', async () => {
    expect((await read((await run()).InstanceId)).CurrentInstanceBootMode).to.equal('legacy-bios');
    const arm = await newImage(mine, root, { Architecture: 'arm64' });
    const made = await run({ ImageId: arm, InstanceType: 't4g.micro' });
    expect((await read(made.InstanceId)).CurrentInstanceBootMode).to.equal('uefi');
  });

  it("an address outside the subnet, one of AWS's own, or one in use is refused", async () => {
    await run({ PrivateIpAddress: '10.0.1.20' });
    expect(await refusal(run({ PrivateIpAddress: '10.0.1.20' }))).to.equal('InvalidIPAddress.InUse');
    expect(await refusal(run({ PrivateIpAddress: '10.0.2.20' }))).to.equal('InvalidParameterValue');
    expect(await refusal(run({ PrivateIpAddress: '10.0.1.3' }))).to.equal('InvalidParameterValue');
  });

  it("groups must be of the subnet's VPC; profile, key pair and subnet must exist", async () => {
    const { group } = await newNetwork(mine);
    expect(await refusal(run({ SecurityGroupIds: [group] }))).to.equal('InvalidParameter');
    expect(await refusal(run({ SecurityGroupIds: ['sg-0123456789abcdef0'] }))).to.equal(
      'InvalidGroup.NotFound',
    );
    expect(await refusal(run({ IamInstanceProfile: { Name: 'nobody' } }))).to.equal('InvalidParameterValue');
    expect(await refusal(run({ KeyName: 'nobody' }))).to.equal('InvalidKeyPair.NotFound');
    expect(await refusal(run({ SubnetId: 'subnet-0123456789abcdef0' }))).to.equal('InvalidSubnetID.NotFound');
  });

  it('what is refused leaves nothing behind', async () => {
    const before = (await mine.ec2.send(new DescribeVolumesCommand({}))).Volumes?.length;
    const small = [{ DeviceName: '/dev/sdf', Ebs: { VolumeSize: 5 } }];
    expect(await refusal(run({ BlockDeviceMappings: small }))).to.equal('InvalidParameterValue');
    expect((await mine.ec2.send(new DescribeVolumesCommand({}))).Volumes?.length).to.equal(before);
    const left = (await mine.ec2.send(new DescribeInstancesCommand({}))).Reservations ?? [];
    expect(
      left.flatMap((r) => r.Instances ?? []).filter((i) => i.State?.Name !== 'terminated'),
    ).to.deep.equal([]);
  });

  it('a launch whose key is not accessible is accepted, then ends with Client.InternalError', async () => {
    await mine.kms.send(new DisableKeyCommand({ KeyId: key }));
    const instance = await read((await run()).InstanceId);
    expect(instance.State?.Name).to.equal('terminated');
    expect(instance.StateReason?.Code).to.equal('Client.InternalError');
  });

  it('terminating deletes volumes by DeleteOnTermination, frees the address, and is described for an hour', async () => {
    const { InstanceId } = await run({ PrivateIpAddress: '10.0.1.30' });
    const volumes = await disks(InstanceId);
    await end(InstanceId);
    const left = must((await mine.ec2.send(new DescribeVolumesCommand({}))).Volumes).map(
      (volume) => volume.VolumeId,
    );
    expect(left).to.include(volumes['/dev/sdf']?.VolumeId).and.not.include(volumes['/dev/xvda']?.VolumeId);
    const ended = await read(InstanceId);
    expect(ended.State?.Name).to.equal('terminated');
    expect(ended.PrivateIpAddress).to.equal(undefined);
    expect(await refusal(run({ PrivateIpAddress: '10.0.1.30' }))).to.equal('none');
    await emulator().advance(3601);
    expect(await refusal(read(InstanceId))).to.equal('InvalidInstanceID.NotFound');
  });

  it('ModifyInstanceAttribute changes what it names and nothing else; a type only when stopped', async () => {
    const { InstanceId } = await run({ SecurityGroupIds: [network.group] });
    const change = (input: object) =>
      refusal(mine.ec2.send(new ModifyInstanceAttributeCommand({ InstanceId, ...input })));
    expect(await change({ InstanceType: { Value: 't3.small' } })).to.equal('IncorrectInstanceState');
    expect(await change({ DisableApiTermination: { Value: true } })).to.equal('none');
    expect((await read(InstanceId)).SecurityGroups?.map((group) => group.GroupId)).to.deep.equal([
      network.group,
    ]);
    await mine.ec2.send(new StopInstancesCommand({ InstanceIds: [must(InstanceId)] }));
    expect(await change({ InstanceType: { Value: 't3.small' } })).to.equal('none');
    expect(await read(InstanceId)).to.include({ InstanceType: 't3.small' });
  });
});
