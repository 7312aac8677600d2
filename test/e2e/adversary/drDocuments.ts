import { CloudFrontClient, ListDistributionsCommand } from '@aws-sdk/client-cloudfront';
import {
  GetAccountPasswordPolicyCommand,
  GetLoginProfileCommand,
  IAMClient,
  ListOpenIDConnectProvidersCommand,
  ListSAMLProvidersCommand,
  paginateGetAccountAuthorizationDetails,
  paginateListAccessKeys,
} from '@aws-sdk/client-iam';
import {
  GetBucketLifecycleConfigurationCommand,
  GetBucketNotificationConfigurationCommand,
  GetBucketPolicyCommand,
  GetBucketReplicationCommand,
  GetBucketVersioningCommand,
  GetPublicAccessBlockCommand,
  ListBucketsCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import {
  GetTopicAttributesCommand,
  paginateListSubscriptions,
  paginateListTopics,
  SNSClient,
} from '@aws-sdk/client-sns';
import { DescribeParametersCommand, SSMClient } from '@aws-sdk/client-ssm';
import type { Policy } from '../../../vault/policyDocument';
import type { Config } from './way';

/** A role or user with all that bears on what it may do, and on who may become it. */
export interface Principal {
  readonly arn: string;
  /** Of a role. */
  readonly trust?: Policy;
  readonly boundary?: Policy;
  /** Its own, those attached to it, and those of its groups. */
  readonly policies: readonly Policy[];
  /** Of a user: how it could sign in. */
  readonly keys: number;
}

/** A bucket with all that bears on who reads it, and on how long its data lives. */
export interface Bucket {
  readonly policy?: Policy;
  readonly blocksPublic: boolean;
  readonly versioning?: string;
  readonly expires: boolean;
  readonly replicates: boolean;
  readonly notifies: boolean;
}

/** What DR's documents say, read through the SDK. */
export interface DrDocuments {
  /** By kind and name: `role/app`, whatever its path. */
  readonly principals: ReadonlyMap<string, Principal>;
  /** Groups by name, with their policies. */
  readonly groups: ReadonlyMap<string, { readonly arn: string; readonly policies: readonly Policy[] }>;
  readonly managed: ReadonlyMap<string, Policy>;
  /** ARNs of identity providers. */
  readonly providers: readonly string[];
  readonly passwordLength?: number;
  readonly buckets: ReadonlyMap<string, Bucket>;
  readonly topics: ReadonlyMap<string, Policy>;
  readonly subscriptions: readonly string[];
  /** By their comments. */
  readonly distributions: ReadonlyMap<
    string,
    { readonly isEnabled: boolean; readonly aliases: readonly string[] }
  >;
  /** Names of parameters. */
  readonly parameters: readonly string[];
}

const parsed = (text: string | undefined): Policy =>
  JSON.parse(decodeURIComponent(text ?? '{"Statement":[]}'));
const nameOf = (arn: string): string => `${arn.split(':')[5]?.split('/')[0]}/${arn.split('/').at(-1)}`;

/** Undefined where AWS says that there is none. */
async function ifAny<T>(asked: Promise<T>): Promise<T | undefined> {
  return asked.catch((error: Error) => {
    if (/^NoSuch|NotFound|NotFoundError$/.test(error.name)) return undefined;
    throw error;
  });
}

/** Reads all of it. */
export async function drDocuments(config: Config): Promise<DrDocuments> {
  const iam = new IAMClient(config as object);
  const [identity, buckets, topics, distributions, parameters] = await Promise.all([
    readIdentity(iam),
    readBuckets(config),
    readTopics(config),
    readDistributions(config),
    readParameters(config),
  ]);
  return { ...identity, buckets, ...topics, distributions, parameters };
}

async function readIdentity(iam: IAMClient) {
  const pages = [];
  for await (const page of paginateGetAccountAuthorizationDetails({ client: iam }, {})) pages.push(page);
  const managed = new Map(
    pages
      .flatMap(({ Policies = [] }) => Policies)
      .map(({ Arn = '', PolicyVersionList = [] }) => [
        Arn,
        parsed(PolicyVersionList.find(({ IsDefaultVersion }) => IsDefaultVersion)?.Document),
      ]),
  );
  type Held = { PolicyDocument?: string }[];
  const held = (inline: Held = [], attached: { PolicyArn?: string }[] = []): Policy[] => [
    ...inline.map(({ PolicyDocument }) => parsed(PolicyDocument)),
    ...attached.flatMap(({ PolicyArn = '' }) => managed.get(PolicyArn) ?? []),
  ];
  const groups = new Map(
    pages
      .flatMap(({ GroupDetailList = [] }) => GroupDetailList)
      .map(({ GroupName = '', Arn = '', GroupPolicyList, AttachedManagedPolicies }) => [
        GroupName,
        { arn: Arn, policies: held(GroupPolicyList, AttachedManagedPolicies) },
      ]),
  );
  const principals = new Map<string, Principal>();
  const boundaryOf = (found: { PermissionsBoundary?: { PermissionsBoundaryArn?: string } }) =>
    managed.get(found.PermissionsBoundary?.PermissionsBoundaryArn ?? '');
  for (const role of pages.flatMap(({ RoleDetailList = [] }) => RoleDetailList))
    principals.set(nameOf(role.Arn ?? ''), {
      arn: role.Arn ?? '',
      trust: parsed(role.AssumeRolePolicyDocument),
      boundary: boundaryOf(role),
      policies: held(role.RolePolicyList, role.AttachedManagedPolicies),
      keys: 0,
    });
  for (const user of pages.flatMap(({ UserDetailList = [] }) => UserDetailList)) {
    let keys = (await ifAny(iam.send(new GetLoginProfileCommand({ UserName: user.UserName })))) ? 1 : 0;
    for await (const page of paginateListAccessKeys({ client: iam }, { UserName: user.UserName }))
      keys += page.AccessKeyMetadata?.length ?? 0;
    principals.set(nameOf(user.Arn ?? ''), {
      arn: user.Arn ?? '',
      boundary: boundaryOf(user),
      policies: [
        ...held(user.UserPolicyList, user.AttachedManagedPolicies),
        ...(user.GroupList ?? []).flatMap((name) => groups.get(name)?.policies ?? []),
      ],
      keys,
    });
  }
  const { OpenIDConnectProviderList = [] } = await iam.send(new ListOpenIDConnectProvidersCommand({}));
  const { SAMLProviderList = [] } = await iam.send(new ListSAMLProvidersCommand({}));
  const password = await ifAny(iam.send(new GetAccountPasswordPolicyCommand({})));
  return {
    principals,
    groups,
    managed,
    providers: [...OpenIDConnectProviderList, ...SAMLProviderList].flatMap(({ Arn }) => Arn ?? []),
    passwordLength: password?.PasswordPolicy?.MinimumPasswordLength,
  };
}

async function readBuckets(config: Config): Promise<Map<string, Bucket>> {
  const s3 = new S3Client({ ...(config as object), forcePathStyle: true });
  const { Buckets = [] } = await s3.send(new ListBucketsCommand({}));
  const all = Buckets.map(async ({ Name: Bucket = '' }): Promise<[string, Bucket]> => {
    const [policy, block, versioning, lifecycle, replication, notification] = await Promise.all([
      ifAny(s3.send(new GetBucketPolicyCommand({ Bucket }))),
      ifAny(s3.send(new GetPublicAccessBlockCommand({ Bucket }))),
      s3.send(new GetBucketVersioningCommand({ Bucket })),
      ifAny(s3.send(new GetBucketLifecycleConfigurationCommand({ Bucket }))),
      ifAny(s3.send(new GetBucketReplicationCommand({ Bucket }))),
      s3.send(new GetBucketNotificationConfigurationCommand({ Bucket })),
    ]);
    const blocked = block?.PublicAccessBlockConfiguration;
    return [
      Bucket,
      {
        policy: policy?.Policy === undefined ? undefined : (JSON.parse(policy.Policy) as Policy),
        blocksPublic:
          !!blocked?.BlockPublicAcls &&
          !!blocked.BlockPublicPolicy &&
          !!blocked.IgnorePublicAcls &&
          !!blocked.RestrictPublicBuckets,
        versioning: versioning.Status,
        expires: (lifecycle?.Rules ?? []).length > 0,
        replicates: (replication?.ReplicationConfiguration?.Rules ?? []).length > 0,
        notifies: Object.keys(notification).some((key) => key.endsWith('Configurations')),
      },
    ];
  });
  return new Map(await Promise.all(all));
}

async function readTopics(config: Config) {
  const sns = new SNSClient(config as object);
  const topics = new Map<string, Policy>();
  const subscriptions: string[] = [];
  for await (const page of paginateListTopics({ client: sns }, {}))
    for (const { TopicArn = '' } of page.Topics ?? []) {
      const { Attributes = {} } = await sns.send(new GetTopicAttributesCommand({ TopicArn }));
      topics.set(TopicArn.split(':').at(-1) ?? '', JSON.parse(Attributes.Policy ?? '{"Statement":[]}'));
    }
  for await (const page of paginateListSubscriptions({ client: sns }, {}))
    subscriptions.push(...(page.Subscriptions ?? []).flatMap(({ Endpoint }) => Endpoint ?? []));
  return { topics, subscriptions };
}

async function readDistributions(config: Config): Promise<DrDocuments['distributions']> {
  const client = new CloudFrontClient({ ...(config as object), region: 'us-east-1' });
  const { DistributionList } = await client.send(new ListDistributionsCommand({}));
  return new Map(
    (DistributionList?.Items ?? []).map(({ Comment = '', Enabled = false, Aliases }) => [
      Comment,
      { isEnabled: Enabled, aliases: Aliases?.Items ?? [] },
    ]),
  );
}

async function readParameters(config: Config): Promise<string[]> {
  const { Parameters = [] } = await new SSMClient(config as object).send(new DescribeParametersCommand({}));
  return Parameters.flatMap(({ Name }) => Name ?? []);
}
