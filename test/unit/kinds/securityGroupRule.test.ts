import { expect } from 'chai';
import { ITSELF } from '../../../inventory/adoption';
import type { Item, Kind } from '../../../kinds/kind';
import { type SecurityGroupRule, securityGroupRule } from '../../../kinds/network/securityGroupRule';
import { TAG } from '../../../names';
import { group, prefixList, rule, vpc } from '../items';
import { sides } from '../sides';
import { argsOf, planned, reason, stub } from './planned';

const network = {
  vpc: [vpc('vpc-1')],
  'prefix-list': [prefixList('pl-1', { maxEntries: 7 })],
  'security-group': [group('sg-1', 'vpc-1', 'web')],
};
const dr = {
  vpc: [vpc('vpc-d', { tags: { [TAG.sourceId]: 'vpc-1' } })],
  'prefix-list': [prefixList('pl-d', { tags: { [TAG.sourceId]: 'pl-1' } })],
  'security-group': [group('sg-d', 'vpc-d', 'web', { [TAG.sourceId]: 'sg-1' })],
};

describe('rules of security groups', () => {
  describe('stop a run', () => {
    const worldly = prefixList('pl-w', { entries: [{ cidr: '10.0.0.0/8' }, { cidr: '0.0.0.0/0' }] });
    const danger = (
      more: Partial<SecurityGroupRule>,
      former?: Partial<SecurityGroupRule>,
      others: SecurityGroupRule[] = [],
    ) => {
      const item = rule('sgr-1', 'sg-1', more);
      const now = { 'prefix-list': [prefixList('pl-1'), worldly], 'security-group-rule': [item, ...others] };
      return securityGroupRule.danger?.(item, former && rule('sgr-1', 'sg-1', former), sides(now));
    };

    it('when they name a list that holds the world', () => {
      expect(danger({ prefixListId: 'pl-w' })).to.equal(
        'lets 0.0.0.0/0 in on tcp 443, by the prefix list pl-w',
      );
      expect(danger({ prefixListId: 'pl-w' }, { prefixListId: 'pl-1' })).to.contain(
        '; before: pl-1 on tcp 443',
      );
    });

    it('but not with one that does not, nor on the way out, nor where they were as open', () => {
      expect(danger({ prefixListId: 'pl-1' })).to.equal(undefined);
      expect(danger({ prefixListId: 'pl-unknown' })).to.equal(undefined);
      expect(danger({ prefixListId: 'pl-w', isEgress: true })).to.equal(undefined);
      expect(danger({ prefixListId: 'pl-w' }, { prefixListId: 'pl-w' })).to.equal(undefined);
      expect(danger({ prefixListId: 'pl-w' }, { cidrIpv4: '0.0.0.0/0' })).to.equal(undefined);
      expect(danger({ prefixListId: 'pl-w' }, { prefixListId: 'pl-w', toPort: 442 })).to.contain('0.0.0.0/0');
    });

    it('when their range and those of the others in the group are the world together', () => {
      const other = (cidrIpv4: string, groupId = 'sg-1') => rule('sgr-2', groupId, { cidrIpv4 });
      const half = { cidrIpv4: '52.0.0.0/9' };
      expect(danger(half, undefined, [other('54.0.0.0/9')]))
        .to.contain('52.0.0.0/9')
        .and.contain('together');
      for (const beside of [other('54.0.0.0/9', 'sg-2'), other('52.0.0.0/10'), other('0.0.0.0/0')])
        expect(danger(half, undefined, [beside])).to.equal(undefined);
      expect(danger(half, half, [other('54.0.0.0/9')])).to.equal(undefined);
      expect(danger({ cidrIpv4: '192.0.2.0/24' }, undefined, [other('54.0.0.0/9')])).to.equal(undefined);
    });
  });

  it('name a prefix list by its mirror, and are found again by it', () => {
    const source = { ...network, 'security-group-rule': [rule('sgr-1', 'sg-1', { prefixListId: 'pl-1' })] };
    const inDr = {
      ...dr,
      'security-group-rule': [
        rule('sgr-x', 'sg-d', { prefixListId: 'pl-other' }),
        rule('sgr-d', 'sg-d', { prefixListId: 'pl-d' }),
      ],
    };
    const result = planned(source, inDr);
    expect(argsOf(result, 'security-group-rule/sgr-1').prefixListId).to.have.property(
      'name',
      'prefix-list/pl-1',
    );
    expect(result.resources.at(-1)).to.deep.include({ name: 'security-group-rule/sgr-1', adopt: 'sgr-d' });
  });

  it('are skipped when they name a list or a peering that the source has no more', () => {
    const result = planned({
      ...network,
      'security-group-rule': [
        rule('sgr-1', 'sg-1', { prefixListId: 'pl-gone' }),
        rule('sgr-2', 'sg-1', { referencedGroupId: 'sg-1', peeringConnectionId: 'pcx-gone' }),
      ],
    });
    expect(reason(result, 'security-group-rule/sgr-1')).to.contain('pl-gone');
    expect(reason(result, 'security-group-rule/sgr-2')).to.contain('pcx-gone');
  });

  it('over a peering inside the estate wait for that peering', () => {
    const peered = rule('sgr-1', 'sg-1', {
      referencedGroupId: 'sg-2',
      referencedUserId: '111111111111',
      peeringConnectionId: 'pcx-1',
    });
    const find = (kind: string, id: string): Item | undefined =>
      ['security-group/sg-2', 'vpc-peering-connection/pcx-1'].includes(`${kind}/${id}`)
        ? { id, tags: {} }
        : undefined;
    const places = { ...stub(), mirrorDefaultVpc: false, bucketsExcept: [], all: () => [], find };
    expect(securityGroupRule.skip?.(peered, places)).to.equal(undefined);
    const waited: string[] = [];
    const context = { ...stub(), after: (kind: string, id: string) => waited.push(`${kind}/${id}`) };
    expect(securityGroupRule.mirror?.(peered, context).args).to.have.property(
      'referencedSecurityGroupId',
      'security-group/sg-2',
    );
    expect(waited).to.deep.equal(['vpc-peering-connection/pcx-1']);
  });

  it('follow the IPv6 ranges that AWS assigns anew, in what they are found again by too', () => {
    const six = rule('sgr-1', 'sg-1', { cidrIpv6: '2001:db8::/64' });
    expect(securityGroupRule.mirror?.(six, stub()).args).to.have.property('cidrIpv6', 'ipv6 2001:db8::/64');
    const inDr = (range: string | undefined) => ({
      ...ITSELF,
      ipv6: () => range,
    });
    expect(securityGroupRule.identity?.(six, inDr('2001:db8:f::/64'))).to.contain('2001:db8:f::/64');
    expect(securityGroupRule.identity?.(six, inDr(undefined))).to.equal(undefined);
  });

  describe('count towards the rules that a group may have', () => {
    const [quota] = (securityGroupRule as Kind<SecurityGroupRule>).quotas ?? [];
    const lists = [
      prefixList('pl-1', { maxEntries: 7 }),
      prefixList('pl-6', { addressFamily: 'IPv6', maxEntries: 5 }),
    ];
    const find = (_: string, id: string) => lists.find((list) => list.id === id);
    const counted = (more: Partial<SecurityGroupRule>) => {
      const item = rule('sgr-1', 'sg-1', more);
      return { per: quota?.per?.(item, find), weight: quota?.weight?.(item, find) };
    };
    const cases: [string, Partial<SecurityGroupRule>, string[], number][] = [
      ['an IPv4 range', { cidrIpv4: '10.0.0.0/8' }, ['sg-1 inbound IPv4'], 1],
      ['an IPv6 range', { cidrIpv6: '::/0', isEgress: true }, ['sg-1 outbound IPv6'], 1],
      ['a group, for both', { referencedGroupId: 'sg-2' }, ['sg-1 inbound IPv4', 'sg-1 inbound IPv6'], 1],
      ['a list, with all its entries', { prefixListId: 'pl-1' }, ['sg-1 inbound IPv4'], 7],
      ['a list of IPv6', { prefixListId: 'pl-6' }, ['sg-1 inbound IPv6'], 5],
    ];
    for (const [what, more, per, weight] of cases)
      it(`by ${what}`, () => expect(counted(more)).to.deep.equal({ per, weight }));
  });
});
