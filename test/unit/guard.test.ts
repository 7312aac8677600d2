import { expect } from 'chai';
import { LifeboatError } from '../../errors';
import { guard } from '../../inventory/guard';
import type { Inventory, Items } from '../../inventory/inventory';
import { group, rule, subnet, vpc } from './items';

const kinds: Items = {
  vpc: [vpc('vpc-1')],
  subnet: [subnet('subnet-1', 'vpc-1')],
  'security-group': [group('sg-1', 'vpc-1', 'web')],
  'security-group-rule': [rule('sgr-1', 'sg-1', { cidrIpv4: '10.0.0.0/8' })],
  volume: [],
  instance: [],
};
const accepted: Inventory = {
  format: 'lifeboat-inventory',
  version: 1,
  account: '111111111111',
  region: 'eu-west-1',
  zones: {},
  gone: [],
  kinds,
};
const hold = { removals: 'hold', sourceRegion: 'eu-west-1' } as const;
const ids = (items: Items, kind: string) => (items[kind] ?? []).map((item) => item.id);

describe('guard', () => {
  it('passes an unchanged source on', () => {
    const guarded = guard(kinds, accepted, hold);
    expect(guarded.kinds).to.deep.equal(kinds);
    expect(guarded.gone).to.deep.equal([]);
  });

  it('holds what is gone, and names it', () => {
    const guarded = guard({ ...kinds, 'security-group-rule': [], subnet: [] }, accepted, hold);
    expect(ids(guarded.kinds, 'subnet')).to.deep.equal(['subnet-1']);
    expect(guarded.gone).to.have.members(['subnet/subnet-1', 'security-group-rule/sgr-1']);
  });

  it('holds everything when the source was emptied', () => {
    const guarded = guard({}, accepted, hold);
    for (const kind of Object.keys(kinds)) expect(ids(guarded.kinds, kind)).to.deep.equal(ids(kinds, kind));
  });

  it('lets go what is gone when removals are followed', () => {
    const guarded = guard({ ...kinds, 'security-group-rule': [] }, accepted, { ...hold, removals: 'follow' });
    expect(ids(guarded.kinds, 'security-group-rule')).to.deep.equal([]);
    expect(guarded.gone).to.deep.equal([]);
  });

  it('knows a rule that was removed and added again by what it allows', () => {
    const again = [rule('sgr-2', 'sg-1', { cidrIpv4: '10.0.0.0/8' })];
    const guarded = guard({ ...kinds, 'security-group-rule': again }, accepted, hold);
    expect(ids(guarded.kinds, 'security-group-rule')).to.deep.equal(['sgr-2']);
    expect([...guarded.superseded]).to.deep.equal([['security-group-rule/sgr-1', 'sgr-2']]);
  });

  it('hands what is held over to a group that was made anew', () => {
    const live = { ...kinds, 'security-group': [group('sg-2', 'vpc-1', 'web')], 'security-group-rule': [] };
    const guarded = guard(live, accepted, hold);
    expect(ids(guarded.kinds, 'security-group')).to.deep.equal(['sg-2']);
    expect(guarded.kinds['security-group-rule']).to.deep.equal([
      rule('sgr-1', 'sg-2', { cidrIpv4: '10.0.0.0/8' }),
    ]);
  });

  it('refuses an accepted inventory of another region', () => {
    expect(() => guard(kinds, { ...accepted, region: 'us-east-1' }, hold)).to.throw(
      LifeboatError,
      'another region',
    );
  });
});
