import { DeleteAliasCommand, DescribeKeyCommand, DisableKeyCommand } from '@aws-sdk/client-kms';
import { DeleteBucketCommand } from '@aws-sdk/client-s3';
import { expect } from 'chai';
import { vaultNames } from '../../../names';
import { DR, SOURCE, startWorld, type World, writeSettings } from './world';

const { keyAlias, inventoryBucket } = vaultNames(DR.account, DR.region);

describe('commands with bad input', function () {
  this.timeout(60_000);
  let world: World;
  before(async () => {
    world = await startWorld();
    await world.snapshot(await world.volume('MASTER', 1), { Name: 'MASTER' });
    await world.emulator.advance(600);
  });
  after(() => world.stop());
  afterEach(() => writeSettings(world.dir));

  /** Runs a command that must fail with these texts and change nothing in either account. */
  async function refused(argv: string[], texts: string[], as: 'source' | 'dr' = 'dr'): Promise<void> {
    const mutations = () => Promise.all([SOURCE, DR].map(({ account }) => world.mutations(account)));
    const before = await mutations();
    const ran = await world.run(argv, as);
    expect(ran.code).to.equal(1);
    expect(ran.stdout).to.equal('');
    for (const text of texts) expect(ran.stderr).to.contain(text);
    expect(await mutations()).to.deep.equal(before);
  }

  for (const command of ['tag-volumes', 'copy-snapshots', 'stand-down']) {
    it(`${command} refuses a flag that it does not know`, () =>
      refused(
        [command, '--forse'],
        ['unknown', 'got:      --forse', `next:     npx lifeboat ${command} --help`],
      ));

    it(`${command} refuses settings that are missing, malformed or unknown`, async () => {
      writeSettings(world.dir, { drRegion: undefined });
      await refused([command], ['The setting drRegion is missing', 'config set lifeboat:drRegion']);
      writeSettings(world.dir, { sourceAccount: '1234' });
      await refused([command], ['The setting sourceAccount is malformed', 'got:      1234', '12 digits']);
      writeSettings(world.dir, { drAcount: DR.account });
      await refused([command], ['Unknown setting in stack config', 'got:      lifeboat:drAcount']);
      writeSettings(world.dir, { drAccount: SOURCE.account });
      await refused([command], ['The source account and the DR account are the same']);
      await refused([command, '--stack', 'nope'], ['Pulumi.nope.yaml', 'npx lifeboat init --stack nope']);
    });
  }

  it('refuses the credentials of the wrong account', async () => {
    const wrong = (side: string, got: string, expected: string) => [
      `These credentials are not the ${side} account's`,
      `got:      ${got}`,
      `expected: ${expected}`,
      'aws sts get-caller-identity',
    ];
    await refused(['copy-snapshots'], wrong('DR', SOURCE.account, DR.account), 'source');
    await refused(['stand-down'], wrong('DR', SOURCE.account, DR.account), 'source');
    await refused(['tag-volumes'], wrong('source', DR.account, SOURCE.account), 'dr');
  });

  it('refuses a region that does not exist', async () => {
    writeSettings(world.dir, { drRegion: 'eu-nowhere-1' });
    await refused(['copy-snapshots'], ['could not be reached in eu-nowhere-1', 'a region that exists']);
  });

  it('refuses a reader role that does not let it in', async () => {
    writeSettings(world.dir, { externalId: 'another-external-id' });
    await refused(['copy-snapshots'], ['The source account could not be reached', 'external id']);
  });

  it('copies nothing when the list of what is shared breaks off', async () => {
    await world.emulator.rules({
      account: SOURCE.account,
      action: 'DescribeSnapshots',
      error: 'InternalError',
    });
    await refused(['copy-snapshots'], ['InternalError']);
    await world.emulator.clearRules();
  });

  it('refuses a vault that is not there, or whose key is disabled', async () => {
    const { kms, s3 } = world.dr;
    const next = 'npm run pulumi -- -C vault up';
    const { KeyMetadata } = await kms.send(new DescribeKeyCommand({ KeyId: keyAlias }));
    await kms.send(new DisableKeyCommand({ KeyId: KeyMetadata?.KeyId }));
    await refused(
      ['copy-snapshots'],
      [`The vault's key ${keyAlias} cannot be used`, 'got:      Disabled', 'enable-key'],
    );
    await kms.send(new DeleteAliasCommand({ AliasName: keyAlias }));
    await refused(['copy-snapshots'], [`The vault was not found: its key ${keyAlias}`, next]);
    await s3.send(new DeleteBucketCommand({ Bucket: inventoryBucket }));
    await refused(['copy-snapshots', '--dry-run'], ['The vault was not found', next]);
  });
});
