import { LifeboatError } from '../../errors';
import { readRecords } from '../../snapshots/recoveryRecords';
import type { Command, CommonArgs } from '../command';
import { CONFIRM_OPTION, confirmAccount } from '../confirmAccount';
import { accepted, openVault } from '../inventory/openVault';
import { issuedCertificates } from '../moveNames/certificates';
import { factsOf, type SiteFacts } from '../moveNames/facts';
import { moveSite } from '../moveNames/move';
import { sitesWithNames } from '../moveNames/sites';
import { certificateCommand, stepsLeft, supportCase } from '../moveNames/steps';
import { table } from '../table';

interface MoveNamesArgs extends CommonArgs {
  readonly rehearse: boolean;
  readonly yes: boolean;
  readonly confirm: string | undefined;
}

const STATES = { here: 'here', free: 'nobody', held: 'another', unknown: 'not known yet' } as const;

/** `lifeboat move-names`: in the DR account, with the recover role. */
export const moveNamesCommand: Command<MoveNamesArgs> = {
  examples: [
    ['npx lifeboat move-names --rehearse', 'At rest: show what a move would need; changes nothing'],
    ['npx lifeboat move-names', 'In a recovery: show which names are where, and what is left'],
    [
      'npx lifeboat move-names --yes',
      "Enable the distributions and move the names; asks for the account's alias",
    ],
  ],

  builder: (yargs) =>
    yargs
      .option('rehearse', {
        type: 'boolean',
        default: false,
        describe: 'Only look, whether or not a recovery is active',
      })
      .option('yes', { type: 'boolean', default: false, describe: 'Do it, once the account is confirmed' })
      .option('confirm', CONFIRM_OPTION),

  async run(args, deps) {
    const isToMove = args.yes || args.confirm !== undefined;
    if (args.rehearse && isToMove)
      throw new LifeboatError({
        what: 'The flags contradict each other',
        got: `--rehearse and ${args.yes ? '--yes' : '--confirm'}`,
        expected: 'one of them: a rehearsal changes nothing',
        next: 'npx lifeboat move-names --help',
      });
    const vault = await openVault(args);
    const { dr, stack, settings } = vault;
    const [{ inventory }, records] = await Promise.all([accepted(vault), readRecords(dr, stack)]);
    // An estate may have no machine to be recovered.
    if (!args.rehearse && records.own.size === 0 && !settings.recover) throw notRecovering(stack);
    const sites = await sitesWithNames(dr, inventory);
    const certificates = sites.length > 0 ? await issuedCertificates(dr) : [];
    let facts = await Promise.all(sites.map((site) => factsOf(dr, site, certificates)));
    const report = (moved: boolean) =>
      args.json ? json(facts, dr.id, moved) : text(facts, dr.id, { moved, isToMove, stack });
    if (!isToMove) {
      deps.stdout.write(report(false));
      return 0;
    }
    deps.stderr.write(text(facts, dr.id, { moved: false, isToMove, stack }));
    await confirmAccount(dr, deps, {
      confirm: args.confirm,
      doing: 'Moving names',
      question:
        'Their distributions in DR are enabled and serve, and names leave the distributions that have them.',
      command: `npx lifeboat move-names --stack ${stack}`,
    });
    const moved: SiteFacts[] = [];
    for (const each of facts)
      moved.push(await moveSite(dr, each, certificates, (line) => deps.stderr.write(`${line}\n`)));
    facts = moved;
    deps.stdout.write(report(true));
    return facts.every(({ names }) => names.every(({ state }) => state === 'here')) ? 0 : 1;
  },
};

function notRecovering(stack: string): LifeboatError {
  return new LifeboatError({
    what: 'No recovery is active, so no name is moved',
    got: `neither a machine under recovery nor lifeboat:recover of the stack ${stack}`,
    expected: 'a recovery: names that are moved are taken from the source',
    next: 'npx lifeboat move-names --rehearse',
  });
}

function json(facts: readonly SiteFacts[], account: string, moved: boolean): string {
  const sites = facts.map((each) => ({
    source: each.site.source.id,
    distribution: each.site.mirror?.id ?? null,
    domainName: each.site.mirror?.domainName ?? null,
    webAcl: each.site.source.config.WebACLId || null,
    certificate: each.certificate?.arn ?? null,
    names: each.names.map((name) => ({ ...name, left: stepsLeft(each, name) })),
  }));
  return `${JSON.stringify({ moved, sites, supportCase: supportCase(facts, account) ?? null }, null, 2)}\n`;
}

function text(
  facts: readonly SiteFacts[],
  account: string,
  { moved, isToMove, stack }: { moved: boolean; isToMove: boolean; stack: string },
): string {
  if (facts.length === 0) return 'No distribution of the accepted inventory has a name of its own.\n';
  const rows = facts.flatMap((each) =>
    each.names.map((name) => [
      name.name,
      each.site.mirror?.id ?? 'none',
      holder(name.state, name.holders),
      stepsLeft(each, name).join('\n'),
    ]),
  );
  const without = facts.filter(({ certificate }) => !certificate);
  const bare = facts.filter(({ site }) => site.source.config.WebACLId);
  const help = moved ? supportCase(facts, account) : undefined;
  return [
    table(['name', 'in DR', 'had by', 'left to do'], rows),
    ...without.map(
      ({ site }) => `A certificate for ${site.source.id}: ${certificateCommand(site.source.aliases)}\n`,
    ),
    ...bare.map(
      ({ site }) =>
        `${site.source.id} has the web ACL ${site.source.config.WebACLId}; its mirror serves without one.\n`,
    ),
    ...(help ? [`Where the source is out of reach, this is a case for AWS Support:\n\n${help}\n`] : []),
    ...(isToMove ? [] : [`To do what can be done: npx lifeboat move-names --yes --stack ${stack}\n`]),
  ].join('');
}

function holder(
  state: keyof typeof STATES,
  holders: readonly { account: string; resource: string }[],
): string {
  const [first] = holders;
  return state === 'held' && first ? `${first.resource} of ${first.account}` : STATES[state];
}
