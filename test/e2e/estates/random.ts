/** Numbers that look random and are the same for the same seed, so that a failing estate can be made again. */
export class Random {
  private state: number;

  /** @param seed any whole number */
  constructor(seed: number) {
    this.state = seed >>> 0;
  }

  /** A number from 0 up to, not including, 1 (the generator mulberry32, which is in the public domain). */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let mixed = this.state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  /** A whole number from `least` to `most`, both included. */
  int(least: number, most: number): number {
    return least + Math.floor(this.next() * (most - least + 1));
  }

  /** True once in `1 / probability` times. */
  chance(probability = 0.5): boolean {
    return this.next() < probability;
  }

  /** One of a list that is not empty. */
  pick<T>(list: readonly T[]): T {
    const index = this.int(0, list.length - 1);
    if (index >= list.length) throw new Error('There is nothing to pick from');
    return list[index] as T;
  }

  shuffled<T>(list: readonly T[]): T[] {
    const rest = [...list];
    const shuffled: T[] = [];
    while (rest.length > 0) shuffled.push(...rest.splice(this.int(0, rest.length - 1), 1));
    return shuffled;
  }

  /** Between `least` and `most` different ones of a list, in random order. */
  some<T>(list: readonly T[], least: number, most: number): T[] {
    return this.shuffled(list).slice(0, this.int(least, most));
  }

  bytes(count: number): Buffer {
    return Buffer.from(Array.from({ length: count }, () => this.int(0, 255)));
  }
}
