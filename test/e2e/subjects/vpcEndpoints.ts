import {
  CreateVpcCommand,
  CreateVpcEndpointCommand,
  DeleteVpcEndpointsCommand,
  DescribeVpcEndpointsCommand,
  ModifyVpcEndpointCommand,
} from '@aws-sdk/client-ec2';
import { present } from '../../../kinds/kind';
import { DR, SOURCE } from '../../../scripts/demo/stage';
import type { Subject } from './subject';

export const vpcEndpoints: Subject = (() => {
  const policy = (account: string, region: string) => ({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: '*',
        Action: 'dynamodb:*',
        Resource: `arn:aws:dynamodb:${region}:${account}:table/orders`,
      },
    ],
  });
  let id = '';
  return {
    name: 'a gateway endpoint with a policy',
    async make(source) {
      const { Vpc } = await source.send(new CreateVpcCommand({ CidrBlock: '10.2.0.0/16' }));
      const { VpcEndpoint } = await source.send(
        new CreateVpcEndpointCommand({
          VpcId: Vpc?.VpcId,
          ServiceName: `com.amazonaws.${SOURCE.region}.dynamodb`,
          PolicyDocument: JSON.stringify(policy(SOURCE.account, SOURCE.region)),
        }),
      );
      id = present(VpcEndpoint?.VpcEndpointId, 'VpcEndpointId');
    },
    async change(source) {
      await source.send(new ModifyVpcEndpointCommand({ VpcEndpointId: id, ResetPolicy: true }));
    },
    async remove(source) {
      await source.send(new DeleteVpcEndpointsCommand({ VpcEndpointIds: [id] }));
    },
    async read(side) {
      const { VpcEndpoints = [] } = await side.send(new DescribeVpcEndpointsCommand({}));
      return VpcEndpoints.map(({ ServiceName, PolicyDocument = '' }) => ({
        service: ServiceName,
        resource: JSON.parse(PolicyDocument).Statement[0].Resource,
      }));
    },
    made: [
      {
        service: `com.amazonaws.${DR.region}.dynamodb`,
        resource: policy(DR.account, DR.region).Statement[0]?.Resource,
      },
    ],
    changed: [{ service: `com.amazonaws.${DR.region}.dynamodb`, resource: '*' }],
  };
})();
