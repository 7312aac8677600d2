import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { accountOf, CLIENT_DEFAULTS } from '../../accounts';
import { LifeboatError } from '../../errors';
import { readAccepted } from '../../inventory/accepted';
import { SOURCE_NAMES, TAG } from '../../names';
import { iamOf } from '../../snapshots/clients';
import { findSnapshots } from '../../snapshots/snapshotSearch';
import { findVault } from '../../snapshots/vault';
import { roleExists } from '../../vault/lookUp';
import type { Deps } from '../command';
import type { FailbackArgs } from '../commands/failback';
import { readSettings } from '../stack';
import { homeSteps, STEP, stepsText } from './steps';

/** `failback plan`: the steps, and of those that the credentials at hand can see whether they are done. Changes nothing. */
export async function planned(args: FailbackArgs, deps: Deps): Promise<number> {
  const { stack, home } = args;
  const settings = readSettings(args);
  const way = readSettings({ dir: args.dir, stack: home });
  const known = new Map<number, boolean>();
  const caller = await callerAccount(settings.drRegion);
  if (caller === settings.sourceAccount) {
    const account = accountOf(caller, settings.sourceRegion);
    const hasVault = await yes(findVault(account));
    known.set(STEP.vault, hasVault);
    known.set(STEP.mirror, hasVault && (await yes(readAccepted(account, { ...way, stack: home }))));
  } else if (caller === settings.drAccount) {
    const account = accountOf(caller, settings.drRegion);
    known.set(STEP.source, await roleExists(iamOf(account), SOURCE_NAMES.readerRole));
    const Filters = [{ Name: 'tag-key', Values: [TAG.wayHomeOf] }];
    const taken = await findSnapshots(account.ec2, { OwnerIds: ['self'], Filters });
    known.set(STEP.snapshots, taken.length > 0);
  }
  const steps = homeSteps({ settings, stack, home }).map((step, index) => {
    const isDone = known.get(index);
    return isDone === undefined ? step : { ...step, state: isDone ? ('done' as const) : ('to do' as const) };
  });
  deps.stdout.write(args.json ? `${JSON.stringify({ steps }, null, 2)}\n` : stepsText(steps));
  return 0;
}

/** Whether something is there. What is wrong with it is the business of its own step. */
async function yes(asked: Promise<unknown>): Promise<boolean> {
  try {
    return (await asked) !== undefined;
  } catch (error) {
    if (error instanceof LifeboatError) return false;
    throw error;
  }
}

/** Whose the credentials at hand are; undefined without any. */
async function callerAccount(region: string): Promise<string | undefined> {
  const sts = new STSClient({ region, ...CLIENT_DEFAULTS, maxAttempts: 2 });
  try {
    return (await sts.send(new GetCallerIdentityCommand({}))).Account;
  } catch {
    // The steps can be read without.
    return undefined;
  } finally {
    sts.destroy();
  }
}
