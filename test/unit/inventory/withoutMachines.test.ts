import { expect } from 'chai';
import type { Plan, PlannedResource } from '../../../inventory/planned';
import { Ref } from '../../../inventory/refs';
import { withoutMachines } from '../../../inventory/withoutMachines';

const planned = (name: string, args: object, afterMachines?: true): PlannedResource => ({
  name,
  item: name,
  type: 'aws:some/thing:Thing',
  args,
  ignoreChanges: [],
  formerNames: [],
  ...(afterMachines && { afterMachines }),
});

describe('a plan without the machines that are not recovered', () => {
  const plan = {
    resources: [
      planned('vpc/vpc-1', {}),
      planned('metric-alarm/a', { dimensions: { InstanceId: new Ref('instance/i-1') } }, true),
      planned('metric-alarm/b', { dimensions: { InstanceId: new Ref('instance/i-2') } }, true),
      planned('composite-alarm/c', { rule: [new Ref('metric-alarm/b')] }, true),
      planned('composite-alarm/d', { rule: [new Ref('metric-alarm/a')] }, true),
    ],
    skipped: [{ name: 'vpc/vpc-2', reason: 'a reason' }],
  } as unknown as Plan;

  it('leaves out what refers to one, and what refers to that, and says why', () => {
    const { resources, skipped } = withoutMachines(plan, new Set(['i-1']));
    expect(resources.map(({ name }) => name)).to.deep.equal([
      'vpc/vpc-1',
      'metric-alarm/a',
      'composite-alarm/d',
    ]);
    expect(skipped).to.deep.equal([
      { name: 'vpc/vpc-2', reason: 'a reason' },
      { name: 'metric-alarm/b', reason: 'it needs instance/i-2, which is not recovered' },
      { name: 'composite-alarm/c', reason: 'it needs metric-alarm/b, and that is not made' },
    ]);
  });

  it('changes nothing where all are', () => {
    expect(withoutMachines(plan, new Set(['i-1', 'i-2']))).to.deep.equal(plan);
  });
});
