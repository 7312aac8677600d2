import {
  ACMClient,
  DeleteCertificateCommand,
  DescribeCertificateCommand,
  KeyAlgorithm,
  ListCertificatesCommand,
  RequestCertificateCommand,
  UpdateCertificateOptionsCommand,
} from '@aws-sdk/client-acm';
import type { Stage } from '../../../scripts/demo/stage';
import type { Subject } from './subject';

type Side = ReturnType<Stage['client']>;

/** Certificates of a region, and for CloudFront; one is proved by mail, and stays where it is. */
export const certificates: Subject<Side> = (() => {
  const clients = (side: Side) => [new ACMClient(side), new ACMClient({ ...side, region: 'us-east-1' })];
  const arns = async (acm: ACMClient) => {
    const Includes = { keyTypes: Object.values(KeyAlgorithm) };
    const { CertificateSummaryList = [] } = await acm.send(new ListCertificatesCommand({ Includes }));
    return CertificateSummaryList.flatMap(({ CertificateArn }) => CertificateArn ?? []);
  };
  const shown = (name: string, names: string[], algorithm: string, logged: string) => ({
    name,
    names,
    algorithm,
    logged,
    status: 'PENDING_VALIDATION',
  });
  return {
    name: 'certificates',
    async make(source) {
      for (const [index, acm] of clients(source).entries())
        await acm.send(
          new RequestCertificateCommand({
            DomainName: `${index}.example.com`,
            SubjectAlternativeNames: [`*.${index}.example.com`],
            ValidationMethod: 'DNS',
            KeyAlgorithm: index === 0 ? 'EC_prime256v1' : 'RSA_2048',
            Tags: [{ Key: 'team', Value: 'web' }],
          }),
        );
      const byMail = { DomainName: 'mail.example.com', ValidationMethod: 'EMAIL' } as const;
      await new ACMClient(source).send(new RequestCertificateCommand(byMail));
    },
    async change(source) {
      const Options = { CertificateTransparencyLoggingPreference: 'DISABLED' } as const;
      for (const acm of clients(source))
        for (const CertificateArn of await arns(acm))
          await acm.send(new UpdateCertificateOptionsCommand({ CertificateArn, Options }));
    },
    async remove(source) {
      for (const acm of clients(source))
        for (const CertificateArn of await arns(acm))
          await acm.send(new DeleteCertificateCommand({ CertificateArn }));
    },
    async read(side) {
      const found = await Promise.all(
        clients(side).map(async (acm) =>
          Promise.all(
            (await arns(acm)).map(async (CertificateArn) => {
              const { Certificate } = await acm.send(new DescribeCertificateCommand({ CertificateArn }));
              return {
                name: Certificate?.DomainName ?? '',
                names: [...(Certificate?.SubjectAlternativeNames ?? [])].sort(),
                algorithm: String(Certificate?.KeyAlgorithm),
                logged: Certificate?.Options?.CertificateTransparencyLoggingPreference ?? '',
                status: String(Certificate?.Status),
              };
            }),
          ),
        ),
      );
      return found.flat();
    },
    made: [
      shown('0.example.com', ['*.0.example.com', '0.example.com'], 'EC_prime256v1', 'ENABLED'),
      shown('1.example.com', ['*.1.example.com', '1.example.com'], 'RSA-2048', 'ENABLED'),
    ],
    changed: [
      shown('0.example.com', ['*.0.example.com', '0.example.com'], 'EC_prime256v1', 'DISABLED'),
      shown('1.example.com', ['*.1.example.com', '1.example.com'], 'RSA-2048', 'DISABLED'),
    ],
  };
})();
