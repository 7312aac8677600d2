import { HEARTBEAT, OUR_PREFIX, TAG } from '../names';
import { context, mirroredArn, type VaultPlace } from './place';
import { type Policy, policy, type Statement, tagged } from './policyDocument';
import { probeFunctionArn } from './probePolicy';

/** What changes or removes something of the services that are mirrored, where AWS can tell it by its tags. */
const CHANGES_OF_OURS = [
  'acm:AddTagsToCertificate',
  'acm:DeleteCertificate',
  'acm:RemoveTagsFromCertificate',
  'acm:UpdateCertificateOptions',
  'autoscaling:Attach*',
  'autoscaling:CreateOrUpdateTags',
  'autoscaling:Delete*',
  'autoscaling:Detach*',
  'autoscaling:Disable*',
  'autoscaling:Put*',
  'autoscaling:Suspend*',
  'autoscaling:Update*',
  'cloudfront:Associate*',
  'cloudfront:Delete*',
  'cloudfront:*TagResource',
  'cloudfront:Update*',
  'ec2:Accept*',
  'ec2:Assign*',
  'ec2:Associate*',
  'ec2:Attach*',
  'ec2:Authorize*',
  'ec2:CreateLaunchTemplateVersion',
  'ec2:CreateNetworkAclEntry',
  'ec2:CreateRoute',
  'ec2:CreateTags',
  'ec2:Delete*',
  'ec2:Deregister*',
  'ec2:Detach*',
  'ec2:Disable*',
  'ec2:Disassociate*',
  'ec2:Enable*',
  'ec2:Modify*',
  'ec2:Release*',
  'ec2:Replace*',
  'ec2:Reset*',
  'ec2:Restore*',
  'ec2:Revoke*',
  'ec2:Terminate*',
  'ec2:Unassign*',
  'ec2:Update*',
  'elasticloadbalancing:Add*',
  'elasticloadbalancing:CreateListener',
  'elasticloadbalancing:CreateRule',
  'elasticloadbalancing:Delete*',
  'elasticloadbalancing:Modify*',
  'elasticloadbalancing:Remove*',
  'elasticloadbalancing:Set*',
  'sns:AddPermission',
  'sns:DeleteTopic',
  'sns:Put*',
  'sns:RemovePermission',
  'sns:SetTopicAttributes',
  'sns:*TagResource',
  'ssm:AddTagsToResource',
  'ssm:Delete*',
  'ssm:LabelParameterVersion',
  'ssm:ModifyDocumentPermission',
  'ssm:PutParameter',
  'ssm:RemoveTagsFromResource',
  'ssm:UnlabelParameterVersion',
  'ssm:UpdateDocument*',
];

/** Copies, and final snapshots, neither end nor change. */
const stays = (Sid: string, tag: string): Statement => ({
  Sid,
  Effect: 'Deny',
  Action: ['ec2:CreateTags', 'ec2:Delete*', 'ec2:ModifySnapshotTier'],
  Resource: '*',
  Condition: tagged(tag),
});

/**
 * The permissions boundary of every mirrored role and user: what none of them may exceed, whatever its policies say, an administrator's
 * too. It leaves them what they worked with in the source, data above all, and takes from them what guards DR, what changes who may do
 * what, and what changes the mirror or shortens the life of data. See docs/adr/0016.
 */
export function mirroredBoundary(place: VaultPlace): Policy {
  const { names, inventory, state, alarms } = context(place);
  const aliases = `arn:aws:kms:${place.drRegion}:${place.drAccount}:alias/lifeboat-*`;
  return policy(
    { Sid: 'Ceiling', Effect: 'Allow', Action: '*', Resource: '*' },
    {
      Sid: 'VaultIsClosed',
      Effect: 'Deny',
      Action: '*',
      Resource: [
        inventory,
        state,
        `${inventory}/*`,
        `${state}/*`,
        aliases,
        ...alarms,
        probeFunctionArn(place),
      ],
    },
    {
      Sid: 'VaultKeysAreClosed',
      Effect: 'Deny',
      Action: 'kms:*',
      Resource: '*',
      Condition: {
        'ForAnyValue:StringEquals': { 'kms:ResourceAliases': [names.keyAlias, names.secretsKeyAlias] },
      },
    },
    {
      Sid: 'NoIdentity',
      Effect: 'Deny',
      Action: [
        'account:*',
        'iam:*',
        'identitystore:*',
        'organizations:*',
        'sso-directory:*',
        'sso-oauth:*',
        'sso:*',
      ],
      Resource: '*',
    },
    {
      // AWS tells a role's path here. Whether it tells a tag does not matter then.
      Sid: 'BecomesMirroredAlone',
      Effect: 'Deny',
      Action: 'sts:AssumeRo*',
      NotResource: mirroredArn(place.drAccount, 'role'),
    },
    {
      // A tag cannot tell buckets apart, unless somebody has switched that on for each; nor hosted zones at all.
      Sid: 'DataStays',
      Effect: 'Deny',
      Action: [
        'cloudtrail:Delete*',
        'cloudtrail:Put*',
        'cloudtrail:Stop*',
        'cloudtrail:Update*',
        'kms:DeleteImportedKeyMaterial',
        'kms:Disable*',
        'kms:PutKeyPolicy',
        'kms:ScheduleKeyDeletion',
        'route53:Associate*',
        'route53:Change*',
        'route53:Delete*',
        'route53:Disassociate*',
        'route53:Update*',
        's3:BypassGovernanceRetention',
        's3:DeleteBucket*',
        's3:DeleteObjectVersion*',
        's3:PutAccountPublicAccessBlock',
        's3:PutBucket*',
        's3:PutObjectLegalHold',
        's3:PutObject*Acl',
        's3:Put*Configuration',
      ],
      Resource: '*',
    },
    stays('CopiesStay', TAG.sourceSnapshot),
    stays('FinalSnapshotsStay', TAG.finalOf),
    {
      Sid: 'CopiesStayHere',
      Effect: 'Deny',
      Action: [
        'ec2:*SnapshotAttribute',
        'ec2:*SnapshotBlockPublicAccess',
        'ec2:LockSnapshot',
        'ec2:UnlockSnapshot',
        'rbin:*',
      ],
      Resource: '*',
    },
    {
      Sid: 'MirrorStays',
      Effect: 'Deny',
      Action: CHANGES_OF_OURS,
      Resource: '*',
      Condition: tagged(TAG.sourceId),
    },
    {
      Sid: 'OurTagsAreOurs',
      Effect: 'Deny',
      Action: '*',
      Resource: '*',
      Condition: { 'ForAnyValue:StringLike': { 'aws:TagKeys': `${OUR_PREFIX}*` } },
    },
    {
      Sid: 'GoodRunsAreOurs',
      Effect: 'Deny',
      Action: 'cloudwatch:PutMetricData',
      Resource: '*',
      Condition: { StringEquals: { 'cloudwatch:namespace': HEARTBEAT.namespace } },
    },
  );
}
