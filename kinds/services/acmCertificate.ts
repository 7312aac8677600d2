import {
  ACMClient,
  type CertificateDetail,
  DescribeCertificateCommand,
  KeyAlgorithm,
  ListTagsForCertificateCommand,
  paginateListCertificates,
} from '@aws-sdk/client-acm';
import type { CertificateArgs } from '@pulumi/aws/acm/certificate';
import { type Account, GLOBAL_REGION } from '../../accounts';
import { TAG } from '../../names';
import { allPages, type Item, type Kind, present, tagRecord } from '../kind';
import { resource } from '../mirrorContext';
import { perObject } from '../perObject';

/** A certificate of ACM, by its ARN. Others than those that ACM issues for names that DNS proves are looked up, and not mirrored. */
export interface AcmCertificate extends Item {
  readonly domainName: string;
  /** With the domain name, in order. */
  readonly names: readonly string[];
  /** `AMAZON_ISSUED`, `IMPORTED` or `PRIVATE`. */
  readonly certificateType: string;
  /** `DNS`, `EMAIL` or `HTTP`, of what ACM issues. */
  readonly validationMethod?: string;
  /** As requests name it: `RSA_2048`, `EC_prime256v1`. */
  readonly keyAlgorithm: string;
  /** Whether it stands in no public log. */
  readonly isUnlogged: boolean;
  readonly isExportable: boolean;
  /** Whether an AWS service made it, and sees to it. */
  readonly isManaged: boolean;
  /** Whether it is no certificate and becomes none any more: nobody proved its names in time, or it ended. */
  readonly isSpent: boolean;
  /** Of DR's alone, for it changes by itself: whether it can be used. */
  readonly isIssued?: boolean;
}

/** What a request cannot come back from. https://docs.aws.amazon.com/acm/latest/APIReference/API_CertificateDetail.html */
const SPENT = ['FAILED', 'VALIDATION_TIMED_OUT', 'EXPIRED', 'REVOKED'];

/** A certificate as AWS describes it, in a region of the account. */
export async function certificates(account: Account, region: string): Promise<CertificateDetail[]> {
  const client = account.client(ACMClient, region);
  // Without a list of them AWS answers those of two old algorithms alone.
  const Includes = { keyTypes: Object.values(KeyAlgorithm) };
  const listed = await allPages(
    paginateListCertificates({ client }, { Includes }),
    (page) => page.CertificateSummaryList,
  );
  return Promise.all(
    listed.map(async ({ CertificateArn }) => {
      const { Certificate } = await perObject(client, () =>
        client.send(new DescribeCertificateCommand({ CertificateArn })),
      );
      return present(Certificate, 'Certificate');
    }),
  );
}

/** The tags of one of them. */
export async function certificateTags(
  account: Account,
  region: string,
  CertificateArn: string,
): Promise<Record<string, string>> {
  const client = account.client(ACMClient, region);
  const { Tags } = await perObject(client, () =>
    client.send(new ListTagsForCertificateCommand({ CertificateArn })),
  );
  return tagRecord(present(Tags, 'Tags'));
}

function certificateItem(
  found: CertificateDetail,
  tags: Record<string, string>,
  isDr: boolean,
): AcmCertificate {
  const { Options } = found;
  return {
    id: present(found.CertificateArn, 'CertificateArn'),
    tags,
    domainName: present(found.DomainName, 'DomainName'),
    names: [...new Set([found.DomainName ?? '', ...(found.SubjectAlternativeNames ?? [])])].sort(),
    certificateType: present(found.Type, 'Type'),
    validationMethod: found.DomainValidationOptions?.[0]?.ValidationMethod,
    // It is described as `RSA-2048`, and requested as `RSA_2048`.
    keyAlgorithm: present(found.KeyAlgorithm as string | undefined, 'KeyAlgorithm').replaceAll('-', '_'),
    isUnlogged: Options?.CertificateTransparencyLoggingPreference === 'DISABLED',
    isExportable: Options?.Export === 'ENABLED',
    isManaged: found.ManagedBy !== undefined,
    isSpent: SPENT.includes(found.Status ?? ''),
    isIssued: isDr ? found.Status === 'ISSUED' : undefined,
  };
}

/** What stands beside a request that took its place, where a run was killed between the two. */
function withoutSucceeded(items: readonly AcmCertificate[]): AcmCertificate[] {
  const alive = new Set(items.filter(({ isSpent }) => !isSpent).map(({ tags }) => tags[TAG.sourceId]));
  return items.filter(({ isSpent, tags }) => {
    const sourceId = tags[TAG.sourceId];
    return !isSpent || sourceId === undefined || !alive.has(sourceId);
  });
}

function certificateKind(name: string, title: string, region?: typeof GLOBAL_REGION): Kind<AcmCertificate> {
  return {
    name,
    title,
    cost: 'free',
    ...(region && { isGlobal: true as const }),
    types: ['aws:acm/certificate:Certificate'],
    iamActions: ['acm:ListCertificates', 'acm:DescribeCertificate', 'acm:ListTagsForCertificate'],

    async list(account, options) {
      const isDr = options?.isDr ?? false;
      const where = region ?? account.region;
      const found = await certificates(account, where);
      const tags = await Promise.all(
        found.map(({ CertificateArn }) =>
          certificateTags(account, where, present(CertificateArn, 'CertificateArn')),
        ),
      );
      return withoutSucceeded(found.map((each, index) => certificateItem(each, tags[index] ?? {}, isDr)));
    },

    skip({ certificateType, validationMethod, isManaged, isSpent }) {
      if (certificateType === 'IMPORTED') return 'it was imported, and AWS gives its key to nobody';
      if (certificateType === 'PRIVATE') return 'it is of a private authority, which is billed';
      if (isManaged) return 'an AWS service made it, and makes it again where it is used';
      if (validationMethod !== 'DNS')
        return `its names are proved by ${validationMethod === 'EMAIL' ? 'mail' : validationMethod}, not by DNS`;
      return isSpent ? 'it has ended, or nobody proved its names in time' : undefined;
    },

    mirror(item, ctx) {
      if (item.isExportable) ctx.note('leaves out that it can be exported, which is billed');
      return resource<CertificateArgs>('aws:acm/certificate:Certificate', {
        ...(region && { region }),
        domainName: item.domainName,
        subjectAlternativeNames: [...item.names],
        validationMethod: 'DNS',
        keyAlgorithm: item.keyAlgorithm,
        options: {
          certificateTransparencyLoggingPreference: item.isUnlogged ? 'DISABLED' : 'ENABLED',
        },
        tags: ctx.tags(item),
      });
    },

    taggedWhenMade: true,
    isSpent: (item) => item.isSpent,
    fixed: (item) => [item.domainName, item.names, item.validationMethod, item.keyAlgorithm],

    // Service Quotas is asked in DR's region alone.
    ...(!region && { quotas: [{ service: 'acm', code: 'L-F141DD1D', name: 'ACM certificates' }] }),
  };
}

/**
 * A certificate that ACM issues, requested ahead: people prove its names once, by records that `lifeboat status` names, and machines in DR
 * then have it in a disaster.
 */
export const acmCertificate = certificateKind('acm-certificate', 'ACM certificate');

/** The same in us-east-1, the one region whose certificates CloudFront takes. */
export const acmCertificateGlobal = certificateKind(
  'acm-certificate-global',
  'ACM certificate for CloudFront',
  GLOBAL_REGION,
);
