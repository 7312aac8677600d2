import type { Clock } from './clock';

/** How to copy. Times in milliseconds. */
export interface CopyOptions {
  /** Copies at once at the most. Default 20, AWS's limit. */
  readonly most?: number;
  /** The shortest and the longest time between looks at AWS. Default 2 s and 5 min. */
  readonly poll?: { readonly first: number; readonly max: number };
  /** After AWS's refusal of one copy more, when to try again. Default 30 s. */
  readonly probeMs?: number;
  /** How long a copy may stay unseen in DR until it counts as lost. Default 2 min. */
  readonly lostMs?: number;
  /** Whether to wait for all of it, or to start what there is room for and leave. Default: to wait. */
  readonly wait?: boolean;
  /** What it waits by. Default: the real one. */
  readonly clock?: Clock;
}
