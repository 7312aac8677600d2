import type { Route53Client } from '@aws-sdk/client-route-53';
import { LifeboatError } from '../errors';
import { delegationSets, isVaultsSet } from '../kinds/dns/delegationSet';

/**
 * The id of our reusable delegation set; undefined when there is none. AWS knows neither names nor tags on one.
 *
 * @throws LifeboatError when there are several
 */
export async function existingDelegationSet(route53: Route53Client): Promise<string | undefined> {
  const ours = (await delegationSets(route53)).filter(isVaultsSet).map(({ id }) => id);
  if (ours.length > 1) {
    throw new LifeboatError({
      what: 'There are several reusable delegation sets of Lifeboat',
      got: ours.join(', '),
      expected: 'one, whose name servers registrars are told',
      next: 'aws route53 delete-reusable-delegation-set --id <all but the one that is told>',
    });
  }
  return ours[0];
}
