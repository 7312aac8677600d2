import type { NetworkAclAssociationArgs } from '@pulumi/aws/ec2/networkAclAssociation';
import { type Item, type Kind, present } from '../kind';
import { resource } from '../mirrorContext';
import { describeNetworkAcls } from '../sharedLookUps';
import type { NetworkAcl } from './networkAcl';
import type { Subnet } from './subnet';

export interface NetworkAclAssociation extends Item {
  readonly networkAclId: string;
}

/** Which ACL a subnet has: every subnet has one. Its id is the subnet's. */
export const networkAclAssociation: Kind<NetworkAclAssociation> = {
  name: 'network-acl-association',
  title: 'Network ACL of a subnet',
  cost: 'free',
  inDrill: true,
  types: ['aws:ec2/networkAclAssociation:NetworkAclAssociation'],
  iamActions: ['ec2:DescribeNetworkAcls'],

  async list(account) {
    const acls = await describeNetworkAcls(account);
    return acls.flatMap((acl) =>
      present(acl.Associations, 'Associations').map(({ SubnetId }) => ({
        id: present(SubnetId, 'SubnetId'),
        tags: {},
        networkAclId: present(acl.NetworkAclId, 'NetworkAclId'),
      })),
    );
  },

  mirror(item, ctx) {
    // A new subnet has the default one of its VPC. To replace that, IAM asks for our tag on it too, which it has once it is taken over.
    const own = ctx.find('subnet', item.id) as Subnet | undefined;
    const first = (ctx.all('network-acl') as readonly NetworkAcl[]).find(
      ({ isDefault, vpcId }) => isDefault && vpcId === own?.vpcId,
    );
    if (first) ctx.after('network-acl', first.id);
    return resource<NetworkAclAssociationArgs>('aws:ec2/networkAclAssociation:NetworkAclAssociation', {
      networkAclId: ctx.ref('network-acl', item.networkAclId),
      subnetId: ctx.ref('subnet', item.id),
    });
  },

  settingOf: (item) => ({ kind: 'subnet', id: item.id }),
  madeAgain: true,
};
