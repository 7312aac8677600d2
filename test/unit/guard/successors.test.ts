import { expect } from 'chai';
import { guard, look } from '../../../inventory/guard/guard';
import { parseAllow } from '../../../inventory/guard/guardAllow';
import { GuardError } from '../../../inventory/guard/guardError';
import type { Inventory, Items } from '../../../inventory/inventory';
import { protectedInstances } from '../../../inventory/protectedInstances';
import type { Instance } from '../../../kinds/machines/instance';
import { instance, volume } from '../items';
import { acceptedOf, options, source } from './inventories';

const elsewhere = { privateIpAddress: '10.0.1.99' };
/** The source without its machine MASTER, whose disk is gone too, and with another machine. */
const replaced = (name: string, more: Partial<Instance> = {}, tags = { MUSTSNAP: 'True' }): Items => ({
  ...source,
  volume: [volume('vol-2', tags)],
  instance: [instance('i-2', name, ['vol-2'], more)],
});
const stopsOf = (now: Items, accepted: Inventory = acceptedOf(), more = {}) =>
  look(now, accepted, options(more)).report.stops;
const recovered = (inventory: Pick<Inventory, 'kinds' | 'gone'>) =>
  protectedInstances(inventory).instances.map((each) => each.instance.id);

describe('a machine that would be recovered in the place of one that is gone', () => {
  const nano = replaced('MASTER', { ...elsewhere, instanceType: 't3.nano' });
  const held = acceptedOf(
    { ...source, volume: [volume('vol-1')] },
    { gone: { 'instance/i-1': 'before', 'volume/vol-1': 'before' } },
  );

  it('stops the run, be the other one newly gone or held already', () => {
    for (const accepted of [acceptedOf(), held])
      expect(stopsOf(nano, accepted)).to.have.length(1).and.have.nested.property('[0].name', 'instance/i-2');
    expect(stopsOf(nano)[0]).to.include({
      happened: 'new',
      why: 'has the Name of instance/i-1, which is gone and protected: it would be recovered in its place',
    });
    expect(() => guard(nano, acceptedOf(), options())).to.throw(GuardError, 'instance/i-2=');
  });

  it('stops it by its address, and by both', () => {
    expect(stopsOf(replaced('OTHER'))[0]?.why).to.contain('has the address of instance/i-1');
    expect(stopsOf(replaced('MASTER'))[0]?.why).to.contain('has the Name and address of instance/i-1');
  });

  it('stops it when an accepted machine is given the Name, or a disk to be snapshotted', () => {
    const other = (name: string) => instance('i-2', name, ['vol-2'], elsewhere);
    const two = (name: string, tags: Record<string, string>) => ({
      ...source,
      volume: [volume('vol-1'), volume('vol-2', tags)],
      instance: [instance('i-1', 'MASTER', ['vol-1']), other(name)],
    });
    const tagged = { MUSTSNAP: 'True' };
    expect(stopsOf(nano, acceptedOf(two('OTHER', tagged)))[0]?.happened).to.contain('tags');
    expect(stopsOf(nano, acceptedOf(two('MASTER', {})))[0]).to.include({ name: 'instance/i-2' });
  });

  it('does not stop it where it is in nobody’s way, is not protected, or nothing is gone', () => {
    for (const now of [
      replaced('OTHER', elsewhere),
      replaced('MASTER', { subnetId: 'subnet-2' }, {} as { MUSTSNAP: string }),
      replaced('OTHER', { subnetId: 'subnet-2' }),
    ])
      expect(stopsOf(now)).to.deep.equal([]);
    const both = { ...replaced('OTHER', elsewhere) };
    const live = {
      ...both,
      volume: [volume('vol-1'), ...(both.volume ?? [])],
      instance: [instance('i-1', 'MASTER', ['vol-1']), ...(both.instance ?? [])],
    };
    expect(stopsOf(live)).to.deep.equal([]);
    expect(stopsOf({ ...source, instance: [], volume: [] })).to.deep.equal([]);
  });

  it('has no address in common where neither has one', () => {
    const ipv6Only = { privateIpAddress: undefined };
    const accepted = acceptedOf({ ...source, instance: [instance('i-1', 'MASTER', ['vol-1'], ipv6Only)] });
    expect(stopsOf(replaced('OTHER', ipv6Only), accepted)).to.deep.equal([]);
  });

  describe('once somebody has said that it is its successor', () => {
    const allow = (now: Items, accepted = acceptedOf()) =>
      stopsOf(now, accepted).flatMap((stop) => parseAllow(stop.allow) ?? []);
    const settled = look(nano, acceptedOf(), options({ allow: allow(nano) }));
    const next = acceptedOf(settled.kinds, { gone: settled.gone });

    it('takes its place: the one that is gone is held no longer, nor its disk', () => {
      expect(settled.report.stops).to.deep.equal([]);
      expect(settled.report.allowed.map(({ name }) => name)).to.deep.equal(['instance/i-2']);
      expect(settled.gone).to.deep.equal({});
      expect(settled.report.superseded).to.deep.equal([{ name: 'instance/i-1', by: 'instance/i-2' }]);
      expect(recovered(settled)).to.deep.equal(['i-2']);
    });

    it('needs to be said no more, when the entry has long expired', () => {
      const later = look(nano, next, options({ now: new Date('2027-01-01T00:00:00Z') }));
      expect(later.report.stops).to.deep.equal([]);
      expect(later.gone).to.deep.equal({});
    });

    it('has to be said again of any other machine, and of this one when it is another', () => {
      const third = {
        ...nano,
        volume: [volume('vol-3')],
        instance: [instance('i-3', 'MASTER', ['vol-3'], elsewhere)],
      };
      expect(stopsOf(third, next)[0]?.why).to.contain('instance/i-2');
      expect(stopsOf(third, acceptedOf(), { allow: allow(nano) })).to.have.length(1);
      const bigger = replaced('MASTER', { ...elsewhere, instanceType: 't3.large' });
      expect(stopsOf(bigger, acceptedOf(), { allow: allow(nano) })).to.have.length(1);
    });

    it('keeps a disk that it took over, and what the source still has', () => {
      const moved = {
        ...source,
        volume: [volume('vol-1')],
        instance: [instance('i-2', 'MASTER', ['vol-1'], elsewhere)],
      };
      const taken = look(moved, acceptedOf(), options({ allow: allow(moved) }));
      expect(taken.kinds.volume?.map(({ id }) => id)).to.deep.equal(['vol-1']);
      expect(recovered(taken)).to.deep.equal(['i-2']);
    });
  });

  it('is not recovered before that, from the inventory that was accepted: the old one is', () => {
    const refused = look(nano, held, options());
    expect(refused.report.stops).to.have.length(1);
    expect(recovered(held)).to.deep.equal(['i-1']);
    expect(recovered(refused)).to.deep.equal(['i-1']);
  });

  it('stops it beside what else is wrong with it, and an entry for the one keeps that for the other', () => {
    const two = {
      ...source,
      volume: [volume('vol-1'), volume('vol-2')],
      instance: [instance('i-1', 'MASTER', ['vol-1']), instance('i-2', 'OTHER', ['vol-2'], elsewhere)],
    };
    const now = replaced('MASTER', { ...elsewhere, securityGroupIds: ['sg-1', 'sg-2'] });
    const found = stopsOf(now, acceptedOf(two));
    expect(found.map(({ name }) => name)).to.deep.equal(['instance/i-2', 'instance/i-2']);
    const [one = [], other = []] = found.map((stop) => parseAllow(stop.allow) ?? []);
    try {
      guard(now, acceptedOf(two), options({ allow: one }));
      expect.fail('it did not stop');
    } catch (error) {
      const [, value = ''] = /config set lifeboat:allow "(.*)" --stack/.exec((error as Error).message) ?? [];
      expect(parseAllow(value)).to.deep.equal([...one, ...other]);
    }
  });

  it('takes the places of two at once', () => {
    const accepted = acceptedOf({
      ...source,
      volume: [volume('vol-1'), volume('vol-8')],
      instance: [instance('i-1', 'MASTER', ['vol-1'], elsewhere), instance('i-8', 'OTHER', ['vol-8'])],
    });
    const now = replaced('MASTER');
    const named = stopsOf(now, accepted).filter(({ name }) => name === 'instance/i-2');
    expect(named).to.have.length(1);
    expect(named[0]?.why).to.contain('Name of instance/i-1').and.contain('address of instance/i-8');
    const entries = stopsOf(now, accepted).flatMap((stop) => parseAllow(stop.allow) ?? []);
    const all = look(now, accepted, options({ allow: entries }));
    expect(all.report.stops).to.deep.equal([]);
    expect(all.gone).to.deep.equal({});
  });
});
