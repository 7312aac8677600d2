import { spawn } from 'node:child_process';
import path from 'node:path';
import { LifeboatError } from '../../../errors';
import { lowerBound } from '../../../snapshots/slotPlan';
import { type Emulator, startEmulator } from '../../../test/emulator/emulator';
import type { BenchProgress } from '../progress';
import { watch } from '../usage';
import type { CopyMeasured, Way, WayMeasured } from './report';
import { type CopySize, sizesOf } from './sizes';
import { completed, DR_REGION, makeReader, makeVault, seedSnapshots, settingsFor } from './world';

/** MiB a second of one copy: what AWS allows at most for one that it is to finish in a given time. */
const RATE = 500;
/** Each way copies into an account of its own, where nothing is yet. */
const WAYS: readonly { way: Way; account: string }[] = [
  { way: 'lifeboat', account: '222222222222' },
  { way: 'batches', account: '333333333333' },
  { way: 'one by one', account: '444444444444' },
];

/** Measures ways of copying the same snapshots, on the emulator's clock: the machine's speed is nothing to it. */
export async function runCopyBench(size: CopySize, progress: BenchProgress): Promise<CopyMeasured> {
  const emulator = await progress.step('emulator', undefined, () => startEmulator());
  try {
    await emulator.config({ copyMiBps: RATE, clockRuns: false });
    const accounts = WAYS.map(({ account }) => account);
    const sizes = sizesOf(size);
    await progress.step(`${size.snapshots} snapshots`, size.snapshots, async (made) => {
      await makeReader(emulator, accounts);
      await seedSnapshots(emulator, sizes, accounts, made);
    });
    const ways: WayMeasured[] = [];
    for (const { way, account } of WAYS)
      ways.push(await progress.step(way, undefined, () => measured(emulator, way, account, sizes.length)));
    const disks = sizes.map((gib, index) => ({ volumeId: String(index), size: gib }));
    return {
      snapshots: sizes.length,
      gib: sizes.reduce((sum, gib) => sum + gib, 0),
      largestGib: Math.max(...sizes),
      rate: RATE,
      seed: size.seed,
      boundSeconds: lowerBound(disks, RATE),
      ways,
    };
  } finally {
    await emulator.stop();
  }
}

async function measured(emulator: Emulator, way: Way, account: string, copies: number): Promise<WayMeasured> {
  const keyArn = await makeVault(emulator, account);
  const { dir, remove } = settingsFor(account);
  try {
    const before = await emulator.state();
    const peakBytes = await ran(emulator, account, [way, emulator.url, dir, keyArn]);
    const after = await emulator.state();
    const made = (action: string) => callsOf(after.calls, action) - callsOf(before.calls, action);
    const done = await completed(emulator, account);
    if (done !== copies)
      throw new LifeboatError({
        what: `The way "${way}" left copies out`,
        got: String(done),
        expected: String(copies),
      });
    return {
      way,
      seconds: (Date.parse(after.now) - Date.parse(before.now)) / 1000,
      copyCalls: made('CopySnapshot'),
      otherCalls: made('') - made('CopySnapshot'),
      peakBytes,
    };
  } finally {
    remove();
  }
}

function ran(emulator: Emulator, account: string, args: readonly string[]): Promise<number | undefined> {
  const script = path.join(__dirname, 'child.ts');
  const child = spawn(process.execPath, ['--require', 'tsx/cjs', script, ...args], {
    env: { ...process.env, ...emulator.env(account, DR_REGION) },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const stop = watch(child.pid ?? 0);
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr = `${stderr}${text}`.slice(-2_000);
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      const { peakBytes } = stop();
      if (code === 0) resolve(peakBytes);
      else reject(new LifeboatError({ what: `Copying ended with ${code}`, got: stderr }));
    });
  });
}

/** Calls to an action in all accounts; to all of them, of every service, with an empty one. */
function callsOf(calls: Readonly<Record<string, number>>, action: string): number {
  return Object.entries(calls)
    .filter(([key]) => action === '' || key.endsWith(`/${action}`))
    .reduce((sum, [, count]) => sum + count, 0);
}
