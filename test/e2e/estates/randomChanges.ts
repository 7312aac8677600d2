import { Random } from './random';
import type { Estate } from './randomEstate';
import { type Call, type CallInput, type Step, type StepOptions, step } from './step';

/** How many changes a source sees between two runs. */
const COUNT = 9;

/**
 * What people do to an estate between two runs, the same for the same seed: some nine changes, among them things that are taken
 * away. A run asks about some of it: another policy, other name servers, a way over a peering.
 */
export function randomChanges(seed: number, estate: Estate): Step[] {
  // Another beginning than the estate's own, or both would draw the same numbers.
  const random = new Random(seed + 1_000_003);
  const all = everyChange(random, estate);
  return [...all.always, ...random.some(all.sometimes, COUNT, COUNT)].flat();
}

/** Each change is of another object, so that they may come in any order. */
function everyChange(random: Random, estate: Estate): { always: Step[][]; sometimes: Step[][] } {
  let count = 0;
  const change = <C extends Call>(call: C, input: CallInput<C>, options?: StepOptions): Step =>
    step(`change-${count++}`, call, input, options);
  const inputOf = <C extends Call>(name: string, _call: C): CallInput<C> => {
    const found = estate.steps.find((each) => each.name === name);
    if (!found) throw new Error(`The estate has no ${name}`);
    return found.input as CallInput<C>;
  };
  const [first, second, third] = estate.vpcs;
  if (!first || !second || !third) throw new Error('An estate has three VPCs at least');
  const entry = random.pick(
    estate.steps.filter(
      ({ call, name }) => call === 'CreateNetworkAclEntry' && name.startsWith('vpc-0-acl-0.'),
    ),
  ).input as CallInput<'CreateNetworkAclEntry'>;
  const office = inputOf('table-0.to-office', 'CreateRoute').DestinationCidrBlock;
  const free = `${second.cidr.split('.').slice(0, 2).join('.')}.240.0/26`;
  const subnet = step(
    'subnet-new',
    'CreateSubnet',
    {
      VpcId: '<vpc-1>',
      CidrBlock: free,
      AvailabilityZoneId: random.pick(['euw1-az1', 'euw1-az2', 'euw1-az3']),
    },
    { tags: { Name: 'new' } },
  );
  return {
    always: [
      [subnet],
      [
        change('ModifySecurityGroupRules', {
          GroupId: '<group-0-0>',
          SecurityGroupRules: [
            {
              SecurityGroupRuleId: '<group-0-0.rule-5>',
              SecurityGroupRule: {
                IpProtocol: 'icmp',
                FromPort: 8,
                ToPort: -1,
                CidrIpv4: `10.${random.int(0, 200)}.0.0/16`,
                Description: 'narrowed',
              },
            },
          ],
        }),
      ],
    ],
    sometimes: [
      [
        change('CreateRouteTable', { VpcId: '<vpc-1>' }, { tags: { Name: 'new' } }),
        change('AssociateRouteTable', { SubnetId: '<subnet-new>', RouteTableId: `<change-${count - 1}>` }),
      ],
      [
        change('ReplaceRoute', {
          RouteTableId: '<table-0>',
          DestinationCidrBlock: '0.0.0.0/0',
          VpcPeeringConnectionId: '<peering-0>',
        }),
      ],
      [change('DeleteRoute', { RouteTableId: '<table-0>', DestinationCidrBlock: office })],
      [
        change('ReplaceNetworkAclEntry', { ...entry, RuleAction: 'deny', Protocol: '-1' }),
        change('CreateNetworkAclEntry', {
          ...entry,
          RuleNumber: random.int(2000, 3000),
          RuleAction: 'deny',
        }),
      ],
      (
        [
          ['MapPublicIpOnLaunch', { Value: false }],
          ['AssignIpv6AddressOnCreation', { Value: false }],
          ['EnableDns64', { Value: false }],
          ['EnableResourceNameDnsARecordOnLaunch', { Value: false }],
          ['PrivateDnsHostnameTypeOnLaunch', 'ip-name'],
        ] as const
      ).map(([attribute, value]) =>
        change('ModifySubnetAttribute', { SubnetId: '<subnet-0-0>', [attribute]: value }),
      ),
      [
        change('CreateTags', {
          Resources: ['<vpc-0>', '<igw-0>', '<table-0>'],
          Tags: [{ Key: 'ny', Value: 'værdi' }],
        }),
        change('DeleteTags', {
          Resources: ['<vpc-1>', '<subnet-0-1>'],
          Tags: [{ Key: 'Name' }, { Key: 'team' }],
        }),
        change('CreateTags', {
          Resources: ['<group-0-1>'],
          Tags: [{ Key: 'lifeboat:source-id', Value: 'sg-0' }],
        }),
      ],
      [
        change('ModifyManagedPrefixList', {
          PrefixListId: '<list-ipv4>',
          CurrentVersion: 1,
          AddEntries: [{ Cidr: '198.51.100.9/32', Description: 'new' }],
          RemoveEntries: [{ Cidr: '198.51.100.7/32' }],
        }),
      ],
      [
        change('DescribeRouteTables', {
          Filters: [
            { Name: 'vpc-id', Values: ['<vpc-1>'] },
            { Name: 'association.main', Values: ['true'] },
          ],
        }),
        change('ReplaceRouteTableAssociation', {
          AssociationId: `<change-${count - 1}.association>`,
          RouteTableId: '<table-1-b>',
        }),
      ],
      [change('AssociateDhcpOptions', { VpcId: '<vpc-2>', DhcpOptionsId: '<dhcp-1>' })],
      [
        change('ModifyVpcAttribute', {
          VpcId: '<vpc-0>',
          EnableNetworkAddressUsageMetrics: { Value: false },
        }),
      ],
      [
        change('DeleteSubnetCidrReservation', { SubnetCidrReservationId: '<subnet-0-0.pods>' }),
        change('CreateSubnetCidrReservation', {
          SubnetId: '<subnet-new>',
          Cidr: free.replace('.0/26', '.32/28'),
          ReservationType: 'prefix',
        }),
      ],
      [change('AssociateVpcCidrBlock', { VpcId: '<vpc-2>', CidrBlock: '100.127.0.0/20' })],
      [
        change('DescribeNetworkAcls', {
          Filters: [{ Name: 'association.subnet-id', Values: ['<subnet-1-1>'] }],
        }),
        change('CreateNetworkAcl', { VpcId: '<vpc-1>' }),
        change('ReplaceNetworkAclAssociation', {
          AssociationId: `<change-${count - 2}.association>`,
          NetworkAclId: `<change-${count - 1}>`,
        }),
      ],
      [
        change('RevokeSecurityGroupIngress', {
          GroupId: '<group-0-0>',
          SecurityGroupRuleIds: ['<group-0-0.over-peering>'],
        }),
      ],
      [change('ModifyVpcEndpoint', { VpcEndpointId: '<vpc-0-s3>', ResetPolicy: true })],
      [
        change('CreateLaunchTemplateVersion', {
          LaunchTemplateId: '<template-0>',
          // From the default one: another image, key pair or user data is asked about.
          SourceVersion: '2',
          LaunchTemplateData: { InstanceType: 'c5.large' },
        }),
        change(
          'ModifyLaunchTemplate',
          { LaunchTemplateId: '<template-0>', DefaultVersion: '4' },
          { after: [`change-${count - 1}`] },
        ),
      ],
    ],
  };
}
