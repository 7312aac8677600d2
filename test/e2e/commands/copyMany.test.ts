import { CreateLifecyclePolicyCommand, DLMClient } from '@aws-sdk/client-dlm';
import { CreateRoleCommand } from '@aws-sdk/client-iam';
import { expect } from 'chai';
import { accessKey } from '../../emulator/emulator';
import { copyCalls, expectOneCopyEach, manifestTags } from './copyWorld';
import { DR, SOURCE, startWorld, type World } from './world';

const DISKS = 50;
const SETS = 200;

describe(`lifeboat copy-snapshots with ${DISKS * SETS} snapshots listed`, function () {
  this.timeout(600_000);
  let world: World;
  before(async () => {
    world = await startWorld();
    await world.emulator.config({ clockRuns: false });
  });
  after(() => world.stop());

  /** A policy of DLM takes all disks once for each set, an hour apart. Returns the ids, the newest set's last. */
  async function takeAll(): Promise<string[]> {
    const trust = JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: { Service: 'dlm.amazonaws.com' }, Action: 'sts:AssumeRole' }],
    });
    const { Role } = await world.source.iam.send(
      new CreateRoleCommand({ RoleName: 'dlm', AssumeRolePolicyDocument: trust }),
    );
    for (let disk = 0; disk < DISKS; disk += 1) await world.volume(`DISK-${disk}`, 1, { MUSTSNAP: 'True' });
    const dlm = new DLMClient({
      endpoint: world.emulator.url,
      region: SOURCE.region,
      credentials: { accessKeyId: accessKey(SOURCE.account), secretAccessKey: 'emulated' },
    });
    await dlm.send(
      new CreateLifecyclePolicyCommand({
        ExecutionRoleArn: Role?.Arn,
        Description: 'hourly',
        State: 'ENABLED',
        PolicyDetails: {
          ResourceTypes: ['VOLUME'],
          TargetTags: [{ Key: 'MUSTSNAP', Value: 'True' }],
          Schedules: [
            {
              Name: 'hourly',
              CopyTags: true,
              CreateRule: { Interval: 1, IntervalUnit: 'HOURS' },
              RetainRule: { Count: 1_000 },
              ShareRules: [{ TargetAccounts: [DR.account] }],
            },
          ],
        },
      }),
    );
    const ids: string[] = [];
    for (let set = 0; set < SETS; set += 1) {
      await world.emulator.advance(3_600);
      const [run] = await world.emulator.runDlm();
      expect(run?.errors).to.deep.equal([]);
      ids.push(...(run?.created ?? []));
    }
    return ids;
  }

  it('lists all of them, copies the newest of each disk first, and what is over the ceiling later', async () => {
    const ids = await takeAll();
    expect(ids).to.have.length(DISKS * SETS);
    const most = ['--most-snapshots', String(DISKS + 10), '--json'];
    const first = await world.run(['copy-snapshots', ...most]);
    expect(first.code).to.equal(1);
    const { copied, over } = JSON.parse(first.stdout) as Record<'copied' | 'over', { snapshot: string }[]>;
    const done = copied.map(({ snapshot }) => snapshot);
    expect(done)
      .to.have.length(DISKS + 10)
      .and.include.members(ids.slice(-DISKS));
    expect(over).to.have.length(DISKS * SETS - DISKS - 10);

    // AWS's own tags cannot be on the copy, and are not lost.
    expect(await manifestTags(world, done[0] ?? '')).to.include.keys(
      'aws:dlm:lifecycle-policy-id',
      'dlm:managed',
    );

    const second = await world.run(['copy-snapshots', ...most]);
    const more = JSON.parse(second.stdout) as { copied: { snapshot: string }[]; already: number };
    expect(more.already).to.equal(DISKS + 10);
    expect(more.copied).to.have.length(DISKS + 10);
    await expectOneCopyEach(world, [...done, ...more.copied.map(({ snapshot }) => snapshot)]);
    expect(await copyCalls(world)).to.equal(2 * (DISKS + 10));
  });
});
