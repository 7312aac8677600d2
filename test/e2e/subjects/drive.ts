import { expect } from 'chai';
import { DR, SOURCE, Stage } from '../../../scripts/demo/stage';
import { allowStops } from '../allowStops';
import type { Subject } from './subject';

const UP = ['up', '--yes', '--skip-preview', '--stack', 'dr'];

/**
 * Takes subjects through the whole life of a mirror, on the real engine and provider: made, the same, changed, adopted, held, removed.
 *
 * @param clientOf what the subjects ask a side with
 */
export function drive<Side>(
  title: string,
  subjects: readonly Subject<Side>[],
  clientOf: (stage: Stage, side: { account: string; region: string }) => Side,
): void {
  describe(title, function () {
    this.timeout(300_000);
    let stage: Stage;
    let run: Record<string, string>;
    let source: Side;
    let dr: Side;

    before(async () => {
      stage = await Stage.open();
      [source, dr] = [clientOf(stage, SOURCE), clientOf(stage, DR)];
      for (const subject of subjects) await subject.make(source);
      await stage.up('vault');
      await stage.up('source', { env: stage.root(SOURCE) });
      await stage.emulator.config({ enforceIam: true });
      run = await stage.role('lifeboat-run');
    });
    after(() => stage?.close());

    const runs = async (...args: string[]) => {
      const finished = await stage.pulumi('.', args, { env: run });
      expect(finished.code, finished.stdout + finished.stderr).to.equal(0);
      return finished.stdout;
    };
    const shows = async (which: 'made' | 'changed') => {
      for (const subject of subjects)
        expect(await subject.read(dr), subject.name).to.deep.equal(subject[which]);
    };

    it('come with all that they hold', async () => {
      await stage.up('.', { env: run });
      await shows('made');
      // Each kind has one object here, and most change.
      await stage.config('guardShare', '100');
    });

    it('are the same in the next run, and after a refresh', async () => {
      await runs(...UP, '--expect-no-changes');
      await runs('preview', '--refresh', '--stack', 'dr', '--expect-no-changes');
    });

    it('follow a change', async () => {
      for (const subject of subjects) await subject.change(source);
      await allowStops(stage, run);
      await runs(...UP);
      await shows('changed');
      await runs(...UP, '--expect-no-changes');
      await runs('preview', '--refresh', '--stack', 'dr', '--expect-no-changes');
    });

    it('are adopted when the state is lost', async () => {
      await runs('stack', 'rm', '--force', '--yes', '--preserve-config', '--stack', 'dr');
      await stage.up('.', { env: run });
      await shows('changed');
      await runs(...UP, '--expect-no-changes');
      const state = await runs('stack', 'export', '--stack', 'dr');
      for (const text of subjects.flatMap(({ hidden = [] }) => hidden)) expect(state).to.not.contain(text);
    });

    it('are held when they are gone, and go when that is wanted', async () => {
      for (const subject of subjects) await subject.remove(source);
      // A kind of several objects that has none left.
      await allowStops(stage, run);
      await runs(...UP);
      await shows('changed');
      await stage.config('removals', 'follow');
      await runs(...UP);
      for (const subject of subjects)
        expect(await subject.read(dr), subject.name).to.deep.equal(subject.left ?? []);
      await runs(...UP, '--expect-no-changes');
    });
  });
}
