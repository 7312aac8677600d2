import { isDeepStrictEqual } from 'node:util';
import { DescribeVpcsCommand } from '@aws-sdk/client-ec2';
import { IAMClient } from '@aws-sdk/client-iam';
import { DR, SOURCE, type Stage } from '../../../../scripts/demo/stage';
import { readIdentity, type Seen } from '../../subjects/identityReads';
import type { Area } from '../areas';
import { type Caller, lets } from './lets';
import { changeRandomIdentity, makeRandomIdentity } from './make';

const iam = (stage: Stage, side: typeof SOURCE | typeof DR) =>
  new IAMClient({ ...stage.client(side), region: 'us-east-1' });
const BOUNDARY = `arn:aws:iam::${DR.account}:policy/lifeboat-mirrored-boundary`;

/** Roles, users, groups and policies. */
export const identity: Area = {
  name: 'identity',
  make: (stage, seed, ids) => makeRandomIdentity(iam(stage, SOURCE), seed, ids),
  change: (stage, seed, ids) => changeRandomIdentity(iam(stage, SOURCE), seed, ids),

  async differences(stage) {
    const [source, dr, vpcs] = await Promise.all([
      readIdentity(iam(stage, SOURCE)),
      readIdentity(iam(stage, DR)),
      mirroredVpcs(stage),
    ]);
    const inDr = (value: unknown) => mapped(value, vpcs);
    const lines: string[] = [];
    for (const [name, theirs] of Object.entries(source)) {
      const ours = dr[name];
      if (!ours) {
        lines.push(`${name}: not in DR`);
        continue;
      }
      const { trust, ...wanted } = expected(name, theirs, source, inDr);
      const { trust: trustInDr, ...got } = ours;
      for (const field of new Set([...Object.keys(wanted), ...Object.keys(got)]))
        if (!isDeepStrictEqual(inOrder(wanted[field]), inOrder(got[field])))
          lines.push(
            `${name} ${field}: ${JSON.stringify(wanted[field])} wanted, ${JSON.stringify(got[field])} in DR`,
          );
      if (trust !== undefined) lines.push(...doors(name, trust, trustInDr, Object.keys(source), source));
    }
    for (const name of Object.keys(dr)) if (!source[name]) lines.push(`${name}: in DR alone`);
    return lines;
  },
};

/** Ids of the source's VPCs to those of their mirrors, by the tag. */
async function mirroredVpcs(stage: Stage): Promise<Map<string, string>> {
  const { Vpcs = [] } = await stage.ec2(DR).send(new DescribeVpcsCommand({}));
  return new Map(
    Vpcs.flatMap(({ VpcId = '', Tags = [] }) =>
      Tags.flatMap(({ Key, Value = '' }) => (Key === 'lifeboat:source-id' ? [[Value, VpcId] as const] : [])),
    ),
  );
}

/** A value as DR has it: by the text of each string in it, told apart as AWS does. */
function mapped(value: unknown, vpcs: ReadonlyMap<string, string>): unknown {
  const one = (text: string): string => {
    if (text === SOURCE.account) return DR.account;
    if (text === SOURCE.region) return DR.region;
    if (text.endsWith('.amazonaws.com')) return text.replace(`.${SOURCE.region}.`, `.${DR.region}.`);
    const parts = text.split(':');
    if (parts[0] === 'arn' && parts.length > 5) {
      const isOurs = parts[4] === SOURCE.account || parts[4] === '*';
      if (parts[2] === 'iam' && isOurs && !parts[5]?.startsWith('role/aws-'))
        parts[5] = (parts[5] ?? '').replace(/^(role|user|group|policy|instance-profile)\//, '$1/lifeboat/');
      if (parts[3] === SOURCE.region) parts[3] = DR.region;
      if (parts[4] === SOURCE.account) parts[4] = DR.account;
      return parts.join(':').replace(/vpc-[0-9a-f]+/g, (id) => vpcs.get(id) ?? id);
    }
    return text;
  };
  const visit = (part: unknown, name?: string): unknown => {
    if (typeof part === 'string')
      return ['Sid', 'Action', 'NotAction'].includes(name ?? '') ? part : one(part);
    if (Array.isArray(part)) return part.map((each) => visit(each, name));
    if (part === null || typeof part !== 'object') return part;
    return Object.fromEntries(Object.entries(part).map(([key, inner]) => [key, visit(inner, key)]));
  };
  return visit(value);
}

/** What DR is to show for something of the source. */
function expected(
  name: string,
  theirs: Seen,
  source: Readonly<Record<string, Seen>>,
  inDr: (value: unknown) => unknown,
): Record<string, unknown> {
  const id = name.slice(name.indexOf('/') + 1);
  const limit: Carried =
    theirs.boundary === undefined ? { isExact: true } : carried(String(theirs.boundary), source);
  const within = (field: string) => theirs[field] as object;
  const fields: Record<string, () => unknown> = {
    path: () => `/lifeboat${theirs.path}`,
    document: () => inDr(theirs.document),
    tags: () => ({ ...within('tags'), 'lifeboat:source-id': id }),
    boundary: () => BOUNDARY,
    profiles: () => (theirs.profiles as string[]).map((each) => `/lifeboat${each}`),
    groups: () => (limit.isExact ? theirs.groups : []),
    attached: () => (limit.isExact ? inDr(theirs.attached) : []),
    inline: () =>
      limit.isExact
        ? {
            ...(inDr(within('inline')) as object),
            ...(limit.denials && { 'lifeboat-source-boundary': inDr(limit.denials) }),
          }
        : {},
  };
  return Object.fromEntries(
    Object.entries(theirs).map(([field, value]) => [field, fields[field] ? fields[field]() : value]),
  );
}

interface Carried {
  readonly isExact: boolean;
  readonly denials?: object;
}

/** What becomes of a boundary: whether it can be said by denials, and by which. */
function carried(
  arn: string,
  source: Readonly<Record<string, Seen>>,
): { isExact: boolean; denials?: object } {
  const found = source[`policy/${arn.split('/').at(-1)}`]?.document as
    | { Statement: { Effect: string; Action: string | string[]; Resource: unknown }[] }
    | undefined;
  const allowed = found?.Statement.filter(({ Effect }) => Effect === 'Allow') ?? [];
  if (!found || allowed.some(({ Resource }) => Resource !== '*')) return { isExact: false };
  const actions = allowed.flatMap(({ Action }) => Action);
  const denied: object[] = found.Statement.filter(({ Effect }) => Effect === 'Deny');
  const all = actions.includes('*')
    ? denied
    : [{ Effect: 'Deny', NotAction: actions.sort(), Resource: '*' }, ...denied];
  return { isExact: true, ...(all.length > 0 && { denials: { ...found, Statement: all } }) };
}

/** Who gets in where: nobody whom the source does not let in, nobody from outside, and of the rest all that can be told. */
function doors(
  name: string,
  theirs: unknown,
  ours: unknown,
  names: readonly string[],
  source: Readonly<Record<string, Seen>>,
): string[] {
  const withWord: Record<string, string> = { 'sts:ExternalId': 'word' };
  const words = [{}, withWord];
  const isUnclear = JSON.stringify(theirs).includes('NotPrincipal');
  const lines: string[] = [];
  for (const other of names.filter((each) => /^(role|user)\//.test(each)))
    for (const keys of words) {
      const [kind, id] = other.split(/\/(.*)/s);
      const of = (account: string, lead: string): Caller => ({
        type: 'AWS',
        who: `arn:aws:iam::${account}:${kind}${lead}${source[other]?.path}${id}`,
        account,
        keys,
      });
      const [there, here] = [lets(theirs, of(SOURCE.account, '')), lets(ours, of(DR.account, '/lifeboat'))];
      if ((here && !there) || (there && !here && !isUnclear))
        lines.push(
          `${name} lets ${other} in${here ? '' : ' no more'} (${JSON.stringify(keys)}): ${JSON.stringify(ours)}`,
        );
      // One of the same name that is not the mirror's own.
      if (lets(ours, of(DR.account, '')) && !JSON.stringify(theirs).match(/"111111111111"|:root"/))
        lines.push(`${name} lets DR's own ${other} in`);
    }
  const outside: Caller[] = [
    { type: 'AWS', who: 'arn:aws:iam::333333333333:role/x', account: '333333333333', keys: withWord },
    { type: 'AWS', who: `arn:aws:iam::${SOURCE.account}:role/app`, account: SOURCE.account, keys: withWord },
    {
      type: 'AWS',
      who: 'arn:aws:iam::333333333333:role/x',
      account: '333333333333',
      keys: { 'aws:PrincipalOrgID': 'o-1234567890' },
    },
    {
      type: 'Federated',
      who: `arn:aws:iam::${DR.account}:oidc-provider/token.example.com`,
      keys: { 'token.example.com:sub': 'repo' },
    },
    { type: 'Service', who: 'events.amazonaws.com', keys: { 'aws:SourceAccount': '333333333333' } },
  ];
  for (const caller of outside)
    if (lets(ours, caller)) lines.push(`${name} lets ${caller.who} in: ${JSON.stringify(ours)}`);
  // Everybody but some is nobody in DR, services too.
  for (const who of isUnclear ? [] : ['ec2.amazonaws.com', 'lambda.amazonaws.com'])
    if (lets(theirs, { type: 'Service', who }) !== lets(ours, { type: 'Service', who }))
      lines.push(`${name} differs for ${who}: ${JSON.stringify(ours)}`);
  return lines;
}

/** Lists of texts are sets to IAM. */
function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) {
    const parts = value.map(inOrder);
    return parts.every((part) => typeof part === 'string') ? parts.sort() : parts;
  }
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, inOrder(part)]));
}
