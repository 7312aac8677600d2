/**
 * Does some last work when the process is told to end, and lets it end then as it would have. A second signal does not wait for it.
 *
 * @param work must not throw
 * @returns stops listening
 */
export function lastWork(work: () => Promise<void>): () => void {
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  const stop = () => {
    for (const signal of signals) process.off(signal, handle);
  };
  const handle = (signal: NodeJS.Signals) => {
    stop();
    void work().finally(() => process.kill(process.pid, signal));
  };
  for (const signal of signals) process.on(signal, handle);
  return stop;
}
