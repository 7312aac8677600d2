import {
  CreateNetworkAclCommand,
  CreateNetworkAclEntryCommand,
  type CreateNetworkAclEntryCommandInput,
  DeleteNetworkAclCommand,
  DeleteNetworkAclEntryCommand,
  DescribeNetworkAclsCommand,
  ReplaceNetworkAclAssociationCommand,
  ReplaceNetworkAclEntryCommand,
} from '@aws-sdk/client-ec2';
import { expect } from 'chai';
import { Clients, HERE, must, newAccount, newNetwork, newVpc, refusal, useEmulator } from './support';

type Entry = Partial<CreateNetworkAclEntryCommandInput>;

describe('emulator: network ACLs', () => {
  const emulator = useEmulator();
  let mine: Clients;
  let vpc: string;
  let subnet: string;
  let acl: string;

  beforeEach(async () => {
    mine = new Clients(emulator().url, newAccount(), HERE);
    ({ vpc, subnet } = await newNetwork(mine));
    acl = await newAcl(vpc);
  });

  const newAcl = async (VpcId: string) =>
    must((await mine.ec2.send(new CreateNetworkAclCommand({ VpcId }))).NetworkAcl?.NetworkAclId);
  const read = async (id = acl) =>
    must((await mine.ec2.send(new DescribeNetworkAclsCommand({ NetworkAclIds: [id] }))).NetworkAcls?.[0]);
  const inbound = async () => (await read()).Entries?.filter(({ Egress }) => !Egress);
  const entry = (input: Entry) => ({
    NetworkAclId: acl,
    RuleNumber: 100,
    Protocol: '-1',
    RuleAction: 'allow' as const,
    Egress: false,
    CidrBlock: '10.0.0.0/8',
    ...input,
  });
  const add = (input: Entry) => refusal(mine.ec2.send(new CreateNetworkAclEntryCommand(entry(input))));
  const own = async () => {
    const Filters = [
      { Name: 'association.subnet-id', Values: [subnet] },
      { Name: 'vpc-id', Values: [vpc] },
    ];
    return must((await mine.ec2.send(new DescribeNetworkAclsCommand({ Filters }))).NetworkAcls?.[0]);
  };

  it('a new one refuses everything: the last rule of each direction is always there', async () => {
    const seen = (await read()).Entries?.map(({ Egress, RuleNumber, RuleAction }) => [
      Egress,
      RuleNumber,
      RuleAction,
    ]);
    expect(seen).to.deep.equal([
      [true, 32767, 'deny'],
      [false, 32767, 'deny'],
    ]);
    const remove = { NetworkAclId: acl, RuleNumber: 32767, Egress: false };
    expect(await refusal(mine.ec2.send(new DeleteNetworkAclEntryCommand(remove)))).to.equal(
      'InvalidParameterValue',
    );
    expect(await add({ RuleNumber: 32767 })).to.equal('InvalidParameterValue');
  });

  it('ICMP and ICMPv6 types and codes are kept; ports are kept for TCP and UDP only', async () => {
    expect(await add({ Protocol: '1', IcmpTypeCode: { Type: 8, Code: 0 } })).to.equal('none');
    const six = { CidrBlock: undefined, Ipv6CidrBlock: '::/0' };
    const any = { Type: -1, Code: -1 };
    expect(await add({ RuleNumber: 101, Protocol: '58', ...six, IcmpTypeCode: any })).to.equal('none');
    expect(await add({ RuleNumber: 102, Protocol: 'tcp', PortRange: { From: 1, To: 2 } })).to.equal('none');
    expect(await add({ RuleNumber: 103, PortRange: { From: 0, To: 0 } })).to.equal('none');
    const [icmp, icmp6, tcp, all] = must(await inbound());
    expect(icmp?.IcmpTypeCode).to.deep.equal({ Type: 8, Code: 0 });
    expect(icmp6).to.deep.include({ Protocol: '58', Ipv6CidrBlock: '::/0', IcmpTypeCode: any });
    expect(tcp).to.deep.include({ Protocol: '6', PortRange: { From: 1, To: 2 } });
    expect(all?.PortRange).to.equal(undefined);
    expect(await add({ RuleNumber: 104, Protocol: '17' })).to.equal('MissingParameter');
    expect(await add({ RuleNumber: 104, Protocol: '1' })).to.equal('MissingParameter');
    expect(await add({ RuleNumber: 104, Ipv6CidrBlock: '::/0' })).to.equal('MissingParameter');
  });

  it('a number is used once in each direction; replacing needs one that is there', async () => {
    expect(await add({})).to.equal('none');
    expect(await add({})).to.equal('NetworkAclEntryAlreadyExists');
    expect(await add({ Egress: true })).to.equal('none');
    const replace = (RuleNumber: number) =>
      refusal(
        mine.ec2.send(new ReplaceNetworkAclEntryCommand(entry({ RuleNumber, CidrBlock: '10.1.2.3/16' }))),
      );
    expect(await replace(101)).to.equal('InvalidNetworkAclEntry.NotFound');
    expect(await replace(100)).to.equal('none');
    expect((await inbound())?.[0]?.CidrBlock).to.equal('10.1.0.0/16');
    const gone = { NetworkAclId: acl, RuleNumber: 7, Egress: false };
    expect(await refusal(mine.ec2.send(new DeleteNetworkAclEntryCommand(gone)))).to.equal(
      'InvalidNetworkAclEntry.NotFound',
    );
  });

  it('a subnet always has one; it changes by replacing the association, within its network', async () => {
    const first = await own();
    expect(first.IsDefault).to.equal(true);
    const AssociationId = must(first.Associations?.[0]?.NetworkAclAssociationId);
    const replace = (NetworkAclId: string) =>
      mine.ec2.send(new ReplaceNetworkAclAssociationCommand({ AssociationId, NetworkAclId }));
    const foreign = await newAcl(await newVpc(mine, '10.1.0.0/16'));
    expect(await refusal(replace(foreign))).to.equal('InvalidParameterValue');
    const { NewAssociationId } = await replace(acl);
    expect((await own()).Associations?.[0]?.NetworkAclAssociationId).to.equal(NewAssociationId);
    expect(await refusal(replace(acl))).to.equal('InvalidAssociationID.NotFound');
  });

  it('neither the default one nor one that a subnet has can be deleted', async () => {
    const first = await own();
    const remove = (NetworkAclId?: string) =>
      refusal(mine.ec2.send(new DeleteNetworkAclCommand({ NetworkAclId })));
    expect(await remove(first.NetworkAclId)).to.equal('InvalidParameterValue');
    const AssociationId = first.Associations?.[0]?.NetworkAclAssociationId;
    await mine.ec2.send(new ReplaceNetworkAclAssociationCommand({ AssociationId, NetworkAclId: acl }));
    expect(await remove(acl)).to.equal('DependencyViolation');
    expect(await remove('acl-12345678')).to.equal('InvalidNetworkAclID.NotFound');
  });
});
