import {
  type CloudWatchClient,
  DescribeAlarmsCommand,
  GetDashboardCommand,
  ListDashboardsCommand,
  ListTagsForResourceCommand,
  PutCompositeAlarmCommand,
  PutDashboardCommand,
  PutMetricAlarmCommand,
  CloudWatchClient as Watch,
} from '@aws-sdk/client-cloudwatch';
import { DescribeInstancesCommand } from '@aws-sdk/client-ec2';
import { CreateTopicCommand, SNSClient } from '@aws-sdk/client-sns';
import { expect } from 'chai';
import { TAG, vaultNames } from '../../names';
import { DR, SOURCE, type Stage, succeeded } from '../../scripts/demo/stage';
import { RecoveryWorld } from './recoveryWorld';

const UP = ['up', '--yes', '--skip-preview', '--stack', 'dr'];
const OURS = vaultNames(DR.account, DR.region).missingRunAlarm;
const arn = (
  service: string,
  name: string,
  { account, region }: { account: string; region: string } = SOURCE,
) => `arn:aws:${service}:${region}:${account}:${name}`;
/** Of a machine that the source has ended. */
const GONE = 'i-0ffffffffffffffff';

/** The alarms and dashboards of the source: one alarm cannot be made in DR, nor what needs it. */
async function makeWatch(watch: CloudWatchClient, machine: string): Promise<void> {
  const alarm = {
    Namespace: 'AWS/EC2',
    MetricName: 'CPUUtilization',
    Statistic: 'Average',
    Period: 300,
    EvaluationPeriods: 2,
    Threshold: 0,
    ComparisonOperator: 'GreaterThanThreshold',
  } as const;
  const of = (Value: string) => ({ Dimensions: [{ Name: 'InstanceId', Value }] });
  await watch.send(
    new PutMetricAlarmCommand({
      ...alarm,
      ...of(machine),
      AlarmName: 'slow (shop)',
      AlarmDescription: 'The shop is slow',
      AlarmActions: [arn('sns', 'people'), `arn:aws:automate:${SOURCE.region}:ec2:terminate`],
      TreatMissingData: 'notBreaching',
      Tags: [{ Key: 'team', Value: 'shop' }],
    }),
  );
  const Metric = { Namespace: 'AWS/EC2', MetricName: 'NetworkIn', ...of(machine) };
  await watch.send(
    new PutMetricAlarmCommand({
      AlarmName: 'idle',
      EvaluationPeriods: 1,
      Threshold: 1.5,
      ComparisonOperator: 'LessThanThreshold',
      Metrics: [
        { Id: 'bytes', MetricStat: { Metric, Period: 300, Stat: 'p99' }, ReturnData: false },
        { Id: 'rate', Expression: 'bytes / 300', Label: 'bytes a second', ReturnData: true },
      ],
    }),
  );
  await watch.send(new PutMetricAlarmCommand({ ...alarm, ...of(GONE), AlarmName: 'gone' }));
  const compose = (AlarmName: string, AlarmRule: string) =>
    watch.send(new PutCompositeAlarmCommand({ AlarmName, AlarmRule }));
  await compose('z-inner', `ALARM("slow (shop)") OR OK(${arn('cloudwatch', 'alarm:idle')})`);
  await compose('a-outer', 'NOT ALARM(z-inner)');
  await compose('with gone', 'ALARM(gone)');
  const metrics = [
    ['AWS/EC2', 'CPUUtilization', 'InstanceId', machine],
    ['...', GONE],
  ];
  const properties = {
    region: SOURCE.region,
    metrics,
    annotations: { alarms: [arn('cloudwatch', 'alarm:idle')] },
  };
  const custom = { type: 'custom', properties: { endpoint: arn('lambda', 'function:draw') } };
  const DashboardBody = JSON.stringify({ widgets: [{ type: 'metric', properties }, custom] });
  await watch.send(new PutDashboardCommand({ DashboardName: 'shop', DashboardBody }));
}

describe('alarms and dashboards, in a recovery with the source dead', function () {
  this.timeout(300_000);
  let world: RecoveryWorld;
  let stage: Stage;
  let dr: CloudWatchClient;

  const shown = async () => {
    const types = { AlarmTypes: ['CompositeAlarm' as const, 'MetricAlarm' as const] };
    const { MetricAlarms = [], CompositeAlarms = [] } = await dr.send(new DescribeAlarmsCommand(types));
    const { DashboardEntries = [] } = await dr.send(new ListDashboardsCommand({}));
    return { MetricAlarms, CompositeAlarms, dashboards: DashboardEntries.map((each) => each.DashboardName) };
  };
  const names = async () => {
    const { MetricAlarms, CompositeAlarms, dashboards } = await shown();
    return [...MetricAlarms, ...CompositeAlarms]
      .map(({ AlarmName = '' }) => AlarmName)
      .concat(dashboards.map((name = '') => name));
  };
  const machine = async () => {
    const Filters = [
      { Name: `tag:${TAG.sourceId}`, Values: [world.estate.instances['SHOP-WEB'] ?? ''] },
      { Name: 'instance-state-name', Values: ['running'] },
    ];
    const { Reservations } = await stage.ec2(DR).send(new DescribeInstancesCommand({ Filters }));
    return Reservations?.[0]?.Instances?.[0]?.InstanceId;
  };

  before(async () => {
    world = await RecoveryWorld.open(async (opened, estate) => {
      stage = opened;
      dr = new Watch(stage.client(DR));
      await new SNSClient(stage.client(SOURCE)).send(new CreateTopicCommand({ Name: 'people' }));
      await makeWatch(new Watch(stage.client(SOURCE)), estate.instances['SHOP-WEB'] ?? '');
      // What people in DR have by these names is theirs.
      await dr.send(new PutDashboardCommand({ DashboardName: 'shop', DashboardBody: '{"widgets":[]}' }));
    });
  });
  after(() => world?.close());

  it('are in the inventory alone at rest', async () => {
    expect(await names()).to.deep.equal([OURS, 'shop']);
    succeeded(await stage.pulumi('.', [...UP, '--expect-no-changes'], { env: world.run }));
  });

  it('are made with the machines, in terms of DR, and do nothing but tell', async () => {
    const said = await world.recovered();
    const { MetricAlarms, CompositeAlarms, dashboards } = await shown();
    const here = await machine();
    expect(here).to.match(/^i-/);
    const [idle, own, slow] = MetricAlarms;
    expect([idle?.AlarmName, own?.AlarmName, slow?.AlarmName]).to.deep.equal(['idle', OURS, 'slow (shop)']);
    expect(slow).to.deep.include({
      AlarmDescription: 'The shop is slow',
      Threshold: 0,
      TreatMissingData: 'notBreaching',
      Dimensions: [{ Name: 'InstanceId', Value: here }],
      AlarmActions: [arn('sns', 'people', DR)],
    });
    const { Tags } = await dr.send(new ListTagsForResourceCommand({ ResourceARN: slow?.AlarmArn }));
    expect(Tags).to.have.deep.members([
      { Key: 'team', Value: 'shop' },
      { Key: TAG.sourceId, Value: 'slow _shop_' },
    ]);
    const queries = idle?.Metrics?.map(({ Id, MetricStat, Expression }) => [
      Id,
      MetricStat?.Metric?.Dimensions?.[0]?.Value ?? Expression,
    ]);
    expect(queries).to.have.deep.members([
      ['bytes', here],
      ['rate', 'bytes / 300'],
    ]);
    expect(CompositeAlarms.map(({ AlarmName, AlarmRule }) => [AlarmName, AlarmRule?.trim()])).to.deep.equal([
      ['a-outer', 'NOT ALARM("z-inner")'],
      ['z-inner', 'ALARM("slow (shop)") OR OK("idle")'],
    ]);
    expect(dashboards).to.deep.equal(['lifeboat-shop', 'shop']);
    const { DashboardBody = '' } = await dr.send(new GetDashboardCommand({ DashboardName: 'lifeboat-shop' }));
    expect(JSON.parse(DashboardBody)).to.deep.equal({
      widgets: [
        {
          type: 'metric',
          properties: {
            region: DR.region,
            metrics: [
              ['AWS/EC2', 'CPUUtilization', 'InstanceId', here],
              ['AWS/EC2', 'CPUUtilization', 'InstanceId', GONE],
            ],
            annotations: { alarms: [arn('cloudwatch', 'alarm:idle', DR)] },
          },
        },
      ],
    });
    for (const words of [
      'ec2:terminate',
      `instance/${GONE}, which the source does not have`,
      'function:draw',
    ])
      expect(said).to.contain(words);
  });

  it('are the same in the next run, and after a refresh', () => world.expectNothingToDo());

  it('are adopted when the state is lost', () => world.expectFoundAgain(names));

  it('go when the recovery ends; what is not Lifeboat’s, and the vault’s own alarm, stay', async () => {
    expect(await world.ended())
      .to.contain('composite-alarm/a-outer')
      .and.to.contain('dashboard/lifeboat-shop');
    expect(await names()).to.deep.equal([OURS, 'shop']);
    succeeded(await stage.pulumi('.', [...UP, '--expect-no-changes'], { env: world.run }));
  });
});
