import type { Estate } from './randomEstate';
import { type Call, type CallInput, type Step, step } from './step';

/** A change of DR alone, and what a comparison has to say of it: lines, by their beginnings, in terms of the source. */
export interface Mutation {
  readonly title: string;
  readonly steps: readonly Step[];
  readonly shows: readonly (string | RegExp)[];
}

/**
 * One change of each kind of object, in fields, by removal and by addition.
 *
 * @param ids the source's ids by name
 */
export function mutations(estate: Estate, ids: ReadonlyMap<string, string>): Mutation[] {
  const id = (name: string) => {
    const found = ids.get(name);
    if (found === undefined) throw new Error(`The estate has no ${name}`);
    return found;
  };
  let count = 0;
  const change = <C extends Call>(call: C, input: CallInput<C>): Step =>
    step(`change-${count++}`, call, input);
  const tag = (kind: string, name: string): Mutation => ({
    title: `a tag of a ${kind}`,
    steps: [change('CreateTags', { Resources: [`<${name}>`], Tags: [{ Key: 'changed', Value: 'in DR' }] })],
    shows: [`${kind}/${id(name)} Tags`],
  });
  /** Likewise, of what is known by its name. */
  const named = (kind: string, name: string): Mutation => ({
    ...tag(kind, name),
    shows: [`${kind}/${name} Tags`],
  });
  const subnet = (what: string, input: object): Mutation => ({
    title: `${what} of a subnet`,
    steps: [change('ModifySubnetAttribute', { SubnetId: '<subnet-0-0>', ...input })],
    shows: [`subnet/${id('subnet-0-0')} ${what}`],
  });
  const entry = estate.steps.find(
    ({ name, call }) => call === 'CreateNetworkAclEntry' && name.startsWith('vpc-0-acl-0.'),
  );
  const entryInput = entry?.input as CallInput<'CreateNetworkAclEntry'>;
  const acl = id('vpc-0-acl-0');
  const cidr = estate.steps.find(({ name }) => name === 'subnet-0-0.appliances')?.input as { Cidr: string };
  const held = estate.held[0];
  if (!held) throw new Error('No machine holds an address');
  const office = estate.steps.find(({ name }) => name === 'table-0.to-office')?.input as {
    DestinationCidrBlock: string;
  };
  const gone = <C extends Call>(title: string, name: string, call: C, input: CallInput<C>): Mutation => ({
    title,
    steps: [change(call, input)],
    shows: [`${name}: not in DR`],
  });

  return [
    tag('vpc', 'vpc-0'),
    tag('dhcp-options', 'dhcp-1'),
    tag('internet-gateway', 'igw-unattached'),
    tag('egress-only-internet-gateway', 'eigw-0'),
    tag('subnet', 'subnet-1-0'),
    tag('route-table', 'table-0'),
    tag('network-acl', 'vpc-0-acl-0'),
    tag('security-group', 'group-0-1'),
    tag('security-group-rule', 'group-0-0.rule-0'),
    tag('prefix-list', 'list-empty'),
    tag('vpc-endpoint', 'vpc-0-dynamodb'),
    tag('peering', 'peering-0'),
    named('key-pair', 'key-0'),
    named('placement-group', 'placement-0'),
    tag('launch-template', 'template-1'),
    {
      title: 'network address usage metrics of a VPC',
      steps: [
        change('ModifyVpcAttribute', {
          VpcId: '<vpc-0>',
          EnableNetworkAddressUsageMetrics: { Value: false },
        }),
      ],
      shows: [`vpc/${id('vpc-0')} attributes`],
    },
    {
      title: 'the option set of a VPC',
      steps: [change('AssociateDhcpOptions', { VpcId: '<vpc-1>', DhcpOptionsId: '<dhcp-1>' })],
      shows: [`vpc/${id('vpc-1')} DhcpOptionsId`],
    },
    {
      title: 'one more range of a VPC, which is in its tables too',
      steps: [change('AssociateVpcCidrBlock', { VpcId: '<vpc-2>', CidrBlock: '100.127.0.0/20' })],
      shows: [
        `vpc/${id('vpc-2')} CidrBlockAssociationSet`,
        /^route\/rtb-\w+ 100\.127\.0\.0\/20: in DR alone/,
      ],
    },
    subnet('MapPublicIpOnLaunch', { MapPublicIpOnLaunch: { Value: false } }),
    subnet('AssignIpv6AddressOnCreation', { AssignIpv6AddressOnCreation: { Value: false } }),
    subnet('EnableDns64', { EnableDns64: { Value: false } }),
    subnet('PrivateDnsNameOptionsOnLaunch', { EnableResourceNameDnsARecordOnLaunch: { Value: false } }),
    gone('a reservation', `reservation/${id('subnet-0-0')} ${cidr.Cidr}`, 'DeleteSubnetCidrReservation', {
      SubnetCidrReservationId: '<subnet-0-0.appliances>',
    }),
    gone(
      'the reservation of an address that a machine holds',
      `reservation/${id(held.subnet)} ${held.cidr}`,
      'DeleteSubnetCidrReservation',
      { SubnetCidrReservationId: '<held-0>' },
    ),
    {
      title: 'where a route leads to',
      steps: [
        change('ReplaceRoute', {
          RouteTableId: '<table-0>',
          DestinationCidrBlock: '0.0.0.0/0',
          VpcPeeringConnectionId: '<peering-0>',
        }),
      ],
      shows: ['GatewayId', 'VpcPeeringConnectionId'].map(
        (field) => `route/${id('table-0')} 0.0.0.0/0 ${field}`,
      ),
    },
    gone('a route', `route/${id('table-0')} ${office.DestinationCidrBlock}`, 'DeleteRoute', {
      RouteTableId: '<table-0>',
      DestinationCidrBlock: office.DestinationCidrBlock,
    }),
    {
      title: 'a route more',
      steps: [
        change('CreateRoute', {
          RouteTableId: '<table-1>',
          DestinationIpv6CidrBlock: '2001:db8:ffff::/48',
          GatewayId: '<igw-1>',
        }),
      ],
      shows: [`route/${id('table-1')} 2001:db8:ffff::/48: in DR alone`],
    },
    gone("a gateway's table", `association/${id('igw-0')}`, 'DisassociateRouteTable', {
      AssociationId: '<vpc-0-edge.association>',
    }),
    {
      title: 'an entry of an ACL',
      steps: [
        change('ReplaceNetworkAclEntry', {
          ...entryInput,
          RuleAction: entryInput.RuleAction === 'allow' ? 'deny' : 'allow',
        }),
      ],
      shows: [
        `network-acl-entry/${acl} ${entryInput.Egress ? 'out' : 'in'} ${entryInput.RuleNumber} RuleAction`,
      ],
    },
    {
      title: 'an entry more of an ACL',
      steps: [
        change('CreateNetworkAclEntry', {
          NetworkAclId: '<vpc-0-acl-0>',
          RuleNumber: 32_000,
          Egress: true,
          RuleAction: 'deny',
          Protocol: '6',
          PortRange: { From: 1, To: 1 },
          CidrBlock: '10.0.0.0/8',
        }),
      ],
      shows: [`network-acl-entry/${acl} out 32000: in DR alone`],
    },
    {
      title: 'the description of a rule',
      steps: [
        change('ModifySecurityGroupRules', {
          GroupId: '<group-0-0>',
          SecurityGroupRules: [
            {
              SecurityGroupRuleId: '<group-0-0.rule-3>',
              SecurityGroupRule: {
                IpProtocol: 'udp',
                FromPort: 53,
                ToPort: 53,
                CidrIpv4: estate.vpcs[0]?.cidr,
                Description: 'changed in DR',
              },
            },
          ],
        }),
      ],
      shows: [`security-group-rule/${id('group-0-0.rule-3')} Description`],
    },
    {
      title: 'a rule more',
      steps: [
        change('AuthorizeSecurityGroupIngress', {
          GroupId: '<group-1-1>',
          IpPermissions: [
            { IpProtocol: 'tcp', FromPort: 61_000, ToPort: 61_001, IpRanges: [{ CidrIp: '192.0.2.1/32' }] },
          ],
        }),
      ],
      shows: [
        `security-group-rule/untagged, ${id('group-1-1')} false tcp 61000 61001 192.0.2.1/32: in DR alone`,
      ],
    },
    {
      title: 'a description, an entry more and the name of a prefix list',
      steps: [
        change('ModifyManagedPrefixList', {
          PrefixListId: '<list-ipv4>',
          CurrentVersion: 1,
          PrefixListName: 'changed in DR',
          AddEntries: [
            { Cidr: '198.51.100.7/32', Description: 'changed in DR' },
            { Cidr: '198.51.100.8/32' },
          ],
        }),
      ],
      shows: [
        `prefix-list/${id('list-ipv4')} PrefixListName`,
        `prefix-list-entry/${id('list-ipv4')} 198.51.100.7/32 Description`,
        `prefix-list-entry/${id('list-ipv4')} 198.51.100.8/32: in DR alone`,
      ],
    },
    {
      title: 'the policy of an endpoint',
      steps: [change('ModifyVpcEndpoint', { VpcEndpointId: '<vpc-0-s3>', ResetPolicy: true })],
      shows: [`vpc-endpoint/${id('vpc-0-s3')} PolicyDocument`],
    },
    {
      title: 'the options of a peering',
      steps: [
        change('ModifyVpcPeeringConnectionOptions', {
          VpcPeeringConnectionId: '<peering-0>',
          AccepterPeeringConnectionOptions: { AllowDnsResolutionFromRemoteVpc: flipped(estate) },
        }),
      ],
      shows: [`peering/${id('peering-0')} AccepterVpcInfo`],
    },
    gone('a key pair', 'key-pair/key-1', 'DeleteKeyPair', { KeyPairId: '<key-1>' }),
    gone('a placement group', 'placement-group/placement-1', 'DeletePlacementGroup', {
      GroupName: 'placement-1',
    }),
    {
      title: 'the default version of a launch template',
      steps: [change('ModifyLaunchTemplate', { LaunchTemplateId: '<template-0>', DefaultVersion: '3' })],
      shows: [`launch-template/${id('template-0')} default version`],
    },
    {
      title: 'what is billed',
      steps: [change('CreateVolume', { AvailabilityZone: 'eu-central-1a', Size: 1 })],
      shows: [/^billed\/vol-\w+: in DR alone/],
    },
    {
      title: 'an option set and a subnet that stand for nothing',
      steps: [
        change('CreateDhcpOptions', { DhcpConfigurations: [{ Key: 'domain-name', Values: ['stray'] }] }),
        change('CreateSubnet', {
          VpcId: '<vpc-1>',
          CidrBlock: `${estate.vpcs[1]?.cidr.split('.').slice(0, 2).join('.')}.200.0/28`,
        }),
      ],
      shows: [
        /^dhcp-options\/dopt-\w+, untagged: in DR alone/,
        /^subnet\/subnet-\w+, untagged: in DR alone/,
        /^network-acl-association\/subnet-\w+, untagged: in DR alone/,
      ],
    },
  ];
}

/** Another value than the estate's peering has. */
function flipped(estate: Estate): boolean {
  const options = estate.steps.find(({ name }) => name === 'peering-0.options')?.input as
    | CallInput<'ModifyVpcPeeringConnectionOptions'>
    | undefined;
  return !options?.AccepterPeeringConnectionOptions?.AllowDnsResolutionFromRemoteVpc;
}
