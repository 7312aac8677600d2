import {
  GetPolicyCommand,
  GetPolicyVersionCommand,
  GetRoleCommand,
  IAMClient,
  ListOpenIDConnectProvidersCommand,
} from '@aws-sdk/client-iam';
import { DescribeKeyCommand, KMSClient, ListKeysCommand, ListResourceTagsCommand } from '@aws-sdk/client-kms';
import { ListReusableDelegationSetsCommand, Route53Client } from '@aws-sdk/client-route-53';
import { HeadBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { mockClient } from 'aws-sdk-client-mock';
import { expect } from 'chai';
import { LifeboatError } from '../../../errors';
import { boundaryPolicy } from '../../../vault/boundary';
import { existingVault, lookUpClients } from '../../../vault/lookUp';
import { POLICY_NAMES } from '../../../vault/place';
import { PLACE } from './place';

const ACCOUNT = '222222222222';
const REGION = 'eu-central-1';

function awsError(name: string, httpStatusCode = 400): Error {
  return Object.assign(new Error(name), { name, $metadata: { httpStatusCode } });
}

async function refused(work: Promise<unknown>): Promise<LifeboatError['details']> {
  try {
    await work;
  } catch (error) {
    if (error instanceof LifeboatError) return error.details;
    throw error;
  }
  throw new Error('it was accepted');
}

describe('existingVault', () => {
  const iam = mockClient(IAMClient);
  const kms = mockClient(KMSClient);
  const s3 = mockClient(S3Client);
  const route53 = mockClient(Route53Client);
  let rule: string | undefined;
  const existing = () =>
    existingVault(ACCOUNT, REGION, { ...lookUpClients(REGION), retentionRule: async () => rule });

  /** Puts the boundary of a vault in a region into the account, with an older version beside it. */
  function boundaryOf(drRegion: string): void {
    const document = (of: string) =>
      encodeURIComponent(JSON.stringify(boundaryPolicy({ ...PLACE, drRegion: of })));
    iam.on(GetPolicyCommand).resolves({ Policy: { DefaultVersionId: 'v2' } });
    iam.on(GetPolicyVersionCommand).resolves({ PolicyVersion: { Document: document('us-east-1') } });
    iam
      .on(GetPolicyVersionCommand, { VersionId: 'v2' })
      .resolves({ PolicyVersion: { Document: document(drRegion) } });
  }

  beforeEach(() => {
    for (const client of [iam, kms, s3, route53]) client.reset();
    rule = undefined;
    iam.on(GetRoleCommand).rejects(awsError('NoSuchEntityException', 404));
    iam.on(GetPolicyCommand).rejects(awsError('NoSuchEntityException', 404));
    iam.on(ListOpenIDConnectProvidersCommand).resolves({ OpenIDConnectProviderList: [] });
    kms.on(DescribeKeyCommand).rejects(awsError('NotFoundException'));
    kms.on(ListKeysCommand).resolves({ Keys: [] });
    s3.on(HeadBucketCommand).rejects(awsError('NotFound', 404));
    route53.on(ListReusableDelegationSetsCommand).resolves({ DelegationSets: [], IsTruncated: false });
  });
  after(() => {
    for (const client of [iam, kms, s3, route53]) client.restore();
  });

  it('finds our rule of the Recycle Bin, and none where there is none', async () => {
    expect(await existing()).not.to.have.property('recycle-bin');
    rule = 'abcdefghijk';
    expect(await existing()).to.include({ 'recycle-bin': 'abcdefghijk' });
  });

  it('finds our delegation set on any page, and refuses to choose between two', async () => {
    const set = (Id: string, CallerReference: string) => ({
      Id: `/delegationset/${Id}`,
      CallerReference,
      NameServers: [],
    });
    const first = [set('N1', 'somebody'), set('N2', 'lifeboats')];
    route53
      .on(ListReusableDelegationSetsCommand)
      .resolves({ DelegationSets: first, IsTruncated: true, NextMarker: 'more' });
    const last = route53.on(ListReusableDelegationSetsCommand, { Marker: 'more' });
    last.resolves({ DelegationSets: [set('N3', 'lifeboat-1')], IsTruncated: false });
    expect(await existing()).to.include({ 'delegation-set': 'N3' });
    last.resolves({ DelegationSets: [set('N3', 'lifeboat-1'), set('N4', 'lifeboat-2')], IsTruncated: false });
    expect((await refused(existing())).got).to.equal('N3, N4');
  });

  it('finds nothing in a fresh account', async () => {
    expect(await existing()).to.deep.equal({});
  });

  it('finds every part by its fixed name', async () => {
    iam.on(GetRoleCommand).resolves({});
    boundaryOf(REGION);
    const github = `arn:aws:iam::${ACCOUNT}:oidc-provider/token.actions.githubusercontent.com`;
    iam.on(ListOpenIDConnectProvidersCommand).resolves({ OpenIDConnectProviderList: [{ Arn: github }] });
    kms.on(DescribeKeyCommand, { KeyId: 'alias/lifeboat-vault' }).resolves({ KeyMetadata: { KeyId: 'one' } });
    kms
      .on(DescribeKeyCommand, { KeyId: 'alias/lifeboat-secrets' })
      .resolves({ KeyMetadata: { KeyId: 'two' } });
    kms
      .on(DescribeKeyCommand, { KeyId: 'alias/lifeboat-data' })
      .resolves({ KeyMetadata: { KeyId: 'three' } });
    s3.on(HeadBucketCommand).resolves({});
    const policy = (name: string) => [`${name}-policy`, `arn:aws:iam::${ACCOUNT}:policy/${name}`];
    const role = (name: string) => [`lifeboat-${name}-role`, `lifeboat-${name}`];
    const bucket = (name: string) => Array(2).fill(`lifeboat-${name}-${ACCOUNT}-${REGION}`);
    expect(await existing()).to.deep.equal(
      Object.fromEntries([
        ['key', 'one'],
        ['key-alias', 'alias/lifeboat-vault'],
        ['secrets-key', 'two'],
        ['secrets-key-alias', 'alias/lifeboat-secrets'],
        ['data-key', 'three'],
        ['data-key-alias', 'alias/lifeboat-data'],
        ['github', github],
        ...['inventory', 'state'].map(bucket),
        ...['preview', 'run', 'recover', 'drill-end', 'probe'].map(role),
        ...['lifeboat-boundary', 'lifeboat-mirrored-boundary', ...Object.values(POLICY_NAMES)].map(policy),
      ]),
    );
  });

  it('finds a key whose alias was never made, by its tag, on any page', async () => {
    kms.on(ListKeysCommand).resolves({ Keys: [{ KeyId: 'other' }], Truncated: true, NextMarker: 'more' });
    kms.on(ListKeysCommand, { Marker: 'more' }).resolves({ Keys: [{ KeyId: 'ours' }, { KeyId: 'closed' }] });
    kms.on(ListResourceTagsCommand, { KeyId: 'other' }).resolves({ Tags: [] });
    kms.on(ListResourceTagsCommand, { KeyId: 'closed' }).rejects(awsError('AccessDeniedException'));
    kms
      .on(ListResourceTagsCommand, { KeyId: 'ours' })
      .resolves({ Tags: [{ TagKey: 'lifeboat:key', TagValue: 'alias/lifeboat-vault' }] });
    kms
      .on(DescribeKeyCommand, { KeyId: 'ours' })
      .resolves({ KeyMetadata: { KeyId: 'ours', KeyState: 'Enabled' } });
    expect(await existing()).to.deep.equal({ key: 'ours' });
  });

  it('refuses two keys with the tag', async () => {
    kms.on(ListKeysCommand).resolves({ Keys: [{ KeyId: 'a' }, { KeyId: 'b' }] });
    kms
      .on(ListResourceTagsCommand)
      .resolves({ Tags: [{ TagKey: 'lifeboat:key', TagValue: 'alias/lifeboat-vault' }] });
    for (const KeyId of ['a', 'b'])
      kms.on(DescribeKeyCommand, { KeyId }).resolves({ KeyMetadata: { KeyId, KeyState: 'Enabled' } });
    expect((await refused(existing())).got).to.equal('a, b');
  });

  for (const [state, command] of [
    ['PendingDeletion', 'cancel-key-deletion'],
    ['Disabled', 'enable-key'],
  ] as const) {
    it(`refuses a key that is ${state}, and says how to save it`, async () => {
      kms
        .on(DescribeKeyCommand, { KeyId: 'alias/lifeboat-vault' })
        .resolves({ KeyMetadata: { KeyId: 'one', KeyState: state } });
      expect(await refused(existing())).to.deep.include({
        got: `one, ${state}`,
        next: `aws kms ${command} --key-id one`,
      });
    });
  }

  // The second one's name starts with that of the region that is set.
  for (const other of ['us-west-2', `${REGION}0`]) {
    it(`refuses an account that has the vault of ${other}`, async () => {
      boundaryOf(other);
      const { what, got, next } = await refused(existing());
      expect(what).to.equal('This account already has a vault for another region');
      expect(got).to.include(`lifeboat-inventory-${ACCOUNT}-${other}`);
      expect(next).to.include('another DR account');
    });
  }

  it('refuses a bucket of that name in other hands', async () => {
    s3.on(HeadBucketCommand).rejects(awsError('Forbidden', 403));
    expect((await refused(existing())).what).to.include("is not this account's");
  });

  it('concludes nothing from an answer that is neither yes nor no', async () => {
    iam.on(GetRoleCommand).rejects(awsError('AccessDenied', 403));
    let message = '';
    await existing().catch((error: Error) => {
      message = error.message;
    });
    expect(message).to.equal('AccessDenied');
  });
});
