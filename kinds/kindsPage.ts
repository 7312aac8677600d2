import { kinds } from './index';

const COST = {
  free: 'mirrored always; costs nothing',
  usage: 'mirrored always; costs only when used',
  billed: 'in DR only while `recover` is true',
} as const;

/** The text of docs/kinds.md, made of the kinds themselves. `npm run docs` writes it. */
export function kindsPage(): string {
  const rows = kinds.map((kind) => {
    const types = kind.types.map((type) => `\`${type}\``).join('<br>');
    const actions = kind.iamActions.map((action) => `\`${action}\``).join('<br>');
    // What has no resource of its own is made with its machine, or only looked up for what names it.
    const isMade = types !== '' || (kind.cost === 'billed' && !kind.isGlobal);
    const when = kind.madeAtRecovery === true ? COST.billed : COST[kind.cost];
    const lookedUp = kind.neverMade
      ? 'looked up, and never applied'
      : kind.cost === 'billed'
        ? 'looked up only; made by hand in a recovery'
        : 'looked up only, for what names it';
    const inDr = isMade
      ? `${when}${kind.madeAtRecovery === 'some' ? `; some ${COST.billed}` : ''}`
      : lookedUp;
    const made = types || (isMade ? 'made with its machine' : 'none');
    return `| ${kind.title} | \`${kind.name}\` | ${inDr} | ${made} | ${actions} |`;
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
    `A drill makes of these: ${kinds.flatMap(({ inDrill, name }) => (inDrill ? `\`${name}\`` : [])).join(', ')}, and machines.`,
    '',
  ].join('\n');
}
