import { ListOriginAccessControlsCommand } from '@aws-sdk/client-cloudfront';
import type { OriginAccessControlArgs } from '@pulumi/aws/cloudfront/originAccessControl';
import { type Item, type Kind, present } from '../kind';
import { resource } from '../mirrorContext';
import { cloudFront, markedPages } from './cloudFront';

export interface OriginAccessControl extends Item {
  readonly controlName: string;
  readonly description: string;
  /** What it is for: `s3`, `lambda`, `mediastore`, `mediapackagev2`. */
  readonly originType: string;
  /** `always`, `never`, `no-override`: whether CloudFront signs what it asks the origin for. */
  readonly signingBehavior: string;
  readonly signingProtocol: string;
}

/** How CloudFront signs its requests to an origin, so that the origin need not be public. */
export const originAccessControl: Kind<OriginAccessControl> = {
  name: 'origin-access-control',
  title: 'CloudFront origin access control',
  cost: 'free',
  isGlobal: true,
  types: ['aws:cloudfront/originAccessControl:OriginAccessControl'],
  iamActions: ['cloudfront:ListOriginAccessControls'],

  async list(account) {
    const client = cloudFront(account);
    const controls = await markedPages(
      (Marker) => client.send(new ListOriginAccessControlsCommand({ Marker })),
      'OriginAccessControlList',
    );
    return controls.map((found) => ({
      id: present(found.Id, 'Id'),
      tags: {},
      controlName: present(found.Name, 'Name'),
      description: found.Description ?? '',
      originType: present(found.OriginAccessControlOriginType, 'OriginAccessControlOriginType'),
      signingBehavior: present(found.SigningBehavior, 'SigningBehavior'),
      signingProtocol: present(found.SigningProtocol, 'SigningProtocol'),
    }));
  },

  mirror: (item) =>
    resource<OriginAccessControlArgs>('aws:cloudfront/originAccessControl:OriginAccessControl', {
      name: item.controlName,
      // The provider has a text of its own where there is none.
      description: item.description,
      originAccessControlOriginType: item.originType,
      signingBehavior: item.signingBehavior,
      signingProtocol: item.signingProtocol,
    }),

  // Names are unique in an account, and AWS knows no tags on it.
  identity: (item) => item.controlName,

  danger: (item, former) =>
    former?.signingBehavior === 'always' && item.signingBehavior !== 'always'
      ? `no longer signs all that it asks its origins for: ${item.signingBehavior}`
      : undefined,

  // Service Quotas has no code for it: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html
  quotas: [{ service: 'cloudfront', name: 'Origin access controls per AWS account', documented: 100 }],
};
