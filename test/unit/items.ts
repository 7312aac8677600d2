import type { PlanOptions } from '../../inventory/planned';
import type { Recovered } from '../../inventory/recovered';
import type { Instance } from '../../kinds/machines/instance';
import type { Volume } from '../../kinds/machines/volume';
import type { NetworkAclEntry } from '../../kinds/network/networkAclEntry';
import type { PrefixList } from '../../kinds/network/prefixList';
import type { Route } from '../../kinds/network/route';
import type { SecurityGroup } from '../../kinds/network/securityGroup';
import type { SecurityGroupRule } from '../../kinds/network/securityGroupRule';
import type { Subnet } from '../../kinds/network/subnet';
import type { Vpc } from '../../kinds/network/vpc';
import type { MetricAlarm } from '../../kinds/watch/metricAlarm';
import type { Copy } from '../../snapshots/catalogue';

/** DR before any recovery. */
export const NOTHING_RECOVERED: Recovered = {
  images: { registered: new Map(), failed: new Set(), named: new Map() },
  instances: new Map(),
  types: new Map(),
  interfaces: new Map(),
};

export function vpc(id: string, more: Partial<Vpc> = {}): Vpc {
  return {
    id,
    tags: {},
    cidrBlock: '10.0.0.0/16',
    instanceTenancy: 'default',
    enableDnsSupport: true,
    enableDnsHostnames: false,
    enableNetworkAddressUsageMetrics: false,
    isDefault: false,
    ...more,
  };
}

export function subnet(id: string, vpcId: string, more: Partial<Subnet> = {}): Subnet {
  return {
    id,
    tags: {},
    vpcId,
    cidrBlock: '10.0.1.0/24',
    availabilityZoneId: 'euw1-az1',
    mapPublicIpOnLaunch: false,
    ipv6Native: false,
    assignIpv6AddressOnCreation: false,
    enableDns64: false,
    hostnameType: 'ip-name',
    resourceNameDnsARecord: false,
    resourceNameDnsAaaaRecord: false,
    ...more,
  };
}

export function group(id: string, vpcId: string, groupName: string, tags = {}): SecurityGroup {
  return { id, tags, vpcId, groupName, description: groupName };
}

export function rule(id: string, groupId: string, more: Partial<SecurityGroupRule> = {}): SecurityGroupRule {
  return {
    id,
    tags: {},
    groupId,
    isEgress: false,
    ipProtocol: 'tcp',
    fromPort: 443,
    toPort: 443,
    groupOwnerId: '111111111111',
    ...more,
  };
}

export function prefixList(id: string, more: Partial<PrefixList> = {}): PrefixList {
  return {
    id,
    tags: {},
    prefixListName: 'offices',
    ownerId: '111111111111',
    addressFamily: 'IPv4',
    maxEntries: 20,
    entries: [{ cidr: '192.0.2.0/24', description: 'an office' }],
    ...more,
  };
}

export function aclEntry(
  networkAclId: string,
  ruleNumber: number,
  more: Partial<NetworkAclEntry> = {},
): NetworkAclEntry {
  const isEgress = more.isEgress ?? false;
  return {
    id: `${networkAclId}_${isEgress ? 'egress' : 'ingress'}_${ruleNumber}`,
    tags: {},
    networkAclId,
    isEgress,
    ruleNumber,
    protocol: '-1',
    ruleAction: 'allow',
    cidrBlock: more.ipv6CidrBlock ? undefined : '0.0.0.0/0',
    ...more,
  };
}

export function route(
  routeTableId: string,
  target: string,
  destinationCidrBlock = '0.0.0.0/0',
  more: Partial<Route> = {},
): Route {
  return {
    id: `${routeTableId}_${destinationCidrBlock}`,
    tags: {},
    routeTableId,
    destinationCidrBlock,
    target,
    origin: 'CreateRoute',
    isBlackhole: false,
    ...more,
  };
}

export function volume(id: string, tags: Record<string, string> = { MUSTSNAP: 'True' }): Volume {
  return { id, tags, size: 8, volumeType: 'gp3', iops: 3000, throughput: 125, encrypted: false };
}

export function instance(
  id: string,
  name: string,
  volumes: readonly string[],
  more: Partial<Instance> = {},
): Instance {
  return {
    id,
    tags: name === '' ? {} : { Name: name },
    instanceType: 't3.micro',
    architecture: 'x86_64',
    subnetId: 'subnet-1',
    vpcId: 'vpc-1',
    privateIpAddress: '10.0.1.10',
    securityGroupIds: ['sg-1'],
    rootDeviceName: '/dev/xvda',
    blockDevices: volumes.map((volumeId, index) => ({
      deviceName: index === 0 ? '/dev/xvda' : `/dev/sd${'fghij'[index - 1]}`,
      volumeId,
      deleteOnTermination: index === 0,
    })),
    attachedSince: {},
    enaSupport: true,
    ebsOptimized: false,
    sourceDestCheck: true,
    metadataOptions: {},
    networkInterfaces: 1,
    addresses: [],
    ...more,
  };
}

export function copy(id: string, sourceVolumeId: string, time: string, more: Partial<Copy> = {}): Copy {
  return {
    id,
    sourceSnapshotId: `snap-of-${id}`,
    sourceVolumeId,
    sourceTime: new Date(time),
    size: 8,
    state: 'completed',
    progress: 100,
    encrypted: true,
    tags: {},
    ...more,
  };
}

/** Settings that a plan is made with. */
/** What an alarm of either type does that does nothing. */
export const NO_ACTIONS = {
  actionsEnabled: true,
  alarmActions: [],
  okActions: [],
  insufficientDataActions: [],
  description: undefined,
};

/** An alarm on the load of machines. */
export function alarm(id: string, more: Partial<MetricAlarm> = {}): MetricAlarm {
  const settings = {
    ComparisonOperator: 'GreaterThanThreshold',
    EvaluationPeriods: 2,
    MetricName: 'CPUUtilization',
    Namespace: 'AWS/EC2',
    Period: 300,
    Statistic: 'Average',
    Threshold: 0,
  } as const;
  return { id, tags: {}, ...NO_ACTIONS, settings, dimensions: {}, queries: [], newer: [], ...more };
}

export const PLAN_OPTIONS: PlanOptions = {
  mirrorDefaultVpc: false,
  trust: [],
  replicateBuckets: [],
  buckets: {},
  bucketsExcept: [],
  bucketLock: undefined,
  sourceAccount: '111111111111',
  sourceRegion: 'eu-west-1',
  drAccount: '222222222222',
  drRegion: 'eu-central-1',
};
