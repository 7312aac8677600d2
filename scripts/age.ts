import prettyMs from 'pretty-ms';

/** How long ago something was, roughly: `3d 4h`. A time to come is `0ms`. */
export function age(time: Date, now: Date): string {
  return prettyMs(Math.max(0, Number(now) - Number(time)), { unitCount: 2, secondsDecimalDigits: 0 });
}
