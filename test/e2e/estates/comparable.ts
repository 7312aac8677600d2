import type { Route } from '@aws-sdk/client-ec2';
import { compared } from './fields';
import { Names, type Side } from './names';
import * as networkFields from './networkFields';
import * as objectFields from './objectFields';
import type { AccountContent } from './readAccount';

/** An account's objects, by what and whose they are, each with its fields. */
export type Comparable = ReadonlyMap<string, Readonly<Record<string, unknown>>>;

/** Both sides in terms of the source. */
export function comparables(
  source: { side: Side; content: AccountContent },
  dr: { side: Side; content: AccountContent },
): { source: Comparable; dr: Comparable } {
  const theirs = new Names(source.side, source.content);
  const ours = new Names(dr.side, dr.content, theirs);
  const held = heldAddresses(source.content, theirs);
  return {
    source: comparable(source.content, theirs, held),
    dr: comparable(dr.content, ours, held),
  };
}

/** What the source's machines hold: DR keeps an explicit reservation for each. */
function heldAddresses(content: AccountContent, names: Names): ReadonlySet<string> {
  const subnets = new Set(content.subnets.map(({ SubnetId }) => SubnetId));
  return new Set(
    content.instances
      .flatMap(({ NetworkInterfaces }) => NetworkInterfaces ?? [])
      .filter(({ SubnetId }) => subnets.has(SubnetId))
      .flatMap(({ SubnetId, PrivateIpAddresses, Ipv6Addresses }) => [
        ...(PrivateIpAddresses ?? []).map((each) => place(SubnetId, `${each.PrivateIpAddress}/32`, names)),
        ...(Ipv6Addresses ?? []).map((each) => place(SubnetId, `${each.Ipv6Address}/128`, names)),
      ]),
  );
}

const place = (subnet: string | undefined, cidr: string | undefined, names: Names) =>
  `reservation/${names.id(subnet)} ${names.cidr(cidr)}`;

function comparable(content: AccountContent, names: Names, held: ReadonlySet<string>): Comparable {
  const { isSource } = names.side;
  const result = new Map<string, Record<string, unknown>>();
  const add = (name: string, object: Record<string, unknown>): void =>
    void (result.has(name) ? add(`${name} again`, object) : result.set(name, object));

  for (const each of content.vpcs)
    add(`vpc/${names.id(each.VpcId)}`, compared(each, networkFields.vpc, names));
  for (const each of content.dhcpOptions)
    if (!names.isAwsOwn(each.DhcpOptionsId))
      add(`dhcp-options/${names.id(each.DhcpOptionsId)}`, compared(each, networkFields.dhcpOptions, names));
  for (const each of content.internetGateways)
    add(
      `internet-gateway/${names.id(each.InternetGatewayId)}`,
      compared(each, networkFields.internetGateway, names),
    );
  for (const each of content.egressOnly)
    add(
      `egress-only-internet-gateway/${names.id(each.EgressOnlyInternetGatewayId)}`,
      compared(each, networkFields.egressOnlyInternetGateway, names),
    );
  for (const each of content.subnets)
    add(`subnet/${names.id(each.SubnetId)}`, compared(each, networkFields.subnet, names));
  const reserved = new Set<string>();
  for (const each of content.reservations) {
    const name = place(each.SubnetId, each.Cidr, names);
    reserved.add(name);
    // What DR says of one that it makes for a machine is its own affair.
    const shown = held.has(name) ? { ...each, Description: undefined } : each;
    add(name, compared(shown, networkFields.reservation, names));
  }
  if (isSource) for (const name of held) if (!reserved.has(name)) add(name, { ReservationType: 'explicit' });
  routing(content, names, add);
  filters(content, names, add);
  launching(content, names, add);
  if (!isSource) billed(content, add);
  return result;
}

type Add = (name: string, object: Record<string, unknown>) => void;

function routing(content: AccountContent, names: Names, add: Add): void {
  const { isSource } = names.side;
  const leads = leadsSomewhereFree(content);
  for (const table of content.routeTables) {
    const name = names.id(table.RouteTableId);
    add(`route-table/${name}`, compared(table, networkFields.routeTable, names));
    for (const each of table.Routes ?? []) {
      if (isSource && !leads(each)) continue;
      const destination =
        each.DestinationCidrBlock ??
        names.cidr(each.DestinationIpv6CidrBlock) ??
        names.id(each.DestinationPrefixListId);
      add(`route/${name} ${destination}`, {
        ...compared(each, networkFields.route, names),
        ...(leads(each) ? {} : { target: 'billed, or gone' }),
      });
    }
    for (const { Main, SubnetId, GatewayId } of table.Associations ?? [])
      add(`association/${Main ? `main of ${names.id(table.VpcId)}` : names.id(SubnetId ?? GatewayId)}`, {
        RouteTableId: name,
      });
  }
  // DR must not have the others, and then shows them.
  for (const each of content.endpoints)
    if (!isSource || each.VpcEndpointType === 'Gateway')
      add(`vpc-endpoint/${names.id(each.VpcEndpointId)}`, compared(each, networkFields.endpoint, names));
  for (const each of content.peerings)
    if (isActive(each))
      add(`peering/${names.id(each.VpcPeeringConnectionId)}`, compared(each, networkFields.peering, names));
}

/** Peerings are shown for a while after their end. */
const isActive = ({ Status }: AccountContent['peerings'][number]) => Status?.Code === 'active';

/** Whether a route's target is there, and free. */
function leadsSomewhereFree(content: AccountContent): (route: Route) => boolean {
  const targets = new Set<string | undefined>([
    'local',
    ...content.internetGateways
      .filter(({ Attachments = [] }) => Attachments.length > 0)
      .map(({ InternetGatewayId }) => InternetGatewayId),
    ...content.egressOnly.map(({ EgressOnlyInternetGatewayId }) => EgressOnlyInternetGatewayId),
    ...content.peerings.filter(isActive).map(({ VpcPeeringConnectionId }) => VpcPeeringConnectionId),
    ...content.endpoints
      .filter(({ VpcEndpointType }) => VpcEndpointType === 'Gateway')
      .map(({ VpcEndpointId }) => VpcEndpointId),
  ]);
  return ({ GatewayId, EgressOnlyInternetGatewayId, VpcPeeringConnectionId }) => {
    const target = GatewayId ?? EgressOnlyInternetGatewayId ?? VpcPeeringConnectionId;
    return target !== undefined && targets.has(target);
  };
}

function filters(content: AccountContent, names: Names, add: Add): void {
  for (const acl of content.acls) {
    const name = names.id(acl.NetworkAclId);
    add(`network-acl/${name}`, compared(acl, objectFields.networkAcl, names));
    for (const each of acl.Entries ?? [])
      add(
        `network-acl-entry/${name} ${each.Egress ? 'out' : 'in'} ${each.RuleNumber}`,
        compared(each, objectFields.networkAclEntry, names),
      );
    for (const { SubnetId } of acl.Associations ?? [])
      add(`network-acl-association/${names.id(SubnetId)}`, { NetworkAclId: name });
  }
  for (const each of content.groups)
    add(`security-group/${names.id(each.GroupId)}`, compared(each, objectFields.securityGroup, names));
  for (const each of content.rules)
    add(
      `security-group-rule/${names.id(each.SecurityGroupRuleId)}`,
      compared(each, objectFields.securityGroupRule, names),
    );
  for (const { entries, ...list } of content.prefixLists) {
    if (list.OwnerId === 'AWS') continue;
    const name = names.id(list.PrefixListId);
    add(`prefix-list/${name}`, compared(list, objectFields.prefixList, names));
    for (const each of entries)
      add(
        `prefix-list-entry/${name} ${names.cidr(each.Cidr)}`,
        compared(each, objectFields.prefixListEntry, names),
      );
  }
}

function launching(content: AccountContent, names: Names, add: Add): void {
  for (const each of content.keyPairs)
    add(`key-pair/${names.id(each.KeyPairId)}`, compared(each, objectFields.keyPair, names));
  for (const each of content.placementGroups)
    add(`placement-group/${names.id(each.GroupId)}`, compared(each, objectFields.placementGroup, names));
  for (const each of content.templates)
    add(
      `launch-template/${names.id(each.LaunchTemplateId)}`,
      compared(each, objectFields.launchTemplate, names),
    );
  // Numbers are each side's own. What is launched from a template is launched from its default version.
  for (const each of content.versions)
    if (each.DefaultVersion) {
      const { LaunchTemplateData, ...rest } = compared(each, objectFields.launchTemplateVersion, names);
      const name = `launch-template/${names.id(each.LaunchTemplateId)} default version`;
      add(name, { ...rest, ...(LaunchTemplateData as object) });
    }
}

/** Nothing that is billed by the hour may be in DR at rest. */
function billed(content: AccountContent, add: Add): void {
  const ids = [
    ...content.instances.map(({ InstanceId }) => InstanceId),
    ...content.natGateways.map(({ NatGatewayId }) => NatGatewayId),
    ...content.transitGateways.map(({ TransitGatewayId }) => TransitGatewayId),
    ...content.interfaces.map(({ NetworkInterfaceId }) => NetworkInterfaceId),
    ...content.volumes.map(({ VolumeId }) => VolumeId),
    ...content.addresses.map(({ AllocationId }) => AllocationId),
  ];
  for (const id of ids) add(`billed/${id}`, {});
}
