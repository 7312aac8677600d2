import {
  AttachInstancesCommand,
  AutoScalingClient,
  CreateAutoScalingGroupCommand,
  DescribeAutoScalingGroupsCommand,
  DetachInstancesCommand,
} from '@aws-sdk/client-auto-scaling';
import {
  AllocateAddressCommand,
  AssociateAddressCommand,
  CreateLaunchTemplateCommand,
  DescribeAddressesCommand,
  DescribeInstancesCommand,
} from '@aws-sdk/client-ec2';
import {
  ChangeResourceRecordSetsCommand,
  ChangeTagsForResourceCommand,
  CreateHealthCheckCommand,
  CreateHostedZoneCommand,
  GetHostedZoneCommand,
  ListHealthChecksCommand,
  ListHostedZonesCommand,
  ListResourceRecordSetsCommand,
  type ResourceRecordSet,
  Route53Client,
} from '@aws-sdk/client-route-53';
import { expect } from 'chai';
import type { Estate } from '../../scripts/demo/estate';
import { robot } from '../../scripts/demo/robot';
import { DR, SOURCE, type Stage, succeeded } from '../../scripts/demo/stage';
import { RecoveryWorld } from './recoveryWorld';

/** What a recovery makes beside its machines, with every policy enforced and the source dead. */
describe('what is billed beside machines, at a recovery', function () {
  this.timeout(600_000);
  let world: RecoveryWorld;
  let stage: Stage;
  let address: string;

  const dns = (side: typeof DR | typeof SOURCE) =>
    new Route53Client({ ...stage.client(side), region: 'us-east-1' });
  const groups = (side: typeof DR | typeof SOURCE) => new AutoScalingClient(stage.client(side));

  /** Of DR: all that a recovery makes beside machines. */
  const made = async () => {
    const { HostedZones = [] } = await dns(DR).send(new ListHostedZonesCommand({}));
    const { HealthChecks = [] } = await dns(DR).send(new ListHealthChecksCommand({}));
    const { AutoScalingGroups = [] } = await groups(DR).send(new DescribeAutoScalingGroupsCommand({}));
    const { Addresses = [] } = await stage.ec2(DR).send(new DescribeAddressesCommand({}));
    const records = await Promise.all(
      HostedZones.map(({ Id }) => dns(DR).send(new ListResourceRecordSetsCommand({ HostedZoneId: Id }))),
    );
    return {
      zones: HostedZones,
      checks: HealthChecks,
      groups: AutoScalingGroups,
      addresses: Addresses,
      records: records.flatMap(({ ResourceRecordSets = [] }) => ResourceRecordSets),
    };
  };
  const counts = async () =>
    Object.fromEntries(Object.entries(await made()).map(([name, all]) => [name, all.length]));
  const NOTHING = { zones: 0, checks: 0, groups: 0, addresses: 0, records: 0 };
  /** Two zones, with two records of AWS's own in each. */
  const ALL = { zones: 2, checks: 2, groups: 1, addresses: 1, records: 4 + 6 };

  before(async () => {
    world = await RecoveryWorld.open(async (opened, estate) => {
      stage = opened;
      address = await makeBeside(estate);
    });
  });
  after(() => world?.close());

  /** @returns the Elastic IP of one of its machines */
  async function makeBeside(estate: Estate): Promise<string> {
    const source = stage.ec2(SOURCE);
    const [instanceId = ''] = Object.values(estate.instances);
    const { Reservations } = await source.send(new DescribeInstancesCommand({ InstanceIds: [instanceId] }));
    const machine = Reservations?.[0]?.Instances?.[0];
    const { AllocationId, PublicIp = '' } = await source.send(
      new AllocateAddressCommand({
        Domain: 'vpc',
        TagSpecifications: [{ ResourceType: 'elastic-ip', Tags: [{ Key: 'Name', Value: 'web' }] }],
      }),
    );
    await source.send(new AssociateAddressCommand({ AllocationId, InstanceId: instanceId }));
    const check = async (HealthCheckConfig: object, name: string) => {
      const { HealthCheck } = await dns(SOURCE).send(
        new CreateHealthCheckCommand({
          CallerReference: name,
          HealthCheckConfig: HealthCheckConfig as never,
        }),
      );
      await dns(SOURCE).send(
        new ChangeTagsForResourceCommand({
          ResourceType: 'healthcheck',
          ResourceId: HealthCheck?.Id,
          AddTags: [{ Key: 'Name', Value: name }],
        }),
      );
      return HealthCheck?.Id ?? '';
    };
    const web = await check(
      { Type: 'HTTP', IPAddress: PublicIp, Port: 80, ResourcePath: '/health', RequestInterval: 30 },
      'web',
    );
    await check({ Type: 'CALCULATED', ChildHealthChecks: [web], HealthThreshold: 1 }, 'any');
    const open = await dns(SOURCE).send(
      new CreateHostedZoneCommand({
        Name: 'shop.example.org',
        CallerReference: 'open',
        HostedZoneConfig: { Comment: 'the shop', PrivateZone: false },
      }),
    );
    const inside = await dns(SOURCE).send(
      new CreateHostedZoneCommand({
        Name: 'shop.internal',
        CallerReference: 'inside',
        VPC: { VPCRegion: SOURCE.region, VPCId: machine?.VpcId },
      }),
    );
    const put = (zone: string | undefined, ...sets: ResourceRecordSet[]) =>
      dns(SOURCE).send(
        new ChangeResourceRecordSetsCommand({
          HostedZoneId: zone,
          ChangeBatch: {
            Changes: sets.map((ResourceRecordSet) => ({ Action: 'CREATE', ResourceRecordSet })),
          },
        }),
      );
    const value = (Name: string, Type: 'A' | 'CNAME' | 'MX' | 'TXT', Value: string): ResourceRecordSet => ({
      ...{ Name, Type, TTL: 300 },
      ResourceRecords: [{ Value }],
    });
    await put(
      open.HostedZone?.Id,
      { ...value('shop.example.org', 'A', PublicIp), SetIdentifier: 'one', Weight: 10, HealthCheckId: web },
      value('*.shop.example.org', 'CNAME', 'www.example.net'),
      value('shop.example.org', 'MX', '10 mail.example.net'),
      value('shop.example.org', 'TXT', '"v=spf1 -all"'),
      value('old.shop.example.org', 'CNAME', 'shop-1.eu-west-1.elb.amazonaws.com'),
      {
        Name: 'www.shop.example.org',
        Type: 'A',
        AliasTarget: {
          DNSName: 'shop.example.org',
          HostedZoneId: open.HostedZone?.Id?.replace('/hostedzone/', ''),
          EvaluateTargetHealth: true,
        },
      },
    );
    await put(inside.HostedZone?.Id, value('db.shop.internal', 'A', machine?.PrivateIpAddress ?? ''));
    await source.send(
      new CreateLaunchTemplateCommand({
        LaunchTemplateName: 'beside',
        LaunchTemplateData: { InstanceType: 't3.micro' },
      }),
    );
    await groups(SOURCE).send(
      new CreateAutoScalingGroupCommand({
        AutoScalingGroupName: 'beside',
        MinSize: 0,
        MaxSize: 4,
        DesiredCapacity: 0,
        VPCZoneIdentifier: machine?.SubnetId,
        LaunchTemplate: { LaunchTemplateName: 'beside', Version: '$Default' },
        Tags: [{ Key: 'team', Value: 'shop', PropagateAtLaunch: true }],
      }),
    );
    return PublicIp;
  }

  it('is not there at rest', async () => {
    expect(await counts()).to.deep.equal(NOTHING);
  });

  it('is made of what was accepted, after the machines, in DR’s terms', async () => {
    await robot(stage.ec2(SOURCE));
    expect(await world.recovered()).to.contain("which is the source's");
    expect(await counts()).to.deep.equal(ALL);
    const { zones, checks, addresses, groups: scaling, records } = await made();
    const [elastic] = addresses;
    expect(elastic?.PublicIp).to.not.equal(address);
    const { Reservations = [] } = await stage
      .ec2(DR)
      .send(new DescribeInstancesCommand({ InstanceIds: [elastic?.InstanceId ?? ''] }));
    expect(Reservations[0]?.Instances?.[0]?.State?.Name).to.equal('running');
    const set = (name: string, type: string) =>
      records.find(({ Name, Type }) => Name === `${name}.` && Type === type);
    expect(set('shop.example.org', 'A')?.ResourceRecords).to.deep.equal([{ Value: elastic?.PublicIp }]);
    expect(checks.some(({ Id }) => Id === set('shop.example.org', 'A')?.HealthCheckId)).to.equal(true);
    expect(set('shop.example.org', 'TXT')?.ResourceRecords).to.deep.equal([{ Value: '"v=spf1 -all"' }]);
    expect(set('\\052.shop.example.org', 'CNAME')?.ResourceRecords?.[0]?.Value).to.equal('www.example.net');
    expect(set('old.shop.example.org', 'CNAME')).to.equal(undefined);
    const open = zones.find(({ Name }) => Name === 'shop.example.org.');
    const { DelegationSet } = await dns(DR).send(new GetHostedZoneCommand({ Id: open?.Id }));
    const set0 = await stage.pulumi('vault', ['stack', 'output', '--json', '--stack', 'dr'], {
      env: stage.root(DR),
    });
    expect(JSON.parse(succeeded(set0).stdout).nameServers).to.have.members(DelegationSet?.NameServers ?? []);
    expect(scaling[0]).to.deep.include({ MinSize: 0, MaxSize: 4, DesiredCapacity: 0 });
  });

  it('is not changed by a second run, nor by a refresh', async () => {
    await world.expectNothingToDo();
  });

  it('is found again when the state is lost', async () => {
    const ids = async () => {
      const { zones, checks, addresses } = await made();
      return [
        ...zones.map(({ Id }) => Id),
        ...checks.map(({ Id }) => Id),
        ...addresses.map(({ AllocationId }) => AllocationId),
      ].sort();
    };
    await world.expectFoundAgain(ids);
    expect(await counts()).to.deep.equal(ALL);
  });

  it('is not ended while a group has machines, whose data would go with them', async () => {
    const [address] = (await made()).addresses;
    const one = { AutoScalingGroupName: 'beside', InstanceIds: [address?.InstanceId ?? ''] };
    await groups(DR).send(new AttachInstancesCommand(one));
    // The sizes are left to whoever recovers.
    succeeded(await world.up('--expect-no-changes'));
    const refused = await stage.lifeboat(['stand-down', '--confirm', DR.account], { env: world.recover });
    expect(refused.code).to.not.equal(0);
    expect(refused.stderr).to.contain('beside: 1').and.contain('--desired-capacity 0');
    expect(await counts()).to.deep.equal(ALL);
    await groups(DR).send(new DetachInstancesCommand({ ...one, ShouldDecrementDesiredCapacity: true }));
  });

  it('goes when the recovery is ended, and nothing of it may be left', async () => {
    expect(await world.ended())
      .to.contain('hosted-zone/')
      .and.contain('elastic-ip/');
    expect(await counts()).to.deep.equal(NOTHING);
    // A launch template that no state held was left as it was until the recovery ended.
    succeeded(await world.up());
    succeeded(await world.up('--expect-no-changes'));
  });

  it('stops a run at rest when it is there all the same', async () => {
    await stage.ec2(DR).send(
      new AllocateAddressCommand({
        Domain: 'vpc',
        TagSpecifications: [
          { ResourceType: 'elastic-ip', Tags: [{ Key: 'lifeboat:source-id', Value: 'eipalloc-0123' }] },
        ],
      }),
    );
    expect(await world.refusedAtRest()).to.contain('elastic-ip/eipalloc-');
  });
});
