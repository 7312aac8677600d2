import type { Place } from './kind';

/** A policy as DR needs it, and what of it could not be told in DR's terms. */
export interface RewrittenPolicy {
  readonly document: unknown;
  /** Values that are kept as they are though they name what only the source has. */
  readonly foreign: readonly string[];
}

/** Where a policy comes from, and where it goes. */
export interface Places {
  readonly source: Place;
  readonly dr: Place;
}

const ARN = /^(arn:[^:]*):([^:]*):([^:]*):([^:]*):(.*)$/s;

/** AWS's own ids, which are others in DR: `vpc-0a1b2c3d`, a key's UUID. */
const ID = /\b[a-z]+(-[a-z]+)*-[0-9a-f]{8}([0-9a-f]{9})?\b|\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/;

/** Parts of a statement that name no object: an action is the same everywhere. */
const NAMELESS = ['Version', 'Id', 'Sid', 'Effect', 'Action', 'NotAction'];

/**
 * A policy document with the source's account and region replaced by DR's wherever they stand: in ARNs, as account ids, as regions, in the
 * names of services. By structure, never by replacing text within text: an account id in a bucket's name is a part of that name. Pure.
 *
 * Buckets and AWS's own ids are others in DR and nobody knows which here; they are kept and named in `foreign`, so a policy may allow
 * less than it did, never more than its own account and region.
 */
export function policyInDr(document: unknown, places: Places): RewrittenPolicy {
  const foreign = new Set<string>();
  const rewrite = (part: unknown): unknown => {
    if (typeof part === 'string') return textInDr(part, places, foreign);
    if (Array.isArray(part)) return part.map(rewrite);
    if (part === null || typeof part !== 'object') return part;
    return Object.fromEntries(
      Object.entries(part).map(([name, inner]) => [name, NAMELESS.includes(name) ? inner : rewrite(inner)]),
    );
  };
  return { document: rewrite(document), foreign: [...foreign].sort() };
}

function textInDr(text: string, { source, dr }: Places, foreign: Set<string>): string {
  if (text === source.account) return dr.account;
  if (text === source.region) return dr.region;
  const arn = ARN.exec(text);
  if (!arn) {
    if (ID.test(text)) foreign.add(text);
    // `logs.eu-west-1.amazonaws.com` is a principal, and a service that a key may be used through.
    return /\.amazonaws\.com(\.cn)?$/.test(text) ? replacedPart(text, source.region, dr.region) : text;
  }
  const [, head, service, region, account, resource = ''] = arn;
  if (service === 's3' || ID.test(resource)) foreign.add(text);
  return [
    head,
    service,
    region === source.region ? dr.region : region,
    account === source.account ? dr.account : account,
    resource,
  ].join(':');
}

function replacedPart(text: string, from: string, to: string): string {
  return text
    .split('.')
    .map((part) => (part === from ? to : part))
    .join('.');
}

/** Whether two documents say the same, whatever the order of their fields and lists and whether a single value stands in a list. */
export function samePolicy(one: unknown, other: unknown): boolean {
  return JSON.stringify(canonical(one)) === JSON.stringify(canonical(other));
}

function canonical(part: unknown): unknown {
  // No list in a policy has an order: not its statements, actions, resources or values.
  if (Array.isArray(part))
    return part.length === 1
      ? canonical(part[0])
      : part.map(canonical).sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
  if (part === null || typeof part !== 'object') return part;
  return Object.entries(part)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, inner]) => [name, canonical(inner)]);
}
