import { LifeboatError } from '../errors';
import type { RecoveredMachine } from '../snapshots/recoveredMachines';
import type { StandDownRecord } from '../snapshots/recoveryRecords';

/**
 * How long a record speaks for a machine of which AWS cannot show that it has stood still since. The run that stand-down starts
 * begins seconds after the record is written.
 */
const FRESH_MS = 10 * 60_000;

/** What the end of a recovery is judged by. */
export interface StandDownFacts {
  /** The source's instances that this stack has under recovery. */
  readonly pinned: ReadonlySet<string>;
  /** Undefined when there is none, or it is damaged. */
  readonly record: StandDownRecord | undefined;
  /** The recovered machines in DR that are not terminated. */
  readonly machines: readonly RecoveredMachine[];
  readonly stack: string;
  readonly now: Date;
  /** What an error says is to be typed again. Default: stand-down */
  readonly command?: string;
}

/**
 * Refuses to remove recovered machines unless the final snapshots of each hold all that it has written. A recovery is ended by
 * stand-down, never by a flag left out of a commit, and never by the record of a stand-down that was given up. Pure.
 *
 * @throws LifeboatError
 */
export function standDownGuard({
  pinned,
  record,
  machines,
  stack,
  now,
  command = `npx lifeboat stand-down --stack ${stack}`,
}: StandDownFacts): void {
  if (!record) {
    throw new LifeboatError({
      what: 'A recovery is active, and lifeboat:recover is not true: nothing is changed',
      got: `recover: false with ${pinned.size} machines under recovery${[...pinned].map((id) => ` ${id}`).join()}`,
      expected: 'recover: true for as long as they are needed',
      next: `npm run pulumi -- config set lifeboat:recover true --stack ${stack}; or, to end the recovery: npx lifeboat stand-down --stack ${stack}`,
    });
  }
  const isFresh = Math.abs(Number(now) - Date.parse(record.time)) < FRESH_MS;
  const unsaved = machines
    .filter(({ sourceId }) => pinned.has(sourceId))
    .flatMap((machine) => {
      const problem = problemOf(machine, record, isFresh);
      return problem ? [`${machine.name} (${machine.id}): ${problem}`] : [];
    });
  if (unsaved.length === 0) return;
  throw new LifeboatError({
    what: 'Recovered machines may have written what their final snapshots do not hold: nothing is removed',
    got: unsaved.join('; '),
    expected: `each machine stopped since before its final snapshots, which were taken at ${record.time}`,
    next: command,
  });
}

function problemOf(
  { id, state, stoppedAt }: RecoveredMachine,
  { stopped, machines }: StandDownRecord,
  isFresh: boolean,
): string | undefined {
  const known = machines.find(({ instance }) => instance === id);
  if (!known) return 'the stand-down has not taken its final snapshots';
  if (!stopped && isFresh) return undefined;
  if (state !== 'stopped') return `${state} since`;
  // Both are AWS's own times: the clock of whoever ran stand-down may be wrong. One that was started and stopped again has another.
  const stop = stoppedAt?.toISOString();
  if (stop !== known.stoppedAt)
    return `stopped ${stop ?? 'at a time that AWS does not tell'}, not ${known.stoppedAt ?? 'then'}`;
  // AWS gives no time where the machine shut itself down. It may then have run in between, so that only a fresh record is believed.
  if (stop === undefined && !isFresh)
    return 'AWS does not tell when it was stopped, and its final snapshots are over 10 minutes old';
  return undefined;
}
