import {
  AllocateAddressCommand,
  AssociateAddressCommand,
  CreateNetworkInterfaceCommand,
  DeleteNetworkInterfaceCommand,
  DescribeInstancesCommand,
  DescribeSubnetsCommand,
} from '@aws-sdk/client-ec2';
import { DescribeKeyCommand, DisableKeyCommand, EnableKeyCommand } from '@aws-sdk/client-kms';
import { expect } from 'chai';
import { TAG, vaultNames } from '../../../names';
import { type Estate, makeEstate } from '../../../scripts/demo/estate';
import { DR, SOURCE, Stage, succeeded } from '../../../scripts/demo/stage';

/** What a recovery would fail by, said at rest, with every policy enforced. */
describe('lifeboat preflight', function () {
  this.timeout(300_000);
  let stage: Stage;
  let estate: Estate;
  let run: Record<string, string>;

  const UP = ['up', '--yes', '--skip-preview', '--stack', 'dr'];

  before(async () => {
    stage = await Stage.open();
    const source = stage.ec2(SOURCE);
    estate = await makeEstate(source, stage.kms(SOURCE), SOURCE.account, DR.account);
    const [InstanceId] = Object.values(estate.instances);
    // One more than a new account may have, of which one is used.
    const { AllocationId } = await source.send(new AllocateAddressCommand({ Domain: 'vpc' }));
    await source.send(new AssociateAddressCommand({ AllocationId, InstanceId }));
    for (let number = 0; number < 5; number += 1)
      await stage.ec2(DR).send(new AllocateAddressCommand({ Domain: 'vpc' }));
    await stage.up('vault', { env: stage.root(DR) });
    await stage.up('source', { env: stage.root(SOURCE) });
    await stage.emulator.config({ enforceIam: true });
    run = await stage.role('lifeboat-run');
    succeeded(await stage.pulumi('.', ['stack', 'init', 'dr'], { env: run }));
  });
  after(() => stage?.close());

  it('refuses before anything was accepted', async () => {
    const refused = await stage.lifeboat(['preflight'], { env: run });
    expect(refused.code).to.equal(1);
    expect(refused.stderr).to.contain('no accepted inventory');
  });

  it('names the quotas that a recovery would not fit into, which stop no run at rest', async () => {
    const up = succeeded(await stage.pulumi('.', UP, { env: run }));
    expect(up.stdout + up.stderr)
      .to.contain('a recovery would not fit: EC2-VPC Elastic IPs (ec2/L-0263D0A3): need 6, quota 5')
      .and.contain('Running On-Demand Standard');
    const looked = await stage.lifeboat(['preflight', '--json'], { env: run });
    expect(looked.code).to.equal(1);
    const { problems } = JSON.parse(looked.stdout);
    expect(problems.map(({ what }: { what: string }) => what.slice(0, 60))).to.deep.equal([
      'a recovery would not fit: EC2-VPC Elastic IPs (ec2/L-0263D0A',
      'a recovery would not fit: Running On-Demand Standard (A, C, ',
    ]);
    expect(problems[0].next).to.contain('request-service-quota-increase --service-code ec2');
  });

  it('is content once AWS has given what was asked for', async () => {
    await stage.emulator.config({ quotas: { [DR.account]: { 'L-0263D0A3': 10, 'L-1216C47A': 64 } } });
    const looked = succeeded(await stage.lifeboat(['preflight'], { env: run }));
    expect(looked.stdout).to.contain('Nothing is in the way');
  });

  it('names an address that somebody has taken, and stops at a key that is off: all copies are under it', async () => {
    const ec2 = stage.ec2(DR);
    const { Reservations } = await stage
      .ec2(SOURCE)
      .send(new DescribeInstancesCommand({ InstanceIds: [estate.instances['SHOP-DB'] ?? ''] }));
    const { SubnetId, PrivateIpAddress } = Reservations?.[0]?.Instances?.[0] ?? {};
    const Filters = [{ Name: `tag:${TAG.sourceId}`, Values: [SubnetId ?? ''] }];
    const { Subnets } = await ec2.send(new DescribeSubnetsCommand({ Filters }));
    const { NetworkInterface } = await ec2.send(
      new CreateNetworkInterfaceCommand({
        SubnetId: Subnets?.[0]?.SubnetId,
        PrivateIpAddress,
        Description: 'theirs',
      }),
    );
    const id = NetworkInterface?.NetworkInterfaceId ?? '';
    const taken = await stage.lifeboat(['preflight'], { env: run });
    expect(taken.code).to.equal(1);
    expect(taken.stdout).to.contain(
      `SHOP-DB could not be launched: its address ${PrivateIpAddress} is taken in DR by ${id} of theirs`,
    );
    await ec2.send(new DeleteNetworkInterfaceCommand({ NetworkInterfaceId: id }));
    succeeded(await stage.lifeboat(['preflight'], { env: run }));

    const kms = stage.kms(DR);
    const alias = vaultNames(DR.account, DR.region).keyAlias;
    const { KeyMetadata } = await kms.send(new DescribeKeyCommand({ KeyId: alias }));
    await kms.send(new DisableKeyCommand({ KeyId: KeyMetadata?.KeyId }));
    const off = await stage.lifeboat(['preflight'], { env: run });
    expect(off.code).to.equal(1);
    expect(off.stderr).to.contain("The vault's key").and.contain('aws kms enable-key');
    await kms.send(new EnableKeyCommand({ KeyId: KeyMetadata?.KeyId }));
    succeeded(await stage.lifeboat(['preflight'], { env: run }));
  });
});
