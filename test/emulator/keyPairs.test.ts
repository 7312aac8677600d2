import {
  CreateKeyPairCommand,
  CreatePlacementGroupCommand,
  type CreatePlacementGroupCommandInput,
  DeleteKeyPairCommand,
  DeletePlacementGroupCommand,
  DescribeKeyPairsCommand,
  DescribePlacementGroupsCommand,
  ImportKeyPairCommand,
  RunInstancesCommand,
} from '@aws-sdk/client-ec2';
import { expect } from 'chai';
import {
  Clients,
  HERE,
  must,
  newAccount,
  newImage,
  newNetwork,
  newSnapshot,
  refusal,
  tagged,
  useEmulator,
} from './support';

// Made with ssh-keygen; the fingerprints are those of `ssh-keygen -l` and of `openssl pkey -outform DER | md5sum`.
const ED25519 = 'AAAAC3NzaC1lZDI1NTE5AAAAIDadCVteiOhGsxFTIiKBdTu/O/tT6cooSXHCLxvmo5ry';
const RSA = [
  'AAAAB3NzaC1yc2EAAAADAQABAAABAQCUHOyarmZ9LYyLSUSqwtobwRgEBzAJGGHs4Y5oBcaH8kLapWnpCWlyjJ57fU1hlLlA',
  'NUxXL4RF2RFjnwlMa5mBsWvwOcpHbLyz2oLYvudpKjlvT3QMHsl5FM6cgMT/s6SdgQz8fcFTXTeVNpmKd4wz7oSVYwrqJqm9',
  '4yHR6WTj3Nth3MboBaCi36lL7WONN6Rq/QgOJuiJW+XTiJs9cRfb9mOCi3bSl5lMjwjLjgz3yy0drr56E7WOL+js2EXqwksz',
  'tzBiZeVePENSB++jKVTtyeLEmtOQE1+0WX5c86hR9GkR8tUBIvKS4ZBu2wDJXuO3Evnyw8r2N13IzSq0WTD3',
].join('');

describe('emulator: key pairs and placement groups', () => {
  const emulator = useEmulator();
  let mine: Clients;

  beforeEach(() => {
    mine = new Clients(emulator().url, newAccount(), HERE);
  });

  const load = (KeyName: string, text: string) => {
    const TagSpecifications = tagged('key-pair', { owner: 'lifeboat' });
    const PublicKeyMaterial = new TextEncoder().encode(text);
    return mine.ec2.send(new ImportKeyPairCommand({ KeyName, PublicKeyMaterial, TagSpecifications }));
  };

  it('an imported key has the fingerprint that AWS and OpenSSH give it', async () => {
    expect((await load('ed', `ssh-ed25519 ${ED25519} me@example.com`)).KeyFingerprint).to.equal(
      'JqDaMuG9BevHVOCFX+Qoj+H6lkyD2S6Qj4w2nauq6Bg=',
    );
    expect((await load('rsa', `ssh-rsa ${RSA}`)).KeyFingerprint).to.equal(
      '04:1d:eb:48:65:a6:01:f5:66:61:ac:95:0b:6b:8d:f1',
    );
    expect(await refusal(load('bad', 'ssh-rsa nonsense'))).to.equal('InvalidKey.Format');
  });

  it('the public key is answered only to who asks for it; a name is used once', async () => {
    await load('ed', `ssh-ed25519 ${ED25519} me@example.com`);
    expect(await refusal(load('ed', `ssh-ed25519 ${ED25519}`))).to.equal('InvalidKeyPair.Duplicate');
    const read = async (IncludePublicKey: boolean) =>
      must(
        (await mine.ec2.send(new DescribeKeyPairsCommand({ KeyNames: ['ed'], IncludePublicKey })))
          .KeyPairs?.[0],
      );
    expect((await read(false)).PublicKey).to.equal(undefined);
    const pair = await read(true);
    expect(pair.PublicKey).to.equal(`ssh-ed25519 ${ED25519} me@example.com`);
    expect(pair).to.deep.include({ KeyType: 'ed25519', Tags: [{ Key: 'owner', Value: 'lifeboat' }] });
    await mine.ec2.send(new DeleteKeyPairCommand({ KeyPairId: pair.KeyPairId }));
    expect(await refusal(read(true))).to.equal('InvalidKeyPair.NotFound');
    expect(await refusal(mine.ec2.send(new DeleteKeyPairCommand({ KeyName: 'ed' })))).to.equal('none');
  });

  it('a key that AWS makes is handed out once, under the SHA-1 of its private half', async () => {
    const made = await mine.ec2.send(new CreateKeyPairCommand({ KeyName: 'made' }));
    expect(made.KeyMaterial).to.contain('PRIVATE KEY');
    expect(made.KeyFingerprint).to.match(/^([0-9a-f]{2}:){19}[0-9a-f]{2}$/);
  });

  const group = (input: Omit<CreatePlacementGroupCommandInput, 'GroupName'> = { Strategy: 'cluster' }) =>
    mine.ec2.send(new CreatePlacementGroupCommand({ GroupName: 'g', ...input }));

  it('a placement group has a strategy, and only what belongs to it', async () => {
    expect(await refusal(group({ Strategy: 'cluster', PartitionCount: 2 }))).to.equal(
      'InvalidParameterCombination',
    );
    expect(await refusal(group({ Strategy: 'partition', PartitionCount: 8 }))).to.equal(
      'InvalidParameterValue',
    );
    const TagSpecifications = tagged('placement-group', { owner: 'lifeboat' });
    await group({ Strategy: 'partition', PartitionCount: 3, TagSpecifications });
    const seen = await mine.ec2.send(new DescribePlacementGroupsCommand({ GroupNames: ['g'] }));
    const [made] = must(seen.PlacementGroups);
    expect(made).to.include({ Strategy: 'partition', PartitionCount: 3, State: 'available' });
    expect(made?.GroupId).to.match(/^pg-[0-9a-f]{17}$/);
    expect(made?.Tags).to.deep.equal([{ Key: 'owner', Value: 'lifeboat' }]);
  });

  it('its name is used once; it is unknown when it is not there, and kept while a machine is in it', async () => {
    await group();
    expect(await refusal(group())).to.equal('InvalidPlacementGroup.Duplicate');
    const { subnet } = await newNetwork(mine);
    const ImageId = await newImage(mine, await newSnapshot(mine));
    const run = (GroupName: string) => {
      const input = {
        ImageId,
        InstanceType: 'm5.large' as const,
        MinCount: 1,
        MaxCount: 1,
        SubnetId: subnet,
      };
      return refusal(mine.ec2.send(new RunInstancesCommand({ ...input, Placement: { GroupName } })));
    };
    expect(await run('none')).to.equal('InvalidPlacementGroup.Unknown');
    expect(await run('g')).to.equal('none');
    const remove = (GroupName: string) =>
      refusal(mine.ec2.send(new DeletePlacementGroupCommand({ GroupName })));
    expect(await remove('g')).to.equal('InvalidPlacementGroup.InUse');
    expect(await remove('none')).to.equal('InvalidPlacementGroup.Unknown');
  });
});
