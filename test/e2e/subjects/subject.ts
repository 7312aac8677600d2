import type { EC2Client } from '@aws-sdk/client-ec2';

/** One kind's way through all runs: how it is made, what is changed, and what DR then shows. */
export interface Subject {
  readonly name: string;
  make(source: EC2Client): Promise<void>;
  change(source: EC2Client): Promise<void>;
  remove(source: EC2Client): Promise<void>;
  /** What DR holds, in a form that both sides share. */
  read(side: EC2Client): Promise<unknown>;
  readonly made: unknown;
  readonly changed: unknown;
  /** What DR keeps when the source's are removed. Default: nothing. */
  readonly left?: unknown;
}
