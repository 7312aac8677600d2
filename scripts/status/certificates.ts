import type { CertificateDetail } from '@aws-sdk/client-acm';
import { type Account, GLOBAL_REGION } from '../../accounts';
import type { Inventory } from '../../inventory/inventory';
import {
  acmCertificate,
  acmCertificateGlobal,
  certificates,
  certificateTags,
} from '../../kinds/services/acmCertificate';
import { TAG } from '../../names';
import type { Finding } from './finding';

/**
 * The mirrored certificates that ACM has not issued, each with the records that prove its names. DR is asked, and nobody's word is taken
 * for it. Where the source has none, nothing is asked.
 *
 * @throws when ACM does not answer
 */
export async function certificateFindings(
  dr: Account,
  accepted: Inventory,
  stack: string,
): Promise<Finding[]> {
  const regions = [
    ...(accepted.kinds[acmCertificate.name]?.length ? [dr.region] : []),
    ...(accepted.kinds[acmCertificateGlobal.name]?.length ? [GLOBAL_REGION] : []),
  ];
  const found = await Promise.all([...new Set(regions)].map((region) => notIssued(dr, region)));
  return found.flat().map((certificate) => finding(certificate, stack));
}

/** Ours in a region that are not issued. */
async function notIssued(dr: Account, region: string): Promise<CertificateDetail[]> {
  const open = (await certificates(dr, region)).filter(({ Status }) => Status !== 'ISSUED');
  const tags = await Promise.all(
    open.map(({ CertificateArn = '' }) => certificateTags(dr, region, CertificateArn)),
  );
  return open.filter((_, index) => tags[index]?.[TAG.sourceId] !== undefined);
}

function finding(certificate: CertificateDetail, stack: string): Finding {
  const { DomainName, CertificateArn, Status, DomainValidationOptions = [] } = certificate;
  const which = `the certificate of ${DomainName} in DR, ${CertificateArn}`;
  if (Status !== 'PENDING_VALIDATION')
    return {
      code: 'certificate-not-issued',
      what: `${which}, was given up by ACM (${Status})`,
      next: `npm run pulumi -- up --stack ${stack}, which requests it anew; then make its records within 72 hours`,
    };
  const open = DomainValidationOptions.filter(({ ValidationStatus }) => ValidationStatus !== 'SUCCESS');
  const records = open.flatMap(({ ResourceRecord: record }) =>
    record ? `${record.Name} ${record.Type} ${record.Value}` : [],
  );
  // A wildcard is proved by the record of what it stands before.
  const wanted = [...new Set(records)];
  return {
    code: 'certificate-not-issued',
    what: `${which}, is not issued: DNS has yet to hold ${wanted.join(', ') || 'records that ACM has not named yet'}`,
    next: `make the records where the domain is served, in Route 53: aws route53 change-resource-record-sets --hosted-zone-id ZONE --change-batch '${batch(wanted)}'`,
  };
}

/** The change of a hosted zone that makes records. */
function batch(records: readonly string[]): string {
  const Changes = records.map((record) => {
    const [Name, Type, Value] = record.split(' ');
    return {
      Action: 'UPSERT',
      ResourceRecordSet: { Name, Type, TTL: 300, ResourceRecords: [{ Value }] },
    };
  });
  return JSON.stringify({ Changes });
}
