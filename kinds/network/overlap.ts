import { contains } from '../contains';

/** Whether two ranges of one family have an address in common. */
export function overlap(one: string, other: string): boolean {
  return contains(one, other) || contains(other, one);
}
