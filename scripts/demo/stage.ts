import { execFileSync, spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { EC2Client } from '@aws-sdk/client-ec2';
import { KMSClient } from '@aws-sdk/client-kms';
import { S3Client } from '@aws-sdk/client-s3';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { LifeboatError } from '../../errors';
import { type Emulator, startEmulator } from '../../test/emulator/emulator';
import type { Progress } from '../../toolchain/progress';
import { toolchain } from '../../toolchain/toolchain';

/** The emulator's two accounts, as in the committed stack configs. */
export const SOURCE = { account: '111111111111', region: 'eu-west-1' } as const;
export const DR = { account: '222222222222', region: 'eu-central-1' } as const;

const REPOSITORY = resolve(__dirname, '../..');
const PROGRAMS = ['.', 'vault', 'source'] as const;

/** One of the three programs, by its directory. */
export type Program = (typeof PROGRAMS)[number];

/** A finished child process. */
export interface Finished {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** How a child process is run on a stage. */
export interface RunOptions {
  /** Credentials and region. Default: the DR account's root. */
  readonly env?: Readonly<Record<string, string>>;
  /** Whether its output goes to ours as well. Default: false. */
  readonly show?: boolean;
  /** Called with the process as soon as it runs, to kill it say. */
  readonly onStart?: (child: ReturnType<typeof spawn>) => void;
  /** Called with each piece of its output. */
  readonly onOutput?: (text: string) => void;
}

/**
 * Two emulated accounts, an engine, and the three programs in a directory of their own with copies of the committed stack
 * configs, so that nothing in the checkout changes. The state is a file backend in that directory.
 */
export class Stage {
  private constructor(
    readonly emulator: Emulator,
    readonly directory: string,
    private readonly engine: string,
    private readonly engineEnv: Readonly<Record<string, string>>,
  ) {}

  /**
   * Starts everything. What it started is stopped by `close`.
   *
   * @param options `behind`: seconds that AWS's clock starts behind ours. Default: 0
   */
  static async open(options: { progress?: Progress; behind?: number } = {}): Promise<Stage> {
    const directory = mkdtempSync(join(tmpdir(), 'lifeboat-'));
    const env = {
      PULUMI_HOME: join(directory, 'pulumi-home'),
      PULUMI_BACKEND_URL: `file://${join(directory, 'state')}`,
      PULUMI_CONFIG_PASSPHRASE: 'emulated',
    };
    for (const made of ['pulumi-home', 'state']) mkdirSync(join(directory, made));
    const engine = await toolchain({ env: { ...process.env, ...env }, progress: options.progress });
    for (const program of PROGRAMS) layOut(join(REPOSITORY, program), join(directory, program));
    const emulator = await startEmulator({ behind: options.behind });
    return new Stage(emulator, directory, engine.pulumi, { ...env, ...engine.env });
  }

  /** The environment of an account's root. */
  root(side: { account: string; region: string }): Record<string, string> {
    return this.emulator.env(side.account, side.region);
  }

  /** What a shell needs to be the DR account's root with this stage's state. */
  shell(): Record<string, string> {
    return { ...this.engineEnv, ...this.root(DR) };
  }

  /** The environment of a role of the DR account, with credentials of one hour. */
  async role(name: string): Promise<Record<string, string>> {
    const sts = new STSClient(this.client(DR));
    const RoleArn = `arn:aws:iam::${DR.account}:role/${name}`;
    const { Credentials } = await sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'stage' }));
    return {
      ...this.root(DR),
      AWS_ACCESS_KEY_ID: Credentials?.AccessKeyId ?? '',
      AWS_SECRET_ACCESS_KEY: Credentials?.SecretAccessKey ?? '',
      AWS_SESSION_TOKEN: Credentials?.SessionToken ?? '',
    };
  }

  /** The SDK's configuration for an account's root. */
  client(side: { account: string; region: string }) {
    const env = this.root(side);
    return {
      region: side.region,
      endpoint: this.emulator.url,
      credentials: {
        accessKeyId: env.AWS_ACCESS_KEY_ID ?? '',
        secretAccessKey: env.AWS_SECRET_ACCESS_KEY ?? '',
      },
    };
  }

  ec2(side: { account: string; region: string }): EC2Client {
    return new EC2Client(this.client(side));
  }

  kms(side: { account: string; region: string }): KMSClient {
    return new KMSClient(this.client(side));
  }

  s3(side: { account: string; region: string }): S3Client {
    return new S3Client(this.client(side));
  }

  /** Runs the engine in a directory of the stage, one of our programs' say. Does not throw for an exit code. */
  pulumi(program: string, args: readonly string[], options: RunOptions = {}): Promise<Finished> {
    return this.run(
      this.engine,
      [...args, '--cwd', join(this.directory, program), '--non-interactive'],
      options,
    );
  }

  /** Runs a command of ours on the stage's settings. Does not throw for an exit code. */
  lifeboat(args: readonly string[], options: RunOptions = {}): Promise<Finished> {
    const bin = join(REPOSITORY, 'scripts/lifeboat.mjs');
    return this.run(process.execPath, [bin, ...args, '--dir', this.directory], options);
  }

  /** Creates the stack of a program and brings it up; throws when that fails. */
  async up(program: Program, options: RunOptions = {}): Promise<Finished> {
    if ((await this.pulumi(program, ['stack', 'select', 'dr'], { ...options, show: false })).code !== 0)
      succeeded(await this.pulumi(program, ['stack', 'init', 'dr'], { ...options, show: false }));
    return succeeded(await this.pulumi(program, ['up', '--yes', '--skip-preview', '--stack', 'dr'], options));
  }

  /** Sets a value in the stage's copy of the root's stack config. */
  async config(key: string, value: string): Promise<void> {
    succeeded(await this.pulumi('.', ['config', 'set', `lifeboat:${key}`, value, '--stack', 'dr']));
  }

  /** Every call to the source account, and to its region, fails from now on. */
  async loseSource(): Promise<void> {
    await this.emulator.rules({ account: SOURCE.account, drop: true });
    await this.emulator.rules({ region: SOURCE.region, drop: true });
  }

  /** Stops the emulator, and removes the directory unless it is to be kept. */
  async close({ keep = false } = {}): Promise<void> {
    await this.emulator.stop();
    if (!keep) rmSync(this.directory, { recursive: true, force: true });
  }

  private run(command: string, args: readonly string[], options: RunOptions): Promise<Finished> {
    const { env = this.root(DR), show = false, onStart, onOutput } = options;
    return new Promise((done, failed) => {
      const child = spawn(command, args, {
        env: { ...process.env, ...this.engineEnv, ...env },
        cwd: this.directory,
        // A terminal of ours is the child's too, so that its progress bars are seen.
        stdio: ['ignore', 'pipe', show ? 'inherit' : 'pipe'],
      });
      onStart?.(child);
      let stdout = '';
      let stderr = '';
      child.stdout?.on('data', (data) => {
        stdout += data;
        onOutput?.(String(data));
        if (show) process.stdout.write(data);
      });
      child.stderr?.on('data', (data) => {
        stderr += data;
        onOutput?.(String(data));
      });
      child.on('error', failed);
      child.on('close', (code, signal) => done({ code: code ?? (signal ? 137 : 1), stdout, stderr }));
    });
  }
}

/** Passes on what ended well, and throws what did not, with its output. */
export function succeeded(finished: Finished): Finished {
  if (finished.code !== 0)
    throw new LifeboatError({
      what: 'A step failed',
      got: `exit code ${finished.code}\n${finished.stdout}${finished.stderr}`,
    });
  return finished;
}

/**
 * Ends a process and all that it has started at once, as a power cut would. The engine gives its plugins process groups of their
 * own, so they are found by their parents, and before any of them is gone.
 */
export function powerCut(child: ReturnType<typeof spawn> | undefined): void {
  if (!child?.pid || child.exitCode !== null || child.signalCode !== null) return;
  const processes = execFileSync('ps', ['-eo', 'pid=,ppid='], { encoding: 'utf8' })
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number));
  const doomed = [child.pid];
  for (const parent of doomed)
    for (const [pid, ppid] of processes) if (pid !== undefined && ppid === parent) doomed.push(pid);
  for (const pid of doomed) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch (error) {
      // It ended by itself meanwhile.
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  }
}

/** A program's directory with links to its code and copies of its YAML, which the engine writes to. */
function layOut(from: string, to: string): void {
  mkdirSync(to, { recursive: true });
  for (const entry of readdirSync(from)) {
    if (entry.startsWith('.') || (PROGRAMS as readonly string[]).includes(entry)) continue;
    if (/^Pulumi(\..+)?\.yaml$/.test(entry)) cpSync(join(from, entry), join(to, entry));
    else symlinkSync(join(from, entry), join(to, entry));
  }
}
