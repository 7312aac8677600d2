/** A part of a rule: words of it, or the alarm that it names. */
export type RulePart = string | { readonly alarm: string };

/** Names may stand in quotation marks, and have to where they hold what is a sign in a rule. */
const NAME = /\s*(?:"((?:\\.|[^"\\])*)"|([^"(),]+))/y;
const STATE = /\s*(?:ALARM|OK|INSUFFICIENT_DATA)\s*\(/y;
/** `AT_LEAST(2, NOT OK, (one, other))` */
const AT_LEAST = /\s*AT_LEAST\s*\(\s*[\d.]+\s*%?\s*,\s*(?:NOT\s+)?(?:ALARM|OK|INSUFFICIENT_DATA)\s*,\s*\(/y;
const WORD = /\s*(?:AND|OR|NOT|TRUE|FALSE)\b\s*|\s*[()]\s*/y;

/**
 * The rule of a composite alarm in parts: names are read as names, whatever they look like. Pure.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutCompositeAlarm.html
 *
 * @returns undefined for what is no rule that this program can read
 */
export function ruleParts(rule: string): RulePart[] | undefined {
  const parts: RulePart[] = [];
  let at = 0;
  let open = 0;
  const take = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    const found = pattern.exec(rule);
    if (found) at = pattern.lastIndex;
    return found;
  };
  const name = (): boolean => {
    const found = take(NAME);
    if (!found) return false;
    parts.push({ alarm: found[1]?.replace(/\\(.)/gs, '$1') ?? (found[2] ?? '').trim() });
    return true;
  };
  while (at < rule.length) {
    const state = take(STATE);
    const several = state ? null : take(AT_LEAST);
    const head = state ?? several;
    if (head) {
      parts.push(head[0]);
      if (!name()) return undefined;
      while (several && take(/\s*,/y)) {
        parts.push(', ');
        if (!name()) return undefined;
      }
      if (!take(state ? /\s*\)\s*/y : /\s*\)\s*\)\s*/y)) return undefined;
      parts.push(state ? ') ' : ')) ');
      continue;
    }
    const word = take(WORD);
    if (!word) return undefined;
    open += word[0].trim() === '(' ? 1 : word[0].trim() === ')' ? -1 : 0;
    if (open < 0) return undefined;
    parts.push(word[0]);
  }
  return open === 0 ? parts : undefined;
}

/** The name of an alarm of an account and region that is named by its name or its ARN; undefined for another's. Pure. */
export function alarmName(
  alarm: string,
  { account, region }: { account: string; region: string },
): string | undefined {
  const [, where, who, name] = /^arn:[^:]*:cloudwatch:([^:]*):([^:]*):alarm:(.*)$/s.exec(alarm) ?? [];
  if (name === undefined) return alarm;
  return where === region && who === account ? name : undefined;
}
