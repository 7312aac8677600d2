import { type ChildProcess, spawn } from 'node:child_process';
import { LifeboatError } from '../../errors';
import { emulatorPython } from './python';

/** A fault. The globs choose calls; exactly one effect says what happens to them. */
export interface FaultRule {
  /** Globs over the caller's account, the region, the signing service (`ec2`, `s3`) and the action (`Describe*`). Default: all. */
  account?: string;
  region?: string;
  service?: string;
  action?: string;
  /** Effect: an AWS error code, with an HTTP status (default 400) and a message. */
  error?: string;
  status?: number;
  message?: string;
  /** Effect: the connection is closed without an answer. */
  drop?: true;
  /** With `error` or `drop`: the call is carried out first, and only its answer is lost. */
  after?: boolean;
  /** Effect: silence for so many seconds, then the connection is closed; the call is not carried out. */
  hangSeconds?: number;
  /** Effect: the answer comes later. */
  latencyMs?: number;
  /** Effect: calls a second of the emulator's clock for each account and region; what is over that gets RequestLimitExceeded. */
  rate?: number;
  /** With `rate`: how many calls may come at once. Default: `rate`, at least 1. */
  burst?: number;
  /** Effect: the percentage at which a snapshot copy ends in `error`. */
  copyErrorAt?: number;
  /** How likely the rule acts on a call it matches, 0 to 1. Default 1. */
  probability?: number;
  /** How many calls it matches pass untouched first: with `times: 1`, only the call after those is hit. Default 0. */
  skip?: number;
  /** How often it acts before it is spent. Default: without end. */
  times?: number;
}

/** What can be set while the emulator runs. */
export interface EmulatorSettings {
  /** Rate of one snapshot copy in MiB per second of emulator time. Default 1024. */
  copyMiBps: number;
  /** Copies at once per account and destination region. Default 20, as AWS. */
  copyLimit: number;
  /** How long a snapshot of a volume stays pending, in seconds of emulator time. Default 0. */
  snapshotSeconds: number;
  /** How long a change of a CloudFront distribution takes to be deployed, in seconds of emulator time. Default 0. */
  distributionSeconds: number;
  /** How long S3 Replication takes for a version, in seconds of emulator time. Default 0. */
  replicationSeconds: number;
  /** How long a NAT gateway takes to be made, and to be deleted, in seconds of emulator time. Default 1. */
  natGatewaySeconds: number;
  /** How long an image is pending, in seconds of emulator time. Default 0. */
  imageSeconds: number;
  /** How long the status checks of a machine are initializing after its launch, in seconds of emulator time. Default 0. */
  statusSeconds: number;
  /** Whether images that are registered from now on end in `failed`. Default false. */
  failImages: boolean;
  /** Instance types of which there is no capacity left. A change replaces all of them. Default: none. */
  noCapacity: string[];
  /** What becomes of machines by their private addresses: it dies at launch, or is impaired once it runs. A change replaces all of them. Default: none. */
  launches: Record<string, 'dies' | 'impaired'>;
  /**
   * When ports of machines open, by private address and port, in seconds of emulator time after the launch; any other refuses. A change replaces
   * all of them. Default: none.
   */
  ports: Record<string, Record<string, number>>;
  /** How long a function of Lambda is pending, in seconds of emulator time. Default 1. */
  functionSeconds: number;
  /** How long a function's interface stays once the function is gone, in seconds of emulator time. Default 1200. */
  functionInterfaceSeconds: number;
  /** Whether the emulator's clock goes with the real one. Without, only `advance` moves it. Default true. */
  clockRuns: boolean;
  /** Added to each call. Default 0. */
  latencyMs: number;
  /** Whether users' and roles' policies are evaluated; the accounts' root keys may always do everything. Default false. */
  enforceIam: boolean;
  /**
   * Whether an image that is registered of a snapshot of a Windows, RHEL or SUSE machine bills as that machine did; AWS has done both.
   * Codes of the Marketplace come along always. Default false.
   */
  imagesKeepBilling: boolean;
  /**
   * Service quotas that differ from AWS's defaults: by code for every account (`{ 'L-F678F1CE': 20 }`, VPCs per region), or by
   * account and then code. What goes beyond a quota is refused with AWS's code. A change replaces all of them. Default: none.
   */
  quotas: Quotas;
  /**
   * IPv6 pools that an account has in a region, each with its range: those of IPAM (`ipam-pool-…`) and of one's own addresses
   * (`ipv6pool-ec2-…`). A change replaces all of them. Default: none.
   */
  ipv6Pools: Record<string, Record<string, string>>;
}

/** Values by quota code, or those by account number. */
export type Quotas = Record<string, number | Record<string, number>>;

/** What the emulator says of itself. */
export interface EmulatorState {
  /** How often each call came, under `<account>/<region>/<service>/<action>`. */
  calls: Record<string, number>;
  settings: EmulatorSettings;
  rules: FaultRule[];
  /** The emulator's time, ISO 8601. */
  now: string;
  /** What EventBridge Scheduler has carried out: which machines it ended, and why not others. */
  schedules: { name: string; ended: string[]; problems: string[] }[];
}

/** How often a user or role was allowed and denied each action while `enforceIam` was set. */
export interface Permissions {
  allowed: Record<string, number>;
  denied: Record<string, number>;
}

/** Whose bytes a snapshot holds, which AWS does not say: the first volume and snapshot, and what it was copied from. */
export interface Lineage {
  account: string;
  volume: string;
  snapshot: string;
  parent?: string | null;
  parent_region?: string;
}

/** What one policy did in a run of DLM. */
export interface DlmRun {
  policyId: string;
  account: string;
  region: string;
  created: string[];
  deleted: string[];
  sharedWith: string[];
  errors: string[];
}

/** A running emulator. */
export interface Emulator {
  /** `http://127.0.0.1:<port>`: the AWS_ENDPOINT_URL of every client. */
  readonly url: string;
  /** The environment in which SDKs, the CLI and the Pulumi provider are this account's root in this region, and nobody else. */
  env(account: string, region: string): Record<string, string>;
  /** Adds a fault. */
  rules(rule: FaultRule): Promise<void>;
  /** Removes all faults. */
  clearRules(): Promise<void>;
  /** Changes settings and returns all of them. */
  config(settings: Partial<EmulatorSettings>): Promise<EmulatorSettings>;
  /** Moves the emulator's clock forward. */
  advance(seconds: number): Promise<void>;
  /** Runs every enabled DLM policy of every account once. */
  runDlm(): Promise<DlmRun[]>;
  /** Makes the newest version of an object claim so many bytes, without holding them. */
  claimSize(bucket: string, key: string, bytes: number): Promise<void>;
  state(): Promise<EmulatorState>;
  /** What users and roles used of IAM's actions, by the user's or role's ARN. */
  permissions(): Promise<Record<string, Permissions>>;
  /** The lineage of every snapshot, by its id. */
  lineage(): Promise<Record<string, Lineage>>;
  /** Ends the emulator. Nothing of its accounts is kept. */
  stop(): Promise<void>;
}

/**
 * Starts an emulator on 127.0.0.1; `port` 0, the default, takes a free one.
 *
 * @param options `behind`: seconds that its clock starts behind the real one, so that `advance` leads up to now. Default: 0
 */
export async function startEmulator(options: { port?: number; behind?: number } = {}): Promise<Emulator> {
  const { port = 0, behind = 0 } = options;
  const python = await emulatorPython();
  // Standard input stays open as long as this process lives, however it ends; the child watches it.
  const args = ['--port', String(port), '--behind', String(behind), '--watch-stdin'];
  const child = spawn(python, ['-m', 'lifeboat_emulator', ...args], {
    env: { ...process.env, PYTHONPATH: __dirname, PYTHONUNBUFFERED: '1', LIFEBOAT_NODE: process.execPath },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const url = await ready(child, port);
  return connect(url, () => stop(child));
}

/** An emulator that runs already, such as one of `npm run emulator`. Its `stop` does nothing. */
export function connect(url: string, stop: () => Promise<void> = async () => {}): Emulator {
  async function call<T>(method: string, path: string, body?: unknown): Promise<T> {
    const response = await fetch(`${url}/_emulator/${path}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const answer = (await response.json()) as T & { message?: string };
    if (!response.ok) {
      throw new LifeboatError({
        what: `The emulator refused ${method} /_emulator/${path}`,
        got: answer.message,
      });
    }
    return answer;
  }
  return {
    url,
    env: (account, region) => environment(url, account, region),
    rules: async (rule) => {
      await call('POST', 'rules', rule);
    },
    clearRules: async () => {
      await call('DELETE', 'rules');
    },
    config: async (settings) =>
      (await call<{ settings: EmulatorSettings }>('POST', 'config', settings)).settings,
    advance: async (seconds) => {
      await call('POST', 'advance', { seconds });
    },
    runDlm: async () => (await call<{ policies: DlmRun[] }>('POST', 'dlm/run')).policies,
    claimSize: async (bucket, key, bytes) => {
      await call('POST', 's3/claim-size', { bucket, key, bytes });
    },
    state: () => call<EmulatorState>('GET', 'state'),
    permissions: () => call<Record<string, Permissions>>('GET', 'permissions'),
    lineage: () => call<Record<string, Lineage>>('GET', 'lineage'),
    stop,
  };
}

/** The access key that makes its bearer the account's root administrator. */
export function accessKey(account: string): string {
  return `AKIA${account}TEST`;
}

function environment(url: string, account: string, region: string): Record<string, string> {
  return {
    AWS_ENDPOINT_URL: url,
    AWS_ACCESS_KEY_ID: accessKey(account),
    AWS_SECRET_ACCESS_KEY: 'emulated',
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_EC2_METADATA_DISABLED: 'true',
    // Nothing of the user's own must leak in: an empty value and an absent file are what every SDK takes for "none".
    AWS_SESSION_TOKEN: '',
    AWS_PROFILE: '',
    AWS_DEFAULT_PROFILE: '',
    AWS_ROLE_ARN: '',
    AWS_WEB_IDENTITY_TOKEN_FILE: '',
    AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: '',
    AWS_CONTAINER_CREDENTIALS_FULL_URI: '',
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    // Go's SDK puts the account before the host for S3 Control, `222222222222.127.0.0.1`, which does not resolve. Go
    // sends such a host to the proxy, which is the emulator, and never sends loopback addresses there.
    HTTP_PROXY: url,
    NO_PROXY: '127.0.0.1,localhost',
    no_proxy: '127.0.0.1,localhost',
  };
}

function ready(child: ChildProcess, port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    let output = '';
    child.stdout?.on('data', (data) => {
      output += data;
      const url = /^ready (http:\/\/\S+)$/m.exec(output)?.[1];
      if (url !== undefined) resolve(url);
    });
    child.on('error', reject);
    child.on('exit', (status, signal) => {
      const next = port === 0 ? undefined : 'npm run emulator -- --port 0';
      const expected = 'a Python process that says "ready", and a port that nobody uses';
      reject(
        new LifeboatError({
          what: 'The emulator did not start',
          got: `exit ${signal ?? status}`,
          expected,
          next,
        }),
      );
    });
  });
}

function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    child.once('exit', () => resolve());
    child.kill('SIGTERM');
  });
}
