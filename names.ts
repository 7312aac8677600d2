/** The prefix of every tag key that is Lifeboat's own. A source's tag that starts so is never carried over. */
export const OUR_PREFIX = 'lifeboat:';

/** Tags that Lifeboat sets on what it makes in DR. Their values are facts from AWS's API, never copies of the source's tags. */
export const TAG = {
  /** On everything mirrored or recovered: the id of the object in the source that it stands for. */
  sourceId: 'lifeboat:source-id',
  /** On copies and recovered volumes: the id of the source's snapshot whose bytes they hold. */
  sourceSnapshot: 'lifeboat:source-snapshot',
  /** On copies and recovered volumes: the id of the volume that was snapshotted. */
  sourceVolume: 'lifeboat:source-volume',
  /** On copies and recovered volumes: when the source's snapshot was started, ISO 8601. */
  sourceTime: 'lifeboat:source-time',
  /** On recovered machines, images and volumes: the recovery point, see snapshots/select.ts. */
  recoveryPoint: 'lifeboat:recovery-point',
  /** On a mirrored subnet that has lost its IPv6 range, for as long as the source's has none: the range. See kinds/network/subnet.ts. */
  lostIpv6: 'lifeboat:lost-ipv6',
  /** On snapshots that `stand-down` takes: the instance in DR that they were taken of. */
  finalOf: 'lifeboat:final-snapshot-of',
  /** On snapshots that `failback snapshots` takes, and on their copies under a key that can be shared: the machine in DR. */
  wayHomeOf: 'lifeboat:way-home-of',
  /** On all that a drill makes: its id, see inventory/drill/drillId.ts. */
  drill: 'lifeboat:drill',
} as const;

/**
 * The path that mirrored roles, users, groups, policies and instance profiles have before their own. IAM tells a path in every right that
 * names them, at creation too, and nobody can put what is there already under another: see docs/adr/0016.
 */
export const MIRROR_PATH = '/lifeboat';

/** Names of what `source/` makes in the source account. */
export const SOURCE_NAMES = {
  readerRole: 'lifeboat-reader',
  snapshotKeyAlias: 'alias/lifeboat-snapshots',
  policyRole: 'lifeboat-dlm',
  replicationRole: 'lifeboat-replication',
  batchRole: 'lifeboat-batch-replication',
} as const;

/** The fixed names by which everything in the vault is found again. */
export interface VaultNames {
  /** Holds accepted inventories, manifests of copies and the record of a recovery. Versioned. */
  inventoryBucket: string;
  /** Pulumi's state backend. Versioned. */
  stateBucket: string;
  /** KMS key of copies, recovered volumes and both buckets. */
  keyAlias: string;
  /** KMS key of Pulumi's secrets provider. */
  secretsKeyAlias: string;
  /** KMS key of what DR's mirrored buckets hold. */
  dataKeyAlias: string;
  boundary: string;
  /** The permissions boundary of every mirrored role and user. */
  mirroredBoundary: string;
  previewRole: string;
  runRole: string;
  recoverRole: string;
  /** Ends the machines of a drill whose time is up. EventBridge and Systems Manager take it on, nobody else. */
  drillEndRole: string;
  /** Of the functions that probe ports in a recovery. Lambda takes it on, nobody else. */
  probeRole: string;
  /** SNS topic that every alarm is sent to. */
  alarmTopic: string;
  /** CloudWatch alarm: no good run for too long. */
  missingRunAlarm: string;
  /** EventBridge rule: somebody has touched what guards the copies. */
  guardRule: string;
}

/**
 * The vault's names in one DR account and region. Bucket names are global in AWS, so they carry the account and region.
 *
 * @param account id of the DR account, 12 digits
 * @param region the DR region
 */
export function vaultNames(account: string, region: string): VaultNames {
  return {
    inventoryBucket: `lifeboat-inventory-${account}-${region}`,
    stateBucket: `lifeboat-state-${account}-${region}`,
    keyAlias: 'alias/lifeboat-vault',
    secretsKeyAlias: 'alias/lifeboat-secrets',
    dataKeyAlias: 'alias/lifeboat-data',
    boundary: 'lifeboat-boundary',
    mirroredBoundary: 'lifeboat-mirrored-boundary',
    previewRole: 'lifeboat-preview',
    runRole: 'lifeboat-run',
    recoverRole: 'lifeboat-recover',
    drillEndRole: 'lifeboat-drill-end',
    probeRole: 'lifeboat-probe',
    alarmTopic: 'lifeboat-alarms',
    missingRunAlarm: 'lifeboat-missing-run',
    guardRule: 'lifeboat-guards',
  };
}

/** CloudWatch alarm on what one replicated bucket of DR grows a day, by the bucket's name in DR. */
export const growthAlarm = (bucket: string): string => `lifeboat-growth-${bucket}`;

/** Set in the environment of a program whose engine goes on after an error, as `lifeboat recover` has it. */
export const CONTINUES = 'LIFEBOAT_CONTINUES';

/** The EventBridge schedule that ends a drill, by the drill's id; all of them begin with that of no id. */
export const drillSchedule = (id: string): string => `lifeboat-drill-${id}`;

/** How the names of the functions begin that probe ports in a recovery. */
export const PROBE_PREFIX = 'lifeboat-probe-';

/** The keys of objects in the inventory bucket. */
export const VAULT_KEY = {
  /** The accepted inventory of one stack. */
  inventory: (stack: string) => `inventory/${stack}.json`,
  /** One object for each machine under recovery: which recovery point it was brought up from. */
  recovery: (stack: string, instanceId: string) => `recovery/${stack}/${instanceId}.json`,
  recoveryPrefix: (stack: string) => `recovery/${stack}/`,
  /** What a whole recovery was begun with. Of no machine, so that it lies beside the machines' records, where the recover role may write. */
  recoveryRecord: (stack: string) => `recovery/${stack}.json`,
  /** Says that a stand-down has taken its final snapshots, so that a run may remove the machines. */
  standDown: (stack: string) => `stand-down/${stack}.json`,
  /** Write-once: what a copy is a copy of. */
  manifest: (sourceSnapshotId: string) => `manifests/${sourceSnapshotId}.json`,
  manifestPrefix: 'manifests/',
  /** As of a machine under recovery, of a machine in a drill. Not beside those of recoveries, which whoever ends one goes by. */
  drillRecord: (stack: string, instanceId: string) => `drill-records/${stack}/${instanceId}.json`,
  drillRecordPrefix: (stack: string) => `drill-records/${stack}/`,
  /** What a drill of a stack found, for programs (`json`) or for people (`html`). */
  drill: (stack: string, id: string, form: 'json' | 'html') => `drills/${stack}/${id}.${form}`,
  drillPrefix: (stack: string) => `drills/${stack}/`,
  /** Write-once: which versions in DR are of which versions of one bucket of the source. See buckets/journal.ts. */
  lineagePrefix: (sourceBucket: string) => `buckets/${sourceBucket}/`,
} as const;

/** The metric that `status --heartbeat` puts, value 1, no dimensions, and that the vault's missing-run alarm waits for. */
export const HEARTBEAT = { namespace: 'Lifeboat', metric: 'GoodRun' } as const;
