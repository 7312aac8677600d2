import { expect } from 'chai';
import { type PrefixList, prefixList } from '../../../kinds/network/prefixList';
import { prefixListWeight } from '../../../kinds/network/prefixListWeight';
import { TAG } from '../../../names';
import { group, prefixList as list, rule, vpc } from '../items';
import { sides } from '../sides';
import { argsOf, planned, reason, stub } from './planned';

const AWS_S3 = { prefixListName: 'com.amazonaws.<region>.s3', ownerId: 'AWS', maxEntries: undefined };
const network = { vpc: [vpc('vpc-1')], 'security-group': [group('sg-1', 'vpc-1', 'web')] };

describe('prefix lists', () => {
  it('come with entries, descriptions and the number of entries that they may have', () => {
    expect(argsOf(planned({ 'prefix-list': [list('pl-1')] }), 'prefix-list/pl-1')).to.deep.include({
      name: 'offices',
      addressFamily: 'IPv4',
      maxEntries: 20,
      entries: [{ cidr: '192.0.2.0/24', description: 'an office' }],
    });
  });

  it('follow the IPv6 ranges that AWS assigns anew, and keep IPv4 as it is', () => {
    const cidrsOf = (item: PrefixList) =>
      (prefixList.mirror?.(item, stub()).args as { entries: { cidr: unknown }[] }).entries.map(
        ({ cidr }) => cidr,
      );
    const entries = [{ cidr: '2001:db8:0:1::/64' }];
    expect(cidrsOf(list('pl-1', { addressFamily: 'IPv6', entries }))).to.deep.equal([
      'ipv6 2001:db8:0:1::/64',
    ]);
    expect(cidrsOf(list('pl-1'))).to.deep.equal(['192.0.2.0/24']);
  });

  it("of AWS's own stand for those of DR's region", () => {
    const source = {
      ...network,
      'prefix-list': [list('pl-a', AWS_S3)],
      'security-group-rule': [rule('sgr-1', 'sg-1', { prefixListId: 'pl-a' })],
    };
    const there = planned(source, { 'prefix-list': [list('pl-z', AWS_S3)] });
    expect(argsOf(there, 'security-group-rule/sgr-1').prefixListId).to.equal('pl-z');
    expect(there.resources.map(({ name }) => name)).to.not.include('prefix-list/pl-a');
    const missing = planned(source);
    expect(reason(missing, 'security-group-rule/sgr-1')).to.contain('which eu-central-1 does not have');
  });

  it('of one name are two, and the one that DR has is found by our tag alone', () => {
    const source = { 'prefix-list': [list('pl-1'), list('pl-2')] };
    const dr = [
      list('pl-x', { ownerId: '222222222222' }),
      list('pl-y', { ownerId: '222222222222', tags: { [TAG.sourceId]: 'pl-2' } }),
    ];
    const { resources } = planned(source, { 'prefix-list': dr });
    expect(resources.map(({ name, adopt }) => [name, adopt])).to.deep.equal([
      ['prefix-list/pl-1', undefined],
      ['prefix-list/pl-2', 'pl-y'],
    ]);
  });

  it('are skipped with the reason when they are of another account or too long for one call', () => {
    const entries = Array.from({ length: 101 }, (_, index) => ({ cidr: `10.0.${index}.0/24` }));
    const result = planned({
      'prefix-list': [list('pl-1', { ownerId: '333333333333' }), list('pl-2', { entries })],
    });
    expect(reason(result, 'prefix-list/pl-1')).to.contain('333333333333');
    expect(reason(result, 'prefix-list/pl-2')).to.contain('101 entries');
  });

  it('stop a run when they come to hold the world, halves of it too', () => {
    const holding = (...cidrs: string[]) => list('pl-1', { entries: cidrs.map((cidr) => ({ cidr })) });
    const danger = (now: PrefixList, former?: PrefixList) => prefixList.danger?.(now, former, sides());
    expect(danger(holding('10.0.0.0/8', '0.0.0.0/0'), holding('10.0.0.0/8'))).to.equal('now holds 0.0.0.0/0');
    expect(danger(holding('128.0.0.0/1'))).to.contain('128.0.0.0/1');
    expect(danger(holding('::/0'), holding('::/0'))).to.equal(undefined);
    expect(danger(holding('10.0.0.0/8'))).to.equal(undefined);
    // Narrower than before, or in another order.
    expect(danger(holding('0.0.0.0/1'), holding('0.0.0.0/0'))).to.equal(undefined);
    expect(danger(holding('16.0.0.0/4', '10.0.0.0/8'), holding('10.0.0.0/8', '16.0.0.0/4'))).to.equal(
      undefined,
    );
  });

  it('stop a run when their ranges come to be the world together', () => {
    const ninths = (count: number) => Array.from({ length: count }, (_, index) => `${index + 20}.128.0.0/9`);
    const danger = (now: string[], former: string[]) =>
      prefixList.danger?.(
        list('pl-1', { entries: now.map((cidr) => ({ cidr })) }),
        list('pl-1', { entries: former.map((cidr) => ({ cidr })) }),
        sides(),
      );
    expect(danger(ninths(2), ninths(1))).to.equal('now holds 21.128.0.0/9');
    expect(danger(ninths(1), [])).to.equal(undefined);
    expect(danger(ninths(1), ninths(2))).to.equal(undefined);
    expect(danger(ninths(8), [])).to.match(/and 3 more$/);
  });

  it('count for as many rules as they may have entries, and for what AWS says of its own', () => {
    const own = (prefixListName: string) => list('pl-1', { ...AWS_S3, prefixListName });
    expect(prefixListWeight(list('pl-1'))).to.equal(20);
    expect(prefixListWeight(own('com.amazonaws.<region>.s3'))).to.equal(1);
    expect(prefixListWeight(own('com.amazonaws.global.cloudfront.origin-facing'))).to.equal(55);
    expect(prefixListWeight(own('com.amazonaws.global.ipv6.cloudfront.origin-facing'))).to.equal(55);
    expect(prefixListWeight(own('com.amazonaws.<region>.ipv6.vpc-lattice'))).to.equal(10);
  });
});
