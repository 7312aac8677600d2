import type { Account } from '../../accounts';
import { reason } from '../../errors';
import type { Distribution } from '../../kinds/cloudfront/distribution';
import { putBack, servingMirrors } from '../moveNames/sites';

/**
 * The mirrored distributions that `move-names` made serve. CloudFront answers from us-east-1, which may be what has failed: the end of a
 * recovery does not wait for it, and the next stand-down sees to what is left.
 */
export async function servingSites(dr: Account, note: (text: string) => void): Promise<Distribution[]> {
  try {
    return await servingMirrors(dr);
  } catch (error) {
    note(
      `Whether distributions serve in DR could not be seen (${reason(error)}); run stand-down again later`,
    );
    return [];
  }
}

/** Disables them and takes their names off them, so that the source's can have those again. */
export async function putSitesBack(
  dr: Account,
  sites: readonly Distribution[],
  note: (text: string) => void,
): Promise<void> {
  for (const { id, aliases } of sites) {
    await putBack(dr, id);
    note(`${id} is disabled again${aliases.length > 0 ? `, without ${aliases.join(', ')}` : ''}`);
  }
}
