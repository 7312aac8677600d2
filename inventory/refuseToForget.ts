import { LifeboatError } from '../errors';
import { TAG, vaultNames } from '../names';
import type { Settings } from '../settings';
import type { Items } from './inventory';

/** Without an accepted inventory nothing is held. Where DR shows that there was one, its loss must not empty the mirror. */
export function refuseToForget(source: Items, dr: Items, settings: Settings): void {
  const seen = new Set(Object.values(source).flatMap((items) => items.map(({ id }) => id)));
  const mirrors = Object.values(dr).flatMap((items) =>
    items.filter(({ tags }) => tags[TAG.sourceId] !== undefined),
  );
  const orphans = mirrors.filter(({ tags }) => !seen.has(tags[TAG.sourceId] ?? ''));
  if (orphans.length === 0) return;
  const bucket = vaultNames(settings.drAccount, settings.drRegion).inventoryBucket;
  throw new LifeboatError({
    what: 'DR holds mirrors of what the source does not show, and there is no accepted inventory to hold them by',
    got: orphans.map(({ id, tags }) => `${id} for ${tags[TAG.sourceId]}`).join(', '),
    expected: 'the accepted inventory of the run that made them, or word that they may go',
    next: `restore it: aws s3api list-object-versions --bucket ${bucket} --prefix inventory/; or let them go: npm run pulumi -- config set lifeboat:removals follow`,
  });
}
