import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { LifeboatError } from '../../errors';
import type { CommonArgs } from '../command';
import { stackFile } from '../stack';

/** What is in a stack's file before `init`. */
export interface ConfigFile {
  readonly path: string;
  /** Full keys to the text of their values; keys whose values are lists or maps are not in it. */
  readonly config: Readonly<Record<string, string>>;
  /** URL of the secrets provider that the stack was made with, if any. */
  readonly secretsProvider?: string;
  /** Whether secrets are kept under a passphrase. */
  readonly hasPassphrase: boolean;
  /** Whether the provider that takes any credentials it finds is switched off. */
  readonly hasNoDefaultProvider: boolean;
}

/**
 * Reads a stack's file without judging its settings. One that is not there is an empty one.
 *
 * @throws LifeboatError when it is not YAML, or holds a setting of ours as a secret
 */
export function readConfigFile(args: Pick<CommonArgs, 'dir' | 'stack'>): ConfigFile {
  const path = stackFile(args);
  let document: Record<string, unknown>;
  try {
    document = (parse(readFileSync(path, 'utf8'), { schema: 'failsafe' }) ?? {}) as Record<string, unknown>;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') document = {};
    else {
      throw new LifeboatError({
        what: `The stack's file could not be read`,
        got: path,
        expected: 'a stack file of Pulumi, or none',
        next: `git checkout -- ${path}`,
        cause,
      });
    }
  }
  const entries = Object.entries((document.config ?? {}) as Record<string, unknown>);
  const disabled = entries.find(([key]) => key === 'pulumi:disable-default-providers')?.[1];
  const odd = entries.find(([key, value]) => !key.startsWith('pulumi:') && typeof value !== 'string');
  if (odd !== undefined) {
    throw new LifeboatError({
      what: `The setting ${odd[0]} in ${path} is no plain text`,
      got: 'a secret, a list or a map',
      expected: 'a plain value: none of our settings is a secret',
      next: `npm run pulumi -- config rm ${odd[0]} --stack ${args.stack}`,
    });
  }
  return {
    path,
    config: Object.fromEntries(
      entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
    ),
    secretsProvider: typeof document.secretsprovider === 'string' ? document.secretsprovider : undefined,
    hasPassphrase: 'encryptionsalt' in document,
    hasNoDefaultProvider: Array.isArray(disabled) && ['aws', '*'].some((name) => disabled.includes(name)),
  };
}
