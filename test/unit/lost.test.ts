import { expect } from 'chai';
import type { Items } from '../../inventory/inventory';
import { plan } from '../../inventory/plan';
import { TAG } from '../../names';
import { group, PLAN_OPTIONS, rule, subnet, vpc } from './items';

const zones = { 'euw1-az1': 'euc1-az2' };
const source: Items = {
  vpc: [vpc('vpc-1')],
  subnet: [subnet('subnet-1', 'vpc-1')],
  'security-group': [group('sg-1', 'vpc-1', 'web')],
  'security-group-rule': [rule('sgr-1', 'sg-1')],
};
const mirrorOf = (id: string) => ({ [TAG.sourceId]: id });

describe('a plan of what the state holds and DR has lost', () => {
  it('says what is to be forgotten first, what may be replaced with what is lost, and takes in what is back', () => {
    const kinds = {
      ...source,
      'network-acl': [{ id: 'acl-1', tags: {}, vpcId: 'vpc-1', isDefault: false }],
      'network-acl-entry': [1, 2].map((ruleNumber) => ({
        id: `acl-1 in ${ruleNumber}`,
        tags: {},
        networkAclId: 'acl-1',
        ruleNumber,
        isEgress: false,
        protocol: '-1',
        ruleAction: 'allow',
        cidrBlock: '10.0.0.0/8',
      })),
    };
    const lostOf = (inDr: Items, state: ReadonlyMap<string, string>) =>
      plan({ kinds, superseded: new Map() }, inDr, zones, PLAN_OPTIONS, state);
    const names = lostOf({}, new Map()).resources.map(({ name }) => name);
    const state = new Map(names.map((name) => [name, `${name} in DR`]));
    const idOf = (kind: string, id: string) => ({ id: `${kind}/${id} in DR`, tags: mirrorOf(id) });
    const whole = lostOf({}, state);
    const of = (result: typeof whole, name: string) => result.resources.find((each) => each.name === name);
    // The ACL is gone: what is made of it is in another, which the removal of the old one does not reach.
    expect(of(whole, 'network-acl-entry/acl-1 in 1')?.lost).to.deep.equal({ removedFirst: false });
    const standing = lostOf(
      {
        vpc: [vpc('vpc/vpc-1 in DR', { tags: mirrorOf('vpc-1') })],
        'network-acl': [{ ...kinds['network-acl'][0], ...idOf('network-acl', 'acl-1') }],
        subnet: [
          subnet('subnet-again', 'vpc/vpc-1 in DR', {
            tags: mirrorOf('subnet-1'),
            availabilityZoneId: 'euc1-az2',
          }),
        ],
      },
      state,
    );
    expect(of(standing, 'network-acl-entry/acl-1 in 1')?.lost).to.deep.equal({ removedFirst: true });
    expect(of(standing, 'vpc/vpc-1')).to.not.have.any.keys('lost', 'isMadeAgain');
    expect(of(standing, 'security-group/sg-1')).to.deep.include({
      lost: { removedFirst: false },
      isMadeAgain: true,
    });
    expect(of(standing, 'subnet/subnet-1')).to.deep.include({
      lost: { removedFirst: false },
      adopt: 'subnet-again',
    });
  });
});
