import { readdirSync, readFileSync } from 'node:fs';

/** What a process and all that it started used together. */
export interface Usage {
  /** The most memory at once, in bytes: what several share is counted once. Undefined where there is no /proc. */
  readonly peakBytes: number | undefined;
  /** What each had of it, at that moment, by what it is. */
  readonly peakOf: Readonly<Record<string, number>>;
  readonly cpuSeconds: number;
}

/** Milliseconds between two looks. */
const PERIOD = 250;
/** Linux counts a process's time in hundredths of a second, on every machine that Node runs on. */
const TICKS = 100;

/** Watches a process and its descendants until it is told to stop. */
export function watch(pid: number): () => Usage {
  let peak: number | undefined;
  let peakOf: Record<string, number> = {};
  const ticks = new Map<number, number>();
  const look = () => {
    const tree = descendants(pid, processes());
    for (const one of tree) ticks.set(one.pid, one.ticks);
    const each = tree.map((one) => ({ pid: one.pid, bytes: proportionalBytes(one.pid) }));
    const bytes = each.reduce((sum, one) => sum + one.bytes, 0);
    if (tree.length === 0 || bytes < (peak ?? 0)) return;
    peak = bytes;
    peakOf = {};
    for (const one of each) {
      const role = roleOf(commandLine(one.pid));
      peakOf[role] = (peakOf[role] ?? 0) + one.bytes;
    }
  };
  look();
  const timer = setInterval(look, PERIOD);
  return () => {
    clearInterval(timer);
    const total = [...ticks.values()].reduce((sum, each) => sum + each, 0);
    return { peakBytes: peak, peakOf, cpuSeconds: total / TICKS };
  };
}

/** A running process as /proc tells it. */
export interface Process {
  readonly pid: number;
  readonly parent: number;
  /** CPU time, its own and the kernel's for it, in hundredths of a second. */
  readonly ticks: number;
}

/** Processes started by one, those started by these and so on, and itself. Pure. */
export function descendants(pid: number, all: readonly Process[]): Process[] {
  const found = all.filter((each) => each.pid === pid);
  for (const each of found) found.push(...all.filter(({ parent }) => parent === each.pid));
  return found;
}

/** What a process of a run is, by its command line. Pure. */
export function roleOf(commandLine: string): string {
  if (commandLine.includes('pulumi-resource-aws')) return 'provider';
  if (commandLine.includes('pulumi-language-nodejs')) return 'language host';
  if (commandLine.includes('/@pulumi/pulumi/cmd/run')) return 'program';
  return /^\S*pulumi /.test(commandLine) ? 'engine' : 'other';
}

/** One line of /proc/<pid>/stat. The program's name in it may hold spaces and brackets. Pure. */
export function parseStat(pid: number, stat: string): Process {
  const [, parent, ...rest] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  // After state and parent, user and system time are the 14th and 15th of all fields.
  return { pid, parent: Number(parent), ticks: Number(rest[9]) + Number(rest[10]) };
}

/** All processes; none where there is no /proc. */
export function processes(): Process[] {
  return read('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    const stat = text(`/proc/${name}/stat`);
    return stat === undefined ? [] : [parseStat(Number(name), stat)];
  });
}

/** The command line of a process, empty when it is gone. */
export function commandLine(pid: number): string {
  return text(`/proc/${pid}/cmdline`)?.replaceAll('\0', ' ') ?? '';
}

/** Pages that n processes share count as one n-th in each. */
function proportionalBytes(pid: number): number {
  const pss = /^Pss:\s+(\d+) kB$/m.exec(text(`/proc/${pid}/smaps_rollup`) ?? '')?.[1];
  return Number(pss ?? 0) * 1024;
}

function text(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    // It ended meanwhile, or this is not Linux.
    return undefined;
  }
}

function read(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}
