import { DescribeKeyCommand } from '@aws-sdk/client-kms';
import { type Account, sourceOwner } from '../../accounts';
import { LifeboatError } from '../../errors';
import { SOURCE_NAMES } from '../../names';
import { ec2Once, kmsOf } from '../../snapshots/clients';
import { recoveredMachines } from '../../snapshots/recoveredMachines';
import { stopMachines } from '../../snapshots/stopMachines';
import { shareHome } from '../../snapshots/wayHomeSnapshots';
import type { Deps } from '../command';
import type { FailbackArgs } from '../commands/failback';
import { confirmAccount } from '../confirmAccount';
import { readSettings } from '../stack';
import { table } from '../table';

const STOP_LIMIT_MS = 15 * 60_000;
const SETTLE_MS = 3_000;

/**
 * `failback snapshots`: as an administrator of DR. None of the vault's roles may share a snapshot, or copy a recovered disk to under another key, and
 * none is given that right for this.
 */
export async function snapshots(args: FailbackArgs, deps: Deps): Promise<number> {
  const settings = readSettings({ dir: args.dir, stack: args.home });
  const note = (text: string) => deps.stderr.write(`${text}\n`);
  const pollMs = args['poll-seconds'] * 1_000;
  const dr = await sourceOwner(settings);
  const keyArn = await keyOfSource(dr, args.home);
  let machines = await recoveredMachines(dr);
  if (machines.length === 0) {
    throw new LifeboatError({
      what: 'No recovered machine is in DR, so nothing can come home',
      got: `account ${dr.id}, region ${dr.region}`,
      expected: 'the machines of a recovery that has not been ended',
      next: `npx lifeboat status --stack ${args.stack}`,
    });
  }
  if (args.stop) {
    await confirmAccount(dr, deps, {
      confirm: args.confirm,
      doing: 'Stopping the machines in DR',
      question: `${machines.length} machines in DR stop for their last snapshots, and serve nobody until they run at home.`,
      command: `npx lifeboat failback snapshots --stop --stack ${args.stack} --home ${args.home}`,
    });
    machines = await stopMachines(
      machines.map(({ id }) => id),
      { dr, pollMs, limitMs: STOP_LIMIT_MS, note },
    );
  }
  const home = settings.drAccount;
  const context = { dr, once: ec2Once(dr), keyArn, home, settleMs: SETTLE_MS, pollMs, note };
  const shared = await shareHome(machines, context);
  if (args.json) deps.stdout.write(`${JSON.stringify({ stopped: args.stop, shared }, null, 2)}\n`);
  else {
    const rows = shared.map(({ machine, volumeId, snapshotId, copyId }) => [
      machine,
      volumeId,
      snapshotId,
      copyId,
    ]);
    deps.stdout.write(table(['machine', 'disk', 'snapshot', 'shared copy'], rows));
    deps.stdout.write(
      `${shared.length} snapshots are shared with ${home}; as its run role: npx lifeboat copy-snapshots --stack ${args.home}\n`,
    );
  }
  return 0;
}

async function keyOfSource(dr: Account, stack: string): Promise<string> {
  const next = `as an administrator of ${dr.id}: npm run pulumi -- -C source up --stack ${stack}`;
  try {
    const { KeyMetadata } = await kmsOf(dr).send(
      new DescribeKeyCommand({ KeyId: SOURCE_NAMES.snapshotKeyAlias }),
    );
    if (KeyMetadata?.Arn && KeyMetadata.KeyState === 'Enabled') return KeyMetadata.Arn;
    throw new Error(`its state is ${KeyMetadata?.KeyState}`);
  } catch (cause) {
    throw new LifeboatError({
      what: `There is no key in DR under which snapshots can be shared: ${SOURCE_NAMES.snapshotKeyAlias}`,
      got: `account ${dr.id}, region ${dr.region}`,
      expected: 'the key that source/ makes there',
      next,
      cause,
    });
  }
}
