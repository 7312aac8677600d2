import prettyMs from 'pretty-ms';

/**
 * How long ago something was, roughly: `3d 4h`. A time to come is `0ms`.
 *
 * @param inWords writes `3 days 4 hours`. Default: false
 */
export function age(time: Date, now: Date, { inWords = false } = {}): string {
  const milliseconds = Math.max(0, Number(now) - Number(time));
  return prettyMs(milliseconds, { unitCount: 2, secondsDecimalDigits: 0, verbose: inWords });
}
