import {
  DeleteAlarmsCommand,
  DeleteDashboardsCommand,
  DescribeAlarmsCommand,
  type DescribeAlarmsCommandInput,
  GetDashboardCommand,
  ListDashboardsCommand,
  ListTagsForResourceCommand,
  PutCompositeAlarmCommand,
  PutDashboardCommand,
  PutMetricAlarmCommand,
  type PutMetricAlarmCommandInput,
  TagResourceCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-cloudwatch';
import { CreateRoleCommand, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { AssumeRoleCommand } from '@aws-sdk/client-sts';
import { expect } from 'chai';
import { Clients, complaint, HERE, must, newAccount, refusal, THERE, useEmulator } from './support';

const ALARM = {
  AlarmName: 'busy',
  Namespace: 'AWS/EC2',
  MetricName: 'CPUUtilization',
  Statistic: 'Average',
  Period: 300,
  EvaluationPeriods: 2,
  Threshold: 80,
  ComparisonOperator: 'GreaterThanThreshold',
} as const satisfies PutMetricAlarmCommandInput;
const BODY = JSON.stringify({ widgets: [{ type: 'text', properties: { markdown: 'hello' } }] });

describe('emulator: alarms and dashboards', () => {
  const emulator = useEmulator();
  let account: string;
  let mine: Clients;

  beforeEach(() => {
    account = newAccount();
    mine = new Clients(emulator().url, account, HERE);
  });

  const put = (more: Partial<PutMetricAlarmCommandInput> = {}) =>
    mine.cloudwatch.send(new PutMetricAlarmCommand({ ...ALARM, ...more }));
  const compose = (AlarmName: string, AlarmRule: string, more: object = {}) =>
    mine.cloudwatch.send(new PutCompositeAlarmCommand({ AlarmName, AlarmRule, ...more }));
  const described = async (input: DescribeAlarmsCommandInput) => {
    const page = await mine.cloudwatch.send(new DescribeAlarmsCommand(input));
    const names = (all: { AlarmName?: string }[] = []) => all.map(({ AlarmName }) => AlarmName);
    return {
      metric: names(page.MetricAlarms),
      composite: names(page.CompositeAlarms),
      next: page.NextToken,
      page,
    };
  };
  const remove = (...AlarmNames: string[]) => mine.cloudwatch.send(new DeleteAlarmsCommand({ AlarmNames }));
  const arn = (name: string) => `arn:aws:cloudwatch:${HERE}:${account}:alarm:${name}`;
  const tags = async (ResourceARN: string) =>
    (await mine.cloudwatch.send(new ListTagsForResourceCommand({ ResourceARN }))).Tags;

  it('an alarm has to say what it watches, how long, and against what', async () => {
    for (const [without, words] of [
      ['EvaluationPeriods', 'EvaluationPeriods is required'],
      ['ComparisonOperator', 'ComparisonOperator is required'],
      ['MetricName', 'MetricName and Metrics'],
      ['Period', 'must be specified'],
      ['Statistic', 'Statistic and ExtendedStatistic'],
      ['Threshold', 'Threshold and ThresholdMetricId'],
    ] as const)
      expect(await complaint(put({ [without]: undefined })), without).to.contain(words);
    expect(await complaint(put({ ExtendedStatistic: 'p90' }))).to.contain('Statistic and ExtendedStatistic');
    expect(await complaint(put({ DatapointsToAlarm: 3 }))).to.contain('DatapointsToAlarm');
    expect(await complaint(put({ TreatMissingData: 'loud' }))).to.contain('TreatMissingData');
    expect(await complaint(put({ AlarmActions: ['somebody'] }))).to.contain('Invalid arn syntax');
    const six = Array(6).fill('arn:aws:sns:us-east-1:1:x');
    expect(await complaint(put({ OKActions: six }))).to.contain('less than or equal to 5');
    expect(await refusal(put())).to.equal('none');
  });

  it('an alarm on an expression has queries, one of which it watches, and no metric of its own', async () => {
    const MetricStat = {
      Metric: { Namespace: 'AWS/EC2', MetricName: 'NetworkIn' },
      Period: 300,
      Stat: 'Sum',
    };
    const queries = [
      { Id: 'a', MetricStat, ReturnData: false },
      { Id: 'b', Expression: 'a / 300', Label: 'rate', ReturnData: true },
    ];
    const none = { Namespace: undefined, MetricName: undefined, Statistic: undefined, Period: undefined };
    expect(await complaint(put({ Metrics: queries }))).to.contain('MetricName and Metrics');
    expect(await complaint(put({ ...none, Period: 60, Metrics: queries }))).to.contain(
      'specified with Metrics',
    );
    const both = queries.map((query) => ({ ...query, ReturnData: true }));
    expect(await complaint(put({ ...none, Metrics: both }))).to.contain('should return data');
    await put({ ...none, Metrics: queries });
    const { page } = await described({});
    expect(must(page.MetricAlarms)[0]?.Metrics).to.deep.equal(queries);
  });

  it('metric alarms are described alone, unless other types are asked for too', async () => {
    await put();
    await compose('both', 'ALARM(busy)');
    expect(await described({})).to.deep.include({ metric: ['busy'], composite: [] });
    const types = { AlarmTypes: ['CompositeAlarm', 'MetricAlarm'] } as const;
    expect(await described({ AlarmTypes: [...types.AlarmTypes] })).to.deep.include({
      metric: ['busy'],
      composite: ['both'],
    });
    const named = { AlarmNames: ['busy'], AlarmNamePrefix: 'b' };
    expect(await refusal(described(named))).to.equal('ValidationException');
  });

  it('alarms come fifty a page, a hundred at most, and both types count', async () => {
    for (let each = 0; each < 101; each++) await put({ AlarmName: `alarm-${String(each).padStart(3, '0')}` });
    expect((await described({})).metric).to.have.length(50);
    const first = await described({ MaxRecords: 100 });
    expect(first.metric).to.have.length(100);
    const rest = await described({ MaxRecords: 100, NextToken: must(first.next) });
    expect(rest.metric).to.deep.equal(['alarm-100']);
    expect(rest.next).to.equal(undefined);
    expect(await refusal(described({ MaxRecords: 101 }))).to.equal('ValidationException');
    expect(await refusal(described({ NextToken: 'x' }))).to.equal('InvalidNextToken');
  });

  it('tags are given with the first put alone, and go with the alarm', async () => {
    const Tags = [{ Key: 'team', Value: 'web' }];
    await put({ Tags });
    await put({ Tags: [{ Key: 'team', Value: 'shop' }], Threshold: 90 });
    expect(await tags(arn('busy'))).to.deep.equal(Tags);
    const more = { ResourceARN: arn('busy'), Tags: [{ Key: 'round', Value: '1' }] };
    await mine.cloudwatch.send(new TagResourceCommand(more));
    await mine.cloudwatch.send(new UntagResourceCommand({ ResourceARN: arn('busy'), TagKeys: ['team'] }));
    expect(await tags(arn('busy'))).to.deep.equal(more.Tags);
    await remove('busy', 'never there');
    expect(await refusal(tags(arn('busy')))).to.equal('ResourceNotFoundException');
    await put();
    expect(await tags(arn('busy'))).to.deep.equal([]);
  });

  it('a new alarm knows nothing yet, and a change leaves its state', async () => {
    await put();
    const { page } = await described({});
    expect(must(page.MetricAlarms)[0]).to.include({ StateValue: 'INSUFFICIENT_DATA', ActionsEnabled: true });
  });

  it('a composite alarm needs a rule, and the alarms that it names', async () => {
    await put();
    await put({ AlarmName: 'slow (eu), 2' });
    for (const rule of ['', 'ALARM(busy) AND', 'ALARM(busy', 'LOUD(busy)', 'busy', 'ALARM(busy) OK(busy)'])
      expect(await refusal(compose('both', rule)), rule).to.equal('ValidationException');
    expect(await complaint(compose('both', 'ALARM(gone)'))).to.contain(
      '[gone] in the alarm rule do not exist',
    );
    expect(await complaint(compose('busy', 'TRUE'))).to.contain('another type');
    expect(await complaint(compose('both', 'ALARM(busy)', { ActionsSuppressor: 'busy' }))).to.contain(
      'ActionsSuppressorWaitPeriod',
    );
    const automate = `arn:aws:automate:${HERE}:ec2:stop`;
    expect(await complaint(compose('both', 'TRUE', { AlarmActions: [automate] }))).to.contain('Invalid arn');
    const rule = `(ALARM("slow (eu), 2") OR NOT OK(${arn('busy')})) AND NOT FALSE`;
    expect(await refusal(compose('both', rule))).to.equal('none');
  });

  it('an alarm stays as long as a composite alarm names it, and one composite alarm goes at a time', async () => {
    await put();
    await compose('both', 'ALARM(busy)');
    await compose('outer', 'ALARM("both")');
    expect(await complaint(remove('busy'))).to.contain('both depends on it');
    expect(await complaint(remove('both', 'outer'))).to.contain('no more than one composite');
    for (const name of ['outer', 'both', 'busy']) await remove(name);
    expect((await described({})).metric).to.deep.equal([]);
  });

  it('keeps to the quota of alarms', async () => {
    await emulator().config({ quotas: { 'cloudwatch-alarms': 1 } });
    await put();
    expect(await refusal(put({ AlarmName: 'more' }))).to.equal('LimitExceededFault');
    expect(await refusal(put({ Threshold: 1 }))).to.equal('none');
    await emulator().config({ quotas: {} });
  });

  it('dashboards are of no region, and have a name and a body that is JSON', async () => {
    const dashboard = (DashboardName: string, DashboardBody: string, more: object = {}) =>
      mine.cloudwatch.send(new PutDashboardCommand({ DashboardName, DashboardBody, ...more }));
    expect(await refusal(dashboard('a b', BODY))).to.equal('InvalidParameterValueException');
    for (const body of ['{', '[]', '{"widgets":[{"type":"text"}]}'])
      expect(await refusal(dashboard('shop', body)), body).to.equal('DashboardInvalidInputError');
    await dashboard('shop', BODY, { Tags: [{ Key: 'team', Value: 'web' }] });
    const there = new Clients(emulator().url, account, THERE).cloudwatch;
    const { DashboardEntries = [] } = await there.send(new ListDashboardsCommand({}));
    expect(DashboardEntries.map(({ DashboardName }) => DashboardName)).to.deep.equal(['shop']);
    const found = await there.send(new GetDashboardCommand({ DashboardName: 'shop' }));
    expect(found.DashboardBody).to.equal(BODY);
    expect(found.DashboardArn).to.equal(`arn:aws:cloudwatch::${account}:dashboard/shop`);
    expect(await tags(must(found.DashboardArn))).to.deep.equal([{ Key: 'team', Value: 'web' }]);
    const gone = { DashboardNames: ['shop'] };
    await mine.cloudwatch.send(new DeleteDashboardsCommand(gone));
    expect(await refusal(mine.cloudwatch.send(new DeleteDashboardsCommand(gone)))).to.equal(
      'DashboardNotFoundError',
    );
    expect(await refusal(mine.cloudwatch.send(new GetDashboardCommand({ DashboardName: 'shop' })))).to.equal(
      'DashboardNotFoundError',
    );
  });

  it('dashboards come a thousand a page', async () => {
    for (let each = 0; each < 1_001; each++)
      await mine.cloudwatch.send(
        new PutDashboardCommand({ DashboardName: `d-${each}`, DashboardBody: BODY }),
      );
    const first = await mine.cloudwatch.send(new ListDashboardsCommand({}));
    expect(first.DashboardEntries).to.have.length(1_000);
    const rest = await mine.cloudwatch.send(new ListDashboardsCommand({ NextToken: must(first.NextToken) }));
    expect(rest.DashboardEntries).to.have.length(1);
  });

  it('policies tell alarms by their tags and by what they are to do, dashboards by their names', async () => {
    const role = `arn:aws:iam::${account}:role/watcher`;
    const trust = { Effect: 'Allow', Principal: { AWS: account }, Action: 'sts:AssumeRole' };
    const document = (...Statement: object[]) => JSON.stringify({ Version: '2012-10-17', Statement });
    await mine.iam.send(
      new CreateRoleCommand({ RoleName: 'watcher', AssumeRolePolicyDocument: document(trust) }),
    );
    const topics = `arn:aws:sns:${HERE}:${account}:*`;
    const PolicyDocument = document(
      {
        Effect: 'Allow',
        Action: ['cloudwatch:PutMetricAlarm', 'cloudwatch:TagResource'],
        Resource: '*',
        Condition: {
          Null: { 'aws:RequestTag/ours': 'false' },
          'ForAllValues:StringLike': { 'cloudwatch:AlarmActions': topics },
        },
      },
      {
        Effect: 'Allow',
        Action: 'cloudwatch:DeleteAlarms',
        Resource: '*',
        Condition: { Null: { 'aws:ResourceTag/ours': 'false' } },
      },
      {
        Effect: 'Allow',
        Action: 'cloudwatch:PutDashboard',
        Resource: `arn:aws:cloudwatch::${account}:dashboard/ours-*`,
      },
    );
    const policy = { RoleName: 'watcher', PolicyName: 'watch', PolicyDocument };
    await mine.iam.send(new PutRolePolicyCommand(policy));
    await put({ AlarmName: 'theirs' });
    await emulator().config({ enforceIam: true });
    const { Credentials } = await mine.sts.send(
      new AssumeRoleCommand({ RoleArn: role, RoleSessionName: 'x' }),
    );
    const { cloudwatch } = new Clients(emulator().url, account, HERE, Credentials);
    const ours = { ...ALARM, Tags: [{ Key: 'ours', Value: 'x' }] };
    const may = async (call: Promise<unknown>) => !/AccessDenied/.test(await refusal(call));
    const alarm = (more: object) => may(cloudwatch.send(new PutMetricAlarmCommand({ ...ours, ...more })));
    expect(await alarm({ Tags: [] })).to.equal(false);
    expect(await alarm({ OKActions: [`arn:aws:automate:${HERE}:ec2:terminate`] })).to.equal(false);
    expect(await alarm({ AlarmActions: [topics.replace('*', 'people')] })).to.equal(true);
    const gone = (AlarmNames: string[]) => may(cloudwatch.send(new DeleteAlarmsCommand({ AlarmNames })));
    expect(await gone(['busy', 'theirs'])).to.equal(false);
    expect(await gone(['busy'])).to.equal(true);
    const dashboard = (DashboardName: string) =>
      may(cloudwatch.send(new PutDashboardCommand({ DashboardName, DashboardBody: BODY })));
    expect(await dashboard('theirs')).to.equal(false);
    expect(await dashboard('ours-1')).to.equal(true);
    await emulator().config({ enforceIam: false });
  });
});
