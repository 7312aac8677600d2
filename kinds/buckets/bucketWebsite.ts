import { GetBucketWebsiteCommand, type RoutingRule } from '@aws-sdk/client-s3';
import type { BucketWebsiteConfigurationArgs } from '@pulumi/aws/s3/bucketWebsiteConfiguration';
import type { Item, Kind } from '../kind';
import { resource } from '../mirrorContext';
import { ofBuckets } from './bucketLookUp';

/** Its id is the bucket's name. */
export interface BucketWebsite extends Item {
  /** The last part of the pages' keys: `index.html`. */
  readonly index?: string;
  readonly errorKey?: string;
  readonly redirectAll?: { readonly hostName?: string; readonly protocol?: string };
  /** In their order: the first that matches counts. */
  readonly routingRules: readonly RoutingRule[];
}

/** How a bucket answers as a website. It answers nobody in DR while all public access is blocked there. */
export const bucketWebsite: Kind<BucketWebsite> = {
  name: 'bucket-website',
  title: 'Website of a bucket',
  cost: 'usage',
  types: ['aws:s3/bucketWebsiteConfiguration:BucketWebsiteConfiguration'],
  iamActions: ['s3:GetBucketWebsite', 's3:ListAllMyBuckets'],

  async list(account, options) {
    const found = await ofBuckets(account, options, async (id, ask) => {
      const answer = await ask(
        (s3, Bucket) => s3.send(new GetBucketWebsiteCommand({ Bucket })),
        'NoSuchWebsiteConfiguration',
      );
      if (answer === undefined) return [];
      const { IndexDocument, ErrorDocument, RedirectAllRequestsTo: all, RoutingRules } = answer;
      return [
        {
          id,
          tags: {},
          index: IndexDocument?.Suffix,
          errorKey: ErrorDocument?.Key,
          redirectAll: all && { hostName: all.HostName, protocol: all.Protocol },
          routingRules: RoutingRules ?? [],
        },
      ];
    });
    return found.flat();
  },

  mirror: (item, ctx) =>
    resource<BucketWebsiteConfigurationArgs>('aws:s3/bucketWebsiteConfiguration:BucketWebsiteConfiguration', {
      bucket: ctx.ref('bucket', item.id),
      ...(item.index !== undefined && { indexDocument: { suffix: item.index } }),
      ...(item.errorKey !== undefined && { errorDocument: { key: item.errorKey } }),
      ...(item.redirectAll && {
        redirectAllRequestsTo: {
          hostName: item.redirectAll.hostName ?? '',
          protocol: item.redirectAll.protocol,
        },
      }),
      ...(item.routingRules.length > 0 && {
        routingRules: item.routingRules.map(({ Condition, Redirect }) => ({
          condition: Condition && {
            httpErrorCodeReturnedEquals: Condition.HttpErrorCodeReturnedEquals,
            keyPrefixEquals: Condition.KeyPrefixEquals,
          },
          redirect: {
            hostName: Redirect?.HostName,
            httpRedirectCode: Redirect?.HttpRedirectCode,
            protocol: Redirect?.Protocol,
            replaceKeyPrefixWith: Redirect?.ReplaceKeyPrefixWith,
            replaceKeyWith: Redirect?.ReplaceKeyWith,
          },
        })),
      }),
    }),

  identity: (item, dr) => dr.id('bucket', item.id),
};
