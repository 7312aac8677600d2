import { ListReusableDelegationSetsCommand, type Route53Client } from '@aws-sdk/client-route-53';
import { LifeboatError } from '../errors';
import { present } from '../kinds/kind';

/** How AWS's reference of ours begins. The provider writes a number of its own behind it. */
export const DELEGATION_REFERENCE = 'lifeboat';

/**
 * The id of our reusable delegation set; undefined when there is none. AWS knows neither names nor tags on one.
 *
 * @throws LifeboatError when there are several
 */
export async function existingDelegationSet(route53: Route53Client): Promise<string | undefined> {
  const ours: string[] = [];
  let Marker: string | undefined;
  do {
    const page = await route53.send(new ListReusableDelegationSetsCommand({ Marker }));
    for (const { Id, CallerReference } of present(page.DelegationSets, 'DelegationSets'))
      if (CallerReference?.startsWith(`${DELEGATION_REFERENCE}-`))
        ours.push(present(Id, 'Id').replace(/^\/delegationset\//, ''));
    Marker = page.IsTruncated ? present(page.NextMarker, 'NextMarker') : undefined;
  } while (Marker);
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
