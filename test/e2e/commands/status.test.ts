import { CloudWatchClient, GetMetricStatisticsCommand } from '@aws-sdk/client-cloudwatch';
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { CreateFileSystemCommand, EFSClient } from '@aws-sdk/client-efs';
import { CreateDBInstanceCommand, RDSClient } from '@aws-sdk/client-rds';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { expect } from 'chai';
import { HEARTBEAT } from '../../../names';
import { accessKey } from '../../emulator/emulator';
import type { LaunchedMachine } from './machines';
import { one, type StatusWorld, startStatusWorld } from './statusWorld';
import { DR, SOURCE } from './world';

describe('lifeboat status', function () {
  this.timeout(180_000);
  let world: StatusWorld;
  let machine: LaunchedMachine;

  before(async () => {
    world = await startStatusWorld();
    machine = await world.protect('MASTER');
  });
  after(() => world.stop());

  const clientOf = (account: string, region: string) => ({
    endpoint: world.emulator.url,
    region,
    credentials: { accessKeyId: accessKey(account), secretAccessKey: 'emulated' },
  });

  async function heartbeats(): Promise<number> {
    const cloudwatch = new CloudWatchClient(clientOf(DR.account, DR.region));
    const now = (await world.time()).getTime();
    const { Datapoints = [] } = await cloudwatch.send(
      new GetMetricStatisticsCommand({
        Namespace: HEARTBEAT.namespace,
        MetricName: HEARTBEAT.metric,
        StartTime: new Date(now - 86_400_000),
        EndTime: new Date(now + 86_400_000),
        Period: 86_400,
        Statistics: ['Sum'],
      }),
    );
    return Datapoints.reduce((sum, { Sum = 0 }) => sum + Sum, 0);
  }

  it('says that all is well when it is, and changes nothing in either account', async () => {
    const before = [await world.mutations(DR.account), await world.mutations(SOURCE.account)];
    const said = await world.status({ of: 'MASTER' });
    expect(said.problems, JSON.stringify(said.problems)).to.deep.equal([]);
    expect(said.code).to.equal(0);
    const { report } = said;
    expect(report.isWell).to.equal(true);
    expect(report.source.answered).to.equal(true);
    const [only] = report.machines;
    expect(only).to.deep.include({ id: machine.id, name: 'MASTER', rpoHours: 26 });
    expect(only?.newest?.copies).to.have.all.keys(...machine.volumeIds);
    expect(only?.sets.map(({ state }) => state)).to.deep.equal(['complete']);
    expect(report.lastCopy).to.be.a('string');
    expect(report.lastMirrorRun).to.be.a('string');

    const text = await world.text();
    expect(text.code, text.stdout).to.equal(0);
    expect(text.stdout)
      .to.match(/│ MASTER │ \d{4}-.*Z │ \d+ (second|minute|hour)s?.* │ 26 hours │ well/)
      .and.contain('Machines that are well: 1 of 1. All is well.')
      .and.not.contain('\u001b');
    expect([await world.mutations(DR.account), await world.mutations(SOURCE.account)]).to.deep.equal(before);
  });

  it('puts a heartbeat when all is well, none when something is not, and none unasked', async () => {
    const before = await heartbeats();
    expect((await world.text()).code).to.equal(0);
    expect(await heartbeats()).to.equal(before);
    const well = await world.text(['--heartbeat']);
    expect([well.code, well.stderr]).to.deep.equal([0, 'The heartbeat was put.\n']);
    expect(await heartbeats()).to.equal(before + 1);
    const late = await world.status({ hoursLater: 30, flags: ['--heartbeat'] });
    expect(late.code).to.equal(1);
    expect(await heartbeats()).to.equal(before + 1);
  });

  it('fails when CloudWatch does not take the heartbeat', async () => {
    await world.emulator.rules({ service: 'monitoring', action: 'PutMetricData', error: 'AccessDenied' });
    const ran = await world.text(['--heartbeat']);
    await world.emulator.clearRules();
    expect(ran.code).to.equal(1);
    expect(ran.stderr).to.contain('cloudwatch:PutMetricData').and.contain('AccessDenied');
  });

  it('counts the stores that Lifeboat does not protect, in the region of the source alone', async () => {
    const here = clientOf(SOURCE.account, SOURCE.region);
    const rds = new RDSClient(here);
    for (const name of ['orders', 'users'])
      await rds.send(
        new CreateDBInstanceCommand({
          DBInstanceIdentifier: name,
          DBInstanceClass: 'db.t3.micro',
          Engine: 'postgres',
          AllocatedStorage: 20,
          MasterUsername: 'admin1',
          MasterUserPassword: 'not-a-secret',
        }),
      );
    await new EFSClient(here).send(new CreateFileSystemCommand({ CreationToken: 'shared' }));
    await new DynamoDBClient(here).send(
      new CreateTableCommand({
        TableName: 'sessions',
        BillingMode: 'PAY_PER_REQUEST',
        KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
        AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      }),
    );
    for (const region of [SOURCE.region, 'eu-west-2'] as const)
      await new S3Client({ ...clientOf(SOURCE.account, region), forcePathStyle: true }).send(
        new CreateBucketCommand({
          Bucket: `store-${region}`,
          CreateBucketConfiguration: { LocationConstraint: region as 'eu-west-1' },
        }),
      );
    await world.emulator.rules({ account: SOURCE.account, service: 'redshift', error: 'AccessDenied' });
    const { code, report } = await world.status();
    const ran = await world.text();
    await world.emulator.clearRules();
    expect(report.notProtected?.map(({ store, count }) => [store, count])).to.deep.equal([
      ['RDS DB instances', 2],
      ['RDS, DocumentDB and Neptune DB clusters', 0],
      ['DynamoDB tables', 1],
      ['EFS file systems', 1],
      ['ElastiCache clusters', 0],
      ['Redshift clusters', null],
      ['S3 buckets', 1],
    ]);
    // What is not protected is not wrong.
    expect(code).to.equal(0);
    expect(ran.stdout)
      .to.contain('2 RDS DB instances, 1 DynamoDB tables, 1 EFS file systems, 1 S3 buckets')
      .and.contain('could not be counted: Redshift clusters (AccessDenied');
  });

  it('reports from DR when the source does not answer, and says so', async () => {
    await world.emulator.rules({ action: 'AssumeRole', error: 'AccessDenied', status: 403 });
    const said = await world.status({ of: 'MASTER' });
    const ran = await world.text();
    await world.emulator.clearRules();
    expect(said.code).to.equal(1);
    expect(one(said.problems, 'source-unreachable').what).to.contain('could not be reached');
    expect(said.problems).to.have.length(1);
    expect(said.report.source.answered).to.equal(false);
    expect(said.report.notProtected).to.equal(null);
    expect(said.report.machines[0]?.newest?.copies).to.have.all.keys(...machine.volumeIds);
    expect(ran.stdout).to.contain('The source did not answer').and.contain('could not be counted');
  });

  it('concludes nothing from a look-up that failed in the source, and goes on with the others', async () => {
    await world.emulator.rules({
      account: SOURCE.account,
      service: 'dlm',
      error: 'AccessDeniedException',
      status: 403,
    });
    const said = await world.status({ of: 'MASTER' });
    await world.emulator.clearRules();
    expect(said.code).to.equal(1);
    expect(said.problems).to.have.length(1);
    expect(one(said.problems, 'look-up-failed').what).to.contain('snapshot policies could not be looked up');
  });

  it('refuses a flag that it does not know', async () => {
    const ran = await world.run(['status', '--heart-beat']);
    expect([ran.code, ran.stdout]).to.deep.equal([1, '']);
    expect(ran.stderr).to.contain('--heart-beat').and.contain('npx lifeboat status --help');
  });
});
