import { expect } from 'chai';
import { readPolicy } from '../../../kinds/policies/readPolicy';
import { TAG } from '../../../names';
import { roleMay } from './place';

const ours = { [`aws:ResourceTag/${TAG.sourceId}`]: 'x' };
const asOurs = { [`aws:RequestTag/${TAG.sourceId}`]: 'x' };
const TOPIC = 'arn:aws:sns:eu-central-1:222222222222:shop';

describe('what the run role may do at the edge', () => {
  const may = (action: string, context: Record<string, string> = {}, resource = '*') =>
    roleMay('run', { action, resource, context });

  for (const action of [
    'elasticloadbalancing:CreateTargetGroup',
    'sns:CreateTopic',
    'ssm:PutParameter',
    'acm:RequestCertificate',
  ])
    it(`${action} only with our tag`, () => {
      expect(may(action)).to.equal(false);
      expect(may(action, asOurs)).to.equal(true);
      const elsewhere = { ...asOurs, 'aws:RequestedRegion': 'eu-west-1' };
      expect(may(action, elsewhere)).to.equal(false);
    });

  it('certificates for CloudFront are in us-east-1, and nothing else is', () => {
    const there = { 'aws:RequestedRegion': 'us-east-1' };
    expect(may('acm:RequestCertificate', { ...asOurs, ...there })).to.equal(true);
    expect(may('acm:DeleteCertificate', { ...ours, ...there })).to.equal(true);
    expect(may('sns:CreateTopic', { ...asOurs, ...there })).to.equal(false);
  });

  it('tags what is being made and what is ours, and takes our tag off nothing', () => {
    expect(may('sns:TagResource', asOurs, TOPIC)).to.equal(true);
    expect(may('sns:TagResource', { ...asOurs, 'aws:ResourceTag/Name': 'theirs' }, TOPIC)).to.equal(false);
    expect(may('sns:TagResource', {}, TOPIC)).to.equal(false);
    expect(may('sns:UntagResource', { ...ours, 'aws:TagKeys': 'team' }, TOPIC)).to.equal(true);
    expect(may('sns:UntagResource', { ...ours, 'aws:TagKeys': TAG.sourceId }, TOPIC)).to.equal(false);
    const making = { 'elasticloadbalancing:CreateAction': 'CreateTargetGroup' };
    expect(may('elasticloadbalancing:AddTags', { ...asOurs, ...making })).to.equal(true);
    expect(may('elasticloadbalancing:AddTags', asOurs)).to.equal(false);
  });

  it('sees the vault’s own topic, and changes nothing of it even where it were ours', () => {
    const alarms = 'arn:aws:sns:eu-central-1:222222222222:lifeboat-alarms';
    expect(may('sns:GetTopicAttributes', {}, alarms)).to.equal(true);
    expect(may('sns:ListTagsForResource', {}, alarms)).to.equal(true);
    for (const action of ['SetTopicAttributes', 'DeleteTopic', 'TagResource', 'UntagResource'])
      expect(may(`sns:${action}`, { ...ours, ...asOurs }, alarms), action).to.equal(false);
  });

  it('launches no machine, as whoever makes a scaling group must be able to', () => {
    expect(may('ec2:RunInstances', ours)).to.equal(false);
    expect(may('autoscaling:CreateAutoScalingGroup', asOurs)).to.equal(false);
  });
});

describe('whoever looks up', () => {
  it('decrypts nothing through Parameter Store, in either account', () => {
    const deny = readPolicy().Statement.find(({ Effect }) => Effect === 'Deny');
    expect(deny).to.deep.include({ Action: 'kms:Decrypt', Resource: '*' });
    const key = 'arn:aws:kms:eu-central-1:222222222222:key/1';
    const context = {
      'kms:ViaService': 'ssm.eu-central-1.amazonaws.com',
      'kms:ResourceAliases': ['alias/lifeboat-secrets'],
    };
    for (const role of ['preview', 'run', 'recover'] as const) {
      expect(roleMay(role, { action: 'kms:Decrypt', resource: key, context }), role).to.equal(false);
      const direct = { 'kms:ResourceAliases': ['alias/lifeboat-secrets'] };
      expect(roleMay(role, { action: 'kms:Decrypt', resource: key, context: direct }), role).to.equal(true);
    }
  });
});
