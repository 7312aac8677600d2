import type { ChildProcess } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { expect } from 'chai';
import { makeEstate } from '../../scripts/demo/estate';
import { DR, powerCut, SOURCE, Stage, succeeded } from '../../scripts/demo/stage';
import { expectMirrored } from './network';

/** After how many creations the run is killed: a few for every change, many under `npm run check`. */
const KILLS = process.env.LIFEBOAT_FULL ? [1, 2, 4, 6, 8, 10, 13, 16, 19, 22, 25, 28] : [2, 7, 16];
/** Milliseconds. */
const OWED = 3_000;
const UP = ['up', '--yes', '--skip-preview', '--stack', 'dr'];

describe('a run that is killed, on the real engine and provider', function () {
  this.timeout(300_000);
  let stage: Stage;
  /** The run role's credentials: what finishes a run that was killed has no more rights than it had. */
  let run: Record<string, string>;

  before(async () => {
    stage = await Stage.open();
    await makeEstate(stage.ec2(SOURCE), stage.kms(SOURCE), SOURCE.account, DR.account);
    await stage.up('vault');
    await stage.up('source', { env: stage.root(SOURCE) });
    await stage.emulator.config({ enforceIam: true });
    run = await stage.role('lifeboat-run');
    succeeded(await stage.pulumi('.', ['stack', 'init', 'dr'], { env: run }));
  });
  after(() => stage?.close());

  /**
   * Runs until so many resources were created, then ends the engine as a power cut would.
   *
   * @param waiting while AWS owes all answers, so that the engine is not just writing its state: a file, unlike an object in a bucket,
   * can be cut off in the middle
   */
  async function killedAfter(
    creations: number,
    { env = {}, waiting = false }: { env?: Record<string, string>; waiting?: boolean } = {},
  ): Promise<void> {
    // Slower answers, so that the kill falls between a creation and its answer, its tags or its state.
    await stage.emulator.config({ latencyMs: 150 });
    let child: ChildProcess | undefined;
    let output = '';
    let isDue = false;
    const cut = async () => {
      if (waiting) {
        await stage.emulator.config({ latencyMs: OWED });
        await setTimeout(OWED / 2);
      }
      powerCut(child);
    };
    const killed = await stage.pulumi('.', UP, {
      env: { ...run, ...env },
      onStart: (started) => {
        child = started;
      },
      onOutput: (text) => {
        output += text;
        if (isDue || (output.match(/ created \(/g) ?? []).length < creations) return;
        isDue = true;
        void cut();
      },
    });
    expect(killed.code).to.equal(137);
    await stage.emulator.config({ latencyMs: 0 });
    // AWS finishes what it was asked before the power went.
    await setTimeout(waiting ? OWED : 1_000);
  }

  function forgetState(): void {
    const state = join(stage.directory, 'state/.pulumi');
    for (const part of ['stacks', 'backups', 'history'])
      rmSync(join(state, part, 'lifeboat'), { recursive: true, force: true });
    rmSync(join(state, 'locks'), { recursive: true, force: true });
  }

  for (const creations of KILLS) {
    it(`after ${creations} creations, its state deleted, is finished by the next, and nothing is doubled`, async () => {
      await killedAfter(creations);
      forgetState();
      await stage.up('.', { env: run });
      await expectMirrored(stage.ec2(SOURCE), stage.ec2(DR));
      succeeded(await stage.pulumi('.', [...UP, '--expect-no-changes'], { env: run }));
      succeeded(await stage.pulumi('.', ['destroy', '--yes', '--skip-preview', '--stack', 'dr']));
    });
  }

  it('between a group and the removal of the rule that AWS puts into it, leaves no way out that the source has not', async () => {
    await stage.emulator.rules({ account: DR.account, action: 'RevokeSecurityGroupEgress', hangSeconds: 3 });
    await killedAfter(6);
    await stage.emulator.clearRules();
    forgetState();
    await stage.up('.', { env: run });
    await expectMirrored(stage.ec2(SOURCE), stage.ec2(DR));
    succeeded(await stage.pulumi('.', ['destroy', '--yes', '--skip-preview', '--stack', 'dr']));
  });

  it('that wrote no checkpoints, as large first runs may, is finished by the next, and nothing is doubled', async () => {
    await killedAfter(16, { env: { PULUMI_SKIP_CHECKPOINTS: 'true' } });
    succeeded(await stage.pulumi('.', ['cancel', '--yes', '--stack', 'dr']));
    await stage.up('.', { env: run });
    await expectMirrored(stage.ec2(SOURCE), stage.ec2(DR));
    succeeded(await stage.pulumi('.', [...UP, '--expect-no-changes'], { env: run }));
    succeeded(await stage.pulumi('.', ['destroy', '--yes', '--skip-preview', '--stack', 'dr']));
  });

  it('with its state kept is finished by the next, once its lock is cancelled', async () => {
    await killedAfter(10, { waiting: true });
    const locked = await stage.pulumi('.', UP, { env: run });
    expect(locked.code).to.not.equal(0);
    expect(locked.stdout + locked.stderr).to.contain('pulumi cancel');
    succeeded(await stage.pulumi('.', ['cancel', '--yes', '--stack', 'dr']));
    succeeded(await stage.pulumi('.', UP, { env: run }));
    await expectMirrored(stage.ec2(SOURCE), stage.ec2(DR));
    succeeded(await stage.pulumi('.', [...UP, '--expect-no-changes'], { env: run }));
  });
});
