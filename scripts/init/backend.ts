import { DescribeKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { HeadBucketCommand } from '@aws-sdk/client-s3';
import { type Account, CLIENT_DEFAULTS } from '../../accounts';
import { LifeboatError } from '../../errors';
import { vaultNames } from '../../names';

/** Where a stack's state and secrets are kept. */
export interface Backend {
  /** For `pulumi login`. */
  readonly url: string;
  /** For `pulumi stack init --secrets-provider`. */
  readonly secretsProvider: string;
}

/**
 * The vault's state bucket and secrets key as Pulumi takes them, after a look at all four parts of the vault.
 *
 * @throws LifeboatError when a part of the vault is not there, and when PULUMI_BACKEND_URL leads elsewhere
 */
export async function findBackend(
  dr: Account,
  env: Readonly<Record<string, string | undefined>>,
): Promise<Backend> {
  const names = vaultNames(dr.id, dr.region);
  const kms = new KMSClient({ region: dr.region, ...CLIENT_DEFAULTS });
  const parts: [string, () => Promise<unknown>][] = [
    ...[names.inventoryBucket, names.stateBucket].map((Bucket): [string, () => Promise<unknown>] => [
      `bucket ${Bucket}`,
      () => dr.s3.send(new HeadBucketCommand({ Bucket, ExpectedBucketOwner: dr.id })),
    ]),
    ...[names.keyAlias, names.secretsKeyAlias].map((KeyId): [string, () => Promise<unknown>] => [
      `key ${KeyId}`,
      async () => {
        const { KeyMetadata } = await kms.send(new DescribeKeyCommand({ KeyId }));
        if (KeyMetadata?.KeyState !== 'Enabled') throw new Error(`its state is ${KeyMetadata?.KeyState}`);
      },
    ]),
  ];
  await Promise.all(
    parts.map(([part, look]) =>
      look().catch((cause: unknown) => {
        throw new LifeboatError({
          what: 'The vault is not there, or not whole',
          got: `no ${part} that can be used in ${dr.id}, ${dr.region}`,
          expected: 'the vault, which an administrator of the DR account makes once',
          next: 'npm run pulumi -- -C vault up',
          cause,
        });
      }),
    ),
  );
  const query = `?region=${dr.region}`;
  const url = `s3://${names.stateBucket}${query}`;
  const wanted = env.PULUMI_BACKEND_URL;
  if (wanted !== undefined && wanted !== '' && wanted !== url) {
    throw new LifeboatError({
      what: 'PULUMI_BACKEND_URL leads past the vault, and the engine would follow it',
      got: wanted,
      expected: `${url}, or nothing`,
      next: 'unset PULUMI_BACKEND_URL',
    });
  }
  return { url, secretsProvider: `awskms://${names.secretsKeyAlias}${query}` };
}
