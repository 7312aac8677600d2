import { CreateVpcCommand, EC2Client } from '@aws-sdk/client-ec2';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { expect } from 'chai';
import { type Account, accountOf, CLIENT_DEFAULTS } from '../../accounts';
import { LifeboatError } from '../../errors';
import { collect } from '../../inventory/collect';
import { readVault } from '../../inventory/store';
import type { Vpc } from '../../kinds/network/vpc';
import { vaultNames } from '../../names';
import { accessKey, type Emulator, type FaultRule, startEmulator } from '../emulator/emulator';

const SOURCE = { account: '111111111111', region: 'eu-west-1' };
const DR = { account: '222222222222', region: 'eu-central-1' };

const RANGES = ['10.0.0.0/16', '10.1.0.0/16', '10.2.0.0/16'];

/** A look-up that does not see everything concludes nothing. Here through the SDK's own retries and time-outs, which are shortened. */
describe('a look-up that goes wrong', function () {
  this.timeout(60_000);
  let emulator: Emulator;
  let source: Account;

  const config = (account: string, region: string) => ({
    endpoint: emulator.url,
    region,
    credentials: { accessKeyId: accessKey(account), secretAccessKey: 'emulated' },
  });

  before(async () => {
    emulator = await startEmulator();
    source = accountOf(SOURCE.account, SOURCE.region, {
      ...config(SOURCE.account, SOURCE.region),
      maxAttempts: 3,
      requestHandler: { ...CLIENT_DEFAULTS.requestHandler, requestTimeout: 1_000 },
    });
    // With neither a time-out nor a retry: what AWS had done all the same would be there twice.
    const owner = new EC2Client({ ...config(SOURCE.account, SOURCE.region), maxAttempts: 1 });
    for (const CidrBlock of RANGES) await owner.send(new CreateVpcCommand({ CidrBlock }));
  });
  after(() => emulator?.stop());
  afterEach(() => emulator.clearRules());

  const inSource = (rule: FaultRule) => emulator.rules({ account: SOURCE.account, service: 'ec2', ...rule });

  async function refused(): Promise<LifeboatError> {
    const error = await collect(source, 'source').then(
      () => undefined,
      (reason: unknown) => reason,
    );
    if (!(error instanceof LifeboatError)) throw new Error(`no LifeboatError, but ${error}`);
    return error;
  }

  const faults: Record<string, { rule: FaultRule; title: string; because: string }> = {
    'is throttled without end': {
      rule: { action: 'DescribeRouteTables', error: 'RequestLimitExceeded', status: 503 },
      title: 'Route',
      because: 'RequestLimitExceeded',
    },
    'is never answered': {
      rule: { action: 'DescribeSubnets', hangSeconds: 3 },
      title: 'Subnet',
      because: 'TimeoutError',
    },
    'loses the connection half-way': {
      rule: { action: 'DescribeVpcAttribute', skip: 4, drop: true },
      title: 'VPC',
      because: 'hang up',
    },
    'is refused on its seventh page': {
      rule: { action: 'DescribeVpcAttribute', skip: 6, error: 'UnauthorizedOperation', status: 403 },
      title: 'VPC',
      because: 'UnauthorizedOperation',
    },
  };
  for (const [what, { rule, title, because }] of Object.entries(faults)) {
    it(`that ${what} is an error that names the kind, the account and what it takes`, async () => {
      await inSource(rule);
      const { details, message } = await refused();
      expect(details.what).to.match(new RegExp(`"${title}.*nothing is changed`));
      expect(details.got).to.contain(SOURCE.account);
      expect(details.expected).to.match(/ec2:Describe/);
      expect(details.next).to.contain('lifeboat:inventory saved');
      expect(message).to.contain(because);
    });
  }

  it('that is throttled for a while goes on, and is whole', async () => {
    await inSource({ action: 'Describe*', error: 'RequestLimitExceeded', status: 503, times: 2 });
    const found = (await collect(source, 'source')).vpc ?? [];
    expect(found.map((vpc) => (vpc as Vpc).cidrBlock)).to.have.members(['172.31.0.0/16', ...RANGES]);
  });

  it('does not believe a bucket of the vault’s name that somebody else has made', async () => {
    const bucket = vaultNames(DR.account, DR.region).inventoryBucket;
    await new S3Client({ ...config('333333333333', DR.region), forcePathStyle: true }).send(
      new CreateBucketCommand({
        Bucket: bucket,
        CreateBucketConfiguration: { LocationConstraint: 'eu-central-1' },
      }),
    );
    const options = { ...config(DR.account, DR.region), forcePathStyle: true };
    const dr = accountOf(DR.account, DR.region, options);
    const error = await readVault(dr, {
      stack: 'dr',
      sourceAccount: SOURCE.account,
      sourceRegion: SOURCE.region,
    }).then(
      () => undefined,
      (reason: unknown) => reason as Error,
    );
    expect(error).to.be.instanceOf(LifeboatError);
    expect(error?.message).to.contain('The vault could not be read').and.contain(bucket);
  });
});
