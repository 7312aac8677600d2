import type { Random } from './random';
import { fiftyTags, forged, randomTags } from './randomTags';
import type { PlannedVpc } from './randomVpcs';
import { type CallInput, type Step, step } from './step';

type Permission = NonNullable<CallInput<'AuthorizeSecurityGroupIngress'>['IpPermissions']>[number];

/** Managed prefix lists: IPv4, IPv6, and one that has no entries yet. */
export const PREFIX_LISTS = ['list-ipv4', 'list-ipv6', 'list-empty'] as const;

/** Prefix lists, network ACLs and security groups with all their entries and rules. */
export function randomFilters(random: Random, vpcs: readonly PlannedVpc[]): Step[] {
  return [...prefixLists(random), ...vpcs.flatMap((vpc) => acls(random, vpc)), ...groups(random, vpcs)];
}

function prefixLists(random: Random): Step[] {
  const list = (name: string, AddressFamily: string, cidrs: string[]) =>
    step(
      name,
      'CreateManagedPrefixList',
      {
        PrefixListName: `${name} of ${random.pick(['the office', 'partners'])}`,
        AddressFamily,
        MaxEntries: cidrs.length + random.int(1, 3),
        Entries: cidrs.map((Cidr, index) => ({
          Cidr,
          ...(random.chance() && { Description: `entry ${index}` }),
        })),
      },
      { tags: randomTags(random, name) },
    );
  const four = random
    .shuffled(Array.from({ length: random.int(2, 6) }, (_, index) => `192.0.2.${16 * index}/28`))
    .concat('198.51.100.7/32');
  return [
    list('list-ipv4', 'IPv4', four),
    list('list-ipv6', 'IPv6', [
      '2001:db8:1::/48',
      `2001:db8:${random.int(2, 9)}::/48`,
      '<vpc-0.ranges.ipv6 1/60>',
    ]),
    list('list-empty', 'IPv4', []),
    step('aws-s3', 'DescribeManagedPrefixLists', {
      Filters: [{ Name: 'prefix-list-name', Values: ['com.amazonaws.eu-west-1.s3'] }],
    }),
  ];
}

function acls(random: Random, vpc: PlannedVpc): Step[] {
  const names = Array.from(
    { length: vpc.name === 'vpc-0' ? 2 : random.int(0, 2) },
    (_, index) => `${vpc.name}-acl-${index}`,
  );
  const subnets = random.shuffled(vpc.subnets);
  const steps = names.flatMap((name) => {
    const subnet = subnets.pop();
    return [
      step(name, 'CreateNetworkAcl', { VpcId: `<${vpc.name}>` }, { tags: randomTags(random, name) }),
      ...entries(random, name, vpc, name === 'vpc-0-acl-0' ? 8 : random.int(1, 4)),
      ...(subnet
        ? [
            step(
              `${subnet.name}.acl`,
              'DescribeNetworkAcls',
              { Filters: [{ Name: 'association.subnet-id', Values: [`<${subnet.name}>`] }] },
              { after: [subnet.name] },
            ),
            step(`${subnet.name}.acl.moved`, 'ReplaceNetworkAclAssociation', {
              AssociationId: `<${subnet.name}.acl.association>`,
              NetworkAclId: `<${name}>`,
            }),
          ]
        : []),
    ];
  });
  if (vpc.name !== 'vpc-0' && random.chance()) return steps;
  const NetworkAclId = `<${vpc.name}.acl>`;
  return [
    ...steps,
    step(`${vpc.name}.acl.closed`, 'DeleteNetworkAclEntry', { NetworkAclId, RuleNumber: 100, Egress: false }),
    ...entries(random, `${vpc.name}.acl`, vpc, random.int(1, 4)),
    step(`${vpc.name}.acl.tags`, 'CreateTags', {
      Resources: [NetworkAclId],
      Tags: Object.entries({ Name: `${vpc.name} default`, ...forged(random) }).map(([Key, Value]) => ({
        Key,
        Value,
      })),
    }),
  ];
}

type Entry = Omit<
  CallInput<'CreateNetworkAclEntry'>,
  'NetworkAclId' | 'RuleNumber' | 'Egress' | 'RuleAction'
>;

/** The first so many of all sorts of entries, some inbound, some outbound. */
function entries(random: Random, acl: string, vpc: PlannedVpc, count: number): Step[] {
  const CidrBlock = random.pick([vpc.cidr, '0.0.0.0/0', '198.51.100.0/24']);
  const Ipv6CidrBlock = vpc.ipv6 > 0 ? `<${vpc.name}.ranges.ipv6 ${random.int(0, 255)}/64>` : '2001:db8::/32';
  const from = random.int(1, 60_000);
  const all: Entry[] = [
    { Protocol: '6', CidrBlock, PortRange: { From: from, To: from + random.int(0, 5000) } },
    { Protocol: '17', CidrBlock, PortRange: { From: 53, To: 53 } },
    { Protocol: '1', CidrBlock, IcmpTypeCode: { Type: random.pick([3, 8, 11]), Code: random.pick([-1, 0]) } },
    { Protocol: '58', Ipv6CidrBlock, IcmpTypeCode: { Type: random.pick([-1, 128]), Code: -1 } },
    { Protocol: '-1', CidrBlock },
    { Protocol: '-1', Ipv6CidrBlock },
    { Protocol: '47', CidrBlock },
    { Protocol: '6', Ipv6CidrBlock, PortRange: { From: 0, To: 65_535 } },
  ];
  const numbers = random.shuffled(Array.from({ length: 40 }, (_, index) => 200 + 17 * index));
  return random.shuffled(all.slice(0, count)).flatMap((entry) => {
    const RuleNumber = numbers.pop() ?? 1;
    return random.some([true, false], 1, 2).map((Egress) =>
      step(`${acl}.${Egress ? 'out' : 'in'}-${RuleNumber}`, 'CreateNetworkAclEntry', {
        NetworkAclId: `<${acl}>`,
        RuleNumber,
        Egress,
        RuleAction: random.pick(['allow', 'deny']),
        ...entry,
      }),
    );
  });
}

function groups(random: Random, vpcs: readonly PlannedVpc[]): Step[] {
  const steps: Step[] = [];
  const byVpc = new Map(
    vpcs.map((vpc) => [vpc.name, [0, 1].map((index) => `${vpc.name.replace('vpc', 'group')}-${index}`)]),
  );
  for (const vpc of vpcs) {
    const names = byVpc.get(vpc.name) ?? [];
    for (const name of names)
      steps.push(
        step(
          name,
          'CreateSecurityGroup',
          {
            VpcId: `<${vpc.name}>`,
            GroupName: `${name} of ${vpc.name}`,
            Description: `The ${name} machines`,
          },
          {
            tags: name === 'group-0-0' ? fiftyTags(name) : randomTags(random, name),
            after: [`${vpc.name}.ranges`],
          },
        ),
        step(`${name}.made`, 'DescribeSecurityGroupRules', {
          Filters: [{ Name: 'group-id', Values: [`<${name}>`] }],
        }),
      );
    const other = vpc.name === 'vpc-0' ? byVpc.get('vpc-1')?.[0] : undefined;
    names.forEach((name, index) => {
      const next = names[(index + 1) % names.length] ?? name;
      const all = permissions(random, vpc, name, next);
      steps.push(...rules(random, name, vpc.name === 'vpc-0' && index === 0 ? all : random.some(all, 1, 4)));
    });
    if (other)
      steps.push(
        step(
          `${names[0]}.over-peering`,
          'AuthorizeSecurityGroupIngress',
          {
            GroupId: `<${names[0]}>`,
            IpPermissions: [
              {
                IpProtocol: 'tcp',
                FromPort: 8443,
                ToPort: 8443,
                UserIdGroupPairs: [
                  {
                    GroupId: `<${other}>`,
                    VpcId: '<vpc-1>',
                    VpcPeeringConnectionId: '<peering-0>',
                    Description: 'over the peering',
                  },
                ],
              },
            ],
          },
          { after: ['peering-0.accepted'], tags: randomTags(random, 'over the peering') },
        ),
      );
    if (vpc.name === 'vpc-0' || random.chance()) steps.push(...defaultGroup(random, vpc, names[0] ?? ''));
    if (random.chance()) steps.push(noWayOut(names[1] ?? ''));
  }
  return steps;
}

/** One of each sort of rule: the group itself, the next group (so that they go in a circle), ranges, lists. */
function permissions(random: Random, vpc: PlannedVpc, name: string, next: string): Permission[] {
  const Description = random.chance() ? 'from the office (a-b_c.d): #1, +2 = 3' : undefined;
  const port = random.int(1, 60_000);
  const tcp = (rest: Permission): Permission => ({
    IpProtocol: 'tcp',
    FromPort: port,
    ToPort: port + 9,
    ...rest,
  });
  const group = (GroupId: string) => ({ UserIdGroupPairs: [{ GroupId: `<${GroupId}>`, Description }] });
  return [
    tcp(group(next)),
    { IpProtocol: '-1', ...group(name) },
    tcp({ IpRanges: [{ CidrIp: '198.51.100.0/24', Description }] }),
    { IpProtocol: 'udp', FromPort: 53, ToPort: 53, IpRanges: [{ CidrIp: vpc.cidr }] },
    tcp({ Ipv6Ranges: [{ CidrIpv6: '2001:db8::/32', Description }] }),
    { IpProtocol: 'icmp', FromPort: 8, ToPort: -1, IpRanges: [{ CidrIp: '10.0.0.0/8' }] },
    { IpProtocol: 'icmpv6', FromPort: -1, ToPort: -1, Ipv6Ranges: [{ CidrIpv6: '2001:db8:5::/48' }] },
    { IpProtocol: '47', IpRanges: [{ CidrIp: '203.0.113.0/24' }] },
    tcp({ PrefixListIds: [{ PrefixListId: '<list-ipv4>', Description }] }),
    { IpProtocol: 'tcp', FromPort: 443, ToPort: 443, PrefixListIds: [{ PrefixListId: '<aws-s3>' }] },
    ...(vpc.ipv6 > 0
      ? [
          tcp({
            Ipv6Ranges: [{ CidrIpv6: `<${vpc.name}.ranges.ipv6 ${random.int(0, 255)}/64>`, Description }],
          }),
        ]
      : []),
  ];
}

function rules(random: Random, group: string, wanted: readonly Permission[]): Step[] {
  return wanted.map((permission, index) => {
    const name = `${group}.rule-${index}`;
    const call = random.chance(0.7) ? 'AuthorizeSecurityGroupIngress' : 'AuthorizeSecurityGroupEgress';
    const input = { GroupId: `<${group}>`, IpPermissions: [permission] };
    return step(name, call, input, { tags: randomTags(random, name), after: [`${group}.made`] });
  });
}

/** The default group as somebody left it who thought about it: not open to itself, but to another. */
function defaultGroup(random: Random, vpc: PlannedVpc, friend: string): Step[] {
  const GroupId = `<${vpc.name}.group>`;
  const after = [`${vpc.name}.group.rules`];
  return [
    step(
      `${vpc.name}.group.closed`,
      'RevokeSecurityGroupIngress',
      { GroupId, IpPermissions: [{ IpProtocol: '-1', UserIdGroupPairs: [{ GroupId }] }] },
      { after },
    ),
    ...rules(random, `${vpc.name}.group`, [
      { IpProtocol: 'tcp', FromPort: 22, ToPort: 22, UserIdGroupPairs: [{ GroupId: `<${friend}>` }] },
    ]).map((each) => ({ ...each, after })),
  ];
}

/** Takes away the way out that AWS gives to every group. */
function noWayOut(group: string): Step {
  return step(
    `${group}.closed`,
    'RevokeSecurityGroupEgress',
    { GroupId: `<${group}>`, IpPermissions: [{ IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] }] },
    { after: [`${group}.made`] },
  );
}
