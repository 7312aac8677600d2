import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { LifeboatError } from '../../errors';

const REQUIREMENTS = join(__dirname, 'requirements.txt');

/** Where built things live, outside the repository: `$LIFEBOAT_CACHE`, `$XDG_CACHE_HOME/lifeboat` or `~/.cache/lifeboat`. */
export function cacheDirectory(env: NodeJS.ProcessEnv = process.env): string {
  if (env.LIFEBOAT_CACHE) return env.LIFEBOAT_CACHE;
  return join(env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'lifeboat');
}

/**
 * The Python of a virtual environment that holds exactly requirements.txt; it is built on first use, in some 30 s.
 * Progress goes to standard error. Throws LifeboatError when python3 is missing, too old, or pip fails.
 */
export async function emulatorPython(env: NodeJS.ProcessEnv = process.env): Promise<string> {
  const version = pythonVersion(env);
  const key = createHash('sha256')
    .update(readFileSync(REQUIREMENTS))
    .update(version)
    .digest('hex')
    .slice(0, 12);
  const cache = cacheDirectory(env);
  const home = join(cache, `emulator-${key}`);
  const python = join(home, 'bin', 'python');
  if (existsSync(python)) return python;
  mkdirSync(cache, { recursive: true });
  removeAbandoned(cache);
  // Built beside its place and renamed when it is whole: an install that was killed is never taken for a finished one.
  const building = `${home}.building-${process.pid}`;
  process.stderr.write(`emulator: installing moto into ${home} (once, about 30 s)\n`);
  try {
    await run('python3', ['-m', 'venv', building], env);
    const pip = [
      '-m',
      'pip',
      'install',
      '--quiet',
      '--disable-pip-version-check',
      '--no-deps',
      '-r',
      REQUIREMENTS,
    ];
    await run(join(building, 'bin', 'python'), pip, env);
    renameUnlessThere(building, home);
  } finally {
    rmSync(building, { recursive: true, force: true });
  }
  process.stderr.write('emulator: installed\n');
  return python;
}

function pythonVersion(env: NodeJS.ProcessEnv): string {
  const script = 'import sys, venv; print(sys.version); sys.exit(sys.version_info < (3, 10))';
  const { status, stdout, stderr, error } = spawnSync('python3', ['-c', script], { env, encoding: 'utf8' });
  if (status === 0) return stdout;
  throw new LifeboatError({
    what: 'The emulator needs Python',
    got: error ? 'no python3 on PATH' : (stdout.trim() || stderr.trim()).split('\n').at(-1),
    expected: 'python3 3.10 or newer with its venv module',
    next: 'install python3 (on Debian: apt-get install python3 python3-venv), then run this again',
  });
}

function removeAbandoned(cache: string): void {
  for (const name of readdirSync(cache)) {
    const pid = /^emulator-\w+\.building-(\d+)$/.exec(name)?.[1];
    if (pid !== undefined && !isAlive(Number(pid)))
      rmSync(join(cache, name), { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

function renameUnlessThere(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch (error) {
    // Another process was quicker; what it built is the same.
    if (!existsSync(join(to, 'bin', 'python'))) throw error;
  }
}

function run(command: string, args: string[], env: NodeJS.ProcessEnv): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    child.stdout.on('data', (data) => {
      output += data;
    });
    child.stderr.on('data', (data) => {
      output += data;
    });
    child.on('error', reject);
    child.on('close', (status) => {
      if (status === 0) return resolve();
      const got = output.trim().split('\n').slice(-3).join(' | ') || `exit status ${status}`;
      const expected = 'a Python package index that can be reached, and room on the disk';
      reject(
        new LifeboatError({
          what: `The emulator's ${command} ${args.slice(0, 3).join(' ')} failed`,
          got,
          expected,
        }),
      );
    });
  });
}
