/** How copies are locked. */
export interface LockRule {
  /** - `governance`: who has the right may lift it. - `compliance`: nobody may, once its cooling-off is over. */
  readonly mode: 'governance' | 'compliance';
  /** 1 to 36,500, counted by AWS from a copy's completion. */
  readonly days: number;
}

/** Reads `off`, which is no rule, `governance:30` or `compliance:365`. Pure. */
export function parseLockRule(text: string): LockRule | undefined | 'malformed' {
  if (text === 'off') return undefined;
  const [, mode, digits] = /^(governance|compliance):([1-9]\d{0,4})$/.exec(text) ?? [];
  const days = Number(digits);
  // AWS's limit: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_LockSnapshot.html
  if (mode === undefined || days > 36_500) return 'malformed';
  return { mode: mode as LockRule['mode'], days };
}
