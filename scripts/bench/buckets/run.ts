import { spawn } from 'node:child_process';
import path from 'node:path';
import { S3Client } from '@aws-sdk/client-s3';
import { CLIENT_DEFAULTS } from '../../../accounts';
import { listVersions } from '../../../buckets/listVersions';
import { LifeboatError } from '../../../errors';
import { accessKey, type Emulator, startEmulator } from '../../../test/emulator/emulator';
import { DR_REGION, makeVault, settingsFor } from '../copy/world';
import type { BenchProgress } from '../progress';
import { watch } from '../usage';
import type { Said } from './child';
import type { BucketsMeasured, Copied } from './report';
import type { BucketsSize } from './sizes';
import { DR_ACCOUNT, inDr, makeBucket } from './world';

/** As `copy-buckets` has it by itself. */
const AT_ONCE = 64;
/** Milliseconds a call: within a region, and where waiting is most of the work. */
const LATENCY = 20;
const LONG_LATENCY = 200;
/** How often the short runs are measured; the shortest counts. */
const ROUNDS = 3;

/** Measures `copy-buckets` on the machine's own clock, each run in a process of its own. */
export async function runBucketsBench(size: BucketsSize, progress: BenchProgress): Promise<BucketsMeasured> {
  const emulator = await progress.step('emulator', undefined, () => startEmulator());
  const { dir, remove } = settingsFor(DR_ACCOUNT);
  try {
    await makeVault(emulator, DR_ACCOUNT);
    const made = (bucket: string, objects: number) =>
      progress.step(`bucket of ${objects}`, objects, (done) => makeBucket(emulator, bucket, objects, done));
    const copied = async (bucket: string, objects: number, latencyMs: number, way: Work['way'] = 'copy') => {
      await emulator.config({ latencyMs: 0 });
      await made(bucket, objects);
      return progress.step(`${way} of ${objects} at ${latencyMs} ms a call`, undefined, () =>
        copyOf(emulator, { way, bucket, dir, objects, latencyMs }),
      );
    };
    const few = await copied('few', size.few, LATENCY);
    const many = await copied('many', size.many, LATENCY);
    const shortest = (way: 'copy' | 'list') =>
      progress.step(way === 'copy' ? 'nothing to do' : 'listing alone', undefined, async () => {
        const times: number[] = [];
        for (let round = 0; round < ROUNDS; round += 1)
          times.push((await child(emulator, [way, dir, 'many', String(AT_ONCE)])).said.ms);
        return Math.min(...times);
      });
    const listMs = await shortest('list');
    const againMs = await shortest('copy');
    await expectCopies(emulator, 'many', size.many);
    const far = await copied('far', size.many, LONG_LATENCY);
    const turns: Record<Work['way'], Copied[]> = { copy: [], bare: [] };
    for (let round = 0; round < ROUNDS; round += 1)
      for (const way of ['copy', 'bare'] as const)
        turns[way].push(await copied(`${way}-${round}`, size.inTurns, LATENCY, way));
    const [ours, bare] = [fastest(turns.copy), fastest(turns.bare)];
    return { atOnce: AT_ONCE, few, many, far, ours, bare, againMs, listMs };
  } finally {
    remove();
    await emulator.stop();
  }
}

/** The run that took least: whatever else the machine does only adds to it. */
function fastest([first, ...others]: readonly Copied[]): Copied {
  if (!first) throw new Error('Nothing was measured');
  return others.reduce((least, run) => (run.milliseconds < least.milliseconds ? run : least), first);
}

interface Work {
  readonly way: 'copy' | 'bare';
  readonly bucket: string;
  readonly dir: string;
  readonly objects: number;
  readonly latencyMs: number;
}

async function copyOf(emulator: Emulator, { way, bucket, dir, objects, latencyMs }: Work): Promise<Copied> {
  await emulator.config({ latencyMs });
  const before = (await emulator.state()).calls;
  const { said, peakBytes, cpuSeconds } = await child(emulator, [way, dir, bucket, String(AT_ONCE)]);
  const after = (await emulator.state()).calls;
  const made = (action: string) => callsOf(after, action) - callsOf(before, action);
  await expectCopies(emulator, bucket, objects);
  const copyCalls = made('CopyObject');
  return {
    ...{ objects, latencyMs, milliseconds: said.ms, cpuSeconds, peakBytes },
    ...{ copyCalls, otherCalls: made('') - copyCalls },
  };
}

/** A run that left something out, or copied it twice, is no measurement. */
async function expectCopies(emulator: Emulator, bucket: string, objects: number): Promise<void> {
  const credentials = { accessKeyId: accessKey(DR_ACCOUNT), secretAccessKey: 'emulated' };
  const s3 = new S3Client({ ...CLIENT_DEFAULTS, endpoint: emulator.url, region: DR_REGION, credentials });
  let copies = 0;
  for await (const { versions } of listVersions({ s3, bucket: inDr(bucket), owner: DR_ACCOUNT }))
    copies += versions.length;
  s3.destroy();
  if (copies !== objects)
    throw new LifeboatError({
      what: `The copy of ${bucket} is not whole`,
      got: `${copies} versions`,
      expected: `${objects}`,
    });
}

function child(
  emulator: Emulator,
  args: readonly string[],
): Promise<{ said: Said; peakBytes: number | undefined; cpuSeconds: number }> {
  const started = spawn(
    process.execPath,
    ['--require', 'tsx/cjs', path.join(__dirname, 'child.ts'), ...args],
    {
      env: { ...process.env, ...emulator.env(DR_ACCOUNT, DR_REGION) },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  const stop = watch(started.pid ?? 0);
  let [stdout, stderr] = ['', ''];
  started.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  started.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr = `${stderr}${text}`.slice(-2_000);
  });
  return new Promise((resolve, reject) => {
    started.on('error', reject);
    started.on('close', (code) => {
      const { peakBytes, cpuSeconds } = stop();
      if (code === 0) resolve({ said: JSON.parse(stdout) as Said, peakBytes, cpuSeconds });
      else reject(new LifeboatError({ what: `Copying buckets ended with ${code}`, got: stderr }));
    });
  });
}

/** Calls to an action in all accounts; to all of them, of every service, with an empty one. */
function callsOf(calls: Readonly<Record<string, number>>, action: string): number {
  return Object.entries(calls)
    .filter(([key]) => action === '' || key.endsWith(`/${action}`))
    .reduce((sum, [, count]) => sum + count, 0);
}
