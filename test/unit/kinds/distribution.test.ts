import { expect } from 'chai';
import { plan as makePlan } from '../../../inventory/plan';
import { type Distribution, distribution } from '../../../kinds/cloudfront/distribution';
import type { Item } from '../../../kinds/kind';
import { PLAN_OPTIONS } from '../items';
import { sides } from '../sides';
import { argsOf, planned, reason } from './planned';

type Config = Distribution['config'];
type Behavior = NonNullable<Config['DefaultCacheBehavior']>;

const MANAGED = '658327ea-f89d-4fab-a63d-7e88639e58f6';
const managed = {
  id: MANAGED,
  tags: {},
  isManaged: true,
  policyName: 'Managed-CachingOptimized',
  config: {},
};

const behavior = (more: Partial<Behavior> = {}): Behavior => ({
  TargetOriginId: 'web',
  ViewerProtocolPolicy: 'redirect-to-https',
  CachePolicyId: MANAGED,
  ...more,
});

function site(more: Partial<Config> = {}, fields: Partial<Distribution> = {}): Distribution {
  return {
    id: 'E1',
    tags: {},
    domainName: 'd1.cloudfront.net',
    aliases: [],
    config: { Comment: '', Enabled: true, DefaultCacheBehavior: behavior(), ...more },
    origins: [{ Id: 'web', DomainName: 'web.example.org', CustomOriginConfig: custom }],
    originHeaders: {},
    ...fields,
  };
}

const custom = { HTTPPort: 80, HTTPSPort: 443, OriginProtocolPolicy: 'https-only' as const };

const aBucket = (id: string, region: string, tags: Record<string, string> = {}) => ({
  ...{ id, tags, region },
  leftOut: [],
});
const plan = (item: Distribution, more: Record<string, Item[]> = {}, dr: Record<string, Item[]> = {}) =>
  planned(
    { bucket: [aBucket('a', 'eu-west-1')], distribution: [item], 'cache-policy': [managed], ...more },
    { 'cache-policy': [managed], ...dr },
  );
const notes = (item: Distribution) => plan(item).notes.join('\n');
const origin = (host: string, more: object = {}) => ({
  origins: [{ Id: 'web', DomainName: host, S3OriginConfig: { OriginAccessIdentity: '' }, ...more }],
});
const hostInDr = (host: string) => {
  const { origins } = argsOf(plan(site({}, origin(host))), 'distribution/E1') as {
    origins: { domainName: string }[];
  };
  return origins[0]?.domainName;
};

describe('distributions', () => {
  it('wait disabled, under no name and no certificate of their own, and say which', () => {
    const item = site(
      { ViewerCertificate: { ACMCertificateArn: 'arn:aws:acm:us-east-1:111111111111:certificate/c' } },
      { aliases: ['www.example.org'] },
    );
    const args = argsOf(plan(item), 'distribution/E1');
    expect(args).to.include({ enabled: false, waitForDeployment: false });
    expect(args.viewerCertificate).to.deep.equal({ cloudfrontDefaultCertificate: true });
    expect(args).to.not.have.property('aliases');
    expect(notes(item)).to.contain('without the names www.example.org').and.contain('move-names');
    expect(notes(item)).to.contain('certificate/c');
  });

  it('are left alone by a run during a recovery', () => {
    const ignored = (isRecovering: boolean) =>
      makePlan(
        { kinds: { distribution: [site()], 'cache-policy': [managed] }, superseded: new Map() },
        { 'cache-policy': [managed] },
        {},
        { ...PLAN_OPTIONS, isRecovering },
      ).resources.map(({ args, ignoreChanges }) => [Object.keys(args), ignoreChanges]);
    expect(ignored(false)[0]?.[1]).to.deep.equal([]);
    expect(ignored(true)[0]?.[1]).to.include.members(['enabled', 'viewerCertificate', 'origins']);
  });

  describe('have as origins', () => {
    it("DR's buckets, in each form of a bucket's host", () => {
      expect(hostInDr('a.s3.eu-west-1.amazonaws.com')).to.equal(
        'a-222222222222.s3.eu-central-1.amazonaws.com',
      );
      expect(hostInDr('a.s3.amazonaws.com')).to.equal('a-222222222222.s3.eu-central-1.amazonaws.com');
      expect(hostInDr('a.s3-website-eu-west-1.amazonaws.com')).to.equal(
        'a-222222222222.s3-website.eu-central-1.amazonaws.com',
      );
    });
    it('no bucket that DR does not have: whoever took its name would serve the site', () => {
      for (const host of [
        'b.s3.eu-west-1.amazonaws.com',
        'b.s3.amazonaws.com',
        'b.s3-website-eu-west-1.amazonaws.com',
      ]) {
        const item = site({}, origin(host));
        expect(reason(plan(item), 'distribution/E1')).to.contain(
          'its origin web is the bucket b, of which DR has no mirror: whoever took the name b-222222222222',
        );
        // What DR keeps of it is DR's, and so is its name.
        const kept = { bucket: [aBucket('b-222222222222', 'eu-central-1', { 'lifeboat:source-id': 'b' })] };
        expect(plan(item, {}, kept).resources.map(({ name }) => name)).to.include('distribution/E1');
      }
    });
    it('no bucket whose name in DR is taken, or that is left out', () => {
      const item = site({}, origin('a.s3.eu-west-1.amazonaws.com'));
      const kinds = {
        ...{ bucket: [aBucket('a', 'eu-west-1')], distribution: [item], 'cache-policy': [managed] },
      };
      for (const options of [
        { takenBuckets: new Map([['a', { name: 'a-222222222222' }]]) },
        { bucketsExcept: ['a'] },
      ]) {
        const result = makePlan(
          { kinds, superseded: new Map() },
          { 'cache-policy': [managed] },
          {},
          { ...PLAN_OPTIONS, ...options },
        );
        expect(JSON.stringify(result.resources)).to.not.contain('a-222222222222');
        expect(reason(result, 'distribution/E1')).to.contain('DR has no mirror');
      }
    });
    it('a bucket of a third region as it is, by a host that names no region too', () => {
      const item = site({}, origin('far.s3.amazonaws.com'));
      const result = plan(item, { bucket: [aBucket('far', 'us-east-2')] });
      expect(JSON.stringify(argsOf(result, 'distribution/E1'))).to.contain('"far.s3.amazonaws.com"');
      expect(result.notes.join()).to.contain('third region');
    });
    it('a bucket of a third region as it is, and say so', () => {
      const item = site({}, origin('a.s3.us-east-2.amazonaws.com'));
      expect(hostInDr('a.s3.us-east-2.amazonaws.com')).to.equal('a.s3.us-east-2.amazonaws.com');
      expect(notes(item)).to.contain('third region');
    });
    it('what else is of the source as it is, and say so', () => {
      const host = 'shop-1.eu-west-1.elb.amazonaws.com';
      const item = site({}, { origins: [{ Id: 'web', DomainName: host, CustomOriginConfig: custom }] });
      expect(notes(item)).to.contain(
        `the origin web in the source until a recovery gives it another: ${host}`,
      );
      expect(notes(site())).to.equal('');
    });
  });

  it('say what of them is left out', () => {
    const said = notes(
      site({
        WebACLId: 'arn:aws:wafv2:us-east-1:111111111111:global/webacl/w/1',
        Logging: { Enabled: true, Bucket: 'logs.s3.amazonaws.com', Prefix: 'web' },
        DefaultCacheBehavior: behavior({
          LambdaFunctionAssociations: [
            {
              EventType: 'viewer-request',
              LambdaFunctionARN: 'arn:aws:lambda:us-east-1:111111111111:function:f:1',
            },
          ],
          RealtimeLogConfigArn: 'arn:aws:cloudfront::111111111111:realtime-log-config/r',
          FieldLevelEncryptionId: 'F1',
        }),
      }),
    );
    for (const what of [
      'web ACL',
      'logs.s3.amazonaws.com under web',
      'function:f:1 for *',
      'real-time log',
      'F1',
    ])
      expect(said).to.contain(what);
  });

  it('never hold a header of an origin in plain', () => {
    const item = site({}, { originHeaders: { web: { 'X-Verify': 'hush' } } });
    expect(distribution.secrets).to.deep.equal(['originHeaders']);
    expect(plan(item).resources.find(({ name }) => name === 'distribution/E1')?.secretOutputs).to.deep.equal([
      'origins',
    ]);
    const [made] = argsOf(plan(item), 'distribution/E1').origins as { customHeaders: { value: unknown }[] }[];
    expect(made?.customHeaders[0]?.value?.constructor.name).to.equal('Secret');
  });

  describe('are skipped where they would be more open than they are', () => {
    const skipped = (item: Distribution, more = {}) => reason(plan(item, more), 'distribution/E1');
    it('without their VPC', () =>
      expect(
        skipped(
          site({}, { origins: [{ Id: 'web', DomainName: 'in', VpcOriginConfig: { VpcOriginId: 'vo_1' } }] }),
        ),
      ).to.contain('inside of a VPC'));
    it("without another account's signers", () => {
      const signers = (...Items: string[]) =>
        site({ DefaultCacheBehavior: behavior({ TrustedSigners: { Enabled: true, Items } }) });
      expect(skipped(signers('self', '333333333333'))).to.contain('333333333333');
      expect(skipped(signers('self', '111111111111'))).to.equal(undefined);
      const args = argsOf(plan(signers('111111111111')), 'distribution/E1');
      expect(args.defaultCacheBehavior).to.deep.include({ trustedSigners: ['222222222222'] });
    });
    it('without a function that is not mirrored', () =>
      expect(
        skipped(
          site({
            DefaultCacheBehavior: behavior({
              FunctionAssociations: [
                {
                  EventType: 'viewer-request',
                  FunctionARN: 'arn:aws:cloudfront::111111111111:function/flags',
                },
              ],
            }),
          }),
          {
            'cloudfront-function': [
              {
                id: 'flags',
                tags: {},
                isLive: true,
                runtime: 'cloudfront-js-2.0',
                code: '',
                stores: ['arn:s'],
              },
            ],
          },
        ),
      ).to.contain('it needs cloudfront-function/flags'));
    it('when they stage, or ask viewers for certificates', () => {
      expect(skipped(site({ Staging: true }))).to.contain('staging');
      expect(skipped(site({ ViewerMtlsConfig: { Mode: 'required' } }))).to.contain('trust store');
    });
  });

  describe('stop a run', () => {
    const danger = (now: Distribution, former: Distribution | undefined = site()) =>
      distribution.danger?.(now, former, sides());
    const paths = (...CacheBehaviors: NonNullable<Config['CacheBehaviors']>) => site({ CacheBehaviors });
    const paid = { Enabled: true, Items: ['group-1'] };

    it('but not when new or as they were', () => {
      expect(danger(site(), undefined)).to.equal(undefined);
      expect(danger(site())).to.equal(undefined);
      expect(danger(site({ Comment: 'other', PriceClass: 'PriceClass_All' }))).to.equal(undefined);
    });
    it('that serve from another host', () =>
      expect(danger(site({}, origin('evil.s3.amazonaws.com')))).to.contain(
        'serves from evil.s3.amazonaws.com',
      ));
    it('that no longer sign for an origin', () => {
      const host = 'a.s3.amazonaws.com';
      const signed = site({}, origin(host, { OriginAccessControlId: 'E2' }));
      expect(danger(site({}, origin(host)), signed)).to.contain('no longer signs');
      expect(danger(site({}, origin(host, { OriginAccessControlId: 'E3' })), signed)).to.equal(undefined);
    });
    it('that answer without TLS', () => {
      const open = behavior({ ViewerProtocolPolicy: 'allow-all' });
      expect(danger(site({ DefaultCacheBehavior: open }))).to.contain('without TLS for *');
      expect(danger(paths({ ...open, PathPattern: '/a' }))).to.contain('without TLS for /a');
      expect(danger(site(), site({ DefaultCacheBehavior: open }))).to.equal(undefined);
    });
    it('that no longer ask for signed URLs, by a path that lost its keys, went or came', () => {
      const signed = { ...behavior({ TrustedKeyGroups: paid }), PathPattern: '/paid/*' };
      expect(danger(paths({ ...behavior(), PathPattern: '/paid/*' }), paths(signed))).to.contain(
        'signed URLs',
      );
      expect(danger(site(), paths(signed))).to.contain('signed URLs for /paid/*');
      const all = site({ DefaultCacheBehavior: behavior({ TrustedKeyGroups: paid }) });
      const hole = { ...behavior(), PathPattern: '/hole' };
      expect(
        danger(
          site({ DefaultCacheBehavior: behavior({ TrustedKeyGroups: paid }), CacheBehaviors: [hole] }),
          all,
        ),
      ).to.contain('signed URLs for /hole');
    });
    it('that trust other keys, or run another function', () => {
      const trusting = (...Items: string[]) =>
        site({ DefaultCacheBehavior: behavior({ TrustedKeyGroups: { Enabled: true, Items } }) });
      expect(danger(trusting('group-1', 'group-2'), trusting('group-1'))).to.contain('group-2');
      expect(danger(trusting('group-1'), site())).to.equal(undefined);
      const running = site({
        DefaultCacheBehavior: behavior({
          FunctionAssociations: [{ EventType: 'viewer-request', FunctionARN: 'arn:f' }],
        }),
      });
      expect(danger(running)).to.contain('runs arn:f at viewer-request for *');
    });
    it('that serve more countries', () => {
      const only = (...Items: string[]) =>
        site({ Restrictions: { GeoRestriction: { RestrictionType: 'whitelist', Items } } });
      expect(danger(only('DE', 'IE'), only('DE'))).to.contain('viewers in IE');
      expect(danger(site(), only('DE'))).to.contain('countries');
      expect(danger(only('DE'), only('DE', 'IE'))).to.equal(undefined);
    });
  });
});
