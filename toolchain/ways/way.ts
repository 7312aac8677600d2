import type { Progress } from '../progress';
import type { Versions } from '../versions';

/** A Pulumi engine with all that it needs for this project. */
export interface Toolchain {
  /** How it came here: found on PATH, downloaded through the npm package, or built from Go modules. */
  readonly way: 'path' | 'npm' | 'build';
  /** Absolute path of the engine. */
  readonly pulumi: string;
  /** To be merged over the environment that the engine is run in. */
  readonly env: Record<string, string>;
  /** Titles of the parts that were built for this call; empty when all were in the cache. */
  readonly built: readonly string[];
  /** The plugin's schema, where it was built. */
  readonly schema?: string;
}

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
