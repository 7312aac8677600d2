import {
  DeleteSnapshotCommand,
  DescribeInstancesCommand,
  DescribeSnapshotsCommand,
  DescribeSubnetsCommand,
  RegisterImageCommand,
  RunInstancesCommand,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2';
import { expect } from 'chai';
import { present, tagRecord } from '../../../kinds/kind';
import { TAG } from '../../../names';
import { DR, type Finished, type Stage } from '../../../scripts/demo/stage';
import type { MachineReport, RecoverReport } from '../../../scripts/recover/drive';
import { RecoveryWorld } from '../recoveryWorld';

/** In the demo's estate. */
const ADDRESS = { 'SHOP-WEB': '10.10.1.10', FILES: '10.20.1.40' } as const;

/** AWS's limit of the vCPUs of standard machines. */
const VCPUS = 'L-1216C47A';

/** What AWS does to machines on the day, each promised: the others run, the report says why one does not, and once it is mended a second run goes on. */
describe('lifeboat recover, where AWS fails it', function () {
  this.timeout(900_000);
  let world: RecoveryWorld;
  let stage: Stage;

  const recover = (): Promise<Finished> =>
    stage.lifeboat(
      ['recover', '--confirm', DR.account, '--poll-seconds', '0.5', '--gate-minutes', '0.1', '--json'],
      { env: world.recover },
    );
  const machines = async (code: number): Promise<Record<string, MachineReport>> => {
    const finished = await recover();
    expect(finished.code, finished.stdout + finished.stderr).to.equal(code);
    const { steps } = JSON.parse(finished.stdout) as RecoverReport;
    return Object.fromEntries(
      steps.flatMap((step) => step.machines.map((machine) => [machine.name, machine])),
    );
  };
  const running = async (): Promise<string[]> => {
    const { Reservations = [] } = await stage.ec2(DR).send(new DescribeInstancesCommand({}));
    return Reservations.flatMap(({ Instances = [] }) => Instances)
      .filter(({ State, Tags }) => State?.Name === 'running' && tagRecord(Tags)[TAG.sourceId])
      .map(({ Tags }) => tagRecord(Tags).Name ?? '')
      .sort();
  };

  before(async () => {
    world = await RecoveryWorld.open(async (opened) => {
      stage = opened;
    });
    await stage.loseSource();
  });
  after(() => world?.close());

  /** @returns a machine of DR's own people that has an address which one of the mirror's has in the source */
  async function take(address: string): Promise<string> {
    const ec2 = stage.ec2(DR);
    const { Subnets = [] } = await ec2.send(new DescribeSubnetsCommand({}));
    const subnet = Subnets.find(({ CidrBlock }) => CidrBlock?.startsWith(address.replace(/\d+$/, '')));
    const { Snapshots = [] } = await ec2.send(new DescribeSnapshotsCommand({ OwnerIds: ['self'] }));
    const { ImageId } = await ec2.send(
      new RegisterImageCommand({
        Name: 'theirs',
        Architecture: 'x86_64',
        VirtualizationType: 'hvm',
        EnaSupport: true,
        RootDeviceName: '/dev/xvda',
        BlockDeviceMappings: [{ DeviceName: '/dev/xvda', Ebs: { SnapshotId: Snapshots[0]?.SnapshotId } }],
      }),
    );
    const { Instances } = await ec2.send(
      new RunInstancesCommand({
        ImageId,
        InstanceType: 't3.small',
        MinCount: 1,
        MaxCount: 1,
        SubnetId: subnet?.SubnetId,
        PrivateIpAddress: address,
      }),
    );
    return present(Instances?.[0]?.InstanceId, 'InstanceId');
  }

  async function deleteCopiesOf(name: string): Promise<void> {
    const ec2 = stage.ec2(DR);
    const { Snapshots = [] } = await ec2.send(new DescribeSnapshotsCommand({ OwnerIds: ['self'] }));
    const own = Snapshots.filter(({ Tags }) => tagRecord(Tags).Name?.startsWith(name));
    expect(own).to.not.be.empty;
    for (const { SnapshotId } of own) await ec2.send(new DeleteSnapshotCommand({ SnapshotId }));
  }

  // The provider would wait for 40 minutes, twice; this test has 15.
  it('gives up an image that never comes, in time, and goes on with it when it has come', async () => {
    await stage.config('recoverOnly', 'SHOP-DB');
    await stage.config('imageMinutes', '1');
    await stage.emulator.config({ imageSeconds: 1_000_000 });
    const failed = await machines(1);
    expect(failed['SHOP-DB']?.problem).to.match(/timeout|pending/);
    expect(await running()).to.deep.equal([]);
    await stage.emulator.config({ imageSeconds: 0 });
    expect((await machines(0))['SHOP-DB']?.outcome).to.equal('ready');
    expect(await running()).to.deep.equal(['SHOP-DB']);
    await world.ended();
    await stage.config('recoverOnly', '');
  });

  it('says that AWS has failed the image of a machine', async () => {
    await stage.config('recoverOnly', 'SHOP-DB');
    await stage.emulator.config({ failImages: true });
    const failed = await machines(1);
    expect(failed['SHOP-DB']?.outcome).to.equal('failed');
    expect(failed['SHOP-DB']?.problem).to.contain("'failed'");
    expect(await running()).to.deep.equal([]);
    await stage.emulator.config({ failImages: false });
    await stage.config('recoverOnly', '');
  });

  it('starts the others beside a launch that dies, an address that is taken, and copies deleted since the preview', async () => {
    const preview = await stage.lifeboat(['recover', '--dry-run', '--json'], { env: world.recover });
    expect(preview.code, preview.stderr).to.equal(0);
    expect(JSON.parse(preview.stdout).notRecovered).to.deep.equal([]);
    const theirs = await take(ADDRESS['SHOP-WEB']);
    await deleteCopiesOf('SHOP-APP');
    await stage.emulator.config({ launches: { [ADDRESS.FILES]: 'dies' } });
    const failed = await machines(1);
    expect(failed['SHOP-DB']?.outcome).to.equal('ready');
    expect(failed['SHOP-WEB']?.problem).to.contain(ADDRESS['SHOP-WEB']);
    expect(failed['SHOP-APP']?.problem).to.contain('no copy');
    expect(failed.FILES?.problem).to.contain('terminated');
    expect(await running()).to.deep.equal(['SHOP-DB']);
    await stage.ec2(DR).send(new TerminateInstancesCommand({ InstanceIds: [theirs] }));
  });

  it('starts as many machines as the vCPUs of the account suffice for, and names the limit', async () => {
    await stage.emulator.config({ launches: {}, quotas: { [VCPUS]: 4 } });
    const two = await machines(1);
    const limited = Object.values(two).filter(({ problem }) => problem?.includes('vCPU'));
    // SHOP-DB runs, and one of FILES and SHOP-WEB finds room beside it.
    expect(limited.map(({ name }) => name)).to.have.length(1);
    expect(await running()).to.have.length(2);
  });

  it('goes on where AWS has come back', async () => {
    await stage.emulator.config({ quotas: { [VCPUS]: 64 } });
    const all = await machines(1);
    expect(
      Object.values(all).flatMap(({ name, outcome }) => (outcome === 'ready' ? [] : name)),
    ).to.deep.equal(['SHOP-APP']);
    expect(await running()).to.deep.equal(['FILES', 'SHOP-DB', 'SHOP-WEB']);
    await stage.config('recoverExcept', 'SHOP-APP');
    await machines(0);
    await world.expectNothingToDo();
  });
});
