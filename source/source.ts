import * as dlm from '@pulumi/aws/dlm';
import * as iam from '@pulumi/aws/iam';
import * as kms from '@pulumi/aws/kms';
import * as pulumi from '@pulumi/pulumi';
import { readPolicy } from '../kinds/readPolicy';
import { SOURCE_NAMES } from '../names';
import { type Existing, KEY_TAG } from '../vault/lookUp';
import { dlmPolicy, dlmTrust, readerTrust, snapshotKeyPolicy } from './policies';
import type { SourceSettings } from './settings';
import { POLICY_TAG, snapshotPolicyDetails } from './snapshotPolicy';

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
  readonly snapshotPolicyId: pulumi.Output<string>;

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
    const snapshots = new dlm.LifecyclePolicy(
      'snapshots',
      {
        description: 'Lifeboat snapshots shared with DR',
        executionRoleArn: taker.arn,
        policyDetails: snapshotPolicyDetails(settings),
        state: 'ENABLED',
        tags: { [POLICY_TAG.key]: POLICY_TAG.value },
      },
      { ...this.#adopted('snapshots'), dependsOn: [rights] },
    );

    this.readerArn = reader.arn;
    this.snapshotKeyArn = key.arn;
    this.snapshotPolicyId = snapshots.id;
    this.registerOutputs({
      readerArn: this.readerArn,
      snapshotKeyArn: this.snapshotKeyArn,
      snapshotPolicyId: this.snapshotPolicyId,
    });
  }

  #adopted(name: string): pulumi.CustomResourceOptions {
    const id = this.#existing[name];
    return { parent: this, ...(id !== undefined && { import: id }) };
  }
}
