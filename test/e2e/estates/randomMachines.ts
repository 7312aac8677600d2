import * as sdk from '@aws-sdk/client-ec2';
import { present } from '../../../kinds/kind';
import { launchProtected } from '../oddMachines';
import { Random } from './random';
import { randomTags } from './randomTags';

/** Types by what they can be given, each with the numbers of cores that AWS lets one choose. */
const TYPES = [
  { type: 't3.small', credits: true },
  { type: 't3.large', credits: true, cores: [1] },
  { type: 'm5.large', cores: [1] },
  { type: 'c5.2xlarge', cores: [2, 4], enclave: true },
  { type: 'r5.large', cores: [1] },
] as const;

/** Where machines of chance are: made once for each estate. */
interface Place {
  readonly subnet: string;
  /** The first three numbers of its addresses. */
  readonly prefix: string;
  readonly groups: readonly string[];
}

/** Machines made by chance, with every field that chance can give them, in subnets of their own. */
export async function makeRandomMachines(
  ec2: sdk.EC2Client,
  seed: number,
  { ImageId, KmsKeyId }: { ImageId: string; KmsKeyId: string },
): Promise<void> {
  const random = new Random(seed);
  const places = await makePlaces(ec2);
  for (const strategy of ['spread', 'partition'] as const)
    await ec2.send(
      new sdk.CreatePlacementGroupCommand({
        GroupName: strategy,
        Strategy: strategy,
        ...(strategy === 'partition' && { PartitionCount: 3 }),
      }),
    );
  const count = random.int(4, 6);
  for (let at = 0; at < count; at += 1) await makeMachine(ec2, random, at, places, { ImageId, KmsKeyId });
}

async function makePlaces(ec2: sdk.EC2Client): Promise<Place[]> {
  const { Vpc } = await ec2.send(new sdk.CreateVpcCommand({ CidrBlock: '10.40.0.0/16' }));
  const VpcId = present(Vpc?.VpcId, 'VpcId');
  const groups: string[] = [];
  for (const GroupName of ['one', 'two', 'three']) {
    const made = await ec2.send(
      new sdk.CreateSecurityGroupCommand({ VpcId, GroupName, Description: GroupName }),
    );
    groups.push(present(made.GroupId, 'GroupId'));
  }
  const places: Place[] = [];
  for (const prefix of ['10.40.1', '10.40.2']) {
    const input = { VpcId, CidrBlock: `${prefix}.0/24`, AvailabilityZoneId: 'euw1-az1' };
    const { Subnet } = await ec2.send(new sdk.CreateSubnetCommand(input));
    places.push({ subnet: present(Subnet?.SubnetId, 'SubnetId'), prefix, groups });
  }
  return places;
}

async function makeMachine(
  ec2: sdk.EC2Client,
  random: Random,
  at: number,
  places: readonly Place[],
  { ImageId, KmsKeyId }: { ImageId: string; KmsKeyId: string },
): Promise<void> {
  const name = `MACHINE-${at}`;
  const kind = random.pick(TYPES);
  const group = random.chance(0.3) ? random.pick(['spread', 'partition']) : undefined;
  const tags = Object.entries(randomTags(random, name))
    // By its Name it is known.
    .filter(([Key]) => Key !== 'Name')
    .map(([Key, Value]) => ({ Key, Value }));
  const interfaces = random.chance(0.4) ? places : [random.pick(places)];
  const machine = await launchProtected(ec2, name, {
    ImageId,
    InstanceType: kind.type,
    Monitoring: { Enabled: random.chance() },
    DisableApiTermination: random.chance(0.3),
    DisableApiStop: random.chance(0.3),
    InstanceInitiatedShutdownBehavior: random.pick(['stop', 'terminate']),
    MetadataOptions: {
      HttpTokens: random.pick(['required', 'optional']),
      HttpPutResponseHopLimit: random.int(1, 5),
      InstanceMetadataTags: random.pick(['enabled', 'disabled']),
    },
    MaintenanceOptions: { AutoRecovery: random.pick(['default', 'disabled']) },
    ...('credits' in kind && { CreditSpecification: { CpuCredits: random.pick(['standard', 'unlimited']) } }),
    ...('cores' in kind &&
      random.chance() && {
        CpuOptions: { CoreCount: random.pick(kind.cores), ThreadsPerCore: random.int(1, 2) },
      }),
    ...('enclave' in kind && random.chance() && { EnclaveOptions: { Enabled: true } }),
    ...(group && {
      Placement: { GroupName: group, ...(group === 'partition' && { PartitionNumber: random.int(1, 3) }) },
    }),
    NetworkInterfaces: interfaces.map(({ subnet, prefix, groups }, DeviceIndex) => ({
      DeviceIndex,
      SubnetId: subnet,
      Groups: random.some(groups, 1, 3),
      PrivateIpAddresses: Array.from({ length: random.int(1, 3) }, (_, index) => ({
        PrivateIpAddress: `${prefix}.${10 + 10 * at + index}`,
        Primary: index === 0,
      })),
    })),
    BlockDeviceMappings: randomDisks(random, KmsKeyId),
    TagSpecifications: [{ ResourceType: 'network-interface', Tags: random.chance() ? tags : [] }].filter(
      ({ Tags }) => Tags.length > 0,
    ) as sdk.TagSpecification[],
  });
  if (tags.length > 0)
    await ec2.send(new sdk.CreateTagsCommand({ Resources: [machine.InstanceId ?? ''], Tags: tags }));
  if (random.chance(0.3) && interfaces.length === 1)
    await ec2.send(
      new sdk.ModifyInstanceAttributeCommand({
        InstanceId: machine.InstanceId,
        SourceDestCheck: { Value: false },
      }),
    );
}

function randomDisks(random: Random, KmsKeyId: string): sdk.BlockDeviceMapping[] {
  return Array.from({ length: random.int(0, 3) }, (_, index) => {
    const type = random.pick(['gp2', 'gp3', 'io2', 'st1'] as const);
    return {
      DeviceName: `/dev/sd${'fgh'[index]}`,
      Ebs: {
        VolumeType: type,
        VolumeSize: type === 'st1' ? 125 : random.int(8, 60),
        ...(type === 'gp3' && { Iops: random.int(3000, 4000), Throughput: random.int(125, 250) }),
        ...(type === 'io2' && { Iops: random.int(100, 400) }),
        DeleteOnTermination: random.chance(),
        Encrypted: true,
        KmsKeyId,
      },
    };
  });
}
