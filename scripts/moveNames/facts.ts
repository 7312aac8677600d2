import { paginateListDomainConflicts } from '@aws-sdk/client-cloudfront';
import type { Account } from '../../accounts';
import { reason } from '../../errors';
import { cloudFront } from '../../kinds/cloudfront/cloudFront';
import { allPages } from '../../kinds/kind';
import { type Certificate, covering } from './certificates';
import type { Site } from './sites';

/** Who has a name, as far as AWS says: ids of others are partly hidden. */
export interface Holder {
  /** The name itself, or a wildcard that overlaps with it. */
  readonly domain: string;
  readonly account: string;
  readonly resource: string;
}

/** A name, and where it is. */
export interface NameFacts {
  readonly name: string;
  /** - `here`: on the mirror. - `free`: on nothing. - `held`: on another. - `unknown`: AWS does not say yet, or failed to. */
  readonly state: 'here' | 'free' | 'held' | 'unknown';
  readonly holders: readonly Holder[];
  /** What AWS answered, where it refused to say or to move. */
  readonly refused?: string;
}

/** A site, and what of its move is done. */
export interface SiteFacts {
  readonly site: Site;
  /** The certificate in DR that covers all of its names. */
  readonly certificate: Certificate | undefined;
  readonly names: readonly NameFacts[];
}

/** Looks where each name of a site is. Changes nothing. */
export async function factsOf(
  dr: Account,
  site: Site,
  certificates: readonly Certificate[],
): Promise<SiteFacts> {
  const { source, mirror } = site;
  // AWS tells a name's holder to whoever has a certificate for it on a distribution.
  const canAsk = mirror?.config.ViewerCertificate?.ACMCertificateArn !== undefined;
  const names = await Promise.all(
    source.aliases.map(async (name): Promise<NameFacts> => {
      if (mirror?.aliases.includes(name)) return { name, state: 'here', holders: [] };
      if (!mirror || !canAsk) return { name, state: 'unknown', holders: [] };
      try {
        const holders = await holdersOf(dr, name, mirror.id);
        return { name, state: holders.length > 0 ? 'held' : 'free', holders };
      } catch (error) {
        return { name, state: 'unknown', holders: [], refused: reason(error) };
      }
    }),
  );
  return { site, certificate: covering(source.aliases, certificates), names };
}

async function holdersOf(dr: Account, Domain: string, DistributionId: string): Promise<Holder[]> {
  const found = await allPages(
    paginateListDomainConflicts(
      { client: cloudFront(dr) },
      { Domain, DomainControlValidationResource: { DistributionId } },
    ),
    (page) => page.DomainConflicts ?? [],
  );
  return found
    .map((each) => ({
      domain: each.Domain ?? '',
      account: each.AccountId ?? '',
      resource: each.ResourceId ?? '',
    }))
    .filter(({ resource }) => !isItself(resource, DistributionId));
}

/** Of the mirror's own overlapping names AWS tells too, the id partly hidden. */
function isItself(hidden: string, id: string): boolean {
  return hidden.replace(/^\*+/, '') !== '' && id.endsWith(hidden.replace(/^\*+/, ''));
}
