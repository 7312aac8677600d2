import {
  CreateTagsCommand,
  DeleteManagedPrefixListCommand,
  DeleteVolumeCommand,
  DeregisterImageCommand,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2';
import { DeleteObjectCommand } from '@aws-sdk/client-s3';
import type { Account } from '../../accounts';
import { reason } from '../../errors';
import { TAG, vaultNames } from '../../names';
import type { Clock } from '../../snapshots/clock';
import { emptyVpc } from './emptyVpc';
import { removeEndSchedule } from './endSchedule';
import { type Leftover, leftovers } from './leftovers';

/** What a sweep is done with. */
export interface SweepOptions {
  /** The stack of drills. */
  readonly stack: string;
  /** Whether a drill is meant, by its id. Records in the vault carry no id, and are always meant. */
  isMeant(drill: string): boolean;
  readonly clock: Clock;
  /** How long it may take, in milliseconds: a machine takes minutes to end. Default: 15 minutes. */
  readonly limitMs?: number;
  /** Longest time between two tries, in milliseconds. */
  readonly pollMs: number;
  /**
   * How long it waits and looks again before it takes the schedule away, in milliseconds: what a runner asked for that was killed just now may
   * not show yet. Default: it does not.
   */
  readonly settleMs?: number;
  note(text: string): void;
}

/** What a sweep did. */
export interface Swept {
  /** What was found at first. */
  readonly found: readonly Leftover[];
  /** What is still there, with why it was not removed last. */
  readonly left: readonly (Leftover & { readonly problem: string })[];
}

const LIMIT_MS = 15 * 60_000;
/** What is removed before what: a VPC takes nothing with it that a machine is in, and the schedule ends machines while any is left. */
const ROUNDS: readonly (readonly Leftover['type'][])[] = [
  ['instance'],
  ['image', 'volume', 'vpc'],
  ['prefix-list', 'record'],
  ['schedule'],
];

/**
 * Removes what drills have left in DR, in order, and again until it is gone or the time is up: AWS refuses to remove what is in use, and
 * a machine that ends is in use for a while. Touches nothing that does not carry a drill's tag, or its name.
 *
 * @throws when what is left cannot be looked up for as long as it may take
 */
export async function sweep(dr: Account, options: SweepOptions): Promise<Swept> {
  const { clock, note, limitMs = LIMIT_MS } = options;
  const until = clock.now() + limitMs;
  // What cannot be looked up now is not gone.
  const look = async (): Promise<Leftover[]> => {
    try {
      const all = await leftovers(dr, options.stack);
      return all.filter(({ drill }) => drill === undefined || options.isMeant(drill));
    } catch (error) {
      if (clock.now() >= until) throw error;
      note(`what is left could not be looked up: ${reason(error)}`);
      await clock.sleep(Math.min(options.pollMs, Math.max(1, until - clock.now())));
      return look();
    }
  };
  const problems = new Map<string, string>();
  const found = await look();
  let settleMs = options.settleMs ?? 0;
  for (let left = found; ; left = await look()) {
    if (settleMs > 0 && left.every(({ type }) => type === 'schedule')) {
      await clock.sleep(settleMs);
      settleMs = 0;
      continue;
    }
    if (left.length === 0) return { found, left: [] };
    const round = ROUNDS.find((types) => left.some(({ type }) => types.includes(type))) ?? [];
    const now = left.filter(({ type }) => round.includes(type));
    note(`removing ${now.map(({ type, id }) => `${type} ${id}`).join(', ')}`);
    await Promise.all(
      now.map(async (each) => {
        try {
          await remove(dr, each);
          problems.set(each.id, 'it is still there');
        } catch (error) {
          problems.set(each.id, reason(error));
        }
      }),
    );
    if (clock.now() >= until)
      return {
        found,
        left: (await look()).map((each) => ({
          ...each,
          problem: problems.get(each.id) ?? 'what it waits for is still there',
        })),
      };
    await clock.sleep(Math.min(options.pollMs, Math.max(0, until - clock.now())));
  }
}

async function remove(dr: Account, { type, id, drill, isTagged }: Leftover): Promise<void> {
  const { ec2 } = dr;
  switch (type) {
    case 'instance':
      await ec2.send(new TerminateInstancesCommand({ InstanceIds: [id] }));
      return;
    case 'image':
      // Its remover may remove what is ours alone, which a tag says.
      if (!isTagged)
        await ec2.send(
          new CreateTagsCommand({
            Resources: [id],
            Tags: [
              { Key: TAG.recoveryPoint, Value: 'drill' },
              { Key: TAG.drill, Value: drill },
            ],
          }),
        );
      await ec2.send(new DeregisterImageCommand({ ImageId: id }));
      return;
    case 'volume':
      await ec2.send(new DeleteVolumeCommand({ VolumeId: id }));
      return;
    case 'vpc':
      return emptyVpc(dr, id);
    case 'prefix-list':
      await ec2.send(new DeleteManagedPrefixListCommand({ PrefixListId: id }));
      return;
    case 'record': {
      const Bucket = vaultNames(dr.id, dr.region).inventoryBucket;
      await dr.s3.send(new DeleteObjectCommand({ Bucket, Key: id, ExpectedBucketOwner: dr.id }));
      return;
    }
    case 'schedule':
      return removeEndSchedule(dr, id);
  }
}
