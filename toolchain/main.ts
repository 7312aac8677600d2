import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { pluginPath } from './plugin';
import { elapsed, type ProgressStream, progress } from './progress';
import { type Toolchain, type ToolchainOptions, toolchain } from './toolchain';
import { versions } from './versions';

const usage = `Usage: npm run toolchain [-- --json]

Makes a Pulumi engine and the AWS plugin available: from PATH, by the npm package pulumi, or by a build from Go modules,
whichever comes first. What is built is cached; the second run takes no time.

  --json  the result as JSON
  --help  this text

LIFEBOAT_CACHE    where built parts are kept. Default: $XDG_CACHE_HOME/lifeboat, else ~/.cache/lifeboat
LIFEBOAT_OFFLINE  any value: download nothing from Pulumi
PULUMI_HOME       as for the engine
`;

/** What the command needs of the world; tests give their own. */
export interface MainDeps {
  readonly stdout: { write(text: string): unknown };
  readonly stderr: ProgressStream;
  readonly env: NodeJS.ProcessEnv;
  /** Default: the real one. */
  readonly toolchain?: (options: ToolchainOptions) => Promise<Toolchain>;
}

/** `npm run toolchain`. Returns the exit code: 0, 1 when there is no toolchain, 2 for a wrong command line. */
export async function main(argv: readonly string[], deps: MainDeps): Promise<number> {
  let flags: { json?: boolean; help?: boolean };
  try {
    const options = { json: { type: 'boolean' }, help: { type: 'boolean' } } as const;
    flags = parseArgs({ args: [...argv], options }).values;
  } catch (error) {
    deps.stderr.write(`${error instanceof Error ? error.message : error}\n\n${usage}`);
    return 2;
  }
  if (flags.help) {
    deps.stdout.write(usage);
    return 0;
  }
  const start = Date.now();
  try {
    const { env } = deps;
    const found = await (deps.toolchain ?? toolchain)({ env, progress: progress(deps.stderr) });
    deps.stdout.write(
      flags.json ? asJson(found, env, Date.now() - start) : asText(found, env, Date.now() - start),
    );
    return 0;
  } catch (error) {
    deps.stderr.write(`${error instanceof Error ? error.message : error}\n`);
    return 1;
  }
}

function asJson(found: Toolchain, env: NodeJS.ProcessEnv, ms: number): string {
  const wanted = versions();
  const plugin = installed(env, wanted.aws);
  return `${JSON.stringify({ ...found, versions: wanted, plugin, seconds: ms / 1000 }, undefined, 2)}\n`;
}

function asText(found: Toolchain, env: NodeJS.ProcessEnv, ms: number): string {
  const wanted = versions();
  const ways = {
    path: `found on PATH (v${wanted.engine} or later)`,
    npm: `v${wanted.engine}, downloaded by the npm package pulumi`,
    build: `v${wanted.engine}, built from Go modules`,
  };
  const built = found.built.length > 0 ? `built now: ${found.built.join(', ')}` : 'nothing to build';
  return [
    `engine      ${found.pulumi}  (${ways[found.way]})`,
    `AWS plugin  ${installed(env, wanted.aws) ?? 'on PATH'}  (v${wanted.aws})`,
    `time        ${elapsed(ms)}  (${built})`,
    '',
  ].join('\n');
}

function installed(env: NodeJS.ProcessEnv, version: string): string | undefined {
  const path = pluginPath(env, version);
  return existsSync(path) ? path : undefined;
}

if (require.main === module) {
  void main(process.argv.slice(2), process).then((code) => {
    process.exitCode = code;
  });
}
