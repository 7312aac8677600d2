import { expect } from 'chai';
import { DR, SOURCE, Stage } from '../../scripts/demo/stage';
import { allowStops } from './allowStops';
import { keyPairs } from './subjects/keyPairs';
import { launchTemplates } from './subjects/launchTemplates';
import { placementGroups } from './subjects/placementGroups';
import { prefixLists } from './subjects/prefixLists';
import { vpcEndpoints } from './subjects/vpcEndpoints';

const UP = ['up', '--yes', '--skip-preview', '--stack', 'dr'];

const SUBJECTS = [prefixLists, keyPairs, placementGroups, launchTemplates, vpcEndpoints];

describe('prefix lists, keys, groups, templates and endpoints, on the real engine and provider', function () {
  this.timeout(300_000);
  let stage: Stage;
  let run: Record<string, string>;

  before(async () => {
    stage = await Stage.open();
    for (const subject of SUBJECTS) await subject.make(stage.ec2(SOURCE));
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
    for (const subject of SUBJECTS)
      expect(await subject.read(stage.ec2(DR)), subject.name).to.deep.equal(subject[which]);
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
    for (const subject of SUBJECTS) await subject.change(stage.ec2(SOURCE));
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
  });

  it('are held when they are gone, and go when that is wanted', async () => {
    for (const subject of SUBJECTS) await subject.remove(stage.ec2(SOURCE));
    await runs(...UP);
    await shows('changed');
    await stage.config('removals', 'follow');
    await runs(...UP);
    for (const subject of SUBJECTS)
      expect(await subject.read(stage.ec2(DR)), subject.name).to.deep.equal(subject.left ?? []);
    await runs(...UP, '--expect-no-changes');
  });
});
