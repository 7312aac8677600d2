import { expect } from 'chai';
import { makeEstate } from '../../scripts/demo/estate';
import { robot } from '../../scripts/demo/robot';
import { DR, SOURCE, Stage, succeeded } from '../../scripts/demo/stage';
import { comparable, expectMirrored } from './network';

const UP = ['up', '--yes', '--skip-preview', '--stack', 'dr'];

/** What is left when the source, the stack's state and the network in DR are lost, one after the other. */
describe('the mirror when all but the vault is lost, on the real engine and provider', function () {
  this.timeout(600_000);
  let stage: Stage;
  let run: Record<string, string>;

  before(async () => {
    stage = await Stage.open();
    await makeEstate(stage.ec2(SOURCE), stage.kms(SOURCE), SOURCE.account, DR.account);
    await stage.up('vault');
    await stage.up('source', { env: stage.root(SOURCE) });
    // From here on the run role may do what its policies say, and nothing more.
    await stage.emulator.config({ enforceIam: true });
    run = await stage.role('lifeboat-run');
    await stage.up('.', { env: run });
    await stage.loseSource();
    await stage.config('inventory', 'saved');
  });
  after(() => stage?.close());

  const up = async (...more: string[]) => {
    const { stdout } = succeeded(await stage.pulumi('.', [...UP, ...more], { env: run }));
    return stdout;
  };
  const loseState = async () => {
    succeeded(
      await stage.pulumi('.', ['stack', 'rm', '--force', '--yes', '--preserve-config', '--stack', 'dr']),
    );
    succeeded(await stage.pulumi('.', ['stack', 'init', 'dr']));
  };
  /** The source answers the test, which compares, and no run. */
  const expectWhole = async () => {
    await stage.emulator.clearRules();
    await expectMirrored(stage.ec2(SOURCE), stage.ec2(DR));
    await stage.loseSource();
  };
  const creations = async () => {
    const { calls } = await stage.emulator.state();
    return Object.entries(calls)
      .filter(([call]) => call.startsWith(`${DR.account}/${DR.region}/ec2/Create`) && !call.endsWith('Tags'))
      .reduce((sum, [, times]) => sum + times, 0);
  };

  it('changes nothing without the source', async () => {
    await up('--expect-no-changes');
  });

  it('adopts everything without the state, and makes nothing', async () => {
    await loseState();
    const before = await creations();
    expect(await up()).to.match(/= \d\d imported/);
    expect(await creations()).to.equal(before);
    await expectWhole();
    await up('--expect-no-changes');
  });

  it('refuses to believe a state whose network somebody has removed, and makes it again when the state is forgotten', async () => {
    await robot(stage.ec2(DR));
    const refused = await stage.pulumi('.', UP, { env: run });
    expect(refused.code).to.not.equal(0);
    expect(refused.stdout)
      .to.contain('were removed in DR, not by Lifeboat')
      .and.contain('state delete --all');
    succeeded(await stage.pulumi('.', ['state', 'delete', '--all', '--force', '--yes', '--stack', 'dr']));
    await up();
    await expectWhole();
    await up('--expect-no-changes');
  });

  it('rebuilds the network without the source, the state and the network', async () => {
    await robot(stage.ec2(DR));
    expect((await comparable(stage.ec2(DR), 'DR')).vpcs).to.deep.equal([]);
    await loseState();
    await up();
    await expectWhole();
    await up('--expect-no-changes');
  });
});
