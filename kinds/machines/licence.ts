import type { Image, ProductCode } from '@aws-sdk/client-ec2';

/** What a machine or an image bills by. https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/billing-info-fields.html */
export interface Licence {
  /** `Linux/UNIX`, `Windows`, `Red Hat Enterprise Linux`, … */
  readonly platformDetails?: string;
  /** `RunInstances`, `RunInstances:0002`, … */
  readonly usageOperation?: string;
  /** AWS's own and those of the Marketplace, as `type code`. */
  readonly productCodes?: readonly string[];
}

const PLAIN = { platformDetails: 'Linux/UNIX', usageOperation: 'RunInstances' } as const;

/** As AWS answers it. Pure. */
export function licenceOf(
  found: Pick<Image, 'PlatformDetails' | 'UsageOperation'> & { readonly ProductCodes?: ProductCode[] },
): Licence {
  return {
    platformDetails: found.PlatformDetails,
    usageOperation: found.UsageOperation,
    productCodes: (found.ProductCodes ?? [])
      .map(({ ProductCodeId = '', ProductCodeType = '' }) => `${ProductCodeType} ${ProductCodeId}`)
      .sort(),
  };
}

/** In words. What an older program has accepted lacks some of it, which then counts as AWS's default. Pure. */
export function licenceText({
  platformDetails = PLAIN.platformDetails,
  usageOperation,
  productCodes = [],
}: Licence): string {
  return [`${platformDetails}${usageOperation ? ` (${usageOperation})` : ''}`, ...productCodes].join(', ');
}

/** Whether it is what any image of a snapshot bills by: nothing beside the machine. Pure. */
export function isPlainLicence({ platformDetails, usageOperation, productCodes = [] }: Licence): boolean {
  return (
    (platformDetails ?? PLAIN.platformDetails) === PLAIN.platformDetails &&
    (usageOperation ?? PLAIN.usageOperation) === PLAIN.usageOperation &&
    productCodes.length === 0
  );
}

/** Whether two bill alike: what one of them does not know is not held against the other. Pure. */
export function isSameLicence(one: Licence, other: Licence): boolean {
  const same = (a: unknown, b: unknown) => a === undefined || b === undefined || String(a) === String(b);
  return (
    same(one.platformDetails, other.platformDetails) &&
    same(one.usageOperation, other.usageOperation) &&
    same(one.productCodes, other.productCodes)
  );
}
