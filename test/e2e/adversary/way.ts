import type { ClientConfig } from '../../../accounts';
import type { DrDocuments } from './drDocuments';

/** How to make an account's clients. */
export type Config = ClientConfig & { readonly region: string };

/** One way in which somebody with full rights in the source tries to get into DR, or to shorten the life of its data. */
export interface Way {
  /** What they do, in words. */
  readonly name: string;
  /** Does it. */
  plant(source: Config): Promise<void>;
  /** How DR is open by it now, in words: what its documents say, evaluated. None where it is not. */
  opened(dr: DrDocuments): readonly string[];
  /** That the source itself is not open by it: it is what changes on the way that would open DR. */
  readonly isClosedInSource?: true;
}

/** Whoever holds the source's keys, and an account that is nobody's we know. */
export const SOURCE_ACCOUNT = '111111111111';
export const DR_ACCOUNT = '222222222222';
export const OUTSIDER = '333333333333';

/** Everything, on everything. */
export const ALL = { Effect: 'Allow', Action: '*', Resource: '*' } as const;

/** A policy document as text. */
export const policyText = (...Statement: readonly object[]): string =>
  JSON.stringify({ Version: '2012-10-17', Statement });
