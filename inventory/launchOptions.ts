import type { InstanceArgs } from '@pulumi/aws/ec2/instance';
import type { Output } from '@pulumi/pulumi';
import { iamInstanceProfile } from '../kinds/iam/iamInstanceProfile';
import type { Instance } from '../kinds/machines/instance';
import { keyPair } from '../kinds/machines/keyPair';
import { meansMachine } from '../kinds/machines/meansMachine';
import { placementGroup } from '../kinds/machines/placementGroup';
import { itemName } from './inventory';
import { Ref, Secret } from './refs';

/** What a machine is launched with beside its image, disks and network. */
export interface LaunchOptions {
  readonly launch: Omit<InstanceArgs, 'ami'>;
  /** What of it is not as it was, in words that follow the machine's name. */
  readonly notes: readonly string[];
}

/**
 * A machine's own settings as they were in the source. What an older program has accepted lacks most of them: those are AWS's defaults.
 * Pure.
 *
 * @param mirrored names of the planned mirror
 * @param passUserData the entries of `lifeboat:passUserData`
 */
export function launchOptions(
  instance: Instance,
  mirrored: ReadonlySet<string>,
  passUserData: readonly string[] = [],
): LaunchOptions {
  const notes: string[] = [];
  const mirrorOf = (kind: string, id: string | undefined, without: (id: string) => string) => {
    if (id === undefined) return undefined;
    const name = itemName(kind, id);
    if (mirrored.has(name)) return new Ref(name) as unknown as Output<string>;
    notes.push(without(id));
    return undefined;
  };
  const { placement = {}, privateDnsNameOptions: names, cpuOptions, cpuCredits, autoRecovery } = instance;
  const profile = instance.iamInstanceProfileArn?.split('/').at(-1);
  const { tenancy, hostId, hostResourceGroupArn } = placement;
  const isOnHost = tenancy === 'host' || hostId !== undefined || hostResourceGroupArn !== undefined;
  if (isOnHost)
    notes.push(
      `launched on shared hardware: it runs on a dedicated host (${hostId ?? hostResourceGroupArn ?? 'any'}) of the source, and DR has none`,
    );
  const group = mirrorOf(
    placementGroup.name,
    placement.groupName,
    (id) => `launched outside of its placement group ${id}, which DR has no mirror of`,
  );
  const isPassed = passUserData.some((entry) => meansMachine(entry, instance));
  if (isPassed && instance.userData === undefined)
    notes.push(
      'launched without its user data: no run has looked it up since lifeboat:passUserData names it',
    );
  return {
    launch: {
      instanceType: instance.instanceType,
      iamInstanceProfile: mirrorOf(
        iamInstanceProfile.name,
        profile,
        (id) => `launched without its instance profile ${id}, which DR has no mirror of`,
      ),
      keyName: mirrorOf(
        keyPair.name,
        instance.keyName,
        (id) =>
          `launched without its key pair ${id}, which DR has no mirror of; a recovered machine keeps the keys that are on its disk`,
      ),
      ebsOptimized: instance.ebsOptimized,
      monitoring: instance.monitoring,
      metadataOptions: instance.metadataOptions,
      ...(group !== undefined && {
        placementGroup: group,
        placementPartitionNumber: placement.partitionNumber,
      }),
      ...(tenancy === 'dedicated' && !isOnHost && { tenancy }),
      ...(cpuOptions && { cpuOptions }),
      ...(cpuCredits !== undefined && { creditSpecification: { cpuCredits } }),
      ...(autoRecovery !== undefined && { maintenanceOptions: { autoRecovery } }),
      ...(instance.hibernation && { hibernation: true }),
      ...(instance.enclave && { enclaveOptions: { enabled: true } }),
      ...(names && {
        privateDnsNameOptions: {
          hostnameType: names.hostnameType,
          enableResourceNameDnsARecord: names.resourceNameDnsARecord,
          enableResourceNameDnsAaaaRecord: names.resourceNameDnsAaaaRecord,
        },
      }),
      ...(isPassed && instance.userData && userData(instance.userData)),
      disableApiTermination: instance.disableApiTermination,
      disableApiStop: instance.disableApiStop,
      instanceInitiatedShutdownBehavior: instance.shutdownBehavior,
    },
    notes,
  };
}

/**
 * Text as text: that is how the provider reads it back when it takes a machine over. What is no text, compressed say, goes as it is, and
 * is then in the state in plain once that was lost and made anew.
 */
function userData(base64: string): Pick<InstanceArgs, 'userData' | 'userDataBase64'> {
  const bytes = Buffer.from(base64, 'base64');
  const text = bytes.toString('utf8');
  const secret = (value: string) => new Secret(value) as unknown as Output<string>;
  return Buffer.from(text, 'utf8').equals(bytes)
    ? { userData: secret(text) }
    : { userDataBase64: secret(base64) };
}
