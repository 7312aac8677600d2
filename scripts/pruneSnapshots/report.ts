import type { Deletions } from '../../snapshots/deleteSets';
import type { KeepRules } from '../../snapshots/keepRules';
import { doomedSets, type PlannedSet, type RetentionPlan } from '../../snapshots/retain';
import { age } from '../age';
import { table } from '../table';

/** All that a run of prune-snapshots tells. */
export interface Pruning {
  readonly plan: RetentionPlan;
  /** What only claims to be a copy. */
  readonly foreign: readonly { readonly id: string; readonly why: string }[];
  readonly rules: KeepRules;
  readonly now: Date;
}

/** Every set with what becomes of it and why. */
export function pruningText({ plan, foreign, now }: Pruning): string {
  const rows = plan.machines.flatMap(({ id, name, sets }) =>
    sets.map((set) => [
      name || id,
      set.point ?? `${set.kind}, ${set.time.toISOString()}`,
      age(set.time, now),
      String(set.copies.length),
      String(gib(set)),
      set.keep ? 'kept' : 'to go',
      set.why.join('; '),
    ]),
  );
  const others = [
    ...foreign.map(({ id, why }) => [id, 'kept', `not proven ours: ${why}`]),
    ...plan.strays.map(({ id, sourceVolumeId }) => [
      id,
      'kept',
      `of ${sourceVolumeId}, which no machine of the accepted inventory has`,
    ]),
  ];
  const held = plan.machines.flatMap(({ id, name, held: why }) =>
    why !== undefined && why !== plan.sick ? [`Nothing of ${name || id} goes: ${why}.\n`] : [],
  );
  const all = plan.machines.reduce((sum, { sets }) => sum + sets.length, 0);
  const going = doomedSets(plan);
  return [
    table(['machine', 'recovery point', 'age', 'copies', 'GiB', 'what', 'why'], rows),
    table(['copy', 'what', 'why'], others),
    ...held,
    ...(plan.sick === undefined ? [] : [`Nothing goes: ${plan.sick}.\n`]),
    `${going.length} of ${all} sets go, ${copiesOf(going).length} copies; ` +
      `${others.length} copies of no machine stay.\n`,
  ].join('');
}

/** What was done, after that. */
export function doneText({ deleted, failed }: Deletions, stack: string): string {
  const failures =
    failed.length === 0
      ? ''
      : ` ${failed.length} could not be: ${failed.map(({ copy, reason }) => `${copy} (${reason})`).join(', ')}. ` +
        `The next run tries again: npx lifeboat prune-snapshots --delete --stack ${stack}`;
  return `${deleted.length} copies deleted; their manifests stay.${failures}\n`;
}

/** The same as one document. */
export function pruningJson({ plan, foreign, rules }: Pruning, done?: Deletions): string {
  const document = {
    done: done !== undefined,
    rules,
    sick: plan.sick,
    machines: plan.machines.map(({ id, name, held, sets }) => ({
      instance: id,
      name,
      held,
      sets: sets.map(({ kind, point, time, copies, keep, why }) => ({
        kind,
        point,
        time: time.toISOString(),
        copies: copies.map((copy) => copy.id),
        keep,
        why,
      })),
    })),
    strays: plan.strays.map(({ id, sourceVolumeId }) => ({ copy: id, volume: sourceVolumeId })),
    foreign: foreign.map(({ id, why }) => ({ copy: id, why })),
    deleted: done?.deleted ?? [],
    failed: done?.failed ?? [],
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

/** The ids of all copies of some sets. */
export function copiesOf(sets: readonly PlannedSet[]): string[] {
  return sets.flatMap(({ copies }) => copies.map(({ id }) => id));
}

/** Of the disks, not of what AWS bills: that is the difference to other copies, which it does not tell. */
function gib({ copies }: PlannedSet): number {
  return copies.reduce((sum, { size }) => sum + size, 0);
}
