import { expect } from 'chai';
import { TAG } from '../../../names';
import { roleMay } from './place';

const ARN = 'arn:aws:elasticloadbalancing:eu-central-1:222222222222';
const ours = { [`aws:ResourceTag/${TAG.sourceId}`]: 'shop' };
const asOurs = { [`aws:RequestTag/${TAG.sourceId}`]: 'shop', 'aws:TagKeys': [TAG.sourceId] };

const may = (
  action: string,
  context: Record<string, string | string[]> = {},
  role: 'run' | 'recover' = 'recover',
  service = 'elasticloadbalancing',
) => roleMay(role, { action: `${service}:${action}`, resource: `${ARN}:loadbalancer/app/shop/0`, context });

describe('what the recover role may do in Elastic Load Balancing', () => {
  it('make a load balancer with our tag, and listeners and rules on ours alone', () => {
    expect(may('CreateLoadBalancer')).to.equal(false);
    expect(may('CreateLoadBalancer', asOurs)).to.equal(true);
    for (const action of ['CreateListener', 'CreateRule']) {
      expect(may(action, asOurs), action).to.equal(false);
      expect(may(action, ours), action).to.equal(false);
      expect(may(action, { ...ours, ...asOurs }), action).to.equal(true);
    }
  });

  it('tag what is being made, and nothing else of others', () => {
    for (const made of ['CreateLoadBalancer', 'CreateListener', 'CreateRule']) {
      const context = { ...asOurs, 'elasticloadbalancing:CreateAction': made };
      expect(may('AddTags', context), made).to.equal(true);
      expect(may('AddTags', context, 'run'), made).to.equal(false);
    }
    expect(may('AddTags', asOurs)).to.equal(false);
    expect(
      may('AddTags', { 'elasticloadbalancing:CreateAction': 'CreateListener', 'aws:TagKeys': ['x'] }),
    ).to.equal(false);
    expect(may('RemoveTags', { ...ours, 'aws:TagKeys': [TAG.sourceId] })).to.equal(false);
  });

  for (const action of [
    'DeleteListener',
    'DeleteLoadBalancer',
    'DeleteRule',
    'DeregisterTargets',
    'ModifyListener',
    'ModifyListenerAttributes',
    'ModifyLoadBalancerAttributes',
    'ModifyRule',
    'RegisterTargets',
    'SetIpAddressType',
    'SetRulePriorities',
    'SetSecurityGroups',
    'SetSubnets',
  ])
    it(`${action} of what carries our tag, and not the run role`, () => {
      expect(may(action)).to.equal(false);
      expect(may(action, ours)).to.equal(true);
      expect(may(action, ours, 'run')).to.equal(false);
    });

  it('make none of it with the run role', () => {
    for (const action of ['CreateLoadBalancer', 'CreateListener', 'CreateRule'])
      expect(may(action, { ...ours, ...asOurs }, 'run'), action).to.equal(false);
  });

  it('let the service make its own role, and no other', () => {
    const role = (service: string) =>
      roleMay('recover', {
        action: 'iam:CreateServiceLinkedRole',
        resource: `arn:aws:iam::222222222222:role/aws-service-role/${service}/AWSServiceRoleForIt`,
        context: { 'iam:AWSServiceName': service },
      });
    expect(role('elasticloadbalancing.amazonaws.com')).to.equal(true);
    expect(role('rds.amazonaws.com')).to.equal(false);
  });
});
