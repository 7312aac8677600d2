import { expect } from 'chai';
import { PLACE, roleMay } from './place';

const ours = 'arn:aws:s3:::shop-222222222222/a';
const theirs = { resource: 'arn:aws:s3:::shop/a', context: { 'aws:ResourceAccount': PLACE.sourceAccount } };
const inDr = (resource: string, more: Record<string, string> = {}) => ({
  resource,
  context: { 'aws:ResourceAccount': PLACE.drAccount, ...more },
});
const vault = 'arn:aws:s3:::lifeboat-inventory-222222222222-eu-central-1';

describe('the right to copy buckets', () => {
  it('reads the versions of the source, and of nobody else', () => {
    for (const action of ['s3:GetObjectVersion', 's3:GetObjectVersionTagging', 's3:ListBucketVersions']) {
      expect(roleMay('run', { action, ...theirs }), action).to.equal(true);
      const outsider = { ...theirs, context: { 'aws:ResourceAccount': '333333333333' } };
      expect(roleMay('run', { action, ...outsider }), action).to.equal(false);
    }
    expect(roleMay('run', { action: 's3:PutObject', ...theirs })).to.equal(false);
  });

  it('writes copies, and reads and deletes none', () => {
    expect(roleMay('run', { action: 's3:PutObject', ...inDr(ours) })).to.equal(true);
    for (const action of ['s3:GetObject', 's3:GetObjectVersion', 's3:DeleteObject', 's3:DeleteObjectVersion'])
      expect(roleMay('run', { action, ...inDr(ours) }), action).to.equal(false);
  });

  it('ends uploads into mirrored buckets, and into no other', () => {
    for (const role of ['run', 'recover'] as const) {
      const may = (resource: string, more = {}) =>
        roleMay(role, { action: 's3:AbortMultipartUpload', ...inDr(resource, more) });
      expect(may(ours), role).to.equal(true);
      expect(may('arn:aws:s3:::somebody-s/a'), role).to.equal(false);
      expect(may(`${vault}/a`), role).to.equal(false);
      expect(may(ours, { 'aws:ResourceAccount': '333333333333' }), role).to.equal(false);
    }
    const listing = { action: 's3:ListBucketMultipartUploads', ...inDr('arn:aws:s3:::shop-222222222222') };
    expect(roleMay('run', listing)).to.equal(true);
    for (const role of ['run', 'recover', 'preview'] as const)
      expect(
        roleMay(role, {
          action: 's3:PutLifecycleConfiguration',
          ...inDr('arn:aws:s3:::shop-222222222222'),
        }),
      ).to.equal(false);
  });

  it('writes lineage once, and nothing else of the vault', () => {
    const put = (key: string, more = {}) =>
      roleMay('run', { action: 's3:PutObject', ...inDr(`${vault}/${key}`, more) });
    expect(put('buckets/shop/run/page', { 's3:if-none-match': '*' })).to.equal(true);
    expect(put('buckets/shop/run/page')).to.equal(false);
    expect(put('recovery/dr/i-1.json', { 's3:if-none-match': '*' })).to.equal(false);
  });

  it('looks whose bucket it is before it writes into it, as bringing back does', () => {
    for (const role of ['run', 'recover'] as const)
      for (const action of ['s3:GetBucketTagging', 's3:GetBucketVersioning', 's3:GetEncryptionConfiguration'])
        expect(roleMay(role, { action, ...inDr('arn:aws:s3:::shop-222222222222') }), action).to.equal(true);
  });

  it('uses keys through S3 alone', () => {
    const key = `arn:aws:kms:eu-west-1:${PLACE.sourceAccount}:key/1`;
    const through = (via: string) =>
      roleMay('run', { action: 'kms:Decrypt', resource: key, context: { 'kms:ViaService': via } });
    expect(through('s3.eu-west-1.amazonaws.com')).to.equal(true);
    expect(through('secretsmanager.eu-west-1.amazonaws.com')).to.equal(false);
  });

  it("is the run role's; the recover role's is to bring back what DR holds, and to delete no version", () => {
    expect(roleMay('preview', { action: 's3:PutObject', ...inDr(ours) })).to.equal(false);
    for (const action of ['s3:GetObjectVersion', 's3:PutObject'])
      expect(roleMay('recover', { action, ...inDr(ours) }), action).to.equal(true);
    expect(roleMay('recover', { action: 's3:GetObjectVersion', ...theirs })).to.equal(false);
    expect(roleMay('recover', { action: 's3:DeleteObjectVersion', ...inDr(ours) })).to.equal(false);
  });
});
