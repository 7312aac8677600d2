import { DLMClient } from '@aws-sdk/client-dlm';
import { IAMClient } from '@aws-sdk/client-iam';
import { KMSClient } from '@aws-sdk/client-kms';
import { CLIENT_DEFAULTS } from '../accounts';
import { SOURCE_NAMES } from '../names';
import { type Existing, existingKey, keyEntries, roleExists } from '../vault/lookUp';
import { existingSnapshotPolicy } from './snapshotPolicy';

/** The clients that a look-up needs; tests give others. */
export interface SourceClients {
  readonly dlm: DLMClient;
  readonly iam: IAMClient;
  readonly kms: KMSClient;
}

/** Clients for one account and region, by the credentials of the environment. */
export function sourceClients(region: string): SourceClients {
  const config = { region, ...CLIENT_DEFAULTS };
  return { dlm: new DLMClient(config), iam: new IAMClient(config), kms: new KMSClient(config) };
}

/** Which parts of the program are there already: the import id of each, by its Pulumi name. */
export async function existingSource({ dlm, iam, kms }: SourceClients): Promise<Existing> {
  const { readerRole, policyRole, snapshotKeyAlias } = SOURCE_NAMES;
  const [reader, taker, key, snapshots, volumes] = await Promise.all([
    roleExists(iam, readerRole),
    roleExists(iam, policyRole),
    existingKey(kms, snapshotKeyAlias),
    existingSnapshotPolicy(dlm, 'instance'),
    existingSnapshotPolicy(dlm, 'volume'),
  ]);
  return Object.fromEntries([
    ...(reader ? [['reader', readerRole]] : []),
    ...(taker ? [['dlm', policyRole]] : []),
    ...keyEntries('snapshot-key', snapshotKeyAlias, key),
    ...(snapshots === undefined ? [] : [['snapshots', snapshots]]),
    ...(volumes === undefined ? [] : [['volumes', volumes]]),
  ]);
}
