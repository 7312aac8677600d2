import { PutObjectCommand } from '@aws-sdk/client-s3';
import { expect } from 'chai';
import { VAULT_KEY, vaultNames } from '../../../names';
import { copyCalls, expectOneCopyEach, shared } from './copyWorld';
import { copiesOf, DR, SOURCE, startWorld, type World, writeSettings } from './world';

const COPY = ['copy-snapshots'];

describe('lifeboat copy-snapshots with flags and ceilings', function () {
  this.timeout(120_000);
  let world: World;
  beforeEach(async () => {
    world = await startWorld();
    await world.emulator.config({ clockRuns: false });
  });
  afterEach(() => world.stop());

  /** Puts a machine with these disks into the accepted inventory, as a good run does. */
  async function accept(volumes: readonly { id: string; size: number }[]): Promise<void> {
    const blockDevices = volumes.map(({ id }, index) => ({ deviceName: `/dev/sd${index}`, volumeId: id }));
    const tags = { MUSTSNAP: 'True' };
    const inventory = {
      format: 'lifeboat-inventory',
      version: 2,
      account: SOURCE.account,
      region: SOURCE.region,
      zones: {},
      gone: {},
      fields: {},
      kinds: {
        instance: [{ id: 'i-1', tags: {}, blockDevices }],
        volume: volumes.map((volume) => ({ ...volume, tags })),
      },
    };
    await world.dr.s3.send(
      new PutObjectCommand({
        Bucket: vaultNames(DR.account, DR.region).inventoryBucket,
        Key: VAULT_KEY.inventory('dr'),
        Body: JSON.stringify(inventory),
      }),
    );
  }

  it('--submit starts what there is room for and leaves; calls go on until all is there, each once', async () => {
    const ids = await shared(world, 45, 10);
    const submit = async () => {
      const ran = await world.run([...COPY, '--submit', '--json']);
      expect(ran.code, ran.stderr).to.equal(0);
      const { copied, goesOn, left, already } = JSON.parse(ran.stdout);
      expect(copied).to.deep.equal([]);
      return [goesOn.length, left.length, already];
    };
    expect(await submit()).to.deep.equal([20, 25, 0]);
    expect(await submit()).to.deep.equal([20, 25, 0]);
    await world.emulator.advance(3_600);
    expect(await submit()).to.deep.equal([20, 5, 20]);
    await world.emulator.advance(3_600);
    const third = await world.run([...COPY, '--submit']);
    expect(third.stdout).to.contain('5 go on in AWS, 0 are left').and.contain('goes on, 0 %');
    await world.emulator.advance(3_600);
    expect(await submit()).to.deep.equal([0, 0, 45]);
    await expectOneCopyEach(world, ids);
    expect(await copyCalls(world)).to.equal(45);
  });

  it('--submit tells why a copy failed since, and begins it once more', async () => {
    const ids = await shared(world, 2);
    await world.emulator.rules({ account: DR.account, action: 'CopySnapshot', copyErrorAt: 40, times: 1 });
    expect((await world.run([...COPY, '--submit'])).code).to.equal(0);
    await world.emulator.advance(3_600);
    const ran = await world.run([...COPY, '--submit', '--json']);
    expect(ran.code).to.equal(1);
    expect(JSON.parse(ran.stdout).failed[0].reason).to.contain('it is begun once more');
    await world.emulator.advance(3_600);
    expect((await world.run([...COPY, '--submit'])).code).to.equal(0);
    await expectOneCopyEach(world, ids);
  });

  it('--plan shows slots over time and changes nothing', async () => {
    await shared(world, 22, 100);
    const before = await world.mutations(DR.account);
    const drawn = await world.run([...COPY, '--plan', '--rate', '200']);
    expect(drawn.code, drawn.stderr).to.equal(0);
    expect(drawn.stdout)
      .to.match(/^ {3}1 {2}\[MASTER-\d+=+\]\[MASTER-\d+=+\]$/m)
      .and.match(/^ {2}20 {2}\[MASTER/m);
    expect(drawn.stdout).to.contain(
      '22 copies, 2200 GiB: 17m 4s at 200 MiB/s each, where 9m 23s is the least',
    );
    const { slots, seconds } = JSON.parse((await world.run([...COPY, '--plan', '--json'])).stdout);
    expect([slots.length, seconds]).to.deep.equal([22, 2_048]);
    expect(slots[21]).to.deep.include({ slot: 2, begin: 1_024, end: 2_048, gib: 100 });
    expect(await world.mutations(DR.account)).to.deep.equal(before);
  });

  it('copies nothing over the ceiling, says exactly what, and how to lift it for one run', async () => {
    const ids = await shared(world, 6, 10);
    writeSettings(world.dir, { copyMostSnapshots: '4' });
    const ran = await world.run([...COPY, '--json']);
    expect(ran.code).to.equal(1);
    const { copied, over, problems } = JSON.parse(ran.stdout);
    expect(copied).to.have.length(4);
    expect(problems).to.have.length(1);
    expect(problems[0])
      .to.contain('2 snapshots, 20 GiB, are over the ceiling of a run (10240 GiB, 4 snapshots)')
      .and.contain(over[0].snapshot)
      .and.contain('npx lifeboat copy-snapshots --most-gib 60 --most-snapshots 6');
    for (const { snapshot } of over) expect(await copiesOf(world, snapshot)).to.deep.equal([]);

    const dry = await world.run([...COPY, '--dry-run', '--most-gib', '15']);
    expect(dry.code).to.equal(1);
    expect(dry.stdout).to.contain('over the ceiling').and.contain('To be copied: 1 snapshots, 10 GiB');
    const lifted = await world.run([...COPY, '--most-snapshots', '6']);
    expect(lifted.code, lifted.stderr).to.equal(0);
    await expectOneCopyEach(world, ids);
  });

  it('copies what was accepted first, newest set before history, and what is unknown last', async () => {
    const disks = [await world.volume('SYSTEM', 8), await world.volume('DATA', 20)];
    const stranger = await world.volume('STRANGER', 500);
    const set = async () => {
      const taken = await Promise.all(disks.map((disk) => world.snapshot(disk)));
      await world.emulator.advance(86_400);
      return taken;
    };
    const [oldSystem = '', oldData = ''] = await set();
    const strange = await world.snapshot(stranger);
    const [newSystem = '', newData = ''] = await set();
    await accept([
      { id: disks[0] ?? '', size: 8 },
      { id: disks[1] ?? '', size: 20 },
    ]);
    const { toCopy } = JSON.parse((await world.run([...COPY, '--dry-run', '--json'])).stdout);
    const ids = (toCopy as { snapshot: string }[]).map(({ snapshot }) => snapshot);
    expect(ids.slice(0, 2)).to.have.members([newSystem, newData]);
    expect(ids.slice(2, 4)).to.have.members([oldSystem, oldData]);
    expect(ids.slice(4)).to.deep.equal([strange]);
    const ran = await world.run(COPY);
    expect(ran.code, ran.stderr).to.equal(0);
    await expectOneCopyEach(world, ids);
  });

  it('copies all the same where the accepted inventory cannot be read, and fails for it', async () => {
    const ids = await shared(world, 2);
    await world.emulator.rules({
      account: DR.account,
      service: 's3',
      action: 'GetObject',
      error: 'AccessDenied',
    });
    const ran = await world.run(COPY);
    expect(ran.code).to.equal(1);
    expect(ran.stderr).to.contain('What is protected could not be read').and.contain('AccessDenied');
    await expectOneCopyEach(world, ids);
  });

  it('lets a hundred sets in one hour push out neither the real ones nor the newest', async () => {
    const disks = [await world.volume('SYSTEM', 8), await world.volume('DATA', 20)];
    const set = () => Promise.all(disks.map((disk) => world.snapshot(disk)));
    const real: string[] = [];
    for (let day = 0; day < 3; day += 1) {
      real.push(...(await set()));
      await world.emulator.advance(86_400);
    }
    let newest: string[] = [];
    for (let count = 0; count < 100; count += 1) {
      await world.emulator.advance(30);
      newest = await set();
    }
    const strangers = await shared(world, 30, 1);
    await accept(disks.map((id) => ({ id, size: 20 })));
    const ran = await world.run([...COPY, '--json', '--most-snapshots', '20']);
    expect(ran.code).to.equal(1);
    const { copied, over } = JSON.parse(ran.stdout) as Record<'copied' | 'over', { snapshot: string }[]>;
    const ids = copied.map(({ snapshot }) => snapshot);
    expect(ids)
      .to.have.length(20)
      .and.include.members([...real, ...newest])
      .and.not.include.members(strangers);
    expect(over).to.have.length(3 * 2 + 100 * 2 + 30 - 20);
    await expectOneCopyEach(world, ids);
  });
});
