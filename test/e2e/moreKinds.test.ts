import {
  AuthorizeSecurityGroupIngressCommand,
  CreateLaunchTemplateCommand,
  CreateLaunchTemplateVersionCommand,
  CreateManagedPrefixListCommand,
  CreatePlacementGroupCommand,
  type CreatePlacementGroupCommandInput,
  CreateSecurityGroupCommand,
  CreateTagsCommand,
  CreateVpcCommand,
  CreateVpcEndpointCommand,
  DeleteKeyPairCommand,
  DeleteLaunchTemplateCommand,
  DeleteManagedPrefixListCommand,
  DeletePlacementGroupCommand,
  DeleteSecurityGroupCommand,
  DeleteVpcEndpointsCommand,
  DescribeKeyPairsCommand,
  DescribeLaunchTemplateVersionsCommand,
  DescribeManagedPrefixListsCommand,
  DescribePlacementGroupsCommand,
  DescribeSecurityGroupRulesCommand,
  DescribeVpcEndpointsCommand,
  type EC2Client,
  GetManagedPrefixListEntriesCommand,
  ImportKeyPairCommand,
  ModifyLaunchTemplateCommand,
  ModifyManagedPrefixListCommand,
  ModifyVpcEndpointCommand,
  type RequestLaunchTemplateData,
} from '@aws-sdk/client-ec2';
import { expect } from 'chai';
import { present } from '../../kinds/kind';
import { DR, SOURCE, Stage } from '../../scripts/demo/stage';

const UP = ['up', '--yes', '--skip-preview', '--stack', 'dr'];

/** One kind's way through all runs: how it is made, what is changed, and what DR then shows. */
interface Subject {
  readonly name: string;
  make(source: EC2Client): Promise<void>;
  change(source: EC2Client): Promise<void>;
  remove(source: EC2Client): Promise<void>;
  /** What DR holds, in a form that both sides share. */
  read(side: EC2Client): Promise<unknown>;
  readonly made: unknown;
  readonly changed: unknown;
  /** What DR keeps when the source's are removed. Default: nothing. */
  readonly left?: unknown;
}

const prefixLists: Subject = (() => {
  let id = '';
  let GroupId: string | undefined;
  const ownLists = async (side: EC2Client) => {
    const { PrefixLists = [] } = await side.send(new DescribeManagedPrefixListsCommand({}));
    return PrefixLists.filter(({ OwnerId }) => OwnerId !== 'AWS');
  };
  return {
    name: 'a prefix list, and rules that name it and S3',
    async make(source) {
      const list = await source.send(
        new CreateManagedPrefixListCommand({
          PrefixListName: 'offices',
          AddressFamily: 'IPv4',
          MaxEntries: 5,
          Entries: [{ Cidr: '192.0.2.0/24', Description: 'north' }, { Cidr: '198.51.100.0/24' }],
        }),
      );
      id = present(list.PrefixList?.PrefixListId, 'PrefixListId');
      const { PrefixLists = [] } = await source.send(
        new DescribeManagedPrefixListsCommand({
          Filters: [{ Name: 'prefix-list-name', Values: [`com.amazonaws.${SOURCE.region}.s3`] }],
        }),
      );
      const { Vpc } = await source.send(new CreateVpcCommand({ CidrBlock: '10.1.0.0/16' }));
      const group = { GroupName: 'listed', Description: 'listed', VpcId: Vpc?.VpcId };
      ({ GroupId } = await source.send(new CreateSecurityGroupCommand(group)));
      const lists = [id, present(PrefixLists[0]?.PrefixListId, 'PrefixListId')];
      await source.send(
        new AuthorizeSecurityGroupIngressCommand({
          GroupId,
          IpPermissions: lists.map((PrefixListId) => ({
            IpProtocol: 'tcp',
            FromPort: 22,
            ToPort: 22,
            PrefixListIds: [{ PrefixListId, Description: 'by list' }],
          })),
        }),
      );
    },
    async change(source) {
      const { PrefixList } = await source.send(
        new ModifyManagedPrefixListCommand({ PrefixListId: id, MaxEntries: 9 }),
      );
      await source.send(
        new ModifyManagedPrefixListCommand({
          PrefixListId: id,
          PrefixListName: 'all offices',
          CurrentVersion: PrefixList?.Version,
          AddEntries: [{ Cidr: '203.0.113.0/24', Description: 'south' }],
          RemoveEntries: [{ Cidr: '198.51.100.0/24' }],
        }),
      );
    },
    async remove(source) {
      await source.send(new DeleteSecurityGroupCommand({ GroupId }));
      await source.send(new DeleteManagedPrefixListCommand({ PrefixListId: id }));
    },
    async read(side) {
      const lists = await ownLists(side);
      const { SecurityGroupRules = [] } = await side.send(new DescribeSecurityGroupRulesCommand({}));
      return Promise.all(
        lists.map(async ({ PrefixListId, PrefixListName, MaxEntries }) => {
          const { Entries = [] } = await side.send(new GetManagedPrefixListEntriesCommand({ PrefixListId }));
          return {
            name: PrefixListName,
            max: MaxEntries,
            entries: Entries.map(({ Cidr, Description }) => `${Cidr} ${Description ?? ''}`).sort(),
            rules: SecurityGroupRules.filter((rule) => rule.PrefixListId === PrefixListId).length,
          };
        }),
      );
    },
    made: [{ name: 'offices', max: 5, entries: ['192.0.2.0/24 north', '198.51.100.0/24 '], rules: 1 }],
    changed: [
      { name: 'all offices', max: 9, entries: ['192.0.2.0/24 north', '203.0.113.0/24 south'], rules: 1 },
    ],
  };
})();

/** A public key in OpenSSH's format, of no private key. */
function publicKey(byte: number): string {
  const field = (data: Buffer) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(data.length);
    return Buffer.concat([length, data]);
  };
  const body = Buffer.concat([field(Buffer.from('ssh-ed25519')), field(Buffer.alloc(32, byte))]);
  return `ssh-ed25519 ${body.toString('base64')}`;
}

const keyPairs: Subject = (() => {
  const KeyName = 'ops';
  let id = '';
  return {
    name: 'a key pair',
    async make(source) {
      const made = await source.send(
        new ImportKeyPairCommand({ KeyName, PublicKeyMaterial: Buffer.from(`${publicKey(1)} me@home`) }),
      );
      id = present(made.KeyPairId, 'KeyPairId');
    },
    async change(source) {
      await source.send(new CreateTagsCommand({ Resources: [id], Tags: [{ Key: 'team', Value: 'ops' }] }));
    },
    async remove(source) {
      await source.send(new DeleteKeyPairCommand({ KeyName }));
    },
    async read(side) {
      const { KeyPairs = [] } = await side.send(new DescribeKeyPairsCommand({ IncludePublicKey: true }));
      return KeyPairs.map((key) => ({
        name: key.KeyName,
        key: key.PublicKey?.split(' ').slice(0, 2).join(' '),
        team: key.Tags?.find(({ Key }) => Key === 'team')?.Value,
      }));
    },
    made: [{ name: KeyName, key: publicKey(1), team: undefined }],
    changed: [{ name: KeyName, key: publicKey(1), team: 'ops' }],
    // The state was lost before, and the provider cannot take a key over.
    left: [{ name: KeyName, key: publicKey(1), team: 'ops' }],
  };
})();

const placementGroups: Subject = {
  name: 'placement groups',
  async make(source) {
    const groups: CreatePlacementGroupCommandInput[] = [
      { GroupName: 'compute', Strategy: 'cluster' },
      { GroupName: 'kafka', Strategy: 'partition', PartitionCount: 3 },
      { GroupName: 'quorum', Strategy: 'spread', SpreadLevel: 'rack' },
    ];
    for (const group of groups) await source.send(new CreatePlacementGroupCommand(group));
  },
  async change(source) {
    await source.send(new DeletePlacementGroupCommand({ GroupName: 'compute' }));
    await source.send(new CreatePlacementGroupCommand({ GroupName: 'compute', Strategy: 'spread' }));
  },
  async remove(source) {
    // Not all of them: the guard stops a run that misses a whole kind.
    await source.send(new DeletePlacementGroupCommand({ GroupName: 'compute' }));
  },
  async read(side) {
    const { PlacementGroups = [] } = await side.send(new DescribePlacementGroupsCommand({}));
    return PlacementGroups.map(
      ({ GroupName, Strategy, PartitionCount, SpreadLevel }) =>
        `${GroupName} ${Strategy} ${PartitionCount ?? SpreadLevel ?? ''}`,
    ).sort();
  },
  made: ['compute cluster ', 'kafka partition 3', 'quorum spread rack'],
  changed: ['compute spread rack', 'kafka partition 3', 'quorum spread rack'],
  left: ['kafka partition 3', 'quorum spread rack'],
};

const launchTemplates: Subject = (() => {
  const LaunchTemplateName = 'web';
  const UserData = Buffer.from('#!/bin/sh\necho hello\n').toString('base64');
  const data: RequestLaunchTemplateData = {
    ImageId: 'resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64',
    InstanceType: 't3.micro',
    KeyName: 'ops',
    UserData,
    EbsOptimized: true,
    Placement: { GroupName: 'quorum', Tenancy: 'default' },
    MetadataOptions: { HttpTokens: 'required', HttpPutResponseHopLimit: 2, HttpEndpoint: 'enabled' },
    CreditSpecification: { CpuCredits: 'standard' },
    Monitoring: { Enabled: true },
    MaintenanceOptions: { AutoRecovery: 'disabled' },
    BlockDeviceMappings: [
      {
        DeviceName: '/dev/xvda',
        Ebs: { VolumeSize: 20, VolumeType: 'gp3', Encrypted: true, DeleteOnTermination: false },
      },
    ],
    TagSpecifications: [{ ResourceType: 'instance', Tags: [{ Key: 'role', Value: 'web' }] }],
  };
  const kept = {
    image: data.ImageId,
    type: 't3.micro',
    key: 'ops',
    userData: UserData,
    placement: data.Placement,
    disks: data.BlockDeviceMappings,
    metadata: data.MetadataOptions,
    tags: data.TagSpecifications,
    rest: [true, 'standard', true, 'disabled'],
  };
  return {
    name: 'a launch template',
    async make(source) {
      await source.send(new CreateLaunchTemplateCommand({ LaunchTemplateName, LaunchTemplateData: data }));
    },
    async change(source) {
      const { LaunchTemplateVersion } = await source.send(
        new CreateLaunchTemplateVersionCommand({
          LaunchTemplateName,
          VersionDescription: 'larger',
          LaunchTemplateData: { ...data, InstanceType: 't3.large' },
        }),
      );
      const DefaultVersion = String(LaunchTemplateVersion?.VersionNumber);
      await source.send(new ModifyLaunchTemplateCommand({ LaunchTemplateName, DefaultVersion }));
    },
    async remove(source) {
      await source.send(new DeleteLaunchTemplateCommand({ LaunchTemplateName }));
    },
    async read(side) {
      const { LaunchTemplateVersions = [] } = await side.send(
        new DescribeLaunchTemplateVersionsCommand({ Versions: ['$Default'] }),
      );
      return LaunchTemplateVersions.map(
        ({ LaunchTemplateName: name, VersionDescription, LaunchTemplateData: now }) => ({
          name,
          description: VersionDescription,
          image: now?.ImageId,
          type: now?.InstanceType,
          key: now?.KeyName,
          userData: now?.UserData,
          placement: now?.Placement,
          disks: now?.BlockDeviceMappings,
          metadata: now?.MetadataOptions,
          tags: now?.TagSpecifications,
          rest: [
            now?.EbsOptimized,
            now?.CreditSpecification?.CpuCredits,
            now?.Monitoring?.Enabled,
            now?.MaintenanceOptions?.AutoRecovery,
          ],
        }),
      );
    },
    made: [{ name: LaunchTemplateName, description: undefined, ...kept }],
    changed: [{ name: LaunchTemplateName, description: 'larger', ...kept, type: 't3.large' }],
  };
})();

const vpcEndpoints: Subject = (() => {
  const policy = (account: string, region: string) => ({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: '*',
        Action: 'dynamodb:*',
        Resource: `arn:aws:dynamodb:${region}:${account}:table/orders`,
      },
    ],
  });
  let id = '';
  return {
    name: 'a gateway endpoint with a policy',
    async make(source) {
      const { Vpc } = await source.send(new CreateVpcCommand({ CidrBlock: '10.2.0.0/16' }));
      const { VpcEndpoint } = await source.send(
        new CreateVpcEndpointCommand({
          VpcId: Vpc?.VpcId,
          ServiceName: `com.amazonaws.${SOURCE.region}.dynamodb`,
          PolicyDocument: JSON.stringify(policy(SOURCE.account, SOURCE.region)),
        }),
      );
      id = present(VpcEndpoint?.VpcEndpointId, 'VpcEndpointId');
    },
    async change(source) {
      await source.send(new ModifyVpcEndpointCommand({ VpcEndpointId: id, ResetPolicy: true }));
    },
    async remove(source) {
      await source.send(new DeleteVpcEndpointsCommand({ VpcEndpointIds: [id] }));
    },
    async read(side) {
      const { VpcEndpoints = [] } = await side.send(new DescribeVpcEndpointsCommand({}));
      return VpcEndpoints.map(({ ServiceName, PolicyDocument = '' }) => ({
        service: ServiceName,
        resource: JSON.parse(PolicyDocument).Statement[0].Resource,
      }));
    },
    made: [
      {
        service: `com.amazonaws.${DR.region}.dynamodb`,
        resource: policy(DR.account, DR.region).Statement[0]?.Resource,
      },
    ],
    changed: [{ service: `com.amazonaws.${DR.region}.dynamodb`, resource: '*' }],
  };
})();

const SUBJECTS = [prefixLists, keyPairs, placementGroups, launchTemplates, vpcEndpoints];

describe('prefix lists, keys, groups, templates and endpoints, on the real engine and provider', function () {
  this.timeout(300_000);
  let stage: Stage;
  let run: Record<string, string>;

  before(async () => {
    stage = await Stage.open();
    for (const subject of SUBJECTS) await subject.make(stage.ec2(SOURCE));
    await stage.up('vault');
    await stage.up('source', { env: stage.root(SOURCE) });
    await stage.emulator.config({ enforceIam: true });
    run = await stage.role('lifeboat-run');
  });
  after(() => stage?.close());

  const runs = async (...args: string[]) => {
    const finished = await stage.pulumi('.', args, { env: run });
    expect(finished.code, finished.stdout + finished.stderr).to.equal(0);
    return finished.stdout;
  };
  const shows = async (which: 'made' | 'changed') => {
    for (const subject of SUBJECTS)
      expect(await subject.read(stage.ec2(DR)), subject.name).to.deep.equal(subject[which]);
  };

  it('come with all that they hold', async () => {
    await stage.up('.', { env: run });
    await shows('made');
    // Each kind has one object here, and most change.
    await stage.config('guardShare', '100');
  });

  it('are the same in the next run, and after a refresh', async () => {
    await runs(...UP, '--expect-no-changes');
    await runs('preview', '--refresh', '--stack', 'dr', '--expect-no-changes');
  });

  it('follow a change', async () => {
    for (const subject of SUBJECTS) await subject.change(stage.ec2(SOURCE));
    await runs(...UP);
    await shows('changed');
    await runs(...UP, '--expect-no-changes');
    await runs('preview', '--refresh', '--stack', 'dr', '--expect-no-changes');
  });

  it('are adopted when the state is lost', async () => {
    await runs('stack', 'rm', '--force', '--yes', '--preserve-config', '--stack', 'dr');
    await stage.up('.', { env: run });
    await shows('changed');
    await runs(...UP, '--expect-no-changes');
  });

  it('are held when they are gone, and go when that is wanted', async () => {
    for (const subject of SUBJECTS) await subject.remove(stage.ec2(SOURCE));
    await runs(...UP);
    await shows('changed');
    await stage.config('removals', 'follow');
    await runs(...UP);
    for (const subject of SUBJECTS)
      expect(await subject.read(stage.ec2(DR)), subject.name).to.deep.equal(subject.left ?? []);
    await runs(...UP, '--expect-no-changes');
  });
});
