import {
  AuthorizeSecurityGroupEgressCommand,
  AuthorizeSecurityGroupIngressCommand,
  DescribeSecurityGroupRulesCommand,
  DescribeSubnetsCommand,
  RevokeSecurityGroupIngressCommand,
} from '@aws-sdk/client-ec2';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { expect } from 'chai';
import { VAULT_KEY, vaultNames } from '../../names';
import { type Estate, makeEstate } from '../../scripts/demo/estate';
import { DR, SOURCE, Stage } from '../../scripts/demo/stage';
import { comparable, expectMirrored } from './network';

const { inventoryBucket } = vaultNames(DR.account, DR.region);
const UP = ['up', '--yes', '--skip-preview', '--stack', 'dr'];

describe('the mirror, on the real engine and provider', function () {
  this.timeout(300_000);
  let stage: Stage;
  let estate: Estate;
  let run: Record<string, string>;

  before(async () => {
    stage = await Stage.open();
    estate = await makeEstate(stage.ec2(SOURCE), stage.kms(SOURCE), SOURCE.account, DR.account);
    await stage.up('vault');
    await stage.up('source', { env: stage.root(SOURCE) });
    run = await stage.role('lifeboat-run');
  });
  after(() => stage?.close());

  const mirrored = () => expectMirrored(stage.ec2(SOURCE), stage.ec2(DR));
  const runs = async (...args: string[]) => {
    const finished = await stage.pulumi('.', args, { env: run });
    expect(finished.code, finished.stdout + finished.stderr).to.equal(0);
    return finished.stdout;
  };
  it('creates in DR what the source has, and makes no changing call in the source', async () => {
    const before = await stage.emulator.state();
    const output = (await stage.up('.', { env: run })).stdout;
    expect(output).to.match(/\+ \d\d created/);
    await mirrored();
    const { calls } = await stage.emulator.state();
    const changing = Object.keys(calls).filter(
      (call) =>
        call.startsWith(`${SOURCE.account}/`) &&
        (calls[call] ?? 0) > (before.calls[call] ?? 0) &&
        !/\/(Describe|Get|List)\w*$/.test(call),
    );
    expect(changing).to.deep.equal([]);
    expect(
      Object.keys(calls).some((call) => call.startsWith(`${SOURCE.account}/${SOURCE.region}/ec2/Describe`)),
    ).to.equal(true);
  });

  it('changes nothing when it runs again, nor finds a difference after a refresh', async () => {
    await runs(...UP, '--expect-no-changes');
    await runs('preview', '--refresh', '--stack', 'dr', '--expect-no-changes');
  });

  it('writes the accepted inventory into the vault', async () => {
    const Key = VAULT_KEY.inventory('dr');
    const { Body } = await stage.s3(DR).send(new GetObjectCommand({ Bucket: inventoryBucket, Key }));
    const inventory = JSON.parse((await Body?.transformToString()) ?? '');
    expect(inventory).to.include({ account: SOURCE.account, region: SOURCE.region, version: 2 });
    expect(inventory.kinds.instance.map(({ id }: { id: string }) => id)).to.have.members(
      Object.values(estate.instances),
    );
  });

  it('brings an outbound rule and an IPv6 rule over', async () => {
    const source = stage.ec2(SOURCE);
    const { db, files } = estate.groups;
    const https = { IpProtocol: 'tcp', FromPort: 443, ToPort: 443 };
    await source.send(
      new AuthorizeSecurityGroupEgressCommand({
        GroupId: db,
        IpPermissions: [{ ...https, IpRanges: [{ CidrIp: '10.20.0.0/16', Description: 'backups' }] }],
      }),
    );
    await source.send(
      new AuthorizeSecurityGroupIngressCommand({
        GroupId: files,
        IpPermissions: [{ ...https, Ipv6Ranges: [{ CidrIpv6: '2001:db8::/32', Description: 'the office' }] }],
      }),
    );
    expect(await runs(...UP)).to.match(/\+ 2 created/);
    await mirrored();
  });

  it('holds a rule that was removed in the source, and lets it go when removals are followed', async () => {
    const source = stage.ec2(SOURCE);
    const rules = await source.send(
      new DescribeSecurityGroupRulesCommand({ Filters: [{ Name: 'group-id', Values: [estate.groups.db] }] }),
    );
    const inbound = rules.SecurityGroupRules?.find((rule) => !rule.IsEgress)?.SecurityGroupRuleId ?? '';
    await source.send(
      new RevokeSecurityGroupIngressCommand({ GroupId: estate.groups.db, SecurityGroupRuleIds: [inbound] }),
    );
    expect(await runs(...UP)).to.contain(`security-group-rule: 1 gone from the source and held: ${inbound}`);
    const held = await stage.ec2(DR).send(
      new DescribeSecurityGroupRulesCommand({
        Filters: [{ Name: 'tag:lifeboat:source-id', Values: [inbound] }],
      }),
    );
    expect(held.SecurityGroupRules).to.have.length(1);
    await stage.config('removals', 'follow');
    expect(await runs(...UP)).to.match(/- 1 deleted/);
    await mirrored();
  });

  it('writes the accepted inventory again when the vault has lost it', async () => {
    const at = { Bucket: inventoryBucket, Key: VAULT_KEY.inventory('dr') };
    await stage.s3(DR).send(new DeleteObjectCommand(at));
    await runs(...UP);
    await stage.s3(DR).send(new HeadObjectCommand(at));
    await runs(...UP, '--expect-no-changes');
  });

  it('moves a zone by setting, and keeps it moved', async () => {
    await stage.config('zones', 'euw1-az1=euc1-az2');
    expect((await runs(...UP)).match(/aws:ec2:Subnet \S+ replaced/g)).to.have.length(2);
    const { Subnets = [] } = await stage.ec2(DR).send(new DescribeSubnetsCommand({}));
    const moved = Subnets.filter(({ Tags }) => Tags?.some(({ Value }) => Value === estate.subnets['shop-a']));
    expect(moved.map(({ AvailabilityZoneId }) => AvailabilityZoneId)).to.deep.equal(['euc1-az2']);
    await runs(...UP, '--expect-no-changes');
    await stage.config('zones', 'euw1-az1=euc1-az1');
    await runs(...UP);
    await mirrored();
  });

  it('adopts everything when its state is lost, and doubles nothing', async () => {
    await runs('stack', 'rm', '--force', '--yes', '--preserve-config', '--stack', 'dr');
    await stage.up('.', { env: run });
    await mirrored();
    await runs(...UP, '--expect-no-changes');
  });

  it('works from the accepted inventory when the source cannot be reached, but only when it is told to', async () => {
    await stage.loseSource();
    const refused = await stage.pulumi('.', UP, { env: run });
    expect(refused.code).to.not.equal(0);
    expect(refused.stdout).to.contain('lifeboat:inventory saved');
    await stage.config('inventory', 'saved');
    await runs(...UP, '--expect-no-changes');
    await stage.emulator.clearRules();
  });

  it('leaves the vault, the inventory and every copy when its stack is destroyed', async () => {
    const s3 = stage.s3(DR);
    await s3.send(
      new PutObjectCommand({ Bucket: inventoryBucket, Key: 'manifests/snap-1.json', Body: '{}' }),
    );
    expect(await runs('destroy', '--yes', '--skip-preview', '--stack', 'dr')).to.match(/- \d\d deleted/);
    expect((await comparable(stage.ec2(DR), 'DR')).vpcs).to.deep.equal([]);
    await s3.send(new HeadBucketCommand({ Bucket: vaultNames(DR.account, DR.region).stateBucket }));
    for (const Key of [VAULT_KEY.inventory('dr'), 'manifests/snap-1.json'])
      await s3.send(new HeadObjectCommand({ Bucket: inventoryBucket, Key }));
  });
});
