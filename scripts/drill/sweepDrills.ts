import type { Account } from '../../accounts';
import type { Settings } from '../../settings';
import { REAL_CLOCK } from '../../snapshots/clock';
import type { CommonArgs, Deps } from '../command';
import { clear } from './clear';
import { drillProject } from './project';
import { refuseForeignStack } from './refuseBeside';
import { stackOfDrill } from './stackOfDrill';

/** `lifeboat drill --sweep`. @returns the exit code: 0 when nothing is left */
export async function sweepDrills(
  args: CommonArgs & { readonly 'poll-seconds': number },
  settings: Settings,
  dr: Account,
  deps: Deps,
): Promise<number> {
  await refuseForeignStack(settings, args, dr);
  const project = drillProject(args, {});
  try {
    const note = (text: string) => deps.stderr.write(`${text}\n`);
    const { found, left, engine } = await clear(dr, stackOfDrill(project, deps), project.stack, {
      // Whoever asks for it says that nobody runs one.
      isMeant: () => true,
      clock: deps.clock ?? REAL_CLOCK,
      pollMs: args['poll-seconds'] * 1000,
      note,
    });
    if (args.json) deps.stdout.write(`${JSON.stringify({ found, left, engine }, null, 2)}\n`);
    else {
      const lines = [
        found.length === 0
          ? 'No drill has left anything.'
          : `Of ${found.length} things that drills have left, ${left.length} are still there.`,
        ...left.map(({ type, id, problem }) => `  ${type} ${id}: ${problem}`),
        ...(engine === undefined ? [] : [`The stack ${project.stack} could not be removed: ${engine}`]),
      ];
      deps.stdout.write(`${lines.join('\n')}\n`);
    }
    return left.length === 0 && engine === undefined ? 0 : 1;
  } finally {
    project.close();
  }
}
