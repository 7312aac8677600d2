import { drAccount } from '../../accounts';
import { type BucketAtReport, bucketAt } from '../../buckets/bucketAt';
import { copyClient } from '../../buckets/clients';
import { checkDrBucket } from '../../buckets/drBucket';
import { Journal } from '../../buckets/journal';
import { LifeboatError } from '../../errors';
import { bucketInDr } from '../../inventory/bucketNames';
import { findVault } from '../../snapshots/vault';
import type { Command, CommonArgs } from '../command';
import { CONFIRM_OPTION, confirmAccount } from '../confirmAccount';
import { sizeText } from '../copyBuckets/report';
import { readSettings } from '../stack';

interface BucketAtArgs extends CommonArgs {
  readonly bucket: string;
  readonly at: string;
  readonly plan: boolean;
  readonly 'hide-newer': boolean;
  readonly confirm: string | undefined;
}

const AT_ONCE = 64;
const PARTS_AT_ONCE = 8;

/** `lifeboat bucket-at`: in the DR account. */
export const bucketAtCommand: Command<BucketAtArgs> = {
  examples: [
    [
      'npx lifeboat bucket-at --bucket shop-images --at 2026-01-31T04:00:00Z --plan',
      'Show what would be brought back',
    ],
    [
      'npx lifeboat bucket-at --bucket shop-images --at 2026-01-31T04:00:00Z',
      "Bring it back, once the DR account's alias is typed",
    ],
    [
      'npx lifeboat bucket-at --bucket shop-images --at 2026-01-31T04:00:00Z --hide-newer',
      'And hide what was not there then',
    ],
  ],

  builder: (yargs) =>
    yargs
      .option('bucket', {
        type: 'string',
        demandOption: true,
        requiresArg: true,
        describe: "The bucket's name in the source",
      })
      .option('at', {
        type: 'string',
        demandOption: true,
        requiresArg: true,
        describe: 'The moment, ISO 8601 with a zone, by the times of the source',
      })
      .option('plan', {
        type: 'boolean',
        default: false,
        describe: 'Show what would be done; changes nothing',
      })
      .option('hide-newer', {
        type: 'boolean',
        default: false,
        describe: 'Put a delete marker on what was not there then; its versions stay',
      })
      .option('confirm', CONFIRM_OPTION),

  async run(args, deps) {
    const at = momentOf(args);
    const settings = readSettings(args);
    const dr = await drAccount(settings);
    const vault = await findVault(dr);
    const bucket = bucketInDr(args.bucket, settings);
    await checkDrBucket(dr, bucket, args.bucket);
    const place = { s3: dr.s3, bucket, owner: dr.id };
    const look = { dr: place, at, hideNewer: args['hide-newer'], atOnce: AT_ONCE };
    const planned = await bucketAt({ ...look, journal: await Journal.open(dr, vault.bucket, args.bucket) });
    if (!args.json) deps.stdout.write(planText(bucket, at, planned, args['hide-newer']));
    const todo = planned.back + (args['hide-newer'] ? planned.newer : 0);
    if (args.plan || todo === 0) {
      if (args.json) deps.stdout.write(json(bucket, at, { planned }));
      return 0;
    }
    await confirmAccount(dr, deps, {
      confirm: args.confirm,
      doing: 'Bringing a bucket back to a moment',
      question: `${planned.back} keys of ${bucket} get an older version on top${args['hide-newer'] ? `, ${planned.newer} are hidden` : ''}; nothing is deleted.`,
      command: `npx lifeboat bucket-at --stack ${args.stack} --bucket ${args.bucket} --at ${args.at}${args['hide-newer'] ? ' --hide-newer' : ''}`,
    });
    const s3 = copyClient(dr, AT_ONCE);
    try {
      // What is written down is read anew: somebody may have copied while that was asked.
      const journal = await Journal.open(dr, vault.bucket, args.bucket);
      const route = { s3, sourceS3: s3, partsAtOnce: PARTS_AT_ONCE };
      const done = await bucketAt({ ...look, journal, route });
      for (const { key, reason } of done.failures.slice(0, 5))
        deps.stderr.write(`problem  ${JSON.stringify(key)} could not be brought back: ${reason}\n`);
      deps.stdout.write(args.json ? json(bucket, at, { planned, done }) : doneText(bucket, at, done));
      return done.failed > 0 ? 1 : 0;
    } finally {
      s3.destroy();
    }
  },
};

function momentOf({ at, bucket }: BucketAtArgs): Date {
  const moment = new Date(at);
  if (/^\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:\d\d)$/.test(at) && !Number.isNaN(moment.getTime())) return moment;
  throw new LifeboatError({
    what: '--at is malformed',
    got: at,
    expected: 'an ISO 8601 time with a zone',
    next: `npx lifeboat bucket-at --bucket ${bucket} --at 2026-01-31T04:00:00Z --plan`,
  });
}

function planText(
  bucket: string,
  at: Date,
  { same, back, backBytes, newer }: BucketAtReport,
  hides: boolean,
): string {
  const left = hides ? 'are hidden' : 'stay as they are: --hide-newer hides them';
  return (
    `${bucket} as of ${at.toISOString()}: ${back} keys get an older version on top (${sizeText(backBytes)}), ${same} are as they were, ` +
    `${newer} were not there then and ${left}.\n`
  );
}

function doneText(bucket: string, at: Date, { back, hidden, failed }: BucketAtReport): string {
  const brought = back - failed;
  return `${bucket} is as of ${at.toISOString()}: ${Math.max(0, brought)} keys brought back, ${hidden} hidden, ${failed} failed. Nothing was deleted.\n`;
}

function json(bucket: string, at: Date, reports: { planned: BucketAtReport; done?: BucketAtReport }): string {
  return `${JSON.stringify({ bucket, at: at.toISOString(), ...reports }, null, 2)}\n`;
}
