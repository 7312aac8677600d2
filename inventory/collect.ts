import { DescribeAvailabilityZonesCommand } from '@aws-sdk/client-ec2';
import type { Account, ClientConfig } from '../accounts';
import { LifeboatError, reason } from '../errors';
import { kinds } from '../kinds';
import type { AnyKind, Item, LookUpOptions } from '../kinds/kind';
import type { Items } from './inventory';

/** What an account's look-up has found, and what it could not ask for. */
export interface Collected {
  readonly items: Items;
  /** Names of kinds whose service did not answer, with what happened instead. */
  readonly unseen: ReadonlyMap<string, string>;
}

/**
 * Looks every kind up in one account and region, side by side and in full.
 *
 * @param side how errors call the account
 * @param options what is left out of it. Default: nothing
 * @throws LifeboatError naming the kind, or the one object, when any look-up fails on any page; there are no partial answers
 */
export async function collect(from: Account, side: 'source' | 'DR', options?: LookUpOptions): Promise<Items> {
  // An account of its own for what kinds share: the next look-up asks AWS again.
  const account = { ...from };
  const found = await each(
    kinds,
    () => account,
    side === 'DR' ? ofDr(options) : options,
    (kind, cause) => {
      throw failed(kind, from, side, cause);
    },
  );
  return Object.fromEntries(found);
}

/**
 * Looks up what there is in DR, for a run that works from what was accepted: what a service without regions does not answer, because
 * us-east-1 is gone, is not waited for, nor what is made at a recovery beside machines. What answers that it will not, for want of a right say,
 * is an error as ever.
 *
 * @param of the kinds that are looked up. Default: all
 * @throws LifeboatError as `collect` does, for every other kind
 */
export async function collectWhatAnswers(
  dr: Account,
  options?: LookUpOptions,
  of: readonly AnyKind[] = kinds,
): Promise<Collected> {
  const unseen = new Map<string, string>();
  // Accounts of their own for what kinds share: the next look-up asks AWS again.
  const [patient, hasty] = [{ ...dr }, dr.with(IMPATIENT)];
  const accountFor = (kind: AnyKind) => (isForgiven(kind) ? hasty : patient);
  const found = await each(of, accountFor, ofDr(options), (kind, cause) => {
    if (!isForgiven(kind) || !isNoAnswer(cause)) throw failed(kind, dr, 'DR', cause);
    unseen.set(kind.name, reason(cause));
  });
  return { items: Object.fromEntries(found), unseen };
}

const ofDr = (options?: LookUpOptions): LookUpOptions => ({ bucketsExcept: [], ...options, isDr: true });

/**
 * Whether a recovery goes on without what a kind's service does not answer: us-east-1 may be gone, and in a disaster everybody asks DR's region at
 * once. Machines need EC2, and what is mirrored at rest.
 */
function isForgiven({ isGlobal, madeAtRecovery, iamActions }: AnyKind): boolean {
  return (
    isGlobal === true || (madeAtRecovery === true && !iamActions.some((action) => action.startsWith('ec2:')))
  );
}

/** A recovery has better to do than to ask a region that is gone eight times. Milliseconds. */
export const IMPATIENT: ClientConfig = {
  maxAttempts: 3,
  requestHandler: { connectionTimeout: 3_000, requestTimeout: 15_000, throwOnRequestTimeout: true },
};

/** Whether an error says that nobody was there to answer, or that AWS itself failed. */
export function isNoAnswer(error: unknown): boolean {
  const { $metadata, code, name } = (error ?? {}) as {
    $metadata?: { httpStatusCode?: number };
    code?: string;
    name?: string;
  };
  const status = $metadata?.httpStatusCode;
  if (status !== undefined) return status >= 500;
  return name === 'TimeoutError' || /^E(AI_AGAIN|CONN|HOST|NET|NOTFOUND|PIPE|TIMEDOUT)/.test(code ?? '');
}

async function each(
  of: readonly AnyKind[],
  accountFor: (kind: AnyKind) => Account,
  options: LookUpOptions | undefined,
  onError: (kind: AnyKind, cause: unknown) => void,
): Promise<[string, Item[]][]> {
  return Promise.all(
    of.map(async (kind): Promise<[string, Item[]]> => {
      try {
        const items = await kind.list(accountFor(kind), options);
        // AWS promises no order; an unchanged account is to read the same each time.
        return [kind.name, items.sort((a: Item, b: Item) => (a.id < b.id ? -1 : 1))];
      } catch (cause) {
        onError(kind, cause);
        return [kind.name, []];
      }
    }),
  );
}

function failed(kind: AnyKind, account: Account, side: 'source' | 'DR', cause: unknown): LifeboatError {
  // It names the one object.
  if (cause instanceof LifeboatError) return cause;
  return new LifeboatError({
    what: `The look-up of "${kind.title}" failed in the ${side} account, so nothing is changed`,
    got: `account ${account.id}, region ${account.region}`,
    expected: `every page of it, by ${kind.iamActions.join(', ')}`,
    next:
      side === 'source'
        ? 'mend the reader role or wait for AWS, and run it again; or use what was accepted last: npm run pulumi -- config set lifeboat:inventory saved'
        : `mend the permissions of this role in DR, or wait for AWS, and run it again${kind.isGlobal ? '; or go on without what has no regions: npm run pulumi -- config set lifeboat:inventory saved' : ''}`,
    cause,
  });
}

/**
 * The zone ids that can be used in an account's region. Local and wavelength zones are not among them.
 *
 * @throws LifeboatError when they cannot be looked up
 */
export async function zoneIds(account: Account): Promise<string[]> {
  try {
    const { AvailabilityZones } = await account.ec2.send(
      new DescribeAvailabilityZonesCommand({
        Filters: [{ Name: 'zone-type', Values: ['availability-zone'] }],
      }),
    );
    const ids = (AvailabilityZones ?? [])
      .filter((zone) => zone.State === 'available')
      .flatMap((zone) => zone.ZoneId ?? []);
    if (ids.length === 0) throw new Error('AWS answered no zone');
    return ids.sort();
  } catch (cause) {
    throw new LifeboatError({
      what: `The zones of ${account.region} could not be looked up`,
      expected: 'a region that exists and is enabled, and ec2:DescribeAvailabilityZones',
      next: `aws ec2 describe-availability-zones --region ${account.region}`,
      cause,
    });
  }
}
