import {
  GetPolicyCommand,
  GetPolicyVersionCommand,
  GetRoleCommand,
  IAMClient,
  ListOpenIDConnectProvidersCommand,
} from '@aws-sdk/client-iam';
import {
  DescribeKeyCommand,
  KMSClient,
  ListResourceTagsCommand,
  paginateListKeys,
} from '@aws-sdk/client-kms';
import { Route53Client } from '@aws-sdk/client-route-53';
import { HeadBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { CLIENT_DEFAULTS, GLOBAL_REGION } from '../accounts';
import { LifeboatError } from '../errors';
import { vaultNames } from '../names';
import { existingDelegationSet } from './delegationSet';
import { context, POLICY_NAMES } from './place';
import { existingRetentionRule } from './recycleBin';
import { GITHUB_ISSUER } from './resourcePolicies';

/** Marks our keys, so that one whose alias was lost is found again. Its value is the alias. */
export const KEY_TAG = 'lifeboat:key';

/** What exists already: the import id of each resource, by its Pulumi name. */
export type Existing = Readonly<Record<string, string>>;

/** The clients that a look-up needs; tests give others. */
export interface LookUpClients {
  readonly iam: IAMClient;
  readonly kms: KMSClient;
  readonly s3: S3Client;
  readonly route53: Route53Client;
  /** The id of our rule in the Recycle Bin, which has no client. */
  readonly retentionRule: () => Promise<string | undefined>;
}

/** Clients for one account and region, by the credentials of the environment. */
export function lookUpClients(region: string): LookUpClients {
  const config = { region, ...CLIENT_DEFAULTS };
  const kms = new KMSClient(config);
  const retentionRule = () => existingRetentionRule(kms);
  const route53 = new Route53Client({ ...config, region: GLOBAL_REGION });
  return { iam: new IAMClient(config), kms, s3: new S3Client(config), route53, retentionRule };
}

/**
 * Looks up by their fixed names which parts of the vault are there, so that a run without its state adopts them.
 *
 * @param account id of the DR account, which STS has confirmed
 * @throws LifeboatError for a key that is about to be deleted, for a bucket of that name in other hands, and where the
 * account has the vault of another region
 */
export async function existingVault(
  account: string,
  region: string,
  clients: LookUpClients,
): Promise<Existing> {
  const names = vaultNames(account, region);
  await refuseAnotherVault(account, region, clients.iam);
  const policyNames = [names.boundary, names.mirroredBoundary, ...Object.values(POLICY_NAMES)];
  const roleNames = [
    names.previewRole,
    names.runRole,
    names.recoverRole,
    names.drillEndRole,
    names.probeRole,
  ];
  const found = await Promise.all([
    existingKey(clients.kms, names.keyAlias).then((key) => keyEntries('key', names.keyAlias, key)),
    existingKey(clients.kms, names.secretsKeyAlias).then((key) =>
      keyEntries('secrets-key', names.secretsKeyAlias, key),
    ),
    existingKey(clients.kms, names.dataKeyAlias).then((key) =>
      keyEntries('data-key', names.dataKeyAlias, key),
    ),
    ...[names.inventoryBucket, names.stateBucket].map((name) =>
      entry(name, bucketExists(clients.s3, name, region)),
    ),
    ...roleNames.map((name) => entry(`${name}-role`, roleExists(clients.iam, name), name)),
    ...policyNames.map((name) => {
      const arn = `arn:aws:iam::${account}:policy/${name}`;
      return entry(`${name}-policy`, policyExists(clients.iam, arn), arn);
    }),
    githubProvider(clients.iam).then((arn): [string, string][] =>
      arn === undefined ? [] : [['github', arn]],
    ),
    existingDelegationSet(clients.route53).then((id): [string, string][] =>
      id === undefined ? [] : [['delegation-set', id]],
    ),
    clients.retentionRule().then((id): [string, string][] => (id === undefined ? [] : [['recycle-bin', id]])),
  ]);
  return Object.fromEntries(found.flat());
}

/** IAM has no regions, so a second vault would take the roles of the first, and leave its mirror and copies to nobody. */
async function refuseAnotherVault(account: string, region: string, iam: IAMClient): Promise<void> {
  const { names, inventory } = context({ drAccount: account, drRegion: region });
  const PolicyArn = `arn:aws:iam::${account}:policy/${names.boundary}`;
  let document: string;
  try {
    const VersionId = (await iam.send(new GetPolicyCommand({ PolicyArn }))).Policy?.DefaultVersionId;
    const { PolicyVersion } = await iam.send(new GetPolicyVersionCommand({ PolicyArn, VersionId }));
    document = decodeURIComponent(PolicyVersion?.Document ?? '');
  } catch (error) {
    if (isMissing(error)) return;
    throw error;
  }
  if (document.includes(`"${inventory}"`)) return;
  throw new LifeboatError({
    what: 'This account already has a vault for another region',
    got: `${PolicyArn}, which guards ${/lifeboat-inventory-[\w-]+/.exec(document)?.[0] ?? 'something else'}`,
    expected: `one that guards ${names.inventoryBucket}: an account holds one vault, because its roles have fixed names`,
    next: 'use another DR account: npm run pulumi -- -C vault config set lifeboat-vault:drAccount ACCOUNT',
  });
}

async function entry(name: string, exists: Promise<boolean>, id = name): Promise<[string, string][]> {
  return (await exists) ? [[name, id]] : [];
}

/** A key as it was found. */
export interface ExistingKey {
  readonly id: string;
  /** Whether the alias leads to it; false for one that was found by its tag. */
  readonly aliased: boolean;
}

/** The import ids of a key and its alias. */
export function keyEntries(name: string, alias: string, key: ExistingKey | undefined): [string, string][] {
  if (key === undefined) return [];
  return [[name, key.id], ...(key.aliased ? [[`${name}-alias`, alias] as [string, string]] : [])];
}

/**
 * The key behind an alias, or the one that carries our tag of that alias: a run may have been killed between the two.
 *
 * @throws LifeboatError when the key is about to be deleted, and when several carry the tag
 */
export async function existingKey(kms: KMSClient, alias: string): Promise<ExistingKey | undefined> {
  const byAlias = await describeKey(kms, alias);
  if (byAlias !== undefined) return { id: usable(byAlias, alias), aliased: true };
  const tagged: string[] = [];
  for await (const page of paginateListKeys({ client: kms }, {})) {
    for (const { KeyId } of page.Keys ?? []) {
      if (KeyId === undefined || !(await carriesTag(kms, KeyId, alias))) continue;
      const key = await describeKey(kms, KeyId);
      if (key?.KeyState !== 'PendingDeletion') tagged.push(usable(key ?? {}, alias));
    }
  }
  if (tagged.length > 1) {
    throw new LifeboatError({
      what: `Several keys are tagged as ${alias}, and the alias leads to none`,
      got: tagged.join(', '),
      expected: 'one key',
      next: `aws kms create-alias --alias-name ${alias} --target-key-id <the right one>`,
    });
  }
  return tagged[0] === undefined ? undefined : { id: tagged[0], aliased: false };
}

async function describeKey(kms: KMSClient, KeyId: string) {
  try {
    return (await kms.send(new DescribeKeyCommand({ KeyId }))).KeyMetadata;
  } catch (error) {
    if (named(error, 'NotFoundException')) return undefined;
    throw error;
  }
}

function usable(key: { KeyId?: string; KeyState?: string }, alias: string): string {
  const { KeyId = '', KeyState } = key;
  if (KeyState === 'PendingDeletion' || KeyState === 'Disabled') {
    const pending = KeyState === 'PendingDeletion';
    throw new LifeboatError({
      what: `The key ${alias} is ${pending ? 'about to be deleted' : 'disabled'}; without it no copy can be read`,
      got: `${KeyId}, ${KeyState}`,
      expected: 'Enabled',
      next: pending
        ? `aws kms cancel-key-deletion --key-id ${KeyId}`
        : `aws kms enable-key --key-id ${KeyId}`,
    });
  }
  return KeyId;
}

async function carriesTag(kms: KMSClient, KeyId: string, alias: string): Promise<boolean> {
  try {
    // 50 tags at most on a key, and that is one page.
    const { Tags = [] } = await kms.send(new ListResourceTagsCommand({ KeyId }));
    return Tags.some((tag) => tag.TagKey === KEY_TAG && tag.TagValue === alias);
  } catch (error) {
    // A key whose own policy keeps administrators out is not one of ours.
    if (named(error, 'AccessDeniedException')) return false;
    throw error;
  }
}

async function bucketExists(s3: S3Client, Bucket: string, region: string): Promise<boolean> {
  try {
    await s3.send(new HeadBucketCommand({ Bucket }));
    return true;
  } catch (error) {
    const status = (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode;
    if (status === 404) return false;
    if (status !== 403 && status !== 301) throw error;
    throw new LifeboatError({
      what: `The bucket ${Bucket} is not this account's, or not in ${region}; bucket names are global in AWS`,
      got: `HTTP ${status}`,
      expected: 'a bucket of the DR account, or none',
      next: `aws s3api head-bucket --bucket ${Bucket}`,
      cause: error,
    });
  }
}

/** Whether a role exists. */
export async function roleExists(iam: IAMClient, RoleName: string): Promise<boolean> {
  return exists(iam.send(new GetRoleCommand({ RoleName })));
}

async function policyExists(iam: IAMClient, PolicyArn: string): Promise<boolean> {
  return exists(iam.send(new GetPolicyCommand({ PolicyArn })));
}

async function exists(answer: Promise<unknown>): Promise<boolean> {
  try {
    await answer;
    return true;
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}

function isMissing(error: unknown): boolean {
  return named(error, 'NoSuchEntity') || named(error, 'NoSuchEntityException');
}

async function githubProvider(iam: IAMClient): Promise<string | undefined> {
  const { OpenIDConnectProviderList = [] } = await iam.send(new ListOpenIDConnectProvidersCommand({}));
  return OpenIDConnectProviderList.map(({ Arn }) => Arn).find((arn) => arn?.endsWith(`/${GITHUB_ISSUER}`));
}

function named(error: unknown, name: string): boolean {
  return error instanceof Error && error.name === name;
}
