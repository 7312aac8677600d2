import { expect } from 'chai';
import { look } from '../../../inventory/guard/guard';
import type { Items } from '../../../inventory/inventory';
import { aclEntry, prefixList, route, subnet, vpc } from '../items';
import { acceptedOf, options } from './inventories';

const attached = (id: string) => ({ id, tags: {}, vpcId: 'vpc-1' });
const table = (id: string, isMain = false) => ({ id, tags: {}, vpcId: 'vpc-1', isMain });
const tableOf = (subnetId: string, routeTableId: string) => ({
  id: subnetId,
  tags: {},
  routeTableId,
  subnetId,
  gatewayId: undefined,
});
const aclOf = (id: string, networkAclId: string) => ({ id, tags: {}, networkAclId });
const acl = (id: string, isDefault = false) => ({ id, tags: {}, vpcId: 'vpc-1', isDefault });

/** A public subnet by its own table, a private one by its own, and one without, which the main table serves. */
const network: Items = {
  vpc: [vpc('vpc-1')],
  'internet-gateway': [attached('igw-1')],
  'egress-only-internet-gateway': [attached('eigw-1')],
  'prefix-list': [prefixList('pl-w', { entries: [{ cidr: '0.0.0.0/0' }] })],
  subnet: ['public', 'private', 'plain'].map((name, index) =>
    subnet(`subnet-${name}`, 'vpc-1', { cidrBlock: `10.0.${index}.0/24` }),
  ),
  'route-table': [table('rtb-main', true), table('rtb-public'), table('rtb-private')],
  route: [
    route('rtb-public', 'igw-1'),
    route('rtb-private', 'nat-1'),
    route('rtb-private', 'igw-1', '192.0.2.0/24'),
  ],
  'route-table-association': [
    tableOf('subnet-public', 'rtb-public'),
    tableOf('subnet-private', 'rtb-private'),
  ],
  'network-acl': [acl('acl-d', true), acl('acl-1')],
  'network-acl-entry': [
    aclEntry('acl-d', 100),
    aclEntry('acl-1', 100, { cidrBlock: '10.0.0.0/8' }),
    aclEntry('acl-1', 100, { isEgress: true }),
  ],
  'network-acl-association': [
    aclOf('subnet-public', 'acl-d'),
    aclOf('subnet-private', 'acl-1'),
    aclOf('subnet-plain', 'acl-d'),
  ],
};
const stops = (more: Items, before: Items = network) =>
  look({ ...network, ...more }, acceptedOf(before), options({ guardShare: 100 }))
    .report.stops.filter(({ name }) => !name.endsWith('/*'))
    .map(({ name, why }) => [name, why]);
const reached = (name: string, rtb: string) => [
  `subnet/subnet-${name}`,
  `the internet reaches it now: ${rtb} leads to the gateway igw-1`,
];
const routes = (...more: ReturnType<typeof route>[]) => ({
  route: [...(network.route?.filter(({ id }) => !more.some((each) => each.id === id)) ?? []), ...more],
});

describe('a subnet that the internet did not reach', () => {
  it('stops the run when a route to a gateway is new, changed, or comes by a list', () => {
    expect(stops(routes(route('rtb-private', 'igw-1')))).to.deep.equal([reached('private', 'rtb-private')]);
    expect(stops(routes(route('rtb-main', 'igw-1')))).to.deep.equal([reached('plain', 'rtb-main')]);
    const ipv6 = { destinationCidrBlock: undefined, destinationIpv6CidrBlock: '::/0' };
    expect(stops(routes(route('rtb-main', 'igw-1', 'six', ipv6)))).to.have.length(1);
    const list = { destinationCidrBlock: undefined, destinationPrefixListId: 'pl-w' };
    expect(stops(routes(route('rtb-main', 'igw-1', 'pl-w', list)))).to.have.length(1);
    const halves = [route('rtb-main', 'igw-1', '0.0.0.0/1'), route('rtb-main', 'igw-1', '128.0.0.0/1')];
    expect(stops(routes(...halves))).to.have.length(1);
  });

  it('stops it when it is given another table, or loses its own', () => {
    const own = (subnetId: string, rtb: string) => ({
      'route-table-association': [
        ...(network['route-table-association']?.filter(({ id }) => id !== subnetId) ?? []),
        tableOf(subnetId, rtb),
      ],
    });
    expect(stops(own('subnet-private', 'rtb-public'))).to.deep.equal([reached('private', 'rtb-public')]);
    expect(stops(own('subnet-plain', 'rtb-public'))).to.deep.equal([reached('plain', 'rtb-public')]);
    const main = routes(route('rtb-main', 'igw-1'));
    const lost = { ...main, 'route-table-association': [tableOf('subnet-public', 'rtb-public')] };
    expect(stops(lost, { ...network, ...main })).to.deep.equal([reached('private', 'rtb-main')]);
  });

  it('stops it when another table becomes the main one', () => {
    const now = { 'route-table': [table('rtb-main'), table('rtb-public', true), table('rtb-private')] };
    expect(stops(now)).to.deep.equal([reached('plain', 'rtb-public')]);
  });

  it('does not when it is shut off, was reached before, is new, or the way leads to less than the world', () => {
    expect(stops({})).to.deep.equal([]);
    expect(stops(routes(route('rtb-public', 'nat-1')))).to.deep.equal([]);
    expect(stops(routes(route('rtb-public', 'igw-1', '128.0.0.0/1')))).to.deep.equal([]);
    expect(stops(routes(route('rtb-private', 'eigw-1')))).to.deep.equal([]);
    expect(stops(routes(route('rtb-main', 'igw-1', '198.51.100.0/24')))).to.deep.equal([]);
    const fresh = subnet('subnet-new', 'vpc-1', { cidrBlock: '10.0.9.0/24' });
    expect(
      stops({
        subnet: [...(network.subnet ?? []), fresh],
        'route-table-association': [
          ...(network['route-table-association'] ?? []),
          tableOf('subnet-new', 'rtb-public'),
        ],
      }),
    ).to.deep.equal([]);
  });

  it('is held against nothing that an older program did not look up', () => {
    const { route: _unknown, ...older } = network;
    expect(stops(routes(route('rtb-private', 'igw-1')), older)).to.deep.equal([]);
  });
});

describe('a subnet with another network ACL', () => {
  const given = (name: string, id: string, entries: ReturnType<typeof aclEntry>[] = []) => ({
    'network-acl': [...(network['network-acl'] ?? []), acl('acl-new')],
    'network-acl-entry': [...(network['network-acl-entry'] ?? []), ...entries],
    'network-acl-association': [
      ...(network['network-acl-association']?.filter((each) => each.id !== `subnet-${name}`) ?? []),
      aclOf(`subnet-${name}`, id),
    ],
  });

  it('stops the run when that lets in more of the world, be it new or not', () => {
    const why = 'that one lets 0.0.0.0/0 in on every protocol and port';
    expect(stops(given('private', 'acl-d'))).to.deep.equal([['subnet/subnet-private', why]]);
    expect(stops(given('private', 'acl-new', [aclEntry('acl-new', 1)]))).to.deep.equal([
      ['subnet/subnet-private', why],
    ]);
  });

  it('stops it when that no longer denies what the former one did', () => {
    const deny = aclEntry('acl-d', 50, { ruleAction: 'deny', protocol: '6', fromPort: 22, toPort: 22 });
    const before = { ...network, 'network-acl-entry': [deny, ...(network['network-acl-entry'] ?? [])] };
    const now = given('plain', 'acl-new', [deny, aclEntry('acl-new', 100)]);
    expect(stops(now, before).map(([name]) => name)).to.deep.equal(['subnet/subnet-plain']);
  });

  it('does not when that lets in as much or less', () => {
    expect(stops(given('plain', 'acl-1'))).to.deep.equal([]);
    expect(stops(given('plain', 'acl-new', [aclEntry('acl-new', 100)]))).to.deep.equal([]);
    expect(
      stops(given('private', 'acl-new', [aclEntry('acl-new', 1, { ruleAction: 'deny' })])),
    ).to.deep.equal([]);
  });
});
