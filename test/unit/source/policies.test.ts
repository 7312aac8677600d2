import { expect } from 'chai';
import {
  copyStatements,
  dlmPolicy,
  dlmTrust,
  readerTrust,
  snapshotKeyPolicy,
  statusPolicy,
} from '../../../source/policies';
import { type PolicyKind, snapshotPolicyDetails } from '../../../source/snapshotPolicy';
import { allows } from '../vault/evaluate';

const runRole = 'arn:aws:iam::222222222222:role/lifeboat-run';
const settings = {
  sourceAccount: '111111111111',
  sourceRegion: 'eu-west-1',
  drAccount: '222222222222',
  externalId: 'an-external-id',
  trustedPrincipals: [runRole],
};

describe('readerTrust', () => {
  const trust = readerTrust(settings);
  const assume = (principal: string, externalId?: string) => ({
    action: 'sts:AssumeRole',
    context: { 'aws:PrincipalArn': principal, ...(externalId && { 'sts:ExternalId': externalId }) },
  });

  it('lets the run role in, with the external id', () => {
    expect(allows([trust], assume(runRole, 'an-external-id'))).to.equal(true);
    expect(allows([trust], assume(runRole, 'another'))).to.equal(false);
    expect(allows([trust], assume(runRole))).to.equal(false);
  });

  it('ends at the moment that it was given, as does the use of the key', () => {
    const until = new Date('2026-02-07T00:00:00.500Z');
    const ends = { DateLessThan: { 'aws:CurrentTime': '2026-02-07T00:00:00Z' } };
    expect(readerTrust({ ...settings, until }).Statement[0]?.Condition).to.deep.include(ends);
    const outside = copyStatements({ ...settings, until });
    expect(outside.length).to.equal(2);
    for (const { Condition } of outside) expect(Condition).to.deep.include(ends);
    expect(JSON.stringify([trust, copyStatements(settings)])).to.not.contain('CurrentTime');
  });

  for (const role of ['lifeboat-preview', 'lifeboat-recover', 'administrator']) {
    it(`keeps ${role} out`, () => {
      expect(allows([trust], assume(`arn:aws:iam::222222222222:role/${role}`, 'an-external-id'))).to.equal(
        false,
      );
    });
  }

  it('speaks of the DR account alone', () => {
    expect(trust.Statement.map(({ Principal }) => Principal)).to.deep.equal([
      { AWS: 'arn:aws:iam::222222222222:root' },
    ]);
  });
});

describe('snapshotKeyPolicy', () => {
  // The owner's own rights, which are everything, are left out: what is looked at is what DR gets.
  const { Statement } = snapshotKeyPolicy(settings);
  const dr = Statement.filter(({ Principal }) => JSON.stringify(Principal).includes(settings.drAccount));
  const policy = { Version: '2012-10-17' as const, Statement: dr };
  const throughEc2 = { 'aws:PrincipalArn': runRole, 'kms:ViaService': 'ec2.eu-central-1.amazonaws.com' };

  it('keeps the owner in charge', () => {
    expect(Statement.filter(({ Sid }) => Sid === 'AccountAdministers')).to.deep.equal([
      {
        Sid: 'AccountAdministers',
        Effect: 'Allow',
        Principal: { AWS: 'arn:aws:iam::111111111111:root' },
        Action: 'kms:*',
        Resource: '*',
      },
    ]);
  });

  it("is to the owner's account what aws/ebs was: used through EBS by whoever may use EBS there", () => {
    const own = Statement.filter(({ Sid }) => Sid === 'AccountUsesItThroughEbs');
    const may = (action: string, account: string, via: string) =>
      allows([{ Version: '2012-10-17', Statement: own }], {
        action,
        context: { 'kms:CallerAccount': account, 'kms:ViaService': via },
      });
    expect(may('kms:CreateGrant', '111111111111', 'ec2.eu-west-1.amazonaws.com')).to.equal(true);
    expect(may('kms:CreateGrant', '222222222222', 'ec2.eu-west-1.amazonaws.com')).to.equal(false);
    expect(may('kms:Decrypt', '111111111111', 's3.eu-west-1.amazonaws.com')).to.equal(false);
    expect(may('kms:PutKeyPolicy', '111111111111', 'ec2.eu-west-1.amazonaws.com')).to.equal(false);
    expect(dr.concat(own).length + 1).to.equal(Statement.length);
  });

  for (const action of [
    'kms:DescribeKey',
    'kms:Decrypt',
    'kms:GenerateDataKeyWithoutPlaintext',
    'kms:ReEncryptFrom',
  ]) {
    it(`gives DR ${action} through EC2 alone`, () => {
      expect(allows([policy], { action, context: throughEc2 })).to.equal(true);
      expect(allows([policy], { action, context: { 'aws:PrincipalArn': runRole } })).to.equal(false);
      const viaS3 = { ...throughEc2, 'kms:ViaService': 's3.eu-central-1.amazonaws.com' };
      expect(allows([policy], { action, context: viaS3 })).to.equal(false);
      const stranger = { ...throughEc2, 'aws:PrincipalArn': 'arn:aws:iam::222222222222:role/other' };
      expect(allows([policy], { action, context: stranger })).to.equal(false);
    });
  }

  it("lets DR grant to AWS's services, and to nobody else", () => {
    const context = { ...throughEc2, 'kms:GrantIsForAWSResource': 'true' };
    expect(allows([policy], { action: 'kms:CreateGrant', context })).to.equal(true);
    expect(allows([policy], { action: 'kms:CreateGrant', context: throughEc2 })).to.equal(false);
  });

  for (const action of ['kms:PutKeyPolicy', 'kms:ScheduleKeyDeletion', 'kms:Encrypt'])
    it(`does not give DR ${action}`, () => {
      expect(allows([policy], { action, context: throughEc2 })).to.equal(false);
    });
});

describe('statusPolicy', () => {
  const actions = statusPolicy(settings).Statement.flatMap(({ Action }) => Action ?? []);

  it('changes nothing and reads no data', () => {
    for (const action of actions) expect(action).to.match(/^[a-z0-9]+:(Describe|List|GetLifecyclePolic)/);
  });

  it("asks about the source's own keys alone", () => {
    const may = (resource: string) =>
      allows([statusPolicy(settings)], { action: 'kms:DescribeKey', resource });
    expect(may('arn:aws:kms:eu-west-1:111111111111:key/1')).to.equal(true);
    expect(may('arn:aws:kms:eu-west-1:333333333333:key/1')).to.equal(false);
  });
});

describe("DLM's role", () => {
  it('is for DLM, on behalf of this account', () => {
    expect(dlmTrust(settings).Statement).to.deep.equal([
      {
        Sid: 'DlmTakesSnapshots',
        Effect: 'Allow',
        Principal: { Service: 'dlm.amazonaws.com' },
        Action: 'sts:AssumeRole',
        Condition: { StringEquals: { 'aws:SourceAccount': '111111111111' } },
      },
    ]);
  });

  it('deletes only what a policy of DLM took', () => {
    const resource = 'arn:aws:ec2:eu-west-1::snapshot/snap-1';
    const context = { 'aws:ResourceTag/aws:dlm:lifecycle-policy-id': 'policy-1' };
    expect(allows([dlmPolicy()], { action: 'ec2:DeleteSnapshot', resource, context })).to.equal(true);
    expect(allows([dlmPolicy()], { action: 'ec2:DeleteSnapshot', resource })).to.equal(false);
  });
});

describe('snapshotPolicyDetails', () => {
  const of = (kind: PolicyKind) =>
    snapshotPolicyDetails(
      { drAccount: '222222222222', snapshotEveryHours: 12, snapshotAt: '01:30', snapshotsKept: 3 },
      kind,
    );
  const schedule = {
    name: 'lifeboat',
    copyTags: true,
    createRule: { interval: 12, intervalUnit: 'HOURS', times: '01:30' },
    retainRule: { count: 3 },
    shareRule: { targetAccounts: ['222222222222'] },
  };

  it('takes all disks of a machine at one moment, by the tag of the machine, and marks the set', () => {
    expect(of('instance')).to.deep.equal({
      policyType: 'EBS_SNAPSHOT_MANAGEMENT',
      resourceTypes: ['INSTANCE'],
      targetTags: { MUSTSNAP: 'True' },
      parameters: { excludeBootVolume: false },
      schedules: [
        {
          ...schedule,
          variableTags: { 'set-instance': '$(instance-id)', 'set-time': '$(timestamp)' },
        },
      ],
    });
  });

  it('takes each disk by itself, by its own tag, and shares it all the same', () => {
    expect(of('volume')).to.deep.equal({
      policyType: 'EBS_SNAPSHOT_MANAGEMENT',
      resourceTypes: ['VOLUME'],
      targetTags: { MUSTSNAP: 'True' },
      schedules: [schedule],
    });
  });
});
