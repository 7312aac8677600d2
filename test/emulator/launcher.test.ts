import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { expect } from 'chai';

const MAIN = join(__dirname, 'main.ts');

interface Run {
  child: ChildProcess;
  /** Resolves with standard output so far when it has a line, or when the process ends. */
  line: Promise<string>;
  /** Resolves with status and standard error when the process ends. */
  end: Promise<{ status: number | null; errors: string }>;
}

function start(args: string[], env: NodeJS.ProcessEnv = process.env): Run {
  // The pipe for standard input is what an embedding program holds.
  const child = spawn(process.execPath, ['--require', 'tsx/cjs', MAIN, ...args], { env, stdio: 'pipe' });
  let output = '';
  let errors = '';
  child.stderr?.on('data', (data) => {
    errors += data;
  });
  const end = new Promise<{ status: number | null; errors: string }>((resolve) => {
    child.on('close', (status) => resolve({ status, errors }));
  });
  const line = new Promise<string>((resolve) => {
    child.stdout?.on('data', (data) => {
      output += data;
      if (output.includes('\n')) resolve(output);
    });
    child.on('close', () => resolve(output));
  });
  return { child, line, end };
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/_emulator/state`)).ok;
  } catch {
    return false;
  }
}

async function eventuallySilent(url: string): Promise<boolean> {
  for (let tries = 0; tries < 50; tries += 1) {
    if (!(await answers(url))) return true;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return false;
}

describe('emulator: npm run emulator', function () {
  this.timeout(300_000);

  it('prints one line, "ready <url>", with --port 0 on a free port, and ends on SIGTERM with its child', async () => {
    const { child, line, end } = start(['--port', '0']);
    const text = await line;
    expect(text).to.match(/^ready http:\/\/127\.0\.0\.1:\d+\n$/);
    const url = text.trim().slice('ready '.length);
    expect(await answers(url)).to.equal(true);
    child.kill('SIGTERM');
    expect((await end).status).to.equal(0);
    expect(await eventuallySilent(url)).to.equal(true);
  });

  it('ends when the pipe of its parent closes', async () => {
    const { child, line, end } = start(['--port', '0']);
    const url = (await line).trim().slice('ready '.length);
    child.stdin?.end();
    expect((await end).status).to.equal(0);
    expect(await eventuallySilent(url)).to.equal(true);
  });

  it('leaves no server behind when it is killed', async () => {
    const { child, line } = start(['--port', '0']);
    const url = (await line).trim().slice('ready '.length);
    child.kill('SIGKILL');
    expect(await eventuallySilent(url)).to.equal(true);
  });

  it('says so when the port is taken', async () => {
    const first = start(['--port', '0']);
    const port = new URL((await first.line).trim().slice('ready '.length)).port;
    const { status, errors } = await start(['--port', port]).end;
    expect(status).to.equal(1);
    expect(errors).to.include('is taken').and.include('--port 0');
    first.child.kill('SIGTERM');
    await first.end;
  });

  it('refuses unknown flags and ports that are none, with the next command', async () => {
    for (const args of [['--prot', '1'], ['--port', 'x'], ['--port', '70000'], ['more']]) {
      const { status, errors } = await start(args).end;
      expect(status, args.join(' ')).to.equal(1);
      expect(errors).to.include('npm run emulator -- --port 5055');
    }
  });

  it('says what to install when there is no python3', async () => {
    const { status, errors } = await start(['--port', '0'], { ...process.env, PATH: '/nonexistent' }).end;
    expect(status).to.equal(1);
    expect(errors).to.include('no python3 on PATH').and.include('apt-get install python3');
  });
});
