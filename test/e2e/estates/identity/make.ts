import * as sdk from '@aws-sdk/client-iam';
import { Random } from '../random';
import { randomDocument, randomTrust } from './documents';

const SOURCE = '111111111111';
const AWS_OWN = ['ReadOnlyAccess', 'AmazonS3ReadOnlyAccess', 'AmazonEC2ReadOnlyAccess'];
/** All that IAM takes in a name, and what people use. */
const ROLES = ['app', 'worker', 'odd+name=1,2.3@4_5-6', 'deploy', 'audit', 'batch'];
const USERS = ['ann', 'bob.smith@example.com', 'ci_bot'];
const PATHS = ['/', '/', '/teams/', '/teams/web/', '/service-role/'];

/** Sends a command of IAM; which fails, says the error. */
export type Send = (command: unknown) => Promise<unknown>;

export const sender = (iam: sdk.IAMClient): Send => {
  const send = iam.send.bind(iam) as (command: unknown) => Promise<unknown>;
  return (command) =>
    send(command).catch((cause: Error) => {
      throw new Error(`${(command as object).constructor.name} failed: ${cause.message}`, { cause });
    });
};

const arn = (resource: string) => `arn:aws:iam::${SOURCE}:${resource}`;
const TRUSTS_EC2 = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' }],
});

/** Roles, users, groups and what they may do, made by chance: each seed always the same. */
export async function makeRandomIdentity(
  iam: sdk.IAMClient,
  seed: number,
  ids: ReadonlyMap<string, string>,
): Promise<void> {
  const random = new Random(seed * 7919);
  const send = sender(iam);
  const document = () => randomDocument(random, ids);
  const tags = () => random.some(['team', 'env', 'owner'], 0, 2).map((Key) => ({ Key, Value: `v${seed}` }));
  const policies: string[] = [];
  for (const PolicyName of ['orders', 'reports', 'plain+policy']) {
    const Path = random.pick(PATHS);
    policies.push(arn(`policy${Path}${PolicyName}`));
    const Description = random.chance() ? `what ${PolicyName} needs` : undefined;
    await send(
      new sdk.CreatePolicyCommand({
        PolicyName,
        Path,
        Description,
        PolicyDocument: document(),
        Tags: tags(),
      }),
    );
  }
  const boundaries = await makeBoundaries(send, random);
  const principals = await makeRoles(send, random, { policies, boundaries, document, tags });
  await makePeople(send, random, { policies, boundaries, document, tags, seed });
  // Whoever is named in a trust has to be there: so trusts in circles come last.
  for (const RoleName of random.some(ROLES, 4, 6))
    await send(
      new sdk.UpdateAssumeRolePolicyCommand({ RoleName, PolicyDocument: randomTrust(random, principals) }),
    );
  await send(new sdk.CreateRoleCommand({ RoleName: 'gone', AssumeRolePolicyDocument: TRUSTS_EC2 }));
  await send(
    new sdk.UpdateAssumeRolePolicyCommand({
      RoleName: 'batch',
      PolicyDocument: randomTrust(random, [arn('role/gone'), ...principals.slice(0, 1)], 'roles'),
    }),
  );
  // Now a trust names it by what it was.
  await send(new sdk.DeleteRoleCommand({ RoleName: 'gone' }));
}

/** One that can be carried over, one that cannot, and one that denies nothing. */
async function makeBoundaries(send: Send, random: Random): Promise<(string | undefined)[]> {
  const limits: Record<string, object[]> = {
    exact: [
      { Effect: 'Allow', Action: ['s3:*', 'dynamodb:*', 'sts:AssumeRole'], Resource: '*' },
      { Effect: 'Deny', Action: 's3:DeleteObject', Resource: arn('role/teams/*').replace('iam', 's3') },
    ],
    partial: [{ Effect: 'Allow', Action: 's3:*', Resource: 'arn:aws:s3:::shop/*' }],
    open: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
  };
  for (const [name, Statement] of Object.entries(limits))
    await send(
      new sdk.CreatePolicyCommand({
        PolicyName: `limit-${name}`,
        PolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement }),
      }),
    );
  const all = Object.keys(limits).map((name) => arn(`policy/limit-${name}`));
  return random.shuffled([undefined, undefined, undefined, ...all]);
}

interface Parts {
  readonly policies: readonly string[];
  readonly boundaries: readonly (string | undefined)[];
  readonly document: () => string;
  readonly tags: () => { Key: string; Value: string }[];
}

async function makeRoles(send: Send, random: Random, parts: Parts): Promise<string[]> {
  const principals: string[] = [];
  for (const RoleName of ROLES) {
    const Path = random.pick(PATHS);
    principals.push(arn(`role${Path}${RoleName}`));
    await send(
      new sdk.CreateRoleCommand({
        RoleName,
        Path,
        AssumeRolePolicyDocument: TRUSTS_EC2,
        Description: random.chance() ? `of ${Path}` : undefined,
        MaxSessionDuration: random.pick([3600, 7200, 43200]),
        PermissionsBoundary: random.pick(parts.boundaries),
        Tags: parts.tags(),
      }),
    );
    if (random.chance())
      await send(
        new sdk.PutRolePolicyCommand({ RoleName, PolicyName: 'own', PolicyDocument: parts.document() }),
      );
    const some = random.some(
      [...parts.policies, ...AWS_OWN.map((name) => `arn:aws:iam::aws:policy/${name}`)],
      0,
      2,
    );
    for (const PolicyArn of some) await send(new sdk.AttachRolePolicyCommand({ RoleName, PolicyArn }));
  }
  for (const RoleName of random.some(ROLES, 1, 2)) {
    const profile = { InstanceProfileName: `${RoleName}-profile`.slice(0, 60) };
    await send(
      new sdk.CreateInstanceProfileCommand({ ...profile, Path: random.pick(PATHS), Tags: parts.tags() }),
    );
    await send(new sdk.AddRoleToInstanceProfileCommand({ ...profile, RoleName }));
  }
  return principals;
}

async function makePeople(send: Send, random: Random, parts: Parts & { seed: number }): Promise<void> {
  // Once in three estates somebody is in as many groups as AWS allows.
  const groups = Array.from({ length: parts.seed % 3 === 0 ? 10 : 2 }, (_, index) => `group-${index}`);
  for (const GroupName of groups) {
    await send(new sdk.CreateGroupCommand({ GroupName, Path: random.pick(PATHS) }));
    if (random.chance(0.4))
      await send(new sdk.AttachGroupPolicyCommand({ GroupName, PolicyArn: random.pick(parts.policies) }));
    if (random.chance(0.3))
      await send(
        new sdk.PutGroupPolicyCommand({ GroupName, PolicyName: 'own', PolicyDocument: parts.document() }),
      );
  }
  for (const UserName of USERS) {
    await send(
      new sdk.CreateUserCommand({
        UserName,
        Path: random.pick(PATHS),
        PermissionsBoundary: random.pick(parts.boundaries),
        Tags: parts.tags(),
      }),
    );
    const joined = UserName === USERS[0] ? groups : random.some(groups, 0, 2);
    for (const GroupName of joined) await send(new sdk.AddUserToGroupCommand({ UserName, GroupName }));
    if (random.chance())
      await send(
        new sdk.PutUserPolicyCommand({ UserName, PolicyName: 'own', PolicyDocument: parts.document() }),
      );
  }
  // Of no mirrored person: a key never is.
  await send(new sdk.CreateAccessKeyCommand({ UserName: USERS[2] }));
}

/** Changes something of most of them. */
export async function changeRandomIdentity(
  iam: sdk.IAMClient,
  seed: number,
  ids: ReadonlyMap<string, string>,
): Promise<void> {
  const random = new Random(seed * 104729);
  const send = sender(iam);
  const PolicyDocument = randomDocument(random, ids);
  const { Policies = [] } = await iam.send(new sdk.ListPoliciesCommand({ Scope: 'Local' }));
  const orders = Policies.find(({ PolicyName }) => PolicyName === 'orders');
  await send(
    new sdk.CreatePolicyVersionCommand({ PolicyArn: orders?.Arn, PolicyDocument, SetAsDefault: true }),
  );
  const { Roles = [] } = await iam.send(new sdk.ListRolesCommand({}));
  const principals = Roles.filter(({ RoleName = '' }) => ROLES.includes(RoleName)).flatMap(
    ({ Arn }) => Arn ?? [],
  );
  for (const RoleName of random.some(ROLES, 2, 3)) {
    await send(
      new sdk.UpdateAssumeRolePolicyCommand({ RoleName, PolicyDocument: randomTrust(random, principals) }),
    );
    await send(new sdk.UpdateRoleCommand({ RoleName, Description: 'changed', MaxSessionDuration: 3600 }));
    await send(new sdk.TagRoleCommand({ RoleName, Tags: [{ Key: 'changed', Value: 'yes' }] }));
    await send(new sdk.PutRolePolicyCommand({ RoleName, PolicyName: 'later', PolicyDocument }));
  }
  await send(new sdk.DeleteRolePermissionsBoundaryCommand({ RoleName: random.pick(ROLES) }));
  const UserName = USERS[0];
  await send(new sdk.RemoveUserFromGroupCommand({ UserName, GroupName: 'group-1' }));
  await send(new sdk.UpdateUserCommand({ UserName, NewPath: '/moved/' }));
  await send(new sdk.UpdateGroupCommand({ GroupName: 'group-0', NewPath: '/moved/' }));
  await send(new sdk.PutGroupPolicyCommand({ GroupName: 'group-0', PolicyName: 'later', PolicyDocument }));
}
