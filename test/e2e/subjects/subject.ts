import type { EC2Client } from '@aws-sdk/client-ec2';

/**
 * One kind's way through all runs: how it is made, what is changed, and what DR then shows.
 *
 * @typeParam Side what it asks a side with
 */
export interface Subject<Side = EC2Client> {
  readonly name: string;
  make(source: Side): Promise<void>;
  change(source: Side): Promise<void>;
  remove(source: Side): Promise<void>;
  /** What DR holds, in a form that both sides share. */
  read(side: Side): Promise<unknown>;
  readonly made: unknown;
  readonly changed: unknown;
  /** What DR keeps when the source's are removed. Default: nothing. */
  readonly left?: unknown;
  /** What must stand nowhere in the state in plain, however it got there. Default: nothing. */
  readonly hidden?: readonly string[];
}
