import { DeleteNetworkInterfaceCommand, paginateDescribeNetworkInterfaces } from '@aws-sdk/client-ec2';
import type { Account } from '../accounts';
import { allPages, present, tagRecord } from '../kinds/kind';
import { TAG } from '../names';

/**
 * Removes network interfaces that a recovery made and no machine has: the engine removes those that its state holds, and a state may be
 * lost.
 *
 * @returns the ids of those that are removed
 * @throws whatever AWS answers, but that one is gone
 */
export async function removeInterfaces(dr: Pick<Account, 'ec2'>): Promise<string[]> {
  const Filters = [
    { Name: 'tag-key', Values: [TAG.recoveryPoint] },
    { Name: 'status', Values: ['available'] },
  ];
  const found = await allPages(
    paginateDescribeNetworkInterfaces({ client: dr.ec2 }, { Filters }),
    (page) => page.NetworkInterfaces,
  );
  // A drill sees to its own.
  const ours = found.filter(({ TagSet }) => tagRecord(TagSet)[TAG.drill] === undefined);
  const ids = ours.map((each) => present(each.NetworkInterfaceId, 'NetworkInterfaceId')).sort();
  for (const NetworkInterfaceId of ids) {
    try {
      await dr.ec2.send(new DeleteNetworkInterfaceCommand({ NetworkInterfaceId }));
    } catch (error) {
      if (!(error instanceof Error) || error.name !== 'InvalidNetworkInterfaceID.NotFound') throw error;
    }
  }
  return ids;
}
