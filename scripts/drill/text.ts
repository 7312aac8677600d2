import prettyMs from 'pretty-ms';
import { waveText } from '../../inventory/waves';
import { age } from '../age';
import { table } from '../table';
import type { DrillReport } from './report';

/** Seconds in words. */
export const duration = (seconds: number): string => prettyMs(seconds * 1000, { secondsDecimalDigits: 0 });

const between = (from: string | undefined, to: string | undefined): string =>
  from && to ? duration(Math.max(0, Math.round((Date.parse(to) - Date.parse(from)) / 1000))) : '-';

/**
 * What a drill found, for people. Pure.
 *
 * @param places where the report is
 */
export function drillText(report: DrillReport, places: readonly string[]): string {
  const { machines, recoverSeconds, stopped, failures, left, begun } = report;
  const rows = machines.map((machine) => [
    waveText(machine.wave),
    machine.name,
    machine.outcome,
    between(machine.begun, machine.launched),
    between(machine.launched, machine.ready),
    machine.dataFrom ? age(new Date(machine.dataFrom), new Date(begun)) : '-',
    machine.problem ?? '',
  ]);
  const ready = machines.filter(({ outcome }) => outcome === 'ready').length;
  const lines = [
    recoverSeconds === undefined
      ? `${ready} of ${machines.length} machines came up${stopped === undefined ? '' : `, and the drill was ended before its time: ${stopped}`}.`
      : `All ${machines.length} machines came up: ${duration(recoverSeconds)} to recover.`,
    ...failures.map((failure) => `not made: ${failure.split('\n')[0]}`),
    left.length === 0
      ? 'Nothing was left behind.'
      : `Left behind, and ended by AWS when the time of the drill is up if it is a machine:\n${left.map((each) => `  ${each}`).join('\n')}\nTo try again: npx lifeboat drill --sweep --stack ${report.stack}`,
    ...places.map((place) => `report: ${place}`),
  ];
  const head = ['wave', 'name', 'outcome', 'launched in', 'checked in', 'data was', 'problem'];
  return `${table(head, rows, [6, 24, 9, 13, 12, 12, 40])}${lines.join('\n')}\n`;
}
