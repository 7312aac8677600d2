import { expect } from 'chai';
import type { Item } from '../../../kinds/kind';
import { subnet, vpc } from '../items';
import { planned } from './planned';

describe('the ACL of a subnet', () => {
  const acl = (id: string, vpcId: string, isDefault: boolean) =>
    ({ id, tags: {}, vpcId, isDefault }) as unknown as Item;

  it('waits for the default one of its VPC, which it replaces: that is ours only once it is taken over', () => {
    const { resources } = planned({
      vpc: [vpc('vpc-1'), vpc('vpc-2')],
      subnet: [subnet('subnet-1', 'vpc-1')],
      'network-acl': [acl('acl-0', 'vpc-2', true), acl('acl-1', 'vpc-1', true), acl('acl-2', 'vpc-1', false)],
      'network-acl-association': [{ id: 'subnet-1', tags: {}, networkAclId: 'acl-2' } as Item],
    });
    const association = resources.find(({ name }) => name === 'network-acl-association/subnet-1');
    expect(association?.after).to.deep.equal(['network-acl/acl-1']);
  });
});
