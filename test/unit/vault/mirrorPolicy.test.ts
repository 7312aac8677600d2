import { expect } from 'chai';
import { TAG } from '../../../names';
import { RULE_CHANGES, TAGGED_CHANGES } from '../../../vault/taggedChanges';
import { WRITE_ACTIONS } from '../../../vault/writeActions';
import { roleMay } from './place';

const all = Object.values(WRITE_ACTIONS);
const granted = new Set(all.flatMap(({ change, remove }) => [...change, ...remove]));
const removals = new Set(all.flatMap(({ remove }) => remove));
const ours = { [`aws:ResourceTag/${TAG.sourceId}`]: 'vpc-0' };
const may = (action: string, named: string, context = {}) =>
  roleMay('run', { action, resource: `arn:aws:ec2:eu-central-1:${named}/x`, context });

describe('what the run role may change in DR', () => {
  for (const action of [...granted].filter((each) => TAGGED_CHANGES.has(each) || removals.has(each)))
    it(`it may ${action} only of what carries our tag`, () => {
      for (const type of ['vpc', 'subnet', 'security-group', 'route-table', 'network-acl']) {
        expect(may(action, `222222222222:${type}`), type).to.equal(false);
        expect(may(action, `222222222222:${type}`, ours), type).to.equal(true);
      }
    });

  it('rules that are being made and prefix lists of AWS have no tag of ours', () => {
    for (const action of RULE_CHANGES)
      for (const named of ['222222222222:security-group-rule', 'aws:prefix-list'])
        expect(may(action, named), `${action} of ${named}`).to.equal(true);
  });

  it('what needs no tag only creates, or is named with a reason in vault/taggedChanges.ts', () => {
    const untagged = [...granted].filter((each) => !TAGGED_CHANGES.has(each) && !removals.has(each));
    expect(untagged.filter((action) => !/^ec2:(Create|Import)/.test(action)).sort()).to.deep.equal([
      'ec2:AssociateDhcpOptions',
      'ec2:DeleteNetworkAclEntry',
      'ec2:DeleteRoute',
      'ec2:DeleteSubnetCidrReservation',
      'ec2:DisableVgwRoutePropagation',
      'ec2:DisassociateRouteTable',
      'ec2:DisassociateSubnetCidrBlock',
      'ec2:DisassociateVpcCidrBlock',
    ]);
  });
});
