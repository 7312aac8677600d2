import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { DR, type World } from './world';

/** Runs a command in a process of its own, and kills that after so many calls to AWS. Returns whether it was killed. */
export async function killAfter(world: World, argv: readonly string[], calls: number): Promise<boolean> {
  const script = path.join(__dirname, 'copyChild.ts');
  const args = [world.emulator.url, ...argv, '--dir', world.dir];
  const before = await callsMade(world);
  const child = spawn(process.execPath, ['--require', 'tsx/cjs', script, ...args], {
    env: { ...process.env, ...world.emulator.env(DR.account, DR.region) },
    stdio: 'ignore',
  });
  const end = once(child, 'exit');
  while (child.exitCode === null && (await callsMade(world)) - before < calls)
    await new Promise((resolve) => setTimeout(resolve, 2));
  child.kill('SIGKILL');
  const [, signal] = await end;
  return signal === 'SIGKILL';
}

async function callsMade(world: World): Promise<number> {
  const { calls } = await world.emulator.state();
  return Object.values(calls).reduce((sum, count) => sum + count, 0);
}
