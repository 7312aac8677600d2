import { replicationRole } from '../buckets/replicationStatements';
import { keyStays } from './keyStays';
import type { VaultPlace } from './place';
import { type Policy, policy, type Statement } from './policyDocument';
import type { VaultSettings } from './settings';

/** What S3 does with a key, for whoever reads and writes. */
const USES = ['kms:Decrypt', 'kms:DescribeKey', 'kms:GenerateDataKey*', 'kms:ReEncrypt*'];

/**
 * The policy of the key of what DR's mirrored buckets hold. It is to DR what `aws/s3` is to any account: whoever of it may use a bucket uses
 * the key through S3, recovered machines too, whose roles know no key of DR's; and nobody does otherwise. That anybody at all can be let
 * in elsewhere is denied to all, administrators too. Its end is the break-glass principals' alone, as that of the other keys.
 */
export function dataKeyPolicy(
  place: VaultPlace & Pick<VaultSettings, 'breakGlassPrincipals' | 'replication'>,
): Policy {
  const throughS3 = `s3.${place.drRegion}.amazonaws.com`;
  return policy(
    {
      Sid: 'AccountAdministers',
      Effect: 'Allow',
      Principal: { AWS: `arn:aws:iam::${place.drAccount}:root` },
      Action: 'kms:*',
      Resource: '*',
    },
    {
      Sid: 'AccountUsesItThroughS3',
      Effect: 'Allow',
      Principal: { AWS: '*' },
      Action: USES,
      Resource: '*',
      Condition: {
        StringEquals: { 'kms:CallerAccount': place.drAccount, 'kms:ViaService': throughS3 },
      },
    },
    {
      // CloudFront reads as a service, by an origin access control:
      // https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-restricting-access-to-s3.html
      Sid: 'DistributionsRead',
      Effect: 'Allow',
      Principal: { Service: 'cloudfront.amazonaws.com' },
      Action: 'kms:Decrypt',
      Resource: '*',
      Condition: { ArnLike: { 'aws:SourceArn': `arn:aws:cloudfront::${place.drAccount}:distribution/*` } },
    },
    ...(place.replication ? [replicasAreSealed(place.sourceAccount, throughS3)] : []),
    {
      Sid: 'OnlyThroughS3',
      Effect: 'Deny',
      Principal: '*',
      Action: ['kms:CreateGrant', 'kms:Decrypt', 'kms:Encrypt', 'kms:GenerateDataKey*', 'kms:ReEncrypt*'],
      Resource: '*',
      Condition: {
        StringNotEquals: { 'kms:ViaService': throughS3 },
        Bool: { 'aws:PrincipalIsAWSService': 'false' },
      },
    },
    ...keyStays(place),
  );
}

/**
 * S3 Replication encrypts replicas under the bucket's key, by its role in the source, which can then read nothing with it.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-config-for-kms-objects.html
 */
const replicasAreSealed = (sourceAccount: string, throughS3: string): Statement => ({
  Sid: 'ReplicasAreSealed',
  Effect: 'Allow',
  Principal: { AWS: `arn:aws:iam::${sourceAccount}:root` },
  Action: ['kms:Encrypt', 'kms:GenerateDataKey'],
  Resource: '*',
  Condition: {
    ArnEquals: { 'aws:PrincipalArn': replicationRole(sourceAccount) },
    StringEquals: { 'kms:ViaService': throughS3 },
  },
});
