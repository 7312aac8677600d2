import { LifeboatError } from '../../errors';
import type { PlannedMachine } from '../../inventory/plannedMachine';
import { PRICES } from './prices';

/** What a drill may cost at the most, in US dollars. */
export interface DrillCost {
  readonly vcpus: number;
  readonly gib: number;
  readonly usd: number;
  /** What was reckoned with, in a sentence. */
  readonly assumptions: string;
}

/** Of a type that is not the source's own, the number of vCPUs that its size has in nearly all families. */
const VCPUS: Readonly<Record<string, number>> = { nano: 2, micro: 2, small: 2, medium: 2, large: 2 };
/** As many as the largest machine without a name of its own. */
const MOST_VCPUS = 192;
const HOURS_A_MONTH = 730;

/**
 * What a drill costs if all of its machines run from its first minute to its last: more than it will be. Pure.
 *
 * @param minutes how long it may live
 * @param types by the source's ids what each may be launched as; the dearest counts. Default: what is planned
 */
export function drillCost(
  machines: readonly PlannedMachine[],
  minutes: number,
  types: Readonly<Record<string, readonly string[]>> = {},
): DrillCost {
  let [vcpus, gib, perHour] = [0, 0, 0];
  const sold = machines.flatMap(({ name, instance: { productCodes = [] } }) =>
    productCodes.some((code) => code.startsWith('marketplace ')) ? name : [],
  );
  for (const { instance, launch, image } of machines) {
    const each = (types[instance.id] ?? [String(launch.instanceType)]).map((type) => priceOf(type, instance));
    vcpus += Math.max(...each.map((price) => price.vcpus));
    perHour += Math.max(...each.map((price) => price.perHour));
    for (const { volumeSize, iops } of image.ebsBlockDevices as readonly {
      volumeSize: number;
      iops?: number;
    }[]) {
      gib += volumeSize;
      perHour += (volumeSize * PRICES.gibMonth + (iops ?? 0) * PRICES.iopsMonth) / HOURS_A_MONTH;
    }
  }
  const usd = Math.ceil(perHour * (minutes / 60) * 100) / 100;
  return {
    vcpus,
    gib,
    usd,
    assumptions: `${vcpus} vCPUs and ${gib} GiB for ${minutes} minutes, at ${PRICES.otherVcpuHour} USD a vCPU and hour (more for accelerated, large-memory and licensed machines) and ${PRICES.gibMonth} USD a GiB and month${sold.length > 0 ? `; without what sellers ask for ${sold.join(', ')}` : ''}`,
  };
}

function priceOf(type: string, instance: PlannedMachine['instance']): { vcpus: number; perHour: number } {
  const { licences, perVcpuHour } = PRICES;
  const vcpus = (type === instance.instanceType ? instance.vcpus : undefined) ?? vcpusOfSize(type);
  const family = Object.keys(perVcpuHour).find((each) => new RegExp(`^(${each})`).test(type)) ?? '';
  const { platformDetails = 'Linux/UNIX' } = instance;
  const licence = licences.find(([name]) => platformDetails.includes(name));
  // A licence of SQL Server is of four vCPUs at the least.
  const licensed = licence ? Math.max(4, vcpus) * licence[1] : 0;
  return { vcpus, perHour: vcpus * (perVcpuHour[family] ?? PRICES.otherVcpuHour) + licensed };
}

/** @throws LifeboatError when a drill may cost more than it is allowed to */
export function refuseCost({ usd, assumptions }: DrillCost, most: number, command: string): void {
  if (usd <= most) return;
  throw new LifeboatError({
    what: 'The drill may cost more than it is allowed to, so nothing was made',
    got: `${usd.toFixed(2)} USD at the most: ${assumptions}`,
    expected: `at most ${most.toFixed(2)} USD`,
    next: `${command} --most-usd ${Math.ceil(usd)}, or a shorter --ttl, or fewer machines by lifeboat:recoverOnly`,
  });
}

function vcpusOfSize(type: string): number {
  const size = type.split('.')[1] ?? '';
  const [, times] = /^(\d*)xlarge$/.exec(size) ?? [];
  if (times !== undefined) return 4 * Number(times || 1);
  return VCPUS[size] ?? MOST_VCPUS;
}
