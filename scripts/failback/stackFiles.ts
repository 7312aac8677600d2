import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { Document, parseDocument, Scalar } from 'yaml';
import { LifeboatError } from '../../errors';

/** Keys that say whose a stack is: another one's file is not written to. */
const SIDES = /:(sourceAccount|sourceRegion|drAccount|drRegion|home)$/;

/** The plain settings in a stack's file; none where there is no file. */
export function configOf(file: string): Record<string, string> {
  const config = existsSync(file)
    ? (parseDocument(readFileSync(file, 'utf8'), { schema: 'failsafe' }).toJS() as { config?: unknown })
        ?.config
    : undefined;
  const entries = Object.entries((config ?? {}) as Record<string, unknown>);
  return Object.fromEntries(
    entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}

/**
 * Refuses a file that is of other accounts, before anything is written.
 *
 * @throws LifeboatError
 */
export function refuseOthersFile(file: string, settings: Readonly<Record<string, string>>): void {
  const there = configOf(file);
  const [other] = Object.entries(settings).filter(
    ([key, value]) => SIDES.test(key) && there[key] !== undefined && there[key] !== value,
  );
  if (other === undefined) return;
  throw new LifeboatError({
    what: 'There is a stack of that name, and it is not the way home',
    got: `${other[0]}: ${there[other[0]]} in ${file}`,
    expected: `${other[1]}, or no such file`,
    next: 'name the stacks of the way home otherwise: npx lifeboat failback prepare --home ANOTHER-NAME',
  });
}

/**
 * Adds settings to a stack's file, and makes it where there is none. What is set there already stays: somebody may have meant it.
 *
 * @returns the keys that were written
 */
export function addSettings(file: string, settings: Readonly<Record<string, string>>): string[] {
  const document = existsSync(file)
    ? parseDocument(readFileSync(file, 'utf8'))
    : new Document({ config: {} });
  const missing = Object.entries(settings).filter(([key]) => !document.hasIn(['config', key]));
  for (const [key, value] of missing) {
    // In quotes: the engine reads a bare time, and writes it in a form of its own.
    const scalar = new Scalar(value);
    scalar.type = 'QUOTE_DOUBLE';
    document.setIn(['config', key], scalar);
  }
  const provider = 'pulumi:disable-default-providers';
  if (!document.hasIn(['config', provider])) document.setIn(['config', provider], ['aws']);
  else if (missing.length === 0) return [];
  writeFileSync(file, document.toString({ lineWidth: 0 }));
  return missing.map(([key]) => key);
}
