import { ListPublicKeysCommand } from '@aws-sdk/client-cloudfront';
import type { PublicKeyArgs } from '@pulumi/aws/cloudfront/publicKey';
import { type Item, type Kind, present } from '../kind';
import { resource } from '../mirrorContext';
import { cloudFront, filled, markedPages } from './cloudFront';

export interface PublicKey extends Item {
  readonly keyName: string;
  readonly comment?: string;
  /** In PEM. */
  readonly encodedKey: string;
}

/** A key by which CloudFront knows who signed an URL or a cookie. */
export const publicKey: Kind<PublicKey> = {
  name: 'public-key',
  title: 'CloudFront public key',
  cost: 'free',
  isGlobal: true,
  types: ['aws:cloudfront/publicKey:PublicKey'],
  iamActions: ['cloudfront:ListPublicKeys'],

  async list(account) {
    const client = cloudFront(account);
    const keys = await markedPages(
      (Marker) => client.send(new ListPublicKeysCommand({ Marker })),
      'PublicKeyList',
    );
    return keys.map((found) => ({
      id: present(found.Id, 'Id'),
      tags: {},
      keyName: present(found.Name, 'Name'),
      comment: filled(found.Comment),
      encodedKey: present(found.EncodedKey, 'EncodedKey'),
    }));
  },

  mirror(item, ctx) {
    ctx.note('has another id in DR: who signs URLs by it names that one as Key-Pair-Id after a recovery');
    return resource<PublicKeyArgs>('aws:cloudfront/publicKey:PublicKey', {
      name: item.keyName,
      comment: item.comment,
      encodedKey: item.encodedKey,
    });
  },

  // Names are unique in an account, and AWS knows no tags on it.
  identity: (item) => item.keyName,

  fixed: (item) => [item.keyName, item.encodedKey.trim()],

  // https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html#limits-key-groups
  quotas: [{ service: 'cloudfront', name: 'Public keys per AWS account', documented: 10 }],
};
