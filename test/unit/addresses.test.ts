import { expect } from 'chai';
import * as fc from 'fast-check';
import { LifeboatError } from '../../errors';
import { addressProblems, refuseAddresses, wrongAddress } from '../../inventory/addresses';
import type { Items } from '../../inventory/inventory';
import { plan } from '../../inventory/plan';
import { instance, PLAN_OPTIONS, subnet, vpc } from './items';

const ZONES = { 'euw1-az1': 'euc1-az1' };

function problems(source: Items, dr: Items = {}): string[] {
  const planned = plan({ kinds: source, superseded: new Map() }, dr, ZONES, PLAN_OPTIONS);
  // A kind may skip what lies nowhere; what a plan would hold is what matters here.
  const resources = [...planned.resources];
  for (const { id } of source.subnet ?? []) {
    const name = `subnet/${id}`;
    const isPlanned = resources.some((each) => each.name === name);
    const waits = planned.skipped.some((each) => each.name === name && each.reason.includes('in its way'));
    if (!isPlanned && !waits)
      resources.push({
        name,
        item: name,
        type: 'aws:ec2/subnet:Subnet',
        args: {},
        ignoreChanges: [],
        formerNames: [],
      });
  }
  return addressProblems({ ...planned, resources }, source, dr).map(wrongAddress);
}

const range = (id: string, cidrBlock: string) => ({ id, tags: {}, vpcId: 'vpc-1', cidrBlock });
const of = (...cidrs: string[]) => ({
  vpc: [vpc('vpc-1')],
  subnet: cidrs.map((cidrBlock, index) => subnet(`subnet-${index + 1}`, 'vpc-1', { cidrBlock })),
});

describe('addresses and ranges of a plan', () => {
  it('are taken as AWS takes them', () => {
    expect(problems(of('10.0.0.0/24', '10.0.1.0/25', '10.0.1.128/25', '10.0.255.0/24'))).to.deep.equal([]);
  });

  it('are refused where a subnet lies outside of its VPC', () => {
    expect(problems(of('10.1.0.0/24'))).to.deep.equal([
      'subnet/subnet-1 lies outside of vpc/vpc-1: 10.1.0.0/24; expected a range within 10.0.0.0/16',
    ]);
  });

  it('are refused where a subnet is wider than its VPC', () => {
    expect(problems(of('10.0.0.0/15')).join()).to.contain('subnet/subnet-1 lies outside');
  });

  it('may lie in a further range of the VPC', () => {
    const items = { ...of('100.64.1.0/24'), 'vpc-ipv4-range': [range('vpc-cidr-assoc-1', '100.64.0.0/16')] };
    expect(problems(items)).to.deep.equal([]);
    const ipv6 = {
      vpc: [vpc('vpc-1', { ipv6CidrBlock: '2001:db8:1::/56' })],
      subnet: [{ ...subnet('subnet-1', 'vpc-1'), ipv6CidrBlock: '2001:db8:2:1::/64' }],
    };
    expect(problems(ipv6).join()).to.contain(
      '2001:db8:2:1::/64; expected a range within 10.0.0.0/16 or 2001:db8:1::/56',
    );
    const further = [range('vpc-cidr-assoc-2', '2001:db8:2::/56')];
    expect(problems({ ...ipv6, 'vpc-ipv6-range': further })).to.deep.equal([]);
  });

  it('are refused where ranges of a VPC overlap', () => {
    const items = { ...of(), 'vpc-ipv4-range': [range('vpc-cidr-assoc-1', '10.0.128.0/20')] };
    expect(problems(items)).to.deep.equal([
      'two ranges of vpc/vpc-1 overlap: 10.0.0.0/16 and 10.0.128.0/20; expected ranges apart from one another',
    ]);
  });

  it('are refused where subnets overlap, though others lie between them', () => {
    const text = problems(of('10.0.0.0/20', '10.0.2.0/24', '10.0.15.0/24', '10.0.16.0/24')).join('\n');
    expect(text).to.contain('subnet/subnet-1 with 10.0.0.0/20, subnet/subnet-2 with 10.0.2.0/24');
    expect(text).to.contain('subnet/subnet-1 with 10.0.0.0/20, subnet/subnet-3 with 10.0.15.0/24');
    expect(text).not.to.contain('subnet-4');
  });

  it('are refused for overlaps exactly when two subnets have an address in common', () => {
    const cidr = fc
      .tuple(fc.integer({ min: 0, max: 255 }), fc.integer({ min: 24, max: 28 }))
      .map(([at, bits]) => ({
        first: at - (at % 2 ** (32 - bits)),
        size: 2 ** (32 - bits),
        text: `10.0.0.${at - (at % 2 ** (32 - bits))}/${bits}`,
      }));
    fc.assert(
      fc.property(fc.array(cidr, { minLength: 1, maxLength: 8 }), (cidrs) => {
        const overlap = cidrs.some((one, index) =>
          cidrs
            .slice(index + 1)
            .some((other) => one.first < other.first + other.size && other.first < one.first + one.size),
        );
        expect(problems(of(...cidrs.map(({ text }) => text))).length > 0).to.equal(overlap);
      }),
    );
  });

  describe('of a machine', () => {
    const at = (privateIpAddress: string) =>
      problems({ ...of('10.0.1.0/24'), instance: [instance('i-1', 'web', [], { privateIpAddress })] });

    it('are taken within its subnet', () => {
      for (const address of ['10.0.1.4', '10.0.1.254']) expect(at(address)).to.deep.equal([]);
    });

    it('are refused outside of it', () => {
      expect(at('10.0.2.4')).to.deep.equal([
        'instance/i-1 has an address that its subnet cannot give: 10.0.2.4; expected one of 10.0.1.0/24 (subnet/subnet-1)',
      ]);
    });

    it('are refused where AWS keeps them', () => {
      for (const address of ['10.0.1.0', '10.0.1.1', '10.0.1.2', '10.0.1.3', '10.0.1.255'])
        expect(at(address).join(), address).to.contain('less its first 4 and its last, which AWS keeps');
    });
  });

  describe('beside what somebody made in the mirror of a VPC', () => {
    const mirrorOf = (id: string) => ({ 'lifeboat:source-id': id });
    const dr = (cidrBlock: string, tags = {}) => ({
      vpc: [vpc('vpc-d', { tags: mirrorOf('vpc-1') })],
      subnet: [subnet('subnet-x', 'vpc-d', { cidrBlock, tags, availabilityZoneId: 'euc1-az1' })],
    });

    it('are refused where the two overlap', () => {
      expect(problems(of('10.0.1.0/24'), dr('10.0.1.128/25'))).to.deep.equal([
        'somebody made a subnet in DR where subnet/subnet-1 is to be: subnet-x with 10.0.1.128/25; expected 10.0.1.0/24 free in the mirror of its VPC',
      ]);
    });

    it('are taken where they do not', () => {
      expect(problems(of('10.0.1.0/24'), dr('10.0.2.0/24'))).to.deep.equal([]);
    });

    it('are taken where it is equal, or another mirror of ours, which goes by itself', () => {
      expect(problems(of('10.0.1.0/24'), dr('10.0.1.0/24'))).to.deep.equal([]);
      expect(problems(of('10.0.1.0/24'), dr('10.0.1.0/25', mirrorOf('subnet-0')))).to.deep.equal([]);
    });
  });

  it('are refused with every problem', () => {
    const one = { what: 'a', got: 'b', expected: 'c' };
    expect(() => refuseAddresses([])).not.to.throw();
    expect(() => refuseAddresses([one, { ...one, what: 'd' }])).to.throw(
      LifeboatError,
      /2 addresses[\s\S]*a: b; expected c[\s\S]*d: b/,
    );
  });
});
