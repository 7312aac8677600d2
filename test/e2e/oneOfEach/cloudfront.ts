import type { Stage } from '../../../scripts/demo/stage';
import { SOURCE } from '../../../scripts/demo/stage';
import { cloudFrontOf, WebSite } from '../subjects/cloudfront';

/** Makes one of each that CloudFront has, in the source. */
export async function makeSite(stage: Stage): Promise<WebSite> {
  const site = new WebSite(cloudFrontOf(stage, SOURCE));
  await site.make();
  return site;
}
