import * as sdk from '@aws-sdk/client-s3';
import { vaultNames } from '../../../names';
import { DR, SOURCE } from '../../../scripts/demo/stage';

const IMAGES = 'shop-images';
const ARCHIVE = 'shop-archive';
const ELSEWHERE = 'shop-elsewhere';
/** What they are called in DR. */
export const IN_DR = { images: `${IMAGES}-${DR.account}`, archive: `${ARCHIVE}-${DR.account}` } as const;
const OUTSIDER = '333333333333';

/** A policy in a side's terms, as the source has it and as DR is to have it. */
function policyIn(bucket: string, { account }: { account: string }, isSource: boolean) {
  const objects = `arn:aws:s3:::${bucket}/*`;
  const names = vaultNames(DR.account, DR.region);
  const ours = [names.previewRole, names.runRole, names.recoverRole].map(
    (name) => `arn:aws:iam::${DR.account}:role/${name}`,
  );
  return [
    {
      Effect: 'Deny',
      Principal: '*',
      Action: 's3:*',
      Resource: objects,
      Condition: {
        Bool: { 'aws:SecureTransport': 'false' },
        ...(!isSource && { ArnNotEquals: { 'aws:PrincipalArn': ours } }),
      },
    },
    {
      Effect: 'Allow',
      Principal: { AWS: `arn:aws:iam::${account}:root` },
      Action: 's3:GetObject',
      Resource: objects,
    },
    {
      Effect: 'Allow',
      Principal: { Service: ['logging.s3.amazonaws.com'] },
      Action: 's3:PutObject',
      Resource: objects,
      Condition: { StringEquals: { 'aws:SourceAccount': account } },
    },
    ...(isSource
      ? [
          {
            Effect: 'Allow',
            Principal: { AWS: `arn:aws:iam::${OUTSIDER}:root` },
            Action: 's3:*',
            Resource: objects,
          },
        ]
      : []),
  ];
}

const asText = (statements: readonly object[]) =>
  JSON.stringify({ Version: '2012-10-17', Statement: statements });

/** What a side's bucket is set up with, in a form that both sides share. Undefined where it has none. */
export async function setUpOf(s3: sdk.S3Client, Bucket: string) {
  const unlessNone = <T>(work: Promise<T>): Promise<T | undefined> =>
    work.catch((error: Error) => {
      if (/^(NoSuch(?!Bucket$)|\w+NotFoundError)/.test(error.name)) return undefined;
      throw error;
    });
  const of = { Bucket };
  const policy = await unlessNone(s3.send(new sdk.GetBucketPolicyCommand(of)));
  const tags = await unlessNone(s3.send(new sdk.GetBucketTaggingCommand(of)));
  const encryption = await s3.send(new sdk.GetBucketEncryptionCommand(of));
  const [rule] = encryption.ServerSideEncryptionConfiguration?.Rules ?? [];
  const cors = await unlessNone(s3.send(new sdk.GetBucketCorsCommand(of)));
  const website = await unlessNone(s3.send(new sdk.GetBucketWebsiteCommand(of)));
  const block = await unlessNone(s3.send(new sdk.GetPublicAccessBlockCommand(of)));
  const lock = await unlessNone(s3.send(new sdk.GetObjectLockConfigurationCommand(of)));
  const ownership = await unlessNone(s3.send(new sdk.GetBucketOwnershipControlsCommand(of)));
  return {
    tags: Object.fromEntries((tags?.TagSet ?? []).map(({ Key = '', Value = '' }) => [Key, Value])),
    versioning: (await s3.send(new sdk.GetBucketVersioningCommand(of))).Status,
    encryption: [rule?.ApplyServerSideEncryptionByDefault?.KMSMasterKeyID, rule?.BucketKeyEnabled],
    block: Object.values(block?.PublicAccessBlockConfiguration ?? {}),
    ownership: ownership?.OwnershipControls?.Rules?.[0]?.ObjectOwnership,
    lock: lock?.ObjectLockConfiguration?.Rule?.DefaultRetention,
    policy: policy?.Policy && JSON.parse(policy.Policy).Statement,
    // The provider always says how long an answer lasts, and knows no order.
    cors: cors?.CORSRules?.map((each) => ({ MaxAgeSeconds: 0, ...each })).sort((a, b) =>
      a.AllowedMethods?.[0] === 'GET' ? -1 : b.AllowedMethods?.[0] === 'GET' ? 1 : 0,
    ),
    website: website && {
      index: website.IndexDocument?.Suffix,
      error: website.ErrorDocument?.Key,
      rules: website.RoutingRules,
    },
    lifecycle: (await unlessNone(s3.send(new sdk.GetBucketLifecycleConfigurationCommand(of))))?.Rules,
  };
}

/** The names of a side's buckets, less those of its vault. */
export async function bucketsOf(s3: sdk.S3Client): Promise<string[]> {
  const { Buckets = [] } = await s3.send(new sdk.ListBucketsCommand({}));
  return Buckets.map(({ Name = '' }) => Name).filter((name) => !name.startsWith('lifeboat-'));
}

export async function makeBucket(s3: sdk.S3Client, Bucket: string, region: string = SOURCE.region) {
  const CreateBucketConfiguration =
    region === 'us-east-1' ? undefined : { LocationConstraint: region as sdk.BucketLocationConstraint };
  await s3.send(new sdk.CreateBucketCommand({ Bucket, CreateBucketConfiguration }));
}

const cors = (origin: string) => ({
  CORSRules: [
    {
      ID: 'pages',
      AllowedHeaders: ['Authorization'],
      AllowedMethods: ['GET'],
      AllowedOrigins: [origin],
      ExposeHeaders: ['ETag'],
      MaxAgeSeconds: 600,
    },
    { AllowedMethods: ['PUT'], AllowedOrigins: ['https://upload.example.com'], MaxAgeSeconds: 0 },
  ],
});

const website = (suffix: string) => ({
  IndexDocument: { Suffix: suffix },
  ErrorDocument: { Key: 'error.html' },
  RoutingRules: [
    {
      Condition: { KeyPrefixEquals: 'old/' },
      Redirect: { ReplaceKeyPrefixWith: 'new/', HttpRedirectCode: '302', Protocol: 'https' as const },
    },
  ],
});

/** Makes three buckets, one of them in another region, and everything that a bucket is set up with. */
export async function makeBuckets(s3: sdk.S3Client, inUsEast: sdk.S3Client): Promise<void> {
  for (const name of [IMAGES, ARCHIVE]) await makeBucket(s3, name);
  await makeBucket(inUsEast, ELSEWHERE, 'us-east-1');
  const of = { Bucket: IMAGES };
  const Tagging = {
    TagSet: [
      { Key: 'team', Value: 'shop' },
      { Key: 'lifeboat:source-id', Value: 'forged' },
    ],
  };
  await s3.send(new sdk.PutBucketTaggingCommand({ ...of, Tagging }));
  await s3.send(new sdk.DeletePublicAccessBlockCommand(of));
  await s3.send(new sdk.PutBucketPolicyCommand({ ...of, Policy: asText(policyIn(IMAGES, SOURCE, true)) }));
  await s3.send(new sdk.PutBucketCorsCommand({ ...of, CORSConfiguration: cors('https://www.example.com') }));
  await s3.send(new sdk.PutBucketWebsiteCommand({ ...of, WebsiteConfiguration: website('index.html') }));
  const expiry = { ID: 'soon', Status: 'Enabled' as const, Filter: { Prefix: '' }, Expiration: { Days: 1 } };
  await s3.send(
    new sdk.PutBucketLifecycleConfigurationCommand({ ...of, LifecycleConfiguration: { Rules: [expiry] } }),
  );
  const archive = { Bucket: ARCHIVE };
  await s3.send(
    new sdk.PutBucketVersioningCommand({ ...archive, VersioningConfiguration: { Status: 'Enabled' } }),
  );
  await s3.send(
    new sdk.PutBucketOwnershipControlsCommand({
      ...archive,
      OwnershipControls: { Rules: [{ ObjectOwnership: 'ObjectWriter' }] },
    }),
  );
  await s3.send(
    new sdk.PutObjectLockConfigurationCommand({
      ...archive,
      ObjectLockConfiguration: {
        ObjectLockEnabled: 'Enabled',
        Rule: { DefaultRetention: { Mode: 'COMPLIANCE', Years: 100 } },
      },
    }),
  );
}

/** Changes what can be changed, some of it so that the guard asks. */
export async function changeBuckets(s3: sdk.S3Client): Promise<void> {
  const of = { Bucket: IMAGES };
  const Tagging = { TagSet: [{ Key: 'team', Value: 'pictures' }] };
  await s3.send(new sdk.PutBucketTaggingCommand({ ...of, Tagging }));
  const [, ...rest] = policyIn(IMAGES, SOURCE, true);
  await s3.send(new sdk.PutBucketPolicyCommand({ ...of, Policy: asText(rest) }));
  await s3.send(new sdk.PutBucketCorsCommand({ ...of, CORSConfiguration: cors('*') }));
  await s3.send(new sdk.PutBucketWebsiteCommand({ ...of, WebsiteConfiguration: website('start.html') }));
  await s3.send(
    new sdk.PutBucketOwnershipControlsCommand({
      Bucket: ARCHIVE,
      OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerPreferred' }] },
    }),
  );
}

/** Removes both of the region's. */
export async function removeBuckets(s3: sdk.S3Client): Promise<void> {
  for (const Bucket of [IMAGES, ARCHIVE]) await s3.send(new sdk.DeleteBucketCommand({ Bucket }));
}

const KEY = `arn:aws:kms:${DR.region}:${DR.account}:alias/lifeboat-data`;
/** What DR sets up every bucket with, whatever the source says. */
const always = {
  versioning: 'Enabled',
  encryption: [KEY, true],
  block: [true, true, true, true],
  lock: undefined,
  lifecycle: undefined,
};
const none = { policy: undefined, cors: undefined, website: undefined };

/** DR's, once the source's are made. */
export const MADE = {
  [IN_DR.archive]: {
    ...always,
    ...none,
    tags: { 'lifeboat:source-id': ARCHIVE },
    ownership: 'BucketOwnerEnforced',
  },
  [IN_DR.images]: {
    ...always,
    tags: { team: 'shop', 'lifeboat:source-id': IMAGES },
    ownership: 'BucketOwnerEnforced',
    policy: policyIn(IN_DR.images, DR, false),
    cors: cors('https://www.example.com').CORSRules,
    website: { index: 'index.html', error: 'error.html', rules: website('').RoutingRules },
  },
};

/** DR's, once they are changed. */
export const CHANGED = {
  [IN_DR.archive]: MADE[IN_DR.archive],
  [IN_DR.images]: {
    ...MADE[IN_DR.images],
    tags: { team: 'pictures', 'lifeboat:source-id': IMAGES },
    policy: policyIn(IN_DR.images, DR, false).slice(1),
    cors: cors('*').CORSRules,
    website: { index: 'start.html', error: 'error.html', rules: website('').RoutingRules },
  },
};

/** DR's, once the source's are let go: what keeps the data stays. */
export const LEFT = {
  [IN_DR.archive]: CHANGED[IN_DR.archive],
  [IN_DR.images]: { ...CHANGED[IN_DR.images], ...none },
};
