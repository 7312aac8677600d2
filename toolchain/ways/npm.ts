import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ensure } from '../cache';
import { isExecutable, pathWith } from '../findOnPath';
import { isPluginInstalled, pulumiHome } from '../plugin';
import { run } from '../run';
import { downloadLimit, downloadPlugin } from './download';
import { quiet } from './path';
import type { Outcome, WayContext } from './way';

/** The official npm package, which downloads the engine at its first use, and the engine's own plugin download. */
export async function npmWay(context: WayContext): Promise<Outcome> {
  const { env, versions, progress, cache } = context;
  // Where the package puts the engine. The Automation API looks in the same place.
  const pulumi = join(pulumiHome(env), 'versions', versions.engine, 'bin', 'pulumi');
  const toolchain: Outcome = {
    way: 'npm',
    pulumi,
    env: { ...quiet, PATH: pathWith(dirname(pulumi), env) },
    built: [],
  };
  if (isExecutable(pulumi) && isPluginInstalled(env, versions.aws)) return toolchain;
  if (!(await context.isOnline())) return { missing: 'Pulumi’s downloads cannot be reached' };
  try {
    const directory = join(cache, `npm-${versions.engine}`);
    await ensure(directory, async (into) => {
      // A package.json of its own keeps npm from looking for one in the folders above.
      await writeFile(join(into, 'package.json'), '{ "private": true }\n');
      const packages = ['install', '--no-audit', '--no-fund', `pulumi@${versions.engine}`];
      await progress.step(`npm package pulumi ${versions.engine}`, () =>
        run('npm', packages, { cwd: into, env: outsideNpm(env), limitMs: downloadLimit }),
      );
    });
    const script = join(directory, 'node_modules', 'pulumi', 'run.js');
    await progress.step(`download of the Pulumi engine ${versions.engine}`, () =>
      run(process.execPath, [script, 'version'], {
        env: { ...env, ...quiet, PULUMI_VERSION: versions.engine },
        limitMs: downloadLimit,
      }),
    );
  } catch (error) {
    return {
      missing: `the download failed (${error instanceof Error ? error.message.replace(/\s+/g, ' ') : error})`,
    };
  }
  if (!isExecutable(pulumi)) return { missing: `the npm package pulumi left no engine at ${pulumi}` };
  const failure = isPluginInstalled(env, versions.aws)
    ? undefined
    : await downloadPlugin(context, pulumi, env);
  return failure === undefined ? toolchain : { missing: failure };
}

/** The environment without what `npm run` adds: it would lead another npm back to this project. */
function outsideNpm(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(env).filter(([name]) => !/^npm_(config_local_prefix|package_)/.test(name)),
  );
}
