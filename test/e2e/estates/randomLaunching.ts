import type { Random } from './random';
import { randomTags } from './randomTags';
import type { PlannedSubnet, PlannedVpc } from './randomVpcs';
import { type CallInput, type Step, step } from './step';

type TemplateData = NonNullable<CallInput<'CreateLaunchTemplate'>['LaunchTemplateData']>;

/** An address that a machine holds, in the terms of the steps. */
export interface HeldAddress {
  readonly subnet: string;
  readonly cidr: string;
}

/** Machines, and what machines are launched with: key pairs, placement groups, launch templates. */
export function randomLaunching(
  random: Random,
  vpcs: readonly PlannedVpc[],
): { steps: Step[]; held: HeldAddress[] } {
  const machines = randomMachines(random, vpcs);
  return {
    steps: [
      ...image(),
      ...machines.steps,
      ...keyPairs(random),
      ...placementGroups(random),
      ...launchTemplates(random, vpcs),
    ],
    held: machines.held,
  };
}

/** A system as one would have installed it, and one of Amazon's own. */
function image(): Step[] {
  const ImageId = { Name: 'name', Values: ['al2023-ami-*'] };
  const sourceOnly = true;
  return [
    step(
      'disk',
      'CreateVolume',
      { AvailabilityZone: 'eu-west-1a', Size: 8, VolumeType: 'gp3' },
      { sourceOnly },
    ),
    step('disk-snapshot', 'CreateSnapshot', { VolumeId: '<disk>' }, { sourceOnly }),
    step(
      'image-own',
      'RegisterImage',
      {
        Name: 'debian',
        Architecture: 'x86_64',
        VirtualizationType: 'hvm',
        EnaSupport: true,
        BootMode: 'uefi',
        RootDeviceName: '/dev/xvda',
        BlockDeviceMappings: [{ DeviceName: '/dev/xvda', Ebs: { SnapshotId: '<disk-snapshot>' } }],
      },
      { sourceOnly },
    ),
    step('image-amazon', 'DescribeImages', { Owners: ['amazon'], Filters: [ImageId] }),
  ];
}

/** Two machines or three, with one address or several, in subnets with IPv6 and without. */
function randomMachines(random: Random, vpcs: readonly PlannedVpc[]): { steps: Step[]; held: HeldAddress[] } {
  const steps: Step[] = [];
  const held: HeldAddress[] = [];
  const subnets = vpcs.filter(({ dedicated }) => !dedicated).flatMap((vpc) => vpc.subnets);
  const both = subnets.filter(({ cidr, ipv6 }) => cidr && ipv6);
  const four = random.shuffled(subnets.filter(({ cidr }) => cidr));
  const places = [both[0], ...four.filter((subnet) => subnet !== both[0]).slice(0, random.int(1, 2))];
  places.forEach((subnet, index) => {
    if (!subnet?.cidr) throw new Error('An estate has a subnet of both families');
    const name = `instance-${index}`;
    const addresses = random
      .shuffled([10, 11, 12, 13, 14, 15])
      .slice(0, index === 0 ? 3 : random.int(1, 3))
      .map((host) => `${subnet.cidr?.slice(0, subnet.cidr.lastIndexOf('.'))}.${host}`);
    const hosts = subnet.ipv6 ? random.shuffled([16, 4711, 60_000]).slice(0, index === 0 ? 2 : 1) : [];
    const ipv6 = hosts.map((host) => `<${subnet.ipv6?.range} ${subnet.ipv6?.index}/64+${host}>`);
    steps.push(...machine(random, name, subnet, addresses, ipv6));
    held.push(...addresses.map((address) => ({ subnet: subnet.name, cidr: `${address}/32` })));
    held.push(...ipv6.map((address) => ({ subnet: subnet.name, cidr: `${address}/128` })));
  });
  return { steps, held };
}

function machine(
  random: Random,
  name: string,
  subnet: PlannedSubnet,
  [PrivateIpAddress, ...secondary]: readonly string[],
  [first, ...more]: readonly string[],
): Step[] {
  const sourceOnly = true;
  const NetworkInterfaceId = `<${name}.eni>`;
  const steps = [
    step(
      name,
      'RunInstances',
      {
        ImageId: '<image-own>',
        MinCount: 1,
        MaxCount: 1,
        InstanceType: 't3.small',
        SubnetId: `<${subnet.name}>`,
        PrivateIpAddress,
        // Without one AWS would choose it, where the subnet tells it to.
        ...(first && { Ipv6Addresses: [{ Ipv6Address: first }] }),
      },
      { sourceOnly, tags: { ...randomTags(random, name), Name: name } },
    ),
  ];
  if (secondary.length > 0) {
    const input = { NetworkInterfaceId, PrivateIpAddresses: secondary };
    steps.push(step(`${name}.more`, 'AssignPrivateIpAddresses', input, { sourceOnly }));
  }
  if (more.length > 0) {
    const input = { NetworkInterfaceId, Ipv6Addresses: more };
    steps.push(step(`${name}.more-ipv6`, 'AssignIpv6Addresses', input, { sourceOnly }));
  }
  return steps;
}

/** Public keys of both types. Only their form counts: nobody has the private halves. */
function keyPairs(random: Random): Step[] {
  const field = (bytes: Buffer) => Buffer.concat([length(bytes), bytes]);
  const length = (bytes: Buffer) => {
    const buffer = Buffer.alloc(4);
    buffer.writeUInt32BE(bytes.length);
    return buffer;
  };
  const modulus = random.bytes(256);
  modulus[0] = 0xc5;
  modulus[255] = (modulus[255] ?? 0) | 1;
  const keys: [string, Buffer[]][] = [
    ['ssh-ed25519', [random.bytes(32)]],
    ['ssh-rsa', [Buffer.from([1, 0, 1]), Buffer.concat([Buffer.from([0]), modulus])]],
  ];
  return keys.map(([type, parts], index) => {
    const blob = Buffer.concat([Buffer.from(type), ...parts].map(field));
    const name = `key-${index}`;
    return step(
      name,
      'ImportKeyPair',
      { KeyName: name, PublicKeyMaterial: Buffer.from(`${type} ${blob.toString('base64')}`) },
      { tags: randomTags(random, name) },
    );
  });
}

function placementGroups(random: Random): Step[] {
  return (
    [
      { Strategy: 'cluster' },
      { Strategy: 'spread' },
      { Strategy: 'partition', PartitionCount: random.int(1, 7) },
    ] as const
  ).map((strategy, index) => {
    const name = `placement-${index}`;
    return step(
      name,
      'CreatePlacementGroup',
      { GroupName: name, ...strategy },
      { tags: randomTags(random, name) },
    );
  });
}

/** One template for each way to name an image, each with several versions, the default one not always the newest. */
function launchTemplates(random: Random, vpcs: readonly PlannedVpc[]): Step[] {
  const images = [
    '<image-own>',
    '<image-amazon>',
    'resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64',
    undefined,
  ];
  return images.flatMap((ImageId, index) => {
    const name = `template-${index}`;
    const versions = index === 0 ? 3 : random.int(1, 3);
    const data = (number: number) => ({
      ...(ImageId && { ImageId }),
      ...templateData(random, vpcs, index + number),
    });
    const more = Array.from({ length: versions - 1 }, (_, version) =>
      step(
        `${name}.v${version + 2}`,
        'CreateLaunchTemplateVersion',
        {
          LaunchTemplateId: `<${name}>`,
          VersionDescription: `the ${version + 2}th`,
          LaunchTemplateData: data(version + 1),
        },
        // Versions are numbered in the order of their making.
        { after: version === 0 ? [] : [`${name}.v${version + 1}`] },
      ),
    );
    const DefaultVersion = index === 0 ? '2' : String(random.int(1, versions));
    const last = more.at(-1)?.name;
    return [
      step(
        name,
        'CreateLaunchTemplate',
        { LaunchTemplateName: name, VersionDescription: 'the first', LaunchTemplateData: data(0) },
        { tags: randomTags(random, name) },
      ),
      ...more,
      ...(last
        ? [
            step(
              `${name}.default`,
              'ModifyLaunchTemplate',
              { LaunchTemplateId: `<${name}>`, DefaultVersion },
              { after: [last] },
            ),
          ]
        : []),
    ];
  });
}

function templateData(random: Random, vpcs: readonly PlannedVpc[], variant: number): TemplateData {
  const vpc = random.pick(vpcs);
  const groups = random.some([0, 1], 1, 2).map((index) => `<${vpc.name.replace('vpc', 'group')}-${index}>`);
  const subnet = vpc.subnets.find(({ cidr }) => cidr);
  const place: TemplateData =
    variant % 2 === 0
      ? { SecurityGroupIds: groups }
      : {
          NetworkInterfaces: [
            {
              DeviceIndex: 0,
              SubnetId: `<${subnet?.name}>`,
              Groups: groups,
              DeleteOnTermination: true,
              AssociatePublicIpAddress: random.chance(),
              Description: 'the first interface',
            },
          ],
        };
  return {
    InstanceType: random.pick(['t3.small', 'm5.large']),
    KeyName: random.pick(['key-0', 'key-1']),
    UserData: Buffer.from(`#!/bin/sh\necho ${random.int(0, 1e6)} > /etc/ünï\n`).toString('base64'),
    ...place,
    ...(random.chance() && { Placement: { GroupName: `placement-${random.int(0, 2)}` } }),
    ...(random.chance() && { EbsOptimized: random.chance() }),
    ...(random.chance() && { Monitoring: { Enabled: true } }),
    ...(random.chance() && { DisableApiTermination: true }),
    ...(random.chance() && { InstanceInitiatedShutdownBehavior: 'terminate' as const }),
    ...(random.chance() && {
      MetadataOptions: { HttpTokens: 'required' as const, HttpPutResponseHopLimit: random.int(1, 3) },
    }),
    ...(random.chance() && {
      BlockDeviceMappings: [
        {
          DeviceName: '/dev/sdf',
          Ebs: { VolumeSize: random.int(8, 100), VolumeType: 'gp3', DeleteOnTermination: true, Iops: 3500 },
        },
      ],
    }),
    ...(random.chance() && {
      TagSpecifications: [{ ResourceType: 'instance', Tags: [{ Key: 'made-by', Value: 'a template' }] }],
    }),
  };
}
