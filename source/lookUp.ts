import { DLMClient } from '@aws-sdk/client-dlm';
import { IAMClient } from '@aws-sdk/client-iam';
import { KMSClient } from '@aws-sdk/client-kms';
import { S3Client } from '@aws-sdk/client-s3';
import { CLIENT_DEFAULTS } from '../accounts';
import { SOURCE_NAMES } from '../names';
import { type Existing, existingKey, keyEntries, roleExists } from '../vault/lookUp';
import { existingSnapshotPolicy } from './snapshotPolicy';

/** The clients that a look-up needs; tests give others. */
export interface SourceClients {
  readonly dlm: DLMClient;
  readonly iam: IAMClient;
  readonly kms: KMSClient;
  readonly s3: S3Client;
}

/** Clients for one account and region, by the credentials of the environment. */
export function sourceClients(region: string): SourceClients {
  const config = { region, ...CLIENT_DEFAULTS };
  return {
    dlm: new DLMClient(config),
    iam: new IAMClient(config),
    kms: new KMSClient(config),
    s3: new S3Client(config),
  };
}

/** Which parts of the program are there already: the import id of each, by its Pulumi name. */
export async function existingSource({
  dlm,
  iam,
  kms,
}: Pick<SourceClients, 'dlm' | 'iam' | 'kms'>): Promise<Existing> {
  const { readerRole, policyRole, replicationRole, batchRole, snapshotKeyAlias } = SOURCE_NAMES;
  const [reader, taker, replicator, batch, key, snapshots, volumes] = await Promise.all([
    roleExists(iam, readerRole),
    roleExists(iam, policyRole),
    roleExists(iam, replicationRole),
    roleExists(iam, batchRole),
    existingKey(kms, snapshotKeyAlias),
    existingSnapshotPolicy(dlm, 'instance'),
    existingSnapshotPolicy(dlm, 'volume'),
  ]);
  return Object.fromEntries([
    ...(reader ? [['reader', readerRole]] : []),
    ...(taker ? [['dlm', policyRole]] : []),
    ...(replicator ? [['replication', replicationRole]] : []),
    ...(batch ? [['batch-replication', batchRole]] : []),
    ...keyEntries('snapshot-key', snapshotKeyAlias, key),
    ...(snapshots === undefined ? [] : [['snapshots', snapshots]]),
    ...(volumes === undefined ? [] : [['volumes', volumes]]),
  ]);
}
