import type { Progress } from '../progress';
import type { Toolchain } from '../toolchain';
import type { Versions } from '../versions';

/** What each way to an engine is given. */
export interface WayContext {
  readonly env: NodeJS.ProcessEnv;
  readonly versions: Versions;
  readonly progress: Progress;
  /** Root of the cache. */
  readonly cache: string;
  /** Whether Pulumi's downloads can be reached. Asked at most once, and only when something is to be downloaded. */
  isOnline(): Promise<boolean>;
}

/** What a way led to: a toolchain, or the reason why not, as a phrase. */
export type Outcome = Toolchain | { readonly missing: string };
