import { expect } from 'chai';
import { Ref } from '../../../inventory/refs';
import { type DnsRecord, dnsRecord } from '../../../kinds/dns/dnsRecord';
import { type HostedZone, hostedZone } from '../../../kinds/dns/hostedZone';
import type { Item } from '../../../kinds/kind';
import { alarm, instance, vpc } from '../items';
import { sides } from '../sides';
import { argsOf, planned, reason, recovering } from './planned';

const record = (values: string[], more: Partial<DnsRecord> = {}): DnsRecord => ({
  id: 'Z1_www.example.org._A',
  tags: {},
  zoneId: 'Z1',
  recordName: 'www.example.org.',
  type: 'A',
  values,
  set: { TTL: 60 },
  ...more,
});
const zone = (isSigned: boolean): HostedZone => ({
  id: 'Z1',
  tags: {},
  zoneName: 'example.org.',
  isPrivate: false,
  vpcs: [],
  isSigned,
});

describe('records and zones', () => {
  const look = (now: DnsRecord, before?: DnsRecord) =>
    dnsRecord.danger?.(now, undefined, sides({}, { 'dns-record': before ? [before] : [] }));
  const danger = (now: DnsRecord, former?: DnsRecord) =>
    dnsRecord.danger?.(now, former, sides({}, { 'dns-record': former ? [former] : [] }));

  it('stop a run when they lead elsewhere, by value or by alias', () => {
    expect(danger(record(['192.0.2.1', '203.0.113.9']), record(['192.0.2.1']))).to.equal(
      'leads to 203.0.113.9 now',
    );
    const alias = (DNSName: string) =>
      record([], { set: { AliasTarget: { DNSName, HostedZoneId: 'Z2', EvaluateTargetHealth: false } } });
    expect(danger(alias('evil.example.'), alias('d1.cloudfront.net.'))).to.contain('evil.example.');
  });
  it('but not when their name is new, they lead to less, or hold words', () => {
    expect(danger(record(['192.0.2.1']))).to.equal(undefined);
    expect(danger(record(['192.0.2.1']), record(['192.0.2.1', '192.0.2.2']))).to.equal(undefined);
    expect(danger(record(['"b"'], { type: 'TXT' }), record(['"a"'], { type: 'TXT' }))).to.equal(undefined);
  });
  it('stop a run also where the name gets another type, or one of a set', () => {
    const before = record(['192.0.2.1']);
    for (const more of [
      { id: 'Z1_c', type: 'CNAME', values: ['evil.example'] },
      { id: 'Z1_w', set: { TTL: 60, SetIdentifier: 'two', Weight: 255 }, values: ['203.0.113.6'] },
      { id: 'Z1_h', type: 'HTTPS', values: ['1 evil.example.'] },
    ])
      expect(look(record([], more), before), more.id).to.contain(more.values[0]);
    expect(
      look(record(['192.0.2.1'], { id: 'Z1_v', type: 'SRV', recordName: 'new.example.org.' }), before),
    ).to.equal(undefined);
  });
  it('stop a run when a further zone is, holds or lies in one that was accepted', () => {
    const of = (id: string, zoneName: string, more = {}) => ({ ...zone(false), id, zoneName, ...more });
    const found = (item: HostedZone) =>
      hostedZone.danger?.(item, undefined, sides({}, { 'hosted-zone': [of('Z1', 'example.org.')] }));
    for (const name of ['example.org.', 'shop.example.org.', 'org.'])
      expect(found(of('Z0', name)), name)
        .to.contain('further zone')
        .and.contain('Z1');
    expect(found(of('Z0', 'myexample.org.'))).to.equal(undefined);
    expect(found(of('Z0', 'example.org.', { isPrivate: true }))).to.equal(undefined);
  });
  it('stop a run when a zone no longer signs', () => {
    expect(hostedZone.danger?.(zone(false), zone(true), sides())).to.contain('no longer signs');
    expect(hostedZone.danger?.(zone(true), zone(false), sides())).to.equal(undefined);
  });
  it('wait for a recovery, and nothing of them is made at rest', () => {
    const plan = planned({ 'hosted-zone': [zone(true)], 'dns-record': [record(['192.0.2.1'])] });
    expect(plan.resources).to.deep.equal([]);
    expect(reason(plan, 'hosted-zone/Z1')).to.contain('billed by the month').and.contain('DS record');
    expect(reason(plan, 'dns-record/Z1_www.example.org._A')).to.contain('Z1');
  });
});

describe('records at a recovery', () => {
  const made = (item: Partial<DnsRecord>, others: Record<string, readonly Item[]> = {}) => {
    const one = record(['192.0.2.1'], { id: 'Z1_x', ...item });
    const plan = recovering({ 'hosted-zone': [zone(false)], 'dns-record': [one], ...others });
    const { resources } = plan;
    const args = (name: string) =>
      resources.find((each) => each.name === name)?.args as Record<string, unknown> | undefined;
    return {
      args: args('dns-record/Z1_x'),
      reason: reason(plan, 'dns-record/Z1_x'),
      zone: args('hosted-zone/Z1'),
    };
  };
  const host = (type: string, value: string) => made({ type, values: [value] });

  it('stand in the zone, which answers from the vault and says whose mirror it is', () => {
    const { args, zone } = made({});
    expect(args).to.deep.include({ name: 'www.example.org', type: 'A', ttl: 60, records: ['192.0.2.1'] });
    expect(args?.zoneId).to.deep.equal(new Ref('hosted-zone/Z1'));
    expect(zone).to.deep.include({ name: 'example.org', comment: '(lifeboat:source-id=Z1)' });
  });
  it('answer with the Elastic IP that DR has for the source’s', () => {
    const machine = instance('i-1', 'web', []);
    const address = {
      ...{
        id: 'eipalloc-1',
        tags: {},
        publicIp: '192.0.2.1',
        instanceId: 'i-1',
        networkInterfaceId: 'eni-1',
      },
      privateIpAddress: machine.privateIpAddress,
    };
    const { args } = made({}, { instance: [machine], 'elastic-ip': [address as Item] });
    expect(args?.records).to.deep.equal([new Ref('elastic-ip/eipalloc-1', 'publicIp')]);
  });
  it('never lead into the source', () => {
    for (const [type, value] of [
      ['CNAME', 'shop-1.eu-west-1.elb.amazonaws.com'],
      ['CNAME', 'abc.lambda-url.eu-west-1.on.aws.'],
      ['SRV', '1 10 443 shop-1.eu-west-1.elb.amazonaws.com.'],
      ['MX', '10 inbound-smtp.eu-west-1.amazonaws.com'],
      ['CNAME', 'shop.s3-website-eu-west-1.amazonaws.com'],
      ['CNAME', 'shop.s3-eu-west-1.amazonaws.com'],
      ['CNAME', 'shop.s3.amazonaws.com'],
      ['CNAME', 'x.eu-west-1.awsapprunner.com'],
      ['CNAME', 'a1234.awsglobalaccelerator.com'],
      ['HTTPS', '1 shop-1.eu-west-1.elb.amazonaws.com.'],
    ] as const)
      expect(host(type, value).reason, value).to.contain("which is the source's");
    expect(host('CNAME', '_x.acm-validations.aws.').reason).to.contain("certificate of the source's");
    expect(host('DS', '1 2 3 ABC').reason).to.contain("source's key");
    const alias = (DNSName: string, HostedZoneId: string) =>
      made({ values: [], set: { AliasTarget: { DNSName, HostedZoneId, EvaluateTargetHealth: false } } });
    expect(alias('dualstack.shop-1.eu-west-1.elb.amazonaws.com.', 'Z32O12XQLNTSW2').reason).to.contain(
      'has no mirror',
    );
    expect(alias('www2.example.org.', 'Z1').args?.aliases).to.deep.equal([
      { name: 'www2.example.org', zoneId: new Ref('hosted-zone/Z1'), evaluateTargetHealth: false },
    ]);
    expect(alias('d9.cloudfront.net.', 'Z2FDTNDATAQYW2').args?.aliases).to.deep.include({
      name: 'd9.cloudfront.net',
      zoneId: 'Z2FDTNDATAQYW2',
      evaluateTargetHealth: false,
    });
  });
  it('lead to what is nobody’s but theirs as they did', () => {
    expect(host('CNAME', 'shop.s3-website.eu-north-1.amazonaws.com').reason).to.equal(undefined);
    expect(host('HTTPS', '1 . alpn=h2').args?.records).to.deep.equal(['1 . alpn=h2']);
    expect(host('HTTPS', '1 . ipv4hint=192.0.2.1').reason).to.contain('ipv4hint');
    expect(host('MX', '10 mail.example.net.').args?.records).to.deep.equal(['10 mail.example.net.']);
    expect(host('TXT', '"v=spf1 -all" "more"').args?.records).to.deep.equal(['v=spf1 -all" "more']);
    expect(host('CAA', '0 issue "amazon.com"').args?.records).to.deep.equal(['0 issue "amazon.com"']);
    expect(made({ recordName: '\\052.example.org.' }).args?.name).to.equal('*.example.org');
  });
  it('stop no recovery, whatever was accepted of them', () => {
    expect(made({ set: {} }).reason)
      .to.contain('it could not be planned')
      .and.contain('TTL');
  });
  it('are not made without the check that they answer by', () => {
    expect(made({ set: { TTL: 60, HealthCheckId: 'h-9' } }).reason).to.contain('health check h-9');
  });
  it('of a distribution lead to its mirror, and wait where that is not made', () => {
    const of = (config: object) => {
      const DefaultCacheBehavior = { TargetOriginId: 'web', ViewerProtocolPolicy: 'https-only' };
      const site = {
        ...{ id: 'E1', tags: {}, domainName: 'd1.cloudfront.net', aliases: [], originHeaders: {} },
        config: { Comment: '', Enabled: true, DefaultCacheBehavior, ...config },
        origins: [{ Id: 'web', DomainName: 'web.example.org' }],
      };
      return made({ type: 'CNAME', values: ['d1.cloudfront.net'] }, { distribution: [site] });
    };
    expect(of({}).args?.records).to.deep.equal([new Ref('distribution/E1', 'domainName')]);
    expect(of({ Staging: true }).reason).to.contain('it needs distribution/E1');
  });
});

describe('public zones at a recovery', () => {
  it('answer from the vault’s servers but for those that lie in another, to which that delegates', () => {
    const inner = { ...zone(false), id: 'Z2', zoneName: 'eu.example.org.' };
    const ns = record(['ns-1.awsdns-1.com.'], {
      ...{ id: 'Z1_ns', recordName: 'eu.example.org.', type: 'NS' },
    });
    const sets = { 'delegation-set': [{ id: 'N1', tags: {}, callerReference: 'lifeboat-1' } as Item] };
    const result = recovering({ 'hosted-zone': [zone(false), inner], 'dns-record': [ns] }, sets);
    expect(argsOf(result, 'hosted-zone/Z1').delegationSetId).to.equal('N1');
    expect(argsOf(result, 'hosted-zone/Z2').delegationSetId).to.equal(undefined);
    expect(argsOf(result, 'dns-record/Z1_ns').records).to.deep.equal(
      new Ref('hosted-zone/Z2', 'nameServers'),
    );
  });
});

describe('private zones at a recovery', () => {
  const privateZone = (vpcs: string[]): HostedZone => ({ ...zone(false), isPrivate: true, vpcs });
  it('answer the mirrors of the VPCs that ask them, and are not made for none', () => {
    const made = (vpcs: string[]) =>
      recovering({ vpc: [vpc('vpc-1'), vpc('vpc-9')], 'hosted-zone': [privateZone(vpcs)] });
    const both = made(['eu-west-1/vpc-1', 'us-east-1/vpc-9']);
    expect(argsOf(both, 'hosted-zone/Z1').vpcs).to.deep.equal([{ vpcId: new Ref('vpc/vpc-1') }]);
    expect(both.notes.join()).to.contain('does without the VPC vpc-9, which is in us-east-1');
    expect(reason(made(['us-east-1/vpc-9']), 'hosted-zone/Z1')).to.contain('no VPC that asks it');
  });
});

describe('a health check at a recovery', () => {
  const check = (config: object) =>
    recovering({
      'metric-alarm': [alarm('busy')],
      'health-check': [{ id: 'h-1', tags: {}, config } as unknown as Item],
    });
  const following = (Region: string) =>
    check({ Type: 'CLOUDWATCH_METRIC', AlarmIdentifier: { Region, Name: 'busy' } });

  it('follows the mirror of its alarm, and none of another region', () => {
    expect(argsOf(following('eu-west-1'), 'health-check/h-1')).to.deep.include({
      type: 'CLOUDWATCH_METRIC',
      cloudwatchAlarmName: new Ref('metric-alarm/busy'),
      cloudwatchAlarmRegion: 'eu-central-1',
    });
    expect(reason(following('us-east-1'), 'health-check/h-1')).to.contain('an alarm in us-east-1');
  });
  it('asks nothing of the source', () => {
    const host = check({ Type: 'HTTPS', FullyQualifiedDomainName: 'a.eu-west-1.elb.amazonaws.com' });
    expect(reason(host, 'health-check/h-1')).to.contain("which is the source's");
  });
});
