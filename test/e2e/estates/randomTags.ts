import type { Random } from './random';

const KEYS = ['team', 'cost centre', 'équipe', '部門', 'кто', 'a/b:c=d@e', 'stage', '🏷️', 'aws-like', 'Owner'];
const VALUES = [
  '',
  'shop',
  'données ☁',
  'とても長い',
  'a=b, c:d / e+f-g_h.i@j',
  '4711',
  'x'.repeat(256),
  '  two  blanks  ',
];
/** As a source might set them that wants to be taken for ours. */
const FORGED: Readonly<Record<string, string>> = {
  'lifeboat:source-id': 'vpc-0123456789abcdef0',
  'lifeboat:recovery-point': 'rp-forged',
  'lifeboat:anything': 'at all',
};

/** Tags as people set them: none, few, in many scripts, empty and long ones, and now and then one that claims to be ours. */
export function randomTags(random: Random, name: string): Record<string, string> {
  if (random.chance(0.1)) return {};
  const keys = random.some(KEYS, 0, 4);
  return {
    ...(random.chance(0.85) && { Name: random.chance(0.1) ? `${name} ünï` : name }),
    ...Object.fromEntries(keys.map((key) => [key, random.pick(VALUES)])),
    ...(random.chance(0.15) && forged(random)),
  };
}

/** As many tags as AWS allows. One has to give way to ours. */
export function fiftyTags(name: string): Record<string, string> {
  const more = Array.from({ length: 49 }, (_, index) => [
    `key ${String(index).padStart(2, '0')}`,
    `${index}`,
  ]);
  return { Name: name, ...Object.fromEntries(more) };
}

/** One or two forged tags. */
export function forged(random: Random): Record<string, string> {
  return Object.fromEntries(random.some(Object.entries(FORGED), 1, 2));
}
