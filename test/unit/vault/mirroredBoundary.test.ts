import { expect } from 'chai';
import { TAG } from '../../../names';
import { mirroredBoundary } from '../../../vault/mirroredBoundary';
import { allows } from './evaluate';
import { PLACE } from './place';

const INVENTORY = 'arn:aws:s3:::lifeboat-inventory-222222222222-eu-central-1';
const COPY = 'arn:aws:ec2:eu-central-1::snapshot/snap-1';
const DR = 'arn:aws:ec2:eu-central-1:222222222222';
const ours = { [`aws:ResourceTag/${TAG.sourceId}`]: 'x' };
const vaultKey = { 'kms:ResourceAliases': ['alias/lifeboat-vault'] };

/** Whether a mirrored administrator may do something. */
const may = (action: string, resource = 'arn:of:nothing', context: Record<string, string | string[]> = {}) =>
  allows([mirroredBoundary(PLACE)], { action, resource, context });

describe('the boundary of what is mirrored', () => {
  it('lets data be worked with as in the source', () => {
    for (const [action, resource] of [
      ['s3:GetObject', 'arn:aws:s3:::shop-222222222222/x'],
      ['s3:PutObject', 'arn:aws:s3:::shop-222222222222/x'],
      ['s3:DeleteObject', 'arn:aws:s3:::shop-222222222222/x'],
      ['s3:ListBucket', 'arn:aws:s3:::shop-222222222222'],
      ['dynamodb:PutItem', 'arn:aws:dynamodb:eu-central-1:222222222222:table/x'],
      ['sqs:SendMessage', 'arn:aws:sqs:eu-central-1:222222222222:x'],
      ['kms:Decrypt', 'arn:aws:kms:eu-central-1:222222222222:key/theirs'],
      ['ec2:DescribeInstances', '*'],
      ['ec2:RebootInstances', `${DR}:instance/i-1`],
    ] as const)
      expect(may(action, resource), action).to.equal(true);
    expect(may('sns:Publish', 'arn:aws:sns:eu-central-1:222222222222:orders', ours)).to.equal(true);
    expect(may('ssm:GetParameter', 'arn:aws:ssm:eu-central-1:222222222222:parameter/x', ours)).to.equal(true);
    expect(may('elasticloadbalancing:RegisterTargets', 'arn:x', ours)).to.equal(true);
  });

  it('closes the vault', () => {
    for (const action of ['s3:GetObject', 's3:PutObject', 's3:DeleteObject'])
      expect(may(action, `${INVENTORY}/inventory/dr.json`), action).to.equal(false);
    for (const action of ['kms:Decrypt', 'kms:CreateGrant', 'kms:DescribeKey', 'kms:UpdateAlias'])
      expect(may(action, 'arn:aws:kms:eu-central-1:222222222222:key/1', vaultKey), action).to.equal(false);
    expect(may('kms:DeleteAlias', 'arn:aws:kms:eu-central-1:222222222222:alias/lifeboat-vault')).to.equal(
      false,
    );
    for (const alarm of ['missing-run', 'growth-shop-222222222222'])
      expect(
        may(
          'cloudwatch:DisableAlarmActions',
          `arn:aws:cloudwatch:eu-central-1:222222222222:alarm:lifeboat-${alarm}`,
        ),
      ).to.equal(false);
    expect(may('cloudwatch:PutMetricData', '*', { 'cloudwatch:namespace': 'Lifeboat' })).to.equal(false);
    expect(may('cloudwatch:PutMetricData', '*', { 'cloudwatch:namespace': 'Shop' })).to.equal(true);
    expect(may('cloudtrail:StopLogging')).to.equal(false);
  });

  it('keeps who may do what as it is', () => {
    for (const action of [
      'iam:PassRole',
      'iam:CreateRole',
      'iam:GetRole',
      'organizations:LeaveOrganization',
      'account:CloseAccount',
      'sso:CreateAccountAssignment',
      'identitystore:CreateUser',
    ])
      expect(may(action, 'arn:aws:iam::222222222222:role/lifeboat/x'), action).to.equal(false);
  });

  it('lets a principal become another that is mirrored, and nobody else', () => {
    const becomes = (arn: string) => may('sts:AssumeRole', arn);
    expect(becomes('arn:aws:iam::222222222222:role/lifeboat/shop/app')).to.equal(true);
    expect(becomes('arn:aws:iam::222222222222:role/lifeboat-recover')).to.equal(false);
    expect(becomes('arn:aws:iam::222222222222:role/Admin')).to.equal(false);
    expect(becomes('arn:aws:iam::333333333333:role/lifeboat/app')).to.equal(false);
    // No tag makes a difference.
    expect(may('sts:AssumeRole', 'arn:aws:iam::222222222222:role/Admin', ours)).to.equal(false);
  });

  it('keeps copies, final snapshots, their locks and their privacy', () => {
    for (const tag of [TAG.sourceSnapshot, TAG.finalOf]) {
      const context = { [`aws:ResourceTag/${tag}`]: 'x' };
      for (const action of [
        'ec2:DeleteSnapshot',
        'ec2:DeleteTags',
        'ec2:CreateTags',
        'ec2:ModifySnapshotTier',
      ])
        expect(may(action, COPY, context), action).to.equal(false);
    }
    expect(may('ec2:DeleteSnapshot', COPY)).to.equal(true);
    for (const action of [
      'ec2:UnlockSnapshot',
      'ec2:LockSnapshot',
      'ec2:ModifySnapshotAttribute',
      'ec2:ResetSnapshotAttribute',
      'ec2:DisableSnapshotBlockPublicAccess',
      'rbin:DeleteRule',
      'rbin:UpdateRule',
    ])
      expect(may(action, COPY), action).to.equal(false);
  });

  it('keeps the mirror, by its tag', () => {
    for (const action of [
      'ec2:DeleteVpc',
      'ec2:ModifySubnetAttribute',
      'ec2:AuthorizeSecurityGroupIngress',
      'ec2:CreateRoute',
      'ec2:CreateTags',
      'ec2:TerminateInstances',
      'elasticloadbalancing:ModifyTargetGroup',
      'autoscaling:UpdateAutoScalingGroup',
      'cloudfront:UpdateDistribution',
      'sns:SetTopicAttributes',
      'ssm:PutParameter',
      'acm:DeleteCertificate',
    ]) {
      expect(may(action, 'arn:x', ours), action).to.equal(false);
      expect(may(action, 'arn:x'), action).to.equal(true);
    }
  });

  it('keeps buckets, zones and the life of data, which no tag tells apart', () => {
    for (const action of [
      's3:PutBucketPolicy',
      's3:PutLifecycleConfiguration',
      's3:DeleteBucket',
      's3:DeleteObjectVersion',
      's3:BypassGovernanceRetention',
      's3:PutObjectAcl',
      's3:PutReplicationConfiguration',
      'route53:ChangeResourceRecordSets',
      'kms:ScheduleKeyDeletion',
    ])
      expect(may(action), action).to.equal(false);
  });

  it('lets nobody set or take off a tag of ours, on anything', () => {
    const tagging = (action: string, key: string) => may(action, 'arn:x', { 'aws:TagKeys': ['Name', key] });
    for (const action of ['ec2:CreateTags', 'ec2:DeleteTags', 'ec2:CreateSnapshot', 'tag:TagResources']) {
      expect(tagging(action, TAG.sourceSnapshot), action).to.equal(false);
      expect(tagging(action, 'lifeboat:anything'), action).to.equal(false);
      expect(tagging(action, 'team'), action).to.equal(true);
    }
  });
});
