import { expect } from 'chai';
import { inventoryDiff, type Side } from '../../../inventory/diff';
import { diffText } from '../../../scripts/inventory/diff';
import { subnet, vpc } from '../items';

const side = (more: Partial<Side['kinds']>, gone: Record<string, string> = {}): Side => ({
  kinds: { vpc: [vpc('vpc-1')], subnet: [], ...(more as Side['kinds']) },
  gone,
});
const [one, two] = [subnet('subnet-1', 'vpc-1'), subnet('subnet-2', 'vpc-1', { tags: { Name: 'shop' } })];
const short = (former: Side, now: Side) => inventoryDiff(former, now).map(({ name, what }) => [name, what]);
const stream = (isTTY: boolean) => ({ stdout: { write: () => true, isTTY }, env: {} });

describe('the diff of two inventories', () => {
  it('is empty for equal ones, whatever their order', () => {
    expect(inventoryDiff(side({ subnet: [one, two] }), side({ subnet: [two, one] }))).to.deep.equal([]);
    expect(diffText([], stream(true))).to.equal('No differences.\n');
  });

  it('tells what was added, removed, went missing and came back', () => {
    const gone = { 'subnet/subnet-1': '2026-01-01T00:00:00.000Z' };
    expect(short(side({ subnet: [one] }), side({ subnet: [two] }))).to.deep.equal([
      ['subnet/subnet-1', 'removed'],
      ['subnet/subnet-2', 'added'],
    ]);
    expect(short(side({ subnet: [one] }), side({ subnet: [one] }, gone))).to.deep.equal([
      ['subnet/subnet-1', 'gone'],
    ]);
    expect(short(side({ subnet: [one] }, gone), side({ subnet: [one] }))).to.deep.equal([
      ['subnet/subnet-1', 'back'],
    ]);
    expect(short(side({ subnet: [one] }, gone), side({ subnet: [one] }, gone))).to.deep.equal([]);
  });

  it('tells each field that changed, as it was and is', () => {
    const wider = { ...two, cidrBlock: '10.0.0.0/20', mapPublicIpOnLaunch: true };
    const [found] = inventoryDiff(side({ subnet: [two] }), side({ subnet: [wider] }));
    expect(found).to.deep.equal({
      name: 'subnet/subnet-2',
      label: 'shop',
      what: 'changed',
      fields: [
        { field: 'cidrBlock', former: '10.0.1.0/24', now: '10.0.0.0/20' },
        { field: 'mapPublicIpOnLaunch', former: false, now: true },
      ],
    });
  });

  it('shows nothing but names of a kind that this program does not know', () => {
    const of = (secret: string): Side => ({
      kinds: { strange: [{ id: 'x-1', tags: {}, secret } as never] },
      gone: {},
    });
    expect(inventoryDiff(of('hunter2'), of('hunter33'))[0]?.fields).to.deep.equal([
      { field: 'secret', former: '(secret, 7 bytes)', now: '(secret, 8 bytes)' },
    ]);
  });

  it('has colours on a terminal alone, and none where NO_COLOR is set', () => {
    const added = inventoryDiff(side({}), side({ subnet: [one] }));
    expect(diffText(added, stream(true))).to.contain('\u001b[32madded\u001b[39m');
    expect(diffText(added, stream(false))).not.to.contain('\u001b');
    expect(diffText(added, { ...stream(true), env: { NO_COLOR: '1' } })).not.to.contain('\u001b');
  });
});
