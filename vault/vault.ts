import * as ebs from '@pulumi/aws/ebs';
import * as iam from '@pulumi/aws/iam';
import * as kms from '@pulumi/aws/kms';
import * as rbin from '@pulumi/aws/rbin';
import * as route53 from '@pulumi/aws/route53';
import * as s3 from '@pulumi/aws/s3';
import * as pulumi from '@pulumi/pulumi';
import { LifeboatError } from '../errors';
import { DELEGATION_REFERENCE } from '../kinds/dns/delegationSet';
import { TAG, vaultNames } from '../names';
import { Alarms } from './alarms';
import { atRecoveryPolicy } from './atRecoveryPolicy';
import { boundaryPolicy } from './boundary';
import { copyBucketsPolicy } from './copyBucketsPolicy';
import { copyPolicy } from './copyPolicy';
import { dataKeyPolicy } from './dataKeyPolicy';

import { makeDrillEnd } from './drillEnd';
import { type Existing, KEY_TAG } from './lookUp';
import { mirroredBoundary } from './mirroredBoundary';
import { MANAGED_POLICY_LIMIT, POLICY_NAMES } from './place';
import { LOOK_UP_POLICIES, MIRROR_POLICIES, previewPolicy, recoverPolicy, runPolicy } from './policies';
import type { Policy } from './policyDocument';
import { makeProbe } from './probe';
import { recoverCommandsPolicy } from './recoverCommands';
import { RULE_DESCRIPTION } from './recycleBin';
import { bucketPolicy, GITHUB_AUDIENCE, GITHUB_ISSUER, keyPolicy, trustPolicy } from './resourcePolicies';
import type { VaultSettings } from './settings';

/** What both roles that change the mirror may do. */
const MIRRORING = [...Object.keys(LOOK_UP_POLICIES), ...Object.keys(MIRROR_POLICIES), POLICY_NAMES.copy];

/** The rights of each role, as names of managed policies. */
export const ROLE_POLICIES = {
  preview: [...Object.keys(LOOK_UP_POLICIES), POLICY_NAMES.preview],
  run: [...MIRRORING, POLICY_NAMES.copyBuckets, POLICY_NAMES.run],
  recover: [...MIRRORING, POLICY_NAMES.recover, POLICY_NAMES.atRecovery, POLICY_NAMES.recoverCommands],
} as const;

type RoleName = keyof typeof ROLE_POLICIES;

/**
 * How long a session of each role may last, in seconds. Copying takes hours, and a job of GitHub's six at most; a
 * preview takes minutes.
 */
const SESSION_SECONDS: Record<RoleName, number> = { preview: 3_600, run: 21_600, recover: 21_600 };

export interface VaultArgs {
  readonly settings: VaultSettings;
  /** What is there already, and is adopted where the state does not know it. */
  readonly existing: Existing;
}

/** The keys, buckets, roles, boundary and alarms that guard everything else in DR, protected and retained. */
export class Vault extends pulumi.ComponentResource {
  readonly keyArn: pulumi.Output<string>;
  readonly secretsKeyArn: pulumi.Output<string>;
  readonly dataKeyArn: pulumi.Output<string>;
  readonly inventoryBucket: pulumi.Output<string>;
  readonly stateBucket: pulumi.Output<string>;
  readonly boundaryArn: pulumi.Output<string>;
  readonly alarmTopicArn: pulumi.Output<string>;
  /** Of every zone that is made from the delegation set. */
  readonly nameServers: pulumi.Output<string[]>;
  readonly roleArns: Readonly<Record<RoleName, pulumi.Output<string>>>;

  readonly #existing: Existing;

  /** @throws LifeboatError when the kinds have grown a policy past AWS's limit */
  constructor(name: string, args: VaultArgs, options?: pulumi.ComponentResourceOptions) {
    super('lifeboat:vault:Vault', name, {}, options);
    this.#existing = args.existing;
    const { settings } = args;
    const names = vaultNames(settings.drAccount, settings.drRegion);

    const key = this.#key(
      'key',
      names.keyAlias,
      'Lifeboat: copies, recovered volumes, inventory and state',
      keyPolicy(settings, 'copies'),
    );
    const secretsKey = this.#key(
      'secrets-key',
      names.secretsKeyAlias,
      "Lifeboat: Pulumi's secrets",
      keyPolicy(settings, 'secrets'),
    );
    const dataKey = this.#key(
      'data-key',
      names.dataKeyAlias,
      'Lifeboat: what the mirrored buckets hold',
      dataKeyPolicy(settings),
    );
    const inventory = this.#bucket('inventory', names.inventoryBucket, key, settings);
    const state = this.#bucket('state', names.stateBucket, key, settings);

    this.#copiesStay(settings.recycleBinDays);
    const delegation = this.#delegationSet();
    const alarms = new Alarms('alarms', { settings, kept: this.#kept() }, { parent: this });

    const boundary = this.#policy(names.boundary, boundaryPolicy(settings));
    this.#policy(names.mirroredBoundary, mirroredBoundary(settings));
    const documents: Record<string, (place: VaultSettings) => Policy> = {
      ...LOOK_UP_POLICIES,
      ...MIRROR_POLICIES,
      [POLICY_NAMES.copy]: copyPolicy,
      [POLICY_NAMES.copyBuckets]: copyBucketsPolicy,
      [POLICY_NAMES.preview]: previewPolicy,
      [POLICY_NAMES.run]: runPolicy,
      [POLICY_NAMES.recover]: recoverPolicy,
      [POLICY_NAMES.atRecovery]: atRecoveryPolicy,
      [POLICY_NAMES.recoverCommands]: recoverCommandsPolicy,
    };
    const policies = new Map(
      Object.entries(documents).map(([name, document]) => [name, this.#policy(name, document(settings))]),
    );
    if (settings.githubRepository !== undefined) this.#github();
    const roleArgs = { settings, boundary: boundary.arn, kept: (name?: string) => this.#kept(name) };
    makeDrillEnd(roleArgs);
    makeProbe(roleArgs);
    const role = (kind: RoleName, roleName: string) => {
      const made = new iam.Role(
        `${roleName}-role`,
        {
          name: roleName,
          description: `Lifeboat: ${kind}`,
          assumeRolePolicy: JSON.stringify(trustPolicy(settings, kind)),
          permissionsBoundary: boundary.arn,
          maxSessionDuration: SESSION_SECONDS[kind],
        },
        this.#kept(`${roleName}-role`),
      );
      for (const policyName of ROLE_POLICIES[kind]) {
        const attachment = { role: made.name, policyArn: policies.get(policyName)?.arn ?? '' };
        // Protected, so that a destroy is refused whole; not retained, so that a right which is taken out of ROLE_POLICIES,
        // and then unprotected by hand, is really taken from the role.
        new iam.RolePolicyAttachment(`${roleName}-has-${policyName}`, attachment, {
          parent: this,
          protect: true,
        });
      }
      return made.arn;
    };

    this.keyArn = key.arn;
    this.secretsKeyArn = secretsKey.arn;
    this.dataKeyArn = dataKey.arn;
    this.inventoryBucket = inventory.bucket;
    this.stateBucket = state.bucket;
    this.boundaryArn = boundary.arn;
    this.alarmTopicArn = alarms.topicArn;
    this.nameServers = delegation.nameServers;
    this.roleArns = {
      preview: role('preview', names.previewRole),
      run: role('run', names.runRole),
      recover: role('recover', names.recoverRole),
    };
    this.registerOutputs({ ...this.outputs() });
  }

  /** Names and ARNs, for the stack's outputs. */
  outputs() {
    const { keyArn, secretsKeyArn, dataKeyArn, inventoryBucket, stateBucket } = this;
    const { boundaryArn, alarmTopicArn, roleArns, nameServers } = this;
    return {
      keyArn,
      secretsKeyArn,
      dataKeyArn,
      inventoryBucket,
      stateBucket,
      boundaryArn,
      alarmTopicArn,
      roleArns,
      nameServers,
    };
  }

  /**
   * The options of what lasts: nothing of it ends with the stack, and what is there already is adopted. A resource that
   * AWS sets rather than creates (a bucket's versioning, an attachment) has no name to be found by, and needs no adoption.
   */
  #kept(found?: string): pulumi.CustomResourceOptions {
    const id = found === undefined ? undefined : this.#existing[found];
    return { parent: this, protect: true, retainOnDelete: true, ...(id !== undefined && { import: id }) };
  }

  #key(name: string, alias: string, description: string, document: Policy): kms.Key {
    const key = new kms.Key(
      name,
      {
        description,
        enableKeyRotation: true,
        policy: JSON.stringify(document),
        // AWS asks for this of whoever makes a policy that he cannot change again himself: the break-glass principals can.
        bypassPolicyLockoutSafetyCheck: true,
        tags: { [KEY_TAG]: alias },
      },
      this.#kept(name),
    );
    new kms.Alias(`${name}-alias`, { name: alias, targetKeyId: key.keyId }, this.#kept(`${name}-alias`));
    return key;
  }

  /** No snapshot of this account and region is public, and what is deleted of ours can be had back for some days. */
  #copiesStay(days: number): void {
    new ebs.SnapshotBlockPublicAccess(
      'snapshot-block-public-access',
      { state: 'block-all-sharing' },
      this.#kept(),
    );
    new rbin.Rule(
      'recycle-bin',
      {
        description: RULE_DESCRIPTION,
        resourceType: 'EBS_SNAPSHOT',
        resourceTags: [TAG.sourceSnapshot, TAG.finalOf].map((resourceTagKey) => ({ resourceTagKey })),
        retentionPeriod: { retentionPeriodValue: days, retentionPeriodUnit: 'DAYS' },
      },
      this.#kept('recycle-bin'),
    );
  }

  /** Name servers that registrars can be told before there is a zone: a new zone has others, unless it is made from these. Free. */
  #delegationSet(): route53.DelegationSet {
    const kept = this.#kept('delegation-set');
    return new route53.DelegationSet(
      'delegation-set',
      { referenceName: DELEGATION_REFERENCE },
      // The provider does not read it back: one that is adopted would be replaced.
      { ...kept, ...(kept.import !== undefined && { ignoreChanges: ['referenceName'] }) },
    );
  }

  /**
   * Under our key rather than S3's own: inventory and state hold the source's secrets, and a right to read a bucket is
   * then not enough to read them. Recovery needs that key anyway, so nothing new can fail. One data key for the bucket
   * keeps KMS calls, and their price, next to nothing.
   */
  #bucket(kind: 'inventory' | 'state', bucketName: string, key: kms.Key, settings: VaultSettings): s3.Bucket {
    const bucket = new s3.Bucket(
      bucketName,
      { bucket: bucketName, forceDestroy: false },
      this.#kept(bucketName),
    );
    const of = { bucket: bucket.bucket };
    new s3.BucketOwnershipControls(
      `${kind}-ownership`,
      { ...of, rule: { objectOwnership: 'BucketOwnerEnforced' } },
      this.#kept(),
    );
    new s3.BucketPublicAccessBlock(
      `${kind}-public-access-block`,
      {
        ...of,
        blockPublicAcls: true,
        blockPublicPolicy: true,
        ignorePublicAcls: true,
        restrictPublicBuckets: true,
      },
      this.#kept(),
    );
    new s3.BucketVersioning(
      `${kind}-versioning`,
      { ...of, versioningConfiguration: { status: 'Enabled' } },
      this.#kept(),
    );
    new s3.BucketServerSideEncryptionConfiguration(
      `${kind}-encryption`,
      {
        ...of,
        rules: [
          {
            applyServerSideEncryptionByDefault: { sseAlgorithm: 'aws:kms', kmsMasterKeyId: key.arn },
            bucketKeyEnabled: true,
          },
        ],
      },
      this.#kept(),
    );
    new s3.BucketPolicy(
      `${kind}-policy`,
      { ...of, policy: JSON.stringify(bucketPolicy(settings, kind)) },
      this.#kept(),
    );
    return bucket;
  }

  #policy(policyName: string, document: Policy): iam.Policy {
    const text = JSON.stringify(document);
    // No white space in it but what is inside names, and AWS does not count that either.
    if (text.length > MANAGED_POLICY_LIMIT) {
      throw new LifeboatError({
        what: `The policy ${policyName} is too long for AWS`,
        got: `${text.length} characters`,
        expected: `${MANAGED_POLICY_LIMIT} at most`,
        next: 'split it in vault/policies.ts, and add the new part to ROLE_POLICIES',
      });
    }
    return new iam.Policy(
      `${policyName}-policy`,
      { name: policyName, policy: text },
      this.#kept(`${policyName}-policy`),
    );
  }

  /**
   * There is one such provider an account at most, and it may serve others too: what they set on it stays, and so does
   * the provider. Not protected, because the engine would refuse the update that takes githubRepository out of the trusts.
   */
  #github(): void {
    new iam.OpenIdConnectProvider(
      'github',
      { url: `https://${GITHUB_ISSUER}`, clientIdLists: [GITHUB_AUDIENCE] },
      {
        ...this.#kept('github'),
        protect: false,
        ignoreChanges: ['clientIdLists', 'thumbprintLists', 'tags'],
      },
    );
  }
}
