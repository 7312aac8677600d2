import { paginateDescribeImages } from '@aws-sdk/client-ec2';
import { type Account, drAccount, refuseManagementAccount, sourceAccount } from '../accounts';
import { LifeboatError } from '../errors';
import { type Instance, instance } from '../kinds/instance';
import { allPages, tagRecord } from '../kinds/kind';
import { type Subnet, subnet } from '../kinds/subnet';
import { TAG } from '../names';
import type { Settings } from '../settings';
import { copiesInDr } from '../snapshots/catalogue';
import { collect, zoneIds } from './collect';
import { guard } from './guard';
import { INVENTORY_VERSION, type Inventory, type Items, itemsOf } from './inventory';
import { type Plan, plan } from './plan';
import { protectedInstances, type RecoveryPlan, recoveryPlan } from './recoveryPlan';
import { forgetStandDown, readVault, type VaultRecords } from './store';
import { mapZones } from './zones';

/** Everything that a run knows before it registers its first resource. */
export interface Prepared {
  /** What the vault is to hold as accepted once all else is done. */
  readonly inventory: Inventory;
  readonly plan: Plan;
  /** Undefined at rest. */
  readonly recovery: RecoveryPlan | undefined;
  /** What an earlier run recovered: ids in DR by the source's instance id. */
  readonly recovered: ReadonlyMap<string, { image?: string; instance?: string }>;
  readonly notes: readonly string[];
}

/**
 * Looks up, guards and plans: all that can go wrong with the source, the vault and the settings goes wrong here, before anything
 * is registered.
 *
 * @param stack the Pulumi stack, which names the records in the vault
 * @param isDryRun whether this is a preview, which changes nothing, not even a record
 * @throws LifeboatError, always before anything has changed
 */
export async function prepare(settings: Settings, stack: string, isDryRun: boolean): Promise<Prepared> {
  const dr = await drAccount(settings);
  const [vault, drItems, drZones, recovered] = await Promise.all([
    readVault(dr, stack, settings.sourceAccount),
    collect(dr, 'DR'),
    zoneIds(dr),
    recoveredImages(dr),
  ]);
  refuseSilentEnd(settings, vault, stack);
  // The end of a recovery, like its start, asks nothing of the source.
  const { kinds, gone, superseded } =
    settings.inventory === 'live' && vault.pins.size === 0
      ? guard(await live(settings), vault.accepted, settings)
      : { ...saved(vault, settings), superseded: new Map<string, string>() };
  const mapping = mapZones(
    (itemsOf(kinds, subnet) as readonly Subnet[]).map((item) => item.availabilityZoneId),
    drZones,
    vault.accepted?.zones ?? {},
    settings.zones,
  );
  const inventory: Inventory = {
    format: 'lifeboat-inventory',
    version: INVENTORY_VERSION,
    account: settings.sourceAccount,
    region: settings.sourceRegion,
    zones: mapping.zones,
    gone,
    kinds,
  };
  const mirror = plan({ kinds, superseded }, drItems, mapping.zones, settings);
  const names = new Set(mirror.resources.map((resource) => resource.name));
  const recovery = settings.recover
    ? recoveryPlan(inventory, await copiesInDr(dr), vault.pins, names, settings)
    : undefined;
  if (settings.recover && vault.standingDown && !isDryRun) await forgetStandDown(dr, stack);
  // At rest too, so that a machine that could not be recovered is known long before it has to be.
  const recoveryNotes = recovery ? recovery.notes : protectedInstances(inventory).notes;
  return {
    inventory,
    plan: mirror,
    recovery,
    recovered: withInstances(recovered, drItems),
    notes: [
      ...mapping.notes,
      ...gone.map((name) => `${name} is gone from the source and held`),
      ...mirror.notes,
      ...recoveryNotes,
    ],
  };
}

async function live(settings: Settings): Promise<Items> {
  await refuseManagementAccount(settings);
  return collect(await sourceAccount(settings), 'source');
}

function saved(vault: VaultRecords, settings: Settings): Pick<Inventory, 'kinds' | 'gone'> {
  if (vault.accepted) return vault.accepted;
  throw new LifeboatError({
    what: 'There is no accepted inventory in the vault to work from',
    got: `${settings.recover ? 'recover: true' : 'inventory: saved'} before any run with inventory: live has ended well`,
    expected: 'one good run with the source in reach',
    next: 'npm run pulumi -- config set lifeboat:inventory live && npm run pulumi -- up',
  });
}

/** A recovery is ended by stand-down, which sees to the machines' data first; never by a flag left out of a commit. */
function refuseSilentEnd(settings: Settings, vault: VaultRecords, stack: string): void {
  if (settings.recover || vault.pins.size === 0 || vault.standingDown) return;
  throw new LifeboatError({
    what: 'A recovery is active, and lifeboat:recover is not true: nothing is changed',
    got: `recover: false with ${vault.pins.size} machines under recovery: ${[...vault.pins.keys()].join(', ')}`,
    expected: 'recover: true for as long as they are needed',
    next: `npm run pulumi -- config set lifeboat:recover true --stack ${stack}; or, to end the recovery: npx lifeboat stand-down --stack ${stack}`,
  });
}

async function recoveredImages(dr: Account): Promise<Map<string, { image: string }>> {
  const pages = paginateDescribeImages(
    { client: dr.ec2 },
    { Owners: ['self'], Filters: [{ Name: 'tag-key', Values: [TAG.recoveryPoint] }] },
  );
  const images = (await allPages(pages, (page) => page.Images)).map((found) => ({
    id: found.ImageId ?? '',
    sourceId: tagRecord(found.Tags)[TAG.sourceId] ?? '',
  }));
  return new Map(
    images.map(({ id, sourceId }) => {
      refuseTwo(
        images.filter((other) => other.sourceId === sourceId).map((other) => other.id),
        sourceId,
      );
      return [sourceId, { image: id }];
    }),
  );
}

function withInstances(
  images: ReadonlyMap<string, { image: string }>,
  dr: Items,
): Map<string, { image?: string; instance?: string }> {
  const all = new Map<string, { image?: string; instance?: string }>(images);
  const machines = (itemsOf(dr, instance) as readonly Instance[]).filter(
    (item) => item.tags[TAG.recoveryPoint],
  );
  for (const machine of machines) {
    const sourceId = machine.tags[TAG.sourceId] ?? '';
    refuseTwo(
      machines.filter((other) => other.tags[TAG.sourceId] === sourceId).map((other) => other.id),
      sourceId,
    );
    all.set(sourceId, { ...all.get(sourceId), instance: machine.id });
  }
  return all;
}

function refuseTwo(ids: readonly string[], sourceId: string): void {
  if (ids.length < 2) return;
  throw new LifeboatError({
    what: `Two objects in DR claim to be the recovery of ${sourceId}`,
    got: ids.join(', '),
    expected: 'one',
    next: `look at both, and take the tag off the one that Lifeboat did not make: aws ec2 delete-tags --resources ${ids[1]} --tags Key=${TAG.sourceId}`,
  });
}
