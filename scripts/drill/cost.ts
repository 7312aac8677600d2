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
 */
export function drillCost(machines: readonly PlannedMachine[], minutes: number): DrillCost {
  let [vcpus, gib, perHour] = [0, 0, 0];
  for (const { instance, launch, image } of machines) {
    const type = String(launch.instanceType);
    const own = type === instance.instanceType ? instance.vcpus : undefined;
    const count = own ?? vcpusOfSize(type);
    const { licensed, perVcpuHour } = PRICES;
    const isLicensed = !['Linux/UNIX', undefined].includes(instance.platformDetails);
    const family = Object.keys(perVcpuHour).find((each) => new RegExp(`^(${each})`).test(type)) ?? '';
    vcpus += count;
    perHour += count * ((perVcpuHour[family] ?? PRICES.otherVcpuHour) + (isLicensed ? licensed : 0));
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
    assumptions: `${vcpus} vCPUs and ${gib} GiB for ${minutes} minutes, at ${PRICES.otherVcpuHour} USD a vCPU and hour (more for accelerated, large-memory and licensed machines) and ${PRICES.gibMonth} USD a GiB and month`,
  };
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
