import prettyMs from 'pretty-ms';
import { table } from '../table';
import type { LookUpTimes } from './lookUps';
import type { LookUpPages } from './pages';

/** One run of the engine, with all the processes that it started. */
export interface Run {
  readonly milliseconds: number;
  readonly cpuSeconds: number;
  /** Of the emulator, meanwhile. */
  readonly emulatorCpuSeconds: number;
  /** Undefined where it could not be measured. */
  readonly peakBytes: number | undefined;
  /** What each process had of it, by what it is. */
  readonly peakOf: Readonly<Record<string, number>>;
}

/** What a bench has measured. */
export interface Measured {
  /** The estate in words. */
  readonly estate: string;
  /** Milliseconds that the emulator adds to each call. */
  readonly latency: number;
  readonly pages: LookUpPages;
  readonly lookUp: LookUpTimes;
  /** The same with a longer latency. */
  readonly far: LookUpTimes & { readonly latency: number };
  /** Of the mirror, and of the bare program. */
  readonly resources: number;
  readonly first: Run;
  readonly noOp: Run;
  readonly bare: Run;
}

/** What issue and design ask for. */
export const TARGETS = { lookUp: 1.3, noOp: 1.25, bytes: 1.5 * 2 ** 30 } as const;

/** One line of the table. */
export interface Row {
  readonly what: string;
  readonly measured: string;
  /** Absent for what is only told. */
  readonly toReach?: string;
  readonly isMet?: boolean;
}

/** The table's lines. Pure. */
export function rows(measured: Measured): Row[] {
  const { pages, lookUp, far, resources, first, noOp, bare } = measured;
  const made = pages.lists.calls + pages.perObject.calls;
  const needed = pages.lists.pages + pages.perObject.pages;
  const unknown = pages.unknown.length > 0 ? `, and of ${pages.unknown.join(', ')} unknown` : '';
  const lookUpRatio = lookUp.all / lookUp.slowest;
  const noOpRatio = noOp.milliseconds / bare.milliseconds;
  return [
    {
      what: 'calls of the look-up / pages that exist',
      measured: `${made} / ${needed}${unknown}`,
      toReach: 'equal',
      isMet: made === needed,
    },
    {
      what: '  of these: lists of a whole account',
      measured: `${pages.lists.calls} / ${pages.lists.pages}`,
    },
    {
      what: '  of these: one object a call, as AWS has it',
      measured: `${pages.perObject.calls} / ${pages.perObject.pages}`,
    },
    {
      what: 'look-up of all kinds / slowest kind alone',
      measured: sideBySide(lookUp),
      toReach: `< ${TARGETS.lookUp}`,
      isMet: lookUpRatio < TARGETS.lookUp,
    },
    { what: `  the same at ${far.latency} ms a call`, measured: sideBySide(far) },
    {
      what: 'first run',
      measured: `${resources} resources in ${time(first.milliseconds)}, ${rate(resources, first)} a second`,
    },
    { what: 'no-op run', measured: `${resources} resources in ${time(noOp.milliseconds)}` },
    { what: 'no-op run, bare', measured: `${resources} resources in ${time(bare.milliseconds)}` },
    {
      what: 'no-op run / bare',
      measured: noOpRatio.toFixed(2),
      toReach: `< ${TARGETS.noOp}`,
      isMet: noOpRatio < TARGETS.noOp,
    },
    // What a busy machine changes least.
    { what: '  the same in CPU', measured: (noOp.cpuSeconds / bare.cpuSeconds).toFixed(2) },
    memory('peak memory, first run', first),
    { what: '  of these', measured: split(first) },
    memory('peak memory, no-op run', noOp),
    { what: '  of these', measured: split(noOp) },
    { what: 'peak memory, no-op run, bare', measured: bytes(bare.peakBytes) },
    { what: '  of these', measured: split(bare) },
    { what: 'CPU, first run', measured: cpu(first) },
    { what: 'CPU, no-op run', measured: cpu(noOp) },
    { what: 'CPU, no-op run, bare', measured: cpu(bare) },
  ];
}

/** The table for people. */
export function reportText(measured: Measured): string {
  const drawn = table(
    ['', 'measured', 'to reach', ''],
    rows(measured).map((row) => [row.what, row.measured, row.toReach ?? '', verdict(row)]),
  );
  return `${measured.estate}; ${measured.latency} ms of latency a call\n${drawn}`;
}

function sideBySide({ all, slowest, slowestKind }: LookUpTimes): string {
  return `${time(all)} / ${time(slowest)} (${slowestKind}) = ${(all / slowest).toFixed(2)}`;
}

function verdict({ isMet }: Row): string {
  return isMet === undefined ? '' : isMet ? 'met' : 'missed';
}

function memory(what: string, { peakBytes }: Run): Row {
  const toReach = `< ${bytes(TARGETS.bytes)}`;
  if (peakBytes === undefined) return { what, measured: bytes(peakBytes), toReach };
  return { what, measured: bytes(peakBytes), toReach, isMet: peakBytes < TARGETS.bytes };
}

function split({ peakOf }: Run): string {
  const parts = Object.entries(peakOf).sort(([, a], [, b]) => b - a);
  return parts.map(([role, count]) => `${role} ${(count / 2 ** 30).toFixed(2)}`).join(', ');
}

function bytes(count: number | undefined): string {
  return count === undefined ? 'not measured: there is no /proc' : `${(count / 2 ** 30).toFixed(2)} GiB`;
}

function cpu({ cpuSeconds, emulatorCpuSeconds }: Run): string {
  return `${cpuSeconds.toFixed(0)} s, and ${emulatorCpuSeconds.toFixed(0)} s of the emulator`;
}

function rate(resources: number, { milliseconds }: Run): string {
  return (resources / (milliseconds / 1000)).toFixed(0);
}

function time(milliseconds: number): string {
  return prettyMs(milliseconds, { secondsDecimalDigits: milliseconds < 60_000 ? 1 : 0 });
}
