import { type Instance, instance } from '../../kinds/machines/instance';
import { volume } from '../../kinds/machines/volume';
import { claimOn } from '../claimOn';
import { digestOf, itemName, itemsOf } from '../inventory';
import { protectedNames } from '../protectedNames';
import type { Change, Held } from './guardHold';
import type { Stop } from './guardStops';

/** A protected machine that has what only one machine can have, while the one that had it is gone and held. */
export interface Succession {
  /** Ids of the machines whose place it would take. */
  readonly gone: readonly string[];
  readonly by: string;
  readonly stop: Stop;
}

/**
 * Machines that would be recovered in the place of others. Whoever has the source's keys can destroy a machine and start another of its
 * Name: until somebody says that this one is its successor, the one that is gone is the one to be recovered. Pure.
 *
 * A machine without a tagged disk is not recovered, so that it takes nobody's place.
 */
export function successions(
  changes: readonly Change[],
  { kinds, gone }: Pick<Held, 'kinds' | 'gone'>,
): Succession[] {
  const ours = protectedNames({ kinds });
  const machines = (itemsOf(kinds, instance) as readonly Instance[]).filter(({ id }) =>
    ours.has(itemName(instance.name, id)),
  );
  const isGone = ({ id }: Instance) => Object.hasOwn(gone, itemName(instance.name, id));
  const lost = machines.filter(isGone);
  return machines
    .filter((machine) => !isGone(machine))
    .flatMap((machine): Succession[] => {
      const places = lost.flatMap((former) => {
        const what = claimOn(machine, former);
        return what === undefined ? [] : [{ former, what }];
      });
      if (places.length === 0) return [];
      const change = changes.find(({ kind, id }) => kind === instance && id === machine.id);
      const stop = {
        name: itemName(instance.name, machine.id),
        happened: happenedTo(change),
        why: places
          .map(
            ({ former, what }) =>
              `has the ${what} of ${itemName(instance.name, former.id)}, which is gone and protected: it would be recovered in its place`,
          )
          .join('; '),
        digest: digestOf({ successor: machine, gone: places.map(({ former }) => former) }),
      };
      return [{ gone: places.map(({ former }) => former.id), by: machine.id, stop }];
    });
}

function happenedTo(change: Change | undefined): string {
  if (!change || (change.former && change.fields.length === 0)) return 'was accepted beside it';
  return change.former ? `changed: ${change.fields.join(', ')}` : 'new';
}

/**
 * What is held, without the machines whose successors somebody has accepted: nothing need be remembered of that once the entry has
 * expired. Their copies stay. Pure.
 */
export function withoutReplaced<T extends Pick<Held, 'kinds' | 'gone' | 'superseded'>>(
  held: T,
  accepted: readonly Succession[],
): T {
  if (accepted.length === 0) return held;
  const replaced = new Map(accepted.flatMap(({ gone, by }) => gone.map((id) => [id, by] as const)));
  const machines = itemsOf(held.kinds, instance) as readonly Instance[];
  const stay = machines.filter(({ id }) => !replaced.has(id));
  const needed = new Set(stay.flatMap(({ blockDevices }) => blockDevices.map(({ volumeId }) => volumeId)));
  const theirs = machines
    .filter(({ id }) => replaced.has(id))
    .flatMap(({ blockDevices }) => blockDevices.map(({ volumeId }) => volumeId));
  // A disk that the source still has was taken over, or is left there: it is not gone.
  const disks = new Set(
    theirs.filter((id) => !needed.has(id) && Object.hasOwn(held.gone, itemName(volume.name, id))),
  );
  const ended = new Set([
    ...[...replaced.keys()].map((id) => itemName(instance.name, id)),
    ...[...disks].map((id) => itemName(volume.name, id)),
  ]);
  return {
    ...held,
    kinds: {
      ...held.kinds,
      [instance.name]: stay,
      [volume.name]: (held.kinds[volume.name] ?? []).filter(({ id }) => !disks.has(id)),
    },
    gone: Object.fromEntries(Object.entries(held.gone).filter(([name]) => !ended.has(name))),
    superseded: new Map([
      ...held.superseded,
      ...[...replaced].map(([id, by]) => [itemName(instance.name, id), by] as const),
    ]),
  };
}
