import { ACMClient, RequestCertificateCommand } from '@aws-sdk/client-acm';
import * as sdk from '@aws-sdk/client-cloudfront';
import { CreateRoleCommand, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import {
  ChangeResourceRecordSetsCommand,
  CreateHostedZoneCommand,
  Route53Client,
} from '@aws-sdk/client-route-53';
import { AssumeRoleCommand } from '@aws-sdk/client-sts';
import { expect } from 'chai';
import { proveNames } from '../e2e/proveNames';
import { accessKey } from './emulator';
import { Clients, complaint, HERE, must, newAccount, refusal, useEmulator } from './support';

/** One origin, and what AWS manages. */
const PLAIN = {
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
    ViewerProtocolPolicy: 'https-only',
    CachePolicyId: '658327ea-f89d-4fab-a63d-7e88639e58f6',
  },
} satisfies Partial<sdk.DistributionConfig>;

describe('emulator: names of CloudFront', () => {
  const emulator = useEmulator();
  const configOf = (account: string) => ({
    endpoint: emulator().url,
    region: HERE,
    credentials: { accessKeyId: accessKey(account), secretAccessKey: 'emulated' },
    maxAttempts: 1,
  });

  /** A distribution of a new account, with an issued certificate for one name. */
  async function site(name: string, Enabled: boolean, isNamed: boolean) {
    const account = newAccount();
    const acm = new ACMClient(configOf(account));
    const asked = { DomainName: name, ValidationMethod: 'DNS' } as const;
    const { CertificateArn } = await acm.send(new RequestCertificateCommand(asked));
    await proveNames(configOf(account), must(CertificateArn));
    await emulator().advance(600);
    const client = new Clients(emulator().url, account, HERE).cloudfront;
    const make = (Aliases: string[], ACMCertificateArn: string | undefined) =>
      client.send(
        new sdk.CreateDistributionCommand({
          DistributionConfig: {
            CallerReference: `${name} ${Aliases.length} ${ACMCertificateArn}`,
            Comment: '',
            Enabled,
            Aliases: { Quantity: Aliases.length, Items: Aliases },
            ViewerCertificate: { ACMCertificateArn, SSLSupportMethod: 'sni-only' },
            ...PLAIN,
          },
        }),
      );
    const made = await make(isNamed ? [name] : [], CertificateArn);
    return { account, client, make, certificate: CertificateArn, made, id: must(made.Distribution?.Id) };
  }

  it('are on one distribution, in all accounts, and need a certificate', async () => {
    const one = await site('one.example.org', true, true);
    const two = await site('one.example.org', true, false);
    expect(await refusal(two.make(['one.example.org'], two.certificate))).to.equal('CNAMEAlreadyExists');
    expect(await refusal(two.make(['other.example.org'], two.certificate))).to.equal(
      'InvalidViewerCertificate',
    );
    expect(await refusal(two.make([], one.certificate))).to.equal('InvalidViewerCertificate');
  });

  it('say who has them, to whoever has a certificate for them, ids partly hidden', async () => {
    const held = await site('two.example.org', true, true);
    const asking = await site('two.example.org', true, false);
    const { DomainConflicts } = await asking.client.send(
      new sdk.ListDomainConflictsCommand({
        Domain: 'two.example.org',
        DomainControlValidationResource: { DistributionId: asking.id },
      }),
    );
    expect(DomainConflicts?.map(({ ResourceId }) => ResourceId)).to.deep.equal([
      held.id.slice(-5).padStart(held.id.length, '*'),
    ]);
    const other = new sdk.ListDomainConflictsCommand({
      Domain: 'three.example.org',
      DomainControlValidationResource: { DistributionId: asking.id },
    });
    expect(await refusal(asking.client.send(other))).to.equal('InvalidArgument');
  });

  it('move to another account once their distribution is disabled and a TXT record asks for it', async () => {
    const name = 'move.example.org';
    const from = await site(name, true, true);
    const to = await site(name, true, false);
    const move = () =>
      to.client.send(
        new sdk.UpdateDomainAssociationCommand({ Domain: name, TargetResource: { DistributionId: to.id } }),
      );
    expect(await complaint(move())).to.contain('must be disabled');
    await from.client.send(
      new sdk.UpdateDistributionCommand({
        Id: from.id,
        IfMatch: from.made.ETag,
        DistributionConfig: { ...must(from.made.Distribution?.DistributionConfig), Enabled: false },
      }),
    );
    expect(await complaint(move())).to.contain('TXT record');
    const dns = new Route53Client(configOf(to.account));
    const { HostedZone } = await dns.send(
      new CreateHostedZoneCommand({ Name: 'example.org', CallerReference: name }),
    );
    const ResourceRecords = [{ Value: `"${to.made.Distribution?.DomainName}"` }];
    await dns.send(
      new ChangeResourceRecordSetsCommand({
        HostedZoneId: HostedZone?.Id,
        ChangeBatch: {
          Changes: [
            {
              Action: 'CREATE',
              ResourceRecordSet: { Name: `_${name}`, Type: 'TXT', TTL: 60, ResourceRecords },
            },
          ],
        },
      }),
    );
    await move();
    const { DistributionConfig } = await to.client.send(new sdk.GetDistributionConfigCommand({ Id: to.id }));
    expect(DistributionConfig?.Aliases?.Items).to.deep.equal([name]);
  });

  it("policies tell distributions by their tags, and CloudFront's other objects not", async () => {
    const account = newAccount();
    const root = new Clients(emulator().url, account, HERE);
    const trust = {
      Effect: 'Allow',
      Action: 'sts:AssumeRole',
      Principal: { AWS: `arn:aws:iam::${account}:root` },
    };
    const role = { RoleName: 'runner', AssumeRolePolicyDocument: JSON.stringify({ Statement: [trust] }) };
    await root.iam.send(new CreateRoleCommand(role));
    const tagged = { Null: { 'aws:ResourceTag/ours': 'false' } };
    const Statement = [
      { Effect: 'Allow', Action: 'cloudfront:GetDistribution', Resource: '*', Condition: tagged },
      { Effect: 'Allow', Action: 'cloudfront:ListOriginAccessControls', Resource: '*' },
    ];
    await root.iam.send(
      new PutRolePolicyCommand({
        RoleName: 'runner',
        PolicyName: 'own',
        PolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement }),
      }),
    );
    const { Distribution } = await root.cloudfront.send(
      new sdk.CreateDistributionWithTagsCommand({
        DistributionConfigWithTags: {
          DistributionConfig: { ...PLAIN, CallerReference: 'iam', Comment: '', Enabled: false },
          Tags: { Items: [{ Key: 'ours', Value: 'yes' }] },
        },
      }),
    );
    await emulator().config({ enforceIam: true });
    const { Credentials } = await root.sts.send(
      new AssumeRoleCommand({ RoleArn: `arn:aws:iam::${account}:role/runner`, RoleSessionName: 'test' }),
    );
    const runner = new Clients(emulator().url, account, HERE, Credentials).cloudfront;
    const get = (Id: string) => runner.send(new sdk.GetDistributionCommand({ Id }));
    await get(must(Distribution?.Id));
    await root.cloudfront.send(
      new sdk.UntagResourceCommand({ Resource: must(Distribution?.ARN), TagKeys: { Items: ['ours'] } }),
    );
    expect(await refusal(get(must(Distribution?.Id)))).to.equal('AccessDenied');
    await runner.send(new sdk.ListOriginAccessControlsCommand({}));
    expect(await refusal(runner.send(new sdk.ListDistributionsCommand({})))).to.equal('AccessDenied');
    await emulator().config({ enforceIam: false });
  });
});
