import { z } from 'zod';
import { LifeboatError } from '../errors';
import { vaultNames } from '../names';
import {
  type Option,
  type OptionsContext,
  type Parsed,
  parseOptions,
  refuseOneAccount,
  setCommand,
} from '../parseOptions';
import { bucketNames, bucketPairs, flag, OPTIONS, time } from '../settings';
import { principalList } from '../vault/settings';

/** The namespace of the source's keys in stack config: the project's name in source/Pulumi.yaml. */
export const SOURCE_NAMESPACE = 'lifeboat-source';

/** The hours that DLM takes between two snapshots. */
const INTERVALS = ['1', '2', '3', '4', '6', '8', '12', '24'] as const;

/** Every key of the source's stack config, in the order of the README. */
export const SOURCE_OPTIONS = {
  sourceAccount: OPTIONS.sourceAccount,
  sourceRegion: OPTIONS.sourceRegion,
  drAccount: OPTIONS.drAccount,
  externalId: {
    ...OPTIONS.externalId,
    help: 'The external id that the reader role asks for: a long random word, the same as in the root.',
  },
  trustedPrincipals: {
    schema: principalList.optional(),
    help: "Who in the DR account may read the source and use its snapshots' key. Default: the vault's run role.",
    example: 'arn:aws:iam::222222222222:role/lifeboat-run',
  },
  until: {
    schema: time.optional(),
    help: 'When the way in ends by itself: from then on nobody becomes the reader or uses the key from outside. For the way home. Default: never.',
    example: '2026-02-07T00:00:00Z',
  },
  snapshotEveryHours: {
    schema: z
      .enum(INTERVALS, { error: `one of ${INTERVALS.join(', ')}` })
      .transform(Number)
      .default(24),
    help: 'Hours between two snapshots of a machine: the data that a disaster may cost. Default: 24.',
    example: '24',
  },
  snapshotAt: {
    schema: z
      .string()
      .regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'a time of day in UTC such as 03:00')
      .default('03:00'),
    help: 'When the first snapshot of a day is taken, in UTC. Default: 03:00.',
    example: '03:00',
  },
  snapshotsKept: {
    schema: z
      .string()
      .regex(/^([1-9]\d{0,2}|1000)$/, 'a number from 1 to 1000')
      .transform(Number)
      .default(7),
    help: 'How many snapshots of each disk stay in the source. Copies in DR are kept apart from these. Default: 7.',
    example: '7',
  },
  snapshotBy: {
    schema: z
      .enum(['instance', 'volume', 'both', 'none'], { error: 'instance, volume, both or none' })
      .default('instance'),
    help: 'instance takes all disks of a tagged machine at one moment; volume takes each tagged disk by itself; both costs twice; none takes no snapshots. Default: instance.',
    example: 'instance',
  },
  encryptByDefault: {
    schema: flag.default(false),
    help: 'true encrypts every new disk and snapshot of the region, under the key of the snapshots where none is named. Default: false.',
    example: 'true',
  },
  blockPublicSharing: {
    schema: flag.default(false),
    help: 'true lets no snapshot of the region be public, those among them that are so now. Default: false.',
    example: 'true',
  },
  replicateBuckets: {
    schema: bucketNames.default([]),
    help: "Buckets whose new objects S3 itself replicates into DR's, which must be there first. Default: none.",
    example: 'shop-images',
  },
  replicateTo: {
    schema: bucketPairs.default({}),
    help: "Names of DR's buckets, source=DR, the same as buckets of the root. Default: the name, a dash and DR's account.",
    example: 'shop-images=shop-images-dr',
  },
  replicateKey: {
    schema: z
      .string()
      .regex(/^arn:aws:kms:[a-z0-9-]+:\d{12}:key\/[\w-]+$/, 'the ARN of a KMS key in DR')
      .optional(),
    help: 'ARN of the key in DR under which replicas are encrypted of objects that are under KMS here. Default: those are not replicated.',
    example: 'arn:aws:kms:eu-central-1:222222222222:key/1234abcd-12ab-34cd-56ef-1234567890ab',
  },
  replicateExisting: {
    schema: flag.default(false),
    help: 'true makes a role for S3 Batch Replication, and puts out the command that sends what the buckets held before; each job costs. Default: false.',
    example: 'true',
  },
} as const satisfies Record<string, Option>;

/** The source's stack config, checked and typed. See SOURCE_OPTIONS for what each key means. */
export type SourceSettings = Omit<Parsed<typeof SOURCE_OPTIONS>, 'trustedPrincipals'> & {
  readonly trustedPrincipals: readonly string[];
};

/**
 * Checks and types the source's stack config. Pure.
 *
 * @param config all of the stack's config, full keys to the text of their values
 * @param stack the stack's name, for the command that an error proposes
 * @throws LifeboatError for a missing, malformed or unknown key, for a source that is the DR account, for a
 * principal or a key that is not of the DR account, and for existing objects of no bucket
 */
export function parseSourceSettings(config: Readonly<Record<string, string>>, stack: string): SourceSettings {
  const context: OptionsContext = { program: 'source', namespace: SOURCE_NAMESPACE, stack };
  const parsed = parseOptions(SOURCE_OPTIONS, config, context);
  const { drAccount } = parsed;
  refuseOneAccount(parsed, context, SOURCE_OPTIONS.drAccount.example);
  const runRole = `arn:aws:iam::${drAccount}:role/${vaultNames(drAccount, '').runRole}`;
  const trustedPrincipals = parsed.trustedPrincipals ?? [runRole];
  const stranger = trustedPrincipals.find((arn) => !arn.includes(`::${drAccount}:`));
  if (stranger !== undefined) {
    throw new LifeboatError({
      what: 'The setting trustedPrincipals names a principal that is not of the DR account',
      got: stranger,
      expected: `roles and users of ${drAccount}`,
      next: setCommand(context, 'trustedPrincipals', runRole),
    });
  }
  if (parsed.replicateExisting && parsed.replicateBuckets.length === 0) {
    throw new LifeboatError({
      what: 'The setting replicateExisting is for buckets that are replicated, and none is',
      got: 'replicateExisting true, and no replicateBuckets',
      expected: 'buckets in replicateBuckets, whose rule a job of S3 Batch Replication goes by',
      next: setCommand(context, 'replicateBuckets', SOURCE_OPTIONS.replicateBuckets.example),
    });
  }
  if (parsed.replicateKey !== undefined && !parsed.replicateKey.includes(`:${drAccount}:`)) {
    throw new LifeboatError({
      what: 'The setting replicateKey is a key of another account',
      got: parsed.replicateKey,
      expected: `a key of ${drAccount}`,
      next: setCommand(context, 'replicateKey', SOURCE_OPTIONS.replicateKey.example),
    });
  }
  return { ...parsed, trustedPrincipals };
}
