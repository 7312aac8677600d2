import { expect } from 'chai';
import { stopOn } from '../../../scripts/drill/stop';

const still = { now: () => 0, sleep: () => new Promise<void>(() => {}) };

describe('what ends a drill', () => {
  it('is its time, which no wait outlasts, and which ends the engine too', async () => {
    const said: string[] = [];
    const stop = stopOn(Date.now() + 200, (text) => said.push(text));
    try {
      stop.check();
      const error = await stop
        .clock(still)
        .sleep(60_000)
        .catch((thrown: Error) => thrown.message);
      expect(error).to.equal('its time is up');
      expect(stop.signal.aborted).to.equal(true);
      expect(() => stop.check()).to.throw('its time is up');
      expect(said).to.have.length(1);
    } finally {
      stop.close();
    }
  });

  for (const [signal, isForEngine] of [
    ['SIGINT', false],
    ['SIGTERM', true],
  ] as const)
    it(`is ${signal}, which ${isForEngine ? 'is passed on to the engine' : 'a terminal has sent the engine already'}`, async () => {
      const stop = stopOn(Date.now() + 60_000, () => {});
      try {
        const waiting = stop
          .clock(still)
          .sleep(60_000)
          .catch((thrown: Error) => thrown.message);
        process.emit(signal, signal);
        expect(await waiting).to.equal(`stopped by ${signal}`);
        expect(stop.signal.aborted).to.equal(isForEngine);
      } finally {
        stop.close();
      }
    });

  it('is its time by the clock on the wall, though its timer was asleep', () => {
    const stop = stopOn(Date.now() - 1, () => {});
    try {
      expect(() => stop.check()).to.throw('its time is up');
      expect(stop.signal.aborted).to.equal(true);
    } finally {
      stop.close();
    }
  });

  it('is nothing any more once it is over', () => {
    const before = process.listenerCount('SIGTERM');
    stopOn(Date.now() + 60_000, () => {}).close();
    expect(process.listenerCount('SIGTERM')).to.equal(before);
  });
});
