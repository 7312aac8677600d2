import {
  ACMClient,
  DescribeCertificateCommand,
  ListCertificatesCommand,
  RequestCertificateCommand,
  type RequestCertificateCommandInput,
  UpdateCertificateOptionsCommand,
} from '@aws-sdk/client-acm';
import { expect } from 'chai';
import { proveNames } from '../e2e/proveNames';
import { Clients, HERE, must, newAccount, refusal, useEmulator } from './support';

describe('emulator: certificates', () => {
  const emulator = useEmulator();
  let mine: Clients;

  beforeEach(() => {
    mine = new Clients(emulator().url, newAccount(), HERE);
  });

  const acm = (clients = mine) => clients.once(ACMClient);
  const request = async (
    DomainName: string,
    more: Partial<RequestCertificateCommandInput> = {},
    clients = mine,
  ) => {
    const input = { DomainName, ValidationMethod: 'DNS', ...more } as const;
    return must((await acm(clients).send(new RequestCertificateCommand(input))).CertificateArn);
  };
  const described = async (CertificateArn: string, clients = mine) =>
    must((await acm(clients).send(new DescribeCertificateCommand({ CertificateArn }))).Certificate);

  it('is pending until DNS proves all of its names, and then issued', async () => {
    const arn = await request('example.com', { SubjectAlternativeNames: ['*.example.com', 'example.org'] });
    const pending = await described(arn);
    expect(pending).to.include({ Status: 'PENDING_VALIDATION', Type: 'AMAZON_ISSUED' });
    expect(pending.NotAfter).to.equal(undefined);
    const records = pending.DomainValidationOptions?.map(({ ResourceRecord }) => ResourceRecord?.Name);
    // A wildcard is proved by the record of what it stands before.
    expect(new Set(records).size).to.equal(2);
    await proveNames(mine.config, arn);
    expect((await described(arn)).Status).to.equal('ISSUED');
    expect((await described(arn)).NotAfter).to.not.equal(undefined);
  });

  it('has one record for a name in an account, and another in another account', async () => {
    const other = new Clients(emulator().url, newAccount(), HERE);
    const record = async (arn: string, clients = mine) =>
      (await described(arn, clients)).DomainValidationOptions?.[0]?.ResourceRecord?.Name;
    const first = await record(await request('example.com'));
    expect(await record(await request('example.com'))).to.equal(first);
    expect(await record(await request('example.com', {}, other), other)).to.not.equal(first);
  });

  it('is given up after 72 hours without a proof', async () => {
    const arn = await request('example.com');
    await emulator().advance(73 * 3600);
    expect((await described(arn)).Status).to.equal('VALIDATION_TIMED_OUT');
    await proveNames(mine.config, arn);
    expect((await described(arn)).Status).to.equal('VALIDATION_TIMED_OUT');
  });

  it('is listed among others of its algorithm only when that is asked for', async () => {
    const rsa = await request('rsa.example.com');
    const ec = await request('ec.example.com', { KeyAlgorithm: 'EC_prime256v1' });
    const listed = async (input: object) =>
      (await acm().send(new ListCertificatesCommand(input))).CertificateSummaryList?.map(
        ({ CertificateArn }) => CertificateArn,
      );
    expect(await listed({})).to.deep.equal([rsa]);
    expect(await listed({ Includes: { keyTypes: ['RSA_2048', 'EC_prime256v1'] } })).to.deep.equal([rsa, ec]);
    expect((await described(ec)).KeyAlgorithm).to.equal('EC_prime256v1');
    expect((await described(rsa)).KeyAlgorithm).to.equal('RSA-2048');
  });

  it('is listed in pages, changes its log, and keeps to the quota', async () => {
    const arn = await request('a.example.com');
    await request('b.example.com');
    const first = await acm().send(new ListCertificatesCommand({ MaxItems: 1 }));
    const rest = await acm().send(new ListCertificatesCommand({ MaxItems: 1, NextToken: first.NextToken }));
    const sizes = [first, rest].map(({ CertificateSummaryList }) => CertificateSummaryList?.length);
    expect(sizes).to.deep.equal([1, 1]);
    expect(rest.NextToken).to.equal(undefined);
    const Options = { CertificateTransparencyLoggingPreference: 'DISABLED' } as const;
    await acm().send(new UpdateCertificateOptionsCommand({ CertificateArn: arn, Options }));
    expect((await described(arn)).Options?.CertificateTransparencyLoggingPreference).to.equal('DISABLED');
    await emulator().config({ quotas: { 'L-F141DD1D': 2 } });
    expect(await refusal(request('c.example.com'))).to.contain('LimitExceeded');
    await emulator().config({ quotas: {} });
  });
});
