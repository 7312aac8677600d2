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
import { type Estate, makeEstate } from '../../scripts/demo/estate';
import { DR, SOURCE, Stage, succeeded } from '../../scripts/demo/stage';

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
  let stage: Stage;
  let estate: Estate;
  let dr: CloudWatchClient;
  let run: Record<string, string>;
  let recover: Record<string, string>;

  const engine = (env: Record<string, string>, ...args: string[]) => stage.pulumi('.', args, { env });
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
      { Name: `tag:${TAG.sourceId}`, Values: [estate.instances['SHOP-WEB'] ?? ''] },
      { Name: 'instance-state-name', Values: ['running'] },
    ];
    const { Reservations } = await stage.ec2(DR).send(new DescribeInstancesCommand({ Filters }));
    return Reservations?.[0]?.Instances?.[0]?.InstanceId;
  };

  before(async () => {
    stage = await Stage.open();
    dr = new Watch(stage.client(DR));
    await stage.emulator.config({ copyMiBps: 200 * 1024 });
    estate = await makeEstate(stage.ec2(SOURCE), stage.kms(SOURCE), SOURCE.account, DR.account);
    await new SNSClient(stage.client(SOURCE)).send(new CreateTopicCommand({ Name: 'people' }));
    await makeWatch(new Watch(stage.client(SOURCE)), estate.instances['SHOP-WEB'] ?? '');
    // What people in DR have by these names is theirs.
    await dr.send(new PutDashboardCommand({ DashboardName: 'shop', DashboardBody: '{"widgets":[]}' }));
    await stage.up('vault');
    await stage.up('source', { env: stage.root(SOURCE) });
    succeeded(await stage.lifeboat(['tag-volumes'], { env: stage.root(SOURCE) }));
    for (const { errors } of await stage.emulator.runDlm()) expect(errors).to.deep.equal([]);
    await stage.emulator.config({ enforceIam: true });
    run = await stage.role('lifeboat-run');
    recover = await stage.role('lifeboat-recover');
  });
  after(() => stage?.close());

  it('are in the inventory alone at rest', async () => {
    const finished = succeeded(await stage.pulumi('.', ['stack', 'init', 'dr'], { env: run }));
    expect(finished.code).to.equal(0);
    succeeded(await engine(run, ...UP));
    expect(await names()).to.deep.equal([OURS, 'shop']);
    succeeded(await engine(run, ...UP, '--expect-no-changes'));
    succeeded(await stage.lifeboat(['copy-snapshots', '--poll-seconds', '1'], { env: run }));
  });

  it('are made with the machines, in terms of DR, and do nothing but tell', async () => {
    await stage.loseSource();
    await stage.config('recover', 'true');
    const { stdout } = succeeded(await engine(recover, ...UP));
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
      expect(stdout).to.contain(words);
  });

  it('are the same in the next run, and after a refresh', async () => {
    succeeded(await engine(recover, ...UP, '--expect-no-changes'));
    succeeded(await engine(recover, 'preview', '--refresh', '--stack', 'dr', '--expect-no-changes'));
  });

  it('are adopted when the state is lost', async () => {
    const lose = ['stack', 'rm', '--force', '--yes', '--preserve-config', '--stack', 'dr'];
    succeeded(await engine(recover, ...lose));
    succeeded(await stage.pulumi('.', ['stack', 'init', 'dr'], { env: recover }));
    const before = await names();
    succeeded(await engine(recover, ...UP));
    expect(await names()).to.deep.equal(before);
    succeeded(await engine(recover, ...UP, '--expect-no-changes'));
  });

  it('go when the recovery ends; what is not Lifeboat’s, and the vault’s own alarm, stay', async () => {
    const down = ['stand-down', '--confirm', DR.account, '--poll-seconds', '1'];
    const { stderr } = succeeded(await stage.lifeboat(down, { env: recover }));
    expect(stderr).to.contain('composite-alarm/a-outer').and.to.contain('dashboard/lifeboat-shop');
    expect(await names()).to.deep.equal([OURS, 'shop']);
    await stage.config('inventory', 'saved');
    succeeded(await engine(run, ...UP, '--expect-no-changes'));
  });
});
