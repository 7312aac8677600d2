import {
  GetDNSSECCommand,
  GetHostedZoneCommand,
  paginateListHostedZones,
  type Route53Client,
} from '@aws-sdk/client-route-53';
import type { ZoneArgs } from '@pulumi/aws/route53/zone';
import type { Account } from '../../accounts';
import { TAG } from '../../names';
import { filled } from '../cloudfront/cloudFront';
import { allPages, type Item, type Kind, once, present } from '../kind';
import { type MirrorContext, resource } from '../mirrorContext';
import { type DelegationSet, isVaultsSet } from './delegationSet';
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

/** AWS's limit of characters of a comment. */
const MAX_COMMENT = 256;

/** How the comment of one that we made ends. It is tagged by a second call, and two zones may have one name. */
const OURS = new RegExp(` ?\\(${TAG.sourceId}=([A-Z0-9]+)\\)$`);

/**
 * A zone of Route 53. AWS bills it by the month, so at rest it is in the inventory alone. At a recovery a public one answers from the name
 * servers of the vault's delegation set, and nobody asks it before its registrar is told. https://aws.amazon.com/route53/pricing/
 */
export const hostedZone: Kind<HostedZone> = {
  name: 'hosted-zone',
  title: 'Route 53 hosted zone',
  cost: 'billed',
  isGlobal: true,
  madeAtRecovery: true,
  types: ['aws:route53/zone:Zone'],
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
        const comment = found.Config?.Comment ?? '';
        const sourceId = OURS.exec(comment)?.[1];
        return {
          id,
          tags: {
            ...present(tags.get(id), `the tags of ${id}`),
            ...(sourceId !== undefined && { [TAG.sourceId]: sourceId }),
          },
          zoneName: present(found.Name, 'Name'),
          comment: filled(comment.replace(OURS, '')),
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

  mirror(item, ctx) {
    const ours = `(${TAG.sourceId}=${item.id})`;
    const comment = item.comment?.slice(0, MAX_COMMENT - ours.length - 1);
    if (item.isSigned) ctx.note('signs nothing in DR: take the DS record from its parent first');
    return resource<ZoneArgs>(
      'aws:route53/zone:Zone',
      {
        name: item.zoneName.replace(/\.$/, ''),
        comment: comment ? `${comment} ${ours}` : ours,
        ...(item.isPrivate ? { vpcs: vpcsInDr(item, ctx) } : { delegationSetId: vaultsSet(item, ctx) }),
        tags: ctx.tags(item),
      },
      // It never changes once a zone is made, and nobody may know it while us-east-1 is gone.
      ['delegationSetId'],
    );
  },

  fixed: (item) => [item.zoneName, item.isPrivate],

  // Service Quotas knows Route 53 in us-east-1 alone.
  quotas: [{ service: 'route53', name: 'Hosted zones', documented: 500 }],

  danger(item, former, { accepted }) {
    if (former) return former.isSigned && !item.isSigned ? 'no longer signs what it answers' : undefined;
    const related = (accepted.all('hosted-zone') as readonly HostedZone[]).filter(
      (other) => !item.isPrivate && !other.isPrivate && isIn(item, other),
    );
    // In DR it could get the name servers that the registrar knows, and answer in the place of the other.
    return related.length > 0
      ? `is a further zone for what ${related.map(({ id, zoneName }) => `${zoneName} (${id})`).join(', ')} answers`
      : undefined;
  },
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

/** A private zone answers the VPCs that ask it in the source, as far as they are mirrored. */
function vpcsInDr({ vpcs }: HostedZone, ctx: MirrorContext): ZoneArgs['vpcs'] {
  const inDr = vpcs.flatMap((vpc) => {
    const [region, id = ''] = vpc.split('/');
    if (region === ctx.source.region) return ctx.attempt('vpc', id, 'the VPC') ?? [];
    ctx.note(`does without the VPC ${id}, which is in ${region}`);
    return [];
  });
  if (inDr.length === 0) ctx.skip('no VPC that asks it is mirrored');
  return inDr.map((vpcId) => ({ vpcId }));
}

/**
 * Public zones of one name, or of which one lies in another, share no name server:
 * https://docs.aws.amazon.com/Route53/latest/APIReference/API_CreateHostedZone.html. The outermost has the vault's, whose servers the
 * registrar knows; DR's parent of another delegates to what that is given.
 */
function vaultsSet(item: HostedZone, ctx: MirrorContext): string | undefined {
  const outer = (ctx.all('hosted-zone') as readonly HostedZone[]).find(
    (other) =>
      !other.isPrivate &&
      // What a service made is not made in DR.
      other.madeBy === undefined &&
      (item.zoneName.endsWith(`.${other.zoneName}`) ||
        (other.zoneName === item.zoneName && other.id < item.id)),
  );
  if (outer) {
    ctx.note(`answers from name servers of its own: the vault's are ${outer.zoneName}'s (${outer.id})`);
    return undefined;
  }
  const set = (ctx.allInDr('delegation-set') as readonly DelegationSet[]).find(isVaultsSet);
  if (!set) ctx.note("answers from name servers of its own: DR has no delegation set of the vault's");
  return set?.id;
}

/** Whether one of two zones is, or lies in, the other. */
function isIn({ zoneName: one }: HostedZone, { zoneName: other }: HostedZone): boolean {
  return one === other || one.endsWith(`.${other}`) || other.endsWith(`.${one}`);
}
