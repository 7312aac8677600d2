import { ListOriginRequestPoliciesCommand, type OriginRequestPolicyConfig } from '@aws-sdk/client-cloudfront';
import type { OriginRequestPolicyArgs } from '@pulumi/aws/cloudfront/originRequestPolicy';
import type { Kind } from '../kind';
import { resource } from '../mirrorContext';
import { filled, markedPages } from './cloudFront';
import { forwardedParts } from './forwardedParts';
import { type NamedPolicy, namedPolicies } from './namedPolicies';

export type OriginRequestPolicy = NamedPolicy<OriginRequestPolicyConfig>;

/** What CloudFront passes on of a request to the origin. */
export const originRequestPolicy: Kind<OriginRequestPolicy> = {
  name: 'origin-request-policy',
  title: 'CloudFront origin request policy',
  types: ['aws:cloudfront/originRequestPolicy:OriginRequestPolicy'],
  iamActions: ['cloudfront:ListOriginRequestPolicies'],

  ...namedPolicies(
    (client) =>
      markedPages(
        (Marker) => client.send(new ListOriginRequestPoliciesCommand({ Marker })),
        'OriginRequestPolicyList',
      ),
    ({ Type, OriginRequestPolicy: policy }) => ({ Type, policy, config: policy?.OriginRequestPolicyConfig }),
  ),

  mirror: (item) =>
    resource<OriginRequestPolicyArgs>('aws:cloudfront/originRequestPolicy:OriginRequestPolicy', {
      name: item.policyName,
      comment: filled(item.config.Comment),
      ...forwardedParts(item.config),
    }),

  quotas: [{ service: 'cloudfront', code: 'L-C3659C43', name: 'Origin request policies per AWS account' }],
};
