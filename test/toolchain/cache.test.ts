import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { cacheRoot, ensure, keyOf } from '../../toolchain/cache';
import { scratchDirectory } from './scratch';

describe('the cache of built parts', () => {
  const scratch = scratchDirectory();
  let number = 0;
  let directory = '';

  beforeEach(() => {
    number += 1;
    directory = join(scratch(), `${number}`, 'cli-00ff');
  });

  const made = () => readFileSync(join(directory, 'program'), 'utf8');
  const neighbours = () => readdirSync(join(directory, '..'));
  /** An id that no process has: that of one which has ended. */
  const deadPid = () => spawnSync('true').pid;
  const make = async (into: string) => {
    await sleep(20);
    await writeFile(join(into, 'program'), 'made');
  };

  it('makes a part once and leaves nothing else behind', async () => {
    expect(await ensure(directory, make)).to.equal(true);
    expect(await ensure(directory, make)).to.equal(false);
    expect(made()).to.equal('made');
    expect(neighbours()).to.deep.equal(['cli-00ff']);
  });

  it('leaves nothing behind when making it fails', async () => {
    const failure = await ensure(directory, () => Promise.reject(new Error('no compiler'))).catch(
      (error: Error) => error,
    );
    expect(failure).to.be.an('error').with.property('message', 'no compiler');
    expect(neighbours()).to.deep.equal([]);
  });

  it('makes a part once for two who want it at once', async () => {
    let times = 0;
    const count = async (into: string) => {
      times += 1;
      await make(into);
    };
    const results = await Promise.all([ensure(directory, count), ensure(directory, count)]);
    expect(results.sort()).to.deep.equal([false, true]);
    expect(times).to.equal(1);
  });

  it('is not misled by a build that was killed, and cleans up after it', async () => {
    const cache = JSON.stringify(resolve(__dirname, '..', '..', 'toolchain', 'cache.ts'));
    const killed = `require(${cache}).ensure(${JSON.stringify(directory)}, async (into) => {
      require('node:fs').writeFileSync(into + '/program', 'half');
      console.log('half done');
      await new Promise((resolve) => setTimeout(resolve, 60_000));
    });`;
    const child = spawn(process.execPath, ['--require', 'tsx/cjs', '--eval', killed], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(child.stdout, 'data');
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(existsSync(directory)).to.equal(false);
    expect(neighbours()).to.have.length(2); // its lock, and what it had made so far

    expect(await ensure(directory, make)).to.equal(true);
    expect(made()).to.equal('made');
    expect(neighbours()).to.deep.equal(['cli-00ff']);
  });

  it('waits for one that is alive, and says for whom', async () => {
    mkdirSync(join(directory, '..'), { recursive: true });
    writeFileSync(`${directory}.lock`, `${process.pid}`);
    const waited: number[] = [];
    const waiting = ensure(directory, make, (pid) => waited.push(pid));
    await sleep(50);
    mkdirSync(directory); // the other one is done
    expect(await waiting).to.equal(false);
    expect(waited).to.deep.equal([process.pid]);
  });

  it('removes parts of the same kind that nobody used for a month', async () => {
    const parent = join(directory, '..');
    for (const name of ['cli-0001', 'cli-0002', 'provider-0001'])
      mkdirSync(join(parent, name), { recursive: true });
    const { utimesSync } = await import('node:fs');
    const monthAgo = new Date(Date.now() - 31 * 86_400_000);
    for (const name of ['cli-0001', 'provider-0001']) utimesSync(join(parent, name), monthAgo, monthAgo);
    mkdirSync(join(parent, `tmp-${deadPid()}-abc`));
    await ensure(directory, make);
    expect(neighbours().sort()).to.deep.equal(['cli-0002', 'cli-00ff', 'provider-0001']);
  });

  it('lies where the user says', () => {
    expect(cacheRoot({ LIFEBOAT_CACHE: '/a', XDG_CACHE_HOME: '/b', HOME: '/c' })).to.equal('/a/toolchain');
    expect(cacheRoot({ XDG_CACHE_HOME: '/b', HOME: '/c' })).to.equal('/b/lifeboat/toolchain');
    expect(cacheRoot({ HOME: '/c' })).to.equal('/c/.cache/lifeboat/toolchain');
  });

  it('has a key that changes with each input and with where one ends', () => {
    expect(keyOf(['ab', 'c'])).to.equal(keyOf([Buffer.from('ab'), 'c']));
    expect(keyOf(['ab', 'c'])).to.not.equal(keyOf(['a', 'bc']));
  });
});
