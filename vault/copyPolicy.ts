import { TAG } from '../names';
import { context, keyOf, type VaultPlace } from './place';
import { type Policy, policy, type Statement, tagged } from './policyDocument';

/** Copies what the source shares, under the vault's key, and writes down what each is a copy of. */
export function copyPolicy(place: VaultPlace): Policy {
  const { names, inventory, keys, snapshots } = context(place);
  const viaEc2 = [place.sourceRegion, place.drRegion].map((region) => `ec2.${region}.amazonaws.com`);
  // What EBS needs of a key to copy under it. A policy cannot tell copying from reading; that EBS alone is given it can.
  const throughEbs = (name: string, key: string, which: Statement['Condition']): Statement[] => [
    {
      Sid: `${name}ThroughEbs`,
      Effect: 'Allow',
      Action: ['kms:DescribeKey', 'kms:Decrypt', 'kms:GenerateDataKey*', 'kms:ReEncrypt*'],
      Resource: key,
      Condition: { ...which, StringEquals: { 'kms:ViaService': viaEc2 } },
    },
    {
      Sid: `${name}GrantedToEbs`,
      Effect: 'Allow',
      Action: 'kms:CreateGrant',
      Resource: key,
      Condition: {
        ...which,
        StringEquals: { 'kms:ViaService': viaEc2 },
        Bool: { 'kms:GrantIsForAWSResource': 'true' },
      },
    },
  ];
  return policy(
    {
      Sid: 'Copy',
      Effect: 'Allow',
      Action: 'ec2:CopySnapshot',
      Resource: [snapshots, `arn:aws:ec2:${place.sourceRegion}::snapshot/*`],
    },
    {
      Sid: 'TagCopies',
      Effect: 'Allow',
      Action: 'ec2:CreateTags',
      Resource: snapshots,
      // Only while it is made: a copy's lineage is never written again.
      Condition: { StringEquals: { 'ec2:CreateAction': 'CopySnapshot' } },
    },
    {
      Sid: 'NotOfCopies',
      Effect: 'Deny',
      Action: 'ec2:CopySnapshot',
      Resource: '*',
      Condition: tagged(TAG.sourceSnapshot),
    },
    {
      Sid: 'NotOfFinalSnapshots',
      Effect: 'Deny',
      Action: 'ec2:CopySnapshot',
      Resource: '*',
      Condition: tagged(TAG.finalOf),
    },
    ...throughEbs('VaultKey', keys, keyOf(names.keyAlias)),
    ...throughEbs('SourceKeys', `arn:aws:kms:${place.sourceRegion}:${place.sourceAccount}:key/*`, {}),
    {
      Sid: 'FindKey',
      Effect: 'Allow',
      Action: 'kms:DescribeKey',
      Resource: keys,
      Condition: keyOf(names.keyAlias),
    },
    {
      Sid: 'WriteManifestsOnce',
      Effect: 'Allow',
      Action: 's3:PutObject',
      Resource: `${inventory}/manifests/*`,
      // Only with If-None-Match: a manifest that is there already is never written over. And never to where it must be thawed first.
      Condition: {
        Null: { 's3:if-none-match': 'false' },
        StringEqualsIfExists: { 's3:x-amz-storage-class': 'STANDARD' },
      },
    },
  );
}
