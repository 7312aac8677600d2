import { expect } from 'chai';
import { type Estate, makeEstate } from '../../scripts/demo/estate';
import { DR, type Finished, SOURCE, Stage, succeeded } from '../../scripts/demo/stage';

const UP = ['up', '--yes', '--skip-preview', '--stack', 'dr'];
const NOTHING = '--expect-no-changes';

/** Two accounts with every policy enforced: an estate, mirrored and copied by the run role, and a recover role that waits for the day. */
export class RecoveryWorld {
  private constructor(
    readonly stage: Stage,
    readonly estate: Estate,
    /** The run role's credentials. */
    public run: Record<string, string>,
    /** The recover role's. */
    public recover: Record<string, string>,
  ) {}

  /**
   * @param beside makes what the source has beside the demo's estate
   * @param options `behind`: seconds that AWS's clock starts behind ours, default 0; `settings`: of the stack, beside those that every stage has
   */
  static async open(
    beside: (stage: Stage, estate: Estate) => Promise<void>,
    { settings = {}, ...options }: { behind?: number; settings?: Readonly<Record<string, string>> } = {},
  ): Promise<RecoveryWorld> {
    const stage = await Stage.open(options);
    try {
      await stage.emulator.config({ copyMiBps: 200 * 1024 });
      const estate = await makeEstate(stage.ec2(SOURCE), stage.kms(SOURCE), SOURCE.account, DR.account);
      await beside(stage, estate);
      await stage.up('vault', { env: stage.root(DR) });
      await stage.up('source', { env: stage.root(SOURCE) });
      succeeded(await stage.lifeboat(['tag-volumes'], { env: stage.root(SOURCE) }));
      await stage.emulator.config({ enforceIam: true });
      const run = await stage.role('lifeboat-run');
      succeeded(await stage.pulumi('.', ['stack', 'init', 'dr'], { env: run }));
      for (const [key, value] of Object.entries(settings)) await stage.config(key, value);
      const world = new RecoveryWorld(stage, estate, run, await stage.role('lifeboat-recover'));
      await world.day();
      return world;
    } catch (error) {
      await stage.close();
      throw error;
    }
  }

  /** Time goes by; the roles' credentials, of an hour, are others then. */
  async later(seconds: number): Promise<void> {
    await this.stage.emulator.advance(seconds);
    this.run = await this.stage.role('lifeboat-run');
    this.recover = await this.stage.role('lifeboat-recover');
  }

  /** A day's work: snapshots in the source, the mirror, copies. */
  async day(): Promise<void> {
    for (const { errors } of await this.stage.emulator.runDlm()) expect(errors).to.deep.equal([]);
    succeeded(await this.stage.pulumi('.', UP, { env: this.run }));
    succeeded(await this.stage.lifeboat(['copy-snapshots', '--poll-seconds', '2'], { env: this.run }));
  }

  close(): Promise<void> {
    return this.stage.close();
  }

  /** The engine, as the recover role. Does not throw for an exit code. */
  engine(...args: string[]): Promise<Finished> {
    return this.stage.pulumi('.', args, { env: this.recover });
  }

  /** The program, as the recover role. Does not throw for an exit code. */
  up(...more: string[]): Promise<Finished> {
    return this.engine(...UP, ...more);
  }

  /** The source is gone, and the flag is set. @returns what the run said */
  async recovered(): Promise<string> {
    await this.stage.loseSource();
    await this.stage.config('recover', 'true');
    const { stdout, stderr } = succeeded(await this.up());
    return stdout + stderr;
  }

  async expectNothingToDo(): Promise<void> {
    succeeded(await this.up(NOTHING));
    succeeded(await this.engine('preview', '--refresh', '--stack', 'dr', NOTHING));
  }

  /**
   * Loses the state in the middle of a recovery.
   *
   * @param ids what is there, in any form: it has to be the same afterwards
   */
  async expectFoundAgain(ids: () => Promise<unknown>): Promise<void> {
    const before = await ids();
    succeeded(await this.engine('stack', 'rm', '--force', '--yes', '--preserve-config', '--stack', 'dr'));
    succeeded(await this.engine('stack', 'init', 'dr'));
    succeeded(await this.up());
    expect(await ids()).to.deep.equal(before);
    succeeded(await this.up(NOTHING));
  }

  /** Ends the recovery. @returns what was listed before */
  async ended(): Promise<string> {
    const { stderr } = succeeded(
      await this.stage.lifeboat(['stand-down', '--confirm', DR.account], { env: this.recover }),
    );
    await this.stage.config('inventory', 'saved');
    return stderr;
  }

  /** @returns what a run at rest said, which refuses to go on */
  async refusedAtRest(): Promise<string> {
    const { code, stdout, stderr } = await this.up();
    expect(code).to.not.equal(0);
    expect(stdout + stderr)
      .to.contain('no recovery is active')
      .and.contain('npx lifeboat stand-down');
    return stdout + stderr;
  }
}
