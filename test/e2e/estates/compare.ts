import { isDeepStrictEqual } from 'node:util';
import type { EC2Client } from '@aws-sdk/client-ec2';
import { expect } from 'chai';
import { type Comparable, comparables } from './comparable';
import type { Side } from './names';
import { readAccount } from './readAccount';

/** A side, and the way into it. */
export type Reachable = Omit<Side, 'isSource'> & { readonly client: EC2Client };

/** User tags that AWS allows on one object. */
const MAX_TAGS = 50;

/**
 * Holds DR against the source, field by field, from what the SDK shows of both.
 *
 * @returns a line for each field that differs, for each object that DR lacks, and for each that it should not have
 */
export async function differences(source: Reachable, dr: Reachable): Promise<string[]> {
  const read = async ({ client, ...side }: Reachable, isSource: boolean) => ({
    side: { ...side, isSource },
    content: await readAccount(client),
  });
  const both = comparables(...(await Promise.all([read(source, true), read(dr, false)])));
  return [...compare(both.source, both.dr)];
}

/** Asserts that DR holds the source's network, nothing less and nothing more. */
export async function expectMirrored(source: Reachable, dr: Reachable): Promise<void> {
  expect(await differences(source, dr)).to.deep.equal([]);
}

function* compare(source: Comparable, dr: Comparable): Generator<string> {
  for (const [name, theirs] of source) {
    const ours = dr.get(name);
    if (!ours) {
      yield `${name}: not in DR ${JSON.stringify(theirs)}`;
      continue;
    }
    for (const field of new Set([...Object.keys(theirs), ...Object.keys(ours)])) {
      const [wanted, got] = [theirs[field], ours[field]];
      if (isDeepStrictEqual(wanted, got) || (field === 'Tags' && gaveWay(wanted, got))) continue;
      yield `${name} ${field}: ${JSON.stringify(wanted)} in the source, ${JSON.stringify(got)} in DR`;
    }
  }
  for (const [name, ours] of dr) if (!source.has(name)) yield `${name}: in DR alone ${JSON.stringify(ours)}`;
}

/** Where the source has as many tags as AWS allows, one has to give way to DR's own. */
function gaveWay(wanted: unknown, got: unknown): boolean {
  return (
    Array.isArray(wanted) &&
    Array.isArray(got) &&
    wanted.length === MAX_TAGS &&
    got.length === MAX_TAGS - 1 &&
    got.every((tag) => wanted.includes(tag))
  );
}
