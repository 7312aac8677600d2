import * as sdk from '@aws-sdk/client-cloudfront';
import { expect } from 'chai';
import { Clients, HERE, must, newAccount, refusal, useEmulator } from './support';

const CACHING_OPTIMIZED = '658327ea-f89d-4fab-a63d-7e88639e58f6';

const NOTHING = {
  EnableAcceptEncodingGzip: true,
  HeadersConfig: { HeaderBehavior: 'none' },
  CookiesConfig: { CookieBehavior: 'none' },
  QueryStringsConfig: { QueryStringBehavior: 'none' },
} as const;

let references = 0;

/** A distribution of a bucket with the cache policy that AWS manages. */
function distribution(more: Partial<sdk.DistributionConfig> = {}): sdk.DistributionConfig {
  references += 1;
  return {
    CallerReference: `reference ${references}`,
    Comment: '',
    Enabled: false,
    Origins: {
      Quantity: 1,
      Items: [
        {
          Id: 'bucket',
          DomainName: 'pictures.s3.eu-west-1.amazonaws.com',
          S3OriginConfig: { OriginAccessIdentity: '' },
        },
      ],
    },
    DefaultCacheBehavior: {
      TargetOriginId: 'bucket',
      ViewerProtocolPolicy: 'redirect-to-https',
      CachePolicyId: CACHING_OPTIMIZED,
    },
    ...more,
  };
}

describe('emulator: CloudFront', () => {
  const emulator = useEmulator();
  const newClient = () => new Clients(emulator().url, newAccount(), HERE).cloudfront;

  const control = (Name: string): sdk.OriginAccessControlConfig => ({
    Name,
    OriginAccessControlOriginType: 's3',
    SigningBehavior: 'always',
    SigningProtocol: 'sigv4',
  });

  it('an update and a removal name the version that they are for', async () => {
    const client = newClient();
    const made = await client.send(
      new sdk.CreateOriginAccessControlCommand({ OriginAccessControlConfig: control('one') }),
    );
    const Id = must(made.OriginAccessControl?.Id);
    const update = (IfMatch?: string) =>
      client.send(
        new sdk.UpdateOriginAccessControlCommand({
          Id,
          IfMatch,
          OriginAccessControlConfig: control('two'),
        }),
      );
    expect(await refusal(update())).to.equal('InvalidIfMatchVersion');
    expect(await refusal(update('E1'))).to.equal('PreconditionFailed');
    const { ETag } = await update(made.ETag);
    expect(ETag).to.not.equal(made.ETag);
    const remove = (IfMatch?: string) =>
      client.send(new sdk.DeleteOriginAccessControlCommand({ Id, IfMatch }));
    expect(await refusal(remove(made.ETag))).to.equal('PreconditionFailed');
    await remove(ETag);
    expect(await refusal(client.send(new sdk.GetOriginAccessControlCommand({ Id })))).to.equal(
      'NoSuchOriginAccessControl',
    );
  });

  it('a name is taken once in an account', async () => {
    const create = (client: sdk.CloudFrontClient) =>
      client.send(new sdk.CreateOriginAccessControlCommand({ OriginAccessControlConfig: control('one') }));
    const client = newClient();
    await create(client);
    expect(await refusal(create(client))).to.equal('OriginAccessControlAlreadyExists');
    await create(newClient());
  });

  it('lists are cut into pages, by a marker in the list', async () => {
    const client = newClient();
    for (const name of ['one', 'two', 'three'])
      await client.send(
        new sdk.CreateOriginAccessControlCommand({ OriginAccessControlConfig: control(name) }),
      );
    const first = await client.send(new sdk.ListOriginAccessControlsCommand({ MaxItems: 2 }));
    expect(first.OriginAccessControlList?.Quantity).to.equal(2);
    expect(first.OriginAccessControlList?.IsTruncated).to.equal(true);
    const second = await client.send(
      new sdk.ListOriginAccessControlsCommand({ Marker: first.OriginAccessControlList?.NextMarker }),
    );
    expect(second.OriginAccessControlList?.Items?.length).to.equal(1);
    expect(second.OriginAccessControlList?.NextMarker).to.equal(undefined);
  });

  it('policies that AWS manages have the same ids everywhere, and cannot be changed', async () => {
    const client = newClient();
    const { CachePolicyList } = await client.send(new sdk.ListCachePoliciesCommand({ Type: 'managed' }));
    expect(CachePolicyList?.Items?.map(({ CachePolicy }) => CachePolicy?.Id)).to.include(CACHING_OPTIMIZED);
    const { ETag } = await client.send(new sdk.GetCachePolicyCommand({ Id: CACHING_OPTIMIZED }));
    const remove = new sdk.DeleteCachePolicyCommand({ Id: CACHING_OPTIMIZED, IfMatch: ETag });
    expect(await refusal(client.send(remove))).to.equal('IllegalDelete');
    const own = await client.send(new sdk.ListCachePoliciesCommand({ Type: 'custom' }));
    expect(own.CachePolicyList?.Quantity).to.equal(0);
    expect(own.CachePolicyList?.Items).to.equal(undefined);
  });

  it('what a distribution uses cannot be deleted', async () => {
    const client = newClient();
    const policy = await client.send(
      new sdk.CreateCachePolicyCommand({
        CachePolicyConfig: { Name: 'own', MinTTL: 1, ParametersInCacheKeyAndForwardedToOrigin: NOTHING },
      }),
    );
    const CachePolicyId = must(policy.CachePolicy?.Id);
    const config = distribution();
    const made = await client.send(
      new sdk.CreateDistributionCommand({
        DistributionConfig: {
          ...config,
          DefaultCacheBehavior: { ...must(config.DefaultCacheBehavior), CachePolicyId },
        },
      }),
    );
    const remove = () =>
      client.send(new sdk.DeleteCachePolicyCommand({ Id: CachePolicyId, IfMatch: policy.ETag }));
    expect(await refusal(remove())).to.equal('CachePolicyInUse');
    await client.send(
      new sdk.DeleteDistributionCommand({ Id: must(made.Distribution?.Id), IfMatch: made.ETag }),
    );
    await remove();
  });

  it('a distribution is deployed after a while, and must be disabled and deployed to be deleted', async () => {
    const client = newClient();
    await emulator().config({ distributionSeconds: 300 });
    const made = await client.send(
      new sdk.CreateDistributionCommand({ DistributionConfig: distribution({ Enabled: true }) }),
    );
    const Id = must(made.Distribution?.Id);
    expect(made.Distribution?.Status).to.equal('InProgress');
    await emulator().advance(300);
    const found = await client.send(new sdk.GetDistributionCommand({ Id }));
    expect(found.Distribution?.Status).to.equal('Deployed');
    const remove = (IfMatch?: string) => client.send(new sdk.DeleteDistributionCommand({ Id, IfMatch }));
    expect(await refusal(remove(found.ETag))).to.equal('DistributionNotDisabled');
    const { ETag } = await client.send(
      new sdk.UpdateDistributionCommand({
        Id,
        IfMatch: found.ETag,
        DistributionConfig: { ...must(found.Distribution?.DistributionConfig), Enabled: false },
      }),
    );
    expect(await refusal(remove(ETag))).to.equal('DistributionNotDisabled');
    await emulator().advance(300);
    await remove(ETag);
    await emulator().config({ distributionSeconds: 0 });
  });

  it('what a distribution names must be there', async () => {
    const client = newClient();
    const config = distribution();
    const behavior = must(config.DefaultCacheBehavior);
    const origin = must(config.Origins?.Items?.[0]);
    const wrong: [string, Partial<sdk.DistributionConfig>][] = [
      ['NoSuchOrigin', { DefaultCacheBehavior: { ...behavior, TargetOriginId: 'other' } }],
      ['NoSuchCachePolicy', { DefaultCacheBehavior: { ...behavior, CachePolicyId: 'other' } }],
      ['InvalidArgument', { DefaultCacheBehavior: { ...behavior, CachePolicyId: undefined } }],
      [
        'TrustedKeyGroupDoesNotExist',
        {
          DefaultCacheBehavior: {
            ...behavior,
            TrustedKeyGroups: { Enabled: true, Quantity: 1, Items: ['other'] },
          },
        },
      ],
      [
        'InvalidOriginAccessControl',
        { Origins: { Quantity: 1, Items: [{ ...origin, OriginAccessControlId: 'E1' }] } },
      ],
      ['InvalidArgument', { Origins: { Quantity: 1, Items: [{ ...origin, DomainName: 'example.org' }] } }],
      ['InvalidViewerCertificate', { Aliases: { Quantity: 1, Items: ['www.example.org'] } }],
      ['InconsistentQuantities', { Aliases: { Quantity: 2, Items: ['www.example.org'] } }],
    ];
    for (const [code, more] of wrong)
      expect(
        await refusal(
          client.send(new sdk.CreateDistributionCommand({ DistributionConfig: distribution(more) })),
        ),
        JSON.stringify(more),
      ).to.equal(code);
  });

  it('a distribution runs a function that is published', async () => {
    const client = newClient();
    const made = await client.send(
      new sdk.CreateFunctionCommand({
        Name: 'rewrite',
        FunctionConfig: { Comment: '', Runtime: 'cloudfront-js-2.0' },
        FunctionCode: Buffer.from('function handler(event) { return event.request; }'),
      }),
    );
    const FunctionARN = must(made.FunctionSummary?.FunctionMetadata?.FunctionARN);
    const config = distribution();
    const associated = {
      ...must(config.DefaultCacheBehavior),
      FunctionAssociations: { Quantity: 1, Items: [{ EventType: 'viewer-request' as const, FunctionARN }] },
    };
    const create = () =>
      client.send(
        new sdk.CreateDistributionCommand({
          DistributionConfig: distribution({ DefaultCacheBehavior: associated }),
        }),
      );
    expect(await refusal(create())).to.equal('InvalidFunctionAssociation');
    await client.send(new sdk.PublishFunctionCommand({ Name: 'rewrite', IfMatch: made.ETag }));
    await create();
    const code = await client.send(new sdk.GetFunctionCommand({ Name: 'rewrite', Stage: 'LIVE' }));
    expect(Buffer.from(must(code.FunctionCode)).toString()).to.contain('return event.request');
    const remove = new sdk.DeleteFunctionCommand({ Name: 'rewrite', IfMatch: made.ETag });
    expect(await refusal(client.send(remove))).to.equal('FunctionInUse');
  });

  it('tags come with a distribution, and are changed by its ARN', async () => {
    const client = newClient();
    const made = await client.send(
      new sdk.CreateDistributionWithTagsCommand({
        DistributionConfigWithTags: {
          DistributionConfig: distribution(),
          Tags: { Items: [{ Key: 'team', Value: 'web' }] },
        },
      }),
    );
    const Resource = must(made.Distribution?.ARN);
    const tags = async () =>
      (await client.send(new sdk.ListTagsForResourceCommand({ Resource }))).Tags?.Items?.map(
        ({ Key, Value }) => `${Key}=${Value}`,
      );
    expect(await tags()).to.deep.equal(['team=web']);
    await client.send(
      new sdk.TagResourceCommand({ Resource, Tags: { Items: [{ Key: 'stage', Value: 'live' }] } }),
    );
    await client.send(new sdk.UntagResourceCommand({ Resource, TagKeys: { Items: ['team'] } }));
    expect(await tags()).to.deep.equal(['stage=live']);
  });

  it('an account has so many of each', async () => {
    const client = newClient();
    await emulator().config({ quotas: { 'L-24B04930': 0, 'cloudfront-origin-access-controls': 0 } });
    expect(
      await refusal(client.send(new sdk.CreateDistributionCommand({ DistributionConfig: distribution() }))),
    ).to.equal('TooManyDistributions');
    expect(
      await refusal(
        client.send(new sdk.CreateOriginAccessControlCommand({ OriginAccessControlConfig: control('one') })),
      ),
    ).to.equal('TooManyOriginAccessControls');
    await emulator().config({ quotas: {} });
  });
});
