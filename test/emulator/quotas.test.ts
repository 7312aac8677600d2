import {
  AttachInternetGatewayCommand,
  CreateEgressOnlyInternetGatewayCommand,
  CreateInternetGatewayCommand,
  CreateNetworkAclCommand,
  CreateNetworkAclEntryCommand,
  CreateNetworkInterfaceCommand,
  CreateRouteCommand,
  CreateRouteTableCommand,
  CreateSecurityGroupCommand,
  CreateSubnetCommand,
} from '@aws-sdk/client-ec2';
import {
  GetAWSDefaultServiceQuotaCommand,
  GetServiceQuotaCommand,
  ListServiceQuotasCommand,
  paginateListAWSDefaultServiceQuotas,
} from '@aws-sdk/client-service-quotas';
import { expect } from 'chai';
import type { Quotas } from './emulator';
import { Clients, HERE, must, newAccount, newNetwork, newVpc, refusal, useEmulator } from './support';

const VPCS = 'L-F678F1CE';
const ROUTES = 'L-93826ACB';

describe('emulator: service quotas', () => {
  const emulator = useEmulator();
  let account: string;
  let mine: Clients;

  beforeEach(() => {
    account = newAccount();
    mine = new Clients(emulator().url, account, HERE);
  });
  afterEach(() => emulator().config({ quotas: {} }));

  const applied = async (client = mine) => {
    const answer = await client.quotas.send(new ListServiceQuotasCommand({ ServiceCode: 'vpc' }));
    return new Map(answer.Quotas?.map((quota) => [quota.QuotaCode, quota.Value]));
  };

  it('the list of defaults has every quota, in pages; a service without quotas is not found', async () => {
    const defaults = new Map<string | undefined, number | undefined>();
    const pages = paginateListAWSDefaultServiceQuotas(
      { client: mine.quotas, pageSize: 10 },
      { ServiceCode: 'vpc' },
    );
    let count = 0;
    for await (const { Quotas } of pages) {
      count += 1;
      for (const quota of must(Quotas)) defaults.set(quota.QuotaCode, quota.Value);
    }
    expect(count).to.be.greaterThan(2);
    expect(defaults.get(VPCS)).to.equal(5);
    expect(defaults.get('L-0EA8095F')).to.equal(60);
    expect(defaults.get(ROUTES)).to.equal(500);
    const unknown = new ListServiceQuotasCommand({ ServiceCode: 'nothing' });
    expect(await refusal(mine.quotas.send(unknown))).to.equal('NoSuchResourceException');
    const broken = new ListServiceQuotasCommand({ ServiceCode: 'vpc', NextToken: 'nonsense' });
    expect(await refusal(mine.quotas.send(broken))).to.equal('InvalidPaginationTokenException');
    const much = new ListServiceQuotasCommand({ ServiceCode: 'vpc', MaxResults: 101 });
    expect(await refusal(mine.quotas.send(much))).to.equal('IllegalArgumentException');
  });

  it('an applied value is listed only where there is one, for its account only', async () => {
    expect((await applied()).has(ROUTES)).to.equal(false);
    const get = () => mine.quotas.send(new GetServiceQuotaCommand({ ServiceCode: 'vpc', QuotaCode: ROUTES }));
    expect(await refusal(get())).to.equal('NoSuchResourceException');
    await emulator().config({ quotas: { [VPCS]: 9, [account]: { [ROUTES]: 700 } } });
    expect((await applied()).get(ROUTES)).to.equal(700);
    expect((await get()).Quota?.Value).to.equal(700);
    const byDefault = new GetAWSDefaultServiceQuotaCommand({ ServiceCode: 'vpc', QuotaCode: ROUTES });
    expect((await mine.quotas.send(byDefault)).Quota?.Value).to.equal(500);
    const others = await applied(new Clients(emulator().url, newAccount(), HERE));
    expect([others.get(VPCS), others.has(ROUTES)]).to.deep.equal([9, false]);
  });

  it('five VPCs a region, the default one among them, until the quota is raised', async () => {
    for (let index = 1; index < 5; index += 1) await newVpc(mine, `10.${index}.0.0/16`);
    expect(await refusal(newVpc(mine))).to.equal('VpcLimitExceeded');
    await emulator().config({ quotas: { [VPCS]: 6 } });
    expect(await refusal(newVpc(mine))).to.equal('none');
  });

  it('every other quota is refused with its own code', async () => {
    const { vpc, subnet, group } = await newNetwork(mine);
    const gateway = async () => {
      const made = await mine.ec2.send(new CreateInternetGatewayCommand({}));
      return made.InternetGateway?.InternetGatewayId;
    };
    const igw = await gateway();
    await mine.ec2.send(new AttachInternetGatewayCommand({ InternetGatewayId: igw, VpcId: vpc }));
    const made = await mine.ec2.send(new CreateRouteTableCommand({ VpcId: vpc }));
    const RouteTableId = made.RouteTable?.RouteTableId;
    const acl = await mine.ec2.send(new CreateNetworkAclCommand({ VpcId: vpc }));
    const NetworkAclId = acl.NetworkAcl?.NetworkAclId;
    const entry = { NetworkAclId, Protocol: '-1', RuleAction: 'allow' as const, Egress: true };
    const six = { ...entry, Ipv6CidrBlock: '::/0' };
    const four = { ...entry, CidrBlock: '10.0.0.0/8' };
    const Groups = [group, group];
    const cases: [string, string, number, () => Promise<unknown>][] = [
      ['SubnetLimitExceeded', 'L-407747CB', 1, () => newSubnet(vpc)],
      ['SecurityGroupLimitExceeded', 'L-E79EC296', 2, () => newGroup(vpc)],
      ['InternetGatewayLimitExceeded', 'L-A4707A72', 1, gateway],
      ['EgressOnlyInternetGatewayLimitExceeded', 'L-45FE3B85', 0, () => egressOnly(vpc)],
      ['RouteTableLimitExceeded', 'L-589F43AA', 2, () => newTable(vpc)],
      ['RouteLimitExceeded', ROUTES, 0, () => newRoute(RouteTableId, igw)],
      ['NetworkAclLimitExceeded', 'L-B4A6D682', 2, () => newAcl(vpc)],
      ['NetworkAclEntryLimitExceeded', 'L-2AEEBF1A', 1, () => newEntry({ ...four, RuleNumber: 1 })],
      ['SecurityGroupsPerInterfaceLimitExceeded', 'L-2AFB9258', 1, () => newNic(subnet, Groups)],
    ];
    for (const [code, quota, value, make] of cases) {
      await emulator().config({ quotas: { [account]: { [quota]: value } } });
      expect(await refusal(make()), quota).to.equal(code);
    }
    // Each family of an ACL counts by itself.
    await emulator().config({ quotas: { 'L-2AEEBF1A': 2 } });
    expect(await refusal(newEntry({ ...four, RuleNumber: 1 }))).to.equal('none');
    expect(await refusal(newEntry({ ...six, RuleNumber: 2 }))).to.equal('none');
    expect(await refusal(newEntry({ ...four, RuleNumber: 3 }))).to.equal('NetworkAclEntryLimitExceeded');
  });

  it('a quota that does not exist, or is no whole number, is refused by the emulator itself', async () => {
    const wrong: Quotas[] = [{ vpcs: 5 }, { [VPCS]: -1 }, { [VPCS]: 1.5 }];
    for (const quotas of wrong)
      expect(await refusal(emulator().config({ quotas }))).to.equal('LifeboatError');
  });

  const newSubnet = (VpcId: string) =>
    mine.ec2.send(new CreateSubnetCommand({ VpcId, CidrBlock: '10.0.9.0/24' }));
  const newGroup = (VpcId: string) =>
    mine.ec2.send(new CreateSecurityGroupCommand({ VpcId, GroupName: 'more', Description: 'd' }));
  const egressOnly = (VpcId: string) => mine.ec2.send(new CreateEgressOnlyInternetGatewayCommand({ VpcId }));
  const newTable = (VpcId: string) => mine.ec2.send(new CreateRouteTableCommand({ VpcId }));
  const newRoute = (RouteTableId?: string, GatewayId?: string) =>
    mine.ec2.send(new CreateRouteCommand({ RouteTableId, GatewayId, DestinationCidrBlock: '0.0.0.0/0' }));
  const newAcl = (VpcId: string) => mine.ec2.send(new CreateNetworkAclCommand({ VpcId }));
  const newEntry = (input: ConstructorParameters<typeof CreateNetworkAclEntryCommand>[0]) =>
    mine.ec2.send(new CreateNetworkAclEntryCommand(input));
  const newNic = (SubnetId: string, Groups: string[]) =>
    mine.ec2.send(new CreateNetworkInterfaceCommand({ SubnetId, Groups }));
});
