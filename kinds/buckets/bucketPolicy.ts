import { GetBucketPolicyCommand } from '@aws-sdk/client-s3';
import type { BucketPolicyArgs } from '@pulumi/aws/s3/bucketPolicy';
import { replicationRole, replicationStatements } from '../../buckets/replicationStatements';
import { exceptOurs } from '../exceptOurs';
import { type Item, type Kind, present } from '../kind';
import { type MirrorContext, resource } from '../mirrorContext';
import { closedPolicy, statementsOf } from '../policies/closedPolicy';
import { samePolicy } from '../policies/policyDocument';
import { ofBuckets } from './bucketLookUp';

/** Its id is the bucket's name. */
export interface BucketPolicy extends Item {
  /** The document as JSON. */
  readonly policy: string;
}

/** AWS's limit: 20 KB. https://docs.aws.amazon.com/AmazonS3/latest/userguide/example-bucket-policies.html */
const MAX_BYTES = 20_480;

const NAME = 'bucket-policy';
const NO_POLICY = JSON.stringify({ Version: '2012-10-17', Statement: [] });

/** Who may use a bucket. In DR nobody outside of it may: see closedPolicy. */
export const bucketPolicy: Kind<BucketPolicy> = {
  name: NAME,
  title: 'Policy of a bucket',
  cost: 'usage',
  types: ['aws:s3/bucketPolicy:BucketPolicy'],
  iamActions: ['s3:GetBucketPolicy', 's3:ListAllMyBuckets'],

  async list(account, options) {
    const found = await ofBuckets(account, options, async (id, ask) => {
      const answer = await ask(
        (s3, Bucket) => s3.send(new GetBucketPolicyCommand({ Bucket })),
        'NoSuchBucketPolicy',
      );
      if (answer === undefined) return [];
      const document: unknown = JSON.parse(present(answer.Policy, 'Policy'));
      return [{ id, tags: {}, policy: JSON.stringify(document) }];
    });
    return found.flat();
  },

  // S3 replicates into a bucket whose policy lets it, also where the source's has none.
  derived: ({ bucket = [], [NAME]: policies = [] }, options) =>
    bucket
      .filter(({ id }) => options?.replicateBuckets.includes(id) && !policies.some((each) => each.id === id))
      .map(({ id }) => ({ id, tags: {}, policy: NO_POLICY })),

  mirror(item, ctx) {
    const bucket = ctx.ref('bucket', item.id);
    const closing = { trusted: ctx.trusted, servicesForDrOnly: true };
    const { document, leftOut, foreign } = closedPolicy(JSON.parse(item.policy), byName(ctx), closing);
    const replicates = ctx.replicateBuckets.includes(item.id)
      ? replicationStatements(replicationRole(ctx.source.account), ctx.bucket(item.id), ctx.dr)
      : [];
    const statements = [...document.Statement.map((each) => exceptOurs(each, ctx)), ...replicates];
    const open = { ...document, Statement: statements };
    if (statements.length === 0) ctx.skip(`it does no more than ${leftOut.join(', ')}, and DR does without`);
    // What is not known yet is about as long as what stands for it.
    const bytes = Buffer.byteLength(JSON.stringify(open));
    if (bytes > MAX_BYTES)
      ctx.skip(`in DR's terms it has ${bytes} bytes, and AWS takes ${MAX_BYTES}: shorten it in the source`);
    for (const what of leftOut) ctx.note(`does without ${what}`);
    if (foreign.length > 0) ctx.note(`names what only the source has, as it is: ${foreign.join(', ')}`);
    // At no time may it make the bucket public.
    ctx.after('bucket-public-access-block', item.id);
    return resource<BucketPolicyArgs>('aws:s3/bucketPolicy:BucketPolicy', { bucket, policy: ctx.json(open) });
  },

  // In the source's own terms, outsiders too: whom `lifeboat:trust` names counts, and a denial that is gone opens as well.
  danger(item, former) {
    if (former === undefined) return undefined;
    const [now, before] = [item, former].map(({ policy }) => statementsOf(JSON.parse(policy)));
    const isNew = (from: typeof now, to: typeof now, effect: string) =>
      (from ?? []).some((each) => each.Effect === effect && !to?.some((other) => samePolicy(each, other)));
    if (isNew(now, before, 'Allow')) return 'allows what it did not allow before';
    return isNew(before, now, 'Deny') ? 'no longer denies what it denied before' : undefined;
  },

  identity: (item, dr) => dr.id('bucket', item.id),
};

/** Buckets by the names that they have in DR, which are known: how long a policy becomes can be told then. */
function byName(ctx: MirrorContext): Parameters<typeof closedPolicy>[1] {
  return {
    source: ctx.source,
    dr: ctx.dr,
    known: (kind, id) => {
      const found = ctx.known(kind, id);
      return found !== undefined && kind === 'bucket' ? ctx.text(ctx.bucket(id)) : found;
    },
    text: ctx.text,
  };
}
