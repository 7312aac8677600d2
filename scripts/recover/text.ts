import prettyMs from 'pretty-ms';
import { waveText } from '../../inventory/waves';
import { table } from '../table';
import type { MachineReport, RecoverReport } from './drive';

const between = (from: string | undefined, to: string | undefined): string =>
  from && to ? prettyMs(Math.max(0, Date.parse(to) - Date.parse(from)), { secondsDecimalDigits: 0 }) : '-';

/** What a recovery did, for people. Pure. */
export function recoverText(report: RecoverReport, stack: string): string {
  const { begun, ended, steps, dns, failures, notAsked = [] } = report;
  const machines = steps.flatMap((step) => step.machines);
  const rows = machines.map((machine) => [
    waveText(machine.wave),
    machine.name,
    machine.outcome,
    machine.instance ?? '-',
    between(machine.begun, machine.launched),
    between(machine.begun ?? begun, machine.ready),
    machine.problem ?? '',
  ]);
  const ready = machines.filter(({ outcome }) => outcome === 'ready').length;
  const again = `npx lifeboat recover --stack ${stack}`;
  const lines = [
    `${ready} of ${machines.length} machines are ready, after ${between(begun, ended)}.`,
    ...notAsked,
    ...failures.map((failure) => `not made: ${failure.split('\n')[0]}`),
    ...(ready < machines.length || failures.length > 0
      ? [`Mend what is named, and run it again: ${again}. What runs stays as it is.`]
      : []),
    ...(dns === 'held'
      ? [`No name was led to DR. To do so all the same, and to start what is held: ${again} --go-on`]
      : []),
    ...(dns === 'off'
      ? [
          `No name was led to DR. To do so: npm run pulumi -- config rm lifeboat:switchDns --stack ${stack}, then: ${again}`,
        ]
      : []),
  ];
  const head = ['wave', 'name', 'outcome', 'in DR', 'launched in', 'ready in', 'problem'];
  return `${table(head, rows, [6, 24, 9, 21, 13, 10, 40])}${lines.join('\n')}\n`;
}

/** Whether all was reached that was asked for. */
export function isWhole({ steps, dns, failures }: RecoverReport): boolean {
  const isReady = ({ outcome }: MachineReport) => outcome === 'ready';
  return dns !== 'held' && failures.length === 0 && steps.every(({ machines }) => machines.every(isReady));
}
