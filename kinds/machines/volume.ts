import { MUST_SNAP } from '../../snapshots/mustSnap';
import { type Item, type Kind, present, tagRecord } from '../kind';
import { describeVolumes } from '../sharedLookUps';
import type { Instance } from './instance';

export interface Volume extends Item {
  /** GiB. */
  readonly size: number;
  readonly volumeType: string;
  readonly iops?: number;
  /** MiB/s. */
  readonly throughput?: number;
  readonly encrypted: boolean;
}

/** A disk. Looked up for recovery, which makes it together with its machine, from a copy. */
export const volume: Kind<Volume> = {
  name: 'volume',
  title: 'EBS volume',
  cost: 'billed',
  types: [],
  iamActions: ['ec2:DescribeVolumes'],

  async list(account) {
    const volumes = await describeVolumes(account);
    return volumes.map((found) => ({
      id: present(found.VolumeId, 'VolumeId'),
      tags: tagRecord(found.Tags),
      size: present(found.Size, 'Size'),
      volumeType: present(found.VolumeType, 'VolumeType'),
      iops: found.Iops,
      throughput: found.Throughput,
      encrypted: present(found.Encrypted, 'Encrypted'),
    }));
  },

  danger(item, former, { accepted }) {
    if (!former || isTagged(former) === isTagged(item)) return undefined;
    if (isTagged(former))
      return `is no longer tagged ${MUST_SNAP.key}: its machine would not be recovered, or without this disk`;
    const isRecovered = (accepted.all('instance') as readonly Instance[]).some(
      ({ blockDevices }) =>
        blockDevices.some(({ volumeId }) => volumeId === item.id) &&
        blockDevices.some(({ volumeId }) => isTagged(accepted.find('volume', volumeId))),
    );
    return isRecovered
      ? `is tagged ${MUST_SNAP.key} now: until a set with this disk is copied, which may take days, its machine could not be recovered`
      : undefined;
  },
};

function isTagged(volume: Item | undefined): boolean {
  return volume?.tags[MUST_SNAP.key] === MUST_SNAP.value;
}
