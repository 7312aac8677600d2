import { CreateSecurityGroupCommand, CreateSubnetCommand, CreateVpcCommand } from '@aws-sdk/client-ec2';
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { expect } from 'chai';
import { VAULT_KEY, vaultNames } from '../../names';
import { DR, SOURCE, Stage, succeeded } from '../../scripts/demo/stage';

const { inventoryBucket: Bucket } = vaultNames(DR.account, DR.region);
const VPCS = 'L-F678F1CE';
const GROUPS = 'L-E79EC296';
const UP = ['up', '--yes', '--skip-preview', '--stack', 'dr'];
const READS = /\/(Describe|Get|List|Head|AssumeRole)\w*$/;

describe('a plan that does not fit into the DR account', function () {
  this.timeout(300_000);
  let stage: Stage;

  before(async () => {
    stage = await Stage.open();
    const source = stage.ec2(SOURCE);
    for (const [name, cidr] of [
      ['shop', '10.10'],
      ['office', '10.20'],
    ]) {
      const { Vpc } = await source.send(new CreateVpcCommand({ CidrBlock: `${cidr}.0.0/16` }));
      const VpcId = Vpc?.VpcId;
      await source.send(new CreateSubnetCommand({ VpcId, CidrBlock: `${cidr}.1.0/24` }));
      await source.send(new CreateSecurityGroupCommand({ VpcId, GroupName: name, Description: 'machines' }));
    }
    await stage.up('source', { env: stage.root(SOURCE) });
    const place = { LocationConstraint: DR.region };
    await stage.s3(DR).send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration: place }));
    succeeded(await stage.pulumi('.', ['stack', 'init', 'dr']));
  });
  after(() => stage?.close());

  const quotas = (own: Record<string, number>) => stage.emulator.config({ quotas: { [DR.account]: own } });

  /** Runs for real, and asserts that it refused with these words and made no changing call anywhere. */
  async function refused(...words: string[]): Promise<void> {
    const { calls: before } = await stage.emulator.state();
    const finished = await stage.pulumi('.', UP);
    const { calls } = await stage.emulator.state();
    expect(finished.code, finished.stdout).not.to.equal(0);
    for (const word of words) expect(finished.stdout).to.contain(word);
    const changed = Object.keys(calls).filter((call) => calls[call] !== before[call] && !READS.test(call));
    expect(changed).to.deep.equal([]);
  }

  it('is refused before anything is made, with quota, need and value, and with how to ask for more', async () => {
    // The default VPC of DR, with its default group, counts too.
    await quotas({ [VPCS]: 2, [GROUPS]: 4 });
    await refused(
      `VPCs per Region (vpc/${VPCS}): need 3, quota 2`,
      `VPC security groups per Region (vpc/${GROUPS}): need 5, quota 4`,
      `aws service-quotas request-service-quota-increase --service-code vpc --quota-code ${VPCS} --desired-value 3 --region ${DR.region}`,
    );
  });

  it('is refused in a preview', async () => {
    const preview = await stage.pulumi('.', ['preview', '--stack', 'dr']);
    expect(preview.code).not.to.equal(0);
    expect(preview.stdout).to.contain(`VPCs per Region (vpc/${VPCS}): need 3, quota 2`);
  });

  it('is refused while the quotas cannot be read', async () => {
    const message = 'User: x is not authorized to perform: servicequotas:ListServiceQuotas';
    const error = 'AccessDeniedException';
    await stage.emulator.rules({ account: DR.account, action: 'ListServiceQuotas', error, message });
    await refused('What the DR account may hold could not be looked up', message);
    await stage.emulator.clearRules();
  });

  it('goes through once there is room, exactly', async () => {
    await quotas({ [VPCS]: 3, [GROUPS]: 5 });
    succeeded(await stage.pulumi('.', UP));
  });

  it('does not matter any more when all of it is there', async () => {
    await quotas({ [VPCS]: 1, [GROUPS]: 1 });
    succeeded(await stage.pulumi('.', [...UP, '--expect-no-changes']));
  });

  it('is refused with a subnet whose range lies outside of its VPC', async () => {
    await quotas({});
    const object = { Bucket, Key: VAULT_KEY.inventory('dr') };
    const { Body } = await stage.s3(DR).send(new GetObjectCommand(object));
    const accepted = (await Body?.transformToString()) ?? '';
    expect(accepted).to.contain('10.20.1.0/24');
    const doctored = accepted.replaceAll('10.20.1.0/24', '10.30.1.0/24');
    await stage.s3(DR).send(new PutObjectCommand({ ...object, Body: doctored }));
    await stage.config('inventory', 'saved');
    await refused('lies outside of vpc/', '10.30.1.0/24; expected a range within 10.20.0.0/16');
  });
});
