import { randomUUID } from 'node:crypto';
import { Provider, type ProviderArgs } from '@pulumi/aws/provider';
import { BucketObjectv2 } from '@pulumi/aws/s3/bucketObjectv2';
import { getStack, log, runtime, secret } from '@pulumi/pulumi';
import { Mirror } from './components/mirror';
import { withPlainErrors } from './components/plainError';
import { Recovery } from './components/recovery';
import { refuseOtherTypes, refuseWhatWaits } from './components/register';
import { saveMemory } from './components/saveMemory';
import { stateResources } from './components/stateResources';
import { SEALED_TYPES } from './inventory/drill/sealed';
import { inventoryText } from './inventory/inventory';
import { prepare } from './inventory/prepare';
import type { FailedMachine } from './inventory/recoveryPlan';
import { summary } from './inventory/summary';
import { typesAt } from './kinds/typesAt';
import { CONTINUES, VAULT_KEY, vaultNames } from './names';
import { parseSettings } from './settings';

const INVENTORY_TYPES = ['aws:s3/bucketObjectv2:BucketObjectv2'];
const RECOVERY_TYPES = [
  'aws:ec2/ami:Ami',
  'aws:ec2/instance:Instance',
  'aws:ec2/networkInterface:NetworkInterface',
];

/**
 * The provider of machines. AWS answers that it has no capacity as it answers faults of its own, and the provider tries that 25 times, over minutes,
 * while another type would do. When AWS throttles, `adaptive` sends less.
 */
const launcher = (args: ProviderArgs) =>
  new Provider('machines', { ...args, maxRetries: 8, retryMode: 'adaptive' });

async function program() {
  const stack = getStack();
  saveMemory();
  const settings = parseSettings(runtime.allConfig(), stack);
  const { inventory, isAccepted, plan, recovery, lostMachines, points, recovered, moving, remove, notes } =
    await prepare(settings, stack, runtime.isDryRun(), await stateResources());
  const isDrill = settings.drill !== undefined;
  const mirrored = isDrill ? SEALED_TYPES : [...typesAt('rest'), ...(recovery ? typesAt('recovery') : [])];
  const allowed = new Set([...mirrored, ...INVENTORY_TYPES, ...(recovery ? RECOVERY_TYPES : [])]);
  const refuse = refuseOtherTypes(allowed);
  // Before the first is registered: the transformation sees one after the other.
  plan.resources.forEach(refuse);
  if (!recovery) refuseWhatWaits(plan.resources);
  runtime.registerStackTransformation(refuse);

  // Pulumi's runtime keeps a stack, mapped and as text, for each of some sixty promises a resource: a gigabyte for 5,000 of them, and
  // half of the program's time. It shows them only when it looks for promises that leak.
  if (!process.env.PULUMI_DEBUG_PROMISE_LEAKS) Error.stackTraceLimit = 0;
  const { drRegion: region, drAccount } = settings;
  const aws = new Provider('dr', { region, allowedAccountIds: [drAccount] });
  const bucket = vaultNames(drAccount, region).inventoryBucket;
  // Machines under recovery need all of it. A destroy is refused until stand-down has taken the protection away.
  const isKept = recovery !== undefined && !isDrill;
  const mirror = new Mirror('mirror', { remove }, { providers: { aws }, protect: isKept });
  const ids = await mirror.register(plan, recovery?.machines);
  const machines =
    recovery &&
    new Recovery(
      'recovery',
      {
        plan: recovery,
        bucket,
        recordOf: (id) => (isDrill ? VAULT_KEY.drillRecord : VAULT_KEY.recovery)(stack, id),
        mirror: mirror.resources,
        lost: { machines: lostMachines, again: mirror.madeAgain },
        isKept,
        imageMinutes: settings.imageMinutes,
        recovered,
        moving,
      },
      { providers: { aws: launcher({ region, allowedAccountIds: [drAccount] }) } },
    );
  if (machines) mirror.registerAfter(machines, plan, process.env[CONTINUES] === undefined);
  // Written last: an inventory is accepted when all that it asks for is there. It outlives the stack. A drill accepts nothing.
  if (!isDrill)
    new BucketObjectv2(
      'accepted-inventory',
      {
        bucket,
        key: VAULT_KEY.inventory(stack),
        content: secret(inventoryText(inventory)),
        contentType: 'application/json',
        // The engine compares with its state only. Where the vault holds something else, or nothing, this makes it write again.
        sourceHash: isAccepted ? undefined : randomUUID(),
      },
      {
        provider: aws,
        dependsOn: machines ? [mirror, machines] : [mirror],
        retainOnDelete: true,
        protect: isKept,
        ignoreChanges: isAccepted ? ['sourceHash'] : [],
      },
    );
  if (points) await log.info(points.text);
  await sayFailed(recovery?.failed ?? []);
  const worthKnowing = summary(notes, plan);
  if (worthKnowing) await log.info(worthKnowing);
  return {
    mirror: ids,
    machines: machines?.machines ?? [],
    recoveryPoints: points?.chosen ?? [],
    notRecovered: recovery?.failed ?? [],
  };
}

/**
 * Fails the run, after all else is registered: an error that is logged before, or thrown, would have the engine take away what it was not told
 * of, or start nothing.
 */
async function sayFailed(failed: readonly FailedMachine[]): Promise<void> {
  if (failed.length === 0) return;
  await log.warn(
    `${failed.length} machines are not recovered; the others are:\n${failed.map(({ name, id, problem }) => `  ${name} (${id}): ${problem}`).join('\n')}`,
  );
  if (!runtime.isDryRun()) process.exitCode = 1;
}

export = () => withPlainErrors(program);
