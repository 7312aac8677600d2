import type { Clock } from '../../snapshots/clock';

/** Ends a drill before its time: by a signal of its user's, or because its time is up. */
export interface Stop {
  /** Has the engine end what it is at, in order. */
  readonly signal: AbortSignal;
  /** @throws when the drill is to end now */
  check(): void;
  /** A clock that does not wait for longer than the drill may go on. */
  clock(real: Clock): Clock;
  /** No longer listens. */
  close(): void;
}

/**
 * Listens for what ends a drill.
 *
 * @param until when its time is up, in milliseconds of the epoch. By the clock on the wall: a timer may stand still while a machine sleeps
 * @param note told why it ends
 */
export function stopOn(until: number, note: (text: string) => void): Stop {
  const [engine, waits] = [new AbortController(), new AbortController()];
  const end = (why: string, isForEngine: boolean) => {
    if (!waits.signal.aborted) {
      note(`${why}: the drill is ended, and what it has made is removed`);
      waits.abort(new Error(why));
    }
    if (isForEngine) engine.abort();
  };
  // A terminal interrupts the engine too, and interrupted twice it would drop what it is at.
  const handlers = Object.entries({ SIGINT: false, SIGTERM: true, SIGHUP: true }).map(
    ([name, isForEngine]) => {
      const handler = () => end(`stopped by ${name}`, isForEngine);
      process.on(name, handler);
      return [name, handler] as const;
    },
  );
  const overdue = () => end('its time is up', true);
  const timer = setTimeout(overdue, Math.max(0, until - Date.now()));
  // One for all waits.
  const stopped = new Promise<void>((done) =>
    waits.signal.addEventListener('abort', () => done(), { once: true }),
  );
  const check = () => {
    if (Date.now() >= until) overdue();
    if (waits.signal.aborted) throw waits.signal.reason;
  };
  return {
    signal: engine.signal,
    check,
    clock: ({ now, sleep }) => ({
      now,
      async sleep(milliseconds) {
        check();
        await Promise.race([sleep(milliseconds), stopped]);
        check();
      },
    }),
    close() {
      clearTimeout(timer);
      for (const [name, handler] of handlers) process.off(name, handler);
    },
  };
}
