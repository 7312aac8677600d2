import { DescribeSubnetsCommand } from '@aws-sdk/client-ec2';
import * as elb from '@aws-sdk/client-elastic-load-balancing-v2';
import { IAMClient, UploadServerCertificateCommand } from '@aws-sdk/client-iam';
import { GLOBAL_REGION } from '../../../accounts';
import { present } from '../../../kinds/kind';
import type { Stage } from '../../../scripts/demo/stage';
import { DR, SOURCE } from '../../../scripts/demo/stage';

const PEM = '-----BEGIN CERTIFICATE-----\nof nobody\n-----END CERTIFICATE-----';

/** Makes a load balancer with a listener under TLS in the default VPC of both accounts: at rest DR has its own alone, looked up like the source's. */
export async function makeBalance(stage: Stage): Promise<void> {
  for (const side of [SOURCE, DR]) {
    const client = new elb.ElasticLoadBalancingV2Client(stage.client(side));
    const { Subnets = [] } = await stage
      .ec2(side)
      .send(new DescribeSubnetsCommand({ Filters: [{ Name: 'default-for-az', Values: ['true'] }] }));
    const { LoadBalancers } = await client.send(
      new elb.CreateLoadBalancerCommand({
        Name: 'inside',
        Scheme: 'internal',
        Subnets: Subnets.map(({ SubnetId }) => present(SubnetId, 'SubnetId')),
      }),
    );
    const iam = new IAMClient({ ...stage.client(side), region: GLOBAL_REGION });
    const { ServerCertificateMetadata: certificate } = await iam.send(
      new UploadServerCertificateCommand({
        ServerCertificateName: 'inside',
        CertificateBody: PEM,
        PrivateKey: PEM,
      }),
    );
    await client.send(
      new elb.CreateListenerCommand({
        LoadBalancerArn: LoadBalancers?.[0]?.LoadBalancerArn,
        Port: 443,
        Protocol: 'HTTPS',
        Certificates: [{ CertificateArn: certificate?.Arn }],
        DefaultActions: [{ Type: 'fixed-response', FixedResponseConfig: { StatusCode: '404' } }],
      }),
    );
    client.destroy();
    iam.destroy();
  }
}
