import * as ebs from '@aws-sdk/client-ebs';
import * as ec2 from '@aws-sdk/client-ec2';
import * as kms from '@aws-sdk/client-kms';
import { DR, SOURCE } from '../../scripts/demo/stage';

/** Clients with the credentials of whoever tries, and what is tried at. */
export interface Target {
  readonly ec2: ec2.EC2Client;
  readonly ebs: ebs.EBSClient;
  readonly kms: kms.KMSClient;
  /** Id of a copy. */
  readonly copy: string;
  /** ARN of the vault's key, and something encrypted under it. */
  readonly key: string;
  readonly sealed: Uint8Array;
}

/** What is tried in words, the action that it asks for, and the call. */
export type CopyAttempt = readonly [
  what: string,
  action: string,
  attempt: (target: Target) => Promise<unknown>,
];

const share =
  (add: ec2.CreateVolumePermission): CopyAttempt[2] =>
  (target) =>
    target.ec2.send(
      new ec2.ModifySnapshotAttributeCommand({
        SnapshotId: target.copy,
        CreateVolumePermission: { Add: [add] },
      }),
    );
const disk = (SnapshotId: string) => [{ DeviceName: '/dev/xvda', Ebs: { SnapshotId } }];

/** All by which a copy could be read, given away, put out of reach or ended. Neither preview nor run may do any of it. */
export const ON_COPIES: readonly CopyAttempt[] = [
  [
    'make a volume of it',
    'ec2:CreateVolume',
    ({ ec2: client, copy }) =>
      client.send(new ec2.CreateVolumeCommand({ AvailabilityZone: `${DR.region}a`, SnapshotId: copy })),
  ],
  [
    'make an image of it',
    'ec2:RegisterImage',
    ({ ec2: client, copy }) =>
      client.send(
        new ec2.RegisterImageCommand({
          Name: 'stolen',
          RootDeviceName: '/dev/xvda',
          BlockDeviceMappings: disk(copy),
        }),
      ),
  ],
  [
    'launch a machine with it',
    'ec2:RunInstances',
    ({ ec2: client, copy }) =>
      client.send(
        new ec2.RunInstancesCommand({
          MinCount: 1,
          MaxCount: 1,
          ImageId: 'ami-00000001',
          InstanceType: 't3.micro',
          BlockDeviceMappings: disk(copy),
        }),
      ),
  ],
  [
    'list its blocks',
    'ebs:ListSnapshotBlocks',
    ({ ebs: client, copy }) => client.send(new ebs.ListSnapshotBlocksCommand({ SnapshotId: copy })),
  ],
  [
    'read a block of it',
    'ebs:GetSnapshotBlock',
    ({ ebs: client, copy }) =>
      client.send(new ebs.GetSnapshotBlockCommand({ SnapshotId: copy, BlockIndex: 0, BlockToken: 'x' })),
  ],
  ['share it with the source', 'ec2:ModifySnapshotAttribute', share({ UserId: SOURCE.account })],
  ['share it with everybody', 'ec2:ModifySnapshotAttribute', share({ Group: 'all' })],
  [
    'copy it',
    'ec2:CopySnapshot',
    ({ ec2: client, copy }) =>
      client.send(new ec2.CopySnapshotCommand({ SourceSnapshotId: copy, SourceRegion: DR.region })),
  ],
  [
    'archive it',
    'ec2:ModifySnapshotTier',
    ({ ec2: client, copy }) =>
      client.send(new ec2.ModifySnapshotTierCommand({ SnapshotId: copy, StorageTier: 'archive' })),
  ],
  [
    'lock it for a century',
    'ec2:LockSnapshot',
    ({ ec2: client, copy }) =>
      client.send(
        new ec2.LockSnapshotCommand({ SnapshotId: copy, LockMode: 'compliance', LockDuration: 36_500 }),
      ),
  ],
  [
    'unlock it',
    'ec2:UnlockSnapshot',
    ({ ec2: client, copy }) => client.send(new ec2.UnlockSnapshotCommand({ SnapshotId: copy })),
  ],
  [
    'take its tags off',
    'ec2:DeleteTags',
    ({ ec2: client, copy }) => client.send(new ec2.DeleteTagsCommand({ Resources: [copy] })),
  ],
  [
    'delete it',
    'ec2:DeleteSnapshot',
    ({ ec2: client, copy }) => client.send(new ec2.DeleteSnapshotCommand({ SnapshotId: copy })),
  ],
  [
    'open the region to public sharing',
    'ec2:DisableSnapshotBlockPublicAccess',
    ({ ec2: client }) => client.send(new ec2.DisableSnapshotBlockPublicAccessCommand({})),
  ],
];

/** All by which the key could be turned on a copy's bytes without EBS, or ended. No role of the vault may do any of it. */
export const ON_THE_KEY: readonly CopyAttempt[] = [
  [
    'decrypt under the key',
    'kms:Decrypt',
    ({ kms: client, key, sealed }) =>
      client.send(new kms.DecryptCommand({ KeyId: key, CiphertextBlob: sealed })),
  ],
  [
    'encrypt anew what is under the key',
    'kms:ReEncryptFrom',
    ({ kms: client, key, sealed }) =>
      client.send(
        new kms.ReEncryptCommand({ SourceKeyId: key, DestinationKeyId: key, CiphertextBlob: sealed }),
      ),
  ],
  [
    'make a data key',
    'kms:GenerateDataKey',
    ({ kms: client, key }) => client.send(new kms.GenerateDataKeyCommand({ KeyId: key, KeySpec: 'AES_256' })),
  ],
  [
    'grant the key to somebody',
    'kms:CreateGrant',
    ({ kms: client, key }) =>
      client.send(
        new kms.CreateGrantCommand({
          KeyId: key,
          GranteePrincipal: `arn:aws:iam::${SOURCE.account}:root`,
          Operations: ['Decrypt'],
        }),
      ),
  ],
  [
    'end the key',
    'kms:ScheduleKeyDeletion',
    ({ kms: client, key }) => client.send(new kms.ScheduleKeyDeletionCommand({ KeyId: key })),
  ],
  [
    'disable the key',
    'kms:DisableKey',
    ({ kms: client, key }) => client.send(new kms.DisableKeyCommand({ KeyId: key })),
  ],
  [
    "change the key's policy",
    'kms:PutKeyPolicy',
    ({ kms: client, key }) =>
      client.send(new kms.PutKeyPolicyCommand({ KeyId: key, PolicyName: 'default', Policy: '{}' })),
  ],
];
