import {
  GetDNSSECCommand,
  GetHostedZoneCommand,
  paginateListHostedZones,
  type Route53Client,
} from '@aws-sdk/client-route-53';
import type { Account } from '../accounts';
import { filled } from './cloudFront';
import { allPages, type Item, type Kind, once, present } from './kind';
import { fewAtOnce, route53, tagsOf } from './route53';

export interface HostedZone extends Item {
  /** With its dot at the end: `example.org.` */
  readonly zoneName: string;
  readonly comment?: string;
  readonly isPrivate: boolean;
  /** Of a private zone: the VPCs that ask it, as `region/vpc-…`. */
  readonly vpcs: readonly string[];
  /** Whether it signs what it answers (DNSSEC). */
  readonly isSigned: boolean;
  /** The AWS service that made it, and sees to it. */
  readonly madeBy?: string;
}

/**
 * A zone of Route 53. AWS bills it by the month, so at rest it is in the inventory alone.
 * https://aws.amazon.com/route53/pricing/
 */
export const hostedZone: Kind<HostedZone> = {
  name: 'hosted-zone',
  title: 'Route 53 hosted zone',
  cost: 'billed',
  isGlobal: true,
  types: [],
  iamActions: [
    'route53:GetDNSSEC',
    'route53:GetHostedZone',
    'route53:ListHostedZones',
    'route53:ListTagsForResources',
  ],

  async list(account) {
    const client = route53(account);
    const zones = await listZones(account);
    const ids = zones.map(({ Id }) => zoneId(Id));
    const tags = await tagsOf(client, 'hostedzone', ids);
    return Promise.all(
      zones.map(async (found) => {
        const id = zoneId(found.Id);
        const isPrivate = found.Config?.PrivateZone ?? false;
        return {
          id,
          tags: present(tags.get(id), `the tags of ${id}`),
          zoneName: present(found.Name, 'Name'),
          comment: filled(found.Config?.Comment),
          isPrivate,
          vpcs: isPrivate ? await vpcsOf(client, id) : [],
          isSigned: isPrivate ? false : await signs(client, id),
          madeBy: found.LinkedService?.ServicePrincipal,
        };
      }),
    );
  },

  skip: (item) => (item.madeBy ? `${item.madeBy} made it, and makes it again where it is used` : undefined),

  atRecovery: (item) =>
    `a hosted zone, which is billed by the month${item.isSigned ? '; it signs, so the DS record at its parent has to go before another answers' : ''}`,

  danger: (item, former) =>
    former?.isSigned && !item.isSigned ? 'no longer signs what it answers' : undefined,
};

/** Every zone, asked for once by all kinds that need them. */
export function listZones(account: Account) {
  return once(account, 'ListHostedZones', () =>
    allPages(paginateListHostedZones({ client: route53(account) }, {}), (page) => page.HostedZones),
  );
}

/** AWS answers `/hostedzone/Z1`, and takes `Z1`. */
export function zoneId(id: string | undefined): string {
  return present(id, 'Id').replace(/^\/hostedzone\//, '');
}

function vpcsOf(client: Route53Client, Id: string): Promise<string[]> {
  return fewAtOnce(client, async () => {
    const { VPCs } = await client.send(new GetHostedZoneCommand({ Id }));
    return present(VPCs, 'VPCs')
      .map(({ VPCId, VPCRegion }) => `${VPCRegion}/${VPCId}`)
      .sort();
  });
}

function signs(client: Route53Client, HostedZoneId: string): Promise<boolean> {
  return fewAtOnce(client, async () => {
    const { Status } = await client.send(new GetDNSSECCommand({ HostedZoneId }));
    return present(Status?.ServeSignature, 'ServeSignature') !== 'NOT_SIGNING';
  });
}
