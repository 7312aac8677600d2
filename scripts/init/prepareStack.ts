import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { LifeboatError } from '../../errors';
import type { CommonArgs, Deps, PulumiRun } from '../command';
import type { Backend } from './backend';
import type { ConfigFile } from './configFile';

interface Preparation {
  readonly args: CommonArgs;
  readonly deps: Deps;
  readonly file: ConfigFile;
  readonly backend: Backend;
  /** Full keys to values, checked. */
  readonly settings: Readonly<Record<string, string>>;
}

/**
 * Logs the engine in to the vault's state bucket, makes the stack and writes its settings. What is so already is left alone.
 *
 * @returns what was changed, in words; empty when nothing was
 * @throws LifeboatError when the engine refuses a step, and when the stack keeps its secrets elsewhere
 */
export async function prepareStack({ args, deps, file, backend, settings }: Preparation): Promise<string[]> {
  const { stack } = args;
  const cwd = path.resolve(args.dir);
  const engine = async (title: string, command: readonly string[]): Promise<PulumiRun> => {
    const run = await deps.pulumi([...command, '--non-interactive'], { cwd, capture: true });
    if (run.code !== 0) {
      throw new LifeboatError({
        what: `The engine could not ${title}`,
        got: `pulumi ${command.join(' ')}: exit code ${run.code}, and the message above`,
        next: `npx lifeboat init --stack ${stack}`,
      });
    }
    return run;
  };
  const changed: string[] = [];

  if (currentBackend(deps) !== backend.url) {
    deps.stderr.write(`signing Pulumi in to ${backend.url}\n`);
    await engine('sign in to the state bucket', ['login', backend.url]);
    changed.push('the backend that Pulumi is signed in to');
  }

  const { stdout } = await engine('list the stacks', ['stack', 'ls', '--json']);
  const stacks = (JSON.parse(stdout) as { name: string }[]).map(({ name }) => name);
  const isThere = stacks.some((name) => name.split('/').at(-1) === stack.split('/').at(-1));
  const isElsewhere =
    file.hasPassphrase || (file.secretsProvider ?? backend.secretsProvider) !== backend.secretsProvider;
  if (isElsewhere || (isThere && file.secretsProvider === undefined)) {
    throw new LifeboatError({
      what: isElsewhere
        ? `The stack ${stack} keeps its secrets elsewhere`
        : `The stack ${stack} is there, but its file does not say how its secrets are kept`,
      got: `${file.secretsProvider ?? (file.hasPassphrase ? 'a passphrase' : 'nothing')} in ${file.path}`,
      expected: backend.secretsProvider,
      next: isElsewhere
        ? `npm run pulumi -- stack change-secrets-provider "${backend.secretsProvider}" --stack ${stack}`
        : `restore ${file.path} as it was committed, with its lines secretsprovider and encryptedkey`,
    });
  }
  if (!isThere) {
    deps.stderr.write(`making the stack ${stack}\n`);
    await engine('make the stack', ['stack', 'init', stack, '--secrets-provider', backend.secretsProvider]);
    changed.push(`the stack ${stack}`);
  }

  const different = Object.entries(settings).filter(([key, value]) => file.config[key] !== value);
  if (different.length > 0) {
    const pairs = different.flatMap(([key, value]) => ['--plaintext', `${key}=${value}`]);
    await engine('write the settings', ['config', 'set-all', '--stack', stack, ...pairs]);
    changed.push(...different.map(([key]) => key));
  }
  if (!file.hasNoDefaultProvider) {
    const key = 'pulumi:disable-default-providers';
    await engine('write the settings', ['config', 'set', '--stack', stack, '--path', `${key}[0]`, 'aws']);
    changed.push(key);
  }
  return changed;
}

/**
 * Where the engine is signed in to, by its own file: asking the engine when it is signed in to nothing is an error.
 * Undefined when nowhere, or when the file is not as expected.
 */
function currentBackend({ env }: Deps): string | undefined {
  if (env.PULUMI_BACKEND_URL) return env.PULUMI_BACKEND_URL;
  const home = env.PULUMI_HOME || path.join(homedir(), '.pulumi');
  try {
    return (JSON.parse(readFileSync(path.join(home, 'credentials.json'), 'utf8')) as { current?: string })
      .current;
  } catch {
    return undefined;
  }
}
