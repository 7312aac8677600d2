import { type Account, accountOf } from '../../accounts';
import { SOURCE, Stage, succeeded } from '../demo/stage';
import { BARE, layBare } from './bare';
import { existing } from './existing';
import { timeLookUps } from './lookUps';
import { measure, shortest } from './measure';
import { callsBetween, lookUpPages } from './pages';
import type { BenchProgress } from './progress';
import type { Measured, Run } from './report';
import { quotasFor, seed, seedCalls } from './seed';
import { type Size, sizeText } from './size';

/** Milliseconds that the emulator adds to each call. */
const LATENCY = 20;
/** The same where waiting is most of a call, as it is in AWS: the emulator works on one call at a time. */
const LONG_LATENCY = 200;
/** How often look-ups are timed; the shortest counts. */
const LOOK_UPS = 3;
const UP = ['up', '--yes', '--skip-preview', '--stack', 'dr'];
const NO_OP = [...UP, '--expect-no-changes'];

/** How a bench is run. */
export interface BenchOptions {
  readonly size: Size;
  /** How often the two no-op runs are measured, in turns; the shortest counts. */
  readonly rounds: number;
  readonly progress: BenchProgress;
}

/** Runs the whole bench on a stage of its own. */
export async function runBench({ size, rounds, progress }: BenchOptions): Promise<Measured> {
  const stage = await progress.step('engine and emulator', undefined, () => Stage.open());
  try {
    await stage.emulator.config({ quotas: quotasFor(size) });
    const source = stage.ec2(SOURCE);
    await progress.step(sizeText(size), seedCalls(size), (made) => seed(source, size, made));
    await progress.step('vault and source', undefined, async () => {
      await stage.up('vault');
      await stage.up('source', { env: stage.root(SOURCE) });
    });
    succeeded(await stage.pulumi('.', ['stack', 'init', 'dr']));

    await stage.emulator.config({ latencyMs: LATENCY });
    const account = sourceOf(stage);
    const lookUp = await progress.step('look-ups', undefined, () => timeLookUps(account, LOOK_UPS));
    await stage.emulator.config({ latencyMs: LONG_LATENCY });
    const far = await progress.step('look-ups, far away', undefined, () => timeLookUps(account, LOOK_UPS));
    await stage.emulator.config({ latencyMs: LATENCY });
    const first = await progress.step('first run', lookUp.objects, async (made) => {
      // A run that is killed is finished by the next without the state, so this one need not write it 10,000 times.
      const env = { ...(await runRole(stage)), PULUMI_SKIP_CHECKPOINTS: 'true' };
      return measure((observed) => stage.pulumi('.', UP, { env, ...observed }), made);
    });
    const resources = await progress.step('bare program', undefined, () => layBare(stage));

    const noOps: Run[] = [];
    const bares: Run[] = [];
    const calls: Record<string, number>[] = [];
    for (let round = 1; round <= rounds; round += 1) {
      calls.push((await stage.emulator.state()).calls);
      const env = await runRole(stage);
      const noOp = (observed: object) => stage.pulumi('.', NO_OP, { env, ...observed });
      noOps.push(await progress.step(`no-op run ${round}`, undefined, () => measure(noOp)));
      calls.push((await stage.emulator.state()).calls);
      const bare = (observed: object) => stage.pulumi(BARE, NO_OP, observed);
      bares.push(await progress.step(`no-op run ${round}, bare`, undefined, () => measure(bare)));
    }
    const [before = {}, after = {}] = calls;
    const made = callsBetween(before, after, `${SOURCE.account}/${SOURCE.region}/ec2/`);
    return {
      estate: sizeText(size),
      latency: LATENCY,
      pages: lookUpPages(made, await existing(source)),
      lookUp,
      far: { ...far, latency: LONG_LATENCY },
      resources,
      first,
      noOp: shortest(noOps),
      bare: shortest(bares),
    };
  } finally {
    await stage.close();
  }
}

/** Its credentials last an hour, so each run is given new ones. */
function runRole(stage: Stage): Promise<Record<string, string>> {
  return stage.role('lifeboat-run');
}

/** The source, with clients as the program makes them. */
function sourceOf(stage: Stage): Account {
  return accountOf(SOURCE.account, SOURCE.region, stage.client(SOURCE));
}
