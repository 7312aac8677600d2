import { expect } from 'chai';
import { kinds } from '../../../kinds';
import { TAG } from '../../../names';
import { AT_RECOVERY_ACTIONS } from '../../../vault/atRecoveryActions';
import { atRecoveryPolicy } from '../../../vault/atRecoveryPolicy';
import { boundaryPolicy } from '../../../vault/boundary';
import { copyBucketsPolicy } from '../../../vault/copyBucketsPolicy';
import { READS_OF_COPIES } from '../../../vault/copyGuards';
import { copyPolicy } from '../../../vault/copyPolicy';
import { mirroredBoundary } from '../../../vault/mirroredBoundary';
import { MANAGED_POLICY_LIMIT, roleArns } from '../../../vault/place';
import {
  LOOK_UP_POLICIES,
  MIRROR_POLICIES,
  previewPolicy,
  recoverPolicy,
  runPolicy,
} from '../../../vault/policies';
import type { Policy } from '../../../vault/policyDocument';
import { recoverCommandsPolicy } from '../../../vault/recoverCommands';
import { WATCH_ACTIONS } from '../../../vault/watchPolicy';
import { WRITE_ACTIONS } from '../../../vault/writeActions';
import { allows } from './evaluate';
import { boundedMay, PLACE, type Role, roleMay } from './place';

const ROLES: readonly Role[] = ['preview', 'run', 'recover'];
const INVENTORY = 'arn:aws:s3:::lifeboat-inventory-222222222222-eu-central-1';
const STATE = 'arn:aws:s3:::lifeboat-state-222222222222-eu-central-1';
const KEY = 'arn:aws:kms:eu-central-1:222222222222:key/1';
const COPY = 'arn:aws:ec2:eu-central-1::snapshot/snap-1';
const MISSING_RUN = 'arn:aws:cloudwatch:eu-central-1:222222222222:alarm:lifeboat-missing-run';
const GROWTH = MISSING_RUN.replace('missing-run', 'growth-shop-222222222222');
const theCopy = { resource: COPY, context: { [`aws:ResourceTag/${TAG.sourceSnapshot}`]: 'snap-0' } };
const theFinal = { resource: COPY, context: { [`aws:ResourceTag/${TAG.finalOf}`]: 'i-1' } };
const vaultKey = (via: string) => ({
  'kms:ViaService': `${via}.eu-central-1.amazonaws.com`,
  'kms:ResourceAliases': ['alias/lifeboat-vault'],
});

const made = (documents: Readonly<Record<string, (place: typeof PLACE) => Policy>>) =>
  Object.fromEntries(Object.entries(documents).map(([name, document]) => [name, document(PLACE)]));
const lookUps = made(LOOK_UP_POLICIES);

const documents: Record<string, Policy> = {
  ...lookUps,
  ...made(MIRROR_POLICIES),
  copy: copyPolicy(PLACE),
  copyBuckets: copyBucketsPolicy(PLACE),
  preview: previewPolicy(PLACE),
  run: runPolicy(PLACE),
  recover: recoverPolicy(PLACE),
  atRecovery: atRecoveryPolicy(PLACE),
  recoverCommands: recoverCommandsPolicy(PLACE),
};

describe("the vault's policies", () => {
  for (const [name, document] of Object.entries({
    ...documents,
    boundary: boundaryPolicy({ ...PLACE, githubRepository: 'owner/name' }),
    'mirrored boundary': mirroredBoundary(PLACE),
  })) {
    it(`${name} fits into a managed policy`, () => {
      expect(JSON.stringify(document).length).to.be.at.most(MANAGED_POLICY_LIMIT);
    });

    it(`${name} names each statement once`, () => {
      const sids = document.Statement.map(({ Sid }) => Sid);
      expect(sids).to.deep.equal([...new Set(sids)]);
      // AWS takes letters and digits.
      for (const sid of sids) expect(sid).to.match(/^[A-Za-z0-9]+$/);
    });
  }

  for (const [name, document] of Object.entries(documents)) {
    it(`${name} allows no star of actions`, () => {
      const allowed = document.Statement.filter(({ Effect }) => Effect === 'Allow').flatMap(
        (found) => found.Action ?? [],
      );
      for (const action of allowed) expect(action).to.match(/^[a-z0-9]+:[A-Z][A-Za-z]+\*?$/);
      expect(
        document.Statement.filter(({ Effect }) => Effect === 'Allow').some((found) => found.NotAction),
      ).to.equal(false);
    });
  }

  it('know what the provider calls for every type that a kind makes', () => {
    const types = kinds.flatMap((kind) => kind.types);
    const known = { ...WRITE_ACTIONS, ...AT_RECOVERY_ACTIONS, ...WATCH_ACTIONS };
    expect(types.filter((type) => known[type] === undefined)).to.deep.equal([]);
  });

  it('look up all that the kinds do, and change nothing by it', () => {
    const actions = Object.values(lookUps)
      .flatMap(({ Statement }) => Statement)
      .flatMap(({ Effect, Action }) => (Effect === 'Allow' ? (Action ?? []) : []));
    const ofDr = ({ iamActions, inSourceOnly = [] }: (typeof kinds)[number]) =>
      iamActions.filter((action) => !inSourceOnly.includes(action));
    expect(actions).to.include.members(kinds.flatMap(ofDr));
    expect(actions).to.not.include('ec2:DescribeInstanceAttribute');
    for (const action of actions) expect(action).to.match(/:(Describe|Get|List)/);
  });
});

describe('every role', () => {
  for (const role of ROLES) {
    it(`${role} reads the accepted inventory and the state`, () => {
      expect(roleMay(role, { action: 's3:GetObject', resource: `${INVENTORY}/inventory/dr.json` })).to.equal(
        true,
      );
      expect(
        roleMay(role, { action: 's3:GetObject', resource: `${STATE}/.pulumi/stacks/lifeboat/dr.json` }),
      ).to.equal(true);
      expect(roleMay(role, { action: 'kms:Decrypt', resource: KEY, context: vaultKey('s3') })).to.equal(true);
      const secrets = { 'kms:ResourceAliases': ['alias/lifeboat-secrets'] };
      expect(roleMay(role, { action: 'kms:Decrypt', resource: KEY, context: secrets })).to.equal(true);
    });

    it(`${role} compares versions of the accepted inventory, and of nothing else`, () => {
      const version = (resource: string) => roleMay(role, { action: 's3:GetObjectVersion', resource });
      expect(roleMay(role, { action: 's3:ListBucketVersions', resource: INVENTORY })).to.equal(true);
      expect(roleMay(role, { action: 's3:ListBucketVersions', resource: STATE })).to.equal(false);
      expect(version(`${INVENTORY}/inventory/dr.json`)).to.equal(true);
      expect(version(`${INVENTORY}/manifests/x.json`)).to.equal(false);
      expect(version(`${STATE}/.pulumi/stacks/lifeboat/dr.json`)).to.equal(false);
    });

    const changesOfTheVault = [
      { action: 's3:DeleteObjectVersion', resource: `${STATE}/x` },
      { action: 's3:DeleteObjectVersion', resource: `${INVENTORY}/manifests/x` },
      { action: 's3:PutBucketPolicy', resource: INVENTORY },
      { action: 's3:PutBucketVersioning', resource: STATE },
      { action: 's3:PutLifecycleConfiguration', resource: INVENTORY },
      { action: 's3:DeleteBucket', resource: STATE },
      { action: 'kms:ScheduleKeyDeletion', resource: KEY },
      { action: 'kms:DisableKey', resource: KEY },
      { action: 'kms:PutKeyPolicy', resource: KEY },
      { action: 'iam:PutRolePolicy', resource: `arn:aws:iam::222222222222:role/lifeboat-${role}` },
      { action: 'iam:UpdateAssumeRolePolicy', resource: 'arn:aws:iam::222222222222:role/lifeboat-recover' },
      {
        action: 'iam:DeleteRolePermissionsBoundary',
        resource: `arn:aws:iam::222222222222:role/lifeboat-${role}`,
      },
      { action: 'iam:CreatePolicyVersion', resource: 'arn:aws:iam::222222222222:policy/lifeboat-boundary' },
      { action: 'sts:AssumeRole', resource: 'arn:aws:iam::222222222222:role/lifeboat-recover' },
      { action: 'ec2:ModifySnapshotAttribute', resource: COPY },
      { action: 'organizations:LeaveOrganization' },
      { action: 'ec2:DisableSnapshotBlockPublicAccess' },
      { action: 'rbin:UpdateRule', resource: 'arn:aws:rbin:eu-central-1:222222222222:rule/abcdefghijk' },
      { action: 'rbin:DeleteRule', resource: 'arn:aws:rbin:eu-central-1:222222222222:rule/abcdefghijk' },
      { action: 'cloudwatch:DeleteAlarms', resource: MISSING_RUN },
      ...['PutCompositeAlarm', 'PutMetricAlarm', 'SetAlarmState', 'TagResource', 'UntagResource'].map(
        (action) => ({
          action: `cloudwatch:${action}`,
          resource: MISSING_RUN,
          context: { [`aws:ResourceTag/${TAG.sourceId}`]: 'x', [`aws:RequestTag/${TAG.sourceId}`]: 'x' },
        }),
      ),
      { action: 'cloudwatch:PutMetricAlarm', resource: GROWTH },
      {
        action: 'events:RemoveTargets',
        resource: 'arn:aws:events:eu-central-1:222222222222:rule/lifeboat-guards',
      },
      { action: 'sns:SetTopicAttributes', resource: 'arn:aws:sns:eu-central-1:222222222222:lifeboat-alarms' },
    ];
    for (const request of changesOfTheVault) {
      it(`${role} may not ${request.action} of ${request.resource ?? 'anything'}`, () => {
        expect(roleMay(role, request)).to.equal(false);
        expect(boundedMay(roleArns(PLACE)[role], request), 'if its policies allowed it').to.equal(false);
      });
    }

    it(`${role} deletes no copy and no final snapshot`, () => {
      expect(roleMay(role, { action: 'ec2:DeleteSnapshot', ...theCopy })).to.equal(false);
      expect(roleMay(role, { action: 'ec2:DeleteSnapshot', ...theFinal })).to.equal(false);
    });
  }
});

describe('the preview role', () => {
  it('has no way into the source', () => {
    expect(roleMay('preview', { action: 'sts:AssumeRole', resource: PLACE.sourceRole })).to.equal(false);
    const allowed = [documents.lookUp, documents.preview].flatMap((document) => document?.Statement ?? []);
    expect(JSON.stringify(allowed.filter(({ Effect }) => Effect === 'Allow'))).not.to.include('sts:');
  });

  for (const action of [
    'ec2:CreateVpc',
    'ec2:CopySnapshot',
    'ec2:CreateTags',
    's3:PutObject',
    'kms:CreateGrant',
  ]) {
    it(`may not ${action}`, () => {
      for (const resource of ['*', COPY, `${STATE}/x`, `${INVENTORY}/x`, KEY])
        expect(roleMay('preview', { action, resource })).to.equal(false);
    });
  }
});

describe('the run role', () => {
  it('assumes the reader in the source, and no other role', () => {
    expect(roleMay('run', { action: 'sts:AssumeRole', resource: PLACE.sourceRole })).to.equal(true);
    expect(
      roleMay('run', { action: 'sts:AssumeRole', resource: `${PLACE.sourceRole}-of-another-name` }),
    ).to.equal(false);
    expect(
      roleMay('run', { action: 'sts:AssumeRole', resource: 'arn:aws:iam::222222222222:role/x' }),
    ).to.equal(false);
  });

  it('removes only what carries our tag', () => {
    const resource = 'arn:aws:ec2:eu-central-1:222222222222:vpc/vpc-1';
    const ours = { [`aws:ResourceTag/${TAG.sourceId}`]: 'vpc-0' };
    expect(roleMay('run', { action: 'ec2:DeleteVpc', resource, context: ours })).to.equal(true);
    expect(roleMay('run', { action: 'ec2:DeleteVpc', resource })).to.equal(false);
  });

  it('works in the DR region alone', () => {
    const context = { 'aws:RequestedRegion': 'us-east-1' };
    expect(roleMay('run', { action: 'ec2:CreateVpc', resource: '*' })).to.equal(true);
    expect(roleMay('run', { action: 'ec2:CreateVpc', resource: '*', context })).to.equal(false);
  });

  it('copies what is shared, and never a copy or a final snapshot', () => {
    expect(roleMay('run', { action: 'ec2:CopySnapshot', resource: COPY })).to.equal(true);
    expect(roleMay('run', { action: 'ec2:CopySnapshot', ...theCopy })).to.equal(false);
    expect(roleMay('run', { action: 'ec2:CopySnapshot', ...theFinal })).to.equal(false);
  });

  it('tags a snapshot while it is copied, and never afterwards', () => {
    const context = { 'ec2:CreateAction': 'CopySnapshot' };
    expect(roleMay('run', { action: 'ec2:CreateTags', resource: COPY, context })).to.equal(true);
    expect(roleMay('run', { action: 'ec2:CreateTags', resource: COPY })).to.equal(false);
    expect(roleMay('run', { action: 'ec2:DeleteTags', resource: COPY })).to.equal(false);
  });

  it("uses keys through EBS, of the vault and of the source's snapshots, and by grants to AWS alone", () => {
    const source = 'arn:aws:kms:eu-west-1:111111111111:key/2';
    const grant = { ...vaultKey('ec2'), 'kms:GrantIsForAWSResource': 'true' };
    expect(roleMay('run', { action: 'kms:CreateGrant', resource: KEY, context: grant })).to.equal(true);
    expect(roleMay('run', { action: 'kms:CreateGrant', resource: KEY, context: vaultKey('ec2') })).to.equal(
      false,
    );
    expect(roleMay('run', { action: 'kms:Decrypt', resource: source, context: vaultKey('ec2') })).to.equal(
      true,
    );
    expect(roleMay('run', { action: 'kms:Decrypt', resource: source })).to.equal(false);
    expect(roleMay('run', { action: 'kms:Decrypt', resource: KEY })).to.equal(false);
    const another = { ...grant, 'kms:ResourceAliases': ['alias/another'] };
    expect(roleMay('run', { action: 'kms:CreateGrant', resource: KEY, context: another })).to.equal(false);
  });

  for (const action of READS_OF_COPIES) {
    it(`may not ${action}, whatever else allows it`, () => {
      expect(roleMay('run', { action, resource: '*' })).to.equal(false);
      expect(documents.run?.Statement.find(({ Sid }) => Sid === 'NoCopyIsRead')).to.deep.include({
        Effect: 'Deny',
      });
    });
  }

  it('says that a run was good, and puts no other metric', () => {
    const put = (namespace: string) =>
      roleMay('run', { action: 'cloudwatch:PutMetricData', context: { 'cloudwatch:namespace': namespace } });
    expect(put('Lifeboat')).to.equal(true);
    expect(put('Application')).to.equal(false);
    for (const role of ['preview', 'recover'] as const) {
      const context = { 'cloudwatch:namespace': 'Lifeboat' };
      expect(roleMay(role, { action: 'cloudwatch:PutMetricData', context })).to.equal(false);
    }
  });

  it('locks copies for the days that the vault was told, and nothing else', () => {
    const lock = (
      place: typeof PLACE & { lockDays?: number },
      context: Record<string, string>,
      tags = theCopy.context,
    ) =>
      allows([runPolicy(place)], {
        action: 'ec2:LockSnapshot',
        resource: COPY,
        context: { ...tags, ...context },
      });
    const days = (text: string) => ({ 'ec2:SnapshotLockDuration': text });
    expect(lock({ ...PLACE, lockDays: 30 }, days('30'))).to.equal(true);
    expect(lock({ ...PLACE, lockDays: 30 }, { ...days('30'), 'ec2:CoolOffPeriod': '72' })).to.equal(true);
    expect(lock({ ...PLACE, lockDays: 30 }, { ...days('30'), 'ec2:CoolOffPeriod': '1' })).to.equal(false);
    for (const other of ['1', '31', '36500'])
      expect(lock({ ...PLACE, lockDays: 30 }, days(other))).to.equal(false);
    expect(lock({ ...PLACE, lockDays: 30 }, {}), 'by an end').to.equal(false);
    expect(lock({ ...PLACE, lockDays: 30 }, days('30'), {}), 'what is no copy').to.equal(false);
    expect(lock(PLACE, days('30')), 'told nothing').to.equal(false);
  });

  for (const role of ROLES)
    it(`${role} sees the state of the vault's key, and locks, and lifts none`, () => {
      const context = { 'kms:ResourceAliases': ['alias/lifeboat-vault'] };
      expect(roleMay(role, { action: 'kms:DescribeKey', resource: KEY, context })).to.equal(true);
      expect(roleMay(role, { action: 'ec2:DescribeLockedSnapshots' })).to.equal(true);
      expect(roleMay(role, { action: 'ec2:UnlockSnapshot', ...theCopy })).to.equal(false);
    });

  it('writes a manifest once, and no record of a recovery', () => {
    const manifest = { action: 's3:PutObject', resource: `${INVENTORY}/manifests/snap-0.json` };
    expect(roleMay('run', { ...manifest, context: { 's3:if-none-match': '*' } })).to.equal(true);
    expect(roleMay('run', manifest)).to.equal(false);
    const frozen = { 's3:if-none-match': '*', 's3:x-amz-storage-class': 'DEEP_ARCHIVE' };
    expect(roleMay('run', { ...manifest, context: frozen })).to.equal(false);
    expect(roleMay('run', { action: 's3:PutObject', resource: `${INVENTORY}/inventory/dr.json` })).to.equal(
      true,
    );
    expect(
      roleMay('run', { action: 's3:DeleteObject', resource: `${INVENTORY}/inventory/dr.json` }),
    ).to.equal(false);
    expect(
      roleMay('run', { action: 's3:PutObject', resource: `${INVENTORY}/recovery/dr/i-1.json` }),
    ).to.equal(false);
    expect(roleMay('run', { action: 's3:PutObject', resource: `${INVENTORY}/stand-down/dr.json` })).to.equal(
      false,
    );
  });
});

describe('the recover role', () => {
  const machine = 'arn:aws:ec2:eu-central-1:222222222222:instance/i-1';

  it('makes machines of copies', () => {
    for (const action of ['ec2:RegisterImage', 'ec2:RunInstances', 'ec2:CreateVolume'])
      expect(roleMay('recover', { action, resource: '*' })).to.equal(true);
  });

  it('ends only what a recovery made', () => {
    const context = { [`aws:ResourceTag/${TAG.recoveryPoint}`]: 'point' };
    expect(roleMay('recover', { action: 'ec2:TerminateInstances', resource: machine, context })).to.equal(
      true,
    );
    expect(roleMay('recover', { action: 'ec2:TerminateInstances', resource: machine })).to.equal(false);
  });

  it('keeps the record of the recovery, and ends it', () => {
    for (const action of ['s3:PutObject', 's3:DeleteObject'])
      for (const key of ['recovery/dr/i-1.json', 'stand-down/dr.json'])
        expect(roleMay('recover', { action, resource: `${INVENTORY}/${key}` })).to.equal(true);
  });

  it('has no way into the source', () => {
    expect(roleMay('recover', { action: 'sts:AssumeRole', resource: PLACE.sourceRole })).to.equal(false);
  });

  it('passes mirrored roles, to machines, and no others', () => {
    const toEc2 = { 'iam:PassedToService': 'ec2.amazonaws.com' };
    const pass = (resource: string, context: Record<string, string>) =>
      roleMay('recover', { action: 'iam:PassRole', resource, context });
    expect(pass('arn:aws:iam::222222222222:role/lifeboat/web', toEc2)).to.equal(true);
    expect(pass('arn:aws:iam::222222222222:role/lifeboat/web', { 'iam:PassedToService': 'x' })).to.equal(
      false,
    );
    expect(pass('arn:aws:iam::222222222222:role/web', toEc2)).to.equal(false);
    expect(pass('*', toEc2)).to.equal(false);
  });
});

describe('the boundary', () => {
  const mirrored = (type: string) => `arn:aws:iam::222222222222:${type}/lifeboat/shop/x`;
  const theirs = (type: string) => `arn:aws:iam::222222222222:${type}/shop/x`;
  const bounded = {
    'iam:PermissionsBoundary': 'arn:aws:iam::222222222222:policy/lifeboat-mirrored-boundary',
  };
  const allowed = (action: string, resource: string, context = {}) =>
    (['run', 'recover'] as const).every((role) =>
      boundedMay(roleArns(PLACE)[role], { action, resource, context }),
    );

  it('lets nobody make a principal without its own, or give rights to one', () => {
    for (const kind of ['Role', 'User'])
      for (const action of [`iam:Create${kind}`, `iam:Put${kind}Policy`, `iam:Attach${kind}Policy`]) {
        expect(allowed(action, mirrored(kind.toLowerCase()), bounded), action).to.equal(true);
        expect(allowed(action, mirrored(kind.toLowerCase())), action).to.equal(false);
        const other = { 'iam:PermissionsBoundary': 'arn:aws:iam::222222222222:policy/lifeboat-boundary' };
        expect(allowed(action, mirrored(kind.toLowerCase()), other), action).to.equal(false);
      }
    expect(allowed('iam:DeleteRolePermissionsBoundary', mirrored('role'), bounded)).to.equal(false);
    expect(allowed('iam:CreateAccessKey', mirrored('user'))).to.equal(false);
    expect(allowed('iam:CreateLoginProfile', mirrored('user'))).to.equal(false);
  });

  it("keeps what is not under the mirror's path", () => {
    for (const [action, type] of [
      ['iam:UpdateAssumeRolePolicy', 'role'],
      ['iam:PassRole', 'role'],
      ['iam:DeleteRole', 'role'],
      ['iam:UpdateUser', 'user'],
      ['iam:AddUserToGroup', 'group'],
      ['iam:PutGroupPolicy', 'group'],
      ['iam:AttachGroupPolicy', 'group'],
      ['iam:CreatePolicyVersion', 'policy'],
      ['iam:SetDefaultPolicyVersion', 'policy'],
    ] as const) {
      expect(allowed(action, mirrored(type)), action).to.equal(true);
      expect(allowed(action, theirs(type)), action).to.equal(false);
    }
  });

  it("keeps the provider of GitHub's workflows where it is the vault's", () => {
    const request = {
      action: 'iam:UpdateOpenIDConnectProviderThumbprint',
      resource: 'arn:aws:iam::222222222222:oidc-provider/token.actions.githubusercontent.com',
    };
    const heard = (githubRepository?: string) =>
      allows([boundaryPolicy({ ...PLACE, githubRepository })], request);
    expect(heard('owner/name')).to.equal(false);
    expect(heard()).to.equal(true);
  });

  it('lets preview change nothing of IAM', () => {
    for (const action of ['iam:CreateRole', 'iam:TagRole', 'iam:PassRole', 'iam:UpdateSAMLProvider'])
      expect(
        boundedMay(roleArns(PLACE).preview, { action, resource: mirrored('role'), context: bounded }),
      ).to.equal(false);
    expect(
      boundedMay(roleArns(PLACE).preview, { action: 'iam:GetRole', resource: mirrored('role') }),
    ).to.equal(true);
  });
});
