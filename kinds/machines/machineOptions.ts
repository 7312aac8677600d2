import type { Instance } from '@aws-sdk/client-ec2';

/** What a machine was launched with beside its type and network, as DescribeInstances tells it. */
export interface MachineOptions {
  /** Whether CloudWatch is told its metrics every minute. */
  readonly monitoring: boolean;
  readonly placement: {
    /** By its name. */
    readonly groupName?: string;
    readonly partitionNumber?: number;
    /** `default`, `dedicated` or `host`. */
    readonly tenancy?: string;
    /** Of the source's account: DR has none of its hosts. */
    readonly hostId?: string;
    readonly affinity?: string;
    readonly hostResourceGroupArn?: string;
  };
  /** `default` or `disabled`. */
  readonly autoRecovery?: string;
  readonly hibernation: boolean;
  readonly enclave: boolean;
  readonly privateDnsNameOptions?: {
    /** `ip-name` or `resource-name`. */
    readonly hostnameType?: string;
    readonly resourceNameDnsARecord: boolean;
    readonly resourceNameDnsAaaaRecord: boolean;
  };
}

/** Pure. */
export function machineOptions(found: Instance): MachineOptions {
  const { Placement = {}, PrivateDnsNameOptions: names } = found;
  return {
    monitoring: ['enabled', 'pending'].includes(found.Monitoring?.State ?? ''),
    placement: {
      groupName: Placement.GroupName || undefined,
      // AWS tells 0 of machines in no partition.
      partitionNumber: Placement.PartitionNumber || undefined,
      tenancy: Placement.Tenancy,
      hostId: Placement.HostId,
      affinity: Placement.Affinity,
      hostResourceGroupArn: Placement.HostResourceGroupArn,
    },
    autoRecovery: found.MaintenanceOptions?.AutoRecovery,
    hibernation: found.HibernationOptions?.Configured ?? false,
    enclave: found.EnclaveOptions?.Enabled ?? false,
    privateDnsNameOptions: names && {
      hostnameType: names.HostnameType,
      resourceNameDnsARecord: names.EnableResourceNameDnsARecord ?? false,
      resourceNameDnsAaaaRecord: names.EnableResourceNameDnsAAAARecord ?? false,
    },
  };
}
