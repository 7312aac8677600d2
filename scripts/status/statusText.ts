import { age } from '../age';
import type { Deps } from '../command';
import { duration } from '../drill/text';
import { colours } from '../inventory/colours';
import { printable, table } from '../table';
import { costText } from './costText';
import type { Finding } from './finding';
import type { MachineReport } from './machineReport';
import type { StatusReport } from './statusReport';

/** A report for people: a row for each machine, then what is wrong and what to do, machine by machine. */
export function statusText(report: StatusReport, deps: Pick<Deps, 'stdout' | 'env'>): string {
  const paint = colours(deps);
  const { now } = report.facts;
  const rows = report.machines.map((each) => {
    const state =
      each.problems.length > 0 ? paint.removed(count(each.problems.length, 'problem')) : paint.added('well');
    const { newest } = each;
    return [
      each.machine.name || each.machine.instance.id,
      newest ? newest.time.toISOString() : 'none',
      newest ? age(newest.time, now, { inWords: true }) : '',
      `${each.rpoHours} hours`,
      state,
    ];
  });
  const lines: string[] = [];
  const say = (kind: 'problem' | 'note', about: string, { code, what, next }: Finding) => {
    const head = kind === 'problem' ? paint.removed('problem') : paint.changed('note   ');
    lines.push(`${head}  ${oneLine(`${about}${what}`)} [${code}]`);
    if (next) lines.push(`           next: ${oneLine(next)}`);
  };
  for (const problem of report.problems) say('problem', '', problem);
  for (const each of report.machines)
    for (const problem of each.problems) say('problem', `${titled(each)}: `, problem);
  for (const note of report.notes) say('note', '', note);
  for (const each of report.machines) for (const note of each.notes) say('note', `${titled(each)}: `, note);
  const parts = [
    table(['Name', 'newest recovery point', 'age', 'wanted', 'state'], rows),
    lines.length > 0 ? `${lines.join('\n')}\n` : '',
    costText(report.cost),
    `${summary(report)}\n`,
  ];
  return parts.filter((part) => part !== '').join('\n');
}

/** What the source calls something must not look like a line of ours. */
function oneLine(text: string): string {
  return printable(text.replaceAll('\n', '?'));
}

function titled({ machine: { name, instance } }: MachineReport): string {
  return name || instance.id;
}

function summary(report: StatusReport): string {
  const { facts, machines } = report;
  const { now, settings } = facts;
  const since = (time: Date | undefined) => (time ? `${age(time, now, { inWords: true })} ago` : 'never');
  const well = machines.filter(({ problems }) => problems.length === 0).length;
  const total = report.problems.length + machines.reduce((sum, { problems }) => sum + problems.length, 0);
  return [
    ...(facts.source.error ? ['The source did not answer: this is what DR holds.'] : []),
    `Last run of the mirror that ended well: ${facts.mirrorRun.error ? 'unknown' : since(report.lastMirrorRun)}. Last copy begun: ${since(report.lastCopy)}.`,
    `Last drill: ${facts.drill.error ? 'unknown' : drilled(report)}.`,
    `Not protected by Lifeboat in ${settings.sourceAccount}, ${settings.sourceRegion}: ${stores(report)}.`,
    `Machines that are well: ${well} of ${machines.length}. ${total === 0 ? 'All is well.' : `${count(total, 'problem')}.`}`,
  ].join('\n');
}

/** How long ago a drill may be before it is said that another is due. Machines and their data change. */
const DRILL_DAYS = 30;

function drilled({ lastDrill, facts: { now, stack } }: StatusReport): string {
  const due = `to measure how long a recovery takes: npx lifeboat drill --stack ${stack}`;
  if (!lastDrill) return `never; ${due}`;
  const { begun, recoverSeconds, machines, failed, left } = lastDrill;
  const isOld = now.getTime() - begun.getTime() > DRILL_DAYS * 86_400_000;
  return [
    `${age(begun, now, { inWords: true })} ago, ${recoverSeconds === undefined ? `${machines - failed.length} of ${machines} machines came up` : `${duration(recoverSeconds)} to recover ${count(machines, 'machine')}`}`,
    ...(failed.length > 0 ? [`not ${oneLine(failed.join(', '))}`] : []),
    ...(left > 0 ? [`${count(left, 'thing')} left behind: npx lifeboat drill --sweep --stack ${stack}`] : []),
    ...(isOld ? [due] : []),
  ].join('; ');
}

function stores({ stores: all }: StatusReport): string {
  if (!all) return 'could not be counted';
  const some = all.flatMap(({ store, count: number }) => (number ? [`${number} ${store}`] : []));
  const unknown = all.filter(({ count: number }) => number === undefined);
  const parts = some.length > 0 || unknown.length > 0 ? some : ['nothing that is looked for'];
  if (unknown.length > 0)
    parts.push(
      `and what could not be counted: ${unknown.map(({ store, reason }) => `${store} (${oneLine(reason ?? '')})`).join(', ')}`,
    );
  return parts.join(', ');
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`;
}
