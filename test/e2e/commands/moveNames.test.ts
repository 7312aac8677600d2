import { ACMClient, type ACMClientConfig, RequestCertificateCommand } from '@aws-sdk/client-acm';
import * as sdk from '@aws-sdk/client-cloudfront';
import {
  ChangeResourceRecordSetsCommand,
  CreateHostedZoneCommand,
  Route53Client,
} from '@aws-sdk/client-route-53';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { expect } from 'chai';
import { GLOBAL_REGION } from '../../../accounts';
import { present } from '../../../kinds/kind';
import { TAG, VAULT_KEY, vaultNames } from '../../../names';
import { proveNames } from '../proveNames';
import { accept } from './guardWorld';
import { DR, type Side, startWorld, type World, writeSettings } from './world';

const NAMES = ['www.example.org', 'example.org'];
const CONFIRM = ['--confirm', DR.account];

describe('lifeboat move-names', function () {
  this.timeout(180_000);
  let world: World;
  let source: sdk.CloudFrontClient;
  let dr: sdk.CloudFrontClient;
  let sourceId: string;
  let mirror: { id: string; domainName: string };

  const config = (more: Partial<sdk.DistributionConfig>): sdk.DistributionConfig => ({
    CallerReference: 'shop',
    Comment: '',
    Enabled: true,
    Origins: {
      Quantity: 1,
      Items: [
        {
          Id: 'web',
          DomainName: 'web.example.org',
          CustomOriginConfig: { HTTPPort: 80, HTTPSPort: 443, OriginProtocolPolicy: 'https-only' },
        },
      ],
    },
    DefaultCacheBehavior: {
      TargetOriginId: 'web',
      ViewerProtocolPolicy: 'redirect-to-https',
      CachePolicyId: '658327ea-f89d-4fab-a63d-7e88639e58f6',
    },
    ...more,
  });
  const inGlobalRegion = ({ config }: Side) => ({ ...config, region: GLOBAL_REGION });

  async function certificate(side: Side): Promise<string> {
    const acm = new ACMClient(inGlobalRegion(side));
    const [DomainName, ...SubjectAlternativeNames] = NAMES;
    const made = await acm.send(
      new RequestCertificateCommand({ DomainName, SubjectAlternativeNames, ValidationMethod: 'DNS' }),
    );
    const arn = present(made.CertificateArn, 'CertificateArn');
    await proveNames(inGlobalRegion(side) as ACMClientConfig, arn);
    await world.emulator.advance(600);
    return arn;
  }

  async function mirrorNow() {
    const { DistributionConfig } = await dr.send(new sdk.GetDistributionConfigCommand({ Id: mirror.id }));
    return present(DistributionConfig, 'DistributionConfig');
  }

  const names = async () => ((await mirrorNow()).Aliases?.Items ?? []).sort();

  before(async () => {
    world = await startWorld();
    source = new sdk.CloudFrontClient(inGlobalRegion(world.source));
    dr = new sdk.CloudFrontClient(inGlobalRegion(world.dr));
    const ACMCertificateArn = await certificate(world.source);
    const made = await source.send(
      new sdk.CreateDistributionCommand({
        DistributionConfig: config({
          Aliases: { Quantity: NAMES.length, Items: NAMES },
          ViewerCertificate: { ACMCertificateArn, SSLSupportMethod: 'sni-only' },
        }),
      }),
    );
    sourceId = present(made.Distribution?.Id, 'Id');
    await accept(world);
    const { Distribution } = await dr.send(
      new sdk.CreateDistributionWithTagsCommand({
        DistributionConfigWithTags: {
          DistributionConfig: config({ Enabled: false }),
          Tags: { Items: [{ Key: TAG.sourceId, Value: sourceId }] },
        },
      }),
    );
    mirror = {
      id: present(Distribution?.Id, 'Id'),
      domainName: present(Distribution?.DomainName, 'DomainName'),
    };
  });
  after(() => world.stop());

  it('refuses without a recovery, and says how to rehearse', async () => {
    for (const more of [[], ['--yes'], CONFIRM]) {
      const { code, stderr } = await world.run(['move-names', ...more]);
      expect(code).to.equal(1);
      expect(stderr).to.contain('No recovery is active').and.contain('move-names --rehearse');
    }
    const both = await world.run(['move-names', '--rehearse', '--yes']);
    expect(both.stderr).to.contain('The flags contradict each other');
  });

  it('rehearses at rest, and changes nothing', async () => {
    const before = await world.mutations(DR.account);
    const { code, stdout } = await world.run(['move-names', '--rehearse']);
    expect(code).to.equal(0);
    for (const text of [...NAMES, mirror.id, `disable ${sourceId}`, 'issue a certificate'])
      expect(stdout).to.contain(text);
    expect(stdout)
      .to.contain('--domain-name example.org --subject-alternative-names www.example.org')
      .and.contain(`"${mirror.domainName}"`);
    expect(await world.mutations(DR.account)).to.deep.equal(before);
  });

  it('asks for the name of the account before it changes anything', async () => {
    const Bucket = vaultNames(DR.account, DR.region).inventoryBucket;
    const Key = VAULT_KEY.recovery('dr', 'i-APP');
    await world.dr.s3.send(new PutObjectCommand({ Bucket, Key, Body: '{}' }));
    const { code, stderr } = await world.run(['move-names', '--confirm', 'somebody']);
    expect([code, (await mirrorNow()).Enabled]).to.deep.equal([1, false]);
    expect(stderr).to.contain('That is not the name of the DR account');
  });

  it('changes nothing without a certificate for the names', async () => {
    const { code } = await world.run(['move-names', ...CONFIRM]);
    expect([code, (await mirrorNow()).Enabled]).to.deep.equal([1, false]);
  });

  it('enables the mirror, says who has the names, and writes the case for AWS Support', async () => {
    const arn = await certificate(world.dr);
    const { code, stdout } = await world.run(['move-names', ...CONFIRM]);
    expect(code).to.equal(1);
    expect(stdout)
      .to.contain('The source distribution must be disabled')
      .and.contain('Service: CloudFront')
      .and.contain(`_www.example.org TXT "${mirror.domainName}"`);
    const now = await mirrorNow();
    expect(now.Enabled).to.equal(true);
    expect(now.ViewerCertificate).to.include({ ACMCertificateArn: arn, SSLSupportMethod: 'sni-only' });
    expect(await names()).to.deep.equal([]);
    const { sites } = JSON.parse((await world.run(['move-names', '--json'])).stdout);
    const [{ certificate: known, names: found }] = sites;
    expect(known).to.equal(arn);
    expect(found.map(({ name, state }: { name: string; state: string }) => [name, state])).to.deep.equal(
      [...NAMES].sort().map((name) => [name, 'held']),
    );
  });

  it('moves them once the source is disabled and the records are there, and again does nothing', async () => {
    const { DistributionConfig, ETag } = await source.send(
      new sdk.GetDistributionConfigCommand({ Id: sourceId }),
    );
    await source.send(
      new sdk.UpdateDistributionCommand({
        Id: sourceId,
        IfMatch: ETag,
        DistributionConfig: { ...present(DistributionConfig, 'config'), Enabled: false },
      }),
    );
    const dns = new Route53Client(inGlobalRegion(world.dr));
    const { HostedZone } = await dns.send(
      new CreateHostedZoneCommand({ Name: 'example.org', CallerReference: 'example.org' }),
    );
    await dns.send(
      new ChangeResourceRecordSetsCommand({
        HostedZoneId: HostedZone?.Id,
        ChangeBatch: {
          Changes: NAMES.map((name) => ({
            Action: 'CREATE',
            ResourceRecordSet: {
              Name: `_${name}`,
              Type: 'TXT',
              TTL: 60,
              ResourceRecords: [{ Value: `"${mirror.domainName}"` }],
            },
          })),
        },
      }),
    );
    for (const _ of [1, 2]) {
      const { code, stdout, stderr } = await world.run(['move-names', ...CONFIRM]);
      expect(code, stdout + stderr).to.equal(0);
      expect(stdout).to.contain(`lead www.example.org to ${mirror.domainName}`).and.not.contain('Support');
      expect(await names()).to.deep.equal([...NAMES].sort());
    }
  });

  it('is undone by stand-down, also where no machine was recovered', async () => {
    writeSettings(world.dir);
    const { code, stderr } = await world.run(['stand-down', ...CONFIRM], 'dr', {
      pulumi: async () => ({ code: 0, stdout: JSON.stringify({ deployment: { resources: [] } }) }),
    });
    expect(code, stderr).to.equal(0);
    expect(stderr).to.contain(`${mirror.id} is disabled again, without example.org, www.example.org`);
    const now = await mirrorNow();
    expect([now.Enabled, await names()]).to.deep.equal([false, []]);
    expect(now.ViewerCertificate?.CloudFrontDefaultCertificate).to.equal(true);
    expect((await world.run(['stand-down'])).stdout).to.contain('Nothing is under recovery');
  });
});
