import {
  AuthorizeSecurityGroupEgressCommand,
  AuthorizeSecurityGroupIngressCommand,
  CreateManagedPrefixListCommand,
  CreateSecurityGroupCommand,
  DeleteSecurityGroupCommand,
  DescribeSecurityGroupRulesCommand,
  DescribeSecurityGroupsCommand,
  type IpPermission,
  ModifySecurityGroupRulesCommand,
  RevokeSecurityGroupEgressCommand,
  RevokeSecurityGroupIngressCommand,
} from '@aws-sdk/client-ec2';
import { expect } from 'chai';
import { Clients, HERE, must, newAccount, newNetwork, refusal, tagged, useEmulator } from './support';

describe('emulator: security groups and their rules', () => {
  const emulator = useEmulator();
  let mine: Clients;
  let vpc: string;
  let group: string;
  let other: string;

  beforeEach(async () => {
    mine = new Clients(emulator().url, newAccount(), HERE);
    ({ vpc, group } = await newNetwork(mine));
    const input = { VpcId: vpc, GroupName: 'other', Description: 'other' };
    other = must((await mine.ec2.send(new CreateSecurityGroupCommand(input))).GroupId);
  });

  const https = (rest: Partial<IpPermission>): IpPermission => ({
    IpProtocol: 'tcp',
    FromPort: 443,
    ToPort: 443,
    ...rest,
  });
  const ingress = async (permission: IpPermission, tags?: Record<string, string>, to = group) => {
    const specification =
      tags === undefined ? {} : { TagSpecifications: tagged('security-group-rule', tags) };
    const input = { GroupId: to, IpPermissions: [permission], ...specification };
    return must((await mine.ec2.send(new AuthorizeSecurityGroupIngressCommand(input))).SecurityGroupRules);
  };
  const rules = async (filters: { Name: string; Values: string[] }[]) =>
    must(
      (await mine.ec2.send(new DescribeSecurityGroupRulesCommand({ Filters: filters }))).SecurityGroupRules,
    );
  const inbound = async (of = group) =>
    (await rules([{ Name: 'group-id', Values: [of] }])).filter((rule) => !rule.IsEgress);
  const remove = (id: string) => refusal(mine.ec2.send(new DeleteSecurityGroupCommand({ GroupId: id })));

  it('authorizing answers the rules, each with its id, description and the tags of the request', async () => {
    const list = new CreateManagedPrefixListCommand({
      PrefixListName: 'p',
      AddressFamily: 'IPv4',
      MaxEntries: 2,
    });
    const prefix = must((await mine.ec2.send(list)).PrefixList?.PrefixListId);
    const made = await ingress(
      https({
        IpRanges: [{ CidrIp: '10.1.0.0/16', Description: 'four' }],
        Ipv6Ranges: [{ CidrIpv6: '2001:db8::/32', Description: 'six' }],
        UserIdGroupPairs: [{ GroupId: other, Description: 'group' }],
        PrefixListIds: [{ PrefixListId: prefix, Description: 'list' }],
      }),
      { origin: 'test' },
    );
    expect(made.map((rule) => rule.Description)).to.deep.equal(['four', 'six', 'group', 'list']);
    const read = await rules([{ Name: 'tag:origin', Values: ['test'] }]);
    expect(read.map((rule) => rule.SecurityGroupRuleId)).to.have.members(
      made.map((rule) => rule.SecurityGroupRuleId),
    );
    expect(read.find((rule) => rule.ReferencedGroupInfo)?.ReferencedGroupInfo?.GroupId).to.equal(other);
    expect(read.find((rule) => rule.PrefixListId)).to.include({ PrefixListId: prefix, Description: 'list' });
  });

  it('the grouped view of DescribeSecurityGroups has every description too', async () => {
    await ingress(https({ UserIdGroupPairs: [{ GroupId: other, Description: 'group' }] }));
    const answer = await mine.ec2.send(new DescribeSecurityGroupsCommand({ GroupIds: [group] }));
    const pair = answer.SecurityGroups?.[0]?.IpPermissions?.[0]?.UserIdGroupPairs?.[0];
    expect(pair).to.include({ GroupId: other, Description: 'group' });
  });

  it('a rule that is there already is InvalidPermission.Duplicate, whatever its description; then none is added', async () => {
    await ingress(https({ IpRanges: [{ CidrIp: '10.1.0.0/16', Description: 'a' }] }));
    const both = https({
      IpRanges: [{ CidrIp: '10.2.0.0/16' }, { CidrIp: '10.1.0.0/16', Description: 'b' }],
    });
    expect(await refusal(ingress(both))).to.equal('InvalidPermission.Duplicate');
    expect(await inbound()).to.have.length(1);
  });

  it('host bits are dropped and protocol numbers become names, as AWS stores them', async () => {
    const [rule] = await ingress({
      IpProtocol: '6',
      FromPort: 22,
      ToPort: 22,
      IpRanges: [{ CidrIp: '10.1.2.3/16' }],
    });
    expect(rule).to.include({ IpProtocol: 'tcp', CidrIpv4: '10.1.0.0/16' });
    const [all] = await ingress({ IpProtocol: '-1', IpRanges: [{ CidrIp: '10.0.0.0/8' }] });
    expect(all).to.include({ FromPort: -1, ToPort: -1 });
  });

  it('groups may refer to each other in a circle; a group that another refers to cannot be deleted', async () => {
    await ingress(https({ UserIdGroupPairs: [{ GroupId: other }] }));
    await ingress(https({ UserIdGroupPairs: [{ GroupId: group }] }), undefined, other);
    expect(await remove(other)).to.equal('DependencyViolation');
    const ids = (await inbound()).map((rule) => must(rule.SecurityGroupRuleId));
    await mine.ec2.send(new RevokeSecurityGroupIngressCommand({ GroupId: group, SecurityGroupRuleIds: ids }));
    expect(await remove(other)).to.equal('none');
  });

  it('a group of another network cannot be referred to without peering', async () => {
    const elsewhere = await newNetwork(mine);
    const pair = https({ UserIdGroupPairs: [{ GroupId: elsewhere.group }] });
    expect(await refusal(ingress(pair))).to.equal('InvalidGroup.NotFound');
  });

  it('the default group lets its own members in and everything out, and cannot be deleted', async () => {
    const filters = [
      { Name: 'vpc-id', Values: [vpc] },
      { Name: 'group-name', Values: ['default'] },
    ];
    const answer = await mine.ec2.send(new DescribeSecurityGroupsCommand({ Filters: filters }));
    const id = must(answer.SecurityGroups?.[0]?.GroupId);
    const all = await rules([{ Name: 'group-id', Values: [id] }]);
    expect(all.find((rule) => !rule.IsEgress)?.ReferencedGroupInfo?.GroupId).to.equal(id);
    expect(all.find((rule) => rule.IsEgress)?.CidrIpv4).to.equal('0.0.0.0/0');
    expect(await remove(id)).to.equal('CannotDelete');
  });

  it('a name is used once in a VPC (InvalidGroup.Duplicate), and descriptions have a character set', async () => {
    const make = (input: { GroupName: string; Description: string }) =>
      refusal(mine.ec2.send(new CreateSecurityGroupCommand({ VpcId: vpc, ...input })));
    expect(await make({ GroupName: 'other', Description: 'again' })).to.equal('InvalidGroup.Duplicate');
    expect(await make({ GroupName: 'new', Description: 'Zürich' })).to.equal('InvalidParameterValue');
    const bad = https({ IpRanges: [{ CidrIp: '10.1.0.0/16', Description: 'a "quote"' }] });
    expect(await refusal(ingress(bad))).to.equal('InvalidParameterValue');
  });

  it('ModifySecurityGroupRules keeps id and tags, and the type of the rule', async () => {
    const [made] = await ingress(https({ IpRanges: [{ CidrIp: '10.1.0.0/16' }] }), { keep: 'me' });
    const SecurityGroupRuleId = must(made?.SecurityGroupRuleId);
    const modify = (rule: object) => {
      const SecurityGroupRules = [
        { SecurityGroupRuleId, SecurityGroupRule: { IpProtocol: 'tcp', FromPort: 22, ToPort: 22, ...rule } },
      ];
      return refusal(
        mine.ec2.send(new ModifySecurityGroupRulesCommand({ GroupId: group, SecurityGroupRules })),
      );
    };
    expect(await modify({ CidrIpv4: '10.2.0.0/16', Description: 'ssh' })).to.equal('none');
    const [read] = await inbound();
    expect(read).to.include({
      SecurityGroupRuleId,
      CidrIpv4: '10.2.0.0/16',
      FromPort: 22,
      Description: 'ssh',
    });
    expect(read?.Tags).to.deep.equal([{ Key: 'keep', Value: 'me' }]);
    expect(await modify({ CidrIpv6: '::/0' })).to.equal('InvalidParameterValue');
  });

  it('outbound rules are revoked and added like inbound ones; an unknown one is InvalidPermission.NotFound', async () => {
    const everything = [{ IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] }];
    const revoke = () => {
      const input = { GroupId: group, IpPermissions: everything };
      return refusal(mine.ec2.send(new RevokeSecurityGroupEgressCommand(input)));
    };
    expect(await revoke()).to.equal('none');
    expect(await revoke()).to.equal('InvalidPermission.NotFound');
    const input = {
      GroupId: group,
      IpPermissions: [{ IpProtocol: '-1', Ipv6Ranges: [{ CidrIpv6: '::/0' }] }],
    };
    await mine.ec2.send(new AuthorizeSecurityGroupEgressCommand(input));
    const left = await rules([{ Name: 'group-id', Values: [group] }]);
    expect(left.map((rule) => rule.CidrIpv6)).to.deep.equal(['::/0']);
  });

  it('60 rules a direction and address family', async () => {
    const ranges = Array.from({ length: 60 }, (_, index) => ({ CidrIp: `10.${index}.0.0/16` }));
    await ingress(https({ IpRanges: ranges }));
    const one = https({ IpRanges: [{ CidrIp: '10.99.0.0/16' }] });
    expect(await refusal(ingress(one))).to.equal('RulesPerSecurityGroupLimitExceeded');
    const six = https({ Ipv6Ranges: [{ CidrIpv6: '::/0' }] });
    expect(await refusal(ingress(six))).to.equal('none');
  });
});
