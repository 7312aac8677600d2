import type { EC2Client } from '@aws-sdk/client-ec2';
import {
  AddTagsCommand,
  CreateTargetGroupCommand,
  DeleteTargetGroupCommand,
  DescribeTargetGroupsCommand,
  ElasticLoadBalancingV2Client,
  ModifyTargetGroupAttributesCommand,
  ModifyTargetGroupCommand,
  RemoveTagsCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';

const ROUND = (round: number) => [{ Key: 'round', Value: String(round) }];

/** What other clients of the same account are made with. */
const like = ({ config: { region, endpoint, credentials } }: EC2Client) => ({
  region,
  endpoint,
  credentials,
});

/** Makes one of each of load balancing, topics, parameters and certificates, in a VPC. */
export async function makeEdge(ec2: EC2Client, VpcId: string): Promise<void> {
  const balancing = new ElasticLoadBalancingV2Client(like(ec2));
  const group = { Name: 'web', Protocol: 'HTTP', Port: 80, VpcId, Tags: ROUND(0) } as const;
  await balancing.send(new CreateTargetGroupCommand(group));
}

/** Changes a field of each, and their tags: what comes in odd rounds goes in even ones. */
export async function changeEdge(ec2: EC2Client, round: number): Promise<void> {
  const odd = round % 2 === 1;
  const balancing = new ElasticLoadBalancingV2Client(like(ec2));
  const TargetGroupArn = await groupArn(balancing);
  await balancing.send(
    new ModifyTargetGroupCommand({ TargetGroupArn, HealthCheckPath: odd ? '/health' : '/' }),
  );
  await balancing.send(
    new ModifyTargetGroupAttributesCommand({
      TargetGroupArn,
      Attributes: [{ Key: 'slow_start.duration_seconds', Value: odd ? '30' : '0' }],
    }),
  );
  const ResourceArns = [TargetGroupArn];
  await balancing.send(new AddTagsCommand({ ResourceArns, Tags: ROUND(round) }));
  if (odd) await balancing.send(new AddTagsCommand({ ResourceArns, Tags: [{ Key: 'odd', Value: 'yes' }] }));
  else await balancing.send(new RemoveTagsCommand({ ResourceArns, TagKeys: ['odd'] }));
}

/** Takes all of it away. */
export async function removeEdge(ec2: EC2Client): Promise<void> {
  const balancing = new ElasticLoadBalancingV2Client(like(ec2));
  await balancing.send(new DeleteTargetGroupCommand({ TargetGroupArn: await groupArn(balancing) }));
}

async function groupArn(balancing: ElasticLoadBalancingV2Client): Promise<string> {
  const { TargetGroups } = await balancing.send(new DescribeTargetGroupsCommand({}));
  return TargetGroups?.[0]?.TargetGroupArn ?? '';
}
