import {
  CreateTrailCommand,
  GetEventSelectorsCommand,
  GetTrailStatusCommand,
  StartLoggingCommand,
} from '@aws-sdk/client-cloudtrail';
import {
  DescribeAlarmsCommand,
  GetMetricStatisticsCommand,
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
