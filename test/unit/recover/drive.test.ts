import { expect } from 'chai';
import { recoverySteps, WAVE_TAG } from '../../../inventory/waves';
import { type DriveOptions, drive, type RecoverReport } from '../../../scripts/recover/drive';
import type { EngineFailure } from '../../../scripts/recover/engine';

/** An estate that takes a second to answer, and an engine that brings up what it is told, unless it may not. */
class World {
  readonly runs: Record<string, string>[] = [];
  readonly notes: string[] = [];
  readonly running = new Map<string, string>();
  time = Date.parse('2026-01-31T04:00:00Z');
  /** Types of which there is none. */
  full: string[] = [];
  /** Names that never get ready, or do at a time. */
  ready: Record<string, number> = {};
  asked = 0;

  private pass(milliseconds: number): void {
    this.time += milliseconds;
  }

  async recover(
    machines: Record<string, string | undefined>,
    options: Partial<DriveOptions> = {},
  ): Promise<RecoverReport> {
    const steps = recoverySteps(
      Object.entries(machines).map(([name, wave]) => {
        const tags: Record<string, string> = wave ? { [WAVE_TAG]: wave } : {};
        return { id: `i-${name}`, name, tags };
      }),
    );
    return drive(steps, {
      up: async (settings, onStep) => {
        this.runs.push(settings);
        this.time += 60_000;
        const failures: EngineFailure[] = [];
        const only = settings.recoverOnly?.split(',') ?? Object.keys(machines).map((name) => `i-${name}`);
        for (const id of only) {
          if (this.running.has(id)) continue;
          onStep({ name: `instance/${id}`, state: 'begun' });
          const own = settings.instanceTypes?.split(',').find((pair) => pair.startsWith(`${id}=`));
          const type = own?.split('=')[1] ?? options.types?.[id]?.[0] ?? 't3.small';
          if (this.full.includes(type)) {
            failures.push({ name: `instance/${id}`, message: 'InsufficientInstanceCapacity: none left' });
            onStep({ name: `instance/${id}`, state: 'failed' });
            continue;
          }
          this.running.set(id, type);
          onStep({ name: `instance/${id}`, state: 'done' });
        }
        return failures;
      },
      look: async () => new Map([...this.running.keys()].map((id) => [id, { id: `${id}-dr` }])),
      notReady: async (watched) => {
        this.asked += 1;
        return new Map(
          watched.flatMap(({ id }): [string, string][] => {
            const at = this.ready[id.slice(2, -3)] ?? 0;
            return this.time >= at ? [] : [[id, 'it boots']];
          }),
        );
      },
      begun: [],
      unplanned: new Map(),
      types: {},
      typesText: '',
      gateMs: 600_000,
      pollMs: 10_000,
      isGated: true,
      switchDns: true,
      clock: { now: () => this.time, sleep: async (ms) => this.pass(ms) },
      now: () => new Date(this.time),
      note: (text) => this.notes.push(text),
      ...options,
    });
  }
}

const outcomes = (report: RecoverReport) =>
  Object.fromEntries(
    report.steps.flatMap(({ machines }) => machines.map(({ name, outcome }) => [name, outcome])),
  );
const SHOP = { db: 'shop/1', app: 'shop/2', web: 'shop/3', crm: 'crm/2', files: undefined };

describe('a recovery in waves', () => {
  let world: World;
  beforeEach(() => {
    world = new World();
  });

  it('begins a wave once the one before is ready, and leads names to DR last', async () => {
    world.ready = { db: world.time + 200_000 };
    const report = await world.recover(SHOP);
    expect(outcomes(report)).to.deep.equal({
      db: 'ready',
      app: 'ready',
      web: 'ready',
      crm: 'ready',
      files: 'ready',
    });
    expect(world.runs.map(({ recoverOnly }) => recoverOnly)).to.deep.equal([
      'i-db',
      'i-db,i-app,i-crm',
      'i-db,i-app,i-crm,i-web',
      'i-db,i-app,i-crm,i-web,i-files',
      undefined,
    ]);
    expect(world.runs.map(({ switchDns }) => switchDns)).to.deep.equal([
      'false',
      'false',
      'false',
      'false',
      'true',
    ]);
    expect(report.dns).to.equal('switched');
    const machine = (name: string) =>
      report.steps.flatMap(({ machines }) => machines).find((each) => each.name === name);
    expect(Date.parse(machine('db')?.ready ?? '')).to.be.at.least(world.ready.db ?? 0);
    expect(Date.parse(machine('app')?.begun ?? '')).to.be.above(Date.parse(machine('db')?.ready ?? ''));
  });

  it('holds what waits for a machine that does not get ready, and nothing else', async () => {
    world.ready = { db: Number.POSITIVE_INFINITY };
    const report = await world.recover(SHOP);
    expect(outcomes(report)).to.deep.equal({
      db: 'failed',
      app: 'held',
      web: 'held',
      crm: 'ready',
      files: 'ready',
    });
    expect(report.dns).to.equal('held');
    // The last run still has what was brought up, and not what is held.
    expect(world.runs.at(-1)).to.deep.include({ recoverOnly: 'i-db,i-crm,i-files', switchDns: 'false' });
    expect(world.notes.join('\n')).to.contain('app is held: db is not ready').and.contain('db: it boots');
  });

  it('goes on with what was held when it is run again', async () => {
    world.ready = { db: Number.POSITIVE_INFINITY };
    await world.recover(SHOP);
    world.ready = {};
    world.runs.length = 0;
    const report = await world.recover(SHOP);
    expect(new Set(Object.values(outcomes(report)))).to.deep.equal(new Set(['ready']));
    // What runs is in every plan, from the first on.
    for (const { recoverOnly } of world.runs.slice(0, -1)) expect(recoverOnly).to.contain('i-files');
  });

  it('goes on at once with what an earlier run has begun', async () => {
    await world.recover(SHOP, { begun: ['i-web', 'i-gone'] });
    expect(world.runs[0]?.recoverOnly).to.equal('i-web,i-db');
  });

  it('waits for none when it is told so', async () => {
    world.ready = { db: Number.POSITIVE_INFINITY };
    const report = await world.recover(SHOP, { isGated: false, gateMs: 0 });
    expect(outcomes(report)).to.deep.include({ db: 'failed', app: 'ready', web: 'ready' });
    expect(report.dns).to.equal('switched');
  });

  it('never asks the engine for a machine that has no recovery point, and holds what waits for it', async () => {
    const report = await world.recover(SHOP, { unplanned: new Map([['i-db', 'no copy']]) });
    expect(outcomes(report)).to.deep.include({ db: 'failed', app: 'held', crm: 'ready' });
    expect(world.runs.map(({ recoverOnly }) => recoverOnly).join()).to.not.contain('i-db');
    expect(report.steps[0]?.machines[0]?.problem).to.equal('no copy');
  });

  it('falls back to the next type when AWS has none of the first, and keeps what is configured', async () => {
    world.full = ['m5.large', 'm6i.large'];
    const report = await world.recover(
      { db: '1', app: '2' },
      { types: { 'i-db': ['m5.large', 'm6i.large', 'm5a.large'] }, typesText: 'm5.large=m6i.large' },
    );
    expect(outcomes(report)).to.deep.equal({ db: 'ready', app: 'ready' });
    expect(world.running.get('i-db')).to.equal('m5a.large');
    expect(world.runs.at(-1)?.instanceTypes).to.equal('i-db=m5a.large,m5.large=m6i.large');
  });

  it('says so where there is no other type', async () => {
    world.full = ['m5.large'];
    const report = await world.recover({ db: '1' }, { types: { 'i-db': ['m5.large'] } });
    expect(report.steps[0]?.machines[0]).to.deep.include({
      outcome: 'failed',
      problem: 'InsufficientInstanceCapacity: none left',
    });
    // Tried twice, and then the whole plan.
    expect(world.runs).to.have.length(3);
  });

  it('takes what AWS does not say for not ready, and asks again', async () => {
    let left = 2;
    const report = await world.recover(
      { db: '1' },
      {
        notReady: async () => {
          if (left-- > 0) throw new Error('RequestLimitExceeded');
          return new Map();
        },
      },
    );
    expect(outcomes(report)).to.deep.equal({ db: 'ready' });
    expect(left).to.equal(-1);
  });

  it('forgets what failed beside machines on the way, and is made in the end', async () => {
    const failing = async (fails: (run: number) => boolean) => {
      let run = 0;
      const running = new Map<string, { id: string }>();
      return world.recover(
        { db: '1' },
        {
          up: async () => {
            running.set('i-db', { id: 'i-db-dr' });
            return fails(++run) ? [{ name: 'dns-record/a', message: 'Throttling' }] : [];
          },
          look: async () => running,
        },
      );
    };
    expect((await failing((run) => run === 1)).failures).to.deep.equal([]);
    expect((await failing(() => true)).failures).to.deep.equal(['dns-record/a: Throttling']);
  });

  it('leads no name to DR where the settings keep it so', async () => {
    const report = await world.recover({ db: '1' }, { switchDns: false });
    expect(report.dns).to.equal('off');
    expect(world.runs.at(-1)?.switchDns).to.equal('false');
  });
});
