import { ListReusableDelegationSetsCommand, type Route53Client } from '@aws-sdk/client-route-53';
import { type Item, type Kind, present } from '../kind';
import { fewAtOnce, route53 } from './route53';

/** A reusable delegation set: four name servers that zones can be made with. */
export interface DelegationSet extends Item {
  readonly nameServers: readonly string[];
  /** What it was made with. AWS knows neither names nor tags on one. */
  readonly callerReference?: string;
}

/** How the reference of the vault's begins. The provider writes a number of its own behind it. */
export const DELEGATION_REFERENCE = 'lifeboat';

/** Name servers stay with their account: of the source's nothing is made, and DR's zones are made with the vault's own. */
export const delegationSet: Kind<DelegationSet> = {
  name: 'delegation-set',
  title: 'Route 53 reusable delegation set',
  cost: 'free',
  isGlobal: true,
  types: [],
  iamActions: ['route53:ListReusableDelegationSets'],

  list: (account) => delegationSets(route53(account)),

  skip: () => "name servers stay with their account: DR's zones answer from those of the vault's set",
};

/** Every reusable delegation set of an account. The SDK has no paginator for them. */
export async function delegationSets(client: Route53Client): Promise<DelegationSet[]> {
  const all: DelegationSet[] = [];
  let Marker: string | undefined;
  do {
    const page = await fewAtOnce(client, () =>
      client.send(new ListReusableDelegationSetsCommand({ Marker })),
    );
    for (const { Id, CallerReference, NameServers } of present(page.DelegationSets, 'DelegationSets'))
      all.push({
        id: present(Id, 'Id').replace(/^\/delegationset\//, ''),
        tags: {},
        nameServers: [...present(NameServers, 'NameServers')].sort(),
        callerReference: CallerReference,
      });
    Marker = page.IsTruncated ? present(page.NextMarker, 'NextMarker') : undefined;
  } while (Marker);
  return all;
}

/** Whether a set is the one that the vault made. */
export const isVaultsSet = ({ callerReference }: DelegationSet): boolean =>
  callerReference?.startsWith(`${DELEGATION_REFERENCE}-`) ?? false;
