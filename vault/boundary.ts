import { HEARTBEAT, TAG } from '../names';
import { drillEndRoleArn } from './drillPolicy';
import { context, mirroredArn, mirroredBoundaryArn, type VaultPlace } from './place';
import { type Policy, policy, type Statement, tagged } from './policyDocument';
import { probeRoleArn } from './probePolicy';
import { GITHUB_ISSUER } from './resourcePolicies';

/** No snapshot with a tag ends, or loses a tag. The recover role's own policies hold no right to. */
function dataStays(Sid: string, tag: string, recoverRole: string): Statement {
  return {
    Sid,
    Effect: 'Deny',
    Action: ['ec2:DeleteSnapshot', 'ec2:DeleteTags', 'ec2:ModifySnapshotTier', 'ec2:UnlockSnapshot'],
    Resource: '*',
    Condition: { ...tagged(tag), ArnNotEquals: { 'aws:PrincipalArn': recoverRole } },
  };
}

/**
 * The permissions boundary of the vault's three roles: what none of them may exceed, whatever its policies say. A boundary grants
 * nothing; the star in it is the ceiling that the denials cut into. Mirrored principals have one of their own, see mirroredBoundary.ts.
 */
export function boundaryPolicy(place: VaultPlace): Policy {
  const { names, roles, inventory, state, alarms } = context(place);
  const mirrored = (...types: string[]) => types.map((type) => mirroredArn(place.drAccount, type));
  const provider = `arn:aws:iam::${place.drAccount}:oidc-provider/${GITHUB_ISSUER}`;
  const ourRoles = Object.values(roles);
  const notOurRoles = { ArnNotEquals: { 'aws:PrincipalArn': ourRoles } };
  const vaultKeys = {
    'ForAnyValue:StringEquals': { 'kms:ResourceAliases': [names.keyAlias, names.secretsKeyAlias] },
  };
  return policy(
    { Sid: 'Ceiling', Effect: 'Allow', Action: '*', Resource: '*' },
    {
      Sid: 'BucketsStay',
      Effect: 'Deny',
      Action: [
        's3:BypassGovernanceRetention',
        's3:DeleteBucket*',
        's3:DeleteObjectVersion*',
        's3:PutAccountPublicAccessBlock',
        's3:PutBucket*',
        's3:PutEncryptionConfiguration',
        's3:PutLifecycleConfiguration',
        's3:PutObjectAcl',
        's3:PutObjectVersionAcl',
        's3:PutReplicationConfiguration',
      ],
      Resource: [inventory, state, `${inventory}/*`, `${state}/*`],
    },
    {
      Sid: 'BucketsAreOurs',
      Effect: 'Deny',
      Action: 's3:*',
      Resource: [inventory, state, `${inventory}/*`, `${state}/*`],
      Condition: notOurRoles,
    },
    {
      Sid: 'KeysStay',
      Effect: 'Deny',
      Action: [
        'kms:DeleteAlias',
        'kms:DeleteImportedKeyMaterial',
        'kms:Disable*',
        'kms:PutKeyPolicy',
        'kms:RevokeGrant',
        'kms:ScheduleKeyDeletion',
        'kms:UpdateAlias',
        'kms:UpdatePrimaryRegion',
      ],
      Resource: '*',
    },
    {
      Sid: 'KeysAreOurs',
      Effect: 'Deny',
      Action: 'kms:*',
      Resource: '*',
      Condition: { ...vaultKeys, ...notOurRoles },
    },
    {
      // Neither changed nor passed nor assumed: preview cannot become run, nor run recover.
      Sid: 'NotOurselves',
      Effect: 'Deny',
      NotAction: ['iam:Get*', 'iam:List*'],
      Resource: [
        ...ourRoles,
        `arn:aws:iam::${place.drAccount}:policy/lifeboat-*`,
        ...(place.githubRepository === undefined ? [] : [provider]),
      ],
    },
    {
      Sid: 'NobodyUnbounded',
      Effect: 'Deny',
      Action: [
        'iam:AttachRolePolicy',
        'iam:AttachUserPolicy',
        'iam:CreateRole',
        'iam:CreateUser',
        'iam:DeleteRolePolicy',
        'iam:DeleteUserPolicy',
        'iam:DetachRolePolicy',
        'iam:DetachUserPolicy',
        'iam:PutRolePermissionsBoundary',
        'iam:PutRolePolicy',
        'iam:PutUserPermissionsBoundary',
        'iam:PutUserPolicy',
      ],
      Resource: '*',
      Condition: { StringNotEquals: { 'iam:PermissionsBoundary': mirroredBoundaryArn(place) } },
    },
    {
      // What is mirrored has a path of its own, which nobody can give to what is there already.
      Sid: 'OnlyMirroredPrincipals',
      Effect: 'Deny',
      Action: [
        'iam:*Group',
        'iam:*GroupPolicy',
        'iam:CreatePolicy*',
        'iam:CreateRole',
        'iam:CreateUser',
        'iam:DeletePolicy*',
        'iam:DeleteRole',
        'iam:DeleteUser',
        'iam:SetDefaultPolicyVersion',
        'iam:UpdateAssumeRolePolicy',
        'iam:UpdateRole*',
        'iam:UpdateUser',
      ],
      NotResource: mirrored('role', 'user', 'group', 'policy'),
    },
    {
      // Of the vault's own roles those of the ends of drills and of probes alone, which can do nothing else.
      Sid: 'OnlyMirroredRolesArePassed',
      Effect: 'Deny',
      Action: 'iam:PassRole',
      NotResource: [...mirrored('role'), drillEndRoleArn(place), probeRoleArn(place)],
    },
    {
      Sid: 'NoNewDoors',
      Effect: 'Deny',
      Action: [
        'account:*',
        'iam:CreateAccessKey',
        'iam:CreateLoginProfile',
        'iam:CreateServiceSpecificCredential',
        'iam:DeleteRolePermissionsBoundary',
        'iam:DeleteUserPermissionsBoundary',
        'iam:ResetServiceSpecificCredential',
        'iam:UpdateLoginProfile',
        'iam:UploadS*',
        'organizations:Accept*',
        'organizations:Invite*',
        'organizations:LeaveOrganization',
      ],
      Resource: '*',
    },
    {
      // All but what looks: Get and List, and what only tells.
      Sid: 'PreviewOpensNothing',
      Effect: 'Deny',
      Action: ['iam:A*', 'iam:C*', 'iam:D*', 'iam:P*', 'iam:R*', 'iam:S*', 'iam:T*', 'iam:U*'],
      Resource: '*',
      Condition: { ArnEquals: { 'aws:PrincipalArn': roles.preview } },
    },
    dataStays('CopiesStay', TAG.sourceSnapshot, roles.recover),
    dataStays('FinalSnapshotsStay', TAG.finalOf, roles.recover),
    {
      Sid: 'CopiesStayHere',
      Effect: 'Deny',
      Action: [
        'ec2:*SnapshotBlockPublicAccess',
        'ec2:ModifySnapshotAttribute',
        'ec2:ResetSnapshotAttribute',
        'rbin:DeleteRule',
        'rbin:UnlockRule',
        'rbin:UpdateRule',
      ],
      Resource: '*',
    },
    {
      Sid: 'AlarmsStay',
      Effect: 'Deny',
      Action: [
        'cloudwatch:DeleteAlarms',
        'cloudwatch:DisableAlarmActions',
        'cloudwatch:Put*',
        'cloudwatch:SetAlarmState',
        'cloudwatch:TagResource',
        'cloudwatch:UntagResource',
        'events:*',
        // All but looks: the mirror's look-up sees every alarm and every topic.
        'sns:AddPermission',
        'sns:ConfirmSubscription',
        'sns:Delete*',
        'sns:Publish',
        'sns:Put*',
        'sns:RemovePermission',
        'sns:Set*',
        'sns:Subscribe',
        'sns:TagResource',
        'sns:UntagResource',
      ],
      Resource: alarms,
    },
    {
      // A good run is said by a role of ours, or it silences the alarm of a missing one.
      Sid: 'GoodRunsAreOurs',
      Effect: 'Deny',
      Action: 'cloudwatch:PutMetricData',
      Resource: '*',
      Condition: { StringEquals: { 'cloudwatch:namespace': HEARTBEAT.namespace }, ...notOurRoles },
    },
  );
}
