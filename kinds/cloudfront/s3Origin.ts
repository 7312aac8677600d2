/** A bucket's host, as an origin names it. */
export interface S3Host {
  readonly bucket: string;
  /** Undefined in the old form, which names none. */
  readonly region?: string;
  /** Whether it is the host of the bucket's website. */
  readonly isWebsite: boolean;
}

const REST = /^(.+?)\.s3(?:[.-]dualstack)?(?:[.-]([a-z]{2}(?:-[a-z]+)+-\d))?\.amazonaws\.com$/;
const WEBSITE = /^(.+?)\.s3-website[.-]([a-z]{2}(?:-[a-z]+)+-\d)\.amazonaws\.com$/;

/** Regions whose hosts of websites have a hyphen before the region: https://docs.aws.amazon.com/general/latest/gr/s3.html#s3_website_region_endpoints */
const HYPHEN = new Set([
  'ap-northeast-1',
  'ap-southeast-1',
  'ap-southeast-2',
  'eu-west-1',
  'sa-east-1',
  'us-east-1',
  'us-gov-west-1',
  'us-west-1',
  'us-west-2',
]);

/** Which bucket a host is of; undefined for any other host. Pure. */
export function s3Host(host: string): S3Host | undefined {
  for (const [pattern, isWebsite] of [
    [WEBSITE, true],
    [REST, false],
  ] as const) {
    const [, bucket, region] = pattern.exec(host) ?? [];
    if (bucket !== undefined) return { bucket, ...(region !== undefined && { region }), isWebsite };
  }
  return undefined;
}

/** The host of a bucket in a region. Pure. */
export function hostOf({ bucket, isWebsite }: Pick<S3Host, 'bucket' | 'isWebsite'>, region: string): string {
  const part = isWebsite ? `s3-website${HYPHEN.has(region) ? '-' : '.'}${region}` : `s3.${region}`;
  return `${bucket}.${part}.amazonaws.com`;
}
