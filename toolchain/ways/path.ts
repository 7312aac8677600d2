import { dirname } from 'node:path';
import { findOnPath, pathWith } from '../findOnPath';
import { isPluginThere } from '../plugin';
import { run } from '../run';
import { downloadPlugin } from './download';
import type { Outcome, WayContext } from './way';

/** Milliseconds for `pulumi version`. A wrapper that first downloads the engine may take longer; npm's way does that. */
const answerLimit = 20_000;

/** A pulumi that is on PATH already. Where only the plugin is missing, the engine downloads that. */
export async function pathWay(context: WayContext): Promise<Outcome> {
  const { env, versions, cache } = context;
  // Our own builds are on PATH for whatever runs under the engine. They are found by the third way.
  const pulumi = findOnPath('pulumi', env).find((path) => !path.startsWith(cache));
  if (pulumi === undefined) return { missing: 'no pulumi on PATH' };
  let answer: string;
  try {
    answer = (await run(pulumi, ['version'], { env: { ...env, ...quiet }, limitMs: answerLimit })).trim();
  } catch (error) {
    return {
      missing: `${pulumi} does not run (${error instanceof Error ? error.message.split('\n')[0] : error})`,
    };
  }
  if (!isAtLeast(answer, versions.engine))
    return { missing: `${pulumi} is ${answer}, and v${versions.engine} or later of v3 is needed` };
  if (!(await isPluginThere(env, versions.aws))) {
    const failure = await downloadPlugin(context, pulumi, env);
    if (failure !== undefined)
      return { missing: `${pulumi} has no AWS plugin ${versions.aws}, and ${failure}` };
  }
  return { way: 'path', pulumi, env: { ...quiet, PATH: pathWith(dirname(pulumi), env) }, built: [] };
}

/**
 * The engine asks the network for its newest version at each start, and checks the types of the program and of all that it
 * imports for half a minute, unless told not to. `npm run lint` checks them.
 */
export const quiet = {
  PULUMI_SKIP_UPDATE_CHECK: 'true',
  PULUMI_NODEJS_TRANSPILE_ONLY: 'true',
  // Seven lines in every run, about a release of the SDK that the lockfile does not have.
  AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
};

/** Whether `v3.260.1` is of the same major version as `3.250.0`, and no older. Suffixes do not count. */
export function isAtLeast(answer: string, wanted: string): boolean {
  const numbers = (text: string) => (/(\d+)\.(\d+)\.(\d+)/.exec(text)?.slice(1) ?? []).map(Number);
  const [major = 0, minor = 0, patch = 0] = numbers(answer);
  const [wantedMajor = 0, wantedMinor = 0, wantedPatch = 0] = numbers(wanted);
  return major === wantedMajor && (minor > wantedMinor || (minor === wantedMinor && patch >= wantedPatch));
}
