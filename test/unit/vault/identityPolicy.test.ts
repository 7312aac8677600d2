import { expect } from 'chai';
import { TAG } from '../../../names';
import { roleMay } from './place';

const BOUNDARY = { 'iam:PermissionsBoundary': 'arn:aws:iam::222222222222:policy/lifeboat-mirrored-boundary' };
const ours = { [`aws:ResourceTag/${TAG.sourceId}`]: 'x' };
const asked = { [`aws:RequestTag/${TAG.sourceId}`]: 'x' };
const may = (action: string, resource: string, context = {}) =>
  roleMay('run', { action: `iam:${action}`, resource: `arn:aws:iam::222222222222:${resource}`, context });

describe('what the run role may do with principals', () => {
  it("makes and changes them under the mirror's path, with its boundary", () => {
    for (const action of ['CreateRole', 'PutRolePolicy', 'AttachRolePolicy', 'DetachRolePolicy']) {
      expect(may(action, 'role/lifeboat/x', BOUNDARY), action).to.equal(true);
      expect(may(action, 'role/lifeboat/x'), action).to.equal(false);
      expect(may(action, 'role/x', BOUNDARY), action).to.equal(false);
      expect(may(action, 'role/lifeboat-recover', BOUNDARY), action).to.equal(false);
    }
    for (const action of ['TagRole', 'UpdateAssumeRolePolicy', 'DeleteRole']) {
      expect(may(action, 'role/lifeboat/x'), action).to.equal(true);
      // A tag makes nothing the mirror's.
      expect(may(action, 'role/x', { ...ours, ...asked }), action).to.equal(false);
    }
  });

  it('puts users into mirrored groups alone, and gives rights to no others', () => {
    for (const action of ['AddUserToGroup', 'RemoveUserFromGroup', 'PutGroupPolicy', 'AttachGroupPolicy']) {
      expect(may(action, 'group/lifeboat/devs'), action).to.equal(true);
      expect(may(action, 'group/admins'), action).to.equal(false);
    }
  });

  it('makes providers with our tag, and changes those that carry it', () => {
    for (const [kind, resource] of [
      ['OpenIDConnect', 'oidc-provider/token.example.com'],
      ['SAML', 'saml-provider/corp'],
    ] as const) {
      expect(may(`Create${kind}Provider`, resource, asked)).to.equal(true);
      expect(may(`Create${kind}Provider`, resource)).to.equal(false);
      expect(may(`Delete${kind}Provider`, resource, ours)).to.equal(true);
      expect(may(`Delete${kind}Provider`, resource)).to.equal(false);
    }
    expect(may('UpdateSAMLProvider', 'saml-provider/corp')).to.equal(false);
  });

  it('takes our tag off nothing', () => {
    const keys = { 'aws:TagKeys': ['team', TAG.sourceId] };
    expect(may('UntagRole', 'role/lifeboat/x', { 'aws:TagKeys': ['team'] })).to.equal(true);
    expect(may('UntagRole', 'role/lifeboat/x', keys)).to.equal(false);
    expect(may('UntagSAMLProvider', 'saml-provider/corp', { ...ours, ...keys })).to.equal(false);
  });

  it('gives nobody a key, a password or a way around the boundary', () => {
    for (const action of ['CreateAccessKey', 'CreateLoginProfile', 'DeleteUserPermissionsBoundary'])
      expect(may(action, 'user/lifeboat/ann', BOUNDARY), action).to.equal(false);
  });

  it('does nothing of it in a preview', () => {
    for (const action of ['iam:CreateRole', 'iam:AddUserToGroup', 'iam:CreateSAMLProvider', 'iam:PassRole'])
      expect(
        roleMay('preview', {
          action,
          resource: 'arn:aws:iam::222222222222:role/lifeboat/x',
          context: { ...BOUNDARY, ...asked },
        }),
      ).to.equal(false);
  });
});
