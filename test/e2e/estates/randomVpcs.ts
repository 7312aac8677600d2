import type { Random } from './random';
import { randomTags } from './randomTags';
import { type Step, type StepOptions, step } from './step';

/** A subnet as the rest of the estate needs to know it. */
export interface PlannedSubnet {
  readonly name: string;
  /** Absent in an IPv6-only subnet. */
  readonly cidr?: string;
  /** Its place in the VPC's IPv6 ranges, to be written between angle brackets. */
  readonly ipv6?: { readonly range: string; readonly index: number };
}

/** A VPC as the rest of the estate needs to know it. */
export interface PlannedVpc {
  readonly name: string;
  readonly cidr: string;
  readonly dedicated: boolean;
  /** Whether AWS assigned it IPv6 ranges, and how many. */
  readonly ipv6: 0 | 1 | 2;
  readonly gateway: string;
  readonly egressOnly?: string;
  readonly subnets: readonly PlannedSubnet[];
}

const ZONES = ['euw1-az1', 'euw1-az2', 'euw1-az3'];

/** VPCs with ranges, DHCP option sets, gateways and subnets. The first two have IPv6; with the default VPC there are four or five. */
export function randomVpcs(random: Random): { vpcs: PlannedVpc[]; steps: Step[] } {
  const steps: Step[] = dhcpOptions(random);
  const count = random.int(3, 4);
  // Every kind of option set is in use, and one custom set twice.
  const options = ['dhcp-0', 'dhcp-0', undefined, random.pick(['dhcp-1', 'default'])];
  const vpcs = options.slice(0, count).map((dhcp, index) => vpc(random, index, dhcp, steps));
  steps.push(
    step('igw-unattached', 'CreateInternetGateway', {}, { tags: randomTags(random, 'igw-unattached') }),
  );
  return { vpcs, steps };
}

function dhcpOptions(random: Random): Step[] {
  const tags = () => randomTags(random, 'options');
  const setting = (Key: string, ...Values: string[]) => ({ Key, Values });
  return [
    step(
      'dhcp-0',
      'CreateDhcpOptions',
      {
        DhcpConfigurations: [
          setting('domain-name', random.pick(['corp.example', 'eu.corp.example'])),
          setting('domain-name-servers', '10.0.0.2', 'AmazonProvidedDNS'),
          setting('ntp-servers', '169.254.169.123', '10.0.0.4'),
          setting('netbios-name-servers', '10.0.0.5'),
          setting('netbios-node-type', '2'),
          setting('ipv6-address-preferred-lease-time', String(random.int(140, 3600))),
        ],
      },
      { tags: tags() },
    ),
    step(
      'dhcp-1',
      'CreateDhcpOptions',
      { DhcpConfigurations: [setting('domain-name-servers', `10.0.0.${random.int(2, 250)}`)] },
      { tags: tags() },
    ),
  ];
}

function vpc(random: Random, index: number, dhcp: string | undefined, steps: Step[]): PlannedVpc {
  const name = `vpc-${index}`;
  const cidr = `10.${20 * index + random.int(0, 9)}.0.0/16`;
  const ipv6 = ([2, 1, random.int(0, 1), random.int(0, 1)] as (0 | 1 | 2)[])[index] ?? 0;
  const dedicated = index >= 2 && random.chance();
  const add = (...more: Step[]) => steps.push(...more);
  add(
    step(
      name,
      'CreateVpc',
      {
        CidrBlock: cidr,
        InstanceTenancy: dedicated ? 'dedicated' : 'default',
        AmazonProvidedIpv6CidrBlock: ipv6 > 0,
      },
      { tags: randomTags(random, name) },
    ),
  );
  const attribute = (what: string, value: object) =>
    add(step(`${name}.${what}`, 'ModifyVpcAttribute', { VpcId: `<${name}>`, ...value }));
  const hostnames = random.chance();
  attribute('support', { EnableDnsSupport: { Value: hostnames || random.chance(0.8) } });
  // AWS gives hostnames only where it resolves them.
  add(
    step(
      `${name}.hostnames`,
      'ModifyVpcAttribute',
      { VpcId: `<${name}>`, EnableDnsHostnames: { Value: hostnames } },
      { after: [`${name}.support`] },
    ),
  );
  if (index === 0 || random.chance())
    attribute('metrics', { EnableNetworkAddressUsageMetrics: { Value: true } });
  if (dhcp) {
    const id = dhcp === 'default' ? dhcp : `<${dhcp}>`;
    add(step(`${name}.dhcp`, 'AssociateDhcpOptions', { VpcId: `<${name}>`, DhcpOptionsId: id }));
  }
  const ranges = secondaryRanges(random, index);
  ranges.forEach((CidrBlock, number) => {
    const after = number === 0 ? [] : [`${name}.range-${number - 1}`];
    const input = { VpcId: `<${name}>`, CidrBlock };
    add(step(`${name}.range-${number}`, 'AssociateVpcCidrBlock', input, { after }));
  });
  if (ipv6 === 2)
    add(
      step(`${name}.second-ipv6`, 'AssociateVpcCidrBlock', {
        VpcId: `<${name}>`,
        AmazonProvidedIpv6CidrBlock: true,
      }),
    );
  add(
    // What is made in a VPC depends on its having IPv6, so it is made when this is settled.
    step(
      `${name}.ranges`,
      'DescribeVpcs',
      { VpcIds: [`<${name}>`] },
      {
        after: [
          ...(ipv6 === 2 ? [`${name}.second-ipv6`] : []),
          ...ranges.map((_, number) => `${name}.range-${number}`),
        ],
      },
    ),
    step(`${name}.main`, 'DescribeRouteTables', mainTable(name)),
    step(`${name}.acl`, 'DescribeNetworkAcls', ofVpc(name), { after: [`${name}.ranges`] }),
    step(`${name}.group`, 'DescribeSecurityGroups', ofVpc(name), { after: [] }),
    step(
      `${name}.group.rules`,
      'DescribeSecurityGroupRules',
      { Filters: [{ Name: 'group-id', Values: [`<${name}.group>`] }] },
      { after: [`${name}.ranges`] },
    ),
  );
  const gateway = `igw-${index}`;
  const tags = (what: string): StepOptions => ({ tags: randomTags(random, what) });
  add(
    step(gateway, 'CreateInternetGateway', {}, tags(gateway)),
    step(`${gateway}.attached`, 'AttachInternetGateway', {
      InternetGatewayId: `<${gateway}>`,
      VpcId: `<${name}>`,
    }),
  );
  const egressOnly = ipv6 > 0 ? `eigw-${index}` : undefined;
  if (egressOnly)
    add(step(egressOnly, 'CreateEgressOnlyInternetGateway', { VpcId: `<${name}>` }, tags(egressOnly)));
  const subnets = [cidr, ...ranges].flatMap((range, number) =>
    Array.from({ length: number > 0 ? 1 : index === 0 ? 3 : 2 }, (_, each) =>
      subnet(random, { vpc: name, index, ipv6, number: 4 * number + each, range }, steps),
    ),
  );
  if (ipv6 === 2) subnets.push(ipv6Subnet(random, name, index, steps));
  return { name, cidr, dedicated, ipv6, gateway, egressOnly, subnets };
}

const ofVpc = (name: string) => ({ Filters: [{ Name: 'vpc-id', Values: [`<${name}>`] }] });
const mainTable = (name: string) => ({
  Filters: [
    { Name: 'vpc-id', Values: [`<${name}>`] },
    { Name: 'association.main', Values: ['true'] },
  ],
});

function secondaryRanges(random: Random, index: number): string[] {
  const all = [`10.${20 * index + 10}.0.0/16`, `100.${64 + index}.0.0/18`, `10.${20 * index + 12}.64.0/20`];
  return random.some(all, index === 0 ? 1 : 0, 2);
}

interface Place {
  vpc: string;
  index: number;
  ipv6: number;
  number: number;
  range: string;
}

function subnet(random: Random, { vpc, index, ipv6, number, range }: Place, steps: Step[]): PlannedSubnet {
  const name = `subnet-${index}-${number}`;
  const third = Number(range.split('.')[2]) + (number % 4);
  const cidr = `${range.split('.').slice(0, 2).join('.')}.${third}.0/${random.pick([24, 24, 25, 26])}`;
  // Blocks are apart, whatever range they are in, so that two ranges never get two subnets of one place.
  const place =
    ipv6 > 0 && (number % 2 === 0 || random.chance(0.7))
      ? { range: secondRange(vpc, ipv6, number), index: 16 * number + random.int(0, 15) }
      : undefined;
  steps.push(
    step(
      name,
      'CreateSubnet',
      {
        VpcId: `<${vpc}>`,
        CidrBlock: cidr,
        AvailabilityZoneId: ZONES[(number + index) % ZONES.length],
        ...(place && { Ipv6CidrBlock: `<${place.range} ${place.index}/64>` }),
      },
      { tags: randomTags(random, name), after: [`${vpc}.ranges`] },
    ),
    ...attributes(random, name, place !== undefined),
    ...reservations(random, name, cidr, place),
  );
  return { name, cidr, ipv6: place };
}

/** The third subnet of a VPC that has two IPv6 ranges is in the second. */
const secondRange = (vpc: string, ipv6: number, number: number) =>
  ipv6 === 2 && number === 2 ? `${vpc}.ranges.second` : `${vpc}.ranges.ipv6`;

function ipv6Subnet(random: Random, vpc: string, index: number, steps: Step[]): PlannedSubnet {
  const name = `subnet-${index}-ipv6`;
  const place = { range: `${vpc}.ranges.${random.pick(['ipv6', 'second'])}`, index: random.int(200, 255) };
  steps.push(
    step(
      name,
      'CreateSubnet',
      {
        VpcId: `<${vpc}>`,
        Ipv6CidrBlock: `<${place.range} ${place.index}/64>`,
        Ipv6Native: true,
        AvailabilityZoneId: random.pick(ZONES),
      },
      { tags: randomTags(random, name) },
    ),
  );
  return { name, ipv6: place };
}

/** A call for each attribute, as AWS has it. */
function attributes(random: Random, name: string, ipv6: boolean): Step[] {
  const all: [string, object][] = [
    ['public', { MapPublicIpOnLaunch: { Value: true } }],
    ['resource', { PrivateDnsHostnameTypeOnLaunch: 'resource-name' }],
    ['a', { EnableResourceNameDnsARecordOnLaunch: { Value: true } }],
  ];
  const more: [string, object][] = [
    ['assign', { AssignIpv6AddressOnCreation: { Value: true } }],
    ['dns64', { EnableDns64: { Value: true } }],
    ['aaaa', { EnableResourceNameDnsAAAARecordOnLaunch: { Value: true } }],
  ];
  return random
    .some(ipv6 ? [...all, ...more] : all, name.endsWith('0-0') ? 6 : 0, 6)
    .map(([what, input]) =>
      step(`${name}.${what}`, 'ModifySubnetAttribute', { SubnetId: `<${name}>`, ...input }),
    );
}

/** Reservations of the source's own, away from where its machines are. */
function reservations(random: Random, name: string, cidr: string, ipv6: PlannedSubnet['ipv6']): Step[] {
  const prefix = cidr.slice(0, cidr.lastIndexOf('.'));
  const four = (what: string, Cidr: string, ReservationType: 'prefix' | 'explicit') =>
    step(`${name}.${what}`, 'CreateSubnetCidrReservation', {
      SubnetId: `<${name}>`,
      Cidr,
      ReservationType,
      ...(random.chance() && { Description: `kept for ${what}` }),
    });
  const all = [
    four('pods', `${prefix}.32/28`, 'prefix'),
    four('appliances', `${prefix}.48/29`, 'explicit'),
    ...(ipv6
      ? [
          four(
            'pods-ipv6',
            `<${ipv6.range} ${ipv6.index * 2 ** 16 + 1}/80>`,
            random.pick(['prefix', 'explicit']),
          ),
        ]
      : []),
  ];
  return name.endsWith('0-0') ? all : random.some(all, 0, 2);
}
