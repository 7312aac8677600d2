import { CloudFrontClient, ListDistributionsCommand } from '@aws-sdk/client-cloudfront';
import {
  DescribeTargetGroupsCommand,
  ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { GetInstanceProfileCommand, GetRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import { GetBucketVersioningCommand, S3Client } from '@aws-sdk/client-s3';
import { GLOBAL_REGION } from '../../accounts';
import { bucketInDr } from '../../inventory/bucketNames';
import { type Config, SERVICE } from './service';

/** What DR has of the service beside the machines: a row for each, what it is in the source, in DR, and how it waits there. */
export async function serviceInDr(config: Config, drAccount: string): Promise<string[][]> {
  const iam = new IAMClient({ ...(config as object), region: GLOBAL_REGION });
  const elb = new ElasticLoadBalancingV2Client(config as object);
  const s3 = new S3Client(config as object);
  const cloudfront = new CloudFrontClient({ ...(config as object), region: GLOBAL_REGION });
  const Bucket = bucketInDr(SERVICE.bucket, { drAccount, buckets: {} });
  const [groups, role, profile, versioning, distributions] = await Promise.all([
    elb.send(new DescribeTargetGroupsCommand({ Names: [SERVICE.front] })),
    iam.send(new GetRoleCommand({ RoleName: SERVICE.app })),
    iam.send(new GetInstanceProfileCommand({ InstanceProfileName: SERVICE.app })),
    s3.send(new GetBucketVersioningCommand({ Bucket })),
    cloudfront.send(new ListDistributionsCommand({})),
  ]);
  const [group] = groups.TargetGroups ?? [];
  const [distribution] = distributions.DistributionList?.Items ?? [];
  const boundary = role.Role?.PermissionsBoundary?.PermissionsBoundaryArn?.split('/').at(-1);
  const origin = distribution?.Origins?.Items?.[0]?.DomainName;
  return [
    ['target group', SERVICE.front, `${group?.TargetGroupName}`, `asks for ${group?.HealthCheckPath}`],
    ['role', SERVICE.app, `${role.Role?.Path}${SERVICE.app}`, `bounded by ${boundary}`],
    ['instance profile', SERVICE.app, `${profile.InstanceProfile?.Path}${SERVICE.app}`, 'SHOP-APP has it'],
    ['bucket', SERVICE.bucket, Bucket, `versions ${versioning.Status?.toLowerCase()}, closed`],
    [
      'distribution',
      SERVICE.bucket,
      `${distribution?.Id}`,
      `${distribution?.Enabled ? 'serves' : 'waits'} for ${origin}`,
    ],
  ];
}
