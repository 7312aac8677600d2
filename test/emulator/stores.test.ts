import { CloudWatchClient, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { DescribeFileSystemsCommand, EFSClient } from '@aws-sdk/client-efs';
import { CreateBucketCommand, ListBucketsCommand, S3Client } from '@aws-sdk/client-s3';
import { expect } from 'chai';
import { accessKey } from './emulator';
import { newAccount, refusal, THERE, useEmulator } from './support';

describe('emulator: the services that status asks', () => {
  const emulator = useEmulator();
  const config = (account: string, region = THERE) => ({
    endpoint: emulator().url,
    region,
    credentials: { accessKeyId: accessKey(account), secretAccessKey: 'emulated' },
    maxAttempts: 1,
  });

  it('answers CloudWatch with an error that its client reads', async () => {
    const account = newAccount();
    await emulator().rules({ account, error: 'AccessDenied', status: 403, message: 'no' });
    const put = new PutMetricDataCommand({ Namespace: 'N', MetricData: [{ MetricName: 'M', Value: 1 }] });
    expect(await refusal(new CloudWatchClient(config(account)).send(put))).to.equal('AccessDenied');
    await emulator().clearRules();
  });

  it('counts what EFS is asked by the name of its action', async () => {
    const account = newAccount();
    await new EFSClient(config(account)).send(new DescribeFileSystemsCommand({}));
    const { calls } = await emulator().state();
    expect(calls).to.include({ [`${account}/${THERE}/elasticfilesystem/DescribeFileSystems`]: 1 });
  });

  it('lists the buckets of one region alone, when asked for it', async () => {
    const account = newAccount();
    for (const region of ['eu-west-1', 'eu-west-2'] as const)
      await new S3Client({ ...config(account, region), forcePathStyle: true }).send(
        new CreateBucketCommand({
          Bucket: `list-${account}-${region}`,
          CreateBucketConfiguration: { LocationConstraint: region },
        }),
      );
    const s3 = new S3Client({ ...config(account), forcePathStyle: true });
    const { Buckets = [] } = await s3.send(new ListBucketsCommand({ BucketRegion: 'eu-west-2' }));
    expect(Buckets.map(({ Name }) => Name)).to.deep.equal([`list-${account}-eu-west-2`]);
  });
});
