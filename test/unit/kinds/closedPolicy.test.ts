import type { Output } from '@pulumi/pulumi';
import { expect } from 'chai';
import { closedPolicy } from '../../../kinds/policies/closedPolicy';

const places = {
  source: { account: '111111111111', region: 'eu-west-1' },
  dr: { account: '222222222222', region: 'eu-central-1' },
  known: () => undefined,
  text: (...parts: readonly unknown[]) => parts.join('') as unknown as Output<string>,
};
const ROOT = { AWS: 'arn:aws:iam::222222222222:root' };
const OUTSIDE = 'arn:aws:iam::333333333333:role/theirs';

function closed(statement: object, trusted: readonly string[] = [], servicesForDrOnly = false) {
  const document = { Version: '2012-10-17', Statement: { Action: 'sts:AssumeRole', ...statement } };
  const result = closedPolicy(document, places, { trusted, servicesForDrOnly });
  return {
    leftOut: result.leftOut,
    statements: result.document.Statement.map(({ Action, Effect, ...rest }) => rest),
  };
}
const allow = (Principal: unknown, more: object = {}) => ({ Effect: 'Allow', Principal, ...more });
const deny = (more: object) => closed({ Effect: 'Deny', ...more }).statements;

describe('a policy that is closed', () => {
  it('names the principals of the source by a condition on the root of DR', () => {
    const both = ['arn:aws:iam::111111111111:role/path/app', 'arn:aws:iam::111111111111:user/ann'];
    expect(closed(allow({ AWS: both })).statements).to.deep.equal([
      {
        Principal: ROOT,
        Condition: {
          ArnEquals: {
            'aws:PrincipalArn': [
              'arn:aws:iam::222222222222:role/lifeboat/path/app',
              'arn:aws:iam::222222222222:user/lifeboat/ann',
            ],
          },
        },
      },
    ]);
    for (const whole of ['111111111111', 'arn:aws:iam::111111111111:root'])
      expect(closed(allow({ AWS: whole })).statements).to.deep.equal([{ Principal: ROOT }]);
  });

  it('keeps conditions beside that one', () => {
    const own = { ArnEquals: { 'AWS:PrincipalArn': 'arn:aws:iam::111111111111:role/b' } };
    const [statement] = closed(
      allow({ AWS: 'arn:aws:iam::111111111111:role/a' }, { Condition: own }),
    ).statements;
    expect(statement?.Condition).to.deep.equal({
      ArnEquals: { 'AWS:PrincipalArn': 'arn:aws:iam::222222222222:role/lifeboat/b' },
      ArnLike: { 'aws:PrincipalArn': ['arn:aws:iam::222222222222:role/lifeboat/a'] },
    });
  });

  it('lets nobody in from outside, whatever the conditions say', () => {
    const limits = { Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-1', 'sts:ExternalId': 'x' } } };
    for (const principal of [
      '*',
      { AWS: '*' },
      { AWS: OUTSIDE },
      { AWS: '333333333333' },
      { AWS: 'AROAEXAMPLEEXAMPLE123' },
      { AWS: 'arn:aws:sts::111111111111:assumed-role/a/b' },
      { AWS: 'arn:aws:iam::111111111111:role/*' },
      { CanonicalUser: '79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be' },
      { Federated: 'cognito-identity.amazonaws.com' },
      { Federated: 'arn:aws:iam::111111111111:oidc-provider/token.actions.githubusercontent.com' },
      { Service: 'evil.example.com' },
      undefined,
    ]) {
      const { statements, leftOut } = closed(allow(principal, limits));
      expect(statements, JSON.stringify(principal)).to.deep.equal([]);
      expect(leftOut.length).to.equal(principal === undefined ? 0 : 1);
    }
    expect(closed({ Effect: 'Allow', NotPrincipal: { AWS: OUTSIDE } })).to.deep.equal({
      statements: [],
      leftOut: [`the trust in everybody but ${OUTSIDE}`],
    });
  });

  it('keeps those of a statement that are inside', () => {
    const { statements, leftOut } = closed(
      allow({ AWS: [OUTSIDE, '111111111111'], Service: 'ec2.amazonaws.com' }),
    );
    expect(statements).to.deep.equal([
      { Principal: ROOT },
      { Principal: { Service: ['ec2.amazonaws.com'] } },
    ]);
    expect(leftOut).to.deep.equal([`the trust in ${OUTSIDE}`]);
  });

  it('lets in whom a setting names, through the provider of DR', () => {
    const provider = 'arn:aws:iam::111111111111:oidc-provider/token.actions.githubusercontent.com';
    const Condition = { StringEquals: { 'token.actions.githubusercontent.com:sub': 'repo:a/b' } };
    expect(
      closed(allow({ AWS: OUTSIDE, Federated: provider }, { Condition }), [OUTSIDE, provider]).statements,
    ).to.deep.equal([
      { Principal: { AWS: [OUTSIDE] }, Condition },
      {
        Principal: {
          Federated: ['arn:aws:iam::222222222222:oidc-provider/token.actions.githubusercontent.com'],
        },
        Condition,
      },
    ]);
    expect(closed(allow('*'), ['*']).statements).to.deep.equal([]);
  });

  it('lets services act for DR alone where a resource is theirs to use', () => {
    const Principal = { Service: 's3.amazonaws.com' };
    const forDr = { StringEquals: { 'aws:SourceAccount': '222222222222' } };
    expect(closed(allow(Principal), [], true).statements[0]?.Condition).to.deep.equal(forDr);
    expect(closed(allow(Principal)).statements[0]?.Condition).to.equal(undefined);
    const anyBucket = { ArnLike: { 'aws:SourceArn': 'arn:aws:s3:::*' } };
    expect(
      closed(allow(Principal, { Condition: anyBucket }), [], true).statements[0]?.Condition,
    ).to.deep.equal({
      ...anyBucket,
      ...forDr,
    });
    const forSource = { StringEquals: { 'AWS:SourceAccount': '111111111111' } };
    expect(
      closed(allow(Principal, { Condition: forSource }), [], true).statements[0]?.Condition,
    ).to.deep.equal({
      StringEquals: { 'AWS:SourceAccount': '222222222222' },
    });
    const forOther = { StringEquals: { 'aws:SourceAccount': ['111111111111', '333333333333'] } };
    expect(closed(allow(Principal, { Condition: forOther }), [], true)).to.deep.equal({
      statements: [],
      leftOut: ['the trust in s3.amazonaws.com for another account'],
    });
  });

  it('denies whom it denied, and in doubt more', () => {
    expect(deny({ Principal: '*' })).to.deep.equal([{ Principal: '*' }]);
    expect(deny({ Principal: { AWS: OUTSIDE } })).to.deep.equal([]);
    const app = { AWS: 'arn:aws:iam::111111111111:role/app' };
    const there = { 'aws:PrincipalArn': ['arn:aws:iam::222222222222:role/lifeboat/app'] };
    expect(deny({ Principal: app })).to.deep.equal([{ Principal: '*', Condition: { ArnEquals: there } }]);
    expect(deny({ NotPrincipal: { ...app, Service: 'ec2.amazonaws.com' } })).to.deep.equal([
      { Principal: '*', Condition: { ArnNotEquals: there } },
    ]);
    expect(deny({ NotPrincipal: { AWS: ['111111111111', app.AWS] } })).to.deep.equal([
      {
        Principal: '*',
        Condition: {
          ArnNotEquals: { 'aws:PrincipalArn': [ROOT.AWS, 'arn:aws:iam::222222222222:role/lifeboat/app'] },
        },
      },
    ]);
    expect(deny({ NotPrincipal: { AWS: 'AIDAEXAMPLEEXAMPLE123' } })).to.deep.equal([{ Principal: '*' }]);
    const taken = { ArnEquals: { 'aws:PrincipalArn': 'x' }, ArnLike: { 'aws:PrincipalArn': 'y' } };
    expect(deny({ Principal: app, Condition: taken })).to.deep.equal([
      { Principal: '*', Condition: { ArnEquals: there } },
    ]);
  });

  it('is refused when it is none', () => {
    for (const none of [undefined, {}, { Statement: ['x'] }, 'text'])
      expect(() => closedPolicy(none, places, { trusted: [], servicesForDrOnly: false })).to.throw(
        TypeError,
        'not a policy document',
      );
  });
});
