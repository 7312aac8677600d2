import { expect } from 'chai';
import { type StandDownFacts, standDownGuard } from '../../inventory/standDownGuard';
import type { RecoveredMachine } from '../../snapshots/recoveredMachines';
import { parseStandDown, type StandDownRecord } from '../../snapshots/recoveryRecords';

const STOPPED = '2026-01-31T04:00:00.000Z';
const TIME = '2026-01-31T04:05:00.000Z';
const minutesAfter = (minutes: number) => new Date(Date.parse(TIME) + minutes * 60_000);

const machine = (changes: Partial<RecoveredMachine> = {}): RecoveredMachine => ({
  id: 'i-dr',
  sourceId: 'i-1',
  name: 'APP',
  state: 'stopped',
  stoppedAt: new Date(STOPPED),
  tags: {},
  volumeIds: [],
  ...changes,
});
const entry = { instance: 'i-dr', source: 'i-1', name: 'APP', stoppedAt: STOPPED, snapshots: {} };
const { stoppedAt: _, ...running } = entry;
const record: StandDownRecord = { time: TIME, stopped: true, machines: [entry] };
const noStop: StandDownRecord = { time: TIME, stopped: false, machines: [running] };

describe('standDownGuard', () => {
  const refusal = (facts: Partial<StandDownFacts>): string | undefined => {
    const pinned = new Set(['i-1']);
    const now = minutesAfter(1);
    try {
      standDownGuard({ pinned, record, machines: [machine()], stack: 'dr', now, ...facts });
    } catch (error) {
      return (error as Error).message;
    }
    return undefined;
  };

  it('allows machines that have stood still since, however long ago', () => {
    expect(refusal({ now: minutesAfter(60 * 24) })).to.equal(undefined);
  });

  it('allows when all are gone, and asks nothing of other stacks’ machines', () => {
    expect(refusal({ machines: [] })).to.equal(undefined);
    expect(refusal({ machines: [machine({ id: 'i-x', sourceId: 'i-other', state: 'running' })] })).to.equal(
      undefined,
    );
  });

  for (const state of ['pending', 'running', 'stopping']) {
    it(`refuses a machine that is ${state} again`, () => {
      const message = refusal({ machines: [machine({ state, stoppedAt: undefined })] });
      expect(message).to.contain(`APP (i-dr): ${state} since`);
      expect(message).to.contain('next:     npx lifeboat stand-down --stack dr');
    });
  }

  it('refuses a machine that was started and stopped again', () => {
    const again = machine({ stoppedAt: new Date('2026-01-31T04:09:00Z') });
    expect(refusal({ machines: [again] })).to.contain(`stopped 2026-01-31T04:09:00.000Z, not ${STOPPED}`);
    expect(refusal({ machines: [machine({ stoppedAt: undefined })] })).to.contain('AWS does not tell');
    expect(refusal({ record: { ...noStop, stopped: true } })).to.contain(`stopped ${STOPPED}, not then`);
  });

  it('refuses a machine that the record does not name', () => {
    expect(refusal({ record: { ...record, machines: [{ ...entry, instance: 'i-earlier' }] } })).to.contain(
      'has not taken its final snapshots',
    );
    expect(refusal({ record: { ...noStop, machines: [] } })).to.contain('has not taken');
  });

  it('believes a stop without a time only while the record is fresh', () => {
    const facts = { record: { ...noStop, stopped: true }, machines: [machine({ stoppedAt: undefined })] };
    expect(refusal({ ...facts, now: minutesAfter(9) })).to.equal(undefined);
    expect(refusal({ ...facts, now: minutesAfter(10) })).to.contain('over 10 minutes old');
  });

  it('allows a running machine after --no-stop only while the record is fresh', () => {
    const facts = { record: noStop, machines: [machine({ state: 'running', stoppedAt: undefined })] };
    expect(refusal({ ...facts, now: minutesAfter(9) })).to.equal(undefined);
    expect(refusal({ ...facts, now: minutesAfter(10) })).to.contain('running since');
    expect(refusal({ ...facts, now: minutesAfter(-11) })).to.contain('running since');
  });

  it('takes a damaged record for none', () => {
    expect(parseStandDown(JSON.stringify(record))).to.deep.equal(record);
    for (const text of ['', '{', '{}', 'null', JSON.stringify({ ...record, time: 'soon' })]) {
      const damaged = parseStandDown(text);
      expect(damaged, text).to.equal(undefined);
      expect(refusal({ record: damaged })).to.contain('A recovery is active');
    }
  });
});
