import { expect } from 'chai';
import { drillEndPolicy, drillEndRoleArn, drillEndTrust } from '../../../vault/drillPolicy';
import { roleArns } from '../../../vault/place';
import { allows } from './evaluate';
import { boundedMay, PLACE, roleMay } from './place';

const SCHEDULES = 'arn:aws:scheduler:eu-central-1:222222222222:schedule';
const END = drillEndRoleArn(PLACE);
const INVENTORY = 'arn:aws:s3:::lifeboat-inventory-222222222222-eu-central-1';
const to = (service: string) => ({ 'iam:PassedToService': `${service}.amazonaws.com` });

describe('what the recover role may of drills', () => {
  for (const action of ['scheduler:CreateSchedule', 'scheduler:DeleteSchedule'])
    it(`${action}, under the name of drills alone`, () => {
      const may = (name: string) => roleMay('recover', { action, resource: `${SCHEDULES}/${name}` });
      expect(may('default/lifeboat-drill-20260131t040000-120')).to.equal(true);
      expect([may('default/nightly'), may('other/lifeboat-drill-1')]).to.deep.equal([false, false]);
      expect(roleMay('run', { action, resource: `${SCHEDULES}/default/lifeboat-drill-1` })).to.equal(false);
    });

  it('hand over the role of their end, to the scheduler alone, and no other role of the vault', () => {
    const pass = (resource: string, service: string) =>
      roleMay('recover', { action: 'iam:PassRole', resource, context: to(service) });
    expect(pass(END, 'scheduler')).to.equal(true);
    expect(['ec2', 'lambda', 'ssm'].map((service) => pass(END, service))).to.deep.equal([
      false,
      false,
      false,
    ]);
    for (const role of Object.values(roleArns(PLACE))) expect(pass(role, 'scheduler')).to.equal(false);
    expect(roleMay('run', { action: 'iam:PassRole', resource: END, context: to('scheduler') })).to.equal(
      false,
    );
  });

  it('keep reports, which the run role cannot', () => {
    const put = { action: 's3:PutObject', resource: `${INVENTORY}/drills/dr/1.json` };
    expect([roleMay('recover', put), roleMay('run', put)]).to.deep.equal([true, false]);
    expect(roleMay('recover', { ...put, action: 's3:DeleteObject' })).to.equal(false);
  });

  it('change nothing of that role, whatever policies allow', () => {
    for (const action of [
      'iam:UpdateAssumeRolePolicy',
      'iam:DeleteRole',
      'iam:PutRolePolicy',
      'iam:AttachRolePolicy',
      'iam:DeleteRolePolicy',
    ])
      expect(boundedMay(roleArns(PLACE).recover, { action, resource: END }), action).to.equal(false);
  });
});

describe('the role of the end of drills', () => {
  const may = (action: string, resource: string, context = {}) =>
    allows([drillEndPolicy(PLACE)], { action, resource, context });
  const machine = 'arn:aws:ec2:eu-central-1:222222222222:instance/i-1';

  it('ends machines of drills, and of nothing else', () => {
    const end = (tags: object) => may('ec2:TerminateInstances', machine, tags);
    expect(end({ 'aws:ResourceTag/lifeboat:drill': '20260131t040000-120' })).to.equal(true);
    expect(end({ 'aws:ResourceTag/lifeboat:recovery-point': '2026' })).to.equal(false);
    expect(may('ec2:StopInstances', machine, { 'aws:ResourceTag/lifeboat:drill': 'x' })).to.equal(false);
  });

  it('starts the one automation that ends machines', () => {
    const start = (document: string) =>
      may('ssm:StartAutomationExecution', `arn:aws:ssm:eu-central-1::automation-definition/${document}:1`);
    expect([start('AWS-TerminateEC2Instance'), start('AWS-RunShellScript')]).to.deep.equal([true, false]);
  });

  it('is taken on by AWS alone, for this account', () => {
    for (const { Principal, Condition } of drillEndTrust(PLACE).Statement) {
      expect(JSON.stringify(Principal)).to.match(/^\{"Service":"(scheduler|ssm)\.amazonaws\.com"\}$/);
      expect(Condition).to.deep.equal({ StringEquals: { 'aws:SourceAccount': '222222222222' } });
    }
  });
});
