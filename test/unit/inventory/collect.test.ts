import { EC2Client } from '@aws-sdk/client-ec2';
import { expect } from 'chai';
import { accountOf } from '../../../accounts';
import { LifeboatError } from '../../../errors';
import { collect, collectWhatAnswers } from '../../../inventory/collect';
import { kinds } from '../../../kinds';
import type { AnyKind } from '../../../kinds/kind';

/** Errors as the SDK throws them. */
const awsError = (name: string, httpStatusCode?: number) =>
  Object.assign(new Error('it says'), { name, ...(httpStatusCode && { $metadata: { httpStatusCode } }) });
const socketError = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });

describe('a look-up of DR, while us-east-1 is gone', () => {
  const dr = accountOf('222222222222', 'eu-central-1', {
    credentials: { accessKeyId: 'AKIAFAKE', secretAccessKey: 'fake' },
  });
  const original = new Map<AnyKind, AnyKind['list']>();
  /** Every kind finds nothing, but for one, which fails. */
  function failing(kind: AnyKind, error: Error): void {
    for (const each of kinds) (each as { list: AnyKind['list'] }).list = async () => [];
    (kind as { list: AnyKind['list'] }).list = async () => {
      throw error;
    };
  }
  const [regional] = kinds;
  if (!regional) throw new Error('there are kinds');
  const one = regional as { isGlobal?: true };

  before(() => {
    for (const kind of kinds) original.set(kind, kind.list);
  });
  afterEach(() => {
    for (const [kind, list] of original) (kind as { list: AnyKind['list'] }).list = list;
    delete one.isGlobal;
  });

  for (const error of [
    awsError('TimeoutError'),
    awsError('InternalFailure', 500),
    awsError('ServiceUnavailable', 503),
    socketError,
  ])
    it(`goes on without what has no regions and answers ${error.name} ${error.message}`, async () => {
      failing(regional, error);
      one.isGlobal = true;
      const { items, unseen } = await collectWhatAnswers(dr);
      expect([...unseen.keys()]).to.deep.equal([regional.name]);
      expect(items[regional.name]).to.deep.equal([]);
    });

  it('does not where a service says no, nor for a kind of the region, nor in a look-up that concludes something', async () => {
    const refused = async (look: () => Promise<unknown>) =>
      look().then(
        () => 'went through',
        (error: unknown) => (error instanceof LifeboatError ? error.details.what : String(error)),
      );
    const what = `The look-up of "${regional.title}" failed in the DR account, so nothing is changed`;
    failing(regional, awsError('InternalFailure', 500));
    expect(await refused(() => collectWhatAnswers(dr))).to.equal(what);
    one.isGlobal = true;
    expect(await refused(() => collect(dr, 'DR'))).to.equal(what);
    for (const error of [awsError('AccessDenied', 403), awsError('Throttling', 400), new Error('a bug')]) {
      failing(regional, error);
      expect(await refused(() => collectWhatAnswers(dr)), error.name).to.equal(what);
    }
  });

  it('asks there by clients that give up soon', async () => {
    failing(regional, new Error('unused'));
    const asked: unknown[] = [];
    (regional as { list: AnyKind['list'] }).list = async (account) => {
      asked.push(await account.client(EC2Client).config.maxAttempts());
      return [];
    };
    await collectWhatAnswers(dr);
    one.isGlobal = true;
    await collectWhatAnswers(dr);
    expect(asked).to.deep.equal([8, 3]);
  });

  it('goes on without what is made beside machines, but for what is of EC2', async () => {
    const kindOf = (name: string) => kinds.find((kind) => kind.name === name) ?? regional;
    for (const name of ['metric-alarm', 'auto-scaling-group', 'load-balancer']) {
      failing(kindOf(name), awsError('ServiceUnavailable', 503));
      expect([...(await collectWhatAnswers(dr)).unseen.keys()]).to.deep.equal([name]);
    }
    failing(kindOf('nat-gateway'), awsError('ServiceUnavailable', 503));
    const refused = await collectWhatAnswers(dr).catch((error: Error) => error.message);
    expect(refused).to.contain('NAT gateway');
  });
});
