import { expect } from 'chai';
import { type Subnet, subnet as subnetKind } from '../../../kinds/network/subnet';
import { subnet } from '../items';
import { sides } from '../sides';

const danger = (now: Partial<Subnet>, former: Partial<Subnet> = {}) =>
  subnetKind.danger?.(subnet('subnet-1', 'vpc-1', now), subnet('subnet-1', 'vpc-1', former), sides());

describe('a subnet stops a run', () => {
  it('that gives machines a public address now, of either family', () => {
    expect(danger({ mapPublicIpOnLaunch: true })).to.contain('a public IPv4 address');
    expect(danger({ assignIpv6AddressOnCreation: true })).to.contain('an IPv6 address');
    expect(danger({ mapPublicIpOnLaunch: true, assignIpv6AddressOnCreation: true })).to.contain(
      'a public IPv4 address and an IPv6 address',
    );
  });

  it('but not one that did so before, does so no longer, is new, or changed otherwise', () => {
    const both = { mapPublicIpOnLaunch: true, assignIpv6AddressOnCreation: true };
    expect(danger(both, both)).to.equal(undefined);
    expect(danger({}, both)).to.equal(undefined);
    expect(subnetKind.danger?.(subnet('subnet-1', 'vpc-1', both), undefined, sides())).to.equal(undefined);
    expect(danger({ enableDns64: true, tags: { Name: 'x' } })).to.equal(undefined);
  });
});
