import { expect } from 'chai';
import { route as routeKind } from '../../../kinds/route';
import { route } from '../items';
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

  it('but not one as before, to one more VPC, of a new table, or to what is billed or shuts it off', () => {
    expect(danger('pcx-1', 'pcx-1')).to.equal(undefined);
    expect(danger('pcx-1', undefined, '10.9.0.0/16')).to.equal(undefined);
    expect(danger('pcx-1', undefined, '0.0.0.0/0', {})).to.equal(undefined);
    for (const target of ['nat-2', 'tgw-1', 'eigw-1', 'vgw-1'])
      expect(danger(target, 'igw-1')).to.equal(undefined);
  });
});
