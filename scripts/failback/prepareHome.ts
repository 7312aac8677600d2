import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { drAccount } from '../../accounts';
import { LifeboatError } from '../../errors';
import { parseSettings } from '../../settings';
import { parseSourceSettings } from '../../source/settings';
import { parseVaultSettings } from '../../vault/settings';
import type { Deps } from '../command';
import type { FailbackArgs } from '../commands/failback';
import { accepted } from '../inventory/openVault';
import { readSettings, stackFile } from '../stack';
import { homeSettings } from './homeSettings';
import { addSettings, configOf, refuseOthersFile } from './stackFiles';
import { homeSteps, stepsText } from './steps';

const DAYS = 7;
const MAX_DAYS = 90;

/** `failback prepare`: with credentials of DR that read its vault. Writes three stack files, and nothing else. */
export async function prepareHome(args: FailbackArgs, deps: Deps): Promise<number> {
  const { stack, home, administrator } = args;
  const settings = readSettings(args);
  const days = args.days ?? DAYS;
  if (!Number.isInteger(days) || days < 1 || days > MAX_DAYS) throw malformedDays(days);
  if (administrator === undefined || !administrator.startsWith(`arn:aws:iam::${settings.sourceAccount}:`))
    throw noAdministrator(administrator, settings.sourceAccount);
  const dr = await drAccount(settings);
  const { inventory } = await accepted({ settings, dr, stack });
  const files = {
    root: stackFile({ dir: args.dir, stack: home }),
    vault: stackFile({ dir: path.join(args.dir, 'vault'), stack: home }),
    source: stackFile({ dir: path.join(args.dir, 'source'), stack: home }),
  };
  const until = new Date(deps.now().getTime() + days * 86_400_000);
  const externalId =
    configOf(files.root)['lifeboat:externalId'] ??
    configOf(files.source)['lifeboat-source:externalId'] ??
    randomBytes(24).toString('hex');
  const { notes, ...made } = homeSettings({
    settings,
    zones: inventory.zones,
    administrator,
    externalId,
    until,
  });
  const programs = ['root', 'vault', 'source'] as const;
  for (const program of programs) refuseOthersFile(files[program], made[program]);
  // Everything is checked before the first file is written.
  const merged = (program: (typeof programs)[number]) => ({ ...made[program], ...configOf(files[program]) });
  parseSettings(merged('root'), home);
  parseVaultSettings(merged('vault'), home);
  parseSourceSettings(merged('source'), home);
  const changed = programs.map((program) => ({
    file: files[program],
    keys: addSettings(files[program], made[program]),
  }));
  for (const note of notes) deps.stderr.write(`note     ${note}\n`);
  const steps = homeSteps({ settings, stack, home });
  if (args.json) deps.stdout.write(`${JSON.stringify({ changed, notes, steps }, null, 2)}\n`);
  else {
    for (const { file, keys } of changed)
      deps.stdout.write(
        `${file}: ${keys.length === 0 ? 'was so already' : `${keys.length} settings written`}\n`,
      );
    deps.stdout.write(`\n${stepsText(steps)}`);
  }
  return 0;
}

function malformedDays(days: number): LifeboatError {
  return new LifeboatError({
    what: '--days is malformed',
    got: String(days),
    expected: `a whole number from 1 to ${MAX_DAYS}: the way into DR ends by itself`,
    next: `npx lifeboat failback prepare --days ${DAYS} --administrator ARN`,
  });
}

function noAdministrator(got: string | undefined, account: string): LifeboatError {
  return new LifeboatError({
    what: 'Who does what is to be done at home is not known',
    got: got ?? 'no --administrator',
    expected: `the ARN of a role or user of ${account}: it may use the roles of the vault at home, and read DR`,
    next: `npx lifeboat failback prepare --administrator arn:aws:iam::${account}:role/NAME`,
  });
}
