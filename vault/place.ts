import { growthAlarm, MIRROR_PATH, type VaultNames, vaultNames } from '../names';

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
  /** Names in DR of buckets that are named otherwise than by default, by those in the source. Default: none. */
  readonly buckets?: Readonly<Record<string, string>>;
  /** Where GitHub's workflows take the roles on: its provider of identities in DR is then the vault's. */
  readonly githubRepository?: string;
}

/** The parts of a role's rights, each a managed policy of this name. */
export const POLICY_NAMES = {
  lookUp: 'lifeboat-look-up',
  lookUpServices: 'lifeboat-look-up-services',
  mirror: 'lifeboat-mirror',
  edge: 'lifeboat-edge',
  cloudfront: 'lifeboat-cloudfront',
  identity: 'lifeboat-identity',
  copy: 'lifeboat-copy',
  copyBuckets: 'lifeboat-copy-buckets',
  preview: 'lifeboat-preview',
  run: 'lifeboat-run',
  recover: 'lifeboat-recover',
  atRecovery: 'lifeboat-at-recovery',
  recoverCommands: 'lifeboat-recover-commands',
} as const;

/** AWS's limit on a managed policy, white space not counted. */
export const MANAGED_POLICY_LIMIT = 6_144;

/** ARNs of the three roles. */
export function roleArns({ drAccount, drRegion }: Pick<VaultPlace, 'drAccount' | 'drRegion'>) {
  const names = vaultNames(drAccount, drRegion);
  const arn = (name: string) => `arn:aws:iam::${drAccount}:role/${name}`;
  return { preview: arn(names.previewRole), run: arn(names.runRole), recover: arn(names.recoverRole) };
}

/** ARN of the permissions boundary of all that is mirrored. */
export function mirroredBoundaryArn({
  drAccount,
  drRegion,
}: Pick<VaultPlace, 'drAccount' | 'drRegion'>): string {
  return `arn:aws:iam::${drAccount}:policy/${vaultNames(drAccount, drRegion).mirroredBoundary}`;
}

/** ARNs of what is mirrored of IAM, by what it is: `role`, `group`. It has a path of its own, see MIRROR_PATH. */
export const mirroredArn = (drAccount: string, type: string): string =>
  `arn:aws:iam::${drAccount}:${type}${MIRROR_PATH}/*`;

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
      `arn:aws:cloudwatch:${place.drRegion}:${place.drAccount}:alarm:${growthAlarm('*')}`,
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
