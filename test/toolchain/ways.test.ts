import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readlinkSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect } from 'chai';
import { LifeboatError } from '../../errors';
import { layPlugin, pluginPath } from '../../toolchain/plugin';
import { toolchain } from '../../toolchain/toolchain';
import { versions } from '../../toolchain/versions';
import { isOnline } from '../../toolchain/ways/download';
import { isAtLeast } from '../../toolchain/ways/path';
import { scratchDirectory, script } from './scratch';

const root = resolve(__dirname, '..', '..');

/** Runs one of the commands as npm does, with the environment given and no other. */
function command(file: string, args: string[], env: NodeJS.ProcessEnv) {
  const line = ['--require', 'tsx/cjs', join('toolchain', file), ...args];
  return spawnSync(process.execPath, line, { cwd: root, env, encoding: 'utf8' });
}

describe('the ways to an engine', function () {
  this.timeout(1_800_000); // with nothing cached this is where the toolchain is built
  const scratch = scratchDirectory();

  /** A machine with nothing on it, and no way out. */
  const bare = (name: string): NodeJS.ProcessEnv => ({
    PATH: join(scratch(), name, 'bin'),
    HOME: join(scratch(), name),
    LIFEBOAT_CACHE: join(scratch(), name, 'cache'),
    LIFEBOAT_OFFLINE: '1',
  });

  /** A machine with an engine of that version, which can also exit as it is told and wait for a signal. */
  const withEngine = (name: string, version: string, withPlugin: boolean) => {
    const env = bare(name);
    const waits = "trap 'exit 42' TERM; echo waiting; while :; do sleep 0.1; done";
    script(
      join(scratch(), name, 'bin', 'pulumi'),
      `case $1 in version) echo ${version};; exit) exit $2;; wait) ${waits};; esac`,
    );
    if (withPlugin) script(pluginPath(env, versions().aws), 'exit 0');
    return { ...env, PATH: `${env.PATH}:/usr/bin:/bin` };
  };

  it('names the three ways when there is no network and no Go', () => {
    const { status, stdout, stderr } = command('main.ts', [], bare('nothing'));
    expect(status).to.equal(1);
    expect(stdout).to.equal('');
    expect(stderr).to.match(
      /\(1\) pulumi .* on PATH.*\n.*\(2\) the npm package pulumi.*\n.*\(3\) a build from Go modules/,
    );
    expect(stderr).to.contain('no pulumi on PATH; Pulumi’s downloads cannot be reached; no go on PATH');
    expect(stderr).to.contain('next:');
  });

  it('says the same to a program that asks', async () => {
    const env = { ...bare('asked'), LIFEBOAT_OFFLINE: undefined };
    const failure = await toolchain({ env, isOnline: async () => false }).catch((error: unknown) => error);
    expect(failure).to.be.instanceOf(LifeboatError);
  });

  it('finds the second run’s parts in the cache', () => {
    const npm = () => {
      const { stdout, stderr, status } = spawnSync('npm', ['run', '--silent', 'toolchain', '--', '--json'], {
        cwd: root,
        encoding: 'utf8',
      });
      expect(status, stderr).to.equal(0);
      return JSON.parse(stdout) as { pulumi: string; built: string[] };
    };
    const first = npm();
    expect(npm()).to.deep.include({ pulumi: first.pulumi, built: [] });
  });

  it('takes an engine from PATH that has its plugin', async () => {
    const env = withEngine('ready', 'v3.999.0', true);
    const found = await toolchain({ env });
    expect(found).to.include({ way: 'path', pulumi: join(scratch(), 'ready', 'bin', 'pulumi') });
  });

  it('has engine and plugin collect their memory sooner, unless the user has set how', async () => {
    const env = withEngine('frugal', 'v3.999.0', true);
    expect((await toolchain({ env })).env).to.include({ GOGC: '50' });
    for (const own of [{ GOGC: '200' }, { GOMEMLIMIT: '1GiB' }])
      expect((await toolchain({ env: { ...env, ...own } })).env).to.not.have.property('GOGC');
  });

  for (const [version, plugin, reason] of [
    ['v3.249.9', true, /is v3\.249\.9, and v3\.\S+ or later of v3 is needed/],
    ['v4.0.0', true, /is v4\.0\.0, and/],
    ['v3.999.0', false, /has no AWS plugin 7\.\S+, and Pulumi’s downloads cannot be reached/],
  ] as const)
    it(`does not take ${version} ${plugin ? 'with' : 'without'} its plugin`, async () => {
      // No directories of the system: there may be a Go in one, and a build is not what this is about.
      const name = `${version}-${plugin}`;
      const env = { ...withEngine(name, version, plugin), PATH: join(scratch(), name, 'bin') };
      const failure = await toolchain({ env }).catch((error: Error) => error);
      expect(failure).to.be.an('error').with.property('message').that.matches(reason);
    });

  it('passes arguments, exit code and signals on to the engine', async () => {
    const env = withEngine('passes', 'v3.999.0', true);
    expect(command('pulumi.ts', ['exit', '7'], env).status).to.equal(7);

    const line = ['--require', 'tsx/cjs', join('toolchain', 'pulumi.ts'), 'wait'];
    const child = spawn(process.execPath, line, { cwd: root, env, stdio: ['ignore', 'pipe', 'inherit'] });
    await once(child.stdout, 'data');
    child.kill('SIGTERM');
    expect((await once(child, 'exit'))[0]).to.equal(42);
  });

  it('refuses an unknown flag and does nothing', () => {
    const { status, stdout, stderr } = command('main.ts', ['--jsn'], bare('flags'));
    expect({ status, stdout }).to.deep.equal({ status: 2, stdout: '' });
    expect(stderr).to.contain("Unknown option '--jsn'").and.to.contain('Usage: npm run toolchain');
  });

  it('gives up on downloads that do not answer', async () => {
    const hanging = (_address: string, { signal }: { signal: AbortSignal }) =>
      new Promise<never>((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
    expect(await isOnline({}, hanging, 20)).to.equal(false);
    expect(await isOnline({}, () => Promise.reject(new Error('ENOTFOUND')))).to.equal(false);
    expect(await isOnline({}, () => Promise.resolve())).to.equal(true);
    expect(await isOnline({ LIFEBOAT_OFFLINE: '1' }, () => Promise.resolve())).to.equal(false);
  });

  it('compares versions by number', () => {
    expect(isAtLeast('v3.250.0', '3.250.0')).to.equal(true);
    expect(isAtLeast('v3.1000.0', '3.250.0')).to.equal(true);
    expect(isAtLeast('v3.251.0-alpha.1', '3.250.3')).to.equal(true);
    expect(isAtLeast('v3.99.9', '3.250.0')).to.equal(false);
    expect(isAtLeast('not a version', '3.250.0')).to.equal(false);
  });

  describe('laying the built plugin', () => {
    const lay = async (name: string, prepare: (path: string, cache: string) => void) => {
      const env = bare(name);
      const [cache, path] = [join(scratch(), name, 'cache'), pluginPath(env, '7.0.0')];
      const built = script(join(cache, 'provider-2', 'pulumi-resource-aws'), 'exit 0');
      mkdirSync(join(path, '..'), { recursive: true });
      prepare(path, cache);
      await layPlugin(env, '7.0.0', built, cache);
      return { path, built };
    };

    it('links it where the engine looks', async () => {
      const { path, built } = await lay('new', () => {});
      expect(readlinkSync(path)).to.equal(built);
    });

    it('renews a link of ours, and one that leads nowhere', async () => {
      const { path, built } = await lay('ours', (path, cache) =>
        symlinkSync(join(cache, 'provider-1', 'gone'), path),
      );
      expect(readlinkSync(path)).to.equal(built);
    });

    it('finishes what the engine began to install and did not end', async () => {
      const { path, built } = await lay('partial', (path) => {
        script(path, 'exit 1');
        writeFileSync(`${join(path, '..')}.partial`, '');
      });
      expect(readlinkSync(path)).to.equal(built);
    });

    it('leaves alone what somebody else installed', async () => {
      const { path } = await lay('official', (path) => script(path, 'exit 0'));
      expect(() => readlinkSync(path)).to.throw('EINVAL');
    });
  });
});
