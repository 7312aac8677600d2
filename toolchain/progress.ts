/** Tells a person what takes its time. */
export interface Progress {
  /** A line that stays. */
  note(text: string): void;
  /** Runs the work under a title, with the time it takes. Steps may run side by side. */
  step<T>(title: string, work: () => Promise<T>): Promise<T>;
}

/** Where progress goes. */
export interface ProgressStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

/** Seconds between two signs of life where lines cannot be drawn over. */
const heartbeatSeconds = 60;

/**
 * Progress as text: on a terminal a live line of what is running, elsewhere plain lines, one when a step starts, one
 * when it ends and one a minute in between, so that a log shows that the build is alive.
 *
 * @param stream - usually stderr: stdout is for results
 * @param now - milliseconds; for tests
 */
export function progress(stream: ProgressStream, now: () => number = Date.now): Progress {
  const running = new Map<string, number>();
  const live = stream.isTTY === true;
  let timer: NodeJS.Timeout | undefined;

  const clear = () => {
    if (live) stream.write('\r\u001b[K');
  };
  const draw = () => {
    const text = [...running].map(([title, since]) => `${title} ${elapsed(now() - since)}`).join(' · ');
    if (live) stream.write(`\r\u001b[K${`… ${text}`.slice(0, (stream.columns ?? 80) - 1)}`);
    else stream.write(`  … ${text}\n`);
  };
  const say = (text: string) => {
    clear();
    stream.write(`${text}\n`);
    if (live && running.size > 0) draw();
  };
  const start = (title: string) => {
    running.set(title, now());
    timer ??= setInterval(draw, live ? 1000 : heartbeatSeconds * 1000);
    timer.unref();
    if (live) draw();
    else say(`  … ${title}`);
  };
  const end = (title: string, mark: string) => {
    const took = elapsed(now() - (running.get(title) ?? now()));
    running.delete(title);
    if (running.size === 0) {
      clearInterval(timer);
      timer = undefined;
    }
    say(`  ${mark} ${title} ${took}`);
  };

  return {
    note: say,
    async step(title, work) {
      start(title);
      try {
        const result = await work();
        end(title, '✔');
        return result;
      } catch (error) {
        end(title, '✖');
        throw error;
      }
    },
  };
}

/** Progress that nobody sees. */
export const silent: Progress = { note: () => {}, step: (_title, work) => work() };

/** A time for people: `7 s`, `4 min 11 s`. */
export function elapsed(ms: number): string {
  const seconds = Math.round(ms / 1000);
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}
