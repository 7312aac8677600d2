import * as sdk from '@aws-sdk/client-iam';

/** The provider of web identities that the estates of tests trust, by its URL. */
export const PROVIDER = 'token.example.com/tenant';

/** A principal or policy as both sides are compared: documents parsed, lists in order. */
export type Seen = Readonly<Record<string, unknown>>;

const parsed = (document: string | undefined): unknown => JSON.parse(decodeURIComponent(document ?? 'null'));
const inOrder = <T>(list: readonly T[]): T[] =>
  [...list].sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));

function rights(
  inline: readonly { PolicyName?: string; PolicyDocument?: string }[] = [],
  attached: readonly { PolicyArn?: string }[] = [],
): Seen {
  return {
    inline: Object.fromEntries(inline.map((each) => [each.PolicyName, parsed(each.PolicyDocument)])),
    attached: inOrder(attached.map(({ PolicyArn }) => PolicyArn)),
  };
}

const tagsOf = (tags: readonly { Key?: string; Value?: string }[] | undefined) =>
  Object.fromEntries(inOrder((tags ?? []).map(({ Key, Value }) => [Key, Value])));

/** All that IAM holds in an account but for what the vault and AWS made, by `role/name`. */
export async function readIdentity(iam: sdk.IAMClient): Promise<Record<string, Seen>> {
  const seen: Record<string, Seen> = {};
  const pages = sdk.paginateGetAccountAuthorizationDetails(
    { client: iam },
    { Filter: ['User', 'Role', 'Group', 'LocalManagedPolicy'] },
  );
  for await (const page of pages) {
    for (const user of page.UserDetailList ?? [])
      seen[`user/${user.UserName}`] = {
        path: user.Path,
        tags: tagsOf(user.Tags),
        boundary: user.PermissionsBoundary?.PermissionsBoundaryArn,
        groups: inOrder(user.GroupList ?? []),
        ...rights(user.UserPolicyList, user.AttachedManagedPolicies),
      };
    for (const group of page.GroupDetailList ?? [])
      seen[`group/${group.GroupName}`] = {
        path: group.Path,
        ...rights(group.GroupPolicyList, group.AttachedManagedPolicies),
      };
    for (const role of page.RoleDetailList ?? []) {
      const { Role } = await iam.send(new sdk.GetRoleCommand({ RoleName: role.RoleName }));
      seen[`role/${role.RoleName}`] = {
        path: role.Path,
        description: Role?.Description || undefined,
        maxSession: Role?.MaxSessionDuration,
        tags: tagsOf(role.Tags),
        boundary: role.PermissionsBoundary?.PermissionsBoundaryArn,
        trust: parsed(role.AssumeRolePolicyDocument),
        profiles: inOrder(
          (role.InstanceProfileList ?? []).map(
            ({ Path, InstanceProfileName }) => `${Path}${InstanceProfileName}`,
          ),
        ),
        ...rights(role.RolePolicyList, role.AttachedManagedPolicies),
      };
    }
    for (const policy of page.Policies ?? []) {
      const { Policy } = await iam.send(new sdk.GetPolicyCommand({ PolicyArn: policy.Arn }));
      seen[`policy/${policy.PolicyName}`] = {
        path: policy.Path,
        description: Policy?.Description || undefined,
        tags: tagsOf(Policy?.Tags),
        document: parsed(policy.PolicyVersionList?.find((version) => version.IsDefaultVersion)?.Document),
      };
    }
  }
  await readProviders(iam, seen);
  for (const name of Object.keys(seen)) if (name.includes('/lifeboat-')) delete seen[name];
  return Object.fromEntries(Object.entries(seen).sort(([a], [b]) => (a < b ? -1 : 1)));
}

async function readProviders(iam: sdk.IAMClient, seen: Record<string, Seen>): Promise<void> {
  const oidc = await iam.send(new sdk.ListOpenIDConnectProvidersCommand({}));
  for (const { Arn } of oidc.OpenIDConnectProviderList ?? []) {
    const found = await iam.send(new sdk.GetOpenIDConnectProviderCommand({ OpenIDConnectProviderArn: Arn }));
    seen[`oidc/${found.Url}`] = {
      clients: inOrder(found.ClientIDList ?? []),
      thumbprints: inOrder(found.ThumbprintList ?? []),
      tags: tagsOf(found.Tags),
    };
  }
  const saml = await iam.send(new sdk.ListSAMLProvidersCommand({}));
  for (const { Arn } of saml.SAMLProviderList ?? []) {
    const found = await iam.send(new sdk.GetSAMLProviderCommand({ SAMLProviderArn: Arn }));
    seen[`saml/${Arn?.split('/').at(-1)}`] = {
      metadata: found.SAMLMetadataDocument,
      tags: tagsOf(found.Tags),
    };
  }
  try {
    const { PasswordPolicy } = await iam.send(new sdk.GetAccountPasswordPolicyCommand({}));
    seen.passwords = { ...PasswordPolicy };
  } catch (error) {
    if ((error as Error).name !== 'NoSuchEntityException') throw error;
  }
}
