import { expect } from 'chai';
import { Ref, Secret, Text } from '../../../inventory/refs';
import { snsTopicPolicy } from '../../../kinds/services/snsTopicPolicy';
import { ssmParameter } from '../../../kinds/services/ssmParameter';
import { vpc } from '../items';
import { sides } from '../sides';
import { certificate, parameter, targetGroup, topic } from './edgeItems';
import { argsOf, planned, reason } from './planned';

const NOTHING = sides();
const ours = (sourceId: string) => ({ 'lifeboat:source-id': sourceId });

describe('target groups', () => {
  const args = (more: Parameters<typeof targetGroup>[1]) => {
    const result = planned({ vpc: [vpc('vpc-1')], 'target-group': [targetGroup('web', more)] });
    return { args: argsOf(result, 'target-group/web'), notes: result.notes };
  };

  it('have their attributes as arguments, and a note for what the provider does not set', () => {
    const attributes = {
      'deregistration_delay.timeout_seconds': '30',
      'load_balancing.algorithm.type': 'round_robin',
      'load_balancing.algorithm.anomaly_mitigation': 'off',
      'something.new': 'yes',
    };
    const made = args({ attributes });
    expect(made.args).to.include({ deregistrationDelay: 30, loadBalancingAlgorithmType: 'round_robin' });
    // AWS takes it with the weighted algorithm alone.
    expect(made.args).to.not.have.property('loadBalancingAnomalyMitigation');
    expect(made.notes.join()).to.contain('target-group/web leaves out something.new, which is yes');
  });

  it('of load balancers have what AWS gives them, and a note for what is otherwise', () => {
    const attributes = { 'deregistration_delay.timeout_seconds': '10', 'stickiness.enabled': 'false' };
    const made = args({ targetType: 'alb', protocol: 'TCP', protocolVersion: undefined, attributes });
    expect(made.args).to.not.have.property('deregistrationDelay');
    expect(made.notes.join()).to.contain('deregistration_delay.timeout_seconds, which is 10');
    expect(made.notes.join()).to.not.contain('stickiness');
  });

  it('are not adopted where somebody else has the name', () => {
    const theirs = targetGroup('web', { vpcId: 'vpc-9' });
    const source = { vpc: [vpc('vpc-1')], 'target-group': [targetGroup('web')] };
    expect(reason(planned(source, { 'target-group': [theirs] }), 'target-group/web')).to.be.a('string');
  });

  it('are ours still when somebody has taken the tag off: the state knows their ARN', () => {
    const source = { vpc: [vpc('vpc-1')], 'target-group': [targetGroup('web')] };
    const theirs = targetGroup('web', { vpcId: 'vpc-9' });
    const state = new Map([['target-group/web', theirs.arn]]);
    const result = planned(source, { 'target-group': [theirs] }, state);
    expect(reason(result, 'target-group/web')).to.equal(undefined);
    expect(result.lost).to.deep.equal([]);
  });
});

describe('topics', () => {
  it('leave out what is billed, and the source’s key, and say so', () => {
    const attributes = { KmsMasterKeyId: 'alias/shop', ArchivePolicy: '{}', DisplayName: 'Shop' };
    const result = planned({ 'sns-topic': [topic('shop', { attributes, isSubscribed: true })] });
    expect(argsOf(result, 'sns-topic/shop')).to.include({ displayName: 'Shop' });
    expect(argsOf(result, 'sns-topic/shop')).to.not.have.any.keys('kmsMasterKeyId', 'archivePolicy');
    for (const said of ['leaves out KmsMasterKeyId', 'leaves out ArchivePolicy', 'without its subscriptions'])
      expect(result.notes.join()).to.contain(said);
  });

  const policy = (...Statement: object[]) => JSON.stringify({ Version: '2012-10-17', Statement });
  const everybody = { Effect: 'Allow', Principal: '*', Action: 'SNS:Publish', Resource: '*' };

  it('have a policy that lets in nobody from outside; one that let in nobody else is the account’s own', () => {
    const source = {
      'sns-topic': [topic('shop')],
      'sns-topic-policy': [{ id: 'shop', tags: {}, policy: policy(everybody) }],
    };
    const result = planned(source);
    const text = JSON.stringify(argsOf(result, 'sns-topic-policy/shop').policy);
    expect(text).to.contain('arn:aws:iam::222222222222:root').and.not.contain('"*"');
    expect(result.notes.join()).to.contain('does without the trust in everybody');
  });

  it("keep nobody of Lifeboat's own out by a Deny, or no run could look at them again", () => {
    const keepsOut = { Effect: 'Deny', Principal: '*', Action: 'sns:*', Resource: '*' };
    const source = {
      'sns-topic': [topic('shop')],
      'sns-topic-policy': [{ id: 'shop', tags: {}, policy: policy(keepsOut) } as never],
    };
    const result = planned(source);
    expect(JSON.stringify(argsOf(result, 'sns-topic-policy/shop').policy)).to.contain(
      'arn:aws:iam::222222222222:role/lifeboat-run',
    );
  });

  it('stop a run when their policy changes, and not when only its order does', () => {
    const other = { ...everybody, Action: 'SNS:Subscribe' };
    const item = (text: string) => ({ id: 'shop', tags: {}, policy: text });
    const danger = (now: string, before: string) => snsTopicPolicy.danger?.(item(now), item(before), NOTHING);
    expect(danger(policy(everybody, other), policy(everybody))).to.contain('another policy');
    expect(danger(policy(everybody, other), policy(other, everybody))).to.equal(undefined);
  });
});

describe('parameters', () => {
  const value = (text: string, source = {}) => {
    const result = planned({ ...source, 'ssm-parameter': [parameter('/app/x', text)] });
    return { value: argsOf(result, 'ssm-parameter//app/x').value, notes: result.notes };
  };

  it('keep their values from print, and name DR’s own account, region and objects', () => {
    expect(value('hunter2').value).to.deep.equal(new Secret('hunter2'));
    expect(value('eu-west-1').value).to.deep.equal(new Secret('eu-central-1'));
    expect(value('arn:aws:sns:eu-west-1:111111111111:shop').value).to.deep.equal(
      new Secret('arn:aws:sns:eu-central-1:222222222222:shop'),
    );
    expect(value('in vpc-0123456789abcdef0', { vpc: [vpc('vpc-0123456789abcdef0')] }).value).to.deep.equal(
      new Text(['in ', new Ref('vpc/vpc-0123456789abcdef0')]),
    );
  });

  it('that name what only the source has are noted without their value', () => {
    const { notes } = value('sg-0123456789abcdef0');
    expect(notes.join()).to.contain('ssm-parameter//app/x has a value that names what only the source has');
    expect(notes.join()).to.not.contain('sg-0123456789abcdef0');
  });

  it('with a name longer than a tag stay in the source', () => {
    const name = `/${'x'.repeat(256)}`;
    const result = planned({ 'ssm-parameter': [parameter(name, 'x')] });
    expect(reason(result, `ssm-parameter/${name}`)).to.contain('longer than the 256 characters');
  });

  it('stop a run when they name another image, and not when another value', () => {
    const danger = (dataType: string) =>
      ssmParameter.danger?.(parameter('x', 'b', { dataType }), parameter('x', 'a', { dataType }), NOTHING);
    expect(danger('aws:ec2:image')).to.contain('another image');
    expect(danger('text')).to.equal(undefined);
  });
});

describe('certificates', () => {
  const NAME = 'acm-certificate/arn-1';
  const source = { 'acm-certificate': [certificate('arn-1')] };

  it('that ACM has given up in DR are made anew, and are not taken for lost', () => {
    const spent = certificate('arn-2', { tags: ours('arn-1'), isSpent: true });
    const result = planned(source, { 'acm-certificate': [spent] }, new Map([[NAME, 'arn-2']]));
    expect(result).to.deep.include({ spent: [NAME], lost: [] });
    expect(result.resources.find(({ name }) => name === NAME)).to.deep.include({
      lost: { removedFirst: true },
      isMadeAgain: true,
    });
  });

  it('that wait for DNS are left alone', () => {
    const waiting = certificate('arn-2', { tags: ours('arn-1') });
    const result = planned(source, { 'acm-certificate': [waiting] }, new Map([[NAME, 'arn-2']]));
    expect(result).to.deep.include({ spent: [], lost: [] });
  });

  it('for CloudFront are asked for in us-east-1', () => {
    const result = planned({ 'acm-certificate-global': [certificate('arn-1')] });
    expect(argsOf(result, 'acm-certificate-global/arn-1')).to.include({ region: 'us-east-1' });
    expect(argsOf(planned(source), NAME)).to.not.have.property('region');
  });

  it('that could be exported cannot be in DR, where that is billed', () => {
    const result = planned({ 'acm-certificate': [certificate('arn-1', { isExportable: true })] });
    expect(result.notes.join()).to.contain('leaves out that it can be exported');
  });
});
