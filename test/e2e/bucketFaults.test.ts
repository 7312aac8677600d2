import { CreateVpcCommand, DescribeVpcsCommand } from '@aws-sdk/client-ec2';
import * as sdk from '@aws-sdk/client-s3';
import { expect } from 'chai';
import { DR, SOURCE, Stage, succeeded } from '../../scripts/demo/stage';
import { bucketsOf, makeBucket, setUpOf } from './subjects/buckets';

const UP = ['up', '--yes', '--skip-preview', '--stack', 'dr'];
const OUTSIDER = { account: '333333333333', region: DR.region };
const TAKEN = `maps-${DR.account}`;

describe('buckets that cannot be mirrored as they are', function () {
  this.timeout(300_000);
  let stage: Stage;
  let run: Record<string, string>;
  let source: sdk.S3Client;
  let dr: sdk.S3Client;

  before(async () => {
    stage = await Stage.open();
    [source, dr] = [stage.s3(SOURCE), stage.s3(DR)];
    await stage.up('vault');
    await stage.up('source', { env: stage.root(SOURCE) });
    await stage.emulator.config({ enforceIam: true });
    run = await stage.role('lifeboat-run');
    succeeded(await stage.pulumi('.', ['stack', 'init', 'dr'], { env: run }));
    await stage.config('guardShare', '100');
  });
  after(() => stage?.close());

  const up = () => stage.pulumi('.', UP, { env: run });
  const refused = async (...words: string[]) => {
    const { code, stdout, stderr } = await up();
    expect(code, stdout).to.not.equal(0);
    for (const each of words) expect(stdout + stderr).to.contain(each);
    expect(await bucketsOf(dr)).to.deep.equal([]);
  };

  const statusOf = async (code: string) => {
    const { stdout } = await stage.lifeboat(['status', '--json'], { env: run });
    const { problems } = JSON.parse(stdout) as { problems: { code: string; what: string }[] };
    return problems.filter((each) => each.code === code);
  };

  it('cost themselves alone where somebody else has the name: the run goes on, and status tells of it', async () => {
    await makeBucket(source, 'maps');
    await makeBucket(stage.s3(OUTSIDER), TAKEN, OUTSIDER.region);
    await stage.ec2(SOURCE).send(new CreateVpcCommand({ CidrBlock: '10.9.0.0/16' }));
    const { stdout } = succeeded(await up());
    for (const each of [
      'The bucket maps is NOT mirrored',
      TAKEN,
      'config set lifeboat:buckets maps=OTHER-NAME',
      'bucket-versioning/maps',
    ])
      expect(stdout).to.contain(each);
    expect(await bucketsOf(dr)).to.deep.equal([]);
    const { Vpcs = [] } = await stage.ec2(DR).send(new DescribeVpcsCommand({}));
    expect(Vpcs.filter(({ CidrBlock }) => CidrBlock === '10.9.0.0/16')).to.have.length(1);
    expect(await statusOf('bucket-name')).to.have.length(1);
    expect((await statusOf('bucket-name'))[0]?.what).to.contain(`${TAKEN}, is taken by another account`);
  });

  it('cost no more in a recovery', async () => {
    await stage.config('recover', 'true');
    const env = await stage.role('lifeboat-recover');
    const { stdout } = succeeded(await stage.pulumi('.', UP, { env }));
    expect(stdout).to.contain('The bucket maps is NOT mirrored');
    // A recovery that was begun is ended by that alone, also where it had no machine.
    succeeded(await stage.lifeboat(['stand-down', '--confirm', DR.account], { env }));
    expect(await bucketsOf(dr)).to.deep.equal([]);
  });

  it('stop it where their own policy keeps the reader out, until they are left out', async () => {
    await makeBucket(source, 'letters');
    await stage.config('buckets', 'maps=the-maps-of-dr');
    const denial = {
      Effect: 'Deny',
      Principal: '*',
      Action: 's3:Get*',
      Resource: ['arn:aws:s3:::letters', 'arn:aws:s3:::letters/*'],
      Condition: { ArnNotEquals: { 'aws:PrincipalArn': `arn:aws:iam::${SOURCE.account}:role/clerk` } },
    };
    const Policy = JSON.stringify({ Version: '2012-10-17', Statement: [denial] });
    await source.send(new sdk.PutBucketPolicyCommand({ Bucket: 'letters', Policy }));
    await refused(
      `The bucket letters of ${SOURCE.account} could not be looked up`,
      'config set lifeboat:bucketsExcept letters',
    );
    await stage.config('bucketsExcept', 'letters');
  });

  it('are made under the name that is set once the vault knows it too, and keep it', async () => {
    await refused('s3:CreateBucket');
    const set = ['config', 'set', 'lifeboat-vault:buckets', 'maps=the-maps-of-dr', '--stack', 'dr'];
    succeeded(await stage.pulumi('vault', set));
    await stage.up('vault');
    succeeded(await up());
    expect(await bucketsOf(dr)).to.deep.equal(['the-maps-of-dr']);
    expect(await statusOf('bucket-name')).to.deep.equal([]);
    succeeded(await stage.pulumi('.', [...UP, '--expect-no-changes'], { env: run }));
  });

  it('get a new bucket for a new name, and DR keeps the one before', async () => {
    await stage.config('buckets', 'maps=maps-of-dr');
    succeeded(
      await stage.pulumi('vault', [
        'config',
        'set',
        'lifeboat-vault:buckets',
        'maps=maps-of-dr',
        '--stack',
        'dr',
      ]),
    );
    await stage.up('vault');
    const { stdout } = succeeded(await up());
    expect(await bucketsOf(dr)).to.deep.equal(['maps-of-dr', 'the-maps-of-dr']);
    expect(stdout).to.contain('bucket/maps is not mirrored to the-maps-of-dr now; DR keeps that');
    for (const name of await bucketsOf(dr))
      expect(await setUpOf(dr, name)).to.deep.include({
        versioning: 'Enabled',
        block: [true, true, true, true],
      });
    succeeded(await stage.pulumi('.', [...UP, '--expect-no-changes'], { env: run }));
  });

  it('do without a policy that is too long for AWS in terms of DR', async () => {
    const statements = Array.from({ length: 120 }, (_, index) => ({
      Sid: `number${index}`,
      Effect: 'Allow',
      Principal: { AWS: `arn:aws:iam::${SOURCE.account}:role/lifeboat-reader` },
      Action: 's3:GetObject',
      Resource: 'arn:aws:s3:::maps/*',
    }));
    const Policy = JSON.stringify({ Version: '2012-10-17', Statement: statements });
    expect(Policy.length).to.be.below(20_480);
    await source.send(new sdk.PutBucketPolicyCommand({ Bucket: 'maps', Policy }));
    const { stdout } = succeeded(await up());
    expect(stdout).to.match(/bucket-policy\/maps: in DR's terms it has \d+ bytes/);
    expect((await setUpOf(dr, 'maps-of-dr')).policy).to.equal(undefined);
  });
});
