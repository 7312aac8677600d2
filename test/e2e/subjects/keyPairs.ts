import {
  CreateTagsCommand,
  DeleteKeyPairCommand,
  DescribeKeyPairsCommand,
  ImportKeyPairCommand,
} from '@aws-sdk/client-ec2';
import { present } from '../../../kinds/kind';
import type { Subject } from './subject';

/** A public key in OpenSSH's format, of no private key. */
function publicKey(byte: number): string {
  const field = (data: Buffer) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(data.length);
    return Buffer.concat([length, data]);
  };
  const body = Buffer.concat([field(Buffer.from('ssh-ed25519')), field(Buffer.alloc(32, byte))]);
  return `ssh-ed25519 ${body.toString('base64')}`;
}

export const keyPairs: Subject = (() => {
  const KeyName = 'ops';
  let id = '';
  return {
    name: 'a key pair',
    async make(source) {
      const made = await source.send(
        new ImportKeyPairCommand({ KeyName, PublicKeyMaterial: Buffer.from(`${publicKey(1)} me@home`) }),
      );
      id = present(made.KeyPairId, 'KeyPairId');
    },
    async change(source) {
      await source.send(new CreateTagsCommand({ Resources: [id], Tags: [{ Key: 'team', Value: 'ops' }] }));
    },
    async remove(source) {
      await source.send(new DeleteKeyPairCommand({ KeyName }));
    },
    async read(side) {
      const { KeyPairs = [] } = await side.send(new DescribeKeyPairsCommand({ IncludePublicKey: true }));
      return KeyPairs.map((key) => ({
        name: key.KeyName,
        key: key.PublicKey?.split(' ').slice(0, 2).join(' '),
        team: key.Tags?.find(({ Key }) => Key === 'team')?.Value,
      }));
    },
    made: [{ name: KeyName, key: publicKey(1), team: undefined }],
    changed: [{ name: KeyName, key: publicKey(1), team: 'ops' }],
    // The state was lost before, and the provider cannot take a key over.
    left: [{ name: KeyName, key: publicKey(1), team: 'ops' }],
  };
})();
