import { expect } from 'chai';
import { type DnsRecord, dnsRecord } from '../../../kinds/dnsRecord';
import { type HostedZone, hostedZone } from '../../../kinds/hostedZone';
import { sides } from '../sides';
import { planned, reason } from './planned';

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
  const danger = (now: DnsRecord, former?: DnsRecord) => dnsRecord.danger?.(now, former, sides());

  it('stop a run when they lead elsewhere, by value or by alias', () => {
    expect(danger(record(['192.0.2.1', '203.0.113.9']), record(['192.0.2.1']))).to.equal(
      'leads to 203.0.113.9 now',
    );
    const alias = (DNSName: string) =>
      record([], { set: { AliasTarget: { DNSName, HostedZoneId: 'Z2', EvaluateTargetHealth: false } } });
    expect(danger(alias('evil.example.'), alias('d1.cloudfront.net.'))).to.contain('evil.example.');
  });
  it('but not when they are new, lead to less, or hold words', () => {
    expect(danger(record(['192.0.2.1']))).to.equal(undefined);
    expect(danger(record(['192.0.2.1']), record(['192.0.2.1', '192.0.2.2']))).to.equal(undefined);
    expect(danger(record(['"b"'], { type: 'TXT' }), record(['"a"'], { type: 'TXT' }))).to.equal(undefined);
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
