/** The tag on a source's machine that says which TCP ports have to answer before others may count on it: `5432`, or `5432,8080`. */
export const PROBE_TAG = 'lifeboat:probe';

const PORT = /^[1-9]\d{0,4}$/;
const LAST_PORT = 65_535;

/**
 * The ports that a machine's tags say, each once and in the tag's order. Pure.
 *
 * @param tags the source's
 * @returns undefined without the tag, `malformed` where any part of it is no port: half of a list is not what somebody meant
 */
export function probeOf(tags: Readonly<Record<string, string>>): readonly number[] | 'malformed' | undefined {
  const text = tags[PROBE_TAG];
  if (text === undefined) return undefined;
  const parts = text.trim().split(/\s*,\s*|\s+/);
  if (!parts.every((part) => PORT.test(part) && Number(part) <= LAST_PORT)) return 'malformed';
  return [...new Set(parts.map(Number))];
}
