import type { Account } from '../../accounts';
import { reason } from '../../errors';
import { readAccepted } from '../../inventory/accepted';
import { protectedDisks } from '../../inventory/protectedDisks';
import type { Settings } from '../../settings';
import type { Copy } from '../../snapshots/catalogue';
import { type Ceiling, usualCeiling } from '../../snapshots/ceiling';

/** What the accepted inventory says of the disks to be copied. */
export interface Known {
  /** The disks of each protected machine, by volume id. */
  readonly machines: readonly (readonly string[])[];
  /** What a run may copy at the most. @param copies every copy in DR */
  ceiling(copies: readonly Copy[], now: Date): Ceiling;
  /** Why the inventory could not be read. */
  readonly problem?: string;
}

/**
 * Reads what was accepted. Where it cannot be read nothing is concluded from that: all is copied as if it was unknown, under
 * the ceiling for that, and the run fails for it; data that is not copied would be worse.
 *
 * @param most what the command line says
 */
export async function known(
  dr: Account,
  settings: Settings,
  stack: string,
  most: { readonly gib?: number; readonly snapshots?: number },
): Promise<Known> {
  const found = await readAccepted(dr, { ...settings, stack }).then(
    (accepted) => ({ disks: accepted ? protectedDisks(accepted.inventory) : [], problem: undefined }),
    (error: unknown) => ({
      disks: [],
      problem: `What is protected could not be read, so all is copied as if it was unknown: ${reason(error)}`,
    }),
  );
  return {
    machines: found.disks.map((disks) => disks.map(({ id }) => id)),
    ceiling(copies, now) {
      const usual = usualCeiling(found.disks.flat(), copies, now);
      return {
        gib: most.gib ?? settings.copyMostGiB ?? usual.gib,
        snapshots: most.snapshots ?? settings.copyMostSnapshots ?? usual.snapshots,
      };
    },
    problem: found.problem,
  };
}
