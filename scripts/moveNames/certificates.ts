import {
  ACMClient,
  type CertificateDetail,
  DescribeCertificateCommand,
  KeyAlgorithm,
  paginateListCertificates,
} from '@aws-sdk/client-acm';
import { type Account, GLOBAL_REGION } from '../../accounts';
import { allPages, present } from '../../kinds/kind';

/** A certificate that CloudFront can use: of ACM in us-east-1. */
export interface Certificate {
  readonly arn: string;
  readonly names: readonly string[];
  /** When it ends, in milliseconds. */
  readonly until: number;
}

/** The issued certificates that an account has for CloudFront, of every key algorithm. */
export async function issuedCertificates(account: Account): Promise<Certificate[]> {
  const client = account.client(ACMClient, GLOBAL_REGION);
  const found = await allPages(
    // Without this ACM lists RSA keys of 2,048 bits alone.
    paginateListCertificates(
      { client },
      { CertificateStatuses: ['ISSUED'], Includes: { keyTypes: Object.values(KeyAlgorithm) } },
    ),
    (page) => page.CertificateSummaryList,
  );
  return Promise.all(
    found.map(async ({ CertificateArn }) => {
      const { Certificate } = await client.send(new DescribeCertificateCommand({ CertificateArn }));
      return certificate(present(Certificate, 'Certificate'));
    }),
  );
}

function certificate(detail: CertificateDetail): Certificate {
  const names = [detail.DomainName, ...(detail.SubjectAlternativeNames ?? [])];
  return {
    arn: present(detail.CertificateArn, 'CertificateArn'),
    names: [...new Set(names.flatMap((name) => name ?? []))],
    until: detail.NotAfter?.getTime() ?? 0,
  };
}

/** The certificate for all of these names that lasts longest; undefined when there is none. Pure. */
export function covering(
  names: readonly string[],
  certificates: readonly Certificate[],
): Certificate | undefined {
  return certificates
    .filter((each) => names.every((name) => covers(each, name)))
    .sort((a, b) => b.until - a.until)[0];
}

/** A wildcard stands for one label. */
function covers({ names }: Certificate, name: string): boolean {
  return names.includes(name) || names.includes(`*.${name.slice(name.indexOf('.') + 1)}`);
}
