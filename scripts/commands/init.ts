import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { CLIENT_DEFAULTS, drAccount } from '../../accounts';
import { LifeboatError } from '../../errors';
import { NAMESPACE, OPTIONS, parseSettings } from '../../settings';
import type { Command, CommonArgs, Deps } from '../command';
import { findBackend } from '../init/backend';
import { type ConfigFile, readConfigFile } from '../init/configFile';
import { prepareStack } from '../init/prepareStack';

/** What `init` finds or asks for, in the order of asking, and the flag of each. */
const ASKED = {
  sourceAccount: 'source-account',
  sourceRegion: 'source-region',
  externalId: 'external-id',
} as const;

interface InitArgs extends CommonArgs {
  readonly 'dr-account'?: string;
  readonly 'dr-region'?: string;
  readonly 'source-account'?: string;
  readonly 'source-region'?: string;
  readonly 'external-id'?: string;
  readonly 'source-role'?: string;
}

/** `lifeboat init`: with the DR account's credentials. */
export const initCommand: Command<InitArgs> = {
  examples: [
    ['npx lifeboat init', 'Set up the stack dr, asking for what cannot be found'],
    [
      'npx lifeboat init --dr-account 222222222222 --dr-region eu-central-1 --source-account 111111111111 --source-region eu-west-1 --external-id a-long-random-word',
      'The same, without a question',
    ],
  ],

  builder: (yargs) => {
    const text = (describe: string) => ({ type: 'string', requiresArg: true, describe }) as const;
    return yargs
      .option('dr-account', text('The DR account. Default: the account of the credentials'))
      .option(
        'dr-region',
        text('The DR region. Default: the stack file of this account, AWS_REGION, AWS_DEFAULT_REGION'),
      )
      .option('source-account', text(OPTIONS.sourceAccount.help))
      .option('source-region', text(OPTIONS.sourceRegion.help))
      .option('external-id', text(OPTIONS.externalId.help))
      .option('source-role', text(OPTIONS.sourceRole.help));
  },

  async run(args, deps) {
    const file = readConfigFile(args);
    const account = await findAccount(args, file, deps);
    const drRegion = await findRegion(args, file, deps, account);
    const settings = await findSettings(args, deps, file, { drAccount: account, drRegion });
    // Everything is checked before the first thing is written.
    parseSettings({ ...file.config, ...settings }, args.stack);
    const dr = await drAccount({ drAccount: account, drRegion });
    const backend = await findBackend(dr, deps.env);
    const changed = await prepareStack({ args, deps, file, backend, settings });
    const result = { account, region: drRegion, stack: args.stack, ...backend, changed };
    deps.stdout.write(args.json ? `${JSON.stringify(result, null, 2)}\n` : text(result));
    return 0;
  },
};

/** A file that was written for another DR account is an example, and says nothing of this one. */
function isOf(account: string, file: ConfigFile): boolean {
  return [undefined, account].includes(file.config[`${NAMESPACE}:drAccount`]);
}

function regionOfEnv({ env }: Deps): string | undefined {
  return env.AWS_REGION ?? env.AWS_DEFAULT_REGION;
}

/** The DR region: a flag, the stack's file if it is this account's, the environment, an answer. */
async function findRegion(args: InitArgs, file: ConfigFile, deps: Deps, account: string): Promise<string> {
  const region =
    args['dr-region'] ??
    (isOf(account, file) ? file.config[`${NAMESPACE}:drRegion`] : undefined) ??
    regionOfEnv(deps) ??
    (await answer('drRegion', 'dr-region', args, deps));
  check('drRegion', 'dr-region', region);
  return region;
}

/**
 * The DR account, as STS says it. A stack file or a flag that says otherwise means wrong credentials, or an example that
 * was not replaced; which of the two is for a person to say.
 */
async function findAccount(args: InitArgs, file: ConfigFile, deps: Deps): Promise<string> {
  // Any region's STS answers this; us-east-1 is in every account.
  const region =
    args['dr-region'] ?? regionOfEnv(deps) ?? file.config[`${NAMESPACE}:drRegion`] ?? 'us-east-1';
  check('drRegion', 'dr-region', region);
  const sts = new STSClient({ region, ...CLIENT_DEFAULTS });
  let found: string | undefined;
  try {
    found = (await sts.send(new GetCallerIdentityCommand({}))).Account;
  } catch (cause) {
    throw new LifeboatError({
      what: `AWS could not be asked whose credentials these are, in ${region}`,
      expected: 'credentials of the DR account, and a region that exists',
      next: 'sign in to the DR account (AWS_PROFILE or its variables), then: aws sts get-caller-identity',
      cause,
    });
  } finally {
    sts.destroy();
  }
  const flag = args['dr-account'];
  const expected = flag ?? file.config[`${NAMESPACE}:drAccount`];
  if (found === undefined || (expected !== undefined && found !== expected)) {
    throw new LifeboatError({
      what: "These credentials are not the DR account's",
      got: found ?? 'no account',
      expected: `${expected}, as ${flag === undefined ? file.path : '--dr-account'} says`,
      next:
        flag === undefined
          ? `sign in to ${expected}; or, if ${found} is the DR account: npx lifeboat init --dr-account ${found}`
          : `sign in to ${expected}, then: aws sts get-caller-identity`,
    });
  }
  return found;
}

/**
 * The settings to be written, full keys to their values: flags, then the stack's file, then answers.
 */
async function findSettings(
  args: InitArgs,
  deps: Deps,
  file: ConfigFile,
  dr: { drAccount: string; drRegion: string },
): Promise<Record<string, string>> {
  const isOurs = isOf(dr.drAccount, file);
  const settings: Record<string, string> = {};
  for (const [key, flag] of Object.entries(ASKED) as [
    keyof typeof ASKED,
    (typeof ASKED)[keyof typeof ASKED],
  ][]) {
    const filed = isOurs ? file.config[`${NAMESPACE}:${key}`] : undefined;
    const value = args[flag] ?? filed ?? (await answer(key, flag, args, deps));
    check(key, flag, value);
    settings[`${NAMESPACE}:${key}`] = value;
  }
  for (const [key, value] of Object.entries(dr)) settings[`${NAMESPACE}:${key}`] = value;
  const role = args['source-role'];
  if (role !== undefined) {
    check('sourceRole', 'source-role', role);
    settings[`${NAMESPACE}:sourceRole`] = role;
  }
  return settings;
}

async function answer(key: keyof typeof OPTIONS, flag: string, args: InitArgs, deps: Deps): Promise<string> {
  const { help, example } = OPTIONS[key];
  if (!deps.canAsk || args.json) {
    throw new LifeboatError({
      what: `The setting ${key} is not known, and nobody is there to answer`,
      got: 'nothing',
      expected: `--${flag}: ${help}`,
      next: `npx lifeboat init --stack ${args.stack} --${flag} ${example}`,
    });
  }
  return deps.ask(`${help} (such as ${example}): `);
}

/** Says which flag is wrong; parseSettings would name a command that is not the one being typed. */
function check(key: keyof typeof OPTIONS, flag: string, value: string): void {
  const { schema, example } = OPTIONS[key];
  const parsed = schema.safeParse(value);
  if (parsed.success) return;
  throw new LifeboatError({
    what: `The setting ${key} is malformed`,
    got: value,
    expected: parsed.error.issues[0]?.message,
    next: `npx lifeboat init --${flag} ${example}`,
  });
}

function text(result: {
  account: string;
  region: string;
  stack: string;
  url: string;
  secretsProvider: string;
  changed: readonly string[];
}): string {
  const { account, region, stack, url, secretsProvider, changed } = result;
  return [
    `DR account  ${account}, ${region}`,
    `stack       ${stack}`,
    `state       ${url}`,
    `secrets     ${secretsProvider}`,
    changed.length === 0 ? 'All of it was so already; nothing changed.' : `changed     ${changed.join(', ')}`,
    `next        npm run pulumi -- preview --stack ${stack}`,
    '',
  ].join('\n');
}
