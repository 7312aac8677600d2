import { existsSync } from 'node:fs';
import { copyFile, link, readFile } from 'node:fs/promises';
import { totalmem } from 'node:os';
import { join } from 'node:path';
import { LifeboatError } from '../../errors';
import { ensure, filesBelow, keyOf } from '../cache';
import { pathWith } from '../findOnPath';
import { cli } from '../parts/cli';
import { findGo, type Go } from '../parts/go';
import { languageNodejs } from '../parts/languageNodejs';
import type { Part } from '../parts/part';
import { provider } from '../parts/provider';
import { layPlugin } from '../plugin';
import { quiet } from './path';
import type { Outcome, WayContext } from './way';

/** Files that go into every part beside its own module and recipe. */
const sharedRecipes = [require.resolve('../parts/go'), require.resolve('../parts/part')];
/** Two compilers at work take up to so many bytes; with less memory the parts are built one after the other. */
const memoryForTwo = 12 * 2 ** 30;

/** A part with its place in the cache. */
interface Placed {
  readonly part: Part;
  readonly key: string;
  readonly directory: string;
}

/** Builds from Go modules what is not in the cache yet, and puts it together. */
export async function buildWay(context: WayContext): Promise<Outcome> {
  const { env, versions, progress, cache } = context;
  const abort = new AbortController();
  const go = await findGo(env, join(__dirname, '..', 'cli'), abort.signal);
  if (go === undefined) return { missing: 'no go on PATH' };

  const placed = (part: Part) => place(context, go, part);
  const [engine, host, plugin] = await Promise.all([placed(cli), placed(languageNodejs), placed(provider)]);
  if (![engine, host, plugin].every(({ directory }) => existsSync(directory)))
    progress.note(`Building the Pulumi engine and the AWS plugin, once. On 2 cores with nothing cached this takes about
12 minutes; ${cache} keeps the result.`);
  const built: string[] = [];
  const make = async ({ part, directory }: Placed) => {
    const made = await ensure(
      directory,
      (into, work) =>
        progress.step(`${part.title} ${part.version(versions)}`, () =>
          part.build({ go, versions, into, work }).catch((cause: unknown) => {
            throw failed(part, cause);
          }),
        ),
      (pid) => progress.note(`  … process ${pid} is building the ${part.title}; waiting for it`),
    );
    if (made) built.push(part.title);
  };
  // The plugin is half of the work and keeps only one compiler busy for long stretches, so the others go beside it.
  const lanes = totalmem() >= memoryForTwo ? [[plugin], [engine, host]] : [[engine, host, plugin]];
  await allLanes(lanes, make, abort);
  const directory = await together(cache, engine, host);
  await layPlugin(env, versions.aws, join(plugin.directory, plugin.part.program), cache);
  return {
    way: 'build',
    pulumi: join(directory, cli.program),
    env: { ...quiet, PATH: pathWith(directory, env) },
    built,
    schema: join(plugin.directory, 'schema.json'),
  };
}

/** The key of a part is made of all that goes into it, and of nothing else: a changed map leaves the engine alone. */
async function place({ cache, versions }: WayContext, go: Go, part: Part): Promise<Placed> {
  const recipes = await Promise.all([...part.recipes, ...sharedRecipes].map((file) => readFile(file)));
  const sources = await filesBelow(join(__dirname, '..', part.name));
  const key = keyOf([part.version(versions), go.identity, ...recipes, ...sources]);
  return { part, key, directory: join(cache, `${part.name}-${key}`) };
}

/**
 * Engine and language host in one directory, for the engine takes its hosts from beside itself and warns of others.
 * Hard links, since it follows symbolic ones first.
 */
async function together(cache: string, engine: Placed, host: Placed): Promise<string> {
  const directory = join(cache, `engine-${keyOf([engine.key, host.key])}`);
  await ensure(directory, async (into) => {
    for (const { part, directory: from } of [engine, host]) {
      const [source, target] = [join(from, part.program), join(into, part.program)];
      await link(source, target).catch(() => copyFile(source, target));
    }
  });
  return directory;
}

/** Works off each lane in its order, side by side. A failure stops all; it is thrown when they have cleaned up. */
async function allLanes(
  lanes: readonly (readonly Placed[])[],
  make: (placed: Placed) => Promise<void>,
  abort: AbortController,
): Promise<void> {
  const failures: unknown[] = [];
  const work = lanes.map(async (lane) => {
    for (const placed of lane) if (!abort.signal.aborted) await make(placed);
  });
  const watched = work.map((lane) =>
    lane.catch((error: unknown) => {
      failures.push(error);
      abort.abort();
    }),
  );
  await Promise.all(watched);
  if (failures.length > 0) throw failures[0];
}

function failed(part: Part, cause: unknown): LifeboatError {
  const got = cause instanceof LifeboatError ? cause.details.got : undefined;
  return new LifeboatError({
    what: `The ${part.title} could not be built from Go modules`,
    got,
    expected: 'a Go module proxy in reach (go env GOPROXY), and a Go that is recent enough',
    next: 'mend that, then: npm run toolchain (what is built is kept). Or put pulumi and its AWS plugin on PATH',
    cause,
  });
}
