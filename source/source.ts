import * as dlm from '@pulumi/aws/dlm';
import * as ebs from '@pulumi/aws/ebs';
import * as iam from '@pulumi/aws/iam';
import * as kms from '@pulumi/aws/kms';
import * as s3 from '@pulumi/aws/s3';
import * as pulumi from '@pulumi/pulumi';
import { readPolicy } from '../kinds/policies/readPolicy';
import { SOURCE_NAMES } from '../names';
import { type Existing, KEY_TAG } from '../vault/lookUp';
import { batchCommand, batchPolicy, batchTrust } from './batchReplication';
import { dlmPolicy, dlmTrust, readerTrust, snapshotKeyPolicy, statusPolicy } from './policies';
import { replicatedPairs, replicationPolicy, replicationRules, replicationTrust } from './replication';
import type { SourceSettings } from './settings';
import { POLICY_TAG, type PolicyKind, policyKinds, snapshotPolicyDetails } from './snapshotPolicy';

const DESCRIPTIONS: Record<PolicyKind, string> = {
  instance: 'Lifeboat snapshots shared with DR',
  volume: 'Lifeboat snapshots of single volumes shared with DR',
};

export interface SourceArgs {
  readonly settings: SourceSettings;
  /** What is there already, and is adopted where the state does not know it. */
  readonly existing: Existing;
}

/**
 * The way in that DR reads through, and the snapshots that it copies. None of it is protected: it is its owner's to
 * remove, and copies in DR do not depend on it. Only the key is retained, for the owner's own disks may be under it.
 */
export class Source extends pulumi.ComponentResource {
  readonly readerArn: pulumi.Output<string>;
  readonly snapshotKeyArn: pulumi.Output<string>;
  /** By kind, those that the settings ask for. */
  readonly snapshotPolicyIds: Readonly<Partial<Record<PolicyKind, pulumi.Output<string>>>>;

  /** None when nothing is replicated. */
  readonly replicationRoleArn: pulumi.Output<string> | undefined;
  /** By bucket, the command that sends what it held before; none where nobody asked for it. */
  readonly existingObjects: pulumi.Output<Record<string, string>> | undefined;

  readonly #existing: Existing;

  constructor(name: string, args: SourceArgs, options?: pulumi.ComponentResourceOptions) {
    super('lifeboat:source:Source', name, {}, options);
    this.#existing = args.existing;
    const { settings } = args;

    const reader = new iam.Role(
      'reader',
      {
        name: SOURCE_NAMES.readerRole,
        description: 'Lifeboat: reads what is to be mirrored',
        assumeRolePolicy: JSON.stringify(readerTrust(settings)),
        maxSessionDuration: 3_600,
      },
      this.#adopted('reader'),
    );
    new iam.RolePolicy(
      'reader-policy',
      { role: reader.name, name: 'look-up', policy: JSON.stringify(readPolicy()) },
      { parent: this },
    );
    new iam.RolePolicy(
      'reader-status',
      { role: reader.name, name: 'status', policy: JSON.stringify(statusPolicy(settings)) },
      { parent: this },
    );

    const key = new kms.Key(
      'snapshot-key',
      {
        description: 'Lifeboat: disks whose snapshots the DR account copies',
        enableKeyRotation: true,
        policy: JSON.stringify(snapshotKeyPolicy(settings)),
        tags: { [KEY_TAG]: SOURCE_NAMES.snapshotKeyAlias },
      },
      { ...this.#adopted('snapshot-key'), retainOnDelete: true },
    );
    new kms.Alias(
      'snapshot-key-alias',
      { name: SOURCE_NAMES.snapshotKeyAlias, targetKeyId: key.keyId },
      { ...this.#adopted('snapshot-key-alias'), retainOnDelete: true },
    );

    const taker = new iam.Role(
      'dlm',
      {
        name: SOURCE_NAMES.policyRole,
        description: 'Lifeboat: takes and shares snapshots',
        assumeRolePolicy: JSON.stringify(dlmTrust(settings)),
      },
      this.#adopted('dlm'),
    );
    const rights = new iam.RolePolicy(
      'dlm-policy',
      { role: taker.name, name: 'snapshots', policy: JSON.stringify(dlmPolicy()) },
      { parent: this },
    );
    const policies = policyKinds(settings.snapshotBy).map((kind) => {
      // As it was called before there were two.
      const policyName = POLICY_TAG.values[kind];
      const made = new dlm.LifecyclePolicy(
        policyName,
        {
          description: DESCRIPTIONS[kind],
          executionRoleArn: taker.arn,
          policyDetails: snapshotPolicyDetails(settings, kind),
          state: 'ENABLED',
          tags: { [POLICY_TAG.key]: policyName },
        },
        { ...this.#adopted(policyName), dependsOn: [rights] },
      );
      return [kind, made.id] as const;
    });
    this.#defaults(settings, key);

    this.replicationRoleArn = this.#replication(settings);
    this.existingObjects = this.#batchReplication(settings);
    this.readerArn = reader.arn;
    this.snapshotKeyArn = key.arn;
    this.snapshotPolicyIds = Object.fromEntries(policies);
    this.registerOutputs({
      readerArn: this.readerArn,
      snapshotKeyArn: this.snapshotKeyArn,
      snapshotPolicyIds: this.snapshotPolicyIds,
    });
  }

  /**
   * What a region does where nobody says otherwise. Each is a switch that may have been on before us, and what is taken away with this
   * stack would leave the account weaker than it was: so they stay, and their owner turns them off.
   */
  #defaults({ encryptByDefault, blockPublicSharing }: SourceSettings, key: kms.Key): void {
    const stays = { parent: this, retainOnDelete: true };
    if (encryptByDefault) {
      const under = new ebs.DefaultKmsKey('default-key', { keyArn: key.arn }, stays);
      new ebs.EncryptionByDefault(
        'encryption-by-default',
        { enabled: true },
        { ...stays, dependsOn: [under] },
      );
    }
    if (blockPublicSharing)
      new ebs.SnapshotBlockPublicAccess(
        'snapshot-block-public-access',
        { state: 'block-all-sharing' },
        stays,
      );
  }

  /** S3's own way into DR: a role that may only add, and a configuration for each bucket. It ends with the setting. */
  #replication(settings: SourceSettings): pulumi.Output<string> | undefined {
    if (settings.replicateBuckets.length === 0) return undefined;
    const role = new iam.Role(
      'replication',
      {
        name: SOURCE_NAMES.replicationRole,
        description: 'Lifeboat: replicates objects into DR, and deletes nothing',
        assumeRolePolicy: JSON.stringify(replicationTrust(settings)),
      },
      this.#adopted('replication'),
    );
    const rights = new iam.RolePolicy(
      'replication-policy',
      { role: role.name, name: 'replicate', policy: JSON.stringify(replicationPolicy(settings)) },
      { parent: this },
    );
    for (const { bucket, dr } of replicatedPairs(settings))
      new s3.BucketReplicationConfig(
        `replicate-${bucket}`,
        { bucket, role: role.arn, rules: replicationRules(settings, dr) },
        { parent: this, dependsOn: [rights] },
      );
    return role.arn;
  }

  /**
   * A role for jobs that send what was there before. The jobs are their owner's: each is made once, costs, and is no resource. The commands
   * are known once the role may do its work.
   */
  #batchReplication(settings: SourceSettings): pulumi.Output<Record<string, string>> | undefined {
    if (!settings.replicateExisting) return undefined;
    const role = new iam.Role(
      'batch-replication',
      {
        name: SOURCE_NAMES.batchRole,
        description: 'Lifeboat: has S3 replicate what is there already, and writes nothing',
        assumeRolePolicy: JSON.stringify(batchTrust(settings)),
      },
      this.#adopted('batch-replication'),
    );
    const rights = new iam.RolePolicy(
      'batch-replication-policy',
      { role: role.name, name: 'replicate-existing', policy: JSON.stringify(batchPolicy(settings)) },
      { parent: this },
    );
    const commands = settings.replicateBuckets.map((bucket) => [bucket, batchCommand(settings, bucket)]);
    return rights.id.apply((): Record<string, string> => Object.fromEntries(commands));
  }

  #adopted(name: string): pulumi.CustomResourceOptions {
    const id = this.#existing[name];
    return { parent: this, ...(id !== undefined && { import: id }) };
  }
}
