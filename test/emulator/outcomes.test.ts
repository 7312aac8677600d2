import {
  DescribeImagesCommand,
  DescribeInstanceStatusCommand,
  DescribeInstancesCommand,
  RunInstancesCommand,
  StopInstancesCommand,
} from '@aws-sdk/client-ec2';
import { expect } from 'chai';
import {
  Clients,
  HERE,
  must,
  newAccount,
  newImage,
  newNetwork,
  newSnapshot,
  refusal,
  useEmulator,
} from './support';

/** In the subnet that every test has. */
const ADDRESS = '10.0.1.77';

describe('emulator: what becomes of images and launches', () => {
  const emulator = useEmulator();
  let mine: Clients;
  let root: string;
  let network: Awaited<ReturnType<typeof newNetwork>>;

  beforeEach(async () => {
    mine = new Clients(emulator().url, newAccount(), HERE);
    root = await newSnapshot(mine, {});
    network = await newNetwork(mine);
  });
  afterEach(() =>
    emulator().config({ imageSeconds: 0, failImages: false, statusSeconds: 0, noCapacity: [], launches: {} }),
  );

  const launch = async (InstanceType: 't3.micro' | 't3.small' = 't3.micro', PrivateIpAddress?: string) => {
    const ImageId = await newImage(mine, root);
    const SubnetId = network.subnet;
    const input = { ImageId, InstanceType, MinCount: 1, MaxCount: 1, SubnetId, PrivateIpAddress };
    return must(must((await mine.ec2.send(new RunInstancesCommand(input))).Instances?.[0]).InstanceId);
  };
  const statusOf = async (id: string) => {
    const input = { InstanceIds: [id], IncludeAllInstances: true };
    const { InstanceStatuses } = await mine.ec2.send(new DescribeInstanceStatusCommand(input));
    const found = must(InstanceStatuses?.[0]);
    return [found.InstanceState?.Name, found.SystemStatus?.Status, found.InstanceStatus?.Status];
  };

  it('an image is pending first, and cannot be launched', async () => {
    await emulator().config({ imageSeconds: 300 });
    const ImageId = await newImage(mine, root);
    const state = async () =>
      (await mine.ec2.send(new DescribeImagesCommand({ ImageIds: [ImageId] }))).Images?.[0]?.State;
    expect(await state()).to.equal('pending');
    const input = {
      ImageId,
      InstanceType: 't3.micro' as const,
      MinCount: 1,
      MaxCount: 1,
      SubnetId: network.subnet,
    };
    expect(await refusal(mine.ec2.send(new RunInstancesCommand(input)))).to.contain(
      'InvalidAMIID.Unavailable',
    );
    await emulator().advance(301);
    expect(await state()).to.equal('available');
    await mine.ec2.send(new RunInstancesCommand(input));
  });

  it('one that failed cannot be launched, and keeps its name', async () => {
    await emulator().config({ failImages: true });
    const ImageId = await newImage(mine, root, { Name: 'mine' });
    await emulator().config({ failImages: false });
    const { Images } = await mine.ec2.send(new DescribeImagesCommand({ ImageIds: [ImageId] }));
    expect(Images?.[0]?.State).to.equal('failed');
    expect(await refusal(newImage(mine, root, { Name: 'mine' }))).to.equal('InvalidAMIName.Duplicate');
  });

  it('checks of a machine are initializing until it has booted', async () => {
    await emulator().config({ statusSeconds: 120 });
    const id = await launch();
    expect(await statusOf(id)).to.deep.equal(['running', 'initializing', 'initializing']);
    await emulator().advance(121);
    expect(await statusOf(id)).to.deep.equal(['running', 'ok', 'ok']);
    await mine.ec2.send(new StopInstancesCommand({ InstanceIds: [id] }));
    expect(await statusOf(id)).to.deep.equal(['stopped', 'not-applicable', 'not-applicable']);
  });

  it('one that does not boot stays impaired, and its host is well', async () => {
    await emulator().config({ launches: { [ADDRESS]: 'impaired' } });
    const id = await launch('t3.micro', ADDRESS);
    expect(await statusOf(id)).to.deep.equal(['running', 'ok', 'impaired']);
  });

  it('a launch that dies was accepted', async () => {
    await emulator().config({ launches: { [ADDRESS]: 'dies' } });
    const id = await launch('t3.micro', ADDRESS);
    const found = await mine.ec2.send(new DescribeInstancesCommand({ InstanceIds: [id] }));
    const instance = must(found.Reservations?.[0]?.Instances?.[0]);
    expect(instance.State?.Name).to.equal('terminated');
    expect(instance.StateReason?.Code).to.equal('Server.InternalError');
  });

  it('vCPUs that run are held to the quota that an account was given', async () => {
    await emulator().config({
      quotas: { [mine.config.credentials.accessKeyId.slice(4, 16)]: { 'L-1216C47A': 5 } },
    });
    await launch('t3.small');
    await launch('t3.micro');
    expect(await refusal(launch('t3.small'))).to.equal('VcpuLimitExceeded');
    await emulator().config({ quotas: {} });
    await launch('t3.small');
  });

  it('a type without capacity is refused, and others are not', async () => {
    await emulator().config({ noCapacity: ['t3.small'] });
    expect(await refusal(launch('t3.small'))).to.contain('InsufficientInstanceCapacity');
    await launch('t3.micro');
  });
});
