import { ListCloudFrontOriginAccessIdentitiesCommand } from '@aws-sdk/client-cloudfront';
import type { OriginAccessIdentityArgs } from '@pulumi/aws/cloudfront/originAccessIdentity';
import { TAG } from '../../names';
import { type Item, type Kind, present } from '../kind';
import { resource } from '../mirrorContext';
import { cloudFront, markedPages } from './cloudFront';

export interface OriginAccessIdentity extends Item {
  readonly comment: string;
}

/** AWS's limit of characters of a comment. */
const MAX_COMMENT = 128;

/** How the comment of one that we made ends. AWS knows neither names nor tags on it, and two may have one comment. */
const OURS = new RegExp(` ?\\(${TAG.sourceId}=([A-Z0-9]+)\\)$`);

/** The older way for CloudFront to be somebody for S3. */
export const originAccessIdentity: Kind<OriginAccessIdentity> = {
  name: 'origin-access-identity',
  title: 'CloudFront origin access identity',
  cost: 'free',
  isGlobal: true,
  types: ['aws:cloudfront/originAccessIdentity:OriginAccessIdentity'],
  iamActions: ['cloudfront:ListCloudFrontOriginAccessIdentities'],

  async list(account) {
    const client = cloudFront(account);
    const identities = await markedPages(
      (Marker) => client.send(new ListCloudFrontOriginAccessIdentitiesCommand({ Marker })),
      'CloudFrontOriginAccessIdentityList',
    );
    return identities.map(({ Id, Comment = '' }) => {
      const sourceId = OURS.exec(Comment)?.[1];
      const tags: Record<string, string> = sourceId === undefined ? {} : { [TAG.sourceId]: sourceId };
      return {
        id: present(Id, 'Id'),
        tags,
        comment: Comment.replace(OURS, ''),
      };
    });
  },

  mirror(item) {
    const ours = `(${TAG.sourceId}=${item.id})`;
    const comment = item.comment.slice(0, MAX_COMMENT - ours.length - 1);
    return resource<OriginAccessIdentityArgs>('aws:cloudfront/originAccessIdentity:OriginAccessIdentity', {
      comment: comment ? `${comment} ${ours}` : ours,
    });
  },

  quotas: [{ service: 'cloudfront', code: 'L-08884E5C', name: 'Origin access identities per account' }],
};
