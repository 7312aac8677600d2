import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import {
  link,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** Entries that nobody used for so many days are removed when another of their kind is made. A plugin has 200 MB. */
const keepDays = 30;

/** Where built parts are kept, outside the repository: `LIFEBOAT_CACHE`, `XDG_CACHE_HOME/lifeboat` or `~/.cache/lifeboat`. */
export function cacheRoot(env: NodeJS.ProcessEnv): string {
  const base = env.LIFEBOAT_CACHE || (env.XDG_CACHE_HOME ? join(env.XDG_CACHE_HOME, 'lifeboat') : undefined);
  return join(base ?? join(env.HOME || homedir(), '.cache', 'lifeboat'), 'toolchain');
}

/** A name for everything that went into a part. */
export function keyOf(inputs: readonly (string | Buffer)[]): string {
  const hash = createHash('sha256');
  // Lengths keep two inputs from trading bytes at their border.
  for (const input of inputs) hash.update(`${Buffer.byteLength(input)}:`).update(input);
  return hash.digest('hex').slice(0, 16);
}

/** Contents, with names, of all files below a directory, in a fixed order. */
export async function filesBelow(directory: string): Promise<(string | Buffer)[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const contents = await Promise.all(
    paths.sort().map(async (path) => [path.slice(directory.length), await readFile(path)]),
  );
  return contents.flat();
}

/**
 * Makes a directory of the cache, or finds it made. It is made under another name and renamed at the end, so that what
 * bears the right name is complete whatever is killed, and two that make the same thing cannot break each other. A
 * lock spares the second the work.
 *
 * @param directory - the directory in question
 * @param make - fills the directory `into`; `work` beside it is for what is not to be kept
 * @param waiting - called once when another process makes the same thing, with that one's id
 * @returns whether it had to be made
 */
export async function ensure(
  directory: string,
  make: (into: string, work: string) => Promise<void>,
  waiting: (pid: number) => void = () => {},
): Promise<boolean> {
  if (existsSync(directory)) {
    const now = new Date();
    await utimes(directory, now, now).catch(() => {}); // a cache that may only be read is good enough
    return false;
  }
  await mkdir(dirname(directory), { recursive: true });
  const unlock = await lock(`${directory}.lock`, () => existsSync(directory), waiting);
  if (unlock === undefined) return false;
  try {
    await sweep(directory);
    const temporary = await mkdtemp(join(dirname(directory), `tmp-${process.pid}-`));
    try {
      const [into, work] = [join(temporary, 'into'), join(temporary, 'work')];
      await mkdir(into);
      await mkdir(work);
      await make(into, work);
      await rename(into, directory).catch((error) => {
        if (!existsSync(directory)) throw error;
      });
    } finally {
      await rm(temporary, { recursive: true, force: true });
    }
  } finally {
    await unlock();
  }
  return true;
}

/**
 * A file that holds the id of the process at work.
 *
 * @returns how to unlock, or nothing when `done` turned true while waiting
 */
async function lock(
  file: string,
  done: () => boolean,
  waiting: (pid: number) => void,
): Promise<(() => Promise<void>) | undefined> {
  // A link appears with its content at once; a file made and then written could be left empty.
  const own = `${file}.${process.pid}`;
  for (let told = false; !done(); ) {
    try {
      await writeFile(own, `${process.pid}`);
      await link(own, file);
      return () => rm(file, { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    } finally {
      await rm(own, { force: true });
    }
    const pid = Number(await readFile(file, 'utf8').catch(() => '0'));
    // Two that find the same dead owner may both take its place. That costs time, and the rename keeps it harmless.
    if (pid > 0 && !isAlive(pid)) await rm(file, { force: true });
    else if (pid > 0 && !told) {
      waiting(pid);
      told = true;
    }
    await sleep(250);
  }
  return undefined;
}

/** Removes what killed builds left, and entries of the same kind that nobody used for long. */
async function sweep(directory: string): Promise<void> {
  const parent = dirname(directory);
  const kind = kindOf(directory.slice(parent.length + 1));
  for (const name of await readdir(parent)) {
    const pid = Number(/^tmp-(\d+)-/.exec(name)?.[1] ?? 0);
    const path = join(parent, name);
    const ageDays =
      (Date.now() - (await stat(path).catch(() => ({ mtimeMs: Date.now() }))).mtimeMs) / 86_400_000;
    if (pid > 0 ? !isAlive(pid) : kindOf(name) === kind && ageDays > keepDays)
      await rm(path, { recursive: true, force: true });
  }
}

function kindOf(name: string): string {
  return name.replace(/-[0-9a-f]+(\.lock)?$/, '');
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
