import { expect } from 'chai';
import { type GuardOptions, look } from '../../../inventory/guard/guard';
import type { Items } from '../../../inventory/inventory';
import { instance, rule, subnet, volume, vpc } from '../items';
import { acceptedOf, options, source } from './inventories';

const stops = (live: Items, more: Partial<GuardOptions> = {}, accepted = acceptedOf()) =>
  look(live, accepted, options(more)).report.stops;
const names = (found: ReturnType<typeof stops>) => found.map(({ name }) => name);
const changed = (kind: string, change: (id: string) => object): Items => ({
  ...source,
  [kind]: (source[kind] ?? []).map((item) => ({ ...item, ...change(item.id) })),
});
const left = (kind: string, count: number): Items => ({
  ...source,
  [kind]: (source[kind] ?? []).slice(0, count),
});

describe('the thresholds of the guard', () => {
  it('stop when more than the share of a kind is gone, and not at the share', () => {
    expect(names(stops(left('subnet', 3)))).to.deep.equal([]);
    expect(names(stops(left('subnet', 2)))).to.deep.equal(['subnet/*']);
    expect(names(stops(left('subnet', 2), { guardShare: 50 }))).to.deep.equal([]);
    expect(names(stops(left('subnet', 3), { guardShare: 24 }))).to.deep.equal(['subnet/*']);
  });

  it('hold when removals are followed too', () => {
    expect(names(stops(left('subnet', 2), { removals: 'follow' }))).to.deep.equal(['subnet/*']);
    expect(names(stops(left('subnet', 3), { removals: 'follow' }))).to.deep.equal([]);
  });

  it('say how many, which, and why', () => {
    const [stop] = stops(left('subnet', 1));
    expect(stop).to.include({
      happened: '3 of 4 gone: subnet-2, subnet-3, subnet-4',
      why: 'more than 30% at once (lifeboat:guardShare)',
    });
    expect(stops(left('subnet', 0))[0]).to.include({ why: 'all of them at once' });
  });

  it('stop when a kind is emptied, from two on, and whatever came instead', () => {
    expect(names(stops(left('security-group', 0)))).to.deep.equal(['security-group/*']);
    expect(names(stops(left('vpc', 0)))).to.deep.equal([]);
    const others = {
      ...source,
      'security-group': [{ ...source['security-group']?.[0], id: 'sg-9', groupName: 'new', tags: {} }],
    };
    expect(names(stops(others, { guardShare: 100 }))).to.deep.equal(['security-group/*']);
  });

  it('collect every kind of an emptied source', () => {
    expect(names(stops({}))).to.deep.equal(['subnet/*', 'security-group/*', 'security-group-rule/*']);
  });

  it('count what changed with what is gone, and say when it is only tags', () => {
    const one = changed('subnet', (id) => (id === 'subnet-1' ? { enableDns64: true } : {}));
    expect(names(stops(one))).to.deep.equal([]);
    const both = { ...one, subnet: one.subnet?.slice(0, 3) ?? [] };
    expect(stops(both)[0]?.happened).to.equal('1 of 4 gone: subnet-4; 1 of 4 changed: subnet-1');
    const tagged = changed('subnet', (id) => (id < 'subnet-3' ? { tags: { team: 'shop' } } : {}));
    expect(stops(tagged)[0]?.happened).to.equal('2 of 4 changed in their tags only: subnet-1, subnet-2');
    const mixed = {
      ...tagged,
      subnet: tagged.subnet?.map((item) => ({ ...item, enableDns64: item.id === 'subnet-1' })) ?? [],
    };
    expect(stops(mixed)[0]?.happened).to.contain('changed, 1 of them in their tags only: ');
  });

  it('count no tags of AWS or that claim to be ours, nothing new, and nothing that was missing before', () => {
    expect(
      stops(changed('subnet', () => ({ tags: { 'aws:x': 'y', 'lifeboat:source-id': 'z' } }))),
    ).to.deep.equal([]);
    const more = {
      ...source,
      subnet: [...(source.subnet ?? []), ...[5, 6, 7, 8].map((n) => subnet(`subnet-${n}`, 'vpc-1'))],
    };
    expect(stops(more)).to.deep.equal([]);
    const gone = { 'subnet/subnet-3': 'before', 'subnet/subnet-4': 'before' };
    expect(stops(left('subnet', 2), {}, acceptedOf(source, { gone }))).to.deep.equal([]);
    expect(names(stops(left('subnet', 0), {}, acceptedOf(source, { gone })))).to.deep.equal(['subnet/*']);
  });

  it('count an object that was made anew only where it differs', () => {
    const anew = (more: object) =>
      changed('security-group-rule', (id) => ({ id: id.replace('sgr', 'sgr-new'), ...more }));
    expect(stops(anew({}))).to.deep.equal([]);
    expect(names(stops(anew({ tags: { team: 'shop' } })))).to.deep.equal(['security-group-rule/*']);
  });

  it('count no field that an older program did not look up', () => {
    const fields = { ...acceptedOf().fields, subnet: ['id', 'tags', 'vpcId', 'cidrBlock'] };
    const accepted = acceptedOf(source, { fields });
    expect(
      stops(
        changed('subnet', () => ({ enableDns64: true })),
        {},
        accepted,
      ),
    ).to.deep.equal([]);
    expect(
      names(
        stops(
          changed('subnet', () => ({ vpcId: 'vpc-9' })),
          {},
          accepted,
        ),
      ),
    ).to.deep.equal(['subnet/*']);
  });

  it('count only what is mirrored', () => {
    const other = [1, 2, 3, 4].map((n) => subnet(`subnet-d${n}`, 'vpc-d', { cidrBlock: `172.31.${n}.0/24` }));
    const both = {
      ...source,
      vpc: [...(source.vpc ?? []), vpc('vpc-d', { isDefault: true, cidrBlock: '172.31.0.0/16' })],
      subnet: [...(source.subnet ?? []), ...other],
    };
    const accepted = acceptedOf(both);
    expect(stops({ ...both, subnet: source.subnet ?? [] }, {}, accepted)).to.deep.equal([]);
    const two = { ...both, subnet: [...(source.subnet ?? []).slice(2), ...other] };
    expect(stops(two, {}, accepted)[0]?.happened).to.equal('2 of 4 gone: subnet-1, subnet-2');
    expect(stops(two, { mirrorDefaultVpc: true }, accepted)).to.deep.equal([]);
  });

  it('count nothing of the VPCs that lifeboat:vpcs leaves out', () => {
    const others = ['a', 'b', 'c'].map((n) => subnet(`subnet-${n}`, 'vpc-2'));
    const both = {
      ...source,
      vpc: [
        { ...vpc('vpc-1'), tags: { env: 'prod' } },
        { ...vpc('vpc-2'), cidrBlock: '10.1.0.0/16' },
      ],
      subnet: [...(source.subnet ?? []), ...others],
    };
    const accepted = acceptedOf(both, { vpcs: { 'vpc-1': 'tag:env=prod' } });
    const without = { ...both, subnet: source.subnet ?? [] };
    expect(names(stops(without, {}, accepted))).to.deep.equal(['subnet/*']);
    for (const vpcs of [['vpc-1'], ['tag:env=prod']])
      expect(stops(without, { vpcs }, accepted), vpcs.join()).to.deep.equal([]);
    // Two of seven are few. Of the four that are mirrored they are many.
    const two = { ...both, subnet: [...(source.subnet ?? []).slice(2), ...others] };
    expect(stops(two, {}, accepted)).to.deep.equal([]);
    expect(stops(two, { vpcs: ['vpc-1'] }, accepted)[0]?.happened).to.equal(
      '2 of 4 gone: subnet-1, subnet-2',
    );
    // What was chosen by a tag counts on without it.
    const untagged = { ...two, vpc: [vpc('vpc-1'), ...both.vpc.slice(1)] };
    expect(names(stops(untagged, { vpcs: ['tag:env=prod'] }, accepted))).to.deep.equal(['subnet/*']);
  });

  it('count everything when this program cannot plan what an older one has accepted', () => {
    const accepted = acceptedOf({ ...source, vpc: [] });
    expect(names(stops({ ...left('subnet', 2), vpc: [] }, {}, accepted))).to.deep.equal(['subnet/*']);
  });

  it('count protected machines and disks only', () => {
    const fleet = [1, 2, 3, 4].map((n) => instance(`i-${n}`, `M${n}`, [`vol-${n}`]));
    const disks = (tags: Record<string, string>) => [1, 2, 3, 4].map((n) => volume(`vol-${n}`, tags));
    const loose = { ...source, instance: fleet, volume: disks({}) };
    expect(stops({ ...source, instance: [], volume: [] }, {}, acceptedOf(loose))).to.deep.equal([]);
    const kept = { ...source, instance: fleet, volume: disks({ MUSTSNAP: 'True' }) };
    expect(names(stops({ ...source, instance: [], volume: [] }, {}, acceptedOf(kept)))).to.deep.equal([
      'volume/*',
      'instance/*',
    ]);
    // A disk that loses its tag is on the danger list too, be it one alone.
    expect(names(stops(loose, {}, acceptedOf(kept)))).to.deep.equal([
      'volume/*',
      ...disks({}).map(({ id }) => `volume/${id}`),
    ]);
  });

  it('counts no machine whose UEFI variables alone have changed: they do when it boots', () => {
    const machines = (uefiData: string, more: object = {}) => ({
      ...source,
      volume: [1, 2, 3, 4].map((n) => volume(`vol-${n}`)),
      instance: [1, 2, 3, 4].map((n) =>
        instance(`i-${n}`, `M${n}`, [`vol-${n}`], { privateIpAddress: `10.0.1.1${n}`, uefiData, ...more }),
      ),
    });
    const before = acceptedOf(machines('before'));
    expect(names(stops(machines('after'), {}, before))).to.deep.equal([]);
    expect(names(stops(machines('after', { ebsOptimized: true }), {}, before))).to.deep.equal(['instance/*']);
  });
});

describe('the danger list of the guard', () => {
  const open = rule('sgr-9', 'sg-1', { cidrIpv4: '0.0.0.0/0', fromPort: 22, toPort: 22 });
  const withRule = (more: object): Items => ({
    ...source,
    'security-group-rule': [...(source['security-group-rule'] ?? []), { ...open, ...more }],
  });

  it('stops at a new rule that is open to the world', () => {
    expect(stops(withRule({}))).to.have.length(1);
    expect(stops(withRule({}))[0]).to.deep.include({
      name: 'security-group-rule/sgr-9',
      happened: 'new',
      why: 'lets 0.0.0.0/0 in on tcp 22',
    });
    for (const range of [
      { cidrIpv4: '128.0.0.0/1' },
      { cidrIpv4: '64.0.0.0/2' },
      { cidrIpv4: undefined, cidrIpv6: '::/0' },
      { cidrIpv4: undefined, cidrIpv6: '2000::/3' },
    ])
      expect(stops(withRule(range))).to.have.length(1);
  });

  it('lets a rule be that is not', () => {
    for (const range of [
      { cidrIpv4: '52.0.0.0/9' },
      { cidrIpv4: '10.0.0.0/8' },
      { isEgress: true },
      { cidrIpv4: undefined, referencedGroupId: 'sg-2' },
    ])
      expect(stops(withRule(range))).to.deep.equal([]);
  });

  it('stops at one that was widened, in its range or its ports', () => {
    const before = acceptedOf(withRule({}));
    const wider = [
      { toPort: 23 },
      { fromPort: 0, toPort: 65535 },
      { ipProtocol: '-1', fromPort: undefined, toPort: undefined },
    ];
    for (const more of wider)
      expect(stops(withRule(more), {}, before), JSON.stringify(more)).to.have.length(1);
    const narrow = acceptedOf(withRule({ cidrIpv4: '10.0.0.0/8' }));
    expect(stops(withRule({}), {}, narrow)[0]).to.deep.include({
      happened: 'changed: cidrIpv4',
      why: 'lets 0.0.0.0/0 in on tcp 22; before: 10.0.0.0/8 on tcp 22',
    });
    const ping = { ipProtocol: 'icmp', fromPort: 8, toPort: -1 };
    const all = { ...ping, fromPort: -1 };
    expect(stops(withRule(all), {}, acceptedOf(withRule(ping)))).to.have.length(1);
    expect(stops(withRule(ping), {}, acceptedOf(withRule(all)))).to.deep.equal([]);
  });

  it('lets one be that was as open before, under another id or held meanwhile too', () => {
    const before = acceptedOf(withRule({ fromPort: 20, toPort: 30 }));
    for (const more of [{}, { tags: { team: 'shop' } }, { cidrIpv4: '0.0.0.0/1' }])
      expect(stops(withRule(more), {}, before)).to.deep.equal([]);
    const same = acceptedOf(withRule({}));
    expect(stops(withRule({ id: 'sgr-10', description: 'again' }), {}, same)).to.deep.equal([]);
    const gone = { 'security-group-rule/sgr-9': 'before' };
    expect(stops(withRule({ toPort: 23 }), {}, acceptedOf(withRule({}), { gone }))).to.have.length(1);
  });

  it('stops at nothing on the first run, but names all of it', () => {
    const looked = look(withRule({}), undefined, options());
    expect(looked.report.stops).to.deep.equal([]);
    expect(looked.report.baseline).to.deep.equal([
      { name: 'security-group-rule/sgr-9', why: 'lets 0.0.0.0/0 in on tcp 22' },
    ]);
    expect(looked.notes.join()).to.contain('sgr-9 (lets 0.0.0.0/0 in on tcp 22)');
  });

  it('takes a kind, and a field, that an older program did not know for the baseline', () => {
    const { 'security-group-rule': _unknown, ...known } = source;
    expect(look(withRule({}), acceptedOf(known), options()).report).to.deep.include({
      stops: [],
      baseline: [{ name: 'security-group-rule/sgr-9', why: 'lets 0.0.0.0/0 in on tcp 22' }],
    });
    const before = { ...open, toPort: 80 };
    const { description: _none, ...fields } = { ...open, description: undefined };
    const older = (was: object) =>
      acceptedOf(
        { ...source, 'security-group-rule': [{ ...open, ...was }] },
        { fields: { ...acceptedOf().fields, 'security-group-rule': Object.keys(fields) } },
      );
    const now = withRule({ ...before, description: 'new to the program' });
    const judged = look(now, older(before), options()).report;
    expect(judged.stops).to.deep.equal([]);
    expect(judged.baseline.map(({ name }) => name)).to.deep.equal(['security-group-rule/sgr-9']);
    // What the older program did look up is held against what it saw.
    expect(look(now, older({}), options()).report).to.deep.include({ baseline: [] });
    expect(stops(now, {}, older({}))).to.have.length(1);
    // None of the kind yet is not the same as not looking.
    expect(stops(withRule({}), {}, acceptedOf({ ...source, 'security-group-rule': [] }))).to.have.length(1);
  });
});

describe('what would leave DR though it is still there', () => {
  const side = (vpcId: string) => ({
    account: '111111111111',
    region: 'eu-west-1',
    vpcId,
    allowRemoteVpcDnsResolution: false,
  });
  const peering = (id: string, status: string) => ({
    id,
    tags: {},
    requester: side('vpc-1'),
    accepter: side('vpc-2'),
    status,
  });
  const vpcs = [vpc('vpc-1'), vpc('vpc-2', { cidrBlock: '10.1.0.0/16' })];
  const before = { vpc: vpcs, 'vpc-peering-connection': [peering('pcx-1', 'active')] };
  const leaving = (now: Items) =>
    look(now, acceptedOf(before), options()).report.stops.map(({ name, happened, why }) => [
      name,
      happened,
      why,
    ]);

  it('stops the run: a peering that another took the place of, which nobody accepts', () => {
    const now = { vpc: vpcs, 'vpc-peering-connection': [peering('pcx-2', 'pending-acceptance')] };
    expect(leaving(now)).to.deep.equal([
      ['vpc-peering-connection/pcx-2', 'would leave DR', 'it is pending-acceptance'],
    ]);
  });

  it('does not where lifeboat:vpcs leaves it out', () => {
    const now = { vpc: vpcs, 'vpc-peering-connection': [peering('pcx-2', 'pending-acceptance')] };
    expect(look(now, acceptedOf(before), options({ vpcs: ['vpc-1'] })).report.stops).to.deep.equal([]);
  });

  it('does not where what took its place is mirrored', () => {
    expect(leaving({ vpc: vpcs, 'vpc-peering-connection': [peering('pcx-2', 'active')] })).to.deep.equal([]);
  });
});
