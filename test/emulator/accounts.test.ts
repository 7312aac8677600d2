import { DescribeFastSnapshotRestoresCommand, DescribeVpcsCommand, EC2Client } from '@aws-sdk/client-ec2';
import { CreateRoleCommand } from '@aws-sdk/client-iam';
import { AssumeRoleCommand, GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { expect } from 'chai';
import { Clients, HERE, must, newAccount, refusal, useEmulator } from './support';

describe('emulator: accounts, keys and roles', () => {
  const emulator = useEmulator();
  let source: string;
  let recovery: string;
  let theirs: Clients;
  let mine: Clients;

  before(() => {
    source = newAccount();
    recovery = newAccount();
    theirs = new Clients(emulator().url, source, HERE);
    mine = new Clients(emulator().url, recovery, HERE);
  });

  async function role(name: string, principal: string, only: string | object = {}): Promise<string> {
    const Condition = typeof only === 'string' ? { StringEquals: { 'sts:ExternalId': only } } : only;
    const statement = {
      Effect: 'Allow',
      Principal: { AWS: principal },
      Action: 'sts:AssumeRole',
      Condition,
    };
    const trust = JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
    const input = { RoleName: name, AssumeRolePolicyDocument: trust, MaxSessionDuration: 7200 };
    return must((await theirs.iam.send(new CreateRoleCommand(input))).Role?.Arn);
  }

  const assume = (arn: string, input: { ExternalId?: string; DurationSeconds?: number } = {}, as = mine) =>
    as.sts.send(new AssumeRoleCommand({ RoleArn: arn, RoleSessionName: 'test', ...input }));

  it('AKIA<account>TEST is that account', async () => {
    const answer = await mine.sts.send(new GetCallerIdentityCommand({}));
    expect(answer.Account).to.equal(recovery);
    expect(answer.Arn).to.equal(`arn:aws:iam::${recovery}:user/administrator`);
  });

  it('a session of AssumeRole is in the account of the role, under the role session ARN', async () => {
    const arn = await role('reader', `arn:aws:iam::${recovery}:root`, 'secret');
    const session = must((await assume(arn, { ExternalId: 'secret' })).Credentials);
    const identity = await new Clients(emulator().url, source, HERE, session).sts.send(
      new GetCallerIdentityCommand({}),
    );
    expect(identity.Account).to.equal(source);
    expect(identity.Arn).to.equal(`arn:aws:sts::${source}:assumed-role/reader/test`);
  });

  it('AssumeRole needs the external id that the trust policy names (confused deputy)', async () => {
    const arn = await role('guarded', `arn:aws:iam::${recovery}:root`, 'secret');
    expect(await refusal(assume(arn))).to.equal('AccessDenied');
    expect(await refusal(assume(arn, { ExternalId: 'other' }))).to.equal('AccessDenied');
  });

  it('AssumeRole needs a role that exists and trusts the caller', async () => {
    const arn = await role('theirs', `arn:aws:iam::${source}:root`);
    expect(await refusal(assume(arn))).to.equal('AccessDenied');
    expect(await refusal(assume(`arn:aws:iam::${source}:role/nobody`))).to.equal('AccessDenied');
    expect(await refusal(assume(arn, {}, theirs))).to.equal('none');
  });

  it('AssumeRole knows what time it is: a trust can end by itself', async () => {
    const { now } = await emulator().state();
    const ends = new Date(Date.parse(now) + 600_000).toISOString().replace(/\.\d+Z$/, 'Z');
    const arn = await role('for-now', `arn:aws:iam::${recovery}:root`, {
      DateLessThan: { 'aws:CurrentTime': ends },
    });
    expect(await refusal(assume(arn))).to.equal('none');
    await emulator().advance(601);
    expect(await refusal(assume(arn))).to.equal('AccessDenied');
  });

  it("a session lasts at most the role's maximum, and an hour when roles are chained", async () => {
    const arn = await role('long', `arn:aws:iam::${recovery}:root`);
    expect(await refusal(assume(arn, { DurationSeconds: 7201 }))).to.equal('ValidationError');
    expect(await refusal(assume(arn, { DurationSeconds: 600 }))).to.equal('ValidationError');
    const session = must((await assume(arn, { DurationSeconds: 7200 })).Credentials);
    const chained = await role('chained', `arn:aws:iam::${source}:root`);
    const between = new Clients(emulator().url, source, HERE, session);
    expect(await refusal(assume(chained, { DurationSeconds: 3601 }, between))).to.equal('ValidationError');
    expect(await refusal(assume(chained, { DurationSeconds: 3600 }, between))).to.equal('none');
  });

  it('temporary credentials expire, by the clock of the emulator', async () => {
    const arn = await role('brief', `arn:aws:iam::${recovery}:root`);
    const session = must((await assume(arn, { DurationSeconds: 900 })).Credentials);
    const brief = new Clients(emulator().url, source, HERE, session);
    await brief.sts.send(new GetCallerIdentityCommand({}));
    await emulator().advance(901);
    expect(await refusal(brief.sts.send(new GetCallerIdentityCommand({})))).to.equal('ExpiredToken');
    expect(await refusal(brief.ec2.send(new DescribeVpcsCommand({})))).to.equal('RequestExpired');
  });

  it('a key that nobody has is refused', async () => {
    const stranger = new Clients(emulator().url, source, HERE, { AccessKeyId: 'AKIAIOSFODNN7EXAMPLE' });
    expect(await refusal(stranger.ec2.send(new DescribeVpcsCommand({})))).to.equal('AuthFailure');
    expect(await refusal(stranger.sts.send(new GetCallerIdentityCommand({})))).to.equal(
      'InvalidClientTokenId',
    );
  });

  it('a region that does not exist never answers as if it did', async () => {
    const nowhere = new Clients(emulator().url, source, 'mars-north-1');
    expect(await refusal(nowhere.ec2.send(new DescribeVpcsCommand({})))).to.equal('InvalidRegion');
  });

  it('an action it does not know is 400 InvalidAction at once, not a 500 that SDKs retry', async () => {
    const config = emulator().env(source, HERE);
    const patient = new EC2Client({
      endpoint: emulator().url,
      region: HERE,
      credentials: { accessKeyId: must(config.AWS_ACCESS_KEY_ID), secretAccessKey: 'x' },
      maxAttempts: 5,
    });
    expect(await refusal(patient.send(new DescribeFastSnapshotRestoresCommand({})))).to.equal(
      'InvalidAction',
    );
    const { calls } = await emulator().state();
    expect(calls[`${source}/${HERE}/ec2/DescribeFastSnapshotRestores`]).to.equal(1);
  });
});
