import { type Account, drAccount, sourceAccount } from '../../accounts';
import { LifeboatError } from '../../errors';
import { type Accepted, readAccepted } from '../../inventory/accepted';
import { collect } from '../../inventory/collect';
import type { Items } from '../../inventory/inventory';
import type { Settings } from '../../settings';
import type { CommonArgs } from '../command';
import { readSettings } from '../stack';

/** A stack's settings, the DR account, and what its vault is asked for. */
export interface Opened {
  readonly settings: Settings;
  readonly dr: Account;
  readonly stack: string;
}

/** Reads the settings and confirms the DR account. */
export async function openVault(args: CommonArgs): Promise<Opened> {
  const settings = readSettings(args);
  return { settings, dr: await drAccount(settings), stack: args.stack };
}

/**
 * The accepted inventory, or one version of it.
 *
 * @throws LifeboatError when there is none
 */
export async function accepted({ settings, dr, stack }: Opened, versionId?: string): Promise<Accepted> {
  const found = await readAccepted(dr, { ...settings, stack }, versionId);
  if (found) return found;
  throw new LifeboatError({
    what: `No inventory of the stack ${stack} has been accepted yet`,
    got: `nothing in the vault of ${dr.id}, ${dr.region}`,
    expected: 'one run that ended well',
    next: `npm run pulumi -- up --stack ${stack}`,
  });
}

/** What the source shows now, through the reader role. */
export async function liveItems({ settings }: Opened): Promise<Items> {
  return collect(await sourceAccount(settings), 'source', settings);
}
