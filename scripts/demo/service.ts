import {
  CloudFrontClient,
  CreateDistributionWithTagsCommand,
  CreateOriginAccessControlCommand,
  DeleteDistributionCommand,
  DeleteOriginAccessControlCommand,
  GetDistributionConfigCommand,
  GetOriginAccessControlCommand,
  UpdateDistributionCommand,
} from '@aws-sdk/client-cloudfront';
import { AssociateIamInstanceProfileCommand, EC2Client } from '@aws-sdk/client-ec2';
import {
  CreateListenerCommand,
  CreateLoadBalancerCommand,
  CreateTargetGroupCommand,
  DeleteLoadBalancerCommand,
  DeleteTargetGroupCommand,
  ElasticLoadBalancingV2Client,
  RegisterTargetsCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import {
  AddRoleToInstanceProfileCommand,
  AttachRolePolicyCommand,
  CreateInstanceProfileCommand,
  CreateRoleCommand,
  DeleteInstanceProfileCommand,
  DeleteRoleCommand,
  DeleteRolePolicyCommand,
  DetachRolePolicyCommand,
  IAMClient,
  PutRolePolicyCommand,
  RemoveRoleFromInstanceProfileCommand,
} from '@aws-sdk/client-iam';
import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  ListObjectVersionsCommand,
  PutBucketPolicyCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import type { ClientConfig } from '../../accounts';
import { present } from '../../kinds/kind';
import type { Estate } from './estate';

/** What stands before and beside the machines: a load-balanced front, a role that a machine uses, and images behind a CDN. */
export interface Service {
  readonly targetGroup: string;
  readonly loadBalancer: string;
  readonly distribution: string;
  readonly originAccessControl: string;
}

/** The names that the source gives. */
export const SERVICE = { app: 'shop-app', front: 'shop-web', bucket: 'shop-images' } as const;

const MANAGED = 'arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore';
const IMAGES = ['tea.svg', 'coffee.svg', 'cake.svg'];

/** How to make an account's clients. */
export type Config = ClientConfig & { readonly region: string };

/**
 * Makes the service around the machines of an estate.
 *
 * @param account the account's id
 */
export async function makeService(config: Config, account: string, estate: Estate): Promise<Service> {
  await makeRole(config, present(estate.instances['SHOP-APP'], 'SHOP-APP'));
  const front = await makeFront(config, estate);
  return { ...front, ...(await makeImages(config, account)) };
}

/** A role that SHOP-APP has by its instance profile. */
async function makeRole(config: Config, InstanceId: string): Promise<void> {
  const iam = new IAMClient(config as object);
  const RoleName = SERVICE.app;
  const trust = {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' }],
  };
  const images = {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Action: ['s3:GetObject', 's3:PutObject'],
        Resource: `arn:aws:s3:::${SERVICE.bucket}/*`,
      },
    ],
  };
  await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: JSON.stringify(trust) }));
  await iam.send(
    new PutRolePolicyCommand({ RoleName, PolicyName: 'images', PolicyDocument: JSON.stringify(images) }),
  );
  await iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn: MANAGED }));
  const InstanceProfileName = SERVICE.app;
  await iam.send(new CreateInstanceProfileCommand({ InstanceProfileName }));
  await iam.send(new AddRoleToInstanceProfileCommand({ InstanceProfileName, RoleName }));
  await new EC2Client(config as object).send(
    new AssociateIamInstanceProfileCommand({ InstanceId, IamInstanceProfile: { Name: SERVICE.app } }),
  );
}

/** A load balancer, billed by the hour, and its target group, which is free. */
async function makeFront(config: Config, { vpcs, subnets, groups, instances }: Estate) {
  const elb = new ElasticLoadBalancingV2Client(config as object);
  const { TargetGroups: [group] = [] } = await elb.send(
    new CreateTargetGroupCommand({
      Name: SERVICE.front,
      VpcId: vpcs.shop,
      TargetType: 'instance',
      Protocol: 'HTTP',
      Port: 8080,
      HealthCheckPath: '/health',
      Matcher: { HttpCode: '200-299' },
      Tags: [{ Key: 'team', Value: 'shop' }],
    }),
  );
  const TargetGroupArn = present(group?.TargetGroupArn, 'TargetGroupArn');
  await elb.send(new RegisterTargetsCommand({ TargetGroupArn, Targets: [{ Id: instances['SHOP-WEB'] }] }));
  const { LoadBalancers: [balancer] = [] } = await elb.send(
    new CreateLoadBalancerCommand({
      Name: 'shop',
      Subnets: [subnets['shop-a'], subnets['shop-b']],
      SecurityGroups: [groups.web],
    }),
  );
  const LoadBalancerArn = present(balancer?.LoadBalancerArn, 'LoadBalancerArn');
  await elb.send(
    new CreateListenerCommand({
      LoadBalancerArn,
      Protocol: 'HTTP',
      Port: 80,
      DefaultActions: [{ Type: 'forward', TargetGroupArn }],
    }),
  );
  return { targetGroup: TargetGroupArn, loadBalancer: LoadBalancerArn };
}

/** A versioned bucket that only its distribution may read. */
async function makeImages(config: Config, account: string) {
  const s3 = new S3Client(config as object);
  const cloudfront = new CloudFrontClient(config as object);
  const Bucket = SERVICE.bucket;
  await s3.send(
    new CreateBucketCommand({
      Bucket,
      CreateBucketConfiguration: { LocationConstraint: config.region as 'eu-west-1' },
    }),
  );
  await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Enabled' } }));
  for (const Key of IMAGES)
    await s3.send(
      new PutObjectCommand({
        Bucket,
        Key,
        Body: `<svg><title>${Key}</title></svg>`,
        ContentType: 'image/svg+xml',
      }),
    );
  const { OriginAccessControl } = await cloudfront.send(
    new CreateOriginAccessControlCommand({
      OriginAccessControlConfig: {
        Name: Bucket,
        OriginAccessControlOriginType: 's3',
        SigningBehavior: 'always',
        SigningProtocol: 'sigv4',
      },
    }),
  );
  const originAccessControl = present(OriginAccessControl?.Id, 'Id');
  const { Distribution } = await cloudfront.send(
    new CreateDistributionWithTagsCommand({
      DistributionConfigWithTags: {
        Tags: { Items: [{ Key: 'team', Value: 'shop' }] },
        DistributionConfig: {
          CallerReference: Bucket,
          Comment: 'the images of the shop',
          Enabled: true,
          Origins: {
            Quantity: 1,
            Items: [
              {
                Id: Bucket,
                DomainName: `${Bucket}.s3.${config.region}.amazonaws.com`,
                OriginAccessControlId: originAccessControl,
                S3OriginConfig: { OriginAccessIdentity: '' },
              },
            ],
          },
          DefaultCacheBehavior: {
            TargetOriginId: Bucket,
            ViewerProtocolPolicy: 'redirect-to-https',
            // AWS's own CachingOptimized, the same everywhere.
            CachePolicyId: '658327ea-f89d-4fab-a63d-7e88639e58f6',
          },
        },
      },
    }),
  );
  const distribution = present(Distribution?.Id, 'Id');
  const policy = {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { Service: 'cloudfront.amazonaws.com' },
        Action: 's3:GetObject',
        Resource: `arn:aws:s3:::${Bucket}/*`,
        Condition: {
          StringEquals: { 'AWS:SourceArn': `arn:aws:cloudfront::${account}:distribution/${distribution}` },
        },
      },
    ],
  };
  await s3.send(new PutBucketPolicyCommand({ Bucket, Policy: JSON.stringify(policy) }));
  return { distribution, originAccessControl };
}

/**
 * What a robot with the account's keys does to it.
 *
 * @returns how many things it deleted
 */
export async function destroyService(config: Config, service: Service): Promise<number> {
  const elb = new ElasticLoadBalancingV2Client(config as object);
  await elb.send(new DeleteLoadBalancerCommand({ LoadBalancerArn: service.loadBalancer }));
  await elb.send(new DeleteTargetGroupCommand({ TargetGroupArn: service.targetGroup }));
  const cloudfront = new CloudFrontClient(config as object);
  const Id = service.distribution;
  const { DistributionConfig, ETag } = await cloudfront.send(new GetDistributionConfigCommand({ Id }));
  const disabled = await cloudfront.send(
    new UpdateDistributionCommand({
      Id,
      IfMatch: ETag,
      DistributionConfig: { ...present(DistributionConfig, 'DistributionConfig'), Enabled: false },
    }),
  );
  await cloudfront.send(new DeleteDistributionCommand({ Id, IfMatch: disabled.ETag }));
  const control = { Id: service.originAccessControl };
  const found = await cloudfront.send(new GetOriginAccessControlCommand(control));
  await cloudfront.send(new DeleteOriginAccessControlCommand({ ...control, IfMatch: found.ETag }));
  const versions = await emptyBucket(new S3Client(config as object));
  await dismissRole(new IAMClient(config as object));
  // And the load balancer, target group, distribution, access control, bucket, profile and role.
  return versions + 7;
}

async function emptyBucket(s3: S3Client): Promise<number> {
  const Bucket = SERVICE.bucket;
  const { Versions: versions = [] } = await s3.send(new ListObjectVersionsCommand({ Bucket }));
  for (const { Key, VersionId } of versions)
    await s3.send(new DeleteObjectCommand({ Bucket, Key, VersionId }));
  await s3.send(new DeleteBucketCommand({ Bucket }));
  return versions.length;
}

async function dismissRole(iam: IAMClient): Promise<void> {
  const names = { RoleName: SERVICE.app, InstanceProfileName: SERVICE.app };
  await iam.send(new RemoveRoleFromInstanceProfileCommand(names));
  await iam.send(new DeleteInstanceProfileCommand(names));
  await iam.send(new DeleteRolePolicyCommand({ ...names, PolicyName: 'images' }));
  await iam.send(new DetachRolePolicyCommand({ ...names, PolicyArn: MANAGED }));
  await iam.send(new DeleteRoleCommand(names));
}
