import {
  AuthorizeSecurityGroupIngressCommand,
  CreateManagedPrefixListCommand,
  CreateSecurityGroupCommand,
  CreateVpcCommand,
  DeleteManagedPrefixListCommand,
  DeleteSecurityGroupCommand,
  DescribeManagedPrefixListsCommand,
  DescribeSecurityGroupRulesCommand,
  type EC2Client,
  GetManagedPrefixListEntriesCommand,
  ModifyManagedPrefixListCommand,
} from '@aws-sdk/client-ec2';
import { present } from '../../../kinds/kind';
import { SOURCE } from '../../../scripts/demo/stage';
import type { Subject } from './subject';

export const prefixLists: Subject = (() => {
  let id = '';
  let GroupId: string | undefined;
  const ownLists = async (side: EC2Client) => {
    const { PrefixLists = [] } = await side.send(new DescribeManagedPrefixListsCommand({}));
    return PrefixLists.filter(({ OwnerId }) => OwnerId !== 'AWS');
  };
  return {
    name: 'a prefix list, and rules that name it and S3',
    async make(source) {
      const list = await source.send(
        new CreateManagedPrefixListCommand({
          PrefixListName: 'offices',
          AddressFamily: 'IPv4',
          MaxEntries: 5,
          Entries: [{ Cidr: '192.0.2.0/24', Description: 'north' }, { Cidr: '198.51.100.0/24' }],
        }),
      );
      id = present(list.PrefixList?.PrefixListId, 'PrefixListId');
      const { PrefixLists = [] } = await source.send(
        new DescribeManagedPrefixListsCommand({
          Filters: [{ Name: 'prefix-list-name', Values: [`com.amazonaws.${SOURCE.region}.s3`] }],
        }),
      );
      const { Vpc } = await source.send(new CreateVpcCommand({ CidrBlock: '10.1.0.0/16' }));
      const group = { GroupName: 'listed', Description: 'listed', VpcId: Vpc?.VpcId };
      ({ GroupId } = await source.send(new CreateSecurityGroupCommand(group)));
      const lists = [id, present(PrefixLists[0]?.PrefixListId, 'PrefixListId')];
      await source.send(
        new AuthorizeSecurityGroupIngressCommand({
          GroupId,
          IpPermissions: lists.map((PrefixListId) => ({
            IpProtocol: 'tcp',
            FromPort: 22,
            ToPort: 22,
            PrefixListIds: [{ PrefixListId, Description: 'by list' }],
          })),
        }),
      );
    },
    async change(source) {
      const { PrefixList } = await source.send(
        new ModifyManagedPrefixListCommand({ PrefixListId: id, MaxEntries: 9 }),
      );
      await source.send(
        new ModifyManagedPrefixListCommand({
          PrefixListId: id,
          PrefixListName: 'all offices',
          CurrentVersion: PrefixList?.Version,
          AddEntries: [{ Cidr: '203.0.113.0/24', Description: 'south' }],
          RemoveEntries: [{ Cidr: '198.51.100.0/24' }],
        }),
      );
    },
    async remove(source) {
      await source.send(new DeleteSecurityGroupCommand({ GroupId }));
      await source.send(new DeleteManagedPrefixListCommand({ PrefixListId: id }));
    },
    async read(side) {
      const lists = await ownLists(side);
      const { SecurityGroupRules = [] } = await side.send(new DescribeSecurityGroupRulesCommand({}));
      return Promise.all(
        lists.map(async ({ PrefixListId, PrefixListName, MaxEntries }) => {
          const { Entries = [] } = await side.send(new GetManagedPrefixListEntriesCommand({ PrefixListId }));
          return {
            name: PrefixListName,
            max: MaxEntries,
            entries: Entries.map(({ Cidr, Description }) => `${Cidr} ${Description ?? ''}`).sort(),
            rules: SecurityGroupRules.filter((rule) => rule.PrefixListId === PrefixListId).length,
          };
        }),
      );
    },
    made: [{ name: 'offices', max: 5, entries: ['192.0.2.0/24 north', '198.51.100.0/24 '], rules: 1 }],
    changed: [
      { name: 'all offices', max: 9, entries: ['192.0.2.0/24 north', '203.0.113.0/24 south'], rules: 1 },
    ],
  };
})();
