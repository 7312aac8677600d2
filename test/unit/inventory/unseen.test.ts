import { expect } from 'chai';
import { plan } from '../../../inventory/plan';
import type { Plan } from '../../../inventory/planned';
import { Ref } from '../../../inventory/refs';
import { kinds } from '../../../kinds';
import type { AnyKind } from '../../../kinds/kind';
import { group, PLAN_OPTIONS, rule, vpc } from '../items';

const source = {
  vpc: [vpc('vpc-1')],
  'security-group': [group('sg-1', 'vpc-1', 'web')],
  'security-group-rule': [rule('sgr-1', 'sg-1')],
};

/** The plan while nobody knows which groups DR has. */
function planned(state: Record<string, string> = {}): Plan {
  return plan(
    { kinds: source, superseded: new Map() },
    {},
    {},
    { ...PLAN_OPTIONS, unseen },
    new Map(Object.entries(state)),
  );
}
const unseen = new Map([['security-group', 'TimeoutError: 1']]);
const names = (result: Plan) => result.resources.map(({ name }) => name);
const ofRule = (result: Plan) =>
  (
    result.resources.find(({ name }) => name === 'security-group-rule/sgr-1')?.args as {
      securityGroupId?: unknown;
    }
  )?.securityGroupId;

describe('a plan of what nobody can see in DR', () => {
  const kind = kinds.find(({ name }) => name === 'security-group') as { idInDr?: AnyKind['idInDr'] };
  afterEach(() => {
    delete kind.idInDr;
  });

  it('keeps what the state holds: it is neither lost nor adopted', () => {
    const result = planned({ 'vpc/vpc-1': 'vpc-in-dr', 'security-group/sg-1': 'sg-in-dr' });
    const found = result.resources.find(({ name }) => name === 'security-group/sg-1');
    expect(found?.adopt).to.equal(undefined);
    expect(result.lost).to.not.include('security-group/sg-1');
    expect(result.inDr.get('security-group/sg-1')).to.equal('sg-in-dr');
    expect(ofRule(result)).to.deep.equal(new Ref('security-group/sg-1'));
  });

  it('makes nothing of what the state does not hold, nor of what needs it, and says so', () => {
    const result = planned();
    expect(names(result)).to.deep.equal(['vpc/vpc-1']);
    expect(result.skipped.map(({ reason }) => reason)).to.include(
      'its service does not answer: TimeoutError: 1',
    );
    expect(result.notes.join('\n'))
      .to.contain(
        'for the service does not answer, and left as the state has it: security-group (TimeoutError: 1)',
      )
      .and.contain('neither made nor taken over before it answers: security-group/sg-1');
  });

  it('names what has the same name everywhere', () => {
    kind.idInDr = (item) => `named ${item.id}`;
    const result = planned();
    expect(names(result)).to.deep.equal(['vpc/vpc-1', 'security-group-rule/sgr-1']);
    expect(ofRule(result)).to.equal('named sg-1');
  });

  it('takes what AWS keeps everywhere for what it is', () => {
    const result = plan(
      {
        kinds: { 'cache-policy': [{ id: '658327ea', tags: {}, isManaged: true } as never] },
        superseded: new Map(),
      },
      {},
      {},
      { ...PLAN_OPTIONS, unseen: new Map([['cache-policy', 'gone']]) },
    );
    expect(result.skipped).to.deep.equal([]);
    expect(result.inDr.get('cache-policy/658327ea')).to.equal('658327ea');
  });
});
