import { EC2Client, type EC2ClientConfig } from '@aws-sdk/client-ec2';
import {
  AWSOrganizationsNotInUseException,
  DescribeOrganizationCommand,
  OrganizationsClient,
} from '@aws-sdk/client-organizations';
import { S3Client, type S3ClientConfig } from '@aws-sdk/client-s3';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { fromTemporaryCredentials } from '@aws-sdk/credential-providers';
import { LifeboatError } from './errors';
import type { Settings } from './settings';

/** One side: an account that STS has confirmed, a region, and the clients to talk to it. */
export interface Account {
  readonly id: string;
  readonly region: string;
  readonly ec2: EC2Client;
  readonly s3: S3Client;
  /**
   * The client of another service, made when it is first asked for: `account.client(SSMClient)`.
   *
   * @param region the region that is asked. Default: the account's. `GLOBAL_REGION` for IAM, CloudFront and Route 53
   */
  client<C>(Service: ServiceClient<C>, region?: string): C;
  /** The same account by clients that are made otherwise. */
  with(options: ClientConfig): Account;
  /** The same account in another region: shared snapshots are looked up and copied from where they lie. */
  in(region: string): Account;
}

/** The class of an SDK client. */
// biome-ignore lint/suspicious/noExplicitAny: each client's configuration has a type of its own.
export type ServiceClient<C> = new (config: any) => C;

/** Where the control planes of the services live that have no regions: nothing that is changed there waits for another region. */
export const GLOBAL_REGION = 'us-east-1';

/** What clients are made with beside `CLIENT_DEFAULTS`, which it overrides: credentials, or an emulator's endpoint. */
export interface ClientConfig {
  readonly credentials?: EC2ClientConfig['credentials'];
  readonly endpoint?: string;
  readonly maxAttempts?: number;
  readonly requestHandler?: object;
  readonly forcePathStyle?: boolean;
}

/**
 * What every SDK client is made with. The adaptive mode slows down when AWS throttles; eight attempts ride out a burst;
 * a call that hangs ends, because a look-up must fail rather than stand still.
 */
export const CLIENT_DEFAULTS = {
  retryMode: 'adaptive',
  maxAttempts: 8,
  requestHandler: { connectionTimeout: 5_000, requestTimeout: 60_000, throwOnRequestTimeout: true },
} as const;

/** What EC2's clients are made with: a look-up makes hundreds of calls, and the SDK puts its steps in order anew for each unless told not to. */
export const EC2_DEFAULTS = { ...CLIENT_DEFAULTS, cacheMiddleware: true } as const;

/** An account as it is said to be, with clients for one region of it. `drAccount` and `sourceAccount` have STS confirm it. */
export function accountOf(id: string, region: string, options: ClientConfig = {}): Account {
  const config = { region, ...CLIENT_DEFAULTS, ...options } as EC2ClientConfig;
  const made = new Map<string, unknown>();
  return {
    id,
    region,
    ec2: new EC2Client({ ...config, ...EC2_DEFAULTS }),
    s3: new S3Client(config as S3ClientConfig),
    client<C>(Service: ServiceClient<C>, asked = region): C {
      const name = `${Service.name} ${asked}`;
      const client = made.get(name) ?? new Service({ ...config, region: asked });
      made.set(name, client);
      return client as C;
    },
    with: (more) => accountOf(id, region, { ...options, ...more }),
    in: (other) => accountOf(id, other, options),
  };
}

async function confirmed(expected: {
  id: string;
  region: string;
  side: 'source' | 'DR';
  credentials?: ClientConfig['credentials'];
  next: string;
}): Promise<Account> {
  const { id, region, side, credentials, next } = expected;
  const sts = new STSClient({ region, ...CLIENT_DEFAULTS, ...(credentials && { credentials }) });
  let answer: string | undefined;
  try {
    answer = (await sts.send(new GetCallerIdentityCommand({}))).Account;
  } catch (cause) {
    throw new LifeboatError({
      what: `The ${side} account could not be reached in ${region}`,
      expected: `credentials for ${id}, and a region that exists`,
      next,
      cause,
    });
  } finally {
    sts.destroy();
  }
  if (answer !== id) {
    throw new LifeboatError({
      what: `These credentials are not the ${side} account's`,
      got: answer ?? 'no account',
      expected: id,
      next,
    });
  }
  return accountOf(id, region, credentials && { credentials });
}

/**
 * The DR account, by the credentials of the environment, confirmed by STS.
 *
 * @throws LifeboatError when STS does not answer, or answers with another account
 */
export function drAccount(settings: Pick<Settings, 'drAccount' | 'drRegion'>): Promise<Account> {
  return confirmed({
    id: settings.drAccount,
    region: settings.drRegion,
    side: 'DR',
    next: `sign in to ${settings.drAccount} (AWS_PROFILE or the role's variables), then: aws sts get-caller-identity`,
  });
}

/**
 * The source account through the reader role, confirmed by STS. Credentials are short-lived and come only from that role:
 * when it cannot be assumed this throws, and nothing else is tried.
 *
 * @throws LifeboatError when the role cannot be assumed or is another account's
 */
export function sourceAccount(
  settings: Pick<Settings, 'sourceAccount' | 'sourceRegion' | 'sourceRole' | 'externalId' | 'drRegion'>,
): Promise<Account> {
  const credentials = fromTemporaryCredentials({
    params: { RoleArn: settings.sourceRole, ExternalId: settings.externalId, RoleSessionName: 'lifeboat' },
    // The role is asked for in the DR region, where the caller's own STS is sure to be when the source's region is not.
    clientConfig: { region: settings.drRegion, ...CLIENT_DEFAULTS },
  });
  return confirmed({
    id: settings.sourceAccount,
    region: settings.sourceRegion,
    side: 'source',
    credentials,
    next: `check the role ${settings.sourceRole} and its external id; to go on without the source: npm run pulumi -- config set lifeboat:inventory saved`,
  });
}

/**
 * The source account by its owner's own credentials, for what only its owner may do (`tag-volumes`).
 *
 * @throws LifeboatError when STS does not answer, or answers with another account
 */
export function sourceOwner(settings: Pick<Settings, 'sourceAccount' | 'sourceRegion'>): Promise<Account> {
  return confirmed({
    id: settings.sourceAccount,
    region: settings.sourceRegion,
    side: 'source',
    next: `sign in to ${settings.sourceAccount} (AWS_PROFILE or the role's variables), then: aws sts get-caller-identity`,
  });
}

/**
 * Refuses a source that is the management account of DR's organization: whoever holds its keys owns DR anyway.
 *
 * Asked with DR's credentials, since any member account may ask who manages it.
 *
 * @throws LifeboatError when the source manages the organization, and when that cannot be found out
 */
export async function refuseManagementAccount(
  settings: Pick<Settings, 'sourceAccount' | 'drAccount' | 'drRegion'>,
): Promise<void> {
  const client = new OrganizationsClient({ region: settings.drRegion, ...CLIENT_DEFAULTS });
  let management: string | undefined;
  try {
    const { Organization } = await client.send(new DescribeOrganizationCommand({}));
    management = Organization?.MasterAccountId;
    if (management === undefined)
      throw new Error('AWS answered an organization without its management account');
  } catch (cause) {
    if (cause instanceof AWSOrganizationsNotInUseException) return;
    throw new LifeboatError({
      what: 'Whether the source manages the organization of the DR account could not be found out',
      expected: 'organizations:DescribeOrganization, with the credentials of DR',
      next: 'aws organizations describe-organization',
      cause,
    });
  } finally {
    client.destroy();
  }
  if (management === settings.sourceAccount) {
    throw new LifeboatError({
      what: "The source is the management account of the DR account's organization",
      got: settings.sourceAccount,
      expected:
        'a DR account outside of that organization: the management account can enter every member, DR too',
      next: 'create a DR account that stands alone, and run vault/ there',
    });
  }
}
