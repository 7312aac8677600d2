import { S3Client } from '@aws-sdk/client-s3';
import type { Account } from '../accounts';
import { configOf } from '../snapshots/clients';

/**
 * S3 of an account for copies: as many connections as copies are made at once, and time for S3 to move 5 GiB before it answers.
 *
 * @param atOnce copies at once
 */
export function copyClient(account: Account, atOnce: number): S3Client {
  const agent = { keepAlive: true, maxSockets: atOnce + 8 };
  return new S3Client({
    ...configOf(account),
    requestHandler: {
      connectionTimeout: 5_000,
      requestTimeout: 900_000,
      throwOnRequestTimeout: true,
      httpAgent: agent,
      httpsAgent: agent,
    },
  });
}

/** S3 of an account for listings in a region where the account itself may not be: the bucket says where it is. */
export function listClient(account: Account): S3Client {
  return new S3Client({ ...configOf(account), followRegionRedirects: true });
}
