import { z } from 'zod';
import { LifeboatError } from '../errors';
import { SOURCE_NAMES } from '../names';
import {
  type Option,
  type OptionsContext,
  type Parsed,
  parseOptions,
  refuseOneAccount,
  setCommand,
} from '../parseOptions';
import { bucketNames, flag, OPTIONS } from '../settings';
import { roleArns } from './place';

/** The namespace of the vault's keys in stack config: the project's name in vault/Pulumi.yaml. */
export const VAULT_NAMESPACE = 'lifeboat-vault';

const ARN = /^arn:aws:iam::(\d{12}):(root|(user|role)\/[\w+=,.@/-]+)$/;
/** A setting that lists IAM principals, with commas between them. */
export const principalList = z
  .string()
  .transform((text) => text.split(',').map((arn) => arn.trim()))
  .refine((arns) => arns.every((arn) => ARN.test(arn)), {
    error: 'ARNs of IAM roles or users, with commas between them and without wildcards',
  });
/** A setting that is a whole number within limits. */
const whole = (least: number, most: number, unit: string) =>
  z
    .string()
    .regex(/^[1-9]\d{0,4}$/, `a number of ${unit} from ${least} to ${most.toLocaleString('en')}`)
    .transform(Number)
    .refine((number) => number >= least && number <= most, {
      error: `a number of ${unit} from ${least} to ${most.toLocaleString('en')}`,
    });
const emails = z
  .string()
  .transform((text) => text.split(',').map((address) => address.trim()))
  .refine((addresses) => addresses.every((address) => /^[^\s@,]+@[^\s@,]+\.[^\s@,]+$/.test(address)), {
    error: 'e-mail addresses, with commas between them',
  });
const principalsExample = 'arn:aws:iam::222222222222:role/operators';

/** Every key of the vault's stack config, in the order of the README. */
export const VAULT_OPTIONS = {
  sourceAccount: OPTIONS.sourceAccount,
  sourceRegion: OPTIONS.sourceRegion,
  drAccount: OPTIONS.drAccount,
  drRegion: OPTIONS.drRegion,
  sourceRole: {
    ...OPTIONS.sourceRole,
    help: 'The one role outside the DR account that the run role may assume. Default: the role that source/ makes.',
  },
  githubRepository: {
    schema: z
      .string()
      // As GitHub's subjects have it: with both ids for repositories made, renamed or moved since July 2026, else with none.
      .regex(
        /^[A-Za-z0-9][A-Za-z0-9-]*(\/[\w.-]+|@\d+\/[\w.-]+@\d+)$/,
        'owner/name of a repository on github.com, or owner@id/name@id, with both ids',
      )
      .optional(),
    help: 'The repository whose workflows may use the roles. Default: none.',
    example: 'example/disaster-recovery',
  },
  githubBranch: {
    schema: z
      .string()
      .regex(/^[\w./-]+$/, 'the name of a branch, without wildcards')
      .default('main'),
    help: 'The branch whose workflows may use the run role. Default: main.',
    example: 'main',
  },
  githubEnvironment: {
    schema: z
      .string()
      .regex(/^[\w.-]+$/, 'the name of an environment, without wildcards')
      .default('recovery'),
    help: 'The environment, with reviewers, whose jobs may use the recover role. Default: recovery.',
    example: 'recovery',
  },
  previewPrincipals: {
    schema: principalList.default([]),
    help: 'Who in the DR account may use the preview role. Default: nobody.',
    example: principalsExample,
  },
  runPrincipals: {
    schema: principalList.default([]),
    help: 'Who in the DR account may use the run role: the runner. Default: nobody.',
    example: principalsExample,
  },
  recoverPrincipals: {
    schema: principalList.default([]),
    help: 'Who in the DR account may use the recover role: people. Default: nobody.',
    example: principalsExample,
  },
  breakGlassPrincipals: {
    schema: principalList.optional(),
    help: "Who alone may end, disable or change the policy of the vault's keys. ACCOUNT:root is the root user. Default: the root user.",
    example: 'arn:aws:iam::222222222222:role/break-glass',
  },
  alarmEmails: {
    schema: emails.default([]),
    help: 'Who is told of a missing run and of an attack on what guards the copies; each confirms once. Default: nobody.',
    example: 'operations@example.com',
  },
  alarmAfterHours: {
    // CloudWatch looks back seven days at most: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
    schema: whole(1, 168, 'hours').default(30),
    help: 'Hours without a good run after which the alarm is raised, up to 168. Default: 30, a daily run and six hours.',
    example: '30',
  },
  recycleBinDays: {
    schema: whole(1, 365, 'days').default(14),
    help: 'Days for which a deleted copy can still be brought back, and is paid for. Default: 14.',
    example: '14',
  },
  buckets: {
    ...OPTIONS.buckets,
    help: 'The same as buckets of the root: the names in DR that are others than by default, which the roles may then set up. Default: none.',
  },
  replication: {
    schema: flag.default(false),
    help: 'true lets the replication role of the source encrypt what it adds to the buckets of DR, for replicateBuckets of the root. Default: false.',
    example: 'true',
  },
  replicateBuckets: {
    schema: bucketNames.default([]),
    help: 'The same as replicateBuckets of the root: the buckets whose growth in DR is watched, for 0.80 USD a month each. Default: none.',
    example: 'shop-images',
  },
  replicatedGiBPerDay: {
    schema: whole(1, 99_999, 'GiB').default(100),
    help: 'GiB that a replicated bucket may grow a day before its alarm is raised, up to 99999. Default: 100.',
    example: '100',
  },
  lockDays: {
    schema: whole(1, 36_500, 'days').optional(),
    help: 'Days for which the run role may lock new copies: the same as in lockCopies of the root. Default: it may lock none.',
    example: '30',
  },
} as const satisfies Record<string, Option>;

/** The vault's stack config, checked and typed. See VAULT_OPTIONS for what each key means. */
export type VaultSettings = Omit<Parsed<typeof VAULT_OPTIONS>, 'breakGlassPrincipals'> & {
  readonly sourceRole: string;
  readonly breakGlassPrincipals: readonly string[];
};

/**
 * Checks and types the vault's stack config. Pure.
 *
 * @param config all of the stack's config, full keys to the text of their values
 * @param stack the stack's name, for the command that an error proposes
 * @throws LifeboatError for a missing, malformed or unknown key, a source that is the DR account, a replication that
 * nobody watches, a principal of another account, a break-glass principal that is one of the vault's roles, a reader role outside the source, and roles that nobody could use
 */
export function parseVaultSettings(config: Readonly<Record<string, string>>, stack: string): VaultSettings {
  const context: OptionsContext = { program: 'vault', namespace: VAULT_NAMESPACE, stack };
  const parsed = parseOptions(VAULT_OPTIONS, config, context);
  const { sourceAccount, drAccount } = parsed;
  refuseOneAccount(parsed, context, VAULT_OPTIONS.drAccount.example);
  const sourceRole = parsed.sourceRole ?? `arn:aws:iam::${sourceAccount}:role/${SOURCE_NAMES.readerRole}`;
  if (!sourceRole.includes(`::${sourceAccount}:`)) {
    throw new LifeboatError({
      what: 'The reader role is not in the source account',
      got: sourceRole,
      expected: `a role of ${sourceAccount}`,
      next: setCommand(
        context,
        'sourceRole',
        `arn:aws:iam::${sourceAccount}:role/${SOURCE_NAMES.readerRole}`,
      ),
    });
  }
  const breakGlassPrincipals = parsed.breakGlassPrincipals ?? [`arn:aws:iam::${drAccount}:root`];
  const ours: readonly string[] = Object.values(roleArns(parsed));
  const outsider = breakGlassPrincipals.find((arn) => !arn.includes(`::${drAccount}:`) || ours.includes(arn));
  if (outsider !== undefined) {
    throw new LifeboatError({
      what: "The setting breakGlassPrincipals names a principal that is not of the DR account, or is one of the vault's roles",
      got: outsider,
      expected: `the root user, a role or a user of ${drAccount}, kept for emergencies`,
      next: setCommand(context, 'breakGlassPrincipals', `arn:aws:iam::${drAccount}:role/break-glass`),
    });
  }
  if (parsed.replication && parsed.replicateBuckets.length === 0) {
    throw new LifeboatError({
      what: 'The source may push into DR, and nobody would be told how much',
      got: 'replication true, and no replicateBuckets',
      expected: 'in replicateBuckets the buckets that source/ replicates',
      next: setCommand(context, 'replicateBuckets', VAULT_OPTIONS.replicateBuckets.example),
    });
  }
  for (const key of ['previewPrincipals', 'runPrincipals', 'recoverPrincipals'] as const) {
    const example = VAULT_OPTIONS[key].example.replace(/\d{12}/, drAccount);
    const stranger = parsed[key].find((arn) => !arn.includes(`::${drAccount}:`));
    if (stranger !== undefined) {
      throw new LifeboatError({
        what: `The setting ${key} names a principal of another account`,
        got: stranger,
        expected: `roles and users of ${drAccount}: nobody outside it may use the vault's roles`,
        next: setCommand(context, key, example),
      });
    }
    if (parsed[key].length === 0 && parsed.githubRepository === undefined) {
      throw new LifeboatError({
        what: `Nobody could use the role of ${key}`,
        got: `neither ${key} nor githubRepository`,
        expected: 'at least one of them',
        next: setCommand(context, key, example),
      });
    }
  }
  return { ...parsed, sourceRole, breakGlassPrincipals };
}
