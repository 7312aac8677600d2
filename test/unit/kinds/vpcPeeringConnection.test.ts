import { DescribeVpcPeeringConnectionsCommand, EC2Client } from '@aws-sdk/client-ec2';
import { mockClient } from 'aws-sdk-client-mock';
import { expect } from 'chai';
import type { Account } from '../../../accounts';
import { vpcPeeringConnection } from '../../../kinds/network/vpcPeeringConnection';

describe('peerings', () => {
  it('are not those that AWS still shows though they have ended', async () => {
    const ec2 = new EC2Client({ region: 'eu-west-1' });
    const side = { OwnerId: '111111111111', Region: 'eu-west-1', VpcId: 'vpc-1' };
    const connection = (id: string, Code: string) => ({
      VpcPeeringConnectionId: id,
      RequesterVpcInfo: side,
      AccepterVpcInfo: { ...side, VpcId: 'vpc-2' },
      Status: { Code },
    });
    mockClient(ec2)
      .on(DescribeVpcPeeringConnectionsCommand)
      .resolves({
        VpcPeeringConnections: [
          connection('pcx-1', 'deleted'),
          connection('pcx-2', 'active'),
          connection('pcx-3', 'rejected'),
        ] as never,
      });
    const found = await vpcPeeringConnection.list({
      id: '111111111111',
      region: 'eu-west-1',
      ec2,
    } as Account);
    expect(found.map(({ id }) => id)).to.deep.equal(['pcx-2']);
  });
});
