import { isDeepStrictEqual } from 'node:util';
import { DR, SOURCE } from '../../../../scripts/demo/stage';
import type { Area } from '../areas';
import { Random } from '../random';
import { parameters } from './parameters';
import type { Part } from './part';
import { targetGroups } from './targetGroups';
import { topics } from './topics';

const PARTS: readonly Part[] = [targetGroups, topics, parameters];

/** Load balancing, topics, parameters and certificates. */
export const edge: Area = {
  name: 'edge',
  async make(stage, seed, ids) {
    for (const part of PARTS) await part.make(stage.client(SOURCE), new Random(seed), ids);
  },
  async change(stage, seed) {
    for (const part of PARTS) await part.change(stage.client(SOURCE), new Random(seed + 1));
  },
  async differences(stage) {
    const lines = await Promise.all(
      PARTS.map(async (part) => {
        const [source, dr] = await Promise.all([SOURCE, DR].map((side) => part.read(stage.client(side))));
        const names = [...new Set([...Object.keys(source ?? {}), ...Object.keys(dr ?? {})])].sort();
        return names.flatMap((name) =>
          isDeepStrictEqual(source?.[name], dr?.[name])
            ? []
            : [`${part.name}/${name}: ${JSON.stringify(source?.[name])} is ${JSON.stringify(dr?.[name])}`],
        );
      }),
    );
    return lines.flat();
  },
};
