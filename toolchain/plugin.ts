import { existsSync } from 'node:fs';
import { mkdir, readlink, rename, rm, symlink } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { findOnPath, isExecutable } from './findOnPath';
import { run } from './run';

const program = 'pulumi-resource-aws';
/** Milliseconds for a plugin to say its version. The AWS plugin needs one or two seconds to start. */
const answerLimit = 20_000;

/** The engine's own directory, with credentials, log-ins and plugins: `PULUMI_HOME`, else `~/.pulumi`. */
export function pulumiHome(env: NodeJS.ProcessEnv): string {
  return env.PULUMI_HOME || join(env.HOME || homedir(), '.pulumi');
}

/** Where the engine looks for the AWS plugin of a version. */
export function pluginPath(env: NodeJS.ProcessEnv, version: string): string {
  return join(pluginDirectory(env, version), program);
}

/** Whether the plugin is installed. The engine leaves a `.partial` file beside what it did not install to the end. */
export function isPluginInstalled(env: NodeJS.ProcessEnv, version: string): boolean {
  return isExecutable(pluginPath(env, version)) && !existsSync(`${pluginDirectory(env, version)}.partial`);
}

/** Whether the engine finds the plugin: installed, or on PATH and of that version. */
export async function isPluginThere(env: NodeJS.ProcessEnv, version: string): Promise<boolean> {
  if (isPluginInstalled(env, version)) return true;
  const ambient = findOnPath(program, env)[0];
  if (ambient === undefined) return false;
  const answer = await run(ambient, ['--version'], { env, limitMs: answerLimit }).catch(() => '');
  return answer.trim().replace(/^v/, '') === version;
}

/**
 * Lays a built plugin where the engine looks for it, by a link: the user's own Pulumi home stays in force, since
 * log-ins live there. A plugin that somebody else installed is left alone.
 *
 * @param built - the plugin in our cache
 * @param cache - the root of our cache: links that lead there are ours to renew
 */
export async function layPlugin(
  env: NodeJS.ProcessEnv,
  version: string,
  built: string,
  cache: string,
): Promise<void> {
  const path = pluginPath(env, version);
  const target = await readlink(path).catch(() => undefined);
  if (target === built) return;
  const isOurs = target?.startsWith(cache) ?? false;
  if (!isOurs && isPluginInstalled(env, version)) return;
  await mkdir(pluginDirectory(env, version), { recursive: true });
  const fresh = `${path}.${process.pid}`;
  await symlink(built, fresh);
  // A rename replaces the link at one stroke, while other engines may be starting the plugin.
  await rename(fresh, path).finally(() => rm(fresh, { force: true }));
  await rm(`${pluginDirectory(env, version)}.partial`, { force: true });
}

function pluginDirectory(env: NodeJS.ProcessEnv, version: string): string {
  return join(pulumiHome(env), 'plugins', `resource-aws-v${version}`);
}
