import { expect } from 'chai';
import { type NetworkAclEntry, networkAclEntry } from '../../../kinds/network/networkAclEntry';
import { aclEntry as entry } from '../items';
import { sides } from '../sides';

const acl = (isDefault: boolean) => ({ id: 'acl-1', tags: {}, vpcId: 'vpc-1', isDefault });
const allowAll = entry('acl-1', 100);
const office = entry('acl-1', 100, { cidrBlock: '192.0.2.0/24' });

/** What is said of one entry of an accepted ACL. */
function danger(
  item: NetworkAclEntry,
  before: readonly NetworkAclEntry[],
  { isDefault = false, after = [...before.filter(({ id }) => id !== item.id), item] } = {},
): string | undefined {
  const options = sides(
    { 'network-acl': [acl(isDefault)], 'network-acl-entry': after },
    { 'network-acl': [acl(isDefault)], 'network-acl-entry': before },
  );
  return networkAclEntry.danger?.(
    item,
    before.find(({ id }) => id === item.id),
    options,
  );
}

describe('an entry of a network ACL stops a run', () => {
  it('that is new and lets the world in, whatever its number', () => {
    expect(danger(entry('acl-1', 110), [office])).to.equal('lets 0.0.0.0/0 in on every protocol and port');
    expect(danger(entry('acl-1', 101, { ipv6CidrBlock: '::/0' }), [office])).to.contain('::/0');
    expect(danger(entry('acl-1', 5, { protocol: '6', fromPort: 22, toPort: 22 }), [office])).to.equal(
      'lets 0.0.0.0/0 in on tcp 22',
    );
  });

  it('that was changed to let it in, or more of its traffic', () => {
    expect(danger(entry('acl-1', 100), [office])).to.contain('0.0.0.0/0');
    const web = entry('acl-1', 100, { protocol: '6', fromPort: 443, toPort: 443 });
    expect(danger(entry('acl-1', 100), [web])).to.contain('every protocol');
    expect(danger({ ...web, toPort: 444 }, [web])).to.contain('tcp 443 to 444');
    expect(danger(entry('acl-1', 100), [entry('acl-1', 100, { ruleAction: 'deny' })])).to.contain(
      '0.0.0.0/0',
    );
  });

  it('that is a piece of the world with the others', () => {
    const [one, other] = [entry('acl-1', 100, { cidrBlock: '52.0.0.0/9' }), { cidrBlock: '54.0.0.0/9' }];
    expect(danger(entry('acl-1', 110, other), [one])).to.contain('together');
    expect(danger(entry('acl-1', 110, { cidrBlock: '52.0.0.0/10' }), [one])).to.equal(undefined);
  });

  it('but not one that denies, goes out, or lets in what is not the world', () => {
    for (const more of [{ ruleAction: 'deny' }, { isEgress: true }, { cidrBlock: '10.0.0.0/8' }])
      expect(danger(entry('acl-1', 110, more), [office]), JSON.stringify(more)).to.equal(undefined);
  });

  it('nor one as open as it was, or narrower, under another number too', () => {
    expect(danger(allowAll, [allowAll])).to.equal(undefined);
    expect(danger(office, [allowAll])).to.equal(undefined);
    for (const number of [50, 200]) expect(danger(entry('acl-1', number), [allowAll])).to.equal(undefined);
    expect(danger(entry('acl-1', 90, { protocol: '6', fromPort: 1, toPort: 2 }), [allowAll])).to.equal(
      undefined,
    );
  });

  describe('where the world was denied first', () => {
    const denied = entry('acl-1', 50, { ruleAction: 'deny', protocol: '6', fromPort: 22, toPort: 22 });
    it('and it comes ahead of that', () =>
      expect(danger(entry('acl-1', 40), [denied, allowAll])).to.contain('0.0.0.0/0'));
    it('and that denies less', () => {
      const narrowed = { ...denied, fromPort: 23, toPort: 23 };
      expect(danger(narrowed, [denied, allowAll]))
        .to.contain('no longer denies')
        .and.contain('0.0.0.0/0');
      expect(danger({ ...denied, cidrBlock: '192.0.2.0/24' }, [denied, allowAll])).to.contain('no longer');
    });
    it('but not where that denies more, or another network than one of the world', () => {
      expect(danger({ ...denied, fromPort: 20, toPort: 30 }, [denied, allowAll])).to.equal(undefined);
      const one = { ...denied, cidrBlock: '192.0.2.1/32' };
      expect(danger({ ...one, cidrBlock: '192.0.2.2/32' }, [one, allowAll])).to.equal(undefined);
      expect(danger({ ...denied, fromPort: 23, toPort: 23 }, [denied])).to.equal(undefined);
    });
    it('nor where it comes after that as before', () =>
      expect(danger(entry('acl-1', 60), [denied, allowAll])).to.equal(undefined));
  });

  it('but not with an ACL that is new itself: nothing that was accepted has it yet', () => {
    for (const isDefault of [true, false]) {
      const now = { 'network-acl': [acl(isDefault)], 'network-acl-entry': [allowAll] };
      expect(networkAclEntry.danger?.(allowAll, undefined, sides(now, {}))).to.equal(undefined);
    }
  });

  it("nor what AWS adds to a default ACL with its VPC's IPv6 range, where IPv4 is as open", () => {
    const added = entry('acl-1', 101, { ipv6CidrBlock: '::/0' });
    const out = entry('acl-1', 100, { isEgress: true });
    expect(danger(added, [allowAll, out], { isDefault: true })).to.equal(undefined);
    expect(danger(added, [allowAll, out])).to.contain('::/0');
    expect(danger(added, [office, out], { isDefault: true })).to.contain('::/0');
    // AWS adds it only where nobody has changed the inbound entries.
    const denied = entry('acl-1', 50, { ruleAction: 'deny', ipv6CidrBlock: '::/0' });
    expect(danger(added, [denied, allowAll], { isDefault: true })).to.contain('::/0');
  });
});
