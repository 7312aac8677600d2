import { UpdateDomainAssociationCommand, type ViewerCertificate } from '@aws-sdk/client-cloudfront';
import type { Account } from '../../accounts';
import { reason } from '../../errors';
import { cloudFront } from '../../kinds/cloudfront/cloudFront';
import { distribution } from '../../kinds/cloudfront/distribution';
import type { Certificate } from './certificates';
import { factsOf, type NameFacts, type SiteFacts } from './facts';
import { changeDistribution, type Site } from './sites';

/**
 * Enables a site's mirror under its certificate, and gives it each of its names that is free, or whose holder AWS lets go.
 *
 * @returns what is true afterwards, with what AWS refused
 */
export async function moveSite(
  dr: Account,
  facts: SiteFacts,
  certificates: readonly Certificate[],
  note: (text: string) => void,
): Promise<SiteFacts> {
  const { site, certificate } = facts;
  const { mirror } = site;
  if (!mirror || !certificate) return facts;
  note(`${mirror.id}, for ${site.source.id}: enabled, with the certificate ${certificate.arn}`);
  await changeDistribution(dr, mirror.id, (now) => ({
    ...now,
    Enabled: true,
    ViewerCertificate: viewerCertificate(site, certificate),
  }));
  const known = await factsOf(dr, await lookAgain(dr, site), certificates);
  const refused = new Map<string, string>();
  for (const facts of known.names) {
    if (facts.state !== 'free' && facts.state !== 'held') continue;
    try {
      await moveName(dr, mirror.id, facts);
      note(`${facts.name}: moved to ${mirror.id}`);
    } catch (error) {
      refused.set(facts.name, reason(error));
    }
  }
  const after = await factsOf(dr, await lookAgain(dr, site), certificates);
  const names = after.names.map((each) => {
    const why = refused.get(each.name);
    return why === undefined ? each : { ...each, refused: why };
  });
  return { ...after, names };
}

/** A name that is free is added; one that another has is moved, which AWS checks. */
async function moveName(dr: Account, id: string, { name, holders }: NameFacts): Promise<void> {
  if (holders.some(({ domain }) => domain === name)) {
    await cloudFront(dr).send(
      new UpdateDomainAssociationCommand({ Domain: name, TargetResource: { DistributionId: id } }),
    );
    return;
  }
  await changeDistribution(dr, id, (now) => {
    const Items = [...(now.Aliases?.Items ?? []), name];
    return { ...now, Aliases: { Quantity: Items.length, Items } };
  });
}

/** As the source had it, but never with addresses of its own, which AWS bills by the month. */
function viewerCertificate({ source }: Site, { arn }: Certificate): ViewerCertificate {
  const least = source.config.ViewerCertificate?.MinimumProtocolVersion;
  return {
    ACMCertificateArn: arn,
    SSLSupportMethod: 'sni-only',
    // Of CloudFront's own certificate, and of the oldest clients.
    MinimumProtocolVersion: least === undefined || /^(SSLv3|TLSv1)$/.test(least) ? 'TLSv1.2_2021' : least,
  };
}

async function lookAgain(dr: Account, site: Site): Promise<Site> {
  const mirrors = await distribution.list(dr);
  return { ...site, mirror: mirrors.find(({ id }) => id === site.mirror?.id) };
}
