import type { Skipped } from './planned';
import { PROBE_TAG } from './probes';
import { overQuota, type QuotaProblem, quotaIncrease } from './quotas';
import type { FailedMachine } from './recoveryPlan';
import type { TakenAddress } from './takenAddresses';
import { WAVE_TAG } from './waves';

/** What a recovery would fail by, were it today. */
export interface PreflightProblem {
  readonly what: string;
  /** The next command or step. */
  readonly next: string;
}

/** What is known at rest of a recovery. */
export interface PreflightInput {
  /** Limits of AWS that only a recovery would exceed. */
  readonly quotas: readonly QuotaProblem[];
  /** Machines that could not be launched from the mirror. */
  readonly unlaunchable: readonly Pick<FailedMachine, 'name' | 'problem'>[];
  /** What would be made beside machines, and cannot be planned. */
  readonly unplanned: readonly Skipped[];
  /** Machines whose type the zone does not have. */
  readonly notOffered: readonly Pick<FailedMachine, 'name' | 'problem'>[];
  /** Machines whose place in the order of a recovery cannot be read. */
  readonly unordered: readonly { readonly id: string; readonly name: string; readonly wave: string }[];
  /** Machines whose ports that have to answer cannot be read. */
  readonly unprobed: readonly { readonly id: string; readonly name: string; readonly probe: string }[];
  /** Machines with ports to ask, where the vault has no role by which to ask them. */
  readonly unasked: readonly string[];
  /** Machines that are billed for a licence, of which an image may lie. */
  readonly licensed: readonly PreflightProblem[];
  /** Addresses of machines that others have in DR. */
  readonly taken: readonly TakenAddress[];
  /** Domains of mirrored certificates that ACM has not issued. */
  readonly unissued: readonly string[];
  readonly drRegion: string;
}

/** What would fail in a disaster, said while there is time. Every run says it, and `lifeboat preflight` prints it. Pure. */
export function preflight(input: PreflightInput): PreflightProblem[] {
  return [
    ...input.unlaunchable.map(({ name, problem }) => ({
      what: `${name} could not be recovered: ${problem}`,
      next: 'the plan says why each is not in the mirror: npm run pulumi -- preview',
    })),
    ...input.licensed,
    ...input.taken.map(({ name, address, interfaceId, of }) => ({
      what: `${name} could not be launched: its address ${address} is taken in DR by ${interfaceId} of ${of}`,
      next: `see what it is, and give it another address: aws ec2 describe-network-interfaces --region ${input.drRegion} --network-interface-ids ${interfaceId}`,
    })),
    ...input.notOffered.map(({ name, problem }) => ({
      what: `${name} could not be launched: ${problem}`,
      next: 'map its zone to one that has it (npm run pulumi -- config set lifeboat:zones SOURCE=DR), which moves subnets; or give it another type in DR: npm run pulumi -- config set lifeboat:instanceTypes TYPE=OTHER',
    })),
    ...input.unordered.map(({ id, name, wave }) => ({
      what: `${name} would come up as if it had no wave: its tag ${WAVE_TAG} is "${wave}", and neither a number from 1 to 99 nor a chain and a number (shop/2)`,
      next: `in the source: aws ec2 create-tags --resources ${id} --tags Key=${WAVE_TAG},Value=1`,
    })),
    ...input.unprobed.map(({ id, name, probe }) => ({
      what: `${name} would be waited for without a look at its ports: its tag ${PROBE_TAG} is "${probe}", and not one TCP port from 1 to 65535 or several (5432,8080)`,
      next: `in the source: aws ec2 create-tags --resources ${id} --tags Key=${PROBE_TAG},Value=5432`,
    })),
    ...(input.unasked.length > 0
      ? [
          {
            what: `the ports of ${input.unasked.join(', ')} could not be asked, and what waits for them would not come: the vault has no role for that yet`,
            next: `as an administrator of the DR account: npm run pulumi -- -C vault up`,
          },
        ]
      : []),
    ...input.unplanned.map(({ name, reason }) => ({
      what: `${name} would not be made: ${reason}`,
      next: `npx lifeboat inventory show ${name}`,
    })),
    ...input.unissued.map((domain) => ({
      what: `what serves ${domain} would not be made: its certificate in DR is not issued`,
      next: 'npx lifeboat status names the DNS records that ACM waits for',
    })),
    ...input.quotas.map((problem) => ({
      what: `a recovery would not fit: ${overQuota(problem)}`,
      next: quotaIncrease(problem, input.drRegion),
    })),
  ];
}
