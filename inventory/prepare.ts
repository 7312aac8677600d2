import { setTimeout as sleep } from 'node:timers/promises';
import { drAccount, refuseManagementAccount, sourceAccount } from '../accounts';
import { LifeboatError } from '../errors';
import { kinds } from '../kinds';
import { image } from '../kinds/machines/image';
import { instance } from '../kinds/machines/instance';
import { type Subnet, subnet } from '../kinds/network/subnet';
import type { Settings } from '../settings';
import { chosenVpcs, onlyVpcs } from './chosenVpcs';
import { collect, collectWhatAnswers, zoneIds } from './collect';
import { drillImages } from './drill/drillMachines';
import { DRILL_KINDS, drilled, drillRecovery, launchesOf } from './drill/drillOf';
import { ofDrill } from './drill/ofDrill';
import { sealed } from './drill/sealed';
import { refuseWhatDoesNotFit } from './fit';
import { guard } from './guard/guard';
import { imagesInDr } from './imagesInDr';
import { imagesLike } from './imagesLike';
import { inRecovery, machinesLost } from './inRecovery';
import {
  INVENTORY_VERSION,
  type Inventory,
  type Items,
  inventoryText,
  itemName,
  itemsOf,
  partsOf,
} from './inventory';
import { leftOfRecovery } from './leftOfRecovery';
import { movingMachines } from './movingMachines';
import { plan } from './plan';
import { MADE_AGAIN, NOT_PLANNED, type Plan, type PlanOptions } from './planned';
import { type PreflightProblem, preflight } from './preflight';
import { quotaValues } from './quotaValues';
import { readiness } from './readiness';
import { type Recovered, recoveredInstances, recoveredInterfaces, recoveredTypes } from './recovered';
import { recoveryCopies } from './recoveryCopies';
import { type RecoveryPlan, recoveryPlan } from './recoveryPlan';
import { type ChosenPoint, pointsText, recoveryPoints, spreadNotes } from './recoveryPoints';
import { writeRecoveryRecord } from './recoveryRecord';
import { refuseLeftovers } from './refuseLeftovers';
import { refuseLost } from './refuseLost';
import { refuseSilentEnd } from './refuseSilentEnd';
import { refuseToForget } from './refuseToForget';
import { refuseToLeaveUnseen } from './refuseToLeaveUnseen';
import { removeFromDr } from './removeFromDr';
import { savedInventory } from './savedInventory';
import { seeHomeFits } from './seeHomeFits';
import { forgetStandDown, isActive, readVault, type VaultRecords } from './store';
import { perKind } from './summary';
import { newBuckets, takenNames, takenNotes } from './takenBuckets';
import { refuseUnclaimed, wayHome } from './wayHome';
import { mapZones } from './zones';

/** Milliseconds until what was made is sure to be listed: AWS is consistent after seconds, and promises no time. */
const SETTLE_MS = 20_000;

/** Everything that a run knows before it registers its first resource. */
export interface Prepared {
  /** What the vault is to hold as accepted once all else is done. */
  readonly inventory: Inventory;
  readonly plan: Plan;
  /** Undefined at rest. */
  readonly recovery: RecoveryPlan | undefined;
  /** What each machine is recovered from, as data and for people. Undefined at rest. */
  readonly points: { readonly chosen: readonly ChosenPoint[]; readonly text: string } | undefined;
  /** The source's ids of machines that the state holds and DR does not any more: launches that died, say. They are made again. */
  readonly lostMachines: ReadonlySet<string>;
  /** What an earlier run recovered. */
  readonly recovered: Recovered;
  /** The source's ids of machines that are replaced, from another recovery point. See movingMachines.ts. */
  readonly moving: ReadonlySet<string>;
  /** Takes an object out of DR that the mirror may not adopt, by its name in the plan and its id. See Kind.madeAnew. */
  remove(item: string, id: string): Promise<void>;
  /** Whether the vault holds exactly this inventory as accepted. */
  readonly isAccepted: boolean;
  readonly notes: readonly string[];
  /** What a recovery would fail by, were it today; nothing while one is active. */
  readonly preflight: readonly PreflightProblem[];
}

/**
 * Looks up, guards and plans: all that can go wrong with the source, the vault and the settings goes wrong here, before anything
 * is registered.
 *
 * @param stack the Pulumi stack, which names the records in the vault
 * @param state what Pulumi's state holds, names to ids
 * @param isDryRun whether this is a preview, which changes nothing, not even a record
 * @param isSecondLook whether DR was looked at before, and lacked something
 * @throws LifeboatError, always before anything has changed
 */
export async function prepare(
  settings: Settings,
  stack: string,
  isDryRun: boolean,
  state: ReadonlyMap<string, string>,
  isSecondLook = false,
): Promise<Prepared> {
  const { drill } = settings;
  const base = drill === undefined ? stack : drilled(stack);
  const dr = await drAccount(settings);
  const [vault, { items: all, unseen }, drZones, images, interfaces, quotas] = await Promise.all([
    readVault(dr, { ...settings, stack: base }, drill === undefined ? undefined : stack),
    settings.inventory === 'saved'
      ? collectWhatAnswers(dr, settings, drill === undefined ? kinds : DRILL_KINDS)
      : collect(dr, 'DR', settings).then((items) => ({ items, unseen: new Map<string, string>() })),
    zoneIds(dr),
    imagesInDr(dr, Object.values(settings.images)),
    recoveredInterfaces(dr, drill),
    // Whether it matters that they cannot be read is known only once there is a plan.
    quotaValues(settings.drRegion, { waitsForGlobal: settings.inventory === 'live' }).catch(refusal),
  ]);
  // A drill and the mirror stand for the same objects of the source.
  const drItems = ofDrill(all, drill);
  const recovered = {
    images,
    interfaces,
    instances: recoveredInstances(drItems),
    types: recoveredTypes(drItems),
  };
  await refuseSilentEnd(settings, vault, dr, stack);
  refuseLeftovers(settings, vault, { ...leftOfRecovery(drItems), interfaces }, stack);
  // The end of a recovery, like its start, asks nothing of the source.
  const isRecovering = settings.recover || isActive(vault);
  const now = new Date();
  const saved =
    settings.inventory === 'live' && !isRecovering
      ? undefined
      : await savedInventory(dr, vault, { ...settings, stack: base }, now);
  const {
    kinds: items,
    fields,
    gone,
    superseded,
    notes,
  } = saved
    ? { ...saved, superseded: new Map<string, string>() }
    : guard(await live(settings, vault, drItems), vault.accepted, { ...settings, stack, now });
  const mapping = mapZones(
    (itemsOf(items, subnet) as readonly Subnet[]).map((item) => item.availabilityZoneId),
    drZones,
    vault.accepted?.zones ?? {},
    settings.zones,
  );
  const chosen = chosenVpcs(settings.vpcs, items.vpc ?? [], vault.accepted?.vpcs ?? {});
  const inventory: Inventory = {
    format: 'lifeboat-inventory',
    version: INVENTORY_VERSION,
    account: settings.sourceAccount,
    region: settings.sourceRegion,
    zones: mapping.zones,
    gone,
    ...(Object.keys(chosen.byTag).length > 0 && { vpcs: chosen.byTag }),
    fields,
    kinds: items,
  };
  const like = drill === undefined ? await imagesLike(dr, items, drItems) : [];
  const inDr = { ...drItems, [image.name]: like };
  const way = settings.home ? wayHome(items, drItems) : undefined;
  if (way) refuseUnclaimed(way, state, stack);
  const planOptions = {
    ...settings,
    onlyVpcs: onlyVpcs(settings.vpcs, chosen),
    unseen,
    isRecovering,
    ...(way && { wayHome: way }),
  };
  const planned = (more: Pick<PlanOptions, 'takenBuckets' | 'recover'> = {}) =>
    plan({ kinds: items, gone, superseded }, inDr, mapping.zones, { ...planOptions, ...more }, state);
  const whole = planned();
  // What a run made that was killed just now may not show yet; made again, there would be two of it.
  if (whole.lost.length > 0 && isRecovering && !isSecondLook) {
    await sleep(SETTLE_MS);
    return prepare(settings, stack, isDryRun, state, true);
  }
  refuseToLeaveUnseen(whole, unseen, state, isRecovering);
  const occupied = way ? seeHomeFits(whole, { kinds: items, home: drItems, state, settings }) : [];
  refuseLost(whole, stack, isRecovering && state.has(MADE_AGAIN));
  const taken = await takenNames(dr, newBuckets(whole, drItems));
  const mirror = taken.size === 0 ? whole : planned({ takenBuckets: taken });
  const names = new Set(mirror.resources.map((resource) => resource.item));
  const recoverAt = saved?.record?.at === undefined ? undefined : new Date(saved.record.at);
  const held = settings.recover ? await recoveryCopies(dr, inventory, vault.pins, { recoverAt }) : undefined;
  const whatRuns =
    held &&
    recoveryPlan(inventory, held.copies, vault.pins, names, {
      ...settings,
      recoverAt,
      ...(drill !== undefined && { imagePrefix: drillImages(drill) }),
      recovered,
    });
  const recovery = drill === undefined ? whatRuns : whatRuns && drillRecovery(whatRuns, drill);
  const moving = recovery
    ? await movingMachines(dr, vault.pins, recovered.instances, { stack, state, now, isDryRun })
    : new Set<string>();
  const points = recovery && recoveryPoints(recovery, vault.pins);
  const lostMachines = machinesLost(recovery, state, recovered);
  // What was launched just now may not show yet either; launched again, there would be two of it.
  if (lostMachines.size > 0 && !isSecondLook) {
    await sleep(SETTLE_MS);
    return prepare(settings, stack, isDryRun, state, true);
  }
  if (settings.recover && vault.standingDown && !isDryRun) await forgetStandDown(dr, stack);
  const atRest = recovery
    ? undefined
    : await readiness(inventory, names, dr, {
        ...settings,
        imagesInDr: images,
        dr: drItems,
        inDr: mirror.inDr,
      });
  const fit = refuseWhatDoesNotFit({
    plan: mirror,
    launches: atRest?.launches ?? launchesOf(recovery, drill),
    source: items,
    // Whoever made it, it counts.
    dr: all,
    zones: mapping.zones,
    values: quotas,
    settings,
    state,
    isRecovering: isRecovering && (drill === undefined || state.size > 0),
    isDrill: drill !== undefined,
  });
  const problems = atRest
    ? preflight({
        ...atRest,
        unplanned: planned({ takenBuckets: taken, recover: true }).skipped.filter(({ reason }) =>
          reason.startsWith(NOT_PLANNED),
        ),
        quotas: fit.atRecovery,
        drRegion: settings.drRegion,
      })
    : [];
  // What is accepted is what the source showed last, also while a recovery works from what it was: the guard goes on from that.
  const accepted =
    saved?.record?.inventory && vault.accepted ? { ...vault.accepted, zones: mapping.zones } : inventory;
  // Before anything is made: a run that is killed right after it is gone on with as of the same moment.
  if (settings.recover && drill === undefined && saved?.record && !vault.recovery && !isDryRun)
    await writeRecoveryRecord(dr, stack, saved.record);
  return {
    inventory: accepted,
    plan:
      drill !== undefined
        ? sealed(mirror)
        : recovery
          ? inRecovery(mirror, recovery, { kinds: items, lostMachines, moving, settings, state })
          : mirror,
    recovery,
    lostMachines,
    points: points && { chosen: points, text: pointsText(points, saved?.record ?? {}, now) },
    recovered,
    moving,
    remove: (item, id) => removeFromDr(dr, item, id),
    isAccepted: vault.acceptedText === inventoryText(accepted),
    notes: [
      ...takenNotes(taken),
      ...mapping.notes,
      ...chosen.notes,
      ...notes,
      ...perKind(
        Object.keys(gone).map((name) => [name, partsOf(name).id]),
        'gone from the source and held',
      ),
      ...perKind(
        mirror.lost.map((name) => [name, partsOf(name).id]),
        'removed in DR, not by Lifeboat, and made again',
      ),
      ...perKind(
        [...lostMachines].map((id) => [itemName(instance.name, id), id]),
        'not in DR any more, and launched again from its recovery point',
      ),
      ...mirror.notes,
      ...occupied,
      ...fit.notes,
      ...(held?.notes ?? []),
      ...spreadNotes(points ?? [], settings.rpoHours),
      ...(recovery?.notes ?? atRest?.notes ?? []),
      ...problems.map(({ what, next }) => `${what}; next: ${next}`),
    ],
    preflight: problems,
  };
}

/** An error that its user can mend, as a value; any other is thrown again. */
function refusal(error: unknown): LifeboatError {
  if (error instanceof LifeboatError) return error;
  throw error;
}

async function live(settings: Settings, vault: VaultRecords, dr: Items): Promise<Items> {
  await refuseManagementAccount(settings);
  const all = await collect(await sourceAccount(settings), 'source', settings);
  // On the way home the source is DR, where drills may have left something. Of another source no tag hides anything.
  const found = settings.home ? ofDrill(all) : all;
  if (!vault.accepted && settings.removals === 'hold') refuseToForget(found, dr, settings);
  return found;
}
