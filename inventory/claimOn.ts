import type { Instance } from '../kinds/machines/instance';

/**
 * What two machines cannot both have when they are recovered: `Name`, `address`, or `Name and address`; undefined when they stand in
 * nobody's way. Pure.
 */
export function claimOn(one: Instance, other: Instance): string | undefined {
  const shared = [
    (one.tags.Name ?? '') !== '' && one.tags.Name === other.tags.Name && 'Name',
    one.privateIpAddress !== undefined &&
      one.privateIpAddress === other.privateIpAddress &&
      one.subnetId === other.subnetId &&
      'address',
  ].filter((what) => what !== false);
  return shared.length > 0 ? shared.join(' and ') : undefined;
}
