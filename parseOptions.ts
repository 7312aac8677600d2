import type { z } from 'zod';
import { LifeboatError } from './errors';

/** One key of a program's stack config. */
export interface Option {
  readonly schema: z.ZodType;
  /** One sentence for the README and for the error that a missing key gets. */
  readonly help: string;
  readonly example: string;
}

/** The checked and typed values of a table of options. */
export type Parsed<Options extends Record<string, Option>> = {
  readonly [K in keyof Options]: z.output<Options[K]['schema']>;
};

/** Where options come from, for what an error says. */
export interface OptionsContext {
  /** The program's directory, which `pulumi -C` takes. */
  readonly program: '.' | 'vault' | 'source';
  /** The namespace of the program's keys: its name in Pulumi.yaml. */
  readonly namespace: string;
  /** The stack's name. */
  readonly stack: string;
}

/** The command that sets one key of a program's stack config. */
export function setCommand(context: OptionsContext, key: string, example: string): string {
  return `${engine(context)} config set ${context.namespace}:${key} ${example} --stack ${context.stack}`;
}

function engine({ program }: OptionsContext): string {
  return program === '.' ? 'npm run pulumi --' : `npm run pulumi -- -C ${program}`;
}

/**
 * Checks and types the stack config of one of the three programs. Pure.
 *
 * @param options what keys there are
 * @param config all of the stack's config, full keys to the text of their values
 * @param context where it comes from
 * @returns the values, defaults filled in
 * @throws LifeboatError for a missing, malformed or unknown key
 */
export function parseOptions<Options extends Record<string, Option>>(
  options: Options,
  config: Readonly<Record<string, string>>,
  context: OptionsContext,
): Parsed<Options> {
  const { namespace, stack } = context;
  for (const fullKey of Object.keys(config)) {
    const [prefix, ...rest] = fullKey.split(':');
    // Pulumi's own keys (pulumi:tags, pulumi:disable-default-providers …) are Pulumi's to check.
    if (prefix === 'pulumi' || (prefix === namespace && Object.hasOwn(options, rest.join(':')))) continue;
    throw new LifeboatError({
      what:
        prefix === 'aws' ? 'The provider is not configured by aws: keys' : 'Unknown setting in stack config',
      got: fullKey,
      expected: `one of ${Object.keys(options)
        .map((name) => `${namespace}:${name}`)
        .join(', ')}`,
      next: `${engine(context)} config rm ${fullKey} --stack ${stack}`,
    });
  }
  const values: Record<string, unknown> = {};
  for (const [key, option] of Object.entries(options)) {
    const text = config[`${namespace}:${key}`];
    const parsed = option.schema.safeParse(text);
    if (!parsed.success) {
      throw new LifeboatError({
        what: `The setting ${key} is ${text === undefined ? 'missing' : 'malformed'}`,
        got: text ?? 'nothing',
        expected: text === undefined ? option.help : (parsed.error.issues[0]?.message ?? option.help),
        next: setCommand(context, key, option.example),
      });
    }
    values[key] = parsed.data;
  }
  return values as Parsed<Options>;
}

/**
 * Refuses a stack whose two accounts are one.
 *
 * @param example an account's id, for the command that the error proposes
 * @throws LifeboatError
 */
export function refuseOneAccount(
  { sourceAccount, drAccount }: { readonly sourceAccount: string; readonly drAccount: string },
  context: OptionsContext,
  example: string,
): void {
  if (sourceAccount !== drAccount) return;
  throw new LifeboatError({
    what: 'The source account and the DR account are the same',
    got: `sourceAccount ${sourceAccount}, drAccount ${drAccount}`,
    expected: 'two accounts: whoever can destroy one must have no way into the other',
    next: setCommand(context, 'drAccount', example),
  });
}
