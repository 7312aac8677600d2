import {
  AuthorizeSecurityGroupEgressCommand,
  AuthorizeSecurityGroupIngressCommand,
  CreateSecurityGroupCommand,
  CreateSnapshotCommand,
  CreateSubnetCommand,
  CreateTagsCommand,
  CreateVolumeCommand,
  CreateVpcCommand,
  DescribeInstancesCommand,
  type EC2Client,
  type IpPermission,
  RegisterImageCommand,
  RevokeSecurityGroupEgressCommand,
  RunInstancesCommand,
  waitUntilInstanceRunning,
  waitUntilSnapshotCompleted,
} from '@aws-sdk/client-ec2';
import { CreateKeyCommand, type KMSClient } from '@aws-sdk/client-kms';
import { present } from '../../kinds/kind';
import { makeNetwork } from './estateNetwork';

/** Ids of what makeEstate has made, by the names it gave. */
export interface Estate {
  readonly vpcs: Readonly<Record<'shop' | 'office', string>>;
  readonly subnets: Readonly<Record<'shop-a' | 'shop-b' | 'shop-c' | 'office-a', string>>;
  readonly groups: Readonly<Record<'web' | 'app' | 'db' | 'files', string>>;
  readonly instances: Readonly<Record<string, string>>;
}

interface Machine {
  name: string;
  subnet: keyof Estate['subnets'];
  groups: (keyof Estate['groups'])[];
  address: string;
  type: string;
  /** GiB of each data disk. */
  data: number[];
}

const MACHINES: Machine[] = [
  { name: 'SHOP-WEB', subnet: 'shop-a', groups: ['web'], address: '10.10.1.10', type: 't3.small', data: [] },
  {
    name: 'SHOP-APP',
    subnet: 'shop-b',
    groups: ['app'],
    address: '10.10.2.20',
    type: 'm5.large',
    data: [40],
  },
  {
    name: 'SHOP-DB',
    subnet: 'shop-c',
    groups: ['db'],
    address: '10.10.3.30',
    type: 'r5.large',
    data: [100, 60],
  },
  {
    name: 'FILES',
    subnet: 'office-a',
    groups: ['files'],
    address: '10.20.1.40',
    type: 't3.medium',
    data: [80],
  },
];

/** GiB of every system disk. */
const SYSTEM_DISK = 12;

/**
 * Makes the estate of a small company in an account, as nobody's code describes it: two VPCs with routes and an ACL, groups that refer to each other,
 * machines with system and data disks, tagged as the README asks.
 *
 * @param drAccount the account that may use the disks' key, so that their snapshots can be copied
 */
export async function makeEstate(
  ec2: EC2Client,
  kms: KMSClient,
  account: string,
  drAccount: string,
): Promise<Estate> {
  const named = (ResourceType: 'vpc' | 'subnet' | 'security-group', Name: string) => [
    { ResourceType, Tags: [{ Key: 'Name', Value: Name }] },
  ];
  const vpc = async (name: string, CidrBlock: string) =>
    present(
      (await ec2.send(new CreateVpcCommand({ CidrBlock, TagSpecifications: named('vpc', name) }))).Vpc?.VpcId,
      name,
    );
  const subnet = async (name: string, VpcId: string, CidrBlock: string, AvailabilityZoneId: string) => {
    const made = await ec2.send(
      new CreateSubnetCommand({
        VpcId,
        CidrBlock,
        AvailabilityZoneId,
        TagSpecifications: named('subnet', name),
      }),
    );
    return present(made.Subnet?.SubnetId, name);
  };
  const group = async (GroupName: string, VpcId: string) => {
    const made = await ec2.send(
      new CreateSecurityGroupCommand({
        GroupName,
        VpcId,
        Description: `The ${GroupName} machines`,
        TagSpecifications: named('security-group', GroupName),
      }),
    );
    return present(made.GroupId, GroupName);
  };

  const vpcs = { shop: await vpc('shop', '10.10.0.0/16'), office: await vpc('office', '10.20.0.0/16') };
  const [shopA, shopB, shopC, officeA, web, app, db, files] = await Promise.all([
    subnet('shop-a', vpcs.shop, '10.10.1.0/24', 'euw1-az1'),
    subnet('shop-b', vpcs.shop, '10.10.2.0/24', 'euw1-az2'),
    subnet('shop-c', vpcs.shop, '10.10.3.0/24', 'euw1-az3'),
    subnet('office-a', vpcs.office, '10.20.1.0/24', 'euw1-az1'),
    group('web', vpcs.shop),
    group('app', vpcs.shop),
    group('db', vpcs.shop),
    group('files', vpcs.office),
  ]);
  const estate = {
    vpcs,
    subnets: { 'shop-a': shopA, 'shop-b': shopB, 'shop-c': shopC, 'office-a': officeA },
    groups: { web, app, db, files },
  };
  await makeRules(ec2, estate.groups);
  await makeNetwork(ec2, estate);

  const key = await kms.send(
    new CreateKeyCommand({ Description: 'Disks of the estate', Policy: diskKeyPolicy(account, drAccount) }),
  );
  const keyId = present(key.KeyMetadata?.Arn, 'Arn');
  const image = await baseImage(ec2, 'eu-west-1a');
  const instances = await Promise.all(
    MACHINES.map(
      async (machine) => [machine.name, await launch(ec2, machine, estate, image, keyId)] as const,
    ),
  );
  return { ...estate, instances: Object.fromEntries(instances) };
}

/** Rules both ways, IPv4 and IPv6, references in a circle, and a group without the way out that AWS gives to each. */
async function makeRules(ec2: EC2Client, groups: Estate['groups']): Promise<void> {
  const from = (GroupId: string) => ({ UserIdGroupPairs: [{ GroupId }] });
  const tcp = (port: number, rest: IpPermission): IpPermission => ({
    IpProtocol: 'tcp',
    FromPort: port,
    ToPort: port,
    ...rest,
  });
  const inbound = (GroupId: string, ...IpPermissions: IpPermission[]) =>
    ec2.send(new AuthorizeSecurityGroupIngressCommand({ GroupId, IpPermissions }));
  const outbound = (GroupId: string, ...IpPermissions: IpPermission[]) =>
    ec2.send(new AuthorizeSecurityGroupEgressCommand({ GroupId, IpPermissions }));
  const { web, app, db, files } = groups;
  await inbound(
    web,
    tcp(443, { IpRanges: [{ CidrIp: '0.0.0.0/0', Description: 'the world' }] }),
    tcp(443, { Ipv6Ranges: [{ CidrIpv6: '::/0', Description: 'the world, over IPv6' }] }),
    tcp(9100, from(app)),
  );
  await inbound(app, tcp(8080, from(web)), tcp(9090, from(app)));
  await inbound(db, tcp(5432, from(app)));
  await inbound(files, tcp(445, { IpRanges: [{ CidrIp: '10.20.0.0/16' }] }), {
    IpProtocol: 'icmp',
    FromPort: 8,
    ToPort: -1,
    IpRanges: [{ CidrIp: '10.0.0.0/8' }],
  });
  await ec2.send(
    new RevokeSecurityGroupEgressCommand({
      GroupId: db,
      IpPermissions: [{ IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] }],
    }),
  );
  await outbound(web, tcp(8080, from(app)));
  await outbound(app, tcp(5432, from(db)));
}

/** A system as one would have installed it long ago: the image that every machine of the estate was launched from. */
async function baseImage(ec2: EC2Client, AvailabilityZone: string): Promise<string> {
  const volume = await ec2.send(
    new CreateVolumeCommand({ AvailabilityZone, Size: SYSTEM_DISK, VolumeType: 'gp3' }),
  );
  const snapshot = await ec2.send(new CreateSnapshotCommand({ VolumeId: volume.VolumeId }));
  const SnapshotId = present(snapshot.SnapshotId, 'SnapshotId');
  await waitUntilSnapshotCompleted(
    { client: ec2, maxWaitTime: 60, minDelay: 1 },
    { SnapshotIds: [SnapshotId] },
  );
  const image = await ec2.send(
    new RegisterImageCommand({
      Name: 'debian',
      Architecture: 'x86_64',
      VirtualizationType: 'hvm',
      EnaSupport: true,
      BootMode: 'uefi',
      RootDeviceName: '/dev/xvda',
      BlockDeviceMappings: [{ DeviceName: '/dev/xvda', Ebs: { SnapshotId, VolumeType: 'gp3' } }],
    }),
  );
  return present(image.ImageId, 'ImageId');
}

async function launch(
  ec2: EC2Client,
  machine: Machine,
  estate: Pick<Estate, 'subnets' | 'groups'>,
  ImageId: string,
  KmsKeyId: string,
): Promise<string> {
  const device = (index: number) => `/dev/sd${String.fromCharCode('f'.charCodeAt(0) + index)}`;
  const launched = await ec2.send(
    new RunInstancesCommand({
      ImageId,
      MinCount: 1,
      MaxCount: 1,
      InstanceType: machine.type as 't3.small',
      SubnetId: estate.subnets[machine.subnet],
      SecurityGroupIds: machine.groups.map((name) => estate.groups[name]),
      PrivateIpAddress: machine.address,
      MetadataOptions: { HttpTokens: 'required', HttpPutResponseHopLimit: 2 },
      BlockDeviceMappings: machine.data.map((VolumeSize, index) => ({
        DeviceName: device(index),
        Ebs: { VolumeSize, VolumeType: 'gp3', Iops: 4000, Throughput: 250, Encrypted: true, KmsKeyId },
      })),
      TagSpecifications: [
        {
          ResourceType: 'instance',
          Tags: [
            { Key: 'Name', Value: machine.name },
            { Key: 'team', Value: 'shop' },
          ],
        },
      ],
    }),
  );
  const id = present(launched.Instances?.[0]?.InstanceId, 'InstanceId');
  await waitUntilInstanceRunning({ client: ec2, maxWaitTime: 60, minDelay: 1 }, { InstanceIds: [id] });
  const described = await ec2.send(new DescribeInstancesCommand({ InstanceIds: [id] }));
  const mappings = described.Reservations?.[0]?.Instances?.[0]?.BlockDeviceMappings ?? [];
  await Promise.all(
    mappings.map(({ DeviceName = '', Ebs }) => {
      const system = DeviceName === '/dev/xvda';
      const Name = system ? machine.name : `${machine.name}-DATA-${DeviceName.slice(-1)}`;
      const tags = { Name, MUSTSNAP: 'True', ...(system && { SYSDISK: 'True' }) };
      return ec2.send(
        new CreateTagsCommand({
          Resources: [present(Ebs?.VolumeId, 'VolumeId')],
          Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
        }),
      );
    }),
  );
  return id;
}

/** Lets DR use the key as EBS needs it to copy a shared snapshot, and nothing more. */
function diskKeyPolicy(account: string, drAccount: string): string {
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${account}:root` }, Action: 'kms:*', Resource: '*' },
      {
        Effect: 'Allow',
        Principal: { AWS: `arn:aws:iam::${drAccount}:root` },
        Action: ['kms:DescribeKey', 'kms:GenerateDataKey*', 'kms:ReEncrypt*', 'kms:Decrypt'],
        Resource: '*',
      },
      {
        Effect: 'Allow',
        Principal: { AWS: `arn:aws:iam::${drAccount}:root` },
        Action: 'kms:CreateGrant',
        Resource: '*',
        Condition: { Bool: { 'kms:GrantIsForAWSResource': 'true' } },
      },
    ],
  });
}
