import type { TypeActions } from './writeActions';

/** Of what IAM holds, by Pulumi token. */
export const IDENTITY_ACTIONS: Readonly<Record<string, TypeActions>> = {
  'aws:iam/policy:Policy': {
    change: ['iam:CreatePolicy', 'iam:TagPolicy'],
    remove: ['iam:CreatePolicyVersion', 'iam:DeletePolicy', 'iam:DeletePolicyVersion', 'iam:UntagPolicy'],
    read: ['iam:GetPolicy', 'iam:GetPolicyVersion', 'iam:ListPolicyVersions'],
  },
  'aws:iam/role:Role': {
    change: ['iam:CreateRole', 'iam:TagRole'],
    remove: [
      'iam:DeleteRole',
      'iam:PutRolePermissionsBoundary',
      'iam:UntagRole',
      'iam:UpdateAssumeRolePolicy',
      'iam:UpdateRole',
      'iam:UpdateRoleDescription',
    ],
    read: [
      'iam:GetRole',
      'iam:ListAttachedRolePolicies',
      'iam:ListInstanceProfilesForRole',
      'iam:ListRolePolicies',
    ],
  },
  'aws:iam/rolePolicy:RolePolicy': {
    change: ['iam:PutRolePolicy'],
    remove: ['iam:DeleteRolePolicy'],
    read: ['iam:GetRolePolicy'],
  },
  'aws:iam/rolePolicyAttachment:RolePolicyAttachment': {
    change: ['iam:AttachRolePolicy'],
    remove: ['iam:DetachRolePolicy'],
    read: ['iam:ListAttachedRolePolicies'],
  },
  'aws:iam/instanceProfile:InstanceProfile': {
    change: ['iam:CreateInstanceProfile', 'iam:TagInstanceProfile'],
    remove: [
      'iam:AddRoleToInstanceProfile',
      'iam:DeleteInstanceProfile',
      'iam:RemoveRoleFromInstanceProfile',
      'iam:UntagInstanceProfile',
    ],
    read: ['iam:GetInstanceProfile'],
  },
  'aws:iam/group:Group': {
    change: ['iam:CreateGroup'],
    remove: ['iam:DeleteGroup', 'iam:UpdateGroup'],
    read: ['iam:GetGroup'],
  },
  'aws:iam/groupPolicy:GroupPolicy': {
    change: ['iam:PutGroupPolicy'],
    remove: ['iam:DeleteGroupPolicy'],
    read: ['iam:GetGroupPolicy'],
  },
  'aws:iam/groupPolicyAttachment:GroupPolicyAttachment': {
    change: ['iam:AttachGroupPolicy'],
    remove: ['iam:DetachGroupPolicy'],
    read: ['iam:ListAttachedGroupPolicies'],
  },
  'aws:iam/user:User': {
    change: ['iam:CreateUser', 'iam:TagUser'],
    remove: ['iam:DeleteUser', 'iam:PutUserPermissionsBoundary', 'iam:UntagUser', 'iam:UpdateUser'],
    read: ['iam:GetUser'],
  },
  'aws:iam/userPolicy:UserPolicy': {
    change: ['iam:PutUserPolicy'],
    remove: ['iam:DeleteUserPolicy'],
    read: ['iam:GetUserPolicy'],
  },
  'aws:iam/userPolicyAttachment:UserPolicyAttachment': {
    change: ['iam:AttachUserPolicy'],
    remove: ['iam:DetachUserPolicy'],
    read: ['iam:ListAttachedUserPolicies'],
  },
  'aws:iam/userGroupMembership:UserGroupMembership': {
    change: ['iam:AddUserToGroup'],
    remove: ['iam:RemoveUserFromGroup'],
    read: ['iam:ListGroupsForUser'],
  },
  'aws:iam/openIdConnectProvider:OpenIdConnectProvider': {
    change: ['iam:CreateOpenIDConnectProvider', 'iam:TagOpenIDConnectProvider'],
    remove: [
      'iam:AddClientIDToOpenIDConnectProvider',
      'iam:DeleteOpenIDConnectProvider',
      'iam:RemoveClientIDFromOpenIDConnectProvider',
      'iam:UntagOpenIDConnectProvider',
      'iam:UpdateOpenIDConnectProviderThumbprint',
    ],
    read: ['iam:GetOpenIDConnectProvider'],
  },
  'aws:iam/samlProvider:SamlProvider': {
    change: ['iam:CreateSAMLProvider', 'iam:TagSAMLProvider'],
    remove: ['iam:DeleteSAMLProvider', 'iam:UntagSAMLProvider', 'iam:UpdateSAMLProvider'],
    read: ['iam:GetSAMLProvider'],
  },
  'aws:iam/accountPasswordPolicy:AccountPasswordPolicy': {
    change: ['iam:UpdateAccountPasswordPolicy'],
    remove: ['iam:DeleteAccountPasswordPolicy'],
    read: ['iam:GetAccountPasswordPolicy'],
  },
};
