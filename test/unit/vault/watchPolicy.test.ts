import { expect } from 'chai';
import { TAG } from '../../../names';
import { roleMay } from './place';

const ALARM = 'arn:aws:cloudwatch:eu-central-1:222222222222:alarm:busy';
const DASHBOARD = 'arn:aws:cloudwatch::222222222222:dashboard';
const ours = { [`aws:ResourceTag/${TAG.sourceId}`]: 'busy' };
const asOurs = { [`aws:RequestTag/${TAG.sourceId}`]: 'busy', 'aws:TagKeys': [TAG.sourceId] };
const topic = 'arn:aws:sns:eu-central-1:222222222222:people';

const may = (action: string, context: Record<string, string | string[]> = {}, resource = ALARM) =>
  roleMay('recover', { action: `cloudwatch:${action}`, resource, context });

describe('what the recover role may do in CloudWatch', () => {
  for (const action of ['PutMetricAlarm', 'PutCompositeAlarm'])
    it(`${action} with our tag, of an alarm that tells DR's topics and does nothing else`, () => {
      expect(may(action)).to.equal(false);
      expect(may(action, asOurs)).to.equal(true);
      const acts = (...actions: string[]) => may(action, { ...asOurs, 'cloudwatch:AlarmActions': actions });
      expect(acts(topic)).to.equal(true);
      expect(acts(topic, 'arn:aws:automate:eu-central-1:ec2:terminate')).to.equal(false);
      expect(acts('arn:aws:sns:eu-central-1:333333333333:people')).to.equal(false);
      expect(acts('arn:aws:lambda:eu-central-1:222222222222:function:x')).to.equal(false);
    });

  it('remove and tag alarms that carry our tag, which stays', () => {
    expect(may('DeleteAlarms')).to.equal(false);
    expect(may('DeleteAlarms', ours)).to.equal(true);
    expect(may('TagResource', asOurs)).to.equal(true);
    expect(may('TagResource', { ...asOurs, 'aws:ResourceTag/Name': 'theirs' })).to.equal(false);
    expect(may('TagResource', { 'aws:TagKeys': ['team'] })).to.equal(false);
    expect(may('UntagResource', { ...ours, 'aws:TagKeys': ['team'] })).to.equal(true);
    expect(may('UntagResource', { ...ours, 'aws:TagKeys': [TAG.sourceId] })).to.equal(false);
  });

  it('make and remove dashboards under our name alone', () => {
    for (const action of ['PutDashboard', 'DeleteDashboards']) {
      expect(may(action, {}, `${DASHBOARD}/lifeboat-shop`), action).to.equal(true);
      expect(may(action, {}, `${DASHBOARD}/shop`), action).to.equal(false);
    }
  });

  it('is not the run role’s', () => {
    for (const action of ['PutMetricAlarm', 'PutCompositeAlarm', 'DeleteAlarms', 'PutDashboard']) {
      const context = { ...ours, ...asOurs };
      expect(roleMay('run', { action: `cloudwatch:${action}`, resource: ALARM, context }), action).to.equal(
        false,
      );
    }
  });
});
