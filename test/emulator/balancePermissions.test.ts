import { CreateSubnetCommand } from '@aws-sdk/client-ec2';
import * as elb from '@aws-sdk/client-elastic-load-balancing-v2';
import { CreateRoleCommand, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { AssumeRoleCommand } from '@aws-sdk/client-sts';
import { expect } from 'chai';
import { Clients, complaint, HERE, must, newAccount, newVpc, useEmulator } from './support';

interface Statement {
  Action: string | string[];
  Resource?: string;
  Condition?: Record<string, Record<string, string | string[]>>;
}

const OURS = [{ Key: 'team', Value: 'shop' }];
const given = { Null: { 'aws:RequestTag/team': 'false' } };
const there = { Null: { 'aws:ResourceTag/team': 'false' } };
const DENIED = 'is not authorized to perform: elasticloadbalancing:';

describe('emulator: permissions on load balancers, with enforceIam', () => {
  const emulator = useEmulator();
  let account: string;
  let admin: Clients;
  let Subnets: string[];

  beforeEach(async () => {
    account = newAccount();
    admin = new Clients(emulator().url, account, HERE);
    const VpcId = await newVpc(admin);
    const subnet = async (zone: string, third: number) => {
      const asked = { VpcId, CidrBlock: `10.0.${third}.0/24`, AvailabilityZone: `${HERE}${zone}` };
      return must((await admin.ec2.send(new CreateSubnetCommand(asked))).Subnet?.SubnetId);
    };
    Subnets = [await subnet('a', 1), await subnet('b', 2)];
    await emulator().config({ enforceIam: true });
  });
  afterEach(() => emulator().config({ enforceIam: false }));

  /** A client of a session of a new role that may do this. */
  async function as(...statements: Statement[]): Promise<elb.ElasticLoadBalancingV2Client> {
    const Version = '2012-10-17';
    const Principal = { AWS: `arn:aws:iam::${account}:root` };
    const trust = { Version, Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal }] };
    const RoleName = `runner-${statements.length}`;
    const role = { RoleName, AssumeRolePolicyDocument: JSON.stringify(trust) };
    const made = await admin.iam.send(new CreateRoleCommand(role));
    const Statement = statements.map((one) => ({ Effect: 'Allow', Resource: '*', ...one }));
    const PolicyDocument = JSON.stringify({ Version, Statement });
    await admin.iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'own', PolicyDocument }));
    const assume = { RoleArn: must(made.Role?.Arn), RoleSessionName: 'test' };
    const { Credentials } = await admin.sts.send(new AssumeRoleCommand(assume));
    const session = new Clients(emulator().url, account, HERE, must(Credentials));
    return session.once(elb.ElasticLoadBalancingV2Client);
  }
  const root = () => admin.once(elb.ElasticLoadBalancingV2Client);
  const make = async (client: elb.ElasticLoadBalancingV2Client, Name: string, Tags = OURS) => {
    const input = { Name, Scheme: 'internal' as const, Subnets, ...(Tags.length > 0 && { Tags }) };
    return (await client.send(new elb.CreateLoadBalancerCommand(input))).LoadBalancers?.[0]?.LoadBalancerArn;
  };
  const listen = async (client: elb.ElasticLoadBalancingV2Client, LoadBalancerArn: string | undefined) => {
    const DefaultActions: elb.Action[] = [
      { Type: 'fixed-response', FixedResponseConfig: { StatusCode: '404' } },
    ];
    const input = { LoadBalancerArn, Port: 80, Protocol: 'HTTP' as const, DefaultActions, Tags: OURS };
    return (await client.send(new elb.CreateListenerCommand(input))).Listeners?.[0]?.ListenerArn;
  };
  const service: Statement = {
    Action: 'iam:CreateServiceLinkedRole',
    Condition: { StringEquals: { 'iam:AWSServiceName': 'elasticloadbalancing.amazonaws.com' } },
  };
  const tagWhenMade = (...made: string[]): Statement => ({
    Action: 'elasticloadbalancing:AddTags',
    Condition: { StringEquals: { 'elasticloadbalancing:CreateAction': made }, ...given },
  });

  it('one that is made asks for the tags it is given, and for the service’s own role', async () => {
    const create = { Action: 'elasticloadbalancing:CreateLoadBalancer', Condition: given };
    const bare = await as(create);
    expect(await complaint(make(bare, 'web', []))).to.contain(`${DENIED}CreateLoadBalancer`);
    expect(await complaint(make(bare, 'web'))).to.contain(`${DENIED}AddTags`);
    const tagging = await as(create, tagWhenMade('CreateLoadBalancer'));
    expect(await complaint(make(tagging, 'web'))).to.contain('iam:CreateServiceLinkedRole');
    const whole = await as(create, tagWhenMade('CreateLoadBalancer'), service);
    expect(await complaint(make(whole, 'web'))).to.equal('');
  });

  it('listeners and rules ask for what they are made on, and changes for what they change', async () => {
    const [ours, theirs] = [await make(root(), 'ours'), await make(root(), 'theirs', [])];
    const client = await as(
      {
        Action: ['elasticloadbalancing:CreateListener', 'elasticloadbalancing:CreateRule'],
        Condition: { Null: { ...given.Null, ...there.Null } },
      },
      tagWhenMade('CreateListener', 'CreateRule'),
      {
        Action: ['DeleteListener', 'DeleteLoadBalancer', 'SetRulePriorities', 'ModifyRule'].map(
          (name) => `elasticloadbalancing:${name}`,
        ),
        Condition: there,
      },
    );
    expect(await complaint(listen(client, theirs))).to.contain(`${DENIED}CreateListener`);
    const ListenerArn = await listen(client, ours);
    const rule = async (by: elb.ElasticLoadBalancingV2Client, Priority: number, Tags = OURS) => {
      const Conditions = [{ Field: 'path-pattern', PathPatternConfig: { Values: ['/a'] } }];
      const Actions: elb.Action[] = [{ Type: 'fixed-response', FixedResponseConfig: { StatusCode: '404' } }];
      const input = { ListenerArn, Priority, Conditions, Actions, ...(Tags.length > 0 && { Tags }) };
      return (await by.send(new elb.CreateRuleCommand(input))).Rules?.[0]?.RuleArn;
    };
    const mine = await rule(client, 1);
    const other = await rule(root(), 2, []);
    const move = (RuleArn: string | undefined, Priority: number) =>
      client.send(new elb.SetRulePrioritiesCommand({ RulePriorities: [{ RuleArn, Priority }] }));
    expect(await complaint(move(other, 9))).to.contain(`${DENIED}SetRulePriorities`);
    expect(await complaint(move(mine, 9))).to.equal('');
    const remove = (LoadBalancerArn: string | undefined) =>
      client.send(new elb.DeleteLoadBalancerCommand({ LoadBalancerArn }));
    expect(await complaint(remove(theirs))).to.contain(`${DENIED}DeleteLoadBalancer`);
    expect(await complaint(client.send(new elb.DeleteListenerCommand({ ListenerArn })))).to.equal('');
    expect(await complaint(remove(ours))).to.equal('');
  });
});
