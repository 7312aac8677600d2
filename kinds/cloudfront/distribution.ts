import {
  type DistributionConfig,
  GetDistributionConfigCommand,
  ListDistributionsCommand,
  ListTagsForResourceCommand,
} from '@aws-sdk/client-cloudfront';
import type { DistributionArgs } from '@pulumi/aws/cloudfront/distribution';
import { type Item, type Kind, present, tagRecord } from '../kind';
import { resource } from '../mirrorContext';
import { perObject } from '../perObject';
import { cloudFront, markedPages, type Tidy, tidy } from './cloudFront';
import { distributionArgs } from './distributionArgs';
import { distributionDanger } from './distributionDanger';
import { behaviorsOf, outsideSigners } from './distributionParts';

/** What of a configuration stands in fields of its own. */
type Apart = 'CallerReference' | 'Aliases' | 'Origins';

type OriginConfig = Tidy<DistributionConfig>['Origins'] extends infer T | undefined
  ? T extends readonly (infer U)[]
    ? U
    : never
  : never;

export interface Distribution extends Item {
  /** The name that AWS gave it: `d111111abcdef8.cloudfront.net`. */
  readonly domainName: string;
  /** Alternate names. One name is on one distribution, in all of AWS. */
  readonly aliases: readonly string[];
  /** Under AWS's names. */
  readonly config: Omit<Tidy<DistributionConfig>, Apart>;
  /** Under AWS's names, without the headers that are added to requests. */
  readonly origins: readonly Omit<OriginConfig, 'CustomHeaders'>[];
  /** Headers that are added to requests, by origins' ids. A secret: origins often know CloudFront by one. */
  readonly originHeaders: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/**
 * A distribution, disabled and without its alternate names: those are on the source's. `lifeboat move-names` enables it in a recovery, so a
 * run leaves it alone then. See docs/adr/0018-a-distribution-waits-without-its-names.md.
 */
export const distribution: Kind<Distribution> = {
  name: 'distribution',
  title: 'CloudFront distribution',
  cost: 'usage',
  isGlobal: true,
  types: ['aws:cloudfront/distribution:Distribution'],
  iamActions: [
    'cloudfront:GetDistributionConfig',
    'cloudfront:ListDistributions',
    'cloudfront:ListTagsForResource',
  ],

  async list(account) {
    const client = cloudFront(account);
    const found = await markedPages(
      (Marker) => client.send(new ListDistributionsCommand({ Marker })),
      'DistributionList',
    );
    return Promise.all(
      found.map(async ({ Id, ARN, DomainName }) => {
        const [{ DistributionConfig }, { Tags }] = await Promise.all([
          perObject(client, () => client.send(new GetDistributionConfigCommand({ Id }))),
          perObject(client, () => client.send(new ListTagsForResourceCommand({ Resource: ARN }))),
        ]);
        const {
          CallerReference: _,
          Aliases,
          Origins,
          ...config
        } = present(DistributionConfig, 'DistributionConfig');
        const origins = tidy(present(Origins, 'Origins'));
        return {
          id: present(Id, 'Id'),
          tags: tagRecord(present(Tags, 'Tags').Items),
          domainName: present(DomainName, 'DomainName'),
          aliases: tidy(Aliases ?? { Quantity: 0 }),
          config: tidy(config),
          origins: origins.map(({ CustomHeaders: __, ...origin }) => origin),
          originHeaders: Object.fromEntries(
            origins.flatMap(({ Id: origin, CustomHeaders = [] }) =>
              CustomHeaders.length > 0
                ? [
                    [
                      present(origin, 'Id'),
                      Object.fromEntries(
                        CustomHeaders.map(({ HeaderName, HeaderValue }) => [HeaderName, HeaderValue]),
                      ),
                    ],
                  ]
                : [],
            ),
          ),
        };
      }),
    );
  },

  secrets: ['originHeaders'],

  // What it would be without is not less of it, but something more open.
  skip(item, { source }) {
    if (item.config.Staging) return 'it is the staging distribution of a continuous deployment';
    if (item.config.ConnectionMode === 'tenant-only')
      return 'it serves tenants (a multi-tenant distribution), and tenants are not mirrored';
    if (item.config.ViewerMtlsConfig?.Mode || item.config.ConnectionFunctionAssociation)
      return 'it asks viewers for certificates, by a trust store that is not mirrored';
    const inside = item.origins.find(({ VpcOriginConfig }) => VpcOriginConfig);
    if (inside) return `its origin ${inside.Id} is inside of a VPC, behind what DR has in a recovery at most`;
    const signers = behaviorsOf(item).flatMap((each) => outsideSigners(each, source.account));
    return signers.length > 0
      ? `it asks for URLs that the account ${signers.join(', ')} signs, and DR trusts DR's own keys only`
      : undefined;
  },

  mirror: (item, ctx) => ({
    ...resource<DistributionArgs>('aws:cloudfront/distribution:Distribution', distributionArgs(item, ctx)),
    // With the headers that are added to requests.
    secretOutputs: ['origins'],
    leftToRecovery: true,
  }),

  taggedWhenMade: true,

  danger: distributionDanger,

  quotas: [{ service: 'cloudfront', code: 'L-24B04930', name: 'Web distributions per AWS account' }],
};
