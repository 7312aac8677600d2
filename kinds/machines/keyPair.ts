import { DescribeKeyPairsCommand } from '@aws-sdk/client-ec2';
import type { KeyPairArgs } from '@pulumi/aws/ec2/keyPair';
import { type Item, type Kind, present, tagRecord } from '../kind';
import { resource } from '../mirrorContext';

/** Its id is its name: that is what AWS and all that refers to it know it by. */
export interface KeyPair extends Item {
  /** In the format of OpenSSH, without its comment; absent where AWS does not show it. */
  readonly publicKey?: string;
}

/** The public half of a key pair. Nobody but its owner has the private half: logins go on with it. */
export const keyPair: Kind<KeyPair> = {
  name: 'key-pair',
  title: 'Key pair',
  cost: 'free',
  types: ['aws:ec2/keyPair:KeyPair'],
  iamActions: ['ec2:DescribeKeyPairs'],

  async list({ ec2 }) {
    // AWS answers all of them at once.
    const { KeyPairs } = await ec2.send(new DescribeKeyPairsCommand({ IncludePublicKey: true }));
    if (KeyPairs === undefined)
      throw new Error('AWS answered without its list of key pairs; nothing is concluded from it');
    return KeyPairs.map((found) => ({
      id: present(found.KeyName, 'KeyName'),
      tags: tagRecord(found.Tags),
      publicKey: withoutComment(found.PublicKey),
    }));
  },

  skip: (item) =>
    item.publicKey === undefined ? 'AWS does not show its public key, so it cannot be imported' : undefined,

  mirror: (item, ctx) =>
    resource<KeyPairArgs>('aws:ec2/keyPair:KeyPair', {
      keyName: item.id,
      publicKey: present(item.publicKey, 'PublicKey'),
      tags: ctx.tags(item),
    }),

  // A name is one key in an account and region.
  identity: (item) => item.id,

  fixed: (item) => [item.id, item.publicKey],

  unread: 'public key',

  removedByContent: true,

  danger: (item, former) =>
    former?.publicKey !== undefined && former.publicKey !== item.publicKey
      ? `is another key under the name ${item.id}: whoever has it can log in where this name is used`
      : undefined,

  quotas: [{ service: 'ec2', name: 'Key pairs per Region', documented: 5000 }],
};

/** Type and key: what follows is a remark, and AWS writes the name there when it has made the key itself. */
function withoutComment(publicKey: string | undefined): string | undefined {
  return publicKey?.trim().split(/\s+/).slice(0, 2).join(' ') || undefined;
}
