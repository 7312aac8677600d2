import { expect } from 'chai';
import { LifeboatError } from '../../../errors';
import { attempt } from '../../../snapshots/attempt';
import { awsError } from './fakes';

describe('attempt', () => {
  /** Runs calls that end as listed, one after the other, and says how many were made. */
  async function made(ends: (Error | string)[], found: (string | undefined)[] = []) {
    let calls = 0;
    const result = await attempt({
      what: 'copy snap-1',
      settleMs: 0,
      call: async () => {
        const end = ends[calls];
        calls += 1;
        if (end === undefined) throw new Error('unplanned call');
        if (typeof end !== 'string') throw end;
        return end;
      },
      find: async () => found.shift(),
    }).catch((error: unknown) => error);
    return { calls, result };
  }

  it('returns what the call returns', async () => {
    expect(await made(['copy-1'])).to.deep.equal({ calls: 1, result: { kind: 'done', value: 'copy-1' } });
  });

  it('makes a throttled call again', async () => {
    expect(await made([awsError('RequestLimitExceeded', 503), 'copy-1'])).to.deep.equal({
      calls: 2,
      result: { kind: 'done', value: 'copy-1' },
    });
  });

  it('looks before it makes a call again whose answer was lost', async () => {
    for (const lost of [awsError('ECONNRESET'), awsError('TimeoutError'), awsError('InternalError', 500)]) {
      const found = await made([lost], ['copy-1']);
      expect(found).to.deep.equal({ calls: 1, result: { kind: 'done', value: 'copy-1' } });
      const again = await made([lost, 'copy-2'], [undefined]);
      expect(again).to.deep.equal({ calls: 2, result: { kind: 'done', value: 'copy-2' } });
    }
  });

  it('tells a full region from a refusal', async () => {
    expect((await made([awsError('ResourceLimitExceeded', 400)])).result).to.deep.equal({ kind: 'full' });
    expect((await made([awsError('InvalidSnapshot.NotFound', 400)])).result).to.deep.equal({
      kind: 'refused',
      code: 'InvalidSnapshot.NotFound',
      reason: 'InvalidSnapshot.NotFound said AWS',
    });
  });

  it('throws what would refuse every other call too', async () => {
    for (const name of ['UnauthorizedOperation', 'ExpiredToken', 'RequestExpired']) {
      const { calls, result } = await made([awsError(name, 400)]);
      expect(calls).to.equal(1);
      expect(result).to.be.instanceOf(LifeboatError);
      expect(String(result)).to.contain('AWS did not let copy snap-1').and.contain(name);
    }
  });

  it('gives up when no call is answered', async () => {
    const { calls, result } = await made(Array.from({ length: 8 }, () => awsError('ECONNRESET')));
    expect(calls).to.equal(8);
    expect(result).to.be.instanceOf(LifeboatError);
  });
});
