import { kinds } from './index';

const COST = {
  free: 'mirrored always; costs nothing',
  usage: 'mirrored always; costs only when used',
  billed: 'in DR only while `recover` is true',
} as const;

/** The text of docs/kinds.md, made of the kinds themselves. `npm run docs` writes it. */
export function kindsPage(): string {
  const rows = kinds.map((kind) => {
    const types = kind.types.map((type) => `\`${type}\``).join('<br>') || 'made with its machine';
    const actions = kind.iamActions.map((action) => `\`${action}\``).join('<br>');
    return `| ${kind.title} | \`${kind.name}\` | ${COST[kind.cost]} | ${types} | ${actions} |`;
  });
  return [
    '# What is mirrored',
    '',
    'Generated from `kinds/` by `npm run docs`. Each kind comes after those that it refers to.',
    '',
    '| AWS object | name | in DR | resources | permissions of its look-up |',
    '| --- | --- | --- | --- | --- |',
    ...rows,
    '',
  ].join('\n');
}
