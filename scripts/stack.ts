import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { LifeboatError } from '../errors';
import { parseSettings, type Settings } from '../settings';
import type { CommonArgs } from './command';

/**
 * The file that holds a stack's config: Pulumi names it after the last part of the stack's full name.
 *
 * @param stack `dr`, or `organization/project/dr`
 */
export function stackFile({ dir, stack }: Pick<CommonArgs, 'dir' | 'stack'>): string {
  return path.join(path.resolve(dir), `Pulumi.${stack.split('/').at(-1)}.yaml`);
}

/**
 * The settings of a stack, from its file: commands must work when the state backend does not.
 *
 * @throws LifeboatError when the file is not there, is not YAML, or holds a value that only the engine can read
 */
export function readSettings(args: Pick<CommonArgs, 'dir' | 'stack'>): Settings {
  const file = stackFile(args);
  const next = `npx lifeboat init --stack ${args.stack}`;
  let config: unknown;
  try {
    // Every scalar as the text it is written as: an account id may start with 0.
    config = (parse(readFileSync(file, 'utf8'), { schema: 'failsafe' }) as { config?: unknown } | null)
      ?.config;
  } catch (cause) {
    throw new LifeboatError({
      what: `The settings of the stack ${args.stack} could not be read`,
      got: file,
      expected: 'a stack file of Pulumi, with --dir saying where it lies',
      next,
      cause,
    });
  }
  if (config === null || typeof config !== 'object' || Array.isArray(config)) {
    throw new LifeboatError({
      what: `There are no settings in ${file}`,
      expected: 'a map under config:',
      next,
    });
  }
  const texts: Record<string, string> = {};
  for (const [key, value] of Object.entries(config)) {
    if (typeof value === 'string') texts[key] = value;
    // Lists and maps are for Pulumi's own keys, such as pulumi:disable-default-providers.
    else if (!key.startsWith('pulumi:')) throw notText(key, value, args.stack, next);
  }
  return parseSettings(texts, args.stack);
}

function notText(key: string, value: unknown, stack: string, next: string): LifeboatError {
  const isSecret = value !== null && typeof value === 'object' && 'secure' in value;
  return new LifeboatError({
    what: isSecret
      ? `The setting ${key} is a secret, which only the engine can read`
      : `The setting ${key} is malformed`,
    got: isSecret ? 'a secure: value' : JSON.stringify(value),
    expected: 'a plain value: none of our settings is a secret',
    next: `npm run pulumi -- config rm ${key} --stack ${stack}, then: ${next}`,
  });
}
