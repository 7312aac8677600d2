import { roleArns } from '../vault/place';
import { onlyPrincipals, type Statement } from '../vault/policyDocument';

/**
 * What the owner of a bucket in the source adds to its policy, so that DR's run role can list and copy it. The role is named by a condition
 * on DR's root, so that the policy can be written before the role is there, and holds when it is made anew.
 */
export function sourceStatement(
  bucket: string,
  place: { readonly drAccount: string; readonly drRegion: string },
): Statement {
  return {
    Sid: 'LifeboatCopies',
    Effect: 'Allow',
    Principal: { AWS: `arn:aws:iam::${place.drAccount}:root` },
    Action: READS_OF_SOURCE,
    Resource: [`arn:aws:s3:::${bucket}`, `arn:aws:s3:::${bucket}/*`],
    Condition: onlyPrincipals([roleArns(place).run]),
  };
}

/** What reading a bucket's versions to copy them takes: https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html */
export const READS_OF_SOURCE = [
  's3:GetObject',
  's3:GetObjectTagging',
  's3:GetObjectVersion',
  's3:GetObjectVersionTagging',
  's3:ListBucketVersions',
] as const;
