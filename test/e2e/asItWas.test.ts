import {
  DescribeAddressesCommand,
  DescribeImagesCommand,
  DescribeNetworkInterfacesCommand,
  DescribeVolumesCommand,
} from '@aws-sdk/client-ec2';
import { expect } from 'chai';
import { DR, SOURCE, type Stage, succeeded } from '../../scripts/demo/stage';
import { machineFacts, namedMachines } from './machineFacts';
import { makeOddMachines, SCRIPT } from './oddMachines';
import { RecoveryWorld } from './recoveryWorld';

/** Machines that between them have every field, with the source dead and every policy enforced. */
describe('machines as they were', function () {
  this.timeout(600_000);
  let world: RecoveryWorld;
  let stage: Stage;
  const were = new Map<string, object>();

  const facts = async (side: typeof DR | typeof SOURCE) => {
    const machines = await namedMachines(stage.ec2(side));
    const found = await Promise.all(
      [...machines].map(
        async ([name, machine]) => [name, await machineFacts(stage.ec2(side), machine)] as const,
      ),
    );
    return new Map(found.sort());
  };
  const interfaces = async () => {
    const { NetworkInterfaces = [] } = await stage.ec2(DR).send(new DescribeNetworkInterfacesCommand({}));
    return NetworkInterfaces.map(({ NetworkInterfaceId }) => NetworkInterfaceId).sort();
  };
  const ids = async () =>
    JSON.stringify([
      [...(await namedMachines(stage.ec2(DR))).values()].map(({ InstanceId }) => InstanceId).sort(),
      await interfaces(),
    ]);

  before(async () => {
    world = await RecoveryWorld.open(
      async (opened, estate) => {
        stage = opened;
        await makeOddMachines(opened, estate);
      },
      { settings: { passUserData: 'SLEEPER' } },
    );
    for (const [name, found] of await facts(SOURCE)) were.set(name, found);
  });
  after(() => world?.close());

  it('come up with every field as it was', async () => {
    const said = await world.recovered();
    const now = await facts(DR);
    expect([...now.keys()]).to.deep.equal([...were.keys()]);
    for (const [name, found] of now) {
      // User data is passed where it is asked for.
      const { userData } = found as { userData?: string };
      if (name === 'TWO-SIDES') expect(userData).to.equal(undefined);
      const was = name === 'TWO-SIDES' ? { ...were.get(name), userData } : were.get(name);
      expect(found, `${name}\n${said}`).to.deep.equal(was);
    }
  });

  it('have their Elastic IP on the interface that had it', async () => {
    const { Addresses = [] } = await stage.ec2(DR).send(new DescribeAddressesCommand({}));
    expect(Addresses.map(({ PrivateIpAddress }) => PrivateIpAddress)).to.deep.equal(['10.30.1.10']);
  });

  it('are left alone by another run, and by a refresh', () => world.expectNothingToDo());

  it('are found again when the state is lost, with their interfaces', () => world.expectFoundAgain(ids));

  it('keep their secrets out of the state, taken over too', async () => {
    const { stdout } = succeeded(await world.engine('stack', 'export', '--stack', 'dr'));
    expect(stdout).to.contain('instance/').and.not.contain('a-word-that-is-secret');
    expect(stdout).to.not.contain(Buffer.from(SCRIPT).toString('base64'));
    expect(stdout).to.not.contain(Buffer.from('AMZNUEFI').toString('base64').slice(0, 10));
  });

  it('end by stand-down, protected as they are, and leave nothing behind', async () => {
    const said = await world.ended();
    expect(said)
      .to.contain('TWO-SIDES: its protection against being stopped is taken off')
      .and.contain('TWO-SIDES: its protection against being terminated is taken off')
      .and.not.contain('SLEEPER: its protection');
    expect(await namedMachines(stage.ec2(DR))).to.have.length(0);
    expect(await interfaces()).to.deep.equal([]);
    const { Volumes } = await stage.ec2(DR).send(new DescribeVolumesCommand({}));
    const { Images } = await stage.ec2(DR).send(new DescribeImagesCommand({ Owners: ['self'] }));
    expect([Volumes, Images]).to.deep.equal([[], []]);
    succeeded(await world.up('--expect-no-changes'));
  });
});
