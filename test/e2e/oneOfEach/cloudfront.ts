import { CreateHostedZoneCommand, Route53Client } from '@aws-sdk/client-route-53';
import { GLOBAL_REGION } from '../../../accounts';
import type { Stage } from '../../../scripts/demo/stage';
import { DR, SOURCE } from '../../../scripts/demo/stage';
import { makeBucket } from '../subjects/buckets';
import { cloudFrontOf, SITE_BUCKETS, WebSite } from '../subjects/cloudfront';

/** Makes one of each that CloudFront has, in the source. */
export async function makeSite(stage: Stage): Promise<WebSite> {
  for (const name of SITE_BUCKETS) await makeBucket(stage.s3(SOURCE), name);
  const site = new WebSite(cloudFrontOf(stage, SOURCE));
  await site.make();
  return site;
}

/** Makes a public and a private zone in both accounts: those of DR are its own, and looked up like the source's. */
export async function makeZones(stage: Stage): Promise<void> {
  for (const side of [SOURCE, DR]) {
    const dns = new Route53Client({ ...stage.client(side), region: GLOBAL_REGION });
    const zone = { Name: 'example.org', CallerReference: 'public' };
    await dns.send(new CreateHostedZoneCommand(zone));
    await dns.send(
      new CreateHostedZoneCommand({
        ...zone,
        CallerReference: 'private',
        HostedZoneConfig: { PrivateZone: true },
        VPC: { VPCId: 'vpc-0a1b2c3d', VPCRegion: side.region },
      }),
    );
    dns.destroy();
  }
}
