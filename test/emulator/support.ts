import { CloudFrontClient } from '@aws-sdk/client-cloudfront';
import { CloudTrailClient } from '@aws-sdk/client-cloudtrail';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { DLMClient } from '@aws-sdk/client-dlm';
import {
  CreateSecurityGroupCommand,
  CreateSnapshotCommand,
  CreateSubnetCommand,
  CreateVolumeCommand,
  type CreateVolumeCommandInput,
  CreateVpcCommand,
  DescribeSnapshotsCommand,
  EC2Client,
  ModifySnapshotAttributeCommand,
  RegisterImageCommand,
  type RegisterImageCommandInput,
  type ResourceType,
  type Snapshot,
} from '@aws-sdk/client-ec2';
import { IAMClient } from '@aws-sdk/client-iam';
import {
  CreateKeyCommand,
  type CreateKeyCommandInput,
  KMSClient,
  PutKeyPolicyCommand,
} from '@aws-sdk/client-kms';
import { S3Client } from '@aws-sdk/client-s3';
import { ServiceQuotasClient } from '@aws-sdk/client-service-quotas';
import { STSClient } from '@aws-sdk/client-sts';
import { accessKey, type Emulator, startEmulator } from './emulator';

/** The two regions most tests use. */
export const HERE = 'us-east-1';
export const THERE = 'eu-west-1';

/** Temporary credentials, as AssumeRole answers them. */
export interface Session {
  AccessKeyId?: string;
  SecretAccessKey?: string;
  SessionToken?: string;
}

let accounts = 0;

/** An account that no other test uses: what one test makes, no other sees. */
export function newAccount(): string {
  accounts += 1;
  return String(300_000_000_000 + process.pid * 1000 + accounts);
}

let shared: Promise<Emulator> | undefined;
after(async () => (await shared)?.stop());

/**
 * The emulator that all tests share, without faults and with its first settings again; call the function it returns
 * inside hooks and tests. Its clock only ever moves forward.
 */
export function useEmulator(): () => Emulator {
  let emulator: Emulator | undefined;
  before(async function () {
    // The first run on a machine installs moto.
    this.timeout(300_000);
    shared ??= startEmulator();
    emulator = await shared;
    await emulator.clearRules();
    await emulator.config({
      copyMiBps: 1024,
      copyLimit: 20,
      snapshotSeconds: 0,
      distributionSeconds: 0,
      replicationSeconds: 0,
      natGatewaySeconds: 1,
      ports: {},
      functionSeconds: 1,
      functionInterfaceSeconds: 1200,
      clockRuns: true,
      latencyMs: 0,
      enforceIam: false,
      imagesKeepBilling: false,
      quotas: {},
    });
  });
  return () => {
    if (emulator === undefined) throw new Error('the emulator is there only while tests run');
    return emulator;
  };
}

/** SDK clients of one account in one region, that try each call once. */
export class Clients {
  readonly config: {
    endpoint: string;
    region: string;
    credentials: { accessKeyId: string; secretAccessKey: string; sessionToken?: string };
    maxAttempts: number;
  };
  private readonly made = new Map<string, unknown>();

  constructor(
    url: string,
    account: string,
    readonly region: string,
    session?: Session,
  ) {
    const credentials = {
      accessKeyId: session?.AccessKeyId ?? accessKey(account),
      secretAccessKey: session?.SecretAccessKey ?? 'emulated',
      ...(session?.SessionToken === undefined ? {} : { sessionToken: session.SessionToken }),
    };
    this.config = { endpoint: url, region, credentials, maxAttempts: 1 };
  }

  /** The client of any service, by its class. */
  once<T>(Client: new (config: Clients['config']) => T): T {
    const client = (this.made.get(Client.name) as T | undefined) ?? new Client(this.config);
    this.made.set(Client.name, client);
    return client;
  }

  get ec2(): EC2Client {
    return this.once(EC2Client);
  }
  get kms(): KMSClient {
    return this.once(KMSClient);
  }
  get iam(): IAMClient {
    return this.once(IAMClient);
  }
  get s3(): S3Client {
    return this.once(S3Client);
  }
  get sts(): STSClient {
    return this.once(STSClient);
  }
  get dlm(): DLMClient {
    return this.once(DLMClient);
  }
  get cloudfront(): CloudFrontClient {
    return this.once(CloudFrontClient);
  }
  get cloudtrail(): CloudTrailClient {
    return this.once(CloudTrailClient);
  }
  get cloudwatch(): CloudWatchClient {
    return this.once(CloudWatchClient);
  }
  get quotas(): ServiceQuotasClient {
    return this.once(ServiceQuotasClient);
  }
}

/** The AWS error code a call is refused with, or `none`. */
export async function refusal(call: Promise<unknown>): Promise<string> {
  try {
    await call;
    return 'none';
  } catch (error) {
    return (error as Error).name;
  }
}

/** The message a call is refused with. */
export async function complaint(call: Promise<unknown>): Promise<string> {
  try {
    await call;
    return '';
  } catch (error) {
    return (error as Error).message;
  }
}

/** A value that must be there. */
export function must<T>(value: T | undefined | null): T {
  if (value === undefined || value === null)
    throw new Error('the answer lacks a value that AWS always gives');
  return value;
}

/** Tags in the form of a creating call. */
export function tagged(resource: ResourceType, tags: Record<string, string>) {
  return [{ ResourceType: resource, Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) }];
}

export async function newKey(clients: Clients, input: CreateKeyCommandInput = {}): Promise<string> {
  return must((await clients.kms.send(new CreateKeyCommand(input))).KeyMetadata?.Arn);
}

/** Lets another account use the key, as a source must before its encrypted snapshots can be copied. */
export async function openKey(clients: Clients, key: string, accounts: string[]): Promise<void> {
  const principals = accounts.map((account) => `arn:aws:iam::${account}:root`);
  const statement = { Effect: 'Allow', Principal: { AWS: principals }, Action: 'kms:*', Resource: '*' };
  const policy = JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
  await clients.kms.send(new PutKeyPolicyCommand({ KeyId: key, PolicyName: 'default', Policy: policy }));
}

export async function newVolume(
  clients: Clients,
  input: Partial<CreateVolumeCommandInput> = {},
): Promise<string> {
  const zone = `${clients.region}a`;
  const volume = new CreateVolumeCommand({ Size: 8, AvailabilityZone: zone, ...input });
  return must((await clients.ec2.send(volume)).VolumeId);
}

/** A completed snapshot of a new volume. */
export async function newSnapshot(
  clients: Clients,
  input: Partial<CreateVolumeCommandInput> = {},
): Promise<string> {
  const volume = await newVolume(clients, input);
  return must((await clients.ec2.send(new CreateSnapshotCommand({ VolumeId: volume }))).SnapshotId);
}

export async function share(clients: Clients, snapshot: string, account: string): Promise<void> {
  const change = { Add: [{ UserId: account }] };
  await clients.ec2.send(
    new ModifySnapshotAttributeCommand({ SnapshotId: snapshot, CreateVolumePermission: change }),
  );
}

export async function describeSnapshot(clients: Clients, id: string): Promise<Snapshot> {
  return must((await clients.ec2.send(new DescribeSnapshotsCommand({ SnapshotIds: [id] }))).Snapshots?.[0]);
}

export async function newVpc(clients: Clients, CidrBlock = '10.0.0.0/16', ipv6 = false): Promise<string> {
  const vpc = new CreateVpcCommand({ CidrBlock, AmazonProvidedIpv6CidrBlock: ipv6 });
  return must((await clients.ec2.send(vpc)).Vpc?.VpcId);
}

/** A VPC with one subnet in the region's first zone, and one security group. */
export async function newNetwork(clients: Clients): Promise<{ vpc: string; subnet: string; group: string }> {
  const zone = `${clients.region}a`;
  const vpc = must((await clients.ec2.send(new CreateVpcCommand({ CidrBlock: '10.0.0.0/16' }))).Vpc?.VpcId);
  const subnet = new CreateSubnetCommand({ VpcId: vpc, CidrBlock: '10.0.1.0/24', AvailabilityZone: zone });
  const group = new CreateSecurityGroupCommand({ VpcId: vpc, GroupName: 'app', Description: 'app' });
  return {
    vpc,
    subnet: must((await clients.ec2.send(subnet)).Subnet?.SubnetId),
    group: must((await clients.ec2.send(group)).GroupId),
  };
}

let images = 0;

/** An image of the given root snapshot that current instance types can run. */
export async function newImage(
  clients: Clients,
  snapshot: string,
  input: Partial<RegisterImageCommandInput> = {},
): Promise<string> {
  images += 1;
  const image = new RegisterImageCommand({
    Name: `image ${images}`,
    Architecture: 'x86_64',
    VirtualizationType: 'hvm',
    EnaSupport: true,
    RootDeviceName: '/dev/xvda',
    BlockDeviceMappings: [{ DeviceName: '/dev/xvda', Ebs: { SnapshotId: snapshot, VolumeType: 'gp3' } }],
    ...input,
  });
  return must((await clients.ec2.send(image)).ImageId);
}
