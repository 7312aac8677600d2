import { CreateTagsCommand, DescribeVolumesCommand } from '@aws-sdk/client-ec2';
import { CreateBucketCommand, DeleteObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { expect } from 'chai';
import { VAULT_KEY, vaultNames } from '../../names';
import { type Estate, makeEstate } from '../../scripts/demo/estate';
import { DR, SOURCE, Stage, succeeded } from '../../scripts/demo/stage';

const { inventoryBucket } = vaultNames(DR.account, DR.region);
const READS = /\/(Describe|Get|List|Head|AssumeRole)\w*$/;

describe('what the program refuses, on the real engine, before it changes anything', function () {
  this.timeout(120_000);
  let stage: Stage;
  let estate: Estate;

  before(async () => {
    stage = await Stage.open();
    estate = await makeEstate(stage.ec2(SOURCE), stage.kms(SOURCE), SOURCE.account, DR.account);
    succeeded(await stage.pulumi('.', ['stack', 'init', 'dr']));
  });
  after(() => stage?.close());

  /** Runs the program for real, and asserts that it refused with these words and made no changing call anywhere. */
  async function refused(words: string[], env?: Record<string, string>): Promise<void> {
    const { calls: before } = await stage.emulator.state();
    const finished = await stage.pulumi('.', ['up', '--yes', '--skip-preview', '--stack', 'dr'], { env });
    const { calls } = await stage.emulator.state();
    expect(finished.code, finished.stdout).to.not.equal(0);
    for (const word of words) expect(finished.stdout).to.contain(word);
    const changed = Object.keys(calls).filter((call) => calls[call] !== before[call] && !READS.test(call));
    expect(changed).to.deep.equal([]);
  }

  /** Sets a setting for one test; its value before is put back. */
  async function withSetting(key: string, value: string, work: () => Promise<void>): Promise<void> {
    const before = await stage.pulumi('.', ['config', 'get', `lifeboat:${key}`, '--stack', 'dr']);
    await stage.config(key, value);
    try {
      await work();
    } finally {
      if (before.code === 0) await stage.config(key, before.stdout.trim());
      else succeeded(await stage.pulumi('.', ['config', 'rm', `lifeboat:${key}`, '--stack', 'dr']));
    }
  }

  it('a setting that it does not know', () =>
    withSetting('recovre', 'true', () => refused(['Unknown setting', 'lifeboat:recovre', 'config rm'])));

  it('a setting that is malformed', () =>
    withSetting('drAccount', '2222', () => refused(['The setting drAccount is malformed', '12 digits'])));

  it('a source that is the DR account', () =>
    withSetting('sourceAccount', DR.account, () => refused(['are the same', 'two accounts'])));

  it('credentials of the wrong account', () =>
    refused(["are not the DR account's", SOURCE.account, 'aws sts get-caller-identity'], {
      ...stage.root(SOURCE),
      AWS_REGION: DR.region,
    }));

  it('a DR region that does not exist', () =>
    withSetting('drRegion', 'eu-nowhere-9', () => refused(['could not be reached in eu-nowhere-9'])));

  it('a vault that is not there', () => refused(['The vault is not there', inventoryBucket, '-C vault up']));

  describe('with a vault', () => {
    before(() =>
      stage.s3(DR).send(
        new CreateBucketCommand({
          Bucket: inventoryBucket,
          CreateBucketConfiguration: { LocationConstraint: DR.region },
        }),
      ),
    );

    it('a reader role that it may not assume', () =>
      refused(['The source account could not be reached', 'lifeboat-reader', 'lifeboat:inventory saved']));

    it('a recovery before any inventory was accepted', () =>
      withSetting('recover', 'true', () => refused(['There is no accepted inventory'])));

    it('an accepted inventory that is truncated', async () => {
      const Key = VAULT_KEY.inventory('dr');
      await stage
        .s3(DR)
        .send(new PutObjectCommand({ Bucket: inventoryBucket, Key, Body: '{"format":"lifeb' }));
      await refused(['is damaged', 'list-object-versions']);
    });

    it('an accepted inventory of a newer program', async () => {
      const Body = JSON.stringify({ format: 'lifeboat-inventory', version: 99 });
      await stage
        .s3(DR)
        .send(new PutObjectCommand({ Bucket: inventoryBucket, Key: VAULT_KEY.inventory('dr'), Body }));
      await refused(['is of a newer version', '99', 'git pull']);
    });

    it('an accepted inventory of another account', async () => {
      const Body = JSON.stringify({
        format: 'lifeboat-inventory',
        version: 1,
        account: '333333333333',
        region: SOURCE.region,
        zones: {},
        gone: [],
        kinds: {},
      });
      await stage
        .s3(DR)
        .send(new PutObjectCommand({ Bucket: inventoryBucket, Key: VAULT_KEY.inventory('dr'), Body }));
      await refused(['is of another account', '333333333333']);
    });
  });

  describe('with a way into the source', () => {
    before(async () => {
      await stage.up('source', { env: stage.root(SOURCE) });
      await stage
        .s3(DR)
        .send(new DeleteObjectCommand({ Bucket: inventoryBucket, Key: VAULT_KEY.inventory('dr') }));
    });

    const retag = (id: string, Key: string, Value: string) =>
      stage.ec2(SOURCE).send(new CreateTagsCommand({ Resources: [id], Tags: [{ Key, Value }] }));

    it('a look-up that fails on one page', async () => {
      await stage.emulator.rules({
        account: SOURCE.account,
        action: 'DescribeSecurityGroupRules',
        error: 'UnauthorizedOperation',
        status: 403,
      });
      await refused(['The look-up of "Security group rule" failed', 'ec2:DescribeSecurityGroupRules']);
      await stage.emulator.clearRules();
    });

    it('an external id that is not the one agreed on', () =>
      withSetting('externalId', 'not-the-one-agreed', () => refused(['check the role', 'its external id'])));

    it('two machines of one Name', async () => {
      await retag(estate.instances['SHOP-APP'] ?? '', 'Name', 'SHOP-DB');
      await refused(['share one Name', 'SHOP-DB: ']);
      await retag(estate.instances['SHOP-APP'] ?? '', 'Name', 'SHOP-APP');
    });

    it('a system disk without its tag', async () => {
      const { Volumes = [] } = await stage
        .ec2(SOURCE)
        .send(new DescribeVolumesCommand({ Filters: [{ Name: 'tag:Name', Values: ['SHOP-APP'] }] }));
      const disk = Volumes[0]?.VolumeId ?? '';
      await retag(disk, 'MUSTSNAP', 'False');
      await refused(['The system disk of SHOP-APP is not tagged', 'npx lifeboat tag-volumes']);
      await retag(disk, 'MUSTSNAP', 'True');
    });

    it('a source of which it cannot be found out whether it manages the organization of DR', async () => {
      await stage.emulator.rules({
        action: 'DescribeOrganization',
        error: 'ServiceException',
        status: 400,
        times: 20,
      });
      await refused(['Whether the source manages the organization', 'organizations:DescribeOrganization']);
      await stage.emulator.clearRules();
    });
  });
});
