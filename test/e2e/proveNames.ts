import { ACMClient, type ACMClientConfig, DescribeCertificateCommand } from '@aws-sdk/client-acm';
import {
  ChangeResourceRecordSetsCommand,
  CreateHostedZoneCommand,
  Route53Client,
} from '@aws-sdk/client-route-53';

/** Makes the records that prove a certificate's names, in a hosted zone of the same account, as its owner would. */
export async function proveNames(config: ACMClientConfig, CertificateArn: string): Promise<void> {
  const { Certificate } = await new ACMClient(config).send(
    new DescribeCertificateCommand({ CertificateArn }),
  );
  const { endpoint, credentials } = config;
  const route53 = new Route53Client({ region: 'us-east-1', endpoint, credentials });
  const options = Certificate?.DomainValidationOptions ?? [];
  for (const { Name = '', Type, Value } of options.flatMap(({ ResourceRecord }) => ResourceRecord ?? [])) {
    const zone = Name.split('.').slice(-3, -1).join('.');
    const CallerReference = `${Name}${Math.random()}`;
    const { HostedZone } = await route53.send(new CreateHostedZoneCommand({ Name: zone, CallerReference }));
    const ResourceRecordSet = { Name, Type, TTL: 300, ResourceRecords: [{ Value }] };
    const ChangeBatch = { Changes: [{ Action: 'UPSERT' as const, ResourceRecordSet }] };
    await route53.send(new ChangeResourceRecordSetsCommand({ HostedZoneId: HostedZone?.Id, ChangeBatch }));
  }
}
