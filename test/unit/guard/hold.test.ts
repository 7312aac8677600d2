import { expect } from 'chai';
import { look } from '../../../inventory/guard/guard';
import type { Items } from '../../../inventory/inventory';
import type { VpcIpv6Range } from '../../../kinds/network/vpcIpv6Range';
import { group, instance, rule, volume } from '../items';
import { acceptedOf, NOW, options, source } from './inventories';

const ids = (items: Items, kind: string) => (items[kind] ?? []).map((item) => item.id);
const without = (kind: string, ...gone: string[]): Items => ({
  ...source,
  [kind]: (source[kind] ?? []).filter(({ id }) => !gone.includes(id)),
});

describe('what the guard holds', () => {
  it('passes an unchanged source on', () => {
    const looked = look(source, acceptedOf(), options());
    for (const kind of Object.keys(source)) expect(looked.kinds[kind]).to.deep.equal(source[kind]);
    expect(looked.gone).to.deep.equal({});
    expect(looked.notes).to.deep.equal([]);
  });

  it('holds what is gone, with the time when it was first missed', () => {
    const looked = look(without('subnet', 'subnet-4'), acceptedOf(), options());
    expect(ids(looked.kinds, 'subnet')).to.have.members(ids(source, 'subnet'));
    expect(looked.gone).to.deep.equal({ 'subnet/subnet-4': NOW.toISOString() });
    expect(looked.report.tombstones).to.deep.equal([
      { name: 'subnet/subnet-4', since: NOW.toISOString(), isNew: true },
    ]);
  });

  it('does not hold machines and disks that nobody protects, which come and go', () => {
    const fleet = [instance('i-8', 'kept', ['vol-8']), instance('i-9', 'passing', ['vol-9'])];
    const accepted = acceptedOf({
      ...source,
      instance: fleet,
      volume: [volume('vol-8'), volume('vol-9', {})],
    });
    expect(look(source, accepted, options()).gone).to.have.keys(['instance/i-8', 'volume/vol-8']);
  });

  it('follows a setting that was taken off an object which is still there', () => {
    const setting = { id: 'subnet-4', tags: {}, routeTableId: 'rtb-1', subnetId: 'subnet-4' };
    const accepted = acceptedOf({ ...source, 'route-table-association': [setting] });
    expect(look(source, accepted, options()).gone).to.deep.equal({});
    expect(look(without('subnet', 'subnet-4'), accepted, options()).gone).to.have.keys([
      'subnet/subnet-4',
      'route-table-association/subnet-4',
    ]);
  });

  it("does not take an IPv6 range of a VPC for one before it that went, though AWS now counts it in that one's place", () => {
    const range = (id: string, cidrBlock: string, position: number): VpcIpv6Range => ({
      id,
      tags: {},
      vpcId: 'vpc-1',
      cidrBlock,
      position,
    });
    const first = range('a-1', '2001:db8:1::/56', 1);
    const second = range('a-2', '2001:db8:2::/56', 2);
    const accepted = acceptedOf({ ...source, 'vpc-ipv6-range': [first, second] });
    const shifted = { ...second, position: 1 };
    const anew = { ...first, id: 'a-3' };
    const looked = look({ ...source, 'vpc-ipv6-range': [shifted] }, accepted, options());
    expect(Object.keys(looked.gone)).to.deep.equal(['vpc-ipv6-range/a-1']);
    expect([...looked.superseded]).to.deep.equal([]);
    const again = look({ ...source, 'vpc-ipv6-range': [anew, second] }, accepted, options());
    expect([...again.superseded]).to.deep.equal([['vpc-ipv6-range/a-1', 'a-3']]);
  });

  it('keeps that time while it stays missing, and forgets it when it is back', () => {
    const since = '2026-01-01T00:00:00.000Z';
    const accepted = acceptedOf(source, { gone: { 'subnet/subnet-4': since } });
    const still = look(without('subnet', 'subnet-4'), accepted, options());
    expect(still.gone).to.deep.equal({ 'subnet/subnet-4': since });
    expect(still.report.tombstones.map(({ isNew }) => isNew)).to.deep.equal([false]);
    const back = look(source, accepted, options());
    expect(back.gone).to.deep.equal({});
    const again = look(without('subnet', 'subnet-4'), acceptedOf(back.kinds), options());
    expect(again.gone).to.deep.equal({ 'subnet/subnet-4': NOW.toISOString() });
  });

  it('holds everything when the source was emptied', () => {
    const looked = look({}, acceptedOf(), options());
    for (const kind of Object.keys(source)) expect(ids(looked.kinds, kind)).to.deep.equal(ids(source, kind));
  });

  it('lets go what is gone when removals are followed, and what was held before', () => {
    const accepted = acceptedOf(source, { gone: { 'subnet/subnet-3': NOW.toISOString() } });
    const live = without('subnet', 'subnet-3', 'subnet-4');
    const looked = look(live, accepted, options({ removals: 'follow' }));
    expect(ids(looked.kinds, 'subnet')).to.deep.equal(['subnet-1', 'subnet-2']);
    expect(looked.gone).to.deep.equal({});
  });

  it('knows a rule that was removed and added again by what it allows, whether it was held meanwhile or not', () => {
    const live = {
      ...source,
      'security-group-rule': [
        ...(without('security-group-rule', 'sgr-4')['security-group-rule'] ?? []),
        rule('sgr-9', 'sg-1', { cidrIpv4: '10.4.0.0/16' }),
      ],
    };
    const both: Record<string, string>[] = [{}, { 'security-group-rule/sgr-4': NOW.toISOString() }];
    for (const gone of both) {
      const looked = look(live, acceptedOf(source, { gone }), options());
      expect(ids(looked.kinds, 'security-group-rule')).to.deep.equal(['sgr-1', 'sgr-2', 'sgr-3', 'sgr-9']);
      expect([...looked.superseded]).to.deep.equal([['security-group-rule/sgr-4', 'sgr-9']]);
      expect(looked.gone).to.deep.equal({});
      expect(looked.report.stops).to.deep.equal([]);
    }
  });

  it('hands what is held over to a group that was made anew, and goes on holding it there', () => {
    const live = {
      ...source,
      'security-group': [group('sg-9', 'vpc-1', 'web'), group('sg-2', 'vpc-1', 'app')],
      'security-group-rule': [],
    };
    const looked = look(live, acceptedOf(), options());
    expect(ids(looked.kinds, 'security-group')).to.have.members(['sg-9', 'sg-2']);
    expect(looked.kinds['security-group-rule']?.map((item) => ({ ...item }))).to.deep.equal(
      [1, 2, 3, 4].map((n) => rule(`sgr-${n}`, 'sg-9', { cidrIpv4: `10.${n}.0.0/16` })),
    );
    const next = look(live, acceptedOf(looked.kinds, { gone: looked.gone }), options());
    expect(next.kinds).to.deep.equal(looked.kinds);
    expect(next.gone).to.deep.equal(looked.gone);
    expect([...next.superseded]).to.deep.equal([]);
  });

  it('lets what is called by the id of another follow it, under the name that it had', () => {
    const of = (id: string) => ({ id, tags: {}, networkAclId: 'acl-1' });
    const kinds = { ...source, 'network-acl-association': [of('subnet-1')] };
    const subnets = (source.subnet ?? []).map((item) =>
      item.id === 'subnet-1' ? { ...item, id: 'subnet-9' } : item,
    );
    const live = { ...kinds, subnet: subnets, 'network-acl-association': [of('subnet-9')] };
    const looked = look(live, acceptedOf(kinds), options());
    expect([...looked.superseded]).to.deep.equal([
      ['subnet/subnet-1', 'subnet-9'],
      ['network-acl-association/subnet-1', 'subnet-9'],
    ]);
    expect([looked.gone, looked.report.stops]).to.deep.equal([{}, []]);
  });

  it('says which fields each kind has, and keeps saying so when the source has none of the kind left', () => {
    const fields = look(source, undefined, options()).fields;
    expect(fields.subnet).to.include.members(['id', 'tags', 'vpcId', 'cidrBlock']);
    expect(look({}, acceptedOf(source, { fields }), options()).fields).to.deep.equal(fields);
  });
});
