import { expect } from 'chai';
import { moveIpv6 } from '../../../inventory/ipv6';
import { Ref } from '../../../inventory/refs';
import { assignedIpv6, unassignable } from '../../../kinds/network/assignedIpv6';
import type { VpcIpv6Range } from '../../../kinds/network/vpcIpv6Range';
import { group, prefixList, rule, subnet, vpc } from '../items';
import { argsOf, planned, reason } from './planned';

const LARGE = '2001:db8:aa00::/48';
const SMALL = '2001:db8:bb00:ab00::/60';
const inLarge = '2001:db8:aa00:7::/64';

const further = (id: string, cidrBlock: string, more: Partial<VpcIpv6Range> = {}): VpcIpv6Range => ({
  id,
  tags: {},
  vpcId: 'vpc-1',
  cidrBlock,
  position: 1,
  ...more,
});

describe('IPv6 ranges that are no /56 of Amazon', () => {
  it('can be taken the place of unless they are larger than what Amazon assigns, or private', () => {
    expect(unassignable({})).to.equal(undefined);
    expect(unassignable({ ipv6CidrBlock: '2001:db8::/56', ipv6Pool: 'ipv6pool-ec2-1' })).to.equal(undefined);
    expect(unassignable({ ipv6CidrBlock: SMALL, ipv6Pool: 'IPAM Managed' })).to.equal(undefined);
    expect(unassignable({ ipv6CidrBlock: LARGE, ipv6Pool: 'IPAM Managed' })).to.contain(
      `${LARGE} of the pool IPAM Managed is larger than the /56`,
    );
    expect(unassignable({ ipv6CidrBlock: 'fd00:10::/56', ipv6IsPrivate: true })).to.contain('private');
  });

  it('come after those that DR can have one in the place of', () => {
    const set = (AssociationId: string, Ipv6CidrBlock: string, Ipv6AddressAttribute?: 'private') => ({
      AssociationId,
      Ipv6CidrBlock,
      Ipv6Pool: 'IPAM Managed',
      Ipv6AddressAttribute,
      Ipv6CidrBlockState: { State: 'associated' as const },
    });
    const found = assignedIpv6({
      Ipv6CidrBlockAssociationSet: [
        set('a', LARGE),
        set('b', 'fd00:10::/56', 'private'),
        set('c', '2001:db8::/56'),
        set('d', SMALL),
      ],
    });
    expect(found.map(({ id }) => id)).to.deep.equal(['c', 'd', 'a', 'b']);
  });

  describe('where DR cannot have one', () => {
    const source = {
      vpc: [vpc('vpc-1', { ipv6CidrBlock: LARGE, ipv6Pool: 'IPAM Managed', ipv6IsPrivate: false })],
      'vpc-ipv6-range': [further('assoc-2', '2001:db8:aa01::/48')],
      subnet: [
        subnet('subnet-1', 'vpc-1', {
          ipv6CidrBlock: inLarge,
          assignIpv6AddressOnCreation: true,
          enableDns64: true,
          resourceNameDnsAaaaRecord: true,
        }),
        subnet('subnet-2', 'vpc-1', {
          cidrBlock: undefined,
          ipv6Native: true,
          ipv6CidrBlock: '2001:db8:aa00:8::/64',
        }),
      ],
      'security-group': [group('sg-1', 'vpc-1', 'web')],
      'security-group-rule': [
        rule('sgr-1', 'sg-1', { cidrIpv6: inLarge }),
        rule('sgr-2', 'sg-1', { cidrIpv6: '2001:db8:cc00::/64' }),
      ],
      'prefix-list': [
        prefixList('pl-1', {
          addressFamily: 'IPv6',
          entries: [{ cidr: inLarge }, { cidr: '2001:db8:cc00::/64' }],
        }),
      ],
    };

    it('the VPC and its subnets are made without IPv6, and say so', () => {
      const result = planned(source);
      expect(argsOf(result, 'vpc/vpc-1')).to.include({ assignGeneratedIpv6CidrBlock: false });
      expect(argsOf(result, 'subnet/subnet-1')).to.include({
        cidrBlock: '10.0.1.0/24',
        ipv6CidrBlock: undefined,
        assignIpv6AddressOnCreation: false,
        enableDns64: false,
        enableResourceNameDnsAaaaRecordOnLaunch: false,
      });
      expect(result.notes.join('\n'))
        .to.contain(`vpc/vpc-1 is made without IPv6: ${LARGE}`)
        .and.contain(`subnet/subnet-1 does without the IPv6 range ${inLarge}`);
    });

    it('what can do without a part of it does, and what cannot is skipped with the reason', () => {
      const result = planned(source);
      for (const name of ['subnet/subnet-2', 'security-group-rule/sgr-1'])
        expect(reason(result, name), name).to.contain(
          `it lies in an IPv6 range that DR cannot have: ${LARGE}`,
        );
      expect(reason(result, 'vpc-ipv6-range/assoc-2')).to.contain('is larger than the /56');
      expect(argsOf(result, 'security-group-rule/sgr-2').cidrIpv6).to.equal('2001:db8:cc00::/64');
      expect(argsOf(result, 'prefix-list/pl-1').entries).to.deep.equal([
        { cidr: '2001:db8:cc00::/64', description: undefined },
      ]);
    });

    it('a further range that an older program had looked up beside it is not made either', () => {
      const { ipv6Pool: _pool, ipv6IsPrivate: _private, ...old } = vpc('vpc-1', { ipv6CidrBlock: LARGE });
      const result = planned({ vpc: [old], 'vpc-ipv6-range': [further('assoc-2', '2001:db8::/56')] });
      expect(argsOf(result, 'vpc/vpc-1')).to.include({ assignGeneratedIpv6CidrBlock: false });
      expect(reason(result, 'vpc-ipv6-range/assoc-2')).to.contain('vpc-1 is made without IPv6');
    });
  });

  describe('where DR can have one', () => {
    const source = {
      vpc: [vpc('vpc-1', { ipv6CidrBlock: SMALL, ipv6Pool: 'IPAM Managed', ipv6IsPrivate: false })],
      subnet: [subnet('subnet-1', 'vpc-1', { ipv6CidrBlock: '2001:db8:bb00:ab07::/64' })],
    };

    it('what lies in it is moved to the beginning of the larger one', () => {
      const moved = { cidr: '2001:db8:bb00:ab07::/64', from: SMALL };
      expect(argsOf(planned(source), 'subnet/subnet-1').ipv6CidrBlock).to.deep.equal(
        new Ref('vpc/vpc-1', 'ipv6CidrBlock', moved),
      );
      expect(moveIpv6(moved.cidr, SMALL, '2600:1f14:2:cd00::/56')).to.equal('2600:1f14:2:cd07::/64');
      expect(moveIpv6('2001:db8:bb00:ab07::9', SMALL, '2600:1f14:2:cd00::/56')).to.equal(
        '2600:1f14:2:cd07::9',
      );
    });

    it('one in DR that is too small is refused by the plan, not in the middle of a run', () => {
      const tags = { 'lifeboat:source-id': 'vpc-1' };
      const dr = { vpc: [vpc('vpc-d', { tags, ipv6CidrBlock: '2600:1f14:2:cd00::/64' })] };
      expect(() => planned(source, dr)).to.throw('has no room in the one that vpc-d has in DR');
    });
  });
});
