import { run } from '../run';
import type { WayContext } from './way';

/** Where Pulumi's installer and plugins come from. Only asked whether it answers. */
const address = 'https://get.pulumi.com/';
/** Milliseconds in which it must answer. */
const answerLimit = 5_000;
/** Milliseconds for one download: 200 MB at 3 Mbit/s. */
export const downloadLimit = 600_000;

/**
 * Whether Pulumi's downloads can be reached. Asked with Node's own fetch, by which the npm package downloads the
 * engine: behind a proxy that this does not use, the package fails too, only later. `LIFEBOAT_OFFLINE` answers for it.
 *
 * @param ask - default: fetch
 * @param limitMs - milliseconds in which it must answer. Default: 5 s
 */
export async function isOnline(
  env: NodeJS.ProcessEnv,
  ask: (address: string, options: { method: 'HEAD'; signal: AbortSignal }) => Promise<unknown> = fetch,
  limitMs = answerLimit,
): Promise<boolean> {
  if (env.LIFEBOAT_OFFLINE) return false;
  try {
    await ask(address, { method: 'HEAD', signal: AbortSignal.timeout(limitMs) });
    return true;
  } catch {
    return false;
  }
}

/** Has the engine download the AWS plugin. Returns why it could not, or nothing. */
export async function downloadPlugin(
  { versions, progress, isOnline }: WayContext,
  pulumi: string,
  env: NodeJS.ProcessEnv,
): Promise<string | undefined> {
  if (!(await isOnline())) return 'Pulumi’s downloads cannot be reached';
  try {
    await progress.step(`download of the AWS plugin ${versions.aws}`, () =>
      run(pulumi, ['plugin', 'install', 'resource', 'aws', versions.aws], { env, limitMs: downloadLimit }),
    );
    return undefined;
  } catch (error) {
    return `its download failed (${error instanceof Error ? error.message.replace(/\s+/g, ' ') : error})`;
  }
}
