import { type Address, DescribeAddressesCommand } from '@aws-sdk/client-ec2';
import type { EipArgs } from '@pulumi/aws/ec2/eip';
import { type Item, type Kind, present, tagRecord } from '../kind';
import type { Instance } from '../machines/instance';
import { type MirrorContext, resource } from '../mirrorContext';
import { gatewayOn, natGateway, needsWayOut } from './natGateway';

/** An Elastic IP address, by its allocation's id. */
export interface ElasticIp extends Item {
  readonly publicIp: string;
  /** The machine that it is on. */
  readonly instanceId?: string;
  /** Of that machine, or of what else it is on. */
  readonly privateIpAddress?: string;
  readonly networkInterfaceId?: string;
  /** `amazon`, or the id of a pool of the account's own. */
  readonly pool?: string;
  readonly networkBorderGroup?: string;
  /** The AWS service that has it. */
  readonly madeBy?: string;
}

/**
 * An Elastic IP address. AWS bills every one by the hour; at a recovery the machine or NAT gateway that had one gets another, for no address
 * can leave its account and region. https://aws.amazon.com/vpc/pricing/
 */
export const elasticIp: Kind<ElasticIp> = {
  name: 'elastic-ip',
  title: 'Elastic IP address',
  cost: 'billed',
  madeAtRecovery: true,
  types: ['aws:ec2/eip:Eip'],
  iamActions: ['ec2:DescribeAddresses'],

  // AWS answers all of them at once.
  async list({ ec2 }) {
    const { Addresses } = await ec2.send(new DescribeAddressesCommand({}));
    return present(Addresses, 'Addresses').map((found) => ({
      id: present(found.AllocationId, 'AllocationId'),
      tags: tagRecord(found.Tags),
      publicIp: present(found.PublicIp, 'PublicIp'),
      instanceId: found.InstanceId || undefined,
      privateIpAddress: found.PrivateIpAddress || undefined,
      networkInterfaceId: found.NetworkInterfaceId || undefined,
      pool: found.PublicIpv4Pool,
      networkBorderGroup: found.NetworkBorderGroup,
      madeBy: serviceOf(found),
    }));
  },

  skip(item, options) {
    const { all, find, source } = options;
    if (item.madeBy) return `${item.madeBy} made it, and makes it again where it is used`;
    if (item.networkBorderGroup !== undefined && item.networkBorderGroup !== source.region)
      return `it is of ${item.networkBorderGroup}, which is no part of the region's own network`;
    if (item.networkInterfaceId === undefined) return 'nothing has it';
    if (item.instanceId === undefined) {
      const gateway = gatewayOn(item.id, all);
      if (!gateway) return `it is on the network interface ${item.networkInterfaceId}, of no machine`;
      const reason = natGateway.skip?.(gateway, options);
      if (reason) return `it is on the NAT gateway ${gateway.id}: ${reason}`;
      return gateway.allocationId === item.id
        ? undefined
        : `it is a further address of the NAT gateway ${gateway.id}`;
    }
    const machine = find('instance', item.instanceId) as Instance | undefined;
    // Only that address of a machine is recovered.
    return machine?.privateIpAddress === item.privateIpAddress
      ? undefined
      : `it is on the address ${item.privateIpAddress}, which is not the first of ${item.instanceId}`;
  },

  atRecovery: () => 'an Elastic IP address, which is billed by the hour',

  mirror(item, ctx) {
    const gateway = item.instanceId === undefined ? gatewayOn(item.id, ctx.all) : undefined;
    // The gateway takes it; without one it would be billed for nothing.
    if (gateway) needsWayOut(gateway, ctx);
    return resource<EipArgs>('aws:ec2/eip:Eip', {
      domain: 'vpc',
      ...(!gateway && onMachine(present(item.instanceId, 'InstanceId'), ctx)),
      tags: ctx.tags(item),
    });
  },

  taggedWhenMade: true,

  quotas: [{ service: 'ec2', code: 'L-0263D0A3', name: 'EC2-VPC Elastic IPs', atRecovery: true }],
};

/** AWS takes a machine only if it has one interface. https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_AssociateAddress.html */
function onMachine(id: string, ctx: MirrorContext): Pick<EipArgs, 'instance' | 'networkInterface'> {
  const machine = ctx.find('instance', id) as Instance | undefined;
  return (machine?.interfaces?.length ?? 1) > 1
    ? { networkInterface: ctx.machine(id, undefined, 'primaryNetworkInterfaceId') }
    : { instance: ctx.machine(id) };
}

function serviceOf(found: Address): string | undefined {
  const { ServiceManaged } = found as { ServiceManaged?: string };
  return ServiceManaged && `the AWS service ${ServiceManaged}`;
}
