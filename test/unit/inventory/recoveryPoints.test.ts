import { expect } from 'chai';
import { type ChosenPoint, pointsText, spreadNotes } from '../../../inventory/recoveryPoints';

const point = (name: string, dataFrom: string, isPinned = false): ChosenPoint => ({
  name,
  sourceId: `i-${name}`,
  point: `${name}-point`,
  dataFrom,
  isPinned,
});
const now = new Date('2026-02-01T06:00:00Z');

describe('recovery points for people', () => {
  const points = [point('DB', '2026-02-01T03:00:00.000Z', true), point('WEB', '2026-01-31T03:00:00.000Z')];

  it('have an age, and say whether they are pinned', () => {
    const text = pointsText(points, {}, now);
    expect(text).to.contain('the newest of each machine');
    expect(text).to.match(/DB +│ 2026-02-01T03:00:00.000Z │ 3 hours +│ DB-point +│ pinned/);
    expect(text).to.match(/WEB +│ 2026-01-31T03:00:00.000Z │ 1 day 3 hours +│ WEB-point +│ chosen now/);
  });

  it('say what was asked for, what that was, and of when the configuration is', () => {
    const record = {
      asked: '2 days ago',
      at: '2026-01-30T06:00:00.000Z',
      inventory: { versionId: 'v', time: '2026-01-29T00:00:00.000Z' },
    };
    expect(pointsText(points, record, now))
      .to.contain('as of 2026-01-30T06:00:00.000Z (2 days ago), 2 days ago')
      .and.contain('configuration of 2026-01-29T00:00:00.000Z');
  });

  it('are said to be apart where they are, with the moment that they share', () => {
    expect(spreadNotes(points, 26).join())
      .to.contain('24 hours apart')
      .and.contain('lifeboat:recoverAt 2026-01-31T03:00:00.000Z');
    expect(spreadNotes(points, 48)).to.deep.equal([]);
    expect(spreadNotes(points.slice(1), 1)).to.deep.equal([]);
    expect(spreadNotes([], 1)).to.deep.equal([]);
    const pinned = points.map((each) => ({ ...each, isPinned: true }));
    expect(spreadNotes(pinned, 26).join()).to.contain('24 hours apart').and.not.contain('recoverAt');
  });
});
