import type { Random } from './random';
import { randomTags } from './randomTags';
import type { PlannedSubnet, PlannedVpc } from './randomVpcs';
import { type CallInput, type Step, type StepOptions, step } from './step';

type Target = Omit<CallInput<'CreateRoute'>, 'RouteTableId'>;

/** Peerings, route tables with their routes and associations, gateway endpoints, and what is billed and is led to. */
export function randomRouting(
  random: Random,
  vpcs: readonly PlannedVpc[],
  prefixLists: readonly string[],
): Step[] {
  const [first, second, third] = vpcs;
  if (!first || !second || !third) throw new Error('An estate has three VPCs at least');
  const steps = [...peerings(random, first, second, third), ...billed(first)];
  for (const vpc of vpcs) {
    const peer = vpc === first ? second : vpc === second ? first : undefined;
    const tables = routeTables(random, vpc, steps);
    const routes = targets(random, vpc, peer, prefixLists);
    tables.forEach((table, index) => {
      const own = index === 0 ? routes : random.some(routes, 0, 3);
      steps.push(...own.map(([what, target, after]) => route(table, what, target, { after: [after] })));
    });
    if (vpc === first)
      steps.push(...leadToBilled(tables[1] ?? ''), ...moved(vpc, random.pick(tables.slice(1))));
    else if (random.chance()) steps.push(...moved(vpc, random.pick(tables)));
    steps.push(...endpoints(random, vpc, tables, vpc === first));
  }
  steps.push(...goneRoute(first, third));
  return steps;
}

const route = (table: string, what: string, target: Target, options: StepOptions = {}) =>
  step(`${table}.to-${what}`, 'CreateRoute', { RouteTableId: `<${table}>`, ...target }, options);

/** Two tables or three, each associated with some of the subnets, the last one with the gateway. */
function routeTables(random: Random, vpc: PlannedVpc, steps: Step[]): string[] {
  const tables = ['', '-b', '-c']
    .slice(0, random.int(2, 3))
    .map((end) => vpc.name.replace('vpc', 'table') + end);
  const free = random.shuffled(vpc.subnets);
  const edge = `${vpc.name}-edge`;
  for (const table of [...tables, edge]) {
    const tags = randomTags(random, table);
    // Routes that AWS puts into a table depend on the VPC's ranges.
    const after = [`${vpc.name}.ranges`];
    steps.push(step(table, 'CreateRouteTable', { VpcId: `<${vpc.name}>` }, { tags, after }));
  }
  const associated: [string, PlannedSubnet | undefined][] = tables.map((table) => [table, free.pop()]);
  if (random.chance()) associated.push([tables[0] ?? '', free.pop()]);
  for (const [table, subnet] of associated) {
    if (!subnet) continue;
    const input = { RouteTableId: `<${table}>`, SubnetId: `<${subnet.name}>` };
    steps.push(step(`${subnet.name}.table`, 'AssociateRouteTable', input));
  }
  const input = { RouteTableId: `<${edge}>`, GatewayId: `<${vpc.gateway}>` };
  const after = [`${vpc.gateway}.attached`];
  steps.push(step(`${edge}.association`, 'AssociateRouteTable', input, { after }));
  const tags = randomTags(random, `${vpc.name} main`);
  if (Object.keys(tags).length > 0)
    steps.push(
      step(`${vpc.name}.main.tags`, 'CreateTags', {
        Resources: [`<${vpc.name}.main>`],
        Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
      }),
    );
  return tables;
}

/** Everything free that a VPC's routes may lead to, and the step after which it can. No two have one destination. */
function targets(
  random: Random,
  vpc: PlannedVpc,
  peer: PlannedVpc | undefined,
  prefixLists: readonly string[],
): [string, Target, string][] {
  const attached = `${vpc.gateway}.attached`;
  const GatewayId = `<${vpc.gateway}>`;
  const all: [string, Target, string][] = [
    ['world', { DestinationCidrBlock: '0.0.0.0/0', GatewayId }, attached],
    ['office', { DestinationCidrBlock: `203.0.113.${16 * random.int(0, 15)}/28`, GatewayId }, attached],
  ];
  if (vpc.egressOnly)
    all.push([
      'world-ipv6',
      random.chance() || vpc.name === 'vpc-0'
        ? { DestinationIpv6CidrBlock: '::/0', EgressOnlyInternetGatewayId: `<${vpc.egressOnly}>` }
        : { DestinationIpv6CidrBlock: '::/0', GatewayId },
      attached,
    ]);
  const list = prefixLists[0];
  if (list) all.push(['list', { DestinationPrefixListId: `<${list}>`, GatewayId }, attached]);
  if (peer) {
    const VpcPeeringConnectionId = '<peering-0>';
    all.push(['peer', { DestinationCidrBlock: peer.cidr, VpcPeeringConnectionId }, 'peering-0.accepted']);
    // AWS assigned it, so DR has another: the route has to follow.
    const range = peer.subnets.find(({ ipv6 }) => ipv6)?.ipv6;
    if (range)
      all.push([
        'peer-ipv6',
        { DestinationIpv6CidrBlock: `<${range.range} ${range.index}/64>`, VpcPeeringConnectionId },
        'peering-0.accepted',
      ]);
  }
  return all;
}

function peerings(random: Random, first: PlannedVpc, second: PlannedVpc, third: PlannedVpc): Step[] {
  const between = (name: string, VpcId: string, PeerVpcId: string) => [
    step(
      name,
      'CreateVpcPeeringConnection',
      { VpcId: `<${VpcId}>`, PeerVpcId: `<${PeerVpcId}>` },
      // Both ends' ranges are part of it.
      { tags: randomTags(random, name), after: [`${VpcId}.ranges`, `${PeerVpcId}.ranges`] },
    ),
    step(`${name}.accepted`, 'AcceptVpcPeeringConnection', { VpcPeeringConnectionId: `<${name}>` }),
  ];
  const options = (name: string, requester: boolean, accepter: boolean) =>
    step(
      `${name}.options`,
      'ModifyVpcPeeringConnectionOptions',
      {
        VpcPeeringConnectionId: `<${name}>`,
        RequesterPeeringConnectionOptions: { AllowDnsResolutionFromRemoteVpc: requester },
        AccepterPeeringConnectionOptions: { AllowDnsResolutionFromRemoteVpc: accepter },
      },
      { after: [`${name}.accepted`, ...[first, second, third].map(({ name }) => `${name}.hostnames`)] },
    );
  return [
    ...between('peering-0', first.name, second.name),
    ...(random.chance()
      ? [options('peering-0', random.chance(), true)]
      : [options('peering-0', true, false)]),
    ...(random.chance() ? between('peering-1', third.name, second.name) : []),
  ];
}

/** A NAT gateway, a transit gateway, an interface and an interface endpoint: what DR does not have at rest. */
function billed(vpc: PlannedVpc): Step[] {
  const SubnetId = `<${vpc.subnets[0]?.name}>`;
  const VpcId = `<${vpc.name}>`;
  const sourceOnly = true;
  return [
    step('nat-0', 'CreateNatGateway', { SubnetId, ConnectivityType: 'private' }, { sourceOnly }),
    step('tgw-0', 'CreateTransitGateway', { Description: 'the hub' }, { sourceOnly }),
    step(
      'tgw-0.attachment',
      'CreateTransitGatewayVpcAttachment',
      { TransitGatewayId: '<tgw-0>', VpcId, SubnetIds: [SubnetId] },
      { sourceOnly },
    ),
    step(
      'vpce-billed',
      'CreateVpcEndpoint',
      {
        VpcId,
        ServiceName: 'com.amazonaws.eu-west-1.ec2',
        VpcEndpointType: 'Interface',
        SubnetIds: [SubnetId],
        PrivateDnsEnabled: false,
      },
      { sourceOnly },
    ),
  ];
}

function leadToBilled(table: string): Step[] {
  const to = (what: string, target: Target, after: string[] = []) =>
    route(table, what, target, { sourceOnly: true, after });
  return [
    to('nat', { DestinationCidrBlock: '198.51.100.0/28', NatGatewayId: '<nat-0>' }),
    to('hub', { DestinationCidrBlock: '172.16.0.0/12', TransitGatewayId: '<tgw-0>' }, ['tgw-0.attachment']),
    to('machine', { DestinationCidrBlock: '192.0.2.0/25', InstanceId: '<instance-0>' }),
    to('interface', { DestinationCidrBlock: '192.0.2.128/25', NetworkInterfaceId: '<instance-0.eni>' }),
  ];
}

/** A route that leads nowhere: its peering is gone. */
function goneRoute(vpc: PlannedVpc, peer: PlannedVpc): Step[] {
  const table = vpc.name.replace('vpc', 'table');
  const sourceOnly = true;
  const VpcPeeringConnectionId = '<peering-gone>';
  return [
    step(
      'peering-gone',
      'CreateVpcPeeringConnection',
      { VpcId: `<${vpc.name}>`, PeerVpcId: `<${peer.name}>` },
      { sourceOnly },
    ),
    step('peering-gone.accepted', 'AcceptVpcPeeringConnection', { VpcPeeringConnectionId }, { sourceOnly }),
    route(
      table,
      'nowhere',
      { DestinationCidrBlock: peer.cidr, VpcPeeringConnectionId },
      { sourceOnly, after: ['peering-gone.accepted'] },
    ),
    step(
      'peering-gone.deleted',
      'DeleteVpcPeeringConnection',
      { VpcPeeringConnectionId },
      { sourceOnly, after: [`${table}.to-nowhere`] },
    ),
  ];
}

/** Makes a table the VPC's main one. */
function moved(vpc: PlannedVpc, table: string): Step[] {
  return [
    step(`${vpc.name}.main.moved`, 'ReplaceRouteTableAssociation', {
      AssociationId: `<${vpc.name}.main.association>`,
      RouteTableId: `<${table}>`,
    }),
  ];
}

function endpoints(random: Random, vpc: PlannedVpc, tables: readonly string[], all: boolean): Step[] {
  const endpoint = (service: string, PolicyDocument?: string) => {
    const name = `${vpc.name}-${service}`;
    return step(
      name,
      'CreateVpcEndpoint',
      {
        VpcId: `<${vpc.name}>`,
        ServiceName: `com.amazonaws.eu-west-1.${service}`,
        VpcEndpointType: 'Gateway',
        RouteTableIds: random.some(tables, all ? 1 : 0, 2).map((table) => `<${table}>`),
        ...(PolicyDocument && { PolicyDocument }),
      },
      { tags: randomTags(random, name) },
    );
  };
  const policy = {
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'OwnBuckets',
        Effect: 'Allow',
        Principal: { AWS: 'arn:aws:iam::111111111111:root' },
        Action: ['s3:GetObject', 's3:PutObject'],
        Resource: ['arn:aws:s3:::shop-data/*', 'arn:aws:s3:::shop-logs/*'],
        Condition: { StringEquals: { 'aws:PrincipalAccount': '111111111111' } },
      },
    ],
  };
  const both = [endpoint('s3', JSON.stringify(policy)), endpoint('dynamodb')];
  return all ? both : random.some(both, 0, 2);
}
