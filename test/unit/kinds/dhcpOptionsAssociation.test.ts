import { expect } from 'chai';
import type { DhcpOptions } from '../../../kinds/network/dhcpOptions';
import { dhcpOptionsAssociation } from '../../../kinds/network/dhcpOptionsAssociation';
import { sides } from '../sides';

const set = (id: string, more: Partial<DhcpOptions> = {}): DhcpOptions => ({
  id,
  tags: {},
  domainNameServers: ['10.0.0.2', '10.0.0.3'],
  ntpServers: [],
  netbiosNameServers: [],
  isDefault: false,
  ...more,
});
const aws = set('dopt-aws', {
  domainName: 'eu-west-1.compute.internal',
  domainNameServers: ['AmazonProvidedDNS'],
  isDefault: true,
});
/** What is said of a VPC that had one set and has another. */
function danger(now: DhcpOptions | 'default', former: DhcpOptions | 'default'): string | undefined {
  const id = (options: DhcpOptions | 'default') => (options === 'default' ? options : options.id);
  const sets = [now, former].filter((options) => options !== 'default');
  return dhcpOptionsAssociation.danger?.(
    { id: 'vpc-1', tags: {}, dhcpOptionsId: id(now) },
    { id: 'vpc-1', tags: {}, dhcpOptionsId: id(former) },
    sides({ 'dhcp-options': sets }),
  );
}

describe('the DHCP options of a VPC stop a run', () => {
  const ours = set('dopt-1', { domainName: 'corp' });

  it('that name other servers, or another domain', () => {
    for (const [more, what] of [
      [{ domainNameServers: ['192.0.2.53'] }, 'the name server 192.0.2.53'],
      [{ domainNameServers: ['10.0.0.2', '192.0.2.53'] }, 'the name server 192.0.2.53'],
      [{ ntpServers: ['192.0.2.123'] }, 'the time server 192.0.2.123'],
      [{ netbiosNameServers: ['192.0.2.137'] }, 'the NetBIOS name server'],
      [{ domainName: 'corq' }, 'the domain corq'],
    ] as const)
      expect(danger(set('dopt-2', { domainName: 'corp', ...more }), ours)).to.contain(what);
  });

  it('that come in the place of none, or of those of AWS', () => {
    for (const former of ['default', aws] as const)
      expect(danger(ours, former)).to.contain('the name server 10.0.0.2').and.contain('the domain corp');
  });

  it('but not with the same in another order, less of it, or what AWS gives', () => {
    const same = { ...ours, id: 'dopt-2' };
    expect(danger(same, ours)).to.equal(undefined);
    expect(danger({ ...same, domainNameServers: ['10.0.0.3', '10.0.0.2'] }, ours)).to.equal(undefined);
    expect(danger({ ...same, domainNameServers: ['10.0.0.2'] }, ours)).to.equal(undefined);
    for (const now of ['default', aws] as const) expect(danger(now, ours)).to.equal(undefined);
    expect(danger(ours, ours)).to.equal(undefined);
  });

  it('nor with a new VPC', () =>
    expect(
      dhcpOptionsAssociation.danger?.(
        { id: 'vpc-1', tags: {}, dhcpOptionsId: 'dopt-1' },
        undefined,
        sides({ 'dhcp-options': [ours] }),
      ),
    ).to.equal(undefined));
});
