import { expect } from 'chai';
import type { Plan, PlannedResource } from '../../../inventory/planned';
import { Json, Ref, Text } from '../../../inventory/refs';
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
    notes: ['a note'],
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

  it('keeps what can do without one, with the word that stands in its place', () => {
    const soft = (id: string) => new Ref(`instance/${id}`, 'id', undefined, id);
    const body = new Json({ widgets: [new Text(['see ', soft('i-2')]), soft('i-1')] });
    const { resources, notes } = withoutMachines(
      { ...plan, resources: [planned('dashboard/shop', { body }, true)] },
      new Set(['i-1']),
    );
    expect(resources.map(({ args }) => args)).to.deep.equal([
      { body: new Json({ widgets: [new Text(['see ', 'i-2']), soft('i-1')] }) },
    ]);
    expect(notes).to.deep.equal([
      'a note',
      'dashboard/shop names what is not recovered, as it is: instance/i-2',
    ]);
  });

  it('changes nothing where all are', () => {
    expect(withoutMachines(plan, new Set(['i-1', 'i-2']))).to.deep.equal(plan);
  });
});
