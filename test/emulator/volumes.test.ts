import {
  AttachVolumeCommand,
  type CreateVolumeCommandInput,
  DeleteVolumeCommand,
  DescribeInstancesCommand,
  DescribeVolumeStatusCommand,
  DescribeVolumesCommand,
  DetachVolumeCommand,
  RunInstancesCommand,
} from '@aws-sdk/client-ec2';
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
  useEmulator,
} from './support';

describe('emulator: volumes', () => {
  const emulator = useEmulator();
  let mine: Clients;

  beforeEach(() => {
    mine = new Clients(emulator().url, newAccount(), HERE);
  });

  const make = (input: Partial<CreateVolumeCommandInput>) => refusal(newVolume(mine, input));
  const read = async (id: string) =>
    must((await mine.ec2.send(new DescribeVolumesCommand({ VolumeIds: [id] }))).Volumes?.[0]);

  it('needs a zone that exists; a zone id means the same place in every account', async () => {
    expect(await make({ AvailabilityZone: 'eu-west-1a' })).to.equal('InvalidZone.NotFound');
    const id = await newVolume(mine, { AvailabilityZone: undefined, AvailabilityZoneId: 'use1-az1' });
    expect(await read(id)).to.include({ AvailabilityZoneId: 'use1-az1' });
    expect(await make({ AvailabilityZoneId: 'use1-az1' })).to.equal('InvalidParameterCombination');
  });

  it("is no smaller than its snapshot, and under the snapshot's key", async () => {
    const key = await newKey(mine);
    const snapshot = await newSnapshot(mine, { Size: 20, Encrypted: true, KmsKeyId: key });
    expect(await make({ SnapshotId: snapshot, Size: 10 })).to.equal('InvalidParameterValue');
    const id = await newVolume(mine, { SnapshotId: snapshot, Size: undefined });
    expect(await read(id)).to.include({ Size: 20, Encrypted: true, KmsKeyId: key, SnapshotId: snapshot });
  });

  it('an unknown key, and a key without Encrypted, are refused', async () => {
    expect(await make({ Encrypted: true, KmsKeyId: 'alias/nobody' })).to.equal('InvalidParameterValue');
    expect(await make({ KmsKeyId: await newKey(mine) })).to.equal('InvalidParameterDependency');
  });

  it('IOPS and throughput only where the type has them; gp3 starts at 3,000 and 125', async () => {
    expect(await make({ VolumeType: 'gp2', Iops: 3000 })).to.equal('InvalidParameterCombination');
    expect(await make({ VolumeType: 'io1', Throughput: 200, Iops: 200 })).to.equal(
      'InvalidParameterCombination',
    );
    expect(await make({ VolumeType: 'io2' })).to.equal('MissingParameter');
    expect(await read(await newVolume(mine, { VolumeType: 'gp3' }))).to.include({
      Iops: 3000,
      Throughput: 125,
    });
  });

  it('its status can be asked for', async () => {
    const id = await newVolume(mine);
    const answer = await mine.ec2.send(new DescribeVolumeStatusCommand({ VolumeIds: [id] }));
    expect(answer.VolumeStatuses?.[0]?.VolumeStatus?.Status).to.equal('ok');
  });

  describe('attaching', () => {
    let instance: string;

    beforeEach(async () => {
      const { subnet } = await newNetwork(mine);
      const image = await newImage(mine, await newSnapshot(mine));
      const input = {
        ImageId: image,
        InstanceType: 't3.micro' as const,
        MinCount: 1,
        MaxCount: 1,
        SubnetId: subnet,
      };
      instance = must((await mine.ec2.send(new RunInstancesCommand(input))).Instances?.[0]?.InstanceId);
    });

    const attach = (volume: string, device = '/dev/sdf') =>
      refusal(
        mine.ec2.send(new AttachVolumeCommand({ VolumeId: volume, InstanceId: instance, Device: device })),
      );

    it('needs the same zone, a free volume and a free device', async () => {
      const far = await newVolume(mine, { AvailabilityZone: 'us-east-1b' });
      expect(await attach(far)).to.equal('InvalidVolume.ZoneMismatch');
      const volume = await newVolume(mine);
      expect(await attach(volume)).to.equal('none');
      expect(await attach(volume, '/dev/sdg')).to.equal('VolumeInUse');
      expect(await attach(await newVolume(mine))).to.equal('InvalidParameterValue');
    });

    it("leaves the instance's groups as they are; an attached volume cannot be deleted", async () => {
      const volume = await newVolume(mine);
      await attach(volume);
      const answer = await mine.ec2.send(new DescribeInstancesCommand({ InstanceIds: [instance] }));
      expect(answer.Reservations?.[0]?.Instances?.[0]?.SecurityGroups).to.have.length(1);
      expect(await refusal(mine.ec2.send(new DeleteVolumeCommand({ VolumeId: volume })))).to.equal(
        'VolumeInUse',
      );
      await mine.ec2.send(new DetachVolumeCommand({ VolumeId: volume }));
      expect(await refusal(mine.ec2.send(new DeleteVolumeCommand({ VolumeId: volume })))).to.equal('none');
    });

    it('the root volume of a running instance stays', async () => {
      const filters = [{ Name: 'attachment.instance-id', Values: [instance] }];
      const [root] = must((await mine.ec2.send(new DescribeVolumesCommand({ Filters: filters }))).Volumes);
      const detach = mine.ec2.send(new DetachVolumeCommand({ VolumeId: must(root?.VolumeId) }));
      expect(await refusal(detach)).to.equal('OperationNotPermitted');
    });
  });
});
