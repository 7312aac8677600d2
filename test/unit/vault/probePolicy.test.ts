import { expect } from 'chai';
import { mirroredBoundary } from '../../../vault/mirroredBoundary';
import { roleArns } from '../../../vault/place';
import { probeRoleArn, probeRolePolicy, probeTrust } from '../../../vault/probePolicy';
import { allows, may } from './evaluate';
import { boundedMay, PLACE, roleMay } from './place';

const FUNCTION = 'arn:aws:lambda:eu-central-1:222222222222:function';
const PROBE = probeRoleArn(PLACE);
const to = (service: string) => ({ 'iam:PassedToService': `${service}.amazonaws.com` });

describe('what the recover role may to probe ports', () => {
  const inVpc = { 'lambda:VpcIds': ['vpc-1'] };
  for (const action of [
    'lambda:CreateFunction',
    'lambda:DeleteFunction',
    'lambda:GetFunction',
    'lambda:InvokeFunction',
  ])
    it(`${action}, under the name of probes alone, and no other role`, () => {
      const request = (name: string) => ({ action, resource: `${FUNCTION}:${name}`, context: inVpc });
      expect(roleMay('recover', request('lifeboat-probe-1a2b'))).to.equal(true);
      expect(roleMay('recover', request('payments'))).to.equal(false);
      for (const role of ['run', 'preview'] as const)
        expect(roleMay(role, request('lifeboat-probe-1a2b'))).to.equal(false);
    });

  it('make none outside of a VPC, and change none', () => {
    const request = (action: string) => ({ action, resource: `${FUNCTION}:lifeboat-probe-1`, context: {} });
    expect(roleMay('recover', request('lambda:CreateFunction'))).to.equal(false);
    for (const action of [
      'UpdateFunctionCode',
      'UpdateFunctionConfiguration',
      'AddPermission',
      'CreateFunctionUrlConfig',
    ])
      expect(roleMay('recover', request(`lambda:${action}`)), action).to.equal(false);
  });

  it('hand over its role, to Lambda alone, and no other role', () => {
    const pass = (resource: string, service: string) =>
      roleMay('recover', { action: 'iam:PassRole', resource, context: to(service) });
    expect(pass(PROBE, 'lambda')).to.equal(true);
    expect(['ec2', 'scheduler', 'ssm'].map((service) => pass(PROBE, service))).to.deep.equal([
      false,
      false,
      false,
    ]);
    for (const role of [...Object.values(roleArns(PLACE)), 'arn:aws:iam::222222222222:role/lifeboat/app'])
      expect(pass(role, 'lambda'), role).to.equal(false);
    const passed = { action: 'iam:PassRole', resource: PROBE, context: to('lambda') };
    expect(roleMay('run', passed)).to.equal(false);
  });

  it('change nothing of that role, whatever policies allow', () => {
    for (const action of [
      'iam:UpdateAssumeRolePolicy',
      'iam:DeleteRole',
      'iam:PutRolePolicy',
      'iam:AttachRolePolicy',
    ])
      expect(boundedMay(roleArns(PLACE).recover, { action, resource: PROBE }), action).to.equal(false);
  });

  it('and a mirrored principal touches no such function, an administrator neither', () => {
    const all = {
      Version: '2012-10-17',
      Statement: [{ Sid: 'All', Effect: 'Allow', Action: '*', Resource: '*' }],
    } as const;
    const request = (name: string) => ({
      action: 'lambda:UpdateFunctionCode',
      resource: `${FUNCTION}:${name}`,
      context: {},
    });
    const bounded = { policies: [all], boundary: mirroredBoundary(PLACE) };
    expect([may(bounded, request('lifeboat-probe-1')), may(bounded, request('own'))]).to.deep.equal([
      false,
      true,
    ]);
  });
});

describe('the role of probes', () => {
  const does = (action: string, resource: string, context = {}) =>
    allows([probeRolePolicy(PLACE)], { action, resource, context });
  const nic = 'arn:aws:ec2:eu-central-1:222222222222:network-interface/eni-1';
  const code = { 'lambda:SourceFunctionArn': `${FUNCTION}:lifeboat-probe-1` };
  const RIGHTS = [
    ['ec2:CreateNetworkInterface', 'arn:aws:ec2:eu-central-1:222222222222:subnet/subnet-1'],
    ['ec2:DeleteNetworkInterface', nic],
    ['ec2:AssignPrivateIpAddresses', nic],
    ['ec2:UnassignPrivateIpAddresses', nic],
    ['ec2:DescribeNetworkInterfaces', '*'],
    ['ec2:DescribeSubnets', '*'],
  ] as const;

  it('has what Lambda needs for interfaces in this region, and nothing else', () => {
    for (const [action, resource] of RIGHTS) expect(does(action, resource), action).to.equal(true);
    expect(does('ec2:DeleteNetworkInterface', nic.replace('eu-central-1', 'us-east-1'))).to.equal(false);
    for (const action of ['ec2:TerminateInstances', 's3:GetObject', 'logs:CreateLogGroup'])
      expect(does(action, '*'), action).to.equal(false);
  });

  it('lets the code of a function do none of it', () => {
    for (const [action, resource] of RIGHTS) expect(does(action, resource, code), action).to.equal(false);
  });

  it('is taken on by Lambda alone, for this account', () => {
    const [statement, ...others] = probeTrust(PLACE).Statement;
    expect(others).to.deep.equal([]);
    expect(statement).to.deep.include({
      Principal: { Service: 'lambda.amazonaws.com' },
      Condition: { StringEquals: { 'aws:SourceAccount': '222222222222' } },
    });
  });
});
