import { TAG } from '../names';
import { context, type VaultPlace } from './place';
import { type Statement, tagged } from './policyDocument';

/**
 * What a copy's bytes could be read, given away, put out of reach or destroyed by, or planted by. Neither preview nor run may, whatever else
 * allows it. Auto Scaling is among them because it launches by a role of its own, which nobody's boundary holds.
 */
export const READS_OF_COPIES = [
  'autoscaling:CreateAutoScalingGroup',
  'autoscaling:CreateLaunchConfiguration',
  'autoscaling:UpdateAutoScalingGroup',
  'ebs:CompleteSnapshot',
  'ebs:GetSnapshotBlock',
  'ebs:ListChangedBlocks',
  'ebs:ListSnapshotBlocks',
  'ebs:PutSnapshotBlock',
  'ebs:StartSnapshot',
  'ec2:AttachVolume',
  'ec2:CopyImage',
  'ec2:CopyVolumes',
  'ec2:CreateFleet',
  'ec2:CreateImage',
  'ec2:CreateReplaceRootVolumeTask',
  'ec2:CreateRestoreImageTask',
  'ec2:CreateStoreImageTask',
  'ec2:CreateVolume',
  'ec2:DeleteSnapshot',
  'ec2:EnableFastSnapshotRestores',
  'ec2:ExportImage',
  'ec2:ImportSnapshot',
  'ec2:ModifySnapshotAttribute',
  'ec2:ModifySnapshotTier',
  'ec2:RegisterImage',
  'ec2:RequestSpotFleet',
  'ec2:RequestSpotInstances',
  'ec2:ResetSnapshotAttribute',
  'ec2:RunInstances',
  'ec2:UnlockSnapshot',
] as const;

/** The denial of all of these. */
export const neverCopies: Statement = {
  Sid: 'NoCopyIsRead',
  Effect: 'Deny',
  Action: READS_OF_COPIES,
  Resource: '*',
};

/** `prune-snapshots` and `copy-snapshots` say which copies are locked. */
export const seeLocks: Statement = {
  Sid: 'SeeLocks',
  Effect: 'Allow',
  Action: 'ec2:DescribeLockedSnapshots',
  Resource: '*',
};

/**
 * Locks copies, for exactly the days that an administrator has set. So a stolen session can neither lock for a century nor shorten a
 * lock. The mode is nothing that a policy can tell.
 */
export function lockCopies(place: VaultPlace): Statement[] {
  if (place.lockDays === undefined) return [];
  return [
    {
      Sid: 'LockCopies',
      Effect: 'Allow',
      Action: 'ec2:LockSnapshot',
      Resource: context(place).snapshots,
      Condition: {
        ...tagged(TAG.sourceSnapshot),
        NumericEquals: { 'ec2:SnapshotLockDuration': String(place.lockDays) },
        // Compliance mode alone has one; 72 hours are the longest.
        NumericEqualsIfExists: { 'ec2:CoolOffPeriod': '72' },
      },
    },
  ];
}
