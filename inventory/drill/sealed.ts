import { kinds } from '../../kinds';
import type { Plan, PlannedResource } from '../planned';

/** Pulumi tokens of all that a drill may be made of beside its machines. */
export const SEALED_TYPES: ReadonlySet<string> = new Set(
  kinds.filter(({ inDrill }) => inDrill === true).flatMap(({ types }) => types),
);

/**
 * What of a copy of the network would be a way out, or be billed, where nothing but the VPC itself is there: AWS's resolver answers
 * from within any VPC that supports DNS, and asks the world for it; a public address costs by the hour; so does the first machine of a
 * dedicated tenancy in a region.
 */
const SEALS: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  'aws:ec2/vpc:Vpc': { enableDnsSupport: false, enableDnsHostnames: false, instanceTenancy: 'default' },
  'aws:ec2/subnet:Subnet': { mapPublicIpOnLaunch: false, enableDns64: false },
};

/**
 * The plan of a drill: the network that machines need, and no way out of it. Pure.
 *
 * @throws when anything else is in the plan: nothing is made then
 */
export function sealed(plan: Plan): Plan {
  const resources = plan.resources.map((planned): PlannedResource => {
    if (!SEALED_TYPES.has(planned.type) || planned.afterMachines)
      throw new Error(`${planned.name} is of the type ${planned.type}, which is no part of a drill`);
    return { ...planned, args: { ...planned.args, ...SEALS[planned.type] } };
  });
  return { ...plan, resources, atRecovery: [] };
}
