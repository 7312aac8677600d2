import {
  copyFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { drillStack } from '../../inventory/drill/drillId';
import type { CommonArgs } from '../command';
import { engineAt } from '../engineAt';
import { withSettings } from '../recover/engine';
import { stackFile } from '../stack';

/** The program as a stack of its own, in a directory of its own: the engine writes into its files, and the user's are not the drill's. */
export interface DrillProject {
  readonly cwd: string;
  readonly stack: string;
  /** How the stack keeps its secrets, for `stack init`; undefined for a passphrase. */
  readonly secretsProvider: string | undefined;
  /** Removes the directory. */
  close(): void;
}

/**
 * Lays out the program with links to its code, and the stack's settings under the name of its drills.
 *
 * @param settings what the drill sets otherwise
 */
export function drillProject(
  args: Pick<CommonArgs, 'dir' | 'stack'>,
  settings: Readonly<Record<string, string>>,
): DrillProject {
  const { cwd: from } = engineAt(args);
  const cwd = mkdtempSync(path.join(tmpdir(), 'lifeboat-drill-'));
  const stack = drillStack(args.stack);
  for (const entry of readdirSync(from)) {
    if (entry.startsWith('.') || /^Pulumi\..+\.yaml$/.test(entry)) continue;
    if (entry === 'Pulumi.yaml') copyFileSync(path.join(from, entry), path.join(cwd, entry));
    else symlinkSync(path.join(from, entry), path.join(cwd, entry));
  }
  const text = withSettings(readFileSync(stackFile(args), 'utf8'), settings);
  writeFileSync(stackFile({ dir: cwd, stack }), text, { mode: 0o600 });
  return {
    cwd,
    stack,
    secretsProvider: /^secretsprovider: *(\S+)/m.exec(text)?.[1],
    close: () => rmSync(cwd, { recursive: true, force: true }),
  };
}
