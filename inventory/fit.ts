import { LifeboatError } from '../errors';
import type { Settings } from '../settings';
import { addressProblems, refuseAddresses, wrongAddress } from './addresses';
import type { Items } from './inventory';
import type { Plan } from './planned';
import { overQuota, type QuotaProblem, quotaProblems, refuseOverQuota } from './quotas';
import type { QuotaValues } from './quotaValues';

/** A plan, and what it has to fit into. */
export interface FitInput {
  readonly plan: Plan;
  /** `kind/id` of what a recovery would launch. */
  readonly launches: readonly string[];
  readonly source: Items;
  readonly dr: Items;
  /** Zone ids of the source to those of DR. */
  readonly zones?: Readonly<Record<string, string>>;
  /** The DR account's quotas, or why they could not be read. */
  readonly values: QuotaValues | LifeboatError;
  readonly settings: Pick<Settings, 'drAccount' | 'drRegion'>;
  /** The names that the state holds: that is made already, also where DR's look-up does not tell it. */
  readonly state: Pick<ReadonlyMap<string, string>, 'has'>;
  /** Whether a recovery is active. Then nothing here stands in its way: AWS itself refuses what does not fit, and the rest goes on. */
  readonly isRecovering: boolean;
  /** Whether it is a drill's plan: what it would launch has to fit now, or no drill begins. Default: false. */
  readonly isDrill?: boolean;
}

/**
 * Refuses a plan that AWS would stop halfway: addresses and ranges that it would not take, and more than the DR account may hold.
 *
 * @returns notes, and what does not fit in a recovery alone
 * @throws LifeboatError when it does not fit, or when something is to be made and the quotas are not known
 */
export function refuseWhatDoesNotFit(input: FitInput): { notes: string[]; atRecovery: QuotaProblem[] } {
  const { plan, source, dr, values, settings, isRecovering } = input;
  const addresses = addressProblems(plan, source, dr);
  if (isRecovering) {
    const over = values instanceof LifeboatError ? [] : quotaProblems({ ...input, values }).problems;
    return { notes: [...addresses.map(wrongAddress), ...over.map(overQuota)], atRecovery: [] };
  }
  refuseAddresses(addresses);
  if (values instanceof LifeboatError) {
    if (plan.resources.some(({ item, name }) => !plan.inDr.has(item) && !input.state.has(name))) throw values;
    return { notes: [`${values.details.what}; nothing is to be made now`], atRecovery: [] };
  }
  const { problems, notes } = quotaProblems({ ...input, values });
  const [later, now] = [true, false].map((isLater) =>
    problems.filter(({ quota }) => (quota.atRecovery === true && !input.isDrill) === isLater),
  );
  refuseOverQuota(now ?? [], { account: settings.drAccount, region: settings.drRegion });
  return { notes, atRecovery: later ?? [] };
}
