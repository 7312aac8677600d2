import type { Item, SkipOptions } from './kind';

/**
 * One of AWS's limits on how many objects of a kind there may be. Kinds that count towards the same limit each declare it, with the
 * same code: their objects are added up.
 */
export interface Quota<I extends Item> {
  /** The service's code in Service Quotas: `vpc`, `ec2`. */
  readonly service: string;
  /** The quota's code in Service Quotas: `L-F678F1CE`. Undefined where Service Quotas does not list it, as for prefix lists. */
  readonly code?: string;
  /** AWS's name for it. */
  readonly name: string;
  /** AWS's documented default, for what Service Quotas does not list: more than that is worth a note, not an error. */
  readonly documented?: number;
  /** Whether it is reached in a recovery alone: at rest that is said, and stops no run. */
  readonly atRecovery?: true;
  /**
   * What it is counted for: ids and plain words with spaces between, such as `sg-1 inbound IPv4`; several where an item counts for
   * several. Undefined for the whole account and region, null when the item does not count. `find` finds objects of the item's side.
   */
  per?(item: I, find: SkipOptions['find']): string | readonly string[] | undefined | null;
  /** How much one item counts. Default: 1. */
  weight?(item: I, find: SkipOptions['find']): number;
}
