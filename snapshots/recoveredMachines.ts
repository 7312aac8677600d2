import {
  type Instance as AwsInstance,
  paginateDescribeInstances,
  paginateDescribeVolumes,
} from '@aws-sdk/client-ec2';
import type { Account } from '../accounts';
import { allPages, present, tagRecord } from '../kinds/kind';
import { TAG } from '../names';

/** A machine in DR that a recovery has brought up. */
export interface RecoveredMachine {
  readonly id: string;
  /** The source's instance that it stands for. */
  readonly sourceId: string;
  /** Its Name tag, or its id. */
  readonly name: string;
  /** `pending`, `running`, `stopping` or `stopped`. */
  readonly state: string;
  /** Its private address; none in an IPv6-only subnet. */
  readonly address?: string;
  /** When it was asked to stop, where it is stopped and AWS says so. */
  readonly stoppedAt?: Date;
  readonly tags: Readonly<Record<string, string>>;
  /** Its disks' ids. */
  readonly volumeIds: readonly string[];
}

/**
 * Every recovered machine in DR that is not terminated; told by tags that only DR sets. All pages, or it throws.
 *
 * @param drill the drill whose machines are meant. Default: those of recoveries, and no drill's
 */
export async function recoveredMachines(
  dr: Pick<Account, 'ec2'>,
  drill?: string,
): Promise<RecoveredMachine[]> {
  const Filters = [
    { Name: 'tag-key', Values: [TAG.recoveryPoint] },
    { Name: 'instance-state-name', Values: ['pending', 'running', 'stopping', 'stopped'] },
  ];
  const reservations = await allPages(
    paginateDescribeInstances({ client: dr.ec2 }, { Filters }),
    (page) => page.Reservations,
  );
  return reservations
    .flatMap((reservation) => present(reservation.Instances, 'Instances'))
    .flatMap(asMachine)
    .filter(({ tags }) => tags[TAG.drill] === drill)
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

function asMachine(found: AwsInstance): RecoveredMachine[] {
  const tags = tagRecord(found.Tags);
  const sourceId = tags[TAG.sourceId];
  if (!sourceId) return [];
  const id = present(found.InstanceId, 'InstanceId');
  return [
    {
      id,
      sourceId,
      name: tags.Name || id,
      state: present(found.State?.Name, 'State.Name'),
      address: found.PrivateIpAddress,
      stoppedAt: stopTime(found),
      tags,
      volumeIds: (found.BlockDeviceMappings ?? [])
        .map(({ Ebs }) => present(Ebs?.VolumeId, 'Ebs.VolumeId'))
        .sort(),
    },
  ];
}

/** AWS says it only in a sentence: `User initiated (2026-01-31 04:00:00 GMT)`. */
function stopTime({ State, StateTransitionReason = '' }: AwsInstance): Date | undefined {
  const [, date, time] = /\((\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)[^)]*\)/.exec(StateTransitionReason) ?? [];
  return State?.Name === 'stopped' && date ? new Date(`${date}T${time}Z`) : undefined;
}

/** The tags of volumes, by id. */
export async function volumeTags(
  dr: Pick<Account, 'ec2'>,
  volumeIds: readonly string[],
): Promise<ReadonlyMap<string, Record<string, string>>> {
  const tags = new Map<string, Record<string, string>>();
  for (let start = 0; start < volumeIds.length; start += 200) {
    const Filters = [{ Name: 'volume-id', Values: volumeIds.slice(start, start + 200) }];
    const pages = paginateDescribeVolumes({ client: dr.ec2 }, { Filters });
    for (const volume of await allPages(pages, (page) => page.Volumes))
      tags.set(present(volume.VolumeId, 'VolumeId'), tagRecord(volume.Tags));
  }
  return tags;
}
