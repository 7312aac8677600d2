import {
  ACMClient,
  AddTagsToCertificateCommand,
  DeleteCertificateCommand,
  ListCertificatesCommand,
  RemoveTagsFromCertificateCommand,
  RequestCertificateCommand,
  UpdateCertificateOptionsCommand,
} from '@aws-sdk/client-acm';
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
import {
  CreateTopicCommand,
  DeleteTopicCommand,
  ListTopicsCommand,
  SetTopicAttributesCommand,
  SNSClient,
  TagResourceCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-sns';
import {
  AddTagsToResourceCommand,
  DeleteParameterCommand,
  PutParameterCommand,
  RemoveTagsFromResourceCommand,
  SSMClient,
} from '@aws-sdk/client-ssm';

const PARAMETER = '/app/round';
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
  const sns = new SNSClient(like(ec2));
  const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: 'events', Tags: ROUND(0) }));
  await sns.send(new SetTopicAttributesCommand({ TopicArn, ...policyOf(TopicArn, 's3') }));
  const parameter = { Name: PARAMETER, Type: 'String', Value: '0', Tags: ROUND(0) } as const;
  await new SSMClient(like(ec2)).send(new PutParameterCommand(parameter));
  const certificate = { DomainName: 'example.com', ValidationMethod: 'DNS', Tags: ROUND(0) } as const;
  for (const acm of certificateClients(ec2)) await acm.send(new RequestCertificateCommand(certificate));
}

/** Certificates are in the source's region, and for CloudFront in another. */
const certificateClients = (ec2: EC2Client) => [
  new ACMClient(like(ec2)),
  new ACMClient({ ...like(ec2), region: 'us-east-1' }),
];

async function certificateArn(acm: ACMClient): Promise<string> {
  const { CertificateSummaryList: all } = await acm.send(new ListCertificatesCommand({}));
  return all?.[0]?.CertificateArn ?? '';
}

/** A policy that lets a service of AWS publish. */
function policyOf(Resource: string | undefined, service: string) {
  const Principal = { Service: `${service}.amazonaws.com` };
  const Statement = [{ Effect: 'Allow', Principal, Action: 'SNS:Publish', Resource }];
  return { AttributeName: 'Policy', AttributeValue: JSON.stringify({ Version: '2012-10-17', Statement }) };
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
  const sns = new SNSClient(like(ec2));
  const ResourceArn = await topicArn(sns);
  const name = { AttributeName: 'DisplayName', AttributeValue: odd ? 'Events' : 'All events' };
  await sns.send(new SetTopicAttributesCommand({ TopicArn: ResourceArn, ...name }));
  const policy = policyOf(ResourceArn, odd ? 'events' : 's3');
  await sns.send(new SetTopicAttributesCommand({ TopicArn: ResourceArn, ...policy }));
  if (odd) await sns.send(new TagResourceCommand({ ResourceArn, Tags: [{ Key: 'odd', Value: 'yes' }] }));
  else await sns.send(new UntagResourceCommand({ ResourceArn, TagKeys: ['odd'] }));
  const ssm = new SSMClient(like(ec2));
  await ssm.send(new PutParameterCommand({ Name: PARAMETER, Value: String(round), Overwrite: true }));
  const it = { ResourceType: 'Parameter', ResourceId: PARAMETER } as const;
  if (odd) await ssm.send(new AddTagsToResourceCommand({ ...it, Tags: [{ Key: 'odd', Value: 'yes' }] }));
  else await ssm.send(new RemoveTagsFromResourceCommand({ ...it, TagKeys: ['odd'] }));
  for (const acm of certificateClients(ec2)) {
    const CertificateArn = await certificateArn(acm);
    const Tags = [{ Key: 'odd', Value: 'yes' }];
    const Options = { CertificateTransparencyLoggingPreference: odd ? 'DISABLED' : 'ENABLED' } as const;
    await acm.send(new UpdateCertificateOptionsCommand({ CertificateArn, Options }));
    if (odd) await acm.send(new AddTagsToCertificateCommand({ CertificateArn, Tags }));
    else await acm.send(new RemoveTagsFromCertificateCommand({ CertificateArn, Tags }));
  }
}

/** Takes all of it away. */
export async function removeEdge(ec2: EC2Client): Promise<void> {
  const balancing = new ElasticLoadBalancingV2Client(like(ec2));
  await balancing.send(new DeleteTargetGroupCommand({ TargetGroupArn: await groupArn(balancing) }));
  const sns = new SNSClient(like(ec2));
  await sns.send(new DeleteTopicCommand({ TopicArn: await topicArn(sns) }));
  await new SSMClient(like(ec2)).send(new DeleteParameterCommand({ Name: PARAMETER }));
  for (const acm of certificateClients(ec2))
    await acm.send(new DeleteCertificateCommand({ CertificateArn: await certificateArn(acm) }));
}

async function topicArn(sns: SNSClient): Promise<string> {
  const { Topics } = await sns.send(new ListTopicsCommand({}));
  return Topics?.[0]?.TopicArn ?? '';
}

async function groupArn(balancing: ElasticLoadBalancingV2Client): Promise<string> {
  const { TargetGroups } = await balancing.send(new DescribeTargetGroupsCommand({}));
  return TargetGroups?.[0]?.TargetGroupArn ?? '';
}
