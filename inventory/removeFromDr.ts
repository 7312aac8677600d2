import type { Account } from '../accounts';
import { LifeboatError } from '../errors';
import { kinds } from '../kinds';
import { partsOf } from './inventory';

/**
 * Takes an object out of DR that a planned one takes the place of. See Kind.madeAnew.
 *
 * @param item its name in the plan
 * @param id its id in DR
 * @throws LifeboatError when AWS refuses; the object is then still there, and the next run tries it again
 */
export async function removeFromDr(dr: Account, item: string, id: string): Promise<void> {
  const kind = kinds.find(({ name }) => name === partsOf(item).kind);
  try {
    await kind?.madeAnew?.remove(dr, id);
  } catch (cause) {
    throw new LifeboatError({
      what: `${id} in DR could not be taken out, so that ${item} could not be made anew`,
      got: `account ${dr.id}, region ${dr.region}`,
      expected: `that this role may remove it; it carries the tag of ${item}`,
      next: 'mend the permissions of this role (npm run pulumi -- -C vault up), or wait for AWS, and run it again',
      cause,
    });
  }
}
