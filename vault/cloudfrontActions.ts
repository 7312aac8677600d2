import type { TypeActions } from './writeActions';

/** What has a name and no tags: a policy cannot tell ours from another's. */
const untagged = (name: string, ...more: readonly string[]): TypeActions => ({
  change: [`cloudfront:Create${name}`, `cloudfront:Update${name}`, `cloudfront:Delete${name}`, ...more],
  remove: [],
  read: [`cloudfront:Get${name}`],
});

/** Of CloudFront, by Pulumi token. */
export const CLOUDFRONT_ACTIONS: Readonly<Record<string, TypeActions>> = {
  'aws:cloudfront/originAccessControl:OriginAccessControl': untagged('OriginAccessControl'),
  'aws:cloudfront/originAccessIdentity:OriginAccessIdentity': untagged('CloudFrontOriginAccessIdentity'),
  'aws:cloudfront/cachePolicy:CachePolicy': untagged('CachePolicy'),
  'aws:cloudfront/originRequestPolicy:OriginRequestPolicy': untagged('OriginRequestPolicy'),
  'aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy': untagged('ResponseHeadersPolicy'),
  'aws:cloudfront/publicKey:PublicKey': untagged('PublicKey'),
  'aws:cloudfront/keyGroup:KeyGroup': untagged('KeyGroup'),
  'aws:cloudfront/function:Function': {
    change: [
      'cloudfront:CreateFunction',
      'cloudfront:UpdateFunction',
      'cloudfront:PublishFunction',
      'cloudfront:DeleteFunction',
    ],
    remove: [],
    read: ['cloudfront:DescribeFunction', 'cloudfront:GetFunction'],
  },
  'aws:cloudfront/distribution:Distribution': {
    change: ['cloudfront:CreateDistribution'],
    remove: ['cloudfront:UpdateDistribution', 'cloudfront:DeleteDistribution'],
    read: ['cloudfront:GetDistribution', 'cloudfront:ListTagsForResource'],
  },
};
