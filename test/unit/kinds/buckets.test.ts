import { GetBucketTaggingCommand, ListBucketsCommand, S3Client } from '@aws-sdk/client-s3';
import { mockClient } from 'aws-sdk-client-mock';
import { expect } from 'chai';
import { accountOf } from '../../../accounts';
import { LifeboatError } from '../../../errors';
import { plan } from '../../../inventory/plan';
import { newBuckets, takenNames, takenNotes } from '../../../inventory/takenBuckets';
import { type Bucket, bucket } from '../../../kinds/buckets/bucket';
import { bucketCors } from '../../../kinds/buckets/bucketCors';
import { type BucketPolicy, bucketPolicy } from '../../../kinds/buckets/bucketPolicy';
import { PLAN_OPTIONS } from '../items';
import { sides } from '../sides';
import { argsOf, planned, reason } from './planned';

const aBucket = (id: string, more: Partial<Bucket> = {}): Bucket => ({
  id,
  tags: {},
  region: 'eu-west-1',
  leftOut: [],
  ...more,
});
const inDr = (id: string, sourceId?: string): Bucket =>
  aBucket(id, { region: 'eu-central-1', tags: sourceId ? { 'lifeboat:source-id': sourceId } : {} });
const aPolicy = (id: string, ...Statement: object[]): BucketPolicy => ({
  id,
  tags: {},
  policy: JSON.stringify({ Version: '2012-10-17', Statement }),
});
const statement = (Effect: string, Principal: unknown, more: object = {}) => ({
  Effect,
  Principal,
  Action: 's3:GetObject',
  Resource: 'arn:aws:s3:::shop/*',
  ...more,
});
const setting = (id: string) => ({
  'bucket-public-access-block': [
    {
      id,
      tags: {},
      blockPublicAcls: true,
      ignorePublicAcls: true,
      blockPublicPolicy: true,
      restrictPublicBuckets: true,
    },
  ],
});
const withPolicy = (policy: BucketPolicy, options: Partial<typeof PLAN_OPTIONS> = {}) =>
  plan(
    {
      kinds: { bucket: [aBucket('shop')], ...setting('shop'), 'bucket-policy': [policy] },
      superseded: new Map(),
    },
    {},
    {},
    { ...PLAN_OPTIONS, ...options },
  );
const documentOf = (policy: BucketPolicy) =>
  JSON.parse(String(argsOf(withPolicy(policy), 'bucket-policy/shop').policy)).Statement;

describe('the policy of a bucket that S3 replicates into', () => {
  const both = { bucket: [aBucket('shop')], ...setting('shop') };
  const replicated = (policies: BucketPolicy[], replicateBuckets: string[]) =>
    plan(
      { kinds: { ...both, 'bucket-policy': policies }, superseded: new Map() },
      {},
      {},
      { ...PLAN_OPTIONS, replicateBuckets },
    );
  const lets = {
    Sid: 'LifeboatReplicates',
    Effect: 'Allow',
    Principal: { AWS: 'arn:aws:iam::111111111111:root' },
    Action: ['s3:ObjectOwnerOverrideToBucketOwner', 's3:ReplicateObject', 's3:ReplicateTags'],
    Resource: 'arn:aws:s3:::shop-222222222222/*',
    Condition: {
      ArnEquals: { 'aws:PrincipalArn': ['arn:aws:iam::111111111111:role/lifeboat-replication'] },
    },
  };
  const denials = ['NoReplicaUnderAKeyOfOthers', 'NoReplicaUnderACustomersKey'];
  const statements = (result: ReturnType<typeof plan>) =>
    JSON.parse(String(argsOf(result, 'bucket-policy/shop').policy)).Statement;

  it('lets the one role add, also where the source has none', () => {
    const [first, ...rest] = statements(replicated([], ['shop']));
    expect(first).to.deep.equal(lets);
    expect(rest.map(({ Sid }: { Sid: string }) => Sid)).to.deep.equal(denials);
    expect(JSON.stringify(rest)).to.contain('arn:aws:kms:eu-central-1:222222222222:key/*');
    const own = aPolicy('shop', statement('Allow', { AWS: '111111111111' }));
    expect(statements(replicated([own], ['shop'])))
      .to.have.length(4)
      .and.to.deep.include(lets);
  });

  it('does not where no setting names the bucket', () => {
    const names = (result: ReturnType<typeof plan>) => result.resources.map(({ name }) => name);
    expect(names(replicated([], ['other']))).to.not.include('bucket-policy/shop');
  });
});

async function refusal(work: () => unknown): Promise<LifeboatError['details']> {
  try {
    await work();
  } catch (error) {
    if (error instanceof LifeboatError) return error.details;
    throw error;
  }
  throw new Error('nothing was refused');
}

describe('a bucket', () => {
  it("has DR's account at the end of its name, or the name that is set", () => {
    expect(argsOf(planned({ bucket: [aBucket('shop')] }), 'bucket/shop')).to.include({
      bucket: 'shop-222222222222',
      forceDestroy: false,
    });
  });

  it('is skipped in another region, of a vault, and where it is excepted', () => {
    const other = aBucket('far', { region: 'us-east-1' });
    const ofVault = aBucket('lifeboat-state-111111111111-eu-west-1');
    const result = plan(
      { kinds: { bucket: [other, ofVault, aBucket('audit')] }, superseded: new Map() },
      {},
      {},
      { ...PLAN_OPTIONS, bucketsExcept: ['audit'] },
    );
    expect(reason(result, 'bucket/far')).to.contain('us-east-1');
    expect(reason(result, `bucket/${ofVault.id}`)).to.contain('vault');
    expect(reason(result, 'bucket/audit')).to.equal('lifeboat:bucketsExcept names it');
    expect(result.resources).to.deep.equal([]);
  });

  it('is kept in DR, and never adopted where it carries no tag of ours', () => {
    const [resource] = planned({ bucket: [aBucket('shop')] }).resources;
    expect(resource?.retained).to.equal(true);
    const result = planned({ bucket: [aBucket('shop')] }, { bucket: [inDr('shop-222222222222')] });
    expect(reason(result, 'bucket/shop')).to.contain('shop-222222222222 in DR is in its way');
  });

  it('is adopted by its tag, also beside one that it had under another name', () => {
    const dr = { bucket: [inDr('old-name', 'shop'), inDr('shop-222222222222', 'shop')] };
    const result = planned({ bucket: [aBucket('shop')] }, dr);
    expect(result.resources.map(({ adopt }) => adopt)).to.deep.equal(['shop-222222222222']);
    expect(result.notes.join()).to.contain('bucket/shop is not mirrored to old-name now; DR keeps that');
  });

  it('that nothing stands for any more is named for as long as DR keeps it', () => {
    const { notes } = planned({ bucket: [] }, { bucket: [inDr('shop-222222222222', 'shop')] });
    expect(notes).to.deep.equal([
      'bucket/shop is not mirrored to shop-222222222222 now; DR keeps that, for it may hold data that is nowhere else',
    ]);
  });

  it('is looked for by what it is, whatever its name is in the source', () => {
    const names = { id: () => undefined, ipv6: () => undefined, bucket: (name: string) => `${name}-there` };
    expect(bucket.identity?.(aBucket('shop'), names)).to.equal('shop-there');
  });
});

describe('the names of buckets in DR', () => {
  const WANTED = { source: 'shop', name: 'shop-222222222222' };
  const s3 = mockClient(S3Client);
  const dr = accountOf('222222222222', 'eu-central-1', {
    credentials: { accessKeyId: 'x', secretAccessKey: 'x' },
  });
  const fails = (name: string, httpStatusCode: number) =>
    s3
      .on(GetBucketTaggingCommand)
      .rejects(Object.assign(new Error(name), { name, $metadata: { httpStatusCode } }));
  beforeEach(() => s3.reset());
  after(() => s3.restore());

  it('are one for each', async () => {
    const long = 'a'.repeat(55);
    const twice = planned({ bucket: [aBucket(`${long}-one`), aBucket(`${long}-two`)] });
    const { what, got, next } = await refusal(() => newBuckets(twice, {}));
    expect(what).to.contain('come to one name');
    expect(got).to.contain(`${long}-one and ${long}-two`);
    expect(next).to.contain(`config set lifeboat:buckets ${long}-two=OTHER-NAME`);
  });

  it('are asked for where DR has none yet', () => {
    const result = planned({ bucket: [aBucket('one'), aBucket('two')] });
    expect(newBuckets(result, { bucket: [inDr('one-222222222222', 'one')] })).to.deep.equal([
      { source: 'two', name: 'two-222222222222' },
    ]);
  });

  it('may be free, or made since', async () => {
    for (const [name, status] of [
      ['NoSuchBucket', 404],
      ['NoSuchTagSet', 404],
    ] as const) {
      fails(name, status);
      expect([...(await takenNames(dr, [WANTED]))]).to.deep.equal([]);
    }
    s3.on(GetBucketTaggingCommand).resolves({ TagSet: [] });
    expect([...(await takenNames(dr, [WANTED]))]).to.deep.equal([]);
  });

  for (const [name, status] of [
    ['AccessDenied', 403],
    ['PermanentRedirect', 301],
    ['AuthorizationHeaderMalformed', 400],
  ] as const)
    it(`are taken where S3 answers ${name}, and say which command helps`, async () => {
      fails(name, status);
      const taken = await takenNames(dr, [WANTED]);
      expect(taken.get('shop')).to.deep.equal({ name: WANTED.name, why: name });
      expect(takenNotes(taken).join())
        .to.contain('The bucket shop is NOT mirrored')
        .and.to.contain(name)
        .and.to.contain('config set lifeboat:buckets shop=OTHER-NAME');
    });

  for (const [name, status] of [
    ['SlowDown', 503],
    ['ExpiredToken', 400],
    ['InvalidAccessKeyId', 403],
  ] as const)
    it(`are neither taken nor free where S3 answers ${name}`, async () => {
      fails(name, status);
      const thrown = await takenNames(dr, [WANTED]).catch((error: Error) => error.name);
      expect(thrown).to.equal(name);
    });

  it('that are taken cost their own bucket and what needs it, and nothing else', () => {
    const result = plan(
      {
        kinds: {
          bucket: [aBucket('maps'), aBucket('shop')],
          'bucket-public-access-block': [
            ...setting('shop')['bucket-public-access-block'],
            ...setting('maps')['bucket-public-access-block'],
          ],
        },
        superseded: new Map(),
      },
      {},
      {},
      { ...PLAN_OPTIONS, takenBuckets: new Map([['shop', { name: WANTED.name }]]) },
    );
    expect(result.resources.map(({ name }) => name)).to.deep.equal([
      'bucket/maps',
      'bucket-public-access-block/maps',
    ]);
    expect(reason(result, 'bucket/shop')).to.contain(`${WANTED.name}, is somebody else's`);
    expect(reason(result, 'bucket-public-access-block/shop')).to.contain('it needs bucket/shop');
  });

  it('a bucket that keeps the reader out is named, with the way to leave it out', async () => {
    s3.on(ListBucketsCommand).resolves({
      Buckets: ['audit', 'open'].map((Name) => ({ Name, BucketRegion: 'eu-central-1' })),
    });
    s3.onAnyCommand().resolves({});
    s3.on(ListBucketsCommand).resolves({ Buckets: [{ Name: 'audit', BucketRegion: 'eu-central-1' }] });
    fails('AccessDenied', 403);
    const { what, next } = await refusal(() => bucket.list(dr, { bucketsExcept: ['other'] }));
    expect(what).to.contain('The bucket audit of 222222222222 could not be looked up');
    expect(next).to.contain('config set lifeboat:bucketsExcept other,audit');
    const found = await bucket.list({ ...dr }, { bucketsExcept: ['audit'] });
    expect(found.map(({ id }) => id)).to.deep.equal(['audit']);
  });
});

describe("a bucket's policy", () => {
  it('speaks of the bucket by its name in DR, and of nobody outside', () => {
    const outsider = statement('Allow', { AWS: 'arn:aws:iam::333333333333:root' });
    const own = statement('Allow', { AWS: 'arn:aws:iam::111111111111:root' });
    expect(documentOf(aPolicy('shop', own, outsider))).to.deep.equal([
      {
        ...own,
        Principal: { AWS: 'arn:aws:iam::222222222222:root' },
        Resource: 'arn:aws:s3:::shop-222222222222/*',
      },
    ]);
  });

  it('that lets in outsiders alone is none', () => {
    const result = withPolicy(aPolicy('shop', statement('Allow', '*')));
    expect(reason(result, 'bucket-policy/shop')).to.contain('the trust in everybody');
  });

  it("never keeps out Lifeboat's own roles, which would end every run", () => {
    const ours = ['preview', 'run', 'recover'].map(
      (name) => `arn:aws:iam::222222222222:role/lifeboat-${name}`,
    );
    const reader = 'arn:aws:iam::111111111111:role/lifeboat-reader';
    for (const condition of [undefined, { ArnNotEquals: { 'AWS:PrincipalARN': reader } }]) {
      const [denial] = documentOf(
        aPolicy('shop', statement('Deny', '*', condition && { Condition: condition })),
      );
      const excepted = Object.values(denial.Condition.ArnNotEquals)[0];
      expect(excepted).to.include.members(ours);
      expect(excepted).to.have.length(condition ? 4 : 3);
    }
  });

  it('that is too long in terms of DR is skipped, with its length', () => {
    const many = Array.from({ length: 150 }, (_, index) =>
      statement('Allow', { AWS: '111111111111' }, { Sid: `s${index}` }),
    );
    expect(JSON.stringify(many).length).to.be.below(20_480);
    expect(reason(withPolicy(aPolicy('shop', ...many)), 'bucket-policy/shop')).to.match(/has \d+ bytes/);
  });

  it('asks where it allows more or denies less, and not where it is new or narrowed', () => {
    const allow = statement('Allow', { AWS: '111111111111' });
    const deny = statement('Deny', '*');
    const [both, one] = [aPolicy('shop', allow, deny), aPolicy('shop', deny)];
    expect(bucketPolicy.danger?.(both, undefined, sides())).to.equal(undefined);
    expect(bucketPolicy.danger?.(both, both, sides())).to.equal(undefined);
    expect(bucketPolicy.danger?.(both, one, sides())).to.contain('allows what');
    expect(bucketPolicy.danger?.(one, both, sides())).to.equal(undefined);
    expect(bucketPolicy.danger?.(aPolicy('shop', allow), both, sides())).to.contain('no longer denies');
  });
});

describe('CORS', () => {
  const cors = (...allowedOrigins: string[]) => ({
    id: 'shop',
    tags: {},
    rules: [{ allowedMethods: ['GET'], allowedOrigins }],
  });
  it('asks when it begins to let every site in', () => {
    const narrow = cors('https://www.example.com');
    expect(bucketCors.danger?.(cors('*'), narrow, sides())).to.contain('every site');
    expect(bucketCors.danger?.(cors('*'), cors('*'), sides())).to.equal(undefined);
    expect(bucketCors.danger?.(narrow, narrow, sides())).to.equal(undefined);
    expect(bucketCors.danger?.(cors('*'), undefined, sides())).to.equal(undefined);
  });
});

describe("what DR's buckets are set up with", () => {
  const item = { id: 'shop', tags: {} };
  const kinds = {
    bucket: [aBucket('shop')],
    'bucket-versioning': [{ ...item, mfaDelete: false }],
    'bucket-encryption': [{ ...item, algorithm: 'AES256', bucketKeyEnabled: false }],
    'bucket-object-lock': [{ ...item, isEnabled: true, mode: 'COMPLIANCE', years: 100 }],
    'bucket-lifecycle': [{ ...item, rules: [] }],
  };

  it('is versioned, under the key of the vault, whatever the source says; nothing expires', () => {
    const result = planned(kinds);
    expect(argsOf(result, 'bucket-versioning/shop')).to.deep.include({
      versioningConfiguration: { status: 'Enabled' },
    });
    expect(JSON.stringify(argsOf(result, 'bucket-encryption/shop'))).to.contain(
      'arn:aws:kms:eu-central-1:222222222222:alias/lifeboat-data',
    );
    expect(result.resources.map(({ name }) => name)).to.not.include('bucket-lifecycle/shop');
    expect(result.notes).to.include(
      'bucket-lifecycle: 1 looked up and not applied in DR, where an expiry would delete the data: shop',
    );
    expect(result.notes.join()).to.contain('is on in DR though it is off in the source');
  });

  it('belongs to the owner of the bucket, and no access control list counts, whatever the source says', () => {
    for (const objectOwnership of ['ObjectWriter', 'BucketOwnerPreferred', 'BucketOwnerEnforced']) {
      const ownership = { ...item, objectOwnership };
      const result = planned({ ...kinds, 'bucket-ownership': [ownership] });
      expect(argsOf(result, 'bucket-ownership/shop')).to.deep.include({
        rule: { objectOwnership: 'BucketOwnerEnforced' },
      });
      const isSaid = result.notes.some((note) =>
        note.startsWith('bucket-ownership/shop lets no access control list count'),
      );
      expect(isSaid, objectOwnership).to.equal(objectOwnership !== 'BucketOwnerEnforced');
    }
  });

  it('is locked by the setting alone', () => {
    expect(reason(planned(kinds), 'bucket-object-lock/shop')).to.contain('lifeboat:bucketLock is off');
    const options = { ...PLAN_OPTIONS, bucketLock: { mode: 'governance', days: 30 } } as const;
    const result = plan({ kinds, superseded: new Map() }, {}, {}, options);
    expect(argsOf(result, 'bucket-object-lock/shop')).to.deep.include({
      rule: { defaultRetention: { mode: 'GOVERNANCE', days: 30 } },
    });
    const { after } = result.resources.find(({ name }) => name === 'bucket-object-lock/shop') ?? {};
    expect(after).to.deep.equal(['bucket-versioning/shop']);
  });
});
