import type { IpPermission } from '@aws-sdk/client-ec2';
import { expect } from 'chai';
import fc from 'fast-check';
import {
  type ProbeGroup,
  type ProbeNetwork,
  type ProbeTarget,
  vantageOf,
} from '../../../../scripts/recover/probe/vantage';

const ALL: IpPermission = { IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] };
const tcp = (rest: IpPermission, from = 5432, to = from): IpPermission => ({
  IpProtocol: 'tcp',
  FromPort: from,
  ToPort: to,
  ...rest,
});
const of = (GroupId: string): IpPermission => ({ UserIdGroupPairs: [{ GroupId }] });
const range = (...ranges: string[]): IpPermission => ({ IpRanges: ranges.map((CidrIp) => ({ CidrIp })) });
const list = (PrefixListId: string): IpPermission => ({ PrefixListIds: [{ PrefixListId }] });

const group = (id: string, more: Partial<ProbeGroup> = {}): ProbeGroup => ({
  id,
  vpc: 'vpc-1',
  inbound: [],
  outbound: [ALL],
  ...more,
});
/** The database of a shop: one group, which lets nothing out. */
const db = (...inbound: IpPermission[]) => group('sg-db', { inbound, outbound: [] });
const network = (groups: ProbeGroup[], more: Partial<ProbeNetwork> = {}): ProbeNetwork => ({
  groups,
  subnets: [
    { id: 'subnet-a', vpc: 'vpc-1', cidr: '10.10.1.0/24' },
    { id: 'subnet-b', vpc: 'vpc-1', cidr: '10.10.2.0/24' },
    { id: 'subnet-c', vpc: 'vpc-1', cidr: '10.10.3.0/24' },
    { id: 'subnet-x', vpc: 'vpc-2', cidr: '10.20.1.0/24' },
  ],
  prefixLists: new Map([['pl-1', ['192.0.2.0/24', '10.10.2.0/24']]]),
  dedicated: new Set(),
  ...more,
});
const TARGET: ProbeTarget = {
  address: '10.10.3.30',
  port: 5432,
  vpc: 'vpc-1',
  subnet: 'subnet-c',
  groups: ['sg-db'],
};
const ask = (groups: ProbeGroup[], more?: Partial<ProbeNetwork>) => vantageOf(TARGET, network(groups, more));
const NOBODY = 'no rule of its security groups admits it from a group or a whole subnet of its VPC';

describe('from where a port is asked', () => {
  it('is the machine’s own subnet, by the group that its rule names', () => {
    expect(ask([db(tcp(of('sg-app'))), group('sg-app'), group('sg-web')])).to.deep.equal({
      subnet: 'subnet-c',
      groups: ['sg-app'],
    });
  });

  it('prefers of several groups one that lets out to it', () => {
    const closed = group('sg-app', { outbound: [tcp(of('sg-other'))] });
    const narrow = group('sg-web', { outbound: [tcp(of('sg-db'))] });
    const rules = db(tcp(of('sg-app')), tcp(of('sg-web')));
    expect(ask([rules, closed, narrow])).to.deep.equal({ subnet: 'subnet-c', groups: ['sg-web'] });
  });

  it('adds to a group that does not let out one that does', () => {
    const closed = group('sg-app', { outbound: [] });
    expect(ask([db(tcp(of('sg-app'))), closed, group('sg-web')])).to.deep.equal({
      subnet: 'subnet-c',
      groups: ['sg-app', 'sg-web'],
    });
    expect(ask([db(tcp(of('sg-app'))), closed])).to.equal(
      'no security group of its VPC lets anything out to it',
    );
  });

  it('is by one of the machine’s own groups where a range admits its subnet', () => {
    const open = group('sg-db', { inbound: [tcp(range('10.10.0.0/16'))] });
    expect(ask([group('sg-a'), open])).to.deep.equal({ subnet: 'subnet-c', groups: ['sg-db'] });
    // One that lets nothing out is of no use, and another of the VPC is taken.
    expect(ask([db(tcp(range('0.0.0.0/0'))), group('sg-web')])).to.deep.equal({
      subnet: 'subnet-c',
      groups: ['sg-web'],
    });
  });

  it('is another subnet where that alone is admitted, by a range or a prefix list', () => {
    const b = { subnet: 'subnet-b', groups: ['sg-web'] };
    expect(ask([db(tcp(range('10.10.2.0/24'))), group('sg-web')])).to.deep.equal(b);
    expect(ask([db(tcp(list('pl-1'))), group('sg-web')])).to.deep.equal(b);
    // A group that is named reaches it from where no ACL stands between.
    const both = db(tcp(range('10.10.2.0/24')), tcp(of('sg-app')));
    const closed = group('sg-app', { outbound: [] });
    expect(ask([both, group('sg-web'), closed])).to.deep.equal({
      subnet: 'subnet-c',
      groups: ['sg-app', 'sg-web'],
    });
  });

  it('is nowhere where nothing of the VPC is admitted', () => {
    for (const rule of [
      tcp(range('10.10.3.128/25')),
      tcp(range('10.20.0.0/16', '203.0.113.0/24')),
      tcp({ Ipv6Ranges: [{ CidrIpv6: '::/0' }] }),
      tcp(of('sg-peer')),
      tcp(list('pl-unknown')),
      tcp(range('0.0.0.0/0'), 5433),
      { IpProtocol: 'udp', FromPort: 5432, ToPort: 5432, ...range('0.0.0.0/0') },
    ])
      expect(
        ask([db(rule), group('sg-web'), group('sg-peer', { vpc: 'vpc-2' })]),
        JSON.stringify(rule),
      ).to.equal(NOBODY);
    expect(ask([group('sg-web')])).to.equal(NOBODY);
  });

  it('goes by port ranges, protocols by number, and all protocols', () => {
    for (const rule of [
      tcp(range('10.0.0.0/8'), 5000, 6000),
      { ...tcp(range('10.0.0.0/8')), IpProtocol: '6' },
      { IpProtocol: '-1', ...range('10.0.0.0/8') },
    ])
      expect(ask([db(rule), group('sg-web')])).to.have.property('subnet', 'subnet-c');
  });

  it('is nowhere in a VPC of dedicated tenancy', () => {
    const dedicated = new Set(['vpc-1']);
    expect(ask([db(tcp(range('0.0.0.0/0'))), group('sg-web')], { dedicated })).to.contain(
      'dedicated tenancy',
    );
  });

  it('is the same whatever order AWS lists groups in', () => {
    const groups = [
      db(tcp(of('sg-app')), tcp(of('sg-web'))),
      group('sg-app'),
      group('sg-web'),
      group('sg-z'),
    ];
    fc.assert(
      fc.property(fc.shuffledSubarray(groups, { minLength: 4 }), (shuffled) => {
        expect(ask(shuffled)).to.deep.equal({ subnet: 'subnet-c', groups: ['sg-app'] });
      }),
    );
  });
});
