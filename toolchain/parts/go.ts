import { findOnPath } from '../findOnPath';
import { run } from '../run';

/** The Go compiler of this machine. */
export interface Go {
  /** What of the compiler goes into what it builds: its version, the platform and the user's flags. */
  readonly identity: string;
  /** Builds the program at the package path `program` into the file `output`. */
  build(module: string, program: string, output: string, variables: Record<string, string>): Promise<void>;
  /** The directory of a module that the one in `module` requires. It is read-only and shared: copy it to change it. */
  directoryOf(module: string, required: string): Promise<string>;
  /** Points a requirement of the module at a directory below it. */
  replace(module: string, required: string, directory: string): Promise<void>;
}

/**
 * Finds Go on PATH. The user's own GOPROXY, GOFLAGS and the like stay in force; that what is downloaded is what was
 * tried out is seen to by the hashes in each go.sum.
 *
 * @param anywhere - a directory with a go.mod, which may choose the version of Go
 * @param signal - kills what runs
 * @returns nothing when there is no Go
 */
export async function findGo(
  env: NodeJS.ProcessEnv,
  anywhere: string,
  signal?: AbortSignal,
): Promise<Go | undefined> {
  const program = findOnPath('go', env)[0];
  if (program === undefined) return undefined;
  // A go.work in some folder above would add its own requirements; cgo would ask for a C compiler.
  const settings = { ...env, GOWORK: 'off', CGO_ENABLED: '0' };
  const go = (module: string, ...args: string[]) =>
    run(program, args, { cwd: module, env: settings, signal });
  return {
    identity: (await go(anywhere, 'env', 'GOVERSION', 'GOOS', 'GOARCH', 'GOFLAGS')).trim(),
    async build(module, path, output, variables) {
      const flags = ['-s', '-w', ...Object.entries(variables).map(([name, value]) => `-X ${name}=${value}`)];
      // Without -trimpath the temporary directory's name goes into the result, and Go's own cache never hits.
      await go(module, 'build', '-trimpath', '-ldflags', flags.join(' '), '-o', output, path);
    },
    async directoryOf(module, required) {
      return (JSON.parse(await go(module, 'mod', 'download', '-json', required)) as { Dir: string }).Dir;
    },
    async replace(module, required, directory) {
      await go(module, 'mod', 'edit', '-replace', `${required}=${directory}`);
    },
  };
}
