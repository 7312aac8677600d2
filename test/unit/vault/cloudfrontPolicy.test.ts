import { expect } from 'chai';
import { TAG } from '../../../names';
import { type Role, roleMay } from './place';

const DISTRIBUTION = 'arn:aws:cloudfront::222222222222:distribution/E1';
const ours = { [`aws:ResourceTag/${TAG.sourceId}`]: 'E0' };
const claim = { [`aws:RequestTag/${TAG.sourceId}`]: 'E0', 'aws:TagKeys': [TAG.sourceId] };
const may = (role: Role, action: string, context: Record<string, string | string[]> = {}) =>
  roleMay(role, { action: `cloudfront:${action}`, resource: DISTRIBUTION, context });

describe("the vault's policy for CloudFront", () => {
  it('changes and removes distributions that carry our tag, and no other', () => {
    for (const role of ['run', 'recover'] as const)
      for (const action of ['UpdateDistribution', 'DeleteDistribution']) {
        expect(may(role, action), action).to.equal(false);
        expect(may(role, action, ours), action).to.equal(true);
      }
  });

  it('tags what has none of our tags and no name, as ours, and never takes that off', () => {
    expect(may('run', 'TagResource', claim)).to.equal(true);
    expect(may('run', 'TagResource', { 'aws:TagKeys': ['team'] })).to.equal(false);
    expect(may('run', 'TagResource', { ...claim, 'aws:ResourceTag/Name': 'theirs' })).to.equal(false);
    expect(may('run', 'TagResource', { ...ours, 'aws:TagKeys': ['team'] })).to.equal(true);
    expect(may('run', 'UntagResource', { ...ours, 'aws:TagKeys': ['team'] })).to.equal(true);
    expect(may('run', 'UntagResource', { ...ours, 'aws:TagKeys': [TAG.sourceId] })).to.equal(false);
    expect(may('run', 'UntagResource', ours)).to.equal(false);
  });

  it('lets names be moved in a recovery, to what is ours', () => {
    for (const action of ['ListDomainConflicts', 'UpdateDomainAssociation']) {
      expect(may('recover', action, ours), action).to.equal(true);
      expect(may('recover', action), action).to.equal(false);
      expect(may('run', action, ours), action).to.equal(false);
      expect(may('preview', action, ours), action).to.equal(false);
    }
  });
});
