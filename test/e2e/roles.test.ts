import { expect } from 'chai';
import { makeEstate } from '../../scripts/demo/estate';
import { DR, type Finished, SOURCE, Stage, succeeded } from '../../scripts/demo/stage';

const UP = ['up', '--yes', '--skip-preview', '--stack', 'dr'];
const NOTHING = '--expect-no-changes';

/** The main job by the vault's three roles and the source's reader, under IAM as AWS evaluates it. */
describe('the roles, with every policy enforced', function () {
  this.timeout(600_000);
  let stage: Stage;
  const as: Record<'preview' | 'run' | 'recover', Record<string, string>> = {
    preview: {},
    run: {},
    recover: {},
  };
  const up = (role: keyof typeof as, ...more: string[]) =>
    stage.pulumi('.', [...UP, ...more], { env: as[role] });
  const preview = (role: keyof typeof as, ...more: string[]) =>
    stage.pulumi('.', ['preview', '--stack', 'dr', ...more], { env: as[role] });
  const said = ({ stdout, stderr }: Finished) => stdout + stderr;

  before(async () => {
    stage = await Stage.open();
    await stage.emulator.config({ copyMiBps: 100_000 });
    await makeEstate(stage.ec2(SOURCE), stage.kms(SOURCE), SOURCE.account, DR.account);
    await stage.up('vault', { env: stage.root(DR) });
    await stage.up('source', { env: stage.root(SOURCE) });
    succeeded(await stage.lifeboat(['tag-volumes'], { env: stage.root(SOURCE) }));
    for (const { errors } of await stage.emulator.runDlm()) expect(errors).to.deep.equal([]);
    await stage.emulator.config({ enforceIam: true });
    for (const role of ['preview', 'run', 'recover'] as const)
      as[role] = await stage.role(`lifeboat-${role}`);
    succeeded(await stage.pulumi('.', ['stack', 'init', 'dr'], { env: as.run }));
  });
  after(() => stage?.close());

  it('run mirrors, again without a change, and refreshes', async () => {
    succeeded(await up('run'));
    succeeded(await up('run', NOTHING));
    succeeded(await preview('run', '--refresh', NOTHING));
  });

  it('run copies', async () => {
    const copies = succeeded(
      await stage.lifeboat(['copy-snapshots', '--poll-seconds', '2', '--json'], { env: as.run }),
    );
    expect(JSON.parse(copies.stdout)).to.deep.include({ failed: [] });
  });

  it('run, and preview as far as DR goes, see how old the data is and which copies are kept', async () => {
    const looked = await stage.lifeboat(['status', '--json'], { env: as.run });
    const report = JSON.parse(looked.stdout);
    // The stage keeps its state in files, so that the vault has no history of runs. Nothing else is missing.
    expect(
      report.problems.map(({ code }: { code: string }) => code),
      looked.stdout,
    ).to.deep.equal(['mirror-run-late']);
    for (const role of ['run', 'preview'] as const) {
      const kept = await stage.lifeboat(['prune-snapshots', '--json'], { env: as[role] });
      expect(said(kept)).not.to.match(/not authorized|UnauthorizedOperation|AccessDenied/);
    }
  });

  it('run sees what the guard sees, and run and preview read every version of what was accepted', async () => {
    const looked = succeeded(await stage.lifeboat(['guard', '--json'], { env: as.run }));
    expect(JSON.parse(looked.stdout)).to.deep.include({ isFirstRun: false, stops: [] });
    for (const role of ['run', 'preview'] as const) {
      const listed = succeeded(await stage.lifeboat(['inventory', 'versions', '--json'], { env: as[role] }));
      const [newest] = JSON.parse(listed.stdout).versions;
      expect(newest.objects, listed.stdout).to.be.above(0);
      succeeded(await stage.lifeboat(['inventory', 'diff', newest.versionId], { env: as[role] }));
    }
  });

  it('preview has no way into the source', async () => {
    const refused = await preview('preview');
    expect(refused.code).not.to.equal(0);
    expect(said(refused))
      .to.include('lifeboat-preview')
      .and.to.include('not authorized to perform: sts:AssumeRole');
  });

  it('preview reads the accepted inventory', async () => {
    await stage.config('inventory', 'saved');
    succeeded(await preview('preview', NOTHING));
  });

  it('run cannot recover', async () => {
    await stage.config('recover', 'true');
    const refused = await up('run');
    expect(refused.code).not.to.equal(0);
    expect(said(refused)).to.include('not authorized to perform');
    const { calls } = await stage.emulator.state();
    expect(calls[`${DR.account}/${DR.region}/ec2/RunInstances`]).to.equal(undefined);
  });

  it('recover recovers, with the source out of reach', async () => {
    await stage.loseSource();
    succeeded(await up('recover'));
    succeeded(await up('recover', NOTHING));
  });

  it('run leaves a recovery alone', async () => {
    succeeded(await up('run', NOTHING));
  });

  it('recover stands down', async () => {
    const flags = ['--confirm', DR.account, '--poll-seconds', '1'];
    succeeded(await stage.lifeboat(['stand-down', ...flags], { env: as.recover }));
    succeeded(await up('run', NOTHING));
  });
});
