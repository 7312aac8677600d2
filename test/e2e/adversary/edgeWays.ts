import * as cloudfront from '@aws-sdk/client-cloudfront';
import * as ssm from '@aws-sdk/client-ssm';
import type { Config, Way } from './way';

const CACHING_OPTIMIZED = '658327ea-f89d-4fab-a63d-7e88639e58f6';
const toCloudfront = (source: Config) =>
  new cloudfront.CloudFrontClient({ ...(source as object), region: 'us-east-1' });

/** By what serves the world, and what machines read. */
export const EDGE_WAYS: readonly Way[] = [
  {
    name: 'a distribution that serves the attacker’s host, by code of the attacker’s own',
    async plant(source) {
      const to = toCloudfront(source);
      const { FunctionSummary, ETag } = await to.send(
        new cloudfront.CreateFunctionCommand({
          Name: 'w-function',
          FunctionConfig: { Comment: 'planted', Runtime: 'cloudfront-js-2.0' },
          FunctionCode: Buffer.from('function handler(event) { return event.request; }'),
        }),
      );
      await to.send(new cloudfront.PublishFunctionCommand({ Name: 'w-function', IfMatch: ETag }));
      await to.send(
        new cloudfront.CreateDistributionCommand({
          DistributionConfig: {
            CallerReference: 'w',
            Comment: 'w-distribution',
            Enabled: true,
            Origins: {
              Quantity: 1,
              Items: [
                {
                  Id: 'theirs',
                  DomainName: 'attacker.example.com',
                  CustomOriginConfig: { HTTPPort: 80, HTTPSPort: 443, OriginProtocolPolicy: 'https-only' },
                },
              ],
            },
            DefaultCacheBehavior: {
              TargetOriginId: 'theirs',
              ViewerProtocolPolicy: 'allow-all',
              CachePolicyId: CACHING_OPTIMIZED,
              FunctionAssociations: {
                Quantity: 1,
                Items: [
                  {
                    EventType: 'viewer-request',
                    FunctionARN: FunctionSummary?.FunctionMetadata?.FunctionARN,
                  },
                ],
              },
            },
          },
        }),
      );
    },
    opened({ distributions }) {
      const found = distributions.get('w-distribution');
      if (!found) return ['w-distribution has no mirror to look at'];
      return [
        ...(found.isEnabled ? ['it serves'] : []),
        ...found.aliases.map((name) => `it has the name ${name}`),
      ];
    },
  },
  {
    name: 'a secret, to be copied to where more can read it',
    async plant(source) {
      await new ssm.SSMClient(source as object).send(
        new ssm.PutParameterCommand({ Name: '/w/secret', Value: 'hunter2', Type: 'SecureString' }),
      );
    },
    opened: ({ parameters }) => parameters.filter((name) => name === '/w/secret'),
  },
];
