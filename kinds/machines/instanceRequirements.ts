import type { InstanceRequirements } from '@aws-sdk/client-ec2';
import type { LaunchTemplateArgs } from '@pulumi/aws/ec2/launchTemplate';
import { known, lowered } from '../known';
import type { MirrorContext } from '../mirrorContext';

/** What machines may be chosen from, as a launch template's argument has it: the provider writes MiB and VCpu in its own way. */
export function instanceRequirements(
  value: InstanceRequirements,
  ctx: MirrorContext,
): LaunchTemplateArgs['instanceRequirements'] {
  const {
    VCpuCount,
    MemoryMiB,
    MemoryGiBPerVCpu,
    TotalLocalStorageGB,
    AcceleratorTotalMemoryMiB,
    AcceleratorCount,
    BaselineEbsBandwidthMbps,
    NetworkBandwidthGbps,
    NetworkInterfaceCount,
    ...rest
  } = value;
  return {
    ...known(
      rest,
      [
        'AcceleratorManufacturers',
        'AcceleratorNames',
        'AcceleratorTypes',
        'AllowedInstanceTypes',
        'BareMetal',
        'BurstablePerformance',
        'CpuManufacturers',
        'ExcludedInstanceTypes',
        'InstanceGenerations',
        'LocalStorage',
        'LocalStorageTypes',
        'MaxSpotPriceAsPercentageOfOptimalOnDemandPrice',
        'OnDemandMaxPricePercentageOverLowestPrice',
        'RequireHibernateSupport',
        'SpotMaxPricePercentageOverLowestPrice',
      ],
      ctx,
    ),
    vcpuCount: { min: VCpuCount?.Min ?? 0, max: VCpuCount?.Max },
    memoryMib: { min: MemoryMiB?.Min ?? 0, max: MemoryMiB?.Max },
    memoryGibPerVcpu: MemoryGiBPerVCpu && lowered(MemoryGiBPerVCpu),
    totalLocalStorageGb: TotalLocalStorageGB && lowered(TotalLocalStorageGB),
    acceleratorTotalMemoryMib: AcceleratorTotalMemoryMiB && lowered(AcceleratorTotalMemoryMiB),
    acceleratorCount: AcceleratorCount && lowered(AcceleratorCount),
    baselineEbsBandwidthMbps: BaselineEbsBandwidthMbps && lowered(BaselineEbsBandwidthMbps),
    networkBandwidthGbps: NetworkBandwidthGbps && lowered(NetworkBandwidthGbps),
    networkInterfaceCount: NetworkInterfaceCount && lowered(NetworkInterfaceCount),
  };
}
