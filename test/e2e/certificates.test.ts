import { ACMClient, ListCertificatesCommand, RequestCertificateCommand } from '@aws-sdk/client-acm';
import { expect } from 'chai';
import { DR, SOURCE, Stage, succeeded } from '../../scripts/demo/stage';
import { proveNames } from './proveNames';

const UP = ['up', '--yes', '--skip-preview', '--stack', 'dr'];
const NOTHING = '--expect-no-changes';

/** A certificate that DR has requested, from the request that nobody answers to the one that is issued. */
describe('a certificate that is requested ahead', function () {
  this.timeout(300_000);
  let stage: Stage;
  let run: Record<string, string>;

  before(async () => {
    stage = await Stage.open();
    const certificate = { DomainName: 'shop.example.com', ValidationMethod: 'DNS' } as const;
    const { CertificateArn = '' } = await new ACMClient(stage.client(SOURCE)).send(
      new RequestCertificateCommand(certificate),
    );
    await proveNames(stage.client(SOURCE), CertificateArn);
    await stage.up('vault');
    await stage.up('source', { env: stage.root(SOURCE) });
    await stage.emulator.config({ enforceIam: true });
    run = await stage.role('lifeboat-run');
    await stage.up('.', { env: run });
  });
  after(() => stage?.close());

  const inDr = async () => {
    const { CertificateSummaryList = [] } = await new ACMClient(stage.client(DR)).send(
      new ListCertificatesCommand({}),
    );
    return CertificateSummaryList.map(({ CertificateArn: arn = '', Status: status }) => ({ arn, status }));
  };
  const named = async () => {
    const { stdout } = await stage.lifeboat(['status', '--json'], { env: run });
    const { notes } = JSON.parse(stdout) as { notes: { code: string; what: string; next?: string }[] };
    return notes.filter(({ code }) => code === 'certificate-not-issued');
  };

  it('is named by status with the record that DNS has to hold', async () => {
    const [only, ...more] = await named();
    expect(more).to.deep.equal([]);
    expect(only?.what).to.match(
      /shop\.example\.com.* is not issued: DNS has yet to hold _\w+\.shop\.example\.com\. CNAME/,
    );
    expect(only?.next).to.contain('change-resource-record-sets').and.contain('"UPSERT"');
  });

  it('is requested anew when ACM has given it up, and only then', async () => {
    const before = await inDr();
    await stage.emulator.advance(73 * 3600);
    run = await stage.role('lifeboat-run');
    expect((await inDr()).map(({ status }) => status)).to.deep.equal(['VALIDATION_TIMED_OUT']);
    expect((await named())[0]?.what).to.contain('was given up by ACM');
    const { stdout } = succeeded(await stage.pulumi('.', UP, { env: run }));
    expect(stdout).to.contain('is made anew: AWS has given up');
    const after = await inDr();
    expect(after.map(({ status }) => status)).to.deep.equal(['PENDING_VALIDATION']);
    expect(after[0]?.arn).to.not.equal(before[0]?.arn);
    succeeded(await stage.pulumi('.', [...UP, NOTHING], { env: run }));
  });

  it('is issued by the record, and named no more', async () => {
    const [pending] = await inDr();
    await proveNames(stage.client(DR), pending?.arn ?? '');
    expect(await named()).to.deep.equal([]);
    succeeded(await stage.pulumi('.', [...UP, NOTHING], { env: run }));
    succeeded(await stage.pulumi('.', ['preview', '--refresh', '--stack', 'dr', NOTHING], { env: run }));
  });
});
