import { MultiBar, type SingleBar } from 'cli-progress';
import prettyMs from 'pretty-ms';
import type { CopyFailure, CopyWatcher, RunningCopy } from '../snapshots/copyReport';
import type { Deps, Output } from './command';

/** Shows a run of copying; `stop` gives the terminal back. */
export interface CopyProgress extends CopyWatcher {
  stop(): void;
}

/** How much a run has before it. */
export interface CopyTotals {
  readonly snapshots: number;
  readonly gib: number;
}

/** Copies that get a line of their own on a terminal; more would push the rest off it. */
const LINES = 6;
/** Seconds between signs of life where lines cannot be drawn over. */
const HEARTBEAT_SECONDS = 60;

/** Bars on a terminal, plain lines elsewhere; on stderr both. */
export function copyProgress(totals: CopyTotals, deps: Pick<Deps, 'stderr' | 'isTerminal'>): CopyProgress {
  return deps.isTerminal && totals.snapshots > 0 ? bars(totals, deps.stderr) : lines(totals, deps.stderr);
}

/** What is done so far, in GiB and snapshots. */
class Tally {
  private finishedGib = 0;
  private running: readonly RunningCopy[] = [];
  snapshots = 0;

  constructor(readonly totals: CopyTotals) {}

  looked(running: readonly RunningCopy[]): void {
    this.running = running;
  }

  /** Done in part counts in part; what failed counts too, for nothing more comes of it. */
  finished(gib: number): void {
    this.finishedGib += gib;
    this.snapshots += 1;
  }

  get gib(): number {
    const partly = this.running.reduce((sum, { size, progress }) => sum + (size * progress) / 100, 0);
    return Math.min(this.totals.gib, Math.round(this.finishedGib + partly));
  }

  get text(): string {
    return `${this.snapshots} of ${this.totals.snapshots} snapshots, ${this.gib} of ${this.totals.gib} GiB`;
  }
}

function named({ name, sourceSnapshotId }: RunningCopy): string {
  return name === '' ? sourceSnapshotId : `${name} ${sourceSnapshotId}`;
}

function failureText({ snapshotId, name, copy, reason }: CopyFailure): string {
  return `failed   ${name === '' ? snapshotId : `${name} ${snapshotId}`}${copy ? ` as ${copy}` : ''}: ${reason}`;
}

function lines(totals: CopyTotals, stderr: Output): CopyProgress {
  const tally = new Tally(totals);
  let last = performance.now();
  const say = (text: string) => stderr.write(`${text}\n`);
  return {
    started: (copy) =>
      say(`${copy.adopted ? 'goes on ' : 'started '} ${named(copy)}, ${copy.size} GiB, as ${copy.id}`),
    looked(running) {
      tally.looked(running);
      if (performance.now() - last < HEARTBEAT_SECONDS * 1000) return;
      last = performance.now();
      say(`…        ${tally.text}`);
    },
    copied(copy, milliseconds) {
      tally.finished(copy.size);
      say(`copied   ${named(copy)}, ${copy.size} GiB, as ${copy.id} in ${prettyMs(milliseconds)}`);
    },
    failed(failure) {
      tally.finished(0);
      say(failureText(failure));
    },
    note: (text) => say(`note     ${text}`),
    stop: () => {},
  };
}

function bars(totals: CopyTotals, stderr: Output): CopyProgress {
  const tally = new Tally(totals);
  const screen = new MultiBar({
    stream: stderr as NodeJS.WritableStream,
    format: '{bar} {percentage} % {what}',
    barsize: 24,
    barCompleteChar: '█',
    barIncompleteChar: '░',
    autopadding: true,
    clearOnComplete: true,
    hideCursor: false,
    fps: 4,
  });
  const overall = screen.create(Math.max(1, totals.gib), 0, { what: tally.text });
  const lineOf = new Map<string, SingleBar>();
  const drop = (id: string) => {
    const bar = lineOf.get(id);
    if (bar) screen.remove(bar);
    lineOf.delete(id);
  };
  const draw = (running: readonly RunningCopy[]) => {
    tally.looked(running);
    overall.update(tally.gib, { what: tally.text });
    const shown = [...running].sort((a, b) => b.size - a.size).slice(0, LINES);
    for (const id of [...lineOf.keys()]) if (!shown.some((copy) => copy.id === id)) drop(id);
    for (const copy of shown) {
      const what = `${named(copy)}, ${copy.size} GiB`;
      const bar = lineOf.get(copy.id) ?? screen.create(100, 0, { what });
      lineOf.set(copy.id, bar);
      bar.update(copy.progress, { what });
    }
  };
  const say = (text: string) => screen.log(`${text}\n`);
  return {
    started: () => {},
    looked: draw,
    copied(copy) {
      tally.finished(copy.size);
      drop(copy.id);
    },
    failed(failure) {
      tally.finished(0);
      if (failure.copy) drop(failure.copy);
      say(failureText(failure));
    },
    note: say,
    stop: () => screen.stop(),
  };
}
