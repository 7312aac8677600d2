import { expect } from 'chai';
import { route as routeKind } from '../../../kinds/network/route';
import { instance, route, volume } from '../items';
import { sides } from '../sides';

const table = { 'route-table': [{ id: 'rtb-1', tags: {}, vpcId: 'vpc-1', isMain: false }] };
const danger = (target: string, former?: string, destination = '0.0.0.0/0', accepted: object = table) =>
  routeKind.danger?.(
    route('rtb-1', target, destination),
    former === undefined ? undefined : route('rtb-1', former, destination),
    sides(table, { ...accepted }),
  );

describe('a route stops a run', () => {
  it('that leads over a peering now, and led elsewhere', () => {
    expect(danger('pcx-1', 'igw-1')).to.equal('leads 0.0.0.0/0 over the peering pcx-1 now, before to igw-1');
    expect(danger('pcx-1', 'nat-1', '10.9.0.0/16')).to.contain('10.9.0.0/16');
    expect(danger('pcx-1', 'pcx-2')).to.contain('before to pcx-2');
  });

  it('that is new and leads the world over one', () => {
    expect(danger('pcx-1')).to.equal('leads 0.0.0.0/0 over the peering pcx-1 now');
    expect(danger('pcx-1', undefined, '128.0.0.0/1')).to.contain('128.0.0.0/1');
  });

  it('that leads out where nothing did, or what led to where somebody watches', () => {
    expect(danger('nat-1')).to.equal('leads 0.0.0.0/0 out through the NAT gateway nat-1 now');
    expect(danger('nat-1', 'tgw-1')).to.contain('before to tgw-1');
    expect(danger('nat-1', undefined, '192.168.0.0/16')).to.equal(undefined);
    expect(danger('nat-1', undefined, '0.0.0.0/0', {})).to.equal(undefined);
    for (const former of ['nat-2', 'igw-1']) expect(danger('nat-1', former)).to.equal(undefined);
  });

  it('that leads through a machine now, if that one is recovered', () => {
    const now = (tags: Record<string, string>) => ({
      ...table,
      instance: [instance('i-1', 'web', ['vol-1'])],
      volume: [volume('vol-1', tags)],
    });
    const through = (tags: Record<string, string>) =>
      routeKind.danger?.(route('rtb-1', 'i-1'), route('rtb-1', 'nat-1'), sides(now(tags)));
    expect(through({ MUSTSNAP: 'True' })).to.equal(
      'leads 0.0.0.0/0 through the machine i-1 now, before to nat-1',
    );
    expect(through({})).to.equal(undefined);
  });

  it('but not one as before, to one more VPC, of a new table, or to what is billed or shuts it off', () => {
    expect(danger('pcx-1', 'pcx-1')).to.equal(undefined);
    expect(danger('pcx-1', undefined, '10.9.0.0/16')).to.equal(undefined);
    expect(danger('pcx-1', undefined, '0.0.0.0/0', {})).to.equal(undefined);
    for (const target of ['nat-2', 'tgw-1', 'eigw-1', 'vgw-1'])
      expect(danger(target, 'igw-1')).to.equal(undefined);
  });
});
