import { paginateDescribeImages, paginateDescribeVolumes } from '@aws-sdk/client-ec2';
import { GetObjectCommand, paginateListObjectsV2 } from '@aws-sdk/client-s3';
import type { Account } from '../accounts';
import { parseRecord } from '../inventory/accepted';
import { isRecoveryRecord } from '../inventory/recoveryRecord';
import { pinSchema } from '../inventory/store';
import { allPages, present } from '../kinds/kind';
import { VAULT_KEY } from '../names';
import { isLocked, locksOf } from './lock';
import { recoveredMachines } from './recoveredMachines';

/** What in DR stands on copies. */
export interface UsedCopies {
  /** Copies that something holds, by id, with what. */
  readonly copies: ReadonlyMap<string, string>;
  /** The source's instances that are being recovered, by any stack, with how that shows. */
  readonly recovering: ReadonlyMap<string, string>;
}

/**
 * Finds all that uses a copy in DR: images, volumes, recovered machines, the vault's records of recoveries, locks.
 *
 * @throws when any page or any record cannot be had: nothing may be concluded then
 */
export async function usedCopies(dr: Account, bucket: string): Promise<UsedCopies> {
  const [images, volumes, machines, pins, locks] = await Promise.all([
    allPages(
      paginateDescribeImages(
        { client: dr.ec2, pageSize: 1_000 },
        { Owners: ['self'], IncludeDeprecated: true, IncludeDisabled: true },
      ),
      (page) => page.Images,
    ),
    allPages(paginateDescribeVolumes({ client: dr.ec2, pageSize: 500 }, {}), (page) => page.Volumes),
    recoveredMachines(dr),
    readPins(dr, bucket),
    locksOf(dr),
  ]);
  const copies = new Map<string, string>();
  for (const lock of locks.filter(isLocked))
    copies.set(
      lock.id,
      `locked (${lock.state}) ${lock.until ? `until ${lock.until.toISOString()}` : 'once it is completed'}`,
    );
  for (const { SnapshotId, VolumeId } of volumes)
    if (SnapshotId) copies.set(SnapshotId, `the volume ${VolumeId} was made of it`);
  for (const { ImageId, BlockDeviceMappings = [] } of images)
    for (const { Ebs } of BlockDeviceMappings)
      if (Ebs?.SnapshotId) copies.set(Ebs.SnapshotId, `the image ${ImageId} is made of it`);
  for (const { instance, copies: pinned } of pins)
    for (const id of Object.values(pinned)) copies.set(id, `the recovery of ${instance} is pinned to it`);
  return {
    copies,
    recovering: new Map([
      ...machines.map(({ sourceId, id }) => [sourceId, `recovered as ${id}`] as const),
      ...pins.map(({ instance, point }) => [instance, `under recovery, from ${point}`] as const),
    ]),
  };
}

/** The records of every stack: a copy is not free because another stack's recovery holds it. */
async function readPins(dr: Account, Bucket: string) {
  const at = { Bucket, ExpectedBucketOwner: dr.id };
  const prefix = VAULT_KEY.recoveryPrefix('');
  const Prefix = prefix.slice(0, prefix.indexOf('/') + 1);
  const keys: string[] = [];
  for await (const page of paginateListObjectsV2({ client: dr.s3 }, { ...at, Prefix }))
    keys.push(...(page.Contents ?? []).map(({ Key }) => present(Key, 'Key')));
  const pins = keys.filter((key) => !isRecoveryRecord(key));
  return Promise.all(
    pins.map(async (Key) => {
      const { Body } = await dr.s3.send(new GetObjectCommand({ ...at, Key }));
      return parseRecord(pinSchema, (await Body?.transformToString()) ?? '', `${Bucket}/${Key}`);
    }),
  );
}
