import {
  AuthorizeSecurityGroupIngressCommand,
  CreateManagedPrefixListCommand,
  DeleteManagedPrefixListCommand,
  DescribeManagedPrefixListsCommand,
  GetManagedPrefixListAssociationsCommand,
  GetManagedPrefixListEntriesCommand,
  ModifyManagedPrefixListCommand,
  type ModifyManagedPrefixListCommandInput,
  paginateGetManagedPrefixListEntries,
} from '@aws-sdk/client-ec2';
import { expect } from 'chai';
import { Clients, HERE, must, newAccount, newNetwork, refusal, THERE, useEmulator } from './support';

describe('emulator: managed prefix lists', () => {
  const emulator = useEmulator();
  let mine: Clients;

  beforeEach(() => {
    mine = new Clients(emulator().url, newAccount(), HERE);
  });

  const cidrs = (count: number, from = 0) =>
    Array.from({ length: count }, (_, index) => ({ Cidr: `10.0.${from + index}.0/24` }));
  const make = async (MaxEntries = 10, count = 2) => {
    const input = { PrefixListName: 'mine', AddressFamily: 'IPv4', MaxEntries, Entries: cidrs(count) };
    return must((await mine.ec2.send(new CreateManagedPrefixListCommand(input))).PrefixList?.PrefixListId);
  };
  const modify = (PrefixListId: string, input: Omit<ModifyManagedPrefixListCommandInput, 'PrefixListId'>) =>
    refusal(mine.ec2.send(new ModifyManagedPrefixListCommand({ PrefixListId, ...input })));
  const read = async (id: string) =>
    must(
      (await mine.ec2.send(new DescribeManagedPrefixListsCommand({ PrefixListIds: [id] }))).PrefixLists?.[0],
    );
  const entries = async (PrefixListId: string, TargetVersion?: number) =>
    (await mine.ec2.send(new GetManagedPrefixListEntriesCommand({ PrefixListId, TargetVersion }))).Entries;

  it("AWS's own lists are in every region, with ids that differ between regions and not between accounts", async () => {
    const named = async (region: string) => {
      const there = new Clients(emulator().url, newAccount(), region);
      const answer = await there.ec2.send(new DescribeManagedPrefixListsCommand({}));
      return new Map(answer.PrefixLists?.map((list) => [list.PrefixListName, list]));
    };
    const [here, again, there] = [await named(HERE), await named(HERE), await named(THERE)];
    const global = 'com.amazonaws.global.cloudfront.origin-facing';
    for (const service of ['s3', 'dynamodb']) {
      expect(here.get(`com.amazonaws.${HERE}.${service}`)?.OwnerId).to.equal('AWS');
      expect(there.has(`com.amazonaws.${THERE}.${service}`)).to.equal(true);
    }
    expect(here.get(global)?.PrefixListId).to.equal(again.get(global)?.PrefixListId);
    expect(here.get(global)?.PrefixListId).to.not.equal(there.get(global)?.PrefixListId);
    const PrefixListId = here.get(global)?.PrefixListId;
    const remove = mine.ec2.send(new DeleteManagedPrefixListCommand({ PrefixListId }));
    expect(await refusal(remove)).to.equal('OperationNotPermitted');
  });

  it('changed entries make a new version, from the version named; a change without a name keeps it', async () => {
    const id = await make();
    const change = { AddEntries: [{ Cidr: '10.9.0.0/24', Description: 'x' }], RemoveEntries: cidrs(1) };
    expect(await modify(id, change)).to.equal('MissingParameter');
    expect(await modify(id, { ...change, CurrentVersion: 7 })).to.equal('PrefixListVersionMismatch');
    expect(await modify(id, { ...change, CurrentVersion: 1 })).to.equal('none');
    expect(await read(id)).to.include({ Version: 2, PrefixListName: 'mine', State: 'modify-complete' });
    expect(await entries(id)).to.deep.equal([
      { Cidr: '10.0.1.0/24' },
      { Cidr: '10.9.0.0/24', Description: 'x' },
    ]);
    expect(await entries(id, 1)).to.have.lengthOf(2);
    expect(await modify(id, { PrefixListName: 'other' })).to.equal('none');
    expect(await read(id)).to.include({ Version: 2, PrefixListName: 'other' });
    const both = { CurrentVersion: 2, AddEntries: cidrs(1, 1), RemoveEntries: cidrs(1, 1) };
    expect(await modify(id, both)).to.equal('InvalidParameterValue');
  });

  it('1 to 1,000 entries at most, 100 a call, and size and entries never together', async () => {
    for (const size of [0, 1001]) expect(await refusal(make(size, 0))).to.equal('InvalidParameterValue');
    expect(await refusal(make(1, 2))).to.equal('PrefixListMaxEntriesExceeded');
    expect(await refusal(make(200, 101))).to.equal('InvalidParameterValue');
    const id = await make(3, 2);
    const more = { CurrentVersion: 1, AddEntries: cidrs(2, 5) };
    expect(await modify(id, more)).to.equal('PrefixListMaxEntriesExceeded');
    expect(await modify(id, { ...more, MaxEntries: 9 })).to.equal('InvalidParameterCombination');
    expect(await modify(id, { MaxEntries: 1 })).to.equal('PrefixListMaxEntriesExceeded');
    expect(await modify(id, { MaxEntries: 9 })).to.equal('none');
    expect((await read(id)).Version).to.equal(1);
  });

  it('a list that a rule names is not deleted, and says who names it', async () => {
    const { group } = await newNetwork(mine);
    const PrefixListId = await make();
    const IpPermissions = [{ IpProtocol: '-1', PrefixListIds: [{ PrefixListId, Description: 'x' }] }];
    const rule = () =>
      mine.ec2.send(new AuthorizeSecurityGroupIngressCommand({ GroupId: group, IpPermissions }));
    await rule();
    expect(await refusal(rule())).to.equal('InvalidPermission.Duplicate');
    const remove = mine.ec2.send(new DeleteManagedPrefixListCommand({ PrefixListId }));
    expect(await refusal(remove)).to.equal('DependencyViolation');
    const named = await mine.ec2.send(new GetManagedPrefixListAssociationsCommand({ PrefixListId }));
    expect(named.PrefixListAssociations?.map(({ ResourceId }) => ResourceId)).to.deep.equal([group]);
    const unused = await make();
    await mine.ec2.send(new DeleteManagedPrefixListCommand({ PrefixListId: unused }));
    expect(await refusal(read(unused))).to.equal('InvalidPrefixListID.NotFound');
  });

  it('a rule with a list weighs as many rules as the list may have entries', async () => {
    const { group } = await newNetwork(mine);
    const add = (PrefixListId: string, port: number) => {
      const range = { IpProtocol: 'tcp', FromPort: port, ToPort: port };
      const IpPermissions = [{ ...range, PrefixListIds: [{ PrefixListId }] }];
      return refusal(
        mine.ec2.send(new AuthorizeSecurityGroupIngressCommand({ GroupId: group, IpPermissions })),
      );
    };
    const id = await make(30);
    expect(await add(id, 1)).to.equal('none');
    expect(await add(id, 2)).to.equal('none');
    expect(await add(id, 3)).to.equal('RulesPerSecurityGroupLimitExceeded');
    expect(await modify(id, { MaxEntries: 31 })).to.equal('RulesPerSecurityGroupLimitExceeded');
  });

  it('entries come in pages of 100', async () => {
    const PrefixListId = await make(200, 100);
    await modify(PrefixListId, { CurrentVersion: 1, AddEntries: cidrs(50, 100) });
    const sizes: number[] = [];
    for await (const page of paginateGetManagedPrefixListEntries({ client: mine.ec2 }, { PrefixListId }))
      sizes.push(must(page.Entries).length);
    expect(sizes).to.deep.equal([100, 50]);
  });
});
