import {
  CreateTrailCommand,
  GetEventSelectorsCommand,
  GetTrailStatusCommand,
  StartLoggingCommand,
} from '@aws-sdk/client-cloudtrail';
import {
  DescribeAlarmsCommand,
  GetMetricStatisticsCommand,
  type MetricDataQuery,
  PutMetricAlarmCommand,
  PutMetricDataCommand,
} from '@aws-sdk/client-cloudwatch';
import { CreateKeyCommand, PutKeyPolicyCommand } from '@aws-sdk/client-kms';
import { CreateBucketCommand } from '@aws-sdk/client-s3';
import { expect } from 'chai';
import { Clients, complaint, HERE, must, newAccount, newKey, refusal, useEmulator } from './support';

describe('emulator: CloudWatch, in the protocol of its SDKs', () => {
  const emulator = useEmulator();
  let mine: Clients;

  beforeEach(() => {
    mine = new Clients(emulator().url, newAccount(), HERE);
  });

  const alarm = {
    AlarmName: 'missing',
    Namespace: 'Test',
    MetricName: 'Good',
    Statistic: 'SampleCount',
    Period: 3_600,
    Threshold: 1,
    ComparisonOperator: 'LessThanThreshold',
    TreatMissingData: 'breaching',
  } as const;

  it('an alarm is answered as it was put, with numbers and moments', async () => {
    await mine.cloudwatch.send(new PutMetricAlarmCommand({ ...alarm, EvaluationPeriods: 30 }));
    const [found] = (await mine.cloudwatch.send(new DescribeAlarmsCommand({}))).MetricAlarms ?? [];
    expect(found).to.deep.include({ ...alarm, EvaluationPeriods: 30 });
    expect(must(found?.AlarmConfigurationUpdatedTimestamp).getTime()).to.be.above(0);
  });

  it('an alarm looks back a day at most, and seven with periods of an hour or more', async () => {
    const put = (Period: number, EvaluationPeriods: number) =>
      complaint(mine.cloudwatch.send(new PutMetricAlarmCommand({ ...alarm, Period, EvaluationPeriods })));
    expect(await put(3_600, 168)).to.equal('');
    expect(await put(3_600, 169)).to.contain('more than 604800 seconds');
    expect(await put(60, 1_440)).to.equal('');
    expect(await put(60, 1_441)).to.contain('more than 86400 seconds');
  });

  const metric = (Id: string, Period = 86_400) => ({
    Id,
    MetricStat: {
      Metric: {
        Namespace: 'AWS/S3',
        MetricName: 'BucketSizeBytes',
        Dimensions: [{ Name: 'BucketName', Value: Id }],
      },
      Period,
      Stat: 'Average',
    },
    ReturnData: false,
  });
  const growth = (Expression: string) => ({ Id: 'growth', Expression, ReturnData: true });
  const reckoned = (Metrics: MetricDataQuery[], more: object = {}) =>
    mine.cloudwatch.send(
      new PutMetricAlarmCommand({
        AlarmName: 'grown',
        Metrics,
        EvaluationPeriods: 4,
        DatapointsToAlarm: 1,
        Threshold: 1,
        ComparisonOperator: 'GreaterThanThreshold',
        ...more,
      }),
    );

  it('an alarm on an expression is answered as it was put', async () => {
    const Metrics = [growth('DIFF(SUM([FILL(a, 0), FILL(b, 0)]))'), metric('a'), metric('b')];
    await reckoned(Metrics);
    const [found] = (await mine.cloudwatch.send(new DescribeAlarmsCommand({}))).MetricAlarms ?? [];
    expect(found).to.deep.include({ Metrics, EvaluationPeriods: 4, DatapointsToAlarm: 1 });
  });

  it('an expression reckons with ten metrics at most, with what it knows, over seven days, and to one result', async () => {
    const many = Array.from({ length: 11 }, (_, at) => metric(`m${at}`));
    const sum = (all: { Id: string }[]) => growth(`SUM([${all.map(({ Id }) => Id).join(', ')}])`);
    const put = (Metrics: MetricDataQuery[], more: object = {}) => complaint(reckoned(Metrics, more));
    expect(await put([sum(many.slice(1)), ...many.slice(1)])).to.equal('');
    expect(await put([sum(many), ...many])).to.contain('10 metrics at most');
    expect(await put([growth('DIFF(b)'), metric('a')])).to.contain("['b'] is not known");
    expect(await put([growth('SEARCH(a)'), metric('a')])).to.contain("['SEARCH'] is not known");
    expect(await put([growth('DIFF(a)'), metric('a')], { EvaluationPeriods: 8 })).to.contain(
      '604800 seconds',
    );
    expect(await put([growth('DIFF(a)'), { ...metric('a'), ReturnData: true }])).to.contain('Exactly one');
    expect(await put([growth('DIFF(a)'), metric('a')], { MetricName: 'Good' })).to.contain('Exactly one of');
    expect(await put([growth('DIFF(a)'), metric('a')], { Period: 60 })).to.contain('with Metrics');
    expect(await put([growth('DIFF(a)'), metric('a')], { DatapointsToAlarm: 5 })).to.contain(
      'DatapointsToAlarm',
    );
  });

  it('what is measured is counted', async () => {
    const data = { Namespace: 'Test', MetricData: [{ MetricName: 'Good', Value: 1 }] };
    await mine.cloudwatch.send(new PutMetricDataCommand(data));
    const now = Date.parse((await emulator().state()).now);
    const asked = new GetMetricStatisticsCommand({
      Namespace: 'Test',
      MetricName: 'Good',
      StartTime: new Date(now - 3_600_000),
      EndTime: new Date(now + 3_600_000),
      Period: 7_200,
      Statistics: ['Sum'],
    });
    const { Datapoints = [] } = await mine.cloudwatch.send(asked);
    expect(Datapoints.map(({ Sum }) => Sum)).to.deep.equal([1]);
  });
});

describe('emulator: CloudTrail', () => {
  const emulator = useEmulator();

  it('a new trail logs all management events, and only once it was started', async () => {
    const mine = new Clients(emulator().url, newAccount(), HERE);
    const bucket = `trail-${newAccount()}`;
    await mine.s3.send(new CreateBucketCommand({ Bucket: bucket }));
    const Name = 'management';
    await mine.cloudtrail.send(new CreateTrailCommand({ Name, S3BucketName: bucket }));
    const selected = await mine.cloudtrail.send(new GetEventSelectorsCommand({ TrailName: Name }));
    expect(selected.EventSelectors).to.deep.equal([
      {
        ReadWriteType: 'All',
        IncludeManagementEvents: true,
        DataResources: [],
        ExcludeManagementEventSources: [],
      },
    ]);
    const logs = async () => (await mine.cloudtrail.send(new GetTrailStatusCommand({ Name }))).IsLogging;
    expect(await logs()).to.equal(false);
    await mine.cloudtrail.send(new StartLoggingCommand({ Name }));
    expect(await logs()).to.equal(true);
  });
});

describe('emulator: key policies', () => {
  const emulator = useEmulator();
  let account: string;
  let mine: Clients;

  beforeEach(() => {
    account = newAccount();
    mine = new Clients(emulator().url, account, HERE);
  });

  const root = () => ({ AWS: `arn:aws:iam::${account}:root` });
  const locksOut = () =>
    JSON.stringify({
      Version: '2012-10-17',
      Statement: [
        { Effect: 'Allow', Principal: root(), Action: 'kms:*', Resource: '*' },
        {
          Effect: 'Deny',
          Principal: '*',
          Action: 'kms:PutKeyPolicy',
          Resource: '*',
          Condition: { ArnNotEquals: { 'aws:PrincipalArn': root().AWS } },
        },
      ],
    });

  it('one that would keep its author from changing it again is refused, unless that check is waived', async () => {
    const Policy = locksOut();
    expect(await complaint(mine.kms.send(new CreateKeyCommand({ Policy })))).to.contain(
      'will not allow you to update the key policy in the future',
    );
    const waived = { Policy, BypassPolicyLockoutSafetyCheck: true };
    expect(await refusal(mine.kms.send(new CreateKeyCommand(waived)))).to.equal('none');
    const KeyId = await newKey(mine);
    const put = (more: object) =>
      refusal(mine.kms.send(new PutKeyPolicyCommand({ KeyId, Policy, PolicyName: 'default', ...more })));
    expect(await put({})).to.equal('MalformedPolicyDocumentException');
    expect(await put({ BypassPolicyLockoutSafetyCheck: true })).to.equal('none');
  });
});
