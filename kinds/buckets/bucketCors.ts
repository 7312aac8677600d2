import { type CORSRule, GetBucketCorsCommand } from '@aws-sdk/client-s3';
import type { BucketCorsConfigurationArgs } from '@pulumi/aws/s3/bucketCorsConfiguration';
import { type Item, type Kind, present } from '../kind';
import { resource } from '../mirrorContext';
import { ofBuckets } from './bucketLookUp';

/** Its id is the bucket's name. */
export interface BucketCors extends Item {
  /** In their order: a browser is answered by the first that matches. */
  readonly rules: readonly CorsRule[];
}

interface CorsRule {
  readonly id?: string;
  readonly allowedHeaders?: readonly string[];
  readonly allowedMethods: readonly string[];
  readonly allowedOrigins: readonly string[];
  readonly exposeHeaders?: readonly string[];
  readonly maxAgeSeconds?: number;
}

/**
 * From which sites' pages browsers may read a bucket. The provider keeps no order of the rules: of two that match the same request, DR may
 * answer by the other.
 */
export const bucketCors: Kind<BucketCors> = {
  name: 'bucket-cors',
  title: 'CORS of a bucket',
  cost: 'usage',
  types: ['aws:s3/bucketCorsConfiguration:BucketCorsConfiguration'],
  iamActions: ['s3:GetBucketCORS', 's3:ListAllMyBuckets'],

  async list(account, options) {
    const found = await ofBuckets(account, options, async (id, ask) => {
      const answer = await ask(
        (s3, Bucket) => s3.send(new GetBucketCorsCommand({ Bucket })),
        'NoSuchCORSConfiguration',
      );
      return answer === undefined
        ? []
        : [{ id, tags: {}, rules: present(answer.CORSRules, 'CORSRules').map(rule) }];
    });
    return found.flat();
  },

  mirror(item, ctx) {
    if (item.rules.length > 1) ctx.note('may stand in another order, which counts where two rules match');
    return resource<BucketCorsConfigurationArgs>('aws:s3/bucketCorsConfiguration:BucketCorsConfiguration', {
      bucket: ctx.ref('bucket', item.id),
      corsRules: item.rules.map(
        ({ allowedHeaders, allowedMethods, allowedOrigins, exposeHeaders, ...rest }) => ({
          ...rest,
          allowedHeaders: allowedHeaders && [...allowedHeaders],
          allowedMethods: [...allowedMethods],
          allowedOrigins: [...allowedOrigins],
          exposeHeaders: exposeHeaders && [...exposeHeaders],
        }),
      ),
    });
  },

  // Who holds an address that is signed for him shares it with the page that he is on.
  danger(item, former) {
    const before = new Set(former?.rules.flatMap(({ allowedOrigins }) => allowedOrigins));
    const isWide = item.rules.some(({ allowedOrigins }) => allowedOrigins.includes('*'));
    return former && isWide && !before.has('*') ? 'lets the pages of every site read it' : undefined;
  },

  identity: (item, dr) => dr.id('bucket', item.id),
};

function rule(found: CORSRule): CorsRule {
  const listed = (values: string[] | undefined) => (values?.length ? values : undefined);
  return {
    id: found.ID,
    allowedHeaders: listed(found.AllowedHeaders),
    allowedMethods: present(found.AllowedMethods, 'AllowedMethods'),
    allowedOrigins: present(found.AllowedOrigins, 'AllowedOrigins'),
    exposeHeaders: listed(found.ExposeHeaders),
    maxAgeSeconds: found.MaxAgeSeconds,
  };
}
