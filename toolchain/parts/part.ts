import type { Versions } from '../versions';
import type { Go } from './go';

/** What a part is built with. */
export interface BuildContext {
  readonly go: Go;
  readonly versions: Versions;
  /** Directory for the finished files. */
  readonly into: string;
  /** Directory for copies; removed afterwards. */
  readonly work: string;
}

/** One of the programs that are built from Go modules. */
export interface Part {
  /** Also the name of the folder with its Go module. */
  readonly name: 'cli' | 'language-nodejs' | 'provider';
  /** For people. */
  readonly title: string;
  /** The files with its recipe: a change to one is a change to the part. */
  readonly recipes: readonly string[];
  /** The file, in `into`, that is the program. */
  readonly program: string;
  /** The version that goes into the program. */
  version(versions: Versions): string;
  build(context: BuildContext): Promise<void>;
}

/** The variable in which all of Pulumi's own programs hold their version. */
export const versionVariable = 'github.com/pulumi/pulumi/sdk/v3/go/common/version.Version';
