import type { Account } from '../accounts';
import { LifeboatError } from '../errors';
import type { Settings } from '../settings';
import { readAccepted } from './accepted';
import { acceptedVersions } from './acceptedVersions';
import { asOf } from './asOf';
import type { Inventory } from './inventory';
import { timeOf } from './moment';
import type { RecoveryRecord } from './recoveryRecord';
import type { VaultRecords } from './store';

/** What a run works from that does not ask the source. */
export interface SavedInventory extends Pick<Inventory, 'kinds' | 'fields' | 'gone'> {
  readonly notes: readonly string[];
  /** What the recovery was begun with, or is to be; undefined at rest, and in one that an older program began and this one ends. */
  readonly record?: RecoveryRecord;
}

type SavedSettings = Pick<Settings, 'sourceAccount' | 'sourceRegion' | 'recover' | 'recoverAt'>;

/**
 * The accepted inventory: the newest, or, for as long as a recovery lasts, the one that it was begun with. The first run of a recovery
 * chooses; nothing is written here.
 *
 * @param now what words such as `2 days ago` are resolved by
 * @throws LifeboatError when there is none, and when another moment is asked for than the recovery was begun with
 */
export async function savedInventory(
  dr: Account,
  vault: VaultRecords,
  { stack, ...settings }: SavedSettings & { readonly stack: string },
  now: Date,
): Promise<SavedInventory> {
  const { accepted, recovery } = vault;
  if (!accepted) {
    throw new LifeboatError({
      what: 'There is no accepted inventory in the vault to work from',
      got: `${settings.recover ? 'recover: true' : 'inventory: saved'} before any run with inventory: live has ended well`,
      expected: 'one good run with the source in reach',
      next: 'npm run pulumi -- config set lifeboat:inventory live && npm run pulumi -- up',
    });
  }
  if (settings.recover && recovery) refuseOtherMoment(recovery, settings.recoverAt, stack);
  const record =
    recovery ?? (settings.recover ? await begun(dr, vault, settings, { stack, now }) : undefined);
  if (!record?.inventory) return { ...accepted, record, notes: [] };
  const { versionId, time } = record.inventory;
  let then: Inventory | undefined;
  try {
    then = (await readAccepted(dr, { ...settings, stack }, versionId))?.inventory;
  } catch (error) {
    // The end of a recovery does not stop at it: its machines are removed whatever the mirror beside them is.
    if (settings.recover || !(error instanceof LifeboatError)) throw error;
    return {
      ...accepted,
      record,
      notes: [`the accepted inventory of ${time} could not be read: ${error.message}`],
    };
  }
  if (!then) return { ...accepted, record, notes: [] };
  const { notes, ...configuration } = asOf(then, accepted);
  const isTooNew = record.at !== undefined && time > record.at;
  return {
    ...configuration,
    record,
    notes: [
      isTooNew
        ? `NO ACCEPTED INVENTORY IS AS OLD AS ${record.at}: the oldest, of ${time}, is worked from. What the source had before is not known`
        : `the configuration is that of ${time}, the newest accepted inventory at ${record.at}`,
      ...notes,
      ...(record.asked !== undefined && !settings.recoverAt && settings.recover
        ? [`lifeboat:recoverAt is not set any more; this recovery stays at ${record.at}, as it was begun`]
        : []),
    ],
  };
}

/** Resolves what is asked for, once. */
async function begun(
  dr: Account,
  { pins }: VaultRecords,
  { recoverAt }: SavedSettings,
  { stack, now }: { stack: string; now: Date },
): Promise<RecoveryRecord> {
  const record = { begun: now.toISOString() };
  if (!recoverAt) return record;
  const at = timeOf(recoverAt, now);
  if (at > now) {
    throw new LifeboatError({
      what: 'lifeboat:recoverAt is a time to come',
      got: `${recoverAt.text}; it is ${now.toISOString()}`,
      expected: 'a time that is past, or none for the newest of everything',
      next: `npm run pulumi -- config rm lifeboat:recoverAt --stack ${stack}`,
    });
  }
  const chosen = { ...record, asked: recoverAt.text, at: at.toISOString() };
  // Begun by an older program, which worked from the newest: what runs of that must not be changed.
  if (pins.size > 0) return chosen;
  const versions = (await acceptedVersions(dr, stack)).filter(({ isDeletion }) => !isDeletion);
  const version = versions.find(({ time }) => time <= at) ?? versions.at(-1);
  if (!version) return chosen;
  return { ...chosen, inventory: { versionId: version.versionId, time: version.time.toISOString() } };
}

/** What runs was chosen as of the moment that it was begun with; half of an estate must not be of another. */
function refuseOtherMoment(
  { asked, at }: RecoveryRecord,
  recoverAt: SavedSettings['recoverAt'],
  stack: string,
): void {
  if (!recoverAt || recoverAt.text === asked) return;
  if (recoverAt.time instanceof Date && recoverAt.time.toISOString() === at) return;
  const config = 'npm run pulumi -- config';
  const back =
    asked === undefined ? `${config} rm lifeboat:recoverAt` : `${config} set lifeboat:recoverAt '${asked}'`;
  throw new LifeboatError({
    what: 'The recovery was begun as of another moment, so nothing is changed',
    got: recoverAt.text,
    expected: asked === undefined ? 'the newest of everything' : `${asked}, which was ${at}`,
    next: `${back} --stack ${stack}; one machine alone: npx lifeboat move-on NAME --to TIME --stack ${stack}; all of it: npx lifeboat stand-down --stack ${stack}, then recover again`,
  });
}
