import { LifeboatError } from '../errors';
import { cacheRoot } from './cache';
import { type Progress, silent } from './progress';
import { type Versions, versions } from './versions';
import { buildWay } from './ways/build';
import { isOnline } from './ways/download';
import { npmWay } from './ways/npm';
import { pathWay } from './ways/path';
import type { Outcome, Toolchain, WayContext } from './ways/way';

export type { Toolchain } from './ways/way';

/** Options of `toolchain`. */
export interface ToolchainOptions {
  /** The environment: PATH, HOME, PULUMI_HOME, LIFEBOAT_CACHE, LIFEBOAT_OFFLINE. Default: ours. */
  readonly env?: NodeJS.ProcessEnv;
  /** Default: none. */
  readonly progress?: Progress;
  /** Whether Pulumi's downloads can be reached. Default: asks. */
  readonly isOnline?: (env: NodeJS.ProcessEnv) => Promise<boolean>;
}

/**
 * Makes a Pulumi engine, its language host for Node and the AWS plugin available, by the first of three ways that
 * leads there: a pulumi on PATH with its plugin; the official npm package and the engine's own plugin download; a build
 * from Go modules, which takes minutes the first time and is cached.
 *
 * @throws LifeboatError that names the three ways, when none leads there
 */
export async function toolchain(options: ToolchainOptions = {}): Promise<Toolchain> {
  const env = options.env ?? process.env;
  let answer: Promise<boolean> | undefined;
  const context: WayContext = {
    env,
    versions: versions(),
    progress: options.progress ?? silent,
    cache: cacheRoot(env),
    isOnline: () => {
      answer ??= (options.isOnline ?? ((env) => isOnline(env)))(env);
      return answer;
    },
  };
  const missing: string[] = [];
  for (const way of [pathWay, npmWay, buildWay]) {
    const outcome: Outcome = await way(context);
    if ('way' in outcome) return { ...outcome, env: { ...lessMemory(env), ...outcome.env } };
    missing.push(outcome.missing);
  }
  throw noWay(context.versions, missing);
}

/**
 * Engine and plugin are Go programs, whose memory may double before it is collected unless they are told otherwise. With this it grows
 * by half. What the user has set counts.
 */
function lessMemory({ GOGC, GOMEMLIMIT }: NodeJS.ProcessEnv): Record<string, string> {
  return GOGC === undefined && GOMEMLIMIT === undefined ? { GOGC: '50' } : {};
}

function noWay(wanted: Versions, missing: readonly string[]): LifeboatError {
  return new LifeboatError({
    what: 'There is no Pulumi engine, and no way to get one',
    got: missing.join('; '),
    expected: [
      'one of three ways:',
      `(1) pulumi v${wanted.engine} or later on PATH, with its AWS plugin ${wanted.aws};`,
      `(2) the npm package pulumi ${wanted.engine}, which downloads the engine: needs the internet;`,
      '(3) a build from Go modules: needs Go on PATH and a Go module proxy in reach.',
    ].join('\n              '),
    next: 'install one of these (Go is the least), then: npm run toolchain',
  });
}
