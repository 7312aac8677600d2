import * as sdk from '@aws-sdk/client-ec2';
import { expect } from 'chai';
import { present } from '../../kinds/kind';
import type { Estate } from '../../scripts/demo/estate';
import { DR, SOURCE, type Stage, succeeded } from '../../scripts/demo/stage';
import type { RecoverReport } from '../../scripts/recover/drive';
import { accessKey } from '../emulator/emulator';
import { namedMachines } from './machineFacts';
import { RecoveryWorld } from './recoveryWorld';

/** An account of AWS's own, which alone gives images a licence. */
const AWS = '801119661308';

/** Machines that AWS bills for a licence: none is launched from an image that bills otherwise, and none holds others up. */
describe('machines with a licence, in a recovery', function () {
  this.timeout(600_000);
  let world: RecoveryWorld;
  let stage: Stage;
  let images: Record<'windows' | 'market', string>;
  let windowsInDr: string;

  const running = async () => [...(await namedMachines(stage.ec2(DR))).keys()].sort();
  const PLAIN = ['FILES', 'SHOP-APP', 'SHOP-DB', 'SHOP-WEB'];

  /** An image of AWS's own that everybody may launch. */
  async function publish(region: string, BillingProducts: string[]): Promise<string> {
    const credentials = { accessKeyId: accessKey(AWS), secretAccessKey: 'emulated' };
    const ec2 = new sdk.EC2Client({ region, endpoint: stage.emulator.url, credentials });
    const { VolumeId } = await ec2.send(
      new sdk.CreateVolumeCommand({ AvailabilityZone: `${region}a`, Size: 30, VolumeType: 'gp3' }),
    );
    const { SnapshotId } = await ec2.send(new sdk.CreateSnapshotCommand({ VolumeId }));
    const { ImageId } = await ec2.send(
      new sdk.RegisterImageCommand({
        Name: `of-aws ${BillingProducts.length} ${Date.now()}`,
        Architecture: 'x86_64',
        VirtualizationType: 'hvm',
        EnaSupport: true,
        RootDeviceName: '/dev/sda1',
        BillingProducts,
        BlockDeviceMappings: [{ DeviceName: '/dev/sda1', Ebs: { SnapshotId, VolumeType: 'gp3' } }],
      }),
    );
    const LaunchPermission = { Add: [{ Group: 'all' as const }] };
    await ec2.send(new sdk.ModifyImageAttributeCommand({ ImageId, LaunchPermission }));
    return present(ImageId, 'ImageId');
  }

  async function launch(estate: Estate, name: string, ImageId: string, PrivateIpAddress: string) {
    const ec2 = stage.ec2(SOURCE);
    const { Volumes = [] } = await ec2.send(new sdk.DescribeVolumesCommand({}));
    const KmsKeyId = Volumes.flatMap((volume) => volume.KmsKeyId ?? [])[0];
    const tags = (more: Record<string, string>) =>
      Object.entries({ Name: name, ...more }).map(([Key, Value]) => ({ Key, Value }));
    const { Instances } = await ec2.send(
      new sdk.RunInstancesCommand({
        ImageId,
        MinCount: 1,
        MaxCount: 1,
        InstanceType: 't3.medium',
        SubnetId: estate.subnets['shop-a'],
        SecurityGroupIds: [estate.groups.web],
        PrivateIpAddress,
        BlockDeviceMappings: [
          { DeviceName: '/dev/sda1', Ebs: { VolumeType: 'gp3', Encrypted: true, KmsKeyId } },
          { DeviceName: '/dev/sdf', Ebs: { VolumeType: 'gp3', VolumeSize: 40, Encrypted: true, KmsKeyId } },
        ],
        TagSpecifications: [
          { ResourceType: 'instance', Tags: tags({}) },
          { ResourceType: 'volume', Tags: tags({ MUSTSNAP: 'True' }) },
        ],
      }),
    );
    const id = present(Instances?.[0]?.InstanceId, name);
    const found = await ec2.send(new sdk.DescribeInstancesCommand({ InstanceIds: [id] }));
    const disks = found.Reservations?.[0]?.Instances?.[0]?.BlockDeviceMappings ?? [];
    const root = disks.find(({ DeviceName }) => DeviceName === '/dev/sda1')?.Ebs?.VolumeId ?? '';
    await ec2.send(
      new sdk.CreateTagsCommand({ Resources: [root], Tags: [{ Key: 'SYSDISK', Value: 'True' }] }),
    );
  }

  before(async () => {
    world = await RecoveryWorld.open(async (opened, estate) => {
      stage = opened;
      images = {
        windows: await publish(SOURCE.region, ['bp-windows']),
        market: await publish(SOURCE.region, ['marketplace:abc123', 'marketplace:def456']),
      };
      windowsInDr = await publish(DR.region, ['bp-windows']);
      await launch(estate, 'ERP', images.windows, '10.10.1.50');
      await launch(estate, 'MARKET', images.market, '10.10.1.60');
    });
  });
  after(() => world?.close());

  it('are named at rest, with the way out', async () => {
    const found = await stage.lifeboat(['preflight'], { env: world.run });
    expect(found.code).to.equal(1);
    expect(found.stdout)
      .to.contain('ERP may not be recovered: it runs Windows')
      .and.contain('MARKET may not be recovered: it runs Linux/UNIX (RunInstances), marketplace abc123')
      .and.contain('aws ec2 copy-image');
  });

  it('get an image first, and hold no other machine up', async () => {
    await stage.loseSource();
    await stage.config('recover', 'true');
    const { code, stdout } = await world.up();
    expect(code).to.not.equal(0);
    expect(stdout).to.contain('2 machines are not recovered').and.contain('its image is registered first');
    expect(await running()).to.deep.equal(PLAIN);
    const { Images } = await stage.ec2(DR).send(new sdk.DescribeImagesCommand({ Owners: ['self'] }));
    expect(Images).to.have.length(6);
  });

  it('are launched from it where it bills the same, and from no other', async () => {
    // recover runs once more for what was held: then it is known what the images bill.
    const { code, stdout } = await stage.lifeboat(
      ['recover', '--json', '--confirm', DR.account, '--poll-seconds', '0.5'],
      { env: world.recover },
    );
    expect(code).to.equal(1);
    const report = JSON.parse(stdout) as RecoverReport;
    const machines = report.steps.flatMap((step) => step.machines);
    expect(machines.flatMap(({ name, outcome }) => (outcome === 'ready' ? name : [])).sort()).to.deep.equal(
      [...PLAIN, 'MARKET'].sort(),
    );
    expect(machines.find(({ name }) => name === 'ERP')?.problem)
      .to.contain('would lie about its licence')
      .and.contain('lifeboat:images ERP=ami-');
    expect(report.failures).to.deep.equal([]);
    expect(await running()).to.deep.equal([...PLAIN, 'MARKET'].sort());
    const again = await world.up('--expect-no-changes');
    expect(again.stdout)
      .to.contain('would lie about its licence')
      .and.not.contain('no changes were expected');
  });

  it('are launched from an image that somebody names, with their own data disks', async () => {
    await stage.config('images', `ERP=${windowsInDr}`);
    const { stdout } = succeeded(await world.up());
    expect(stdout).to.contain(`launched from ${windowsInDr}`);
    const erp = present((await namedMachines(stage.ec2(DR))).get('ERP'), 'ERP');
    expect(erp).to.include({
      PlatformDetails: 'Windows',
      UsageOperation: 'RunInstances:0002',
      ImageId: windowsInDr,
    });
    const Filters = [{ Name: 'attachment.instance-id', Values: [erp.InstanceId ?? ''] }];
    const { Volumes = [] } = await stage.ec2(DR).send(new sdk.DescribeVolumesCommand({ Filters }));
    expect(Volumes.map(({ Attachments }) => Attachments?.[0]?.Device).sort()).to.deep.equal([
      '/dev/sda1',
      '/dev/sdf',
    ]);
    const data = Volumes.find(({ Attachments }) => Attachments?.[0]?.Device === '/dev/sdf');
    const lineage = await stage.emulator.lineage();
    expect(lineage[data?.SnapshotId ?? '']?.account).to.equal(SOURCE.account);
    await world.expectNothingToDo();
  });

  it('run on from what they were launched from, whatever is named, or not named any more', async () => {
    await stage.config('images', `MARKET=${windowsInDr}`);
    await world.expectNothingToDo();
  });

  it('are found again when the state is lost', () =>
    world.expectFoundAgain(async () =>
      JSON.stringify(
        [...(await namedMachines(stage.ec2(DR))).values()].map(({ InstanceId }) => InstanceId).sort(),
      ),
    ));

  it('end with the others, and leave the image that was named', async () => {
    await world.ended();
    expect(await running()).to.deep.equal([]);
    const { Images } = await stage.ec2(DR).send(new sdk.DescribeImagesCommand({ ImageIds: [windowsInDr] }));
    expect(Images).to.have.length(1);
  });
});
