import { DescribeInstancesCommand, DescribeVolumesCommand } from '@aws-sdk/client-ec2';
import { expect } from 'chai';
import { present } from '../../kinds/kind';
import type { Estate } from '../../scripts/demo/estate';
import { DR, SOURCE, type Stage } from '../../scripts/demo/stage';
import { makeRandomMachines } from './estates/randomMachines';
import { machineFacts, namedMachines } from './machineFacts';
import { RecoveryWorld } from './recoveryWorld';

/** Two estates in every run of the tests, ten in the long one; LIFEBOAT_SEED makes one of them, or any other, again. */
function seeds(): number[] {
  if (process.env.LIFEBOAT_SEED) return [Number(process.env.LIFEBOAT_SEED)];
  return Array.from({ length: process.env.LIFEBOAT_FULL ? 10 : 2 }, (_, index) => index + 1);
}

for (const seed of seeds())
  describe(`machines made by chance, recovered with the source blocked (LIFEBOAT_SEED=${seed})`, function () {
    this.timeout(900_000);
    let world: RecoveryWorld;
    let stage: Stage;
    const were = new Map<string, object>();

    const facts = async (side: typeof DR | typeof SOURCE) => {
      const found = new Map<string, object>();
      for (const [name, machine] of await namedMachines(stage.ec2(side)))
        found.set(name, await machineFacts(stage.ec2(side), machine));
      return new Map([...found].sort());
    };

    before(async () => {
      world = await RecoveryWorld.open(async (opened, estate) => {
        stage = opened;
        await makeRandomMachines(stage.ec2(SOURCE), seed, await model(estate));
      });
      for (const [name, found] of await facts(SOURCE)) were.set(name, found);
    });
    after(() => world?.close());

    /** The image of one of the estate's machines, and the key of its disks. */
    async function model(estate: Estate): Promise<{ ImageId: string; KmsKeyId: string }> {
      const ec2 = stage.ec2(SOURCE);
      const InstanceIds = [present(estate.instances['SHOP-DB'], 'SHOP-DB')];
      const { Reservations } = await ec2.send(new DescribeInstancesCommand({ InstanceIds }));
      const { Volumes = [] } = await ec2.send(new DescribeVolumesCommand({}));
      return {
        ImageId: present(Reservations?.[0]?.Instances?.[0]?.ImageId, 'ImageId'),
        KmsKeyId: present(Volumes.flatMap((volume) => volume.KmsKeyId ?? [])[0], 'KmsKeyId'),
      };
    }

    it('are field by field what they were', async () => {
      const said = await world.recovered();
      const now = await facts(DR);
      expect([...now.keys()]).to.deep.equal([...were.keys()]);
      for (const [name, found] of now) expect(found, `${name}\n${said}`).to.deep.equal(were.get(name));
    });

    it('are not changed by a second run, nor differ after a refresh', () => world.expectNothingToDo());
  });
