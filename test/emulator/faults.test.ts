import { DescribeVpcsCommand } from '@aws-sdk/client-ec2';
import { ListKeysCommand } from '@aws-sdk/client-kms';
import { ListBucketsCommand } from '@aws-sdk/client-s3';
import { expect } from 'chai';
import type { FaultRule } from './emulator';
import { Clients, complaint, HERE, newAccount, refusal, THERE, useEmulator } from './support';

describe('emulator: faults and admin calls', () => {
  const emulator = useEmulator();
  let mine: Clients;
  let account: string;

  beforeEach(async () => {
    await emulator().clearRules();
    account = newAccount();
    mine = new Clients(emulator().url, account, HERE);
  });
  afterEach(() => emulator().clearRules());

  const describeVpcs = (clients = mine) => clients.ec2.send(new DescribeVpcsCommand({}));

  it('answers an error with code, status and message, as often as it is told to', async () => {
    await emulator().rules({
      service: 'ec2',
      action: 'Describe*',
      error: 'Unavailable',
      status: 503,
      message: 'down',
      times: 2,
    });
    expect(await refusal(describeVpcs())).to.equal('Unavailable');
    expect(await complaint(describeVpcs())).to.equal('down');
    expect(await refusal(describeVpcs())).to.equal('none');
  });

  it('lets a number of calls pass first, to hit one page alone', async () => {
    await emulator().rules({ action: 'DescribeVpcs', error: 'Unavailable', status: 503, skip: 2, times: 1 });
    const seen: string[] = [];
    for (let call = 0; call < 4; call += 1) seen.push(await refusal(describeVpcs()));
    expect(seen).to.deep.equal(['none', 'none', 'Unavailable', 'none']);
    expect((await emulator().state()).calls[`${account}/${HERE}/ec2/DescribeVpcs`]).to.equal(4);
  });

  it('throttles by its own clock, which stands when it is told to and goes on from there', async () => {
    await emulator().config({ clockRuns: false });
    const { now } = await emulator().state();
    await emulator().rules({ account, action: 'DescribeVpcs', rate: 1, burst: 2 });
    const three = async () => [
      await refusal(describeVpcs()),
      await refusal(describeVpcs()),
      await refusal(describeVpcs()),
    ];
    expect(await three()).to.deep.equal(['none', 'none', 'RequestLimitExceeded']);
    expect((await emulator().state()).now).to.equal(now);
    await emulator().advance(2);
    expect(Date.parse((await emulator().state()).now) - Date.parse(now)).to.equal(2_000);
    expect(await three()).to.deep.equal(['none', 'none', 'RequestLimitExceeded']);
    await emulator().config({ clockRuns: true });
    expect(Date.parse((await emulator().state()).now) - Date.parse(now)).to.be.within(2_000, 30_000);
  });

  it('a call that waits holds up no other', async () => {
    await emulator().rules({ action: 'DescribeVpcs', latencyMs: 3000, times: 1 });
    const ended: string[] = [];
    const slow = describeVpcs().then(() => ended.push('slow'));
    const fast = mine.kms.send(new ListKeysCommand({})).then(() => ended.push('fast'));
    await Promise.all([slow, fast]);
    expect(ended).to.deep.equal(['fast', 'slow']);
  });

  it('speaks each protocol: JSON for KMS, XML for S3', async () => {
    await emulator().rules({ error: 'Refused', message: 'no', status: 400 });
    expect(await refusal(mine.kms.send(new ListKeysCommand({})))).to.equal('Refused');
    expect(await refusal(mine.s3.send(new ListBucketsCommand({})))).to.equal('Refused');
  });

  it('chooses calls by account and by region: the outage of one leaves the other alone', async () => {
    const other = new Clients(emulator().url, newAccount(), HERE);
    const far = new Clients(emulator().url, account, THERE);
    await emulator().rules({ account, region: 'us-*', error: 'Unavailable', status: 503 });
    expect(await refusal(describeVpcs())).to.equal('Unavailable');
    expect(await refusal(describeVpcs(other))).to.equal('none');
    expect(await refusal(describeVpcs(far))).to.equal('none');
  });

  it('drops a connection without an answer', async () => {
    await emulator().rules({ drop: true, times: 1 });
    expect(await complaint(describeVpcs())).to.match(/hang up|ECONNRESET|closed/);
    expect(await refusal(describeVpcs())).to.equal('none');
  });

  it('hangs, then drops', async () => {
    await emulator().rules({ hangSeconds: 0.3, times: 1 });
    const start = Date.now();
    expect(await refusal(describeVpcs())).to.not.equal('none');
    expect(Date.now() - start).to.be.greaterThan(290);
  });

  it('adds latency, by rule and by setting', async () => {
    await emulator().rules({ latencyMs: 120 });
    await emulator().config({ latencyMs: 100 });
    const start = Date.now();
    await describeVpcs();
    expect(Date.now() - start).to.be.greaterThan(215);
    await emulator().config({ latencyMs: 0 });
  });

  it('throttles by a token bucket, as EC2 does: RequestLimitExceeded', async () => {
    await emulator().rules({ service: 'ec2', rate: 0.001, burst: 3 });
    const answers = await Promise.all([1, 2, 3, 4, 5].map(() => refusal(describeVpcs())));
    expect(answers.filter((answer) => answer === 'none')).to.have.length(3);
    expect(answers.filter((answer) => answer === 'RequestLimitExceeded')).to.have.length(2);
  });

  it('acts with a probability', async () => {
    await emulator().rules({ error: 'Unlucky', probability: 0 });
    expect(await refusal(describeVpcs())).to.equal('none');
  });

  it('refuses rules and settings it does not understand, and says what it knows', async () => {
    const typo = { service: 'ec2', drop: true, latency: 3 } as unknown as FaultRule;
    expect(await complaint(emulator().rules(typo)))
      .to.include("unknown field 'latency'")
      .and.include('probability');
    expect(await complaint(emulator().rules({ service: 'ec2' }))).to.include('exactly one of error, drop');
    expect(await complaint(emulator().rules({ error: 'E', probability: 2 }))).to.include('from 0 to 1');
    expect(await complaint(emulator().config({ copyMiBps: -1 }))).to.include('copyMiBps');
    const unknown = { copyRate: 3 } as unknown as Parameters<ReturnType<typeof emulator>['config']>[0];
    expect(await complaint(emulator().config(unknown))).to.include("unknown setting 'copyRate'");
    expect((await emulator().state()).rules).to.deep.equal([]);
  });

  it('counts each call by account, region, service and action', async () => {
    await describeVpcs();
    await describeVpcs();
    await mine.s3.send(new ListBucketsCommand({}));
    const { calls, settings } = await emulator().state();
    expect(calls[`${account}/${HERE}/ec2/DescribeVpcs`]).to.equal(2);
    expect(calls[`${account}/${HERE}/s3/ListBuckets`]).to.equal(1);
    expect(settings).to.include({ copyLimit: 20, enforceIam: false });
  });
});
