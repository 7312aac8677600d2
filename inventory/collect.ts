import { DescribeAvailabilityZonesCommand } from '@aws-sdk/client-ec2';
import type { Account } from '../accounts';
import { LifeboatError } from '../errors';
import { kinds } from '../kinds';
import type { Item, LookUpOptions } from '../kinds/kind';
import type { Items } from './inventory';

/**
 * Looks every kind up in one account and region, side by side and in full.
 *
 * @param side how errors call the account
 * @param options what is left out of it. Default: nothing
 * @throws LifeboatError naming the kind, or the one object, when any look-up fails on any page; there are no partial answers
 */
export async function collect(from: Account, side: 'source' | 'DR', options?: LookUpOptions): Promise<Items> {
  // An account of its own for what kinds share: the next look-up asks AWS again.
  const account = { ...from };
  const found = await Promise.all(
    kinds.map(async (kind) => {
      try {
        const items = await kind.list(account, options);
        // AWS promises no order; an unchanged account is to read the same each time.
        return [kind.name, items.sort((a: Item, b: Item) => (a.id < b.id ? -1 : 1))] as const;
      } catch (cause) {
        if (cause instanceof LifeboatError) throw cause;
        throw new LifeboatError({
          what: `The look-up of "${kind.title}" failed in the ${side} account, so nothing is changed`,
          got: `account ${account.id}, region ${account.region}`,
          expected: `every page of it, by ${kind.iamActions.join(', ')}`,
          next:
            side === 'source'
              ? 'mend the reader role or wait for AWS, and run it again; or use what was accepted last: npm run pulumi -- config set lifeboat:inventory saved'
              : 'mend the permissions of this role in DR, or wait for AWS, and run it again',
          cause,
        });
      }
    }),
  );
  return Object.fromEntries(found);
}

/**
 * The zone ids that can be used in an account's region. Local and wavelength zones are not among them.
 *
 * @throws LifeboatError when they cannot be looked up
 */
export async function zoneIds(account: Account): Promise<string[]> {
  try {
    const { AvailabilityZones } = await account.ec2.send(
      new DescribeAvailabilityZonesCommand({
        Filters: [{ Name: 'zone-type', Values: ['availability-zone'] }],
      }),
    );
    const ids = (AvailabilityZones ?? [])
      .filter((zone) => zone.State === 'available')
      .flatMap((zone) => zone.ZoneId ?? []);
    if (ids.length === 0) throw new Error('AWS answered no zone');
    return ids.sort();
  } catch (cause) {
    throw new LifeboatError({
      what: `The zones of ${account.region} could not be looked up`,
      expected: 'a region that exists and is enabled, and ec2:DescribeAvailabilityZones',
      next: `aws ec2 describe-availability-zones --region ${account.region}`,
      cause,
    });
  }
}
