import { expect } from 'chai';
import { type CachePolicy, cachePolicy } from '../../../kinds/cloudfront/cachePolicy';
import { markedPages, tidy } from '../../../kinds/cloudfront/cloudFront';
import { cloudfrontFunction } from '../../../kinds/cloudfront/cloudfrontFunction';
import { keyGroup } from '../../../kinds/cloudfront/keyGroup';
import { originAccessControl } from '../../../kinds/cloudfront/originAccessControl';
import { originAccessIdentity } from '../../../kinds/cloudfront/originAccessIdentity';
import {
  type ResponseHeadersPolicy,
  responseHeadersPolicy,
} from '../../../kinds/cloudfront/responseHeadersPolicy';
import { sides } from '../sides';
import { stub } from './planned';

describe("CloudFront's lists", () => {
  const pages = (...lists: object[]) => {
    const left = [...lists];
    return markedPages(async () => ({ List: left.shift() as { Items?: string[] } }), 'List');
  };
  it('are read to their end', async () =>
    expect(
      await pages({ Items: ['a'], Quantity: 1, NextMarker: 'a' }, { Items: ['b'], Quantity: 1 }),
    ).to.deep.equal(['a', 'b']));
  it('may be empty, and say so', async () => {
    expect(await pages({ Quantity: 0 })).to.deep.equal([]);
    for (const list of [{}, { Quantity: 1 }, { Items: ['a'], IsTruncated: true }])
      expect(await pages(list).catch((error: Error) => error.message)).to.contain('nothing is concluded');
  });

  it('are plain data without their quantities, in an order where they have none', () => {
    expect(
      tidy({
        Aliases: { Quantity: 2, Items: ['b', 'a'] },
        Origins: { Quantity: 2, Items: [{ Id: '2' }, { Id: '1' }] },
        CacheBehaviors: { Quantity: 2, Items: [{ PathPattern: '/b' }, { PathPattern: '/a' }] },
        AllowedMethods: { Quantity: 1, Items: ['GET'], CachedMethods: { Quantity: 0 } },
        Nothing: { Quantity: 0 },
      }),
    ).to.deep.equal({
      Aliases: ['a', 'b'],
      Origins: [{ Id: '1' }, { Id: '2' }],
      CacheBehaviors: [{ PathPattern: '/b' }, { PathPattern: '/a' }],
      AllowedMethods: { Items: ['GET'], CachedMethods: [] },
      Nothing: [],
    });
  });
});

describe('of CloudFront stop a run', () => {
  it('a cache policy that no longer tells viewers apart', () => {
    const policy = (
      headers: string[],
      CookieBehavior: 'all' | 'none' | 'whitelist',
      Cookies: string[] = [],
    ) =>
      ({
        config: {
          ParametersInCacheKeyAndForwardedToOrigin: {
            HeadersConfig: { Headers: headers },
            CookiesConfig: { CookieBehavior, Cookies },
          },
        },
      }) as unknown as CachePolicy;
    const danger = (now: CachePolicy, former?: CachePolicy) => cachePolicy.danger?.(now, former, sides());
    const kept = policy(['Authorization'], 'whitelist', ['session']);
    expect(danger(policy([], 'whitelist', ['session']), kept)).to.contain('header authorization');
    expect(danger(policy(['authorization'], 'none'), kept)).to.contain('cookie session');
    expect(danger(policy(['authorization'], 'all'), kept)).to.equal(undefined);
    expect(danger(kept, policy([], 'none'))).to.equal(undefined);
    expect(danger(policy([], 'none'))).to.equal(undefined);
  });

  it('a response headers policy that lets others read, or says less', () => {
    const policy = (config: object) => ({ config }) as ResponseHeadersPolicy;
    const danger = (now: object, former: object) =>
      responseHeadersPolicy.danger?.(policy(now), policy(former), sides());
    const cors = (AccessControlAllowOrigins: string[], AccessControlAllowCredentials = false) => ({
      CorsConfig: { AccessControlAllowOrigins, AccessControlAllowCredentials },
    });
    expect(danger(cors(['https://a', '*']), cors(['https://a']))).to.contain('pages of *');
    expect(danger(cors(['https://a'], true), cors(['https://a']))).to.contain('credentials');
    expect(danger({}, { SecurityHeadersConfig: { FrameOptions: {} } })).to.contain('FrameOptions');
    expect(danger({}, cors(['*']))).to.equal(undefined);
  });

  it('an access control that signs less, a key group with more keys, a function with other code', () => {
    const control = (signingBehavior: string) => ({ signingBehavior }) as never;
    expect(originAccessControl.danger?.(control('never'), control('always'), sides())).to.contain('never');
    expect(originAccessControl.danger?.(control('always'), control('never'), sides())).to.equal(undefined);
    const group = (...keys: string[]) => ({ keys }) as never;
    expect(keyGroup.danger?.(group('K1', 'K2'), group('K1'), sides())).to.contain('K2');
    expect(keyGroup.danger?.(group('K1'), group('K1', 'K2'), sides())).to.equal(undefined);
    const code = (text: string) => ({ code: text, runtime: 'cloudfront-js-2.0' }) as never;
    expect(cloudfrontFunction.danger?.(code('a'), code('b'), sides())).to.contain('another code');
    expect(cloudfrontFunction.danger?.(code('a'), undefined, sides())).to.equal(undefined);
  });
});

describe('an origin access identity', () => {
  const commentOf = (comment: string) =>
    (originAccessIdentity.mirror?.({ id: 'E1', tags: {}, comment }, stub()).args as { comment: string })
      .comment;
  it('is known again by its comment, which AWS limits', () => {
    expect(commentOf('archive')).to.equal('archive (lifeboat:source-id=E1)');
    expect(commentOf('')).to.equal('(lifeboat:source-id=E1)');
    expect(commentOf('x'.repeat(128)).length).to.equal(128);
  });
});
