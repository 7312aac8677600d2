import { readdirSync, readFileSync } from 'node:fs';

/** What a process and all that it started used together. */
export interface Usage {
  /** The most memory at once, in bytes: what several share is counted once. Undefined where there is no /proc. */
  readonly peakBytes: number | undefined;
  readonly cpuSeconds: number;
}

/** Milliseconds between two looks. */
const PERIOD = 250;
/** Linux counts a process's time in hundredths of a second, on every machine that Node runs on. */
const TICKS = 100;

/** Watches a process and its descendants until it is told to stop. */
export function watch(pid: number): () => Usage {
  let peak: number | undefined;
  const ticks = new Map<number, number>();
  const look = () => {
    const tree = descendants(pid, processes());
    for (const each of tree) ticks.set(each.pid, each.ticks);
    const bytes = tree.reduce((sum, each) => sum + proportionalBytes(each.pid), 0);
    if (tree.length > 0) peak = Math.max(peak ?? 0, bytes);
  };
  look();
  const timer = setInterval(look, PERIOD);
  return () => {
    clearInterval(timer);
    const total = [...ticks.values()].reduce((sum, each) => sum + each, 0);
    return { peakBytes: peak, cpuSeconds: total / TICKS };
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
