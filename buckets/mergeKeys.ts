import { compareKeys } from './objectVersion';

/** Something that belongs to a key. */
interface Keyed {
  readonly key: string;
}

/**
 * Walks several streams that are each in the order of their keys side by side, holding one item of each. Yields each key once, with what
 * each stream has of it; a stream that has nothing of a key leaves its place empty.
 *
 * @throws Error when a stream is not in order: a merge of it would miss things
 */
export async function* mergeKeys<T extends Keyed>(
  streams: readonly AsyncIterable<T>[],
): AsyncGenerator<{ key: string; items: (T | undefined)[] }> {
  const iterators = streams.map((stream) => stream[Symbol.asyncIterator]());
  const heads = await Promise.all(iterators.map((iterator) => iterator.next()));
  for (;;) {
    let least: string | undefined;
    for (const head of heads)
      if (!head.done && (least === undefined || compareKeys(head.value.key, least) < 0))
        least = head.value.key;
    if (least === undefined) return;
    const key = least;
    const items = heads.map((head) => (!head.done && head.value.key === key ? head.value : undefined));
    yield { key, items };
    await Promise.all(
      items.map(async (item, index) => {
        if (item === undefined) return;
        const next = (await iterators[index]?.next()) ?? { done: true as const, value: undefined };
        if (!next.done && compareKeys(next.value.key, key) <= 0)
          throw new Error(`A listing is not in order: ${next.value.key} comes after ${key}`);
        heads[index] = next;
      }),
    );
  }
}
