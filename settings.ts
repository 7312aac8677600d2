import { z } from 'zod';
import { drillTimes } from './inventory/drill/drillId';
import { parseAllow } from './inventory/guard/guardAllow';
import { MOMENT_FORM, parseMoment } from './inventory/moment';
import { MACHINE_OPTIONS } from './machineSettings';
import { SOURCE_NAMES } from './names';
import { type Option, type Parsed, parseOptions, refuseOneAccount } from './parseOptions';
import { refuseForeign } from './refuseForeign';
import { DEFAULT_KEEP_RULES, parseKeepRules } from './snapshots/keepRules';
import { parseLockRule } from './snapshots/lockRule';

/** The namespace of our keys in stack config: the project's name in Pulumi.yaml. */
export const NAMESPACE = 'lifeboat';

const account = z.string().regex(/^\d{12}$/, 'an AWS account id, 12 digits, in quotes');
const region = z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d$/, 'an AWS region such as eu-central-1');
/** A setting that is true or false. */
export const flag = z
  .enum(['true', 'false'], { error: 'true or false' })
  .transform((text) => text === 'true');
const names = z.string().transform((text) =>
  text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== ''),
);
const zoneId = /^[a-z]{3,4}\d+-[a-z]*az\d+$/;
const zonePairs = z
  .string()
  .transform((text) => text.split(',').map((pair) => pair.trim().split('=')))
  .refine(
    (pairs) => pairs.every((pair) => pair.length === 2 && pair.every((id) => zoneId.test(id))),
    'pairs of zone ids, source=DR, such as euw1-az1=euc1-az2,euw1-az2=euc1-az3',
  )
  .transform((pairs) => Object.fromEntries(pairs) as Record<string, string>);
const bucketName = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;
/** A setting that names buckets in DR. */
export const bucketPairs = z
  .string()
  .transform((text) => text.split(',').map((pair) => pair.trim().split('=')))
  .refine(
    (pairs) =>
      pairs.every((pair) => pair.length === 2 && pair.every((name) => bucketName.test(name))) &&
      new Set(pairs.map(([, there]) => there)).size === pairs.length,
    'pairs of names of buckets, source=DR, each name in DR once, such as shop-images=shop-images-dr',
  )
  .transform((pairs) => Object.fromEntries(pairs) as Record<string, string>);
/** A setting that lists names of buckets. */
export const bucketNames = names.refine(
  (all) => all.every((name) => bucketName.test(name)) && new Set(all).size === all.length,
  'names of buckets, each once, with commas between them',
);
/** A setting that is a moment. */
export const time = z
  .string()
  .refine(
    (text) => /^\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:\d\d)$/.test(text) && !Number.isNaN(Date.parse(text)),
    {
      error: 'an ISO 8601 time with a zone, such as 2026-01-31T04:00:00Z',
    },
  )
  .transform((text) => new Date(text));
const moment = z.string().transform((text, context) => {
  const parsed = parseMoment(text);
  if (parsed) return parsed;
  context.addIssue(MOMENT_FORM);
  return z.NEVER;
});
const percent = z
  .string()
  .regex(/^([1-9]\d?|100)$/, 'a whole number of percent, 1 to 100')
  .transform(Number);
const hours = z
  .string()
  .regex(/^[1-9]\d{0,3}$/, 'a whole number of hours, 1 to 9999')
  .transform(Number);
const whole = z
  .string()
  .regex(/^[1-9]\d{0,8}$/, 'a whole number from 1')
  .transform(Number)
  .optional();
const allowed = z.string().transform((text, context) => {
  const entries = parseAllow(text);
  if (entries) return entries;
  context.addIssue('entries kind/id=DIGEST@YYYY-MM-DD with commas between them, as the guard proposes them');
  return z.NEVER;
});
const lockRule = z.string().transform((text, context) => {
  const rule = parseLockRule(text);
  if (rule !== 'malformed') return rule;
  context.addIssue('off, governance:DAYS or compliance:DAYS, with 1 to 36500 days');
  return z.NEVER;
});
const keepRules = z.string().transform((text, context) => {
  const rules = parseKeepRules(text);
  if (rules) return rules;
  context.addIssue(
    'some of hourly=, daily=, weekly=, monthly= (one of them above 0), newest= (at least 1) and floorDays= (at least 1), with commas between them',
  );
  return z.NEVER;
});

/** Every key of stack config, in the order of the README. */
export const OPTIONS = {
  sourceAccount: { schema: account, help: 'The account to be protected.', example: '111111111111' },
  sourceRegion: { schema: region, help: 'The region to be protected.', example: 'eu-west-1' },
  drAccount: {
    schema: account,
    help: 'The account that holds the mirror and the copies.',
    example: '222222222222',
  },
  drRegion: {
    schema: region,
    help: 'The region that holds the mirror and the copies.',
    example: 'eu-central-1',
  },
  externalId: {
    schema: z
      .string()
      .regex(/^[\w+=,.@:/-]{8,1224}$/, 'the external id of the reader role, 8 to 1,224 characters'),
    help: 'The external id that the reader role in the source asks for, as given to source/.',
    example: 'a-long-random-word',
  },
  sourceRole: {
    schema: z
      .string()
      .regex(/^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]+$/, 'the ARN of an IAM role')
      .optional(),
    help: 'The read-only role in the source. Default: the role that source/ makes.',
    example: `arn:aws:iam::111111111111:role/${SOURCE_NAMES.readerRole}`,
  },
  inventory: {
    schema: z.enum(['live', 'saved'], { error: 'live or saved' }).default('live'),
    help: 'live looks the source up; saved uses the accepted inventory in the vault. recover implies saved.',
    example: 'live',
  },
  recover: {
    schema: flag.default(false),
    help: 'true materialises images, volumes and instances from the newest recovery points.',
    example: 'false',
  },
  recoverAt: {
    schema: moment.optional(),
    help: 'Recover as of this moment, machines and configuration: a time, or words such as 2 days ago, which the first run resolves once and for all. Default: the newest.',
    example: '2026-01-31T04:00:00Z',
  },
  recoverOnly: {
    schema: names.default([]),
    help: 'The machines to recover: names, ids or tags (key=value), with commas between them. Default: all that are protected.',
    example: 'shop-db,tier=web',
  },
  recoverExcept: {
    schema: names.default([]),
    help: 'The machines to leave out of a recovery: names, ids or tags (key=value), with commas between them.',
    example: 'batch-1,tier=batch',
  },
  ...MACHINE_OPTIONS,
  switchDns: {
    schema: flag.default(true),
    help: 'false keeps the records that lead people to DR out of a recovery until it is true; lifeboat recover makes them last by itself.',
    example: 'true',
  },
  switchRecords: {
    schema: names.default([]),
    help: 'Names of the records of public zones that are the switch to DR, *.name for all below one. Default: all of public zones.',
    example: 'shop.example.com,*.api.example.com',
  },
  drill: {
    schema: z
      .string()
      .refine((id) => drillTimes(id) !== undefined, 'the id of a drill, such as 20260131t040000-120')
      .optional(),
    help: 'The drill that a stack is. Set by lifeboat drill for its own stack, never by hand. Default: none.',
    example: '20260131t040000-120',
  },
  removals: {
    schema: z.enum(['hold', 'follow'], { error: 'hold or follow' }).default('hold'),
    help: 'hold keeps in the mirror what is gone from the source; follow removes it.',
    example: 'hold',
  },
  guardShare: {
    schema: percent.default(30),
    help: 'Percent of the objects of one kind that may go or change in one run before it stops. Default: 30.',
    example: '30',
  },
  allow: {
    schema: allowed.default([]),
    help: 'Changes that the guard has stopped and that are meant, as its error proposes them. Each names one change and expires.',
    example: 'security-group-rule/sgr-0a1b2c3d4e5f67890=4f1c2ab90d3e@2026-01-31',
  },
  zones: {
    schema: zonePairs.default({}),
    help: 'Zone ids to map otherwise than by default, source=DR. Moving a zone replaces its subnets.',
    example: 'euw1-az1=euc1-az2',
  },
  vpcs: {
    schema: names
      .refine(
        (entries) => entries.every((entry) => /^(vpc-[0-9a-f]+|tag:[^=]+=.*)$/.test(entry)),
        'ids of VPCs, or tags as tag:key=value, with commas between them',
      )
      .default([]),
    help: 'The VPCs to mirror, by id or tag, with commas between them. Default: all but the default VPC.',
    example: 'vpc-0a1b2c3d,tag:env=prod',
  },
  trust: {
    schema: names
      .refine(
        (principals) => principals.every((principal) => /^[a-zA-Z0-9][\w+=,.@:/-]*$/.test(principal)),
        'account ids, ARNs of principals or identity providers, as policies name them, with commas between them',
      )
      .default([]),
    help: 'Principals outside of DR that mirrored roles and policies may trust as they do in the source. Default: none.',
    example: 'arn:aws:iam::111111111111:oidc-provider/token.actions.githubusercontent.com',
  },
  buckets: {
    schema: bucketPairs.default({}),
    help: "Names in DR of the source's buckets, source=DR, where they are to be others than by default. Default: the name, a dash and DR's account.",
    example: 'shop-images=shop-images-dr',
  },
  bucketsExcept: {
    schema: bucketNames.default([]),
    help: 'Names of buckets that are neither mirrored nor asked about, such as one whose policy keeps the reader out. Default: none.',
    example: 'audit-logs',
  },
  bucketLock: {
    schema: lockRule.optional(),
    help: "off, or how DR's buckets lock what they are given, mode:DAYS. It can be made longer, and never taken off a bucket again. Default: off.",
    example: 'governance:30',
  },
  copyBuckets: {
    schema: bucketNames.default([]),
    help: "The source's buckets whose objects copy-buckets copies into DR, with commas between them. Default: none.",
    example: 'shop-images,shop-invoices',
  },
  replicateBuckets: {
    schema: bucketNames.default([]),
    help: "The source's buckets that source/ lets S3 replicate into DR, the same as its own setting of that name. Default: none.",
    example: 'shop-images',
  },
  copyBucketsMostGiB: {
    schema: whole,
    help: "GiB of objects that one run of copy-buckets may copy. Default: 10240, or twice what DR's buckets hold, whichever is more.",
    example: '20480',
  },
  copyBucketsMostObjects: {
    schema: whole,
    help: "Versions of objects that one run of copy-buckets may copy. Default: 1000000, or twice what DR's buckets hold.",
    example: '2000000',
  },
  mirrorDefaultVpc: {
    schema: flag.default(false),
    help: 'true mirrors the default VPC too.',
    example: 'false',
  },
  home: {
    schema: flag.default(false),
    help: "true is for the way home, in a stack whose source is DR and whose DR is the account that was lost: what survived there is kept. See 'The way home' in the runbook. Default: false.",
    example: 'true',
  },
  volumeKey: {
    schema: z
      .string()
      .regex(/^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key\/[\w-]+$/, 'the ARN of a KMS key')
      .optional(),
    help: "ARN of the key, of DR's account and region, that the disks of recovered machines are encrypted under. Default: the key of their copies, the vault's.",
    example: 'arn:aws:kms:eu-central-1:222222222222:key/1234abcd-12ab-34cd-56ef-1234567890ab',
  },
  rpoHours: {
    schema: hours.default(26),
    help: "Hours that a machine's newest recovery point, the last run and the last copy may be old. Default: 26.",
    example: '26',
  },
  lockCopies: {
    schema: lockRule.optional(),
    help: 'off, or how each copy is locked from the moment it is made, mode:DAYS. Default: off.',
    example: 'governance:30',
  },
  keepCopies: {
    schema: keepRules.default(DEFAULT_KEEP_RULES),
    help: 'What prune-snapshots keeps: one set of each of the last hours, days, weeks, months; the newest so many; all that is younger than floorDays.',
    example: 'hourly=24,daily=7,weekly=4,monthly=12,newest=3,floorDays=14',
  },
  copyMostGiB: {
    schema: whole,
    help: 'GiB that one run may copy. Default: 10240, or twice what is due at the pace of the last week, whichever is more.',
    example: '20480',
  },
  copyMostSnapshots: {
    schema: whole,
    help: 'Snapshots that one run may copy. Default: 500, or twice what is due at the pace of the last week, whichever is more.',
    example: '1000',
  },
} as const satisfies Record<string, Option>;

/** Stack config, checked and typed. See OPTIONS for what each key means. */
export type Settings = Parsed<typeof OPTIONS> & { readonly sourceRole: string };

/**
 * Checks and types stack config. Pure.
 *
 * @param config all of the stack's config, full keys (`lifeboat:recover`) to the text of their values
 * @param stack the stack's name, for the command that an error proposes
 * @returns the settings, defaults filled in
 * @throws LifeboatError for a missing, malformed or unknown key, for a source that is the DR account, and for a role of another account
 */
export function parseSettings(config: Record<string, string>, stack = 'dr'): Settings {
  const context = { program: '.', namespace: NAMESPACE, stack } as const;
  const settings = parseOptions(OPTIONS, config, context);
  const { sourceAccount } = settings;
  refuseOneAccount(settings, context, OPTIONS.drAccount.example);
  const sourceRole = settings.sourceRole ?? `arn:aws:iam::${sourceAccount}:role/${SOURCE_NAMES.readerRole}`;
  refuseForeign({ ...settings, sourceRole }, context);
  return { ...settings, sourceRole, inventory: settings.recover ? 'saved' : settings.inventory };
}
