import { CreateTagsCommand } from '@aws-sdk/client-ec2';
import pLimit from 'p-limit';
import { type Account, sourceOwner } from '../../accounts';
import { LifeboatError, type LifeboatErrorDetails } from '../../errors';
import type { Command, CommonArgs } from '../command';
import { readSettings } from '../stack';
import { table } from '../table';
import { readEstate } from '../tagVolumes/estate';
import { keyAdvice } from '../tagVolumes/keyAdvice';
import { reKeyAdvice } from '../tagVolumes/reKeyAdvice';
import { protectedMachines, tagProblems } from '../tagVolumes/tagProblems';
import { type TagChange, tagPlan } from '../tagVolumes/volumeTags';

interface TagVolumesArgs extends CommonArgs {
  readonly 'dry-run': boolean;
}

/** AWS takes at most this many resources in one CreateTags. */
const RESOURCES_AT_ONCE = 1_000;

/** `lifeboat tag-volumes`: in the source account, with its owner's credentials. */
export const tagVolumesCommand: Command<TagVolumesArgs> = {
  examples: [
    ['npx lifeboat tag-volumes --dry-run', 'Check the tags and show what would be written'],
    ['npx lifeboat tag-volumes', 'Check the tags and write what recovery needs'],
  ],

  builder: (yargs) =>
    yargs.option('dry-run', { type: 'boolean', default: false, describe: 'Show what would be written' }),

  async run(args, deps) {
    const settings = readSettings(args);
    const account = await sourceOwner(settings);
    const estate = await readEstate(account);
    const problems = tagProblems(estate);
    if (problems.length > 0) {
      if (args.json) deps.stdout.write(json({ problems, changes: [] }));
      for (const problem of problems) deps.stderr.write(`${new LifeboatError(problem).message}\n`);
      deps.stderr.write('Nothing was changed.\n');
      return 1;
    }
    const { changes, warnings } = tagPlan(estate);
    for (const warning of warnings) deps.stderr.write(`warning  ${warning}\n`);
    // On the way home the disks are under DR's vault's key, and `failback snapshots` sees to that.
    const advice = settings.home ? [] : [...keyAdvice(estate, settings), ...reKeyAdvice(estate)];
    for (const text of advice) deps.stderr.write(`\n${text}\n`);
    const machines = protectedMachines(estate).length;
    if (machines === 0)
      deps.stderr.write(
        `warning  no machine in ${account.id}, ${account.region} has a disk tagged MUSTSNAP: True: nothing is protected\n`,
      );
    if (!args['dry-run']) await writeTags(account, changes);
    if (args.json)
      deps.stdout.write(json({ problems, changes, warnings, advice, machines, dryRun: args['dry-run'] }));
    else deps.stdout.write(text(changes, machines, args['dry-run']));
    return 0;
  },
};

/** Writes changes in as few calls as there are different sets of tags. */
async function writeTags({ ec2 }: Account, changes: readonly TagChange[]): Promise<void> {
  const byResource = new Map<string, Record<string, string>>();
  for (const { resource, key, becomes } of changes)
    byResource.set(resource, { ...byResource.get(resource), [key]: becomes });
  const batches = new Map<string, string[]>();
  for (const [resource, tags] of byResource) {
    const same = JSON.stringify(tags);
    batches.set(same, [...(batches.get(same) ?? []), resource]);
  }
  const limit = pLimit(4);
  await Promise.all(
    [...batches].flatMap(([tags, resources]) => {
      const Tags = Object.entries(JSON.parse(tags) as Record<string, string>).map(([Key, Value]) => ({
        Key,
        Value,
      }));
      return chunks(resources, RESOURCES_AT_ONCE).map((Resources) =>
        limit(() => ec2.send(new CreateTagsCommand({ Resources, Tags }))),
      );
    }),
  );
}

function chunks<T>(items: readonly T[], size: number): T[][] {
  const parts: T[][] = [];
  for (let start = 0; start < items.length; start += size) parts.push(items.slice(start, start + size));
  return parts;
}

function text(changes: readonly TagChange[], machines: number, isDryRun: boolean): string {
  const rows = changes.map(({ resource, name, key, was, becomes }) => [
    resource,
    name,
    key,
    was ?? '',
    becomes,
  ]);
  const resources = new Set(changes.map(({ resource }) => resource)).size;
  const did = isDryRun ? 'to be written' : 'written';
  const summary =
    changes.length === 0
      ? `The tags of ${machines} machines and their disks are as they should be.`
      : `${changes.length} tags ${did} on ${resources} resources of ${machines} machines.`;
  return `${table(['resource', 'name', 'tag', 'was', 'becomes'], rows)}${summary}\n`;
}

function json(value: {
  problems: readonly LifeboatErrorDetails[];
  changes: readonly TagChange[];
  [key: string]: unknown;
}): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
