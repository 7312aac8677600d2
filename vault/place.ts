import { type VaultNames, vaultNames } from '../names';

/** What the vault's policies are made for. */
export interface VaultPlace {
  readonly drAccount: string;
  readonly drRegion: string;
  readonly sourceAccount: string;
  readonly sourceRegion: string;
  /** ARN of the reader role in the source. */
  readonly sourceRole: string;
  /** Days for which the run role may lock a copy, and for which alone; without, it may lock none. */
  readonly lockDays?: number;
}

/** The parts of a role's rights, each a managed policy of this name. */
export const POLICY_NAMES = {
  lookUp: 'lifeboat-look-up',
  lookUpServices: 'lifeboat-look-up-services',
  mirror: 'lifeboat-mirror',
  copy: 'lifeboat-copy',
  copyBuckets: 'lifeboat-copy-buckets',
  bucketAt: 'lifeboat-bucket-at',
  preview: 'lifeboat-preview',
  run: 'lifeboat-run',
  recover: 'lifeboat-recover',
} as const;

/** AWS's limit on a managed policy, white space not counted. */
export const MANAGED_POLICY_LIMIT = 6_144;

/** ARNs of the three roles. */
export function roleArns({ drAccount, drRegion }: Pick<VaultPlace, 'drAccount' | 'drRegion'>) {
  const names = vaultNames(drAccount, drRegion);
  const arn = (name: string) => `arn:aws:iam::${drAccount}:role/${name}`;
  return { preview: arn(names.previewRole), run: arn(names.runRole), recover: arn(names.recoverRole) };
}

/** Names, and the ARNs made of them. */
export function context(place: Pick<VaultPlace, 'drAccount' | 'drRegion'>) {
  const names: VaultNames = vaultNames(place.drAccount, place.drRegion);
  return {
    names,
    roles: roleArns(place),
    inventory: `arn:aws:s3:::${names.inventoryBucket}`,
    state: `arn:aws:s3:::${names.stateBucket}`,
    keys: `arn:aws:kms:${place.drRegion}:${place.drAccount}:key/*`,
    /** Snapshots of the DR region. Their ARNs hold no account. */
    snapshots: `arn:aws:ec2:${place.drRegion}::snapshot/*`,
    alarms: [
      `arn:aws:cloudwatch:${place.drRegion}:${place.drAccount}:alarm:${names.missingRunAlarm}`,
      `arn:aws:events:${place.drRegion}:${place.drAccount}:rule/${names.guardRule}`,
      `arn:aws:sns:${place.drRegion}:${place.drAccount}:${names.alarmTopic}`,
    ],
    inRegion: { StringEquals: { 'aws:RequestedRegion': place.drRegion } },
  };
}

/** Each action once, in order. */
export const unique = (actions: readonly string[]): string[] => [...new Set(actions)].sort();

/** A condition for KMS that holds for keys with this alias. */
export const keyOf = (alias: string) => ({ 'ForAnyValue:StringEquals': { 'kms:ResourceAliases': alias } });
