import { DR, SOURCE, Stage, succeeded } from '../../demo/stage';
import type { RecoverReport } from '../../recover/drive';
import { measure } from '../measure';
import { callsBetween } from '../pages';
import type { BenchProgress } from '../progress';
import { longestChains, type RecoverMeasured } from './report';
import type { RecoverSize } from './sizes';
import { seedMachines } from './world';

/** Milliseconds that the emulator adds to each call. */
const LATENCY = 20;

/** Measures `lifeboat recover` with the real engine and provider, the source blocked, every policy enforced. */
export async function runRecoverBench(size: RecoverSize, progress: BenchProgress): Promise<RecoverMeasured> {
  const stage = await progress.step('engine and emulator', undefined, () => Stage.open());
  try {
    await stage.emulator.config({ copyMiBps: 200 * 1024, quotas: { 'L-1216C47A': 4 * size.machines } });
    await progress.step(`${size.machines} machines`, size.machines, (made) =>
      seedMachines(stage.ec2(SOURCE), size, made),
    );
    await progress.step('vault, source, mirror, copies', undefined, () => prepared(stage));
    await stage.loseSource();
    await stage.emulator.config({
      latencyMs: LATENCY,
      imageSeconds: size.imageSeconds,
      statusSeconds: size.statusSeconds,
    });
    const env = await stage.role('lifeboat-recover');
    const before = (await stage.emulator.state()).calls;
    const began = Date.now();
    let report: RecoverReport | undefined;
    const used = await progress.step('recovery', undefined, () =>
      measure(async (observed) => {
        const args = ['recover', '--confirm', DR.account, '--json', '--poll-seconds', '2'];
        const finished = succeeded(await stage.lifeboat(args, { env, ...observed }));
        report = JSON.parse(finished.stdout) as RecoverReport;
        return finished;
      }),
    );
    if (!report) throw new Error('The recovery gave no report');
    const after = (await stage.emulator.state()).calls;
    const sum = (calls: Record<string, number>) => Object.values(calls).reduce((all, each) => all + each, 0);
    const ready = report.steps.flatMap(({ machines }) =>
      machines.map((machine) => Date.parse(machine.ready ?? '')),
    );
    return {
      size,
      latency: LATENCY,
      readyMs: Math.max(...ready) - began,
      wholeMs: used.milliseconds,
      chains: longestChains(report),
      ec2Calls: sum(callsBetween(before, after, `${DR.account}/${DR.region}/ec2/`)),
      calls: sum(callsBetween(before, after, '')),
      peakBytes: used.peakBytes,
    };
  } finally {
    await stage.close();
  }
}

async function prepared(stage: Stage): Promise<void> {
  await stage.up('vault', { env: stage.root(DR) });
  await stage.up('source', { env: stage.root(SOURCE) });
  succeeded(await stage.lifeboat(['tag-volumes'], { env: stage.root(SOURCE) }));
  await stage.emulator.runDlm();
  await stage.emulator.config({ enforceIam: true });
  const run = await stage.role('lifeboat-run');
  await stage.up('.', { env: run });
  succeeded(await stage.lifeboat(['copy-snapshots', '--poll-seconds', '1'], { env: run }));
}
