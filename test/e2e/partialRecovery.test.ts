import {
  DeleteSnapshotCommand,
  DescribeInstancesCommand,
  DescribeSnapshotsCommand,
} from '@aws-sdk/client-ec2';
import { expect } from 'chai';
import { TAG } from '../../names';
import { type Estate, makeEstate } from '../../scripts/demo/estate';
import { DR, type Finished, SOURCE, Stage, succeeded } from '../../scripts/demo/stage';

const UP = ['up', '--yes', '--skip-preview', '--stack', 'dr'];
const LOST = 'SHOP-WEB';

/** Copies of one machine are gone on the day that they are needed. */
describe('a recovery in which a machine has no recovery point', function () {
  this.timeout(300_000);
  let stage: Stage;
  let estate: Estate;
  let recover: Record<string, string>;

  const engine = (...args: string[]): Promise<Finished> => stage.pulumi('.', args, { env: recover });
  const said = ({ stdout, stderr }: Finished) => stdout + stderr;
  const running = async () => {
    const { Reservations = [] } = await stage.ec2(DR).send(new DescribeInstancesCommand({}));
    return Reservations.flatMap(({ Instances = [] }) => Instances)
      .filter(({ State }) => State?.Name === 'running')
      .flatMap(({ Tags = [] }) => Tags.find(({ Key }) => Key === 'Name')?.Value ?? [])
      .sort();
  };

  before(async () => {
    stage = await Stage.open();
    await stage.emulator.config({ copyMiBps: 200 * 1024 });
    const source = stage.ec2(SOURCE);
    estate = await makeEstate(source, stage.kms(SOURCE), SOURCE.account, DR.account);
    const [lost = ''] = Object.entries(estate.instances).flatMap(([name, id]) => (name === LOST ? id : []));
    const { Reservations } = await source.send(new DescribeInstancesCommand({ InstanceIds: [lost] }));
    const disks = Reservations?.[0]?.Instances?.[0]?.BlockDeviceMappings?.flatMap(
      ({ Ebs }) => Ebs?.VolumeId ?? [],
    );
    await stage.up('vault', { env: stage.root(DR) });
    await stage.up('source', { env: stage.root(SOURCE) });
    succeeded(await stage.lifeboat(['tag-volumes'], { env: stage.root(SOURCE) }));
    for (const { errors } of await stage.emulator.runDlm()) expect(errors).to.deep.equal([]);
    const run = await stage.role('lifeboat-run');
    await stage.up('.', { env: run });
    succeeded(await stage.lifeboat(['copy-snapshots', '--poll-seconds', '2'], { env: run }));
    const Filters = [{ Name: `tag:${TAG.sourceVolume}`, Values: disks ?? [] }];
    const { Snapshots = [] } = await stage
      .ec2(DR)
      .send(new DescribeSnapshotsCommand({ OwnerIds: ['self'], Filters }));
    expect(Snapshots).to.not.be.empty;
    for (const { SnapshotId } of Snapshots)
      await stage.ec2(DR).send(new DeleteSnapshotCommand({ SnapshotId }));
    await stage.loseSource();
    recover = await stage.role('lifeboat-recover');
    await stage.config('recover', 'true');
  });
  after(() => stage?.close());

  it('shows in preview which it is, and what would start', async () => {
    const preview = succeeded(await engine('preview', '--stack', 'dr'));
    expect(said(preview)).to.contain('1 machines are not recovered').and.contain(LOST);
  });

  it('starts the others, fails, and names it; run again it changes nothing', async () => {
    for (const more of [[], ['--expect-no-changes']]) {
      const up = await engine(...UP, ...more);
      expect(up.code, said(up)).to.not.equal(0);
      expect(said(up)).to.contain(`${LOST} (`).and.not.contain('no changes were expected');
      expect(await running()).to.deep.equal(['FILES', 'SHOP-APP', 'SHOP-DB']);
    }
    const output = succeeded(await engine('stack', 'output', '--json', '--stack', 'dr'));
    const { notRecovered } = JSON.parse(output.stdout);
    expect(notRecovered.map(({ name }: { name: string }) => name)).to.deep.equal([LOST]);
  });

  it('ends well once it is said that the machine is not wanted', async () => {
    await stage.config('recoverExcept', LOST);
    succeeded(await engine(...UP));
    expect(await running()).to.deep.equal(['FILES', 'SHOP-APP', 'SHOP-DB']);
  });
});
