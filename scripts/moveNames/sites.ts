import type { DistributionConfig } from '@aws-sdk/client-cloudfront';
import { GetDistributionConfigCommand, UpdateDistributionCommand } from '@aws-sdk/client-cloudfront';
import type { Account } from '../../accounts';
import { type Inventory, itemsOf } from '../../inventory/inventory';
import { cloudFront } from '../../kinds/cloudfront/cloudFront';
import { type Distribution, distribution } from '../../kinds/cloudfront/distribution';
import { present } from '../../kinds/kind';
import { TAG } from '../../names';

/** A distribution of the source that has names, and its mirror. */
export interface Site {
  readonly source: Distribution;
  /** Undefined when DR has none. */
  readonly mirror: Distribution | undefined;
}

/** The distributions of an inventory that have names, each with its mirror in DR. */
export async function sitesWithNames(dr: Account, inventory: Inventory): Promise<Site[]> {
  const sources = (itemsOf(inventory.kinds, distribution) as readonly Distribution[]).filter(
    ({ aliases }) => aliases.length > 0,
  );
  if (sources.length === 0) return [];
  const mirrors = await distribution.list(dr);
  return sources.map((source) => ({
    source,
    mirror: mirrors.find(({ tags }) => tags[TAG.sourceId] === source.id),
  }));
}

/** Mirrors in DR that serve, or have names: what `move-names` made of them. */
export async function servingMirrors(dr: Account): Promise<Distribution[]> {
  return (await distribution.list(dr)).filter(
    ({ tags, aliases, config }) => tags[TAG.sourceId] !== undefined && (config.Enabled || aliases.length > 0),
  );
}

/**
 * Changes a distribution from what it is now. Everything else of it stays.
 *
 * @throws what AWS answers; PreconditionFailed when somebody else changed it meanwhile
 */
export async function changeDistribution(
  dr: Account,
  Id: string,
  change: (now: DistributionConfig) => DistributionConfig,
): Promise<void> {
  const client = cloudFront(dr);
  const { DistributionConfig: now, ETag } = await client.send(new GetDistributionConfigCommand({ Id }));
  await client.send(
    new UpdateDistributionCommand({
      Id,
      IfMatch: ETag,
      DistributionConfig: change(present(now, 'DistributionConfig')),
    }),
  );
}

/** Puts a mirror back to how it waits: disabled, without names, under CloudFront's own certificate. */
export function putBack(dr: Account, id: string): Promise<void> {
  return changeDistribution(dr, id, (now) => ({
    ...now,
    Enabled: false,
    Aliases: { Quantity: 0 },
    ViewerCertificate: { CloudFrontDefaultCertificate: true },
  }));
}
