import type { Output } from '@pulumi/pulumi';
import { expect } from 'chai';
import { leftOfRecovery } from '../../../inventory/leftOfRecovery';
import { Ref } from '../../../inventory/refs';
import { type VpcEndpoint, vpcEndpoint } from '../../../kinds/network/vpcEndpoint';
import { policyInDr, samePolicy } from '../../../kinds/policies/policyDocument';
import { group, subnet, vpc } from '../items';
import { sides } from '../sides';
import { argsOf, planned, reason, recovering, stub } from './planned';

const endpoint = (id: string, more: Partial<VpcEndpoint> = {}): VpcEndpoint => ({
  id,
  tags: {},
  endpointType: 'Gateway',
  vpcId: 'vpc-1',
  serviceName: 'com.amazonaws.<region>.s3',
  routeTableIds: ['rtb-1'],
  ipAddressType: 'ipv4',
  policy: undefined,
  requesterManaged: false,
  ...more,
});
const mirrored = [
  'vpc/vpc-00000000000000001',
  'bucket/logs',
  'distribution/E1A2B3C4D5E6F7',
  'target-group/web',
];
const places = {
  source: { account: '111111111111', region: 'eu-west-1' },
  dr: { account: '222222222222', region: 'eu-central-1' },
  known: (kind: string, id: string) =>
    mirrored.includes(`${kind}/${id}`) ? (`<${kind} ${id}>` as unknown as Output<string>) : undefined,
  text: (...parts: readonly unknown[]) => parts.join('') as unknown as Output<string>,
};
/** One statement's part in DR's terms. */
const inDr = (part: object) => policyInDr({ Statement: [part] }, places);
const resourceInDr = (Resource: unknown) =>
  (inDr({ Resource }).document as { Statement: { Resource: unknown }[] }).Statement[0]?.Resource;

describe('VPC endpoints', () => {
  describe('stop a run with another policy', () => {
    const policy = (Action: string[], more: object = {}) =>
      JSON.stringify({ Statement: [{ Effect: 'Allow', Principal: '*', Action, Resource: '*', ...more }] });
    const read = policy(['s3:Get*', 's3:List*']);
    const danger = (now?: string, former?: string) =>
      vpcEndpoint.danger?.(
        endpoint('vpce-1', { policy: now }),
        endpoint('vpce-1', { policy: former }),
        sides(),
      );
    it('than they had', () => {
      expect(danger(policy(['s3:*']), read)).to.contain('another policy');
      expect(danger(policy(['s3:Get*', 's3:List*'], { Principal: { AWS: '*' } }), read)).to.contain(
        'another',
      );
    });
    it('when they lose theirs', () => expect(danger(undefined, read)).to.contain('lets everything through'));
    it('but not with the same in another order', () => {
      expect(danger(policy(['s3:List*', 's3:Get*']), read)).to.equal(undefined);
      expect(danger(read, read)).to.equal(undefined);
    });
    it('nor when they get one, or are new', () => {
      expect(danger(read, undefined)).to.equal(undefined);
      expect(danger(undefined, undefined)).to.equal(undefined);
      expect(vpcEndpoint.danger?.(endpoint('vpce-1', { policy: read }), undefined, sides())).to.equal(
        undefined,
      );
    });
  });

  it('stop a run with a further group, and with none that is gone', () => {
    const danger = (now: string[], former?: string[]) =>
      vpcEndpoint.danger?.(
        endpoint('vpce-1', { securityGroupIds: now }),
        endpoint('vpce-1', { securityGroupIds: former }),
        sides(),
      );
    expect(danger(['sg-1', 'sg-2'], ['sg-1'])).to.contain('has the group sg-2 now');
    for (const [now, former] of [
      [['sg-1'], ['sg-1', 'sg-2']],
      [['sg-1'], undefined],
    ] as const)
      expect(danger([...now], former && [...former])).to.equal(undefined);
  });

  describe('that are interfaces, at a recovery', () => {
    const subnets = [
      subnet('subnet-1', 'vpc-1'),
      subnet('subnet-2', 'vpc-1', { cidrBlock: '10.0.2.0/24', availabilityZoneId: 'euw1-az2' }),
      // In DR in the zone of the first.
      subnet('subnet-3', 'vpc-1', { cidrBlock: '10.0.3.0/24', availabilityZoneId: 'euw1-az3' }),
    ];
    const network = {
      vpc: [vpc('vpc-1', { enableDnsHostnames: true })],
      subnet: subnets,
      'security-group': [group('sg-1', 'vpc-1', 'web')],
    };
    const ssm = (id: string, more: Partial<VpcEndpoint> = {}) =>
      endpoint(id, {
        endpointType: 'Interface',
        serviceName: 'com.amazonaws.<region>.ssm',
        routeTableIds: [],
        subnetIds: ['subnet-1', 'subnet-2', 'subnet-3'],
        securityGroupIds: ['sg-1'],
        privateDnsEnabled: true,
        dnsRecordIpType: 'ipv4',
        ...more,
      });
    const made = (...endpoints: VpcEndpoint[]) => recovering({ ...network, 'vpc-endpoint': endpoints });

    it('are in one subnet of each zone, with their groups and names', () => {
      const result = made(ssm('vpce-1'));
      const args = argsOf(result, 'vpc-endpoint/vpce-1');
      expect(args.subnetIds).to.have.deep.members([new Ref('subnet/subnet-1'), new Ref('subnet/subnet-2')]);
      expect(args.securityGroupIds).to.deep.equal([new Ref('security-group/sg-1')]);
      expect(args).to.deep.include({
        serviceName: 'com.amazonaws.eu-central-1.ssm',
        privateDnsEnabled: true,
        ipAddressType: 'ipv4',
        dnsOptions: { dnsRecordIpType: 'ipv4' },
      });
      expect(args).to.not.have.property('routeTableIds');
      expect(result.notes.join('\n')).to.contain(
        'does without the subnet subnet-3: AWS takes one of a zone, and in DR subnet-1 is in the same',
      );
    });

    it('are skipped without subnets or groups, also where an older program accepted them', () => {
      const none = made(ssm('vpce-1', { subnetIds: [] }));
      expect(reason(none, 'vpc-endpoint/vpce-1')).to.equal('it is in no subnet that is mirrored');
      const open = made(ssm('vpce-1', { securityGroupIds: ['sg-9'] }));
      expect(reason(open, 'vpc-endpoint/vpce-1')).to.contain('none of its security groups');
      const { subnetIds: _, securityGroupIds: __, privateDnsEnabled: ___, ...older } = ssm('vpce-1');
      expect(reason(made(older), 'vpc-endpoint/vpce-1')).to.contain('in no subnet');
    });

    it('have IPv4 alone where their subnets have, and are skipped without that', () => {
      const both = made(ssm('vpce-1', { ipAddressType: 'dualstack', dnsRecordIpType: 'dualstack' }));
      expect(argsOf(both, 'vpc-endpoint/vpce-1')).to.deep.include({
        ipAddressType: 'ipv4',
        dnsOptions: { dnsRecordIpType: 'ipv4' },
      });
      expect(both.notes.join('\n')).to.contain('vpc-endpoint/vpce-1 does without IPv6');
      const alone = made(ssm('vpce-1', { ipAddressType: 'ipv6', dnsRecordIpType: 'ipv6' }));
      expect(reason(alone, 'vpc-endpoint/vpce-1')).to.contain('IPv6 alone');
    });

    it('come after the gateway endpoint that they leave what is within to', () => {
      const s3 = { serviceName: 'com.amazonaws.<region>.s3', privateDnsOnlyForInboundResolverEndpoint: true };
      const result = made(ssm('vpce-1', s3), endpoint('vpce-2', { routeTableIds: [] }));
      const { after, args } = result.resources.find(({ name }) => name === 'vpc-endpoint/vpce-1') ?? {};
      expect(after).to.deep.equal(['vpc-endpoint/vpce-2']);
      expect((args as { dnsOptions?: object }).dnsOptions).to.deep.include({
        privateDnsOnlyForInboundResolverEndpoint: true,
      });
    });

    it('are not made beside what has the name of their service in DR, and take nobody’s', () => {
      const there = ssm('vpce-x', { vpcId: 'vpc-d', subnetIds: [] });
      const result = recovering(
        { ...network, 'vpc-endpoint': [ssm('vpce-1'), ssm('vpce-2', { privateDnsEnabled: false })] },
        { vpc: [vpc('vpc-d', { tags: { 'lifeboat:source-id': 'vpc-1' } })], 'vpc-endpoint': [there] },
      );
      expect(reason(result, 'vpc-endpoint/vpce-1')).to.contain('vpce-x in DR is in its way');
      expect(result.resources.find(({ name }) => name === 'vpc-endpoint/vpce-2')?.adopt).to.equal(undefined);
    });

    it('are what may be left of a recovery, and gateway endpoints are not', () => {
      const tags = { 'lifeboat:source-id': 'vpce-1' };
      const { others } = leftOfRecovery({
        'vpc-endpoint': [ssm('vpce-d', { tags }), endpoint('vpce-e', { tags }), ssm('vpce-f')],
      });
      expect(others).to.deep.equal(['vpc-endpoint/vpce-d']);
    });
  });

  it("lead to the service of DR's region, from the same route tables, with everything allowed by default", () => {
    expect(vpcEndpoint.mirror?.(endpoint('vpce-1'), stub()).args).to.deep.include({
      vpcId: 'vpc/vpc-1',
      serviceName: 'com.amazonaws.eu-central-1.s3',
      vpcEndpointType: 'Gateway',
      routeTableIds: ['route-table/rtb-1'],
      policy:
        '{"Version":"2008-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}]}',
    });
  });

  it('wait for a recovery when they are billed by the hour, and are skipped when a service made them', () => {
    const result = planned({
      vpc: [vpc('vpc-1')],
      'vpc-endpoint': [
        endpoint('vpce-1', { endpointType: 'Interface' }),
        endpoint('vpce-2', { requesterManaged: true }),
      ],
    });
    expect(result.atRecovery.map(({ name }) => name)).to.deep.equal(['vpc-endpoint/vpce-1']);
    expect(reason(result, 'vpc-endpoint/vpce-1')).to.contain('billed by the hour');
    expect(result.skipped.map(({ name }) => name)).to.deep.equal(['vpc-endpoint/vpce-2']);
  });

  it('are changed, not made anew, when a table that leads to them is made anew', () => {
    const table = (id: string, vpcId: string, isMain: boolean, tags = {}) => ({ id, tags, vpcId, isMain });
    const tagged = (id: string) => ({ 'lifeboat:source-id': id });
    const { resources } = planned(
      {
        vpc: [vpc('vpc-1')],
        'route-table': [table('rtb-1', 'vpc-1', false)],
        'vpc-endpoint': [endpoint('vpce-1')],
      },
      {
        vpc: [vpc('vpc-d', { tags: tagged('vpc-1') })],
        'route-table': [table('rtb-d', 'vpc-d', true, tagged('rtb-1'))],
        'vpc-endpoint': [endpoint('vpce-d', { vpcId: 'vpc-d', tags: tagged('vpce-1') })],
      },
    );
    const adopted = Object.fromEntries(resources.map(({ name, adopt }) => [name, adopt]));
    expect(adopted).to.include({ 'route-table/rtb-1': undefined, 'vpc-endpoint/vpce-1': 'vpce-d' });
  });

  it('say what their policies name that DR does not have', () => {
    const policy = JSON.stringify({ Statement: [{ Resource: 'arn:aws:s3:::orders/*' }] });
    const result = planned({ vpc: [vpc('vpc-1')], 'vpc-endpoint': [endpoint('vpce-1', { policy })] });
    expect(argsOf(result, 'vpc-endpoint/vpce-1').policy).to.equal(policy);
    expect(result.notes.join('\n'))
      .to.contain('vpc-endpoint/vpce-1 has a policy')
      .and.contain('arn:aws:s3:::orders/*');
  });

  it('are told apart by their route tables: a VPC may have two to one service', () => {
    const itself = {
      id: (_: string, id: string) => id,
      ipv6: (cidr: string) => cidr,
      bucket: (name: string) => name,
    };
    const identity = (...routeTableIds: string[]) =>
      vpcEndpoint.identity?.(endpoint('vpce-1', { routeTableIds }), itself);
    expect(identity('rtb-1', 'rtb-2')).to.equal(identity('rtb-2', 'rtb-1'));
    expect(identity('rtb-1')).to.not.equal(identity('rtb-2'));
    expect(identity()).to.equal(undefined);
  });
});

describe('a policy in DR', () => {
  it("names DR's account and region, wherever they stand", () => {
    const { document, foreign } = inDr({
      Sid: '111111111111',
      Principal: {
        AWS: ['111111111111', 'arn:aws:iam::111111111111:role/app'],
        Service: 'logs.eu-west-1.amazonaws.com',
      },
      Action: 'dynamodb:*',
      Resource: 'arn:aws:dynamodb:eu-west-1:111111111111:table/orders',
      Condition: {
        StringEquals: { 'aws:RequestedRegion': 'eu-west-1', 'aws:PrincipalAccount': ['111111111111'] },
      },
    });
    expect(document).to.deep.equal({
      Statement: [
        {
          Sid: '111111111111',
          Principal: {
            AWS: ['222222222222', 'arn:aws:iam::222222222222:role/lifeboat/app'],
            Service: 'logs.eu-central-1.amazonaws.com',
          },
          Action: 'dynamodb:*',
          Resource: 'arn:aws:dynamodb:eu-central-1:222222222222:table/orders',
          Condition: {
            StringEquals: { 'aws:RequestedRegion': 'eu-central-1', 'aws:PrincipalAccount': ['222222222222'] },
          },
        },
      ],
    });
    expect(foreign).to.deep.equal([]);
  });

  it('leaves other accounts and regions alone, and what only looks like ours within a name', () => {
    for (const kept of [
      'arn:aws:dynamodb:us-east-1:333333333333:table/eu-west-1',
      'arn:aws:sns:*:333333333333:topic-111111111111',
      '*',
      'backup-111111111111-eu-west-1',
    ])
      expect(resourceInDr(kept)).to.equal(kept);
  });

  it('keeps and names buckets and ids that are others in DR', () => {
    const kept = ['arn:aws:s3:::logs-111111111111', 'vpc-0a1b2c3d4e5f67890'];
    expect(inDr({ Resource: kept })).to.deep.equal({
      document: { Statement: [{ Resource: kept }] },
      foreign: kept,
    });
    const key = 'arn:aws:kms:eu-west-1:111111111111:key/0a1b2c3d-0000-1111-2222-0a1b2c3d4e5f';
    expect(inDr({ Resource: key }).foreign).to.deep.equal([key]);
  });

  it('names mirrored objects by what DR calls them', () => {
    for (const [text, there] of [
      ['vpc-00000000000000001', '<vpc vpc-00000000000000001>'],
      [
        'arn:aws:ec2:eu-west-1:111111111111:vpc/vpc-00000000000000001',
        'arn:aws:ec2:eu-central-1:222222222222:vpc/<vpc vpc-00000000000000001>',
      ],
      ['arn:aws:s3:::logs/2026/*', 'arn:aws:s3:::<bucket logs>/2026/*'],
      [
        'arn:aws:cloudfront::111111111111:distribution/E1A2B3C4D5E6F7',
        'arn:aws:cloudfront::222222222222:distribution/<distribution E1A2B3C4D5E6F7>',
      ],
      [
        'arn:aws:elasticloadbalancing:eu-west-1:111111111111:targetgroup/web/0123456789abcdef',
        '<target-group web>',
      ],
    ]) {
      expect(resourceInDr(text)).to.equal(there);
      expect(inDr({ Resource: text }).foreign).to.deep.equal([]);
    }
    for (const kept of [
      'arn:aws:s3:::logs-*',
      'arn:aws:elasticloadbalancing:eu-central-1:222222222222:targetgroup/other/0123456789abcdef',
      'AROAEXAMPLEEXAMPLE123',
    ])
      expect(inDr({ Resource: kept }), kept).to.deep.equal({
        document: { Statement: [{ Resource: kept }] },
        foreign: [kept],
      });
  });

  it('is the same whatever the order of its fields and lists', () => {
    expect(samePolicy({ a: ['x'], b: 1 }, { b: 1, a: 'x' })).to.equal(true);
    expect(samePolicy({ a: ['x', 'y'] }, { a: ['x'] })).to.equal(false);
    expect(samePolicy({ a: ['x', { b: ['y', 'z'] }] }, { a: [{ b: ['z', 'y'] }, 'x'] })).to.equal(true);
  });
});
