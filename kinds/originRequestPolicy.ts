import { ListOriginRequestPoliciesCommand, type OriginRequestPolicyConfig } from '@aws-sdk/client-cloudfront';
import type { OriginRequestPolicyArgs } from '@pulumi/aws/cloudfront/originRequestPolicy';
import { cloudFront, filled, markedPages, type Tidy, tidy } from './cloudFront';
import { forwardedParts } from './forwardedParts';
import { type Item, type Kind, present, resource } from './kind';

export interface OriginRequestPolicy extends Item {
  /** Whether AWS made it: it has the same id in every account. */
  readonly isManaged: boolean;
  readonly policyName: string;
  /** Under AWS's names. */
  readonly config: Omit<Tidy<OriginRequestPolicyConfig>, 'Name'>;
}

/** What CloudFront passes on of a request to the origin. */
export const originRequestPolicy: Kind<OriginRequestPolicy> = {
  name: 'origin-request-policy',
  title: 'CloudFront origin request policy',
  cost: 'free',
  isGlobal: true,
  types: ['aws:cloudfront/originRequestPolicy:OriginRequestPolicy'],
  iamActions: ['cloudfront:ListOriginRequestPolicies'],

  async list(account) {
    const client = cloudFront(account);
    const policies = await markedPages(
      (Marker) => client.send(new ListOriginRequestPoliciesCommand({ Marker })),
      'OriginRequestPolicyList',
    );
    return policies.map(({ Type, OriginRequestPolicy: found }) => {
      const { Name, ...config } = present(found?.OriginRequestPolicyConfig, 'OriginRequestPolicyConfig');
      return {
        id: present(found?.Id, 'Id'),
        tags: {},
        isManaged: present(Type, 'Type') === 'managed',
        policyName: present(Name, 'Name'),
        config: tidy(config),
      };
    });
  },

  awsOwn: (item) => (item.isManaged ? item.id : undefined),

  mirror: (item) =>
    resource<OriginRequestPolicyArgs>('aws:cloudfront/originRequestPolicy:OriginRequestPolicy', {
      name: item.policyName,
      comment: filled(item.config.Comment),
      ...forwardedParts(item.config),
    }),

  // Names are unique in an account, and AWS knows no tags on it.
  identity: (item) => item.policyName,

  quotas: [{ service: 'cloudfront', code: 'L-C3659C43', name: 'Origin request policies per AWS account' }],
};
