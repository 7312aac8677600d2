import { inMirrorPath } from '../iam/iamPath';
import type { MirrorContext } from '../mirrorContext';
import { partsWithIds, resourceParts, type TextPart, targetGroupName } from './mirroredIds';

/** A policy as DR needs it, and what of it could not be told in DR's terms. */
export interface RewrittenPolicy {
  /** With references in it: see MirrorContext.json. */
  readonly document: unknown;
  /** Values that are kept as they are though they name what only the source has. */
  readonly foreign: readonly string[];
}

/** Where a policy comes from, where it goes, and what DR calls the objects that it names. */
export type Places = Pick<MirrorContext, 'source' | 'dr' | 'known' | 'text'>;

const ARN = /^(arn:[^:]*):([^:]*):([^:]*):([^:]*):(.*)$/s;

/** Parts of a statement that name no object: an action is the same everywhere. */
const NAMELESS = ['Version', 'Id', 'Sid', 'Effect', 'Action', 'NotAction'];

/**
 * A policy document with the source's account and region replaced by DR's wherever they stand, and the ids of mirrored objects by their
 * mirrors': in ARNs, as account ids, as regions, in the names of services. By structure, never by replacing text within text: an account id
 * in a bucket's name is a part of that name. Pure.
 *
 * What has no mirror is kept and named in `foreign`, so a policy may allow less than it did, never more than its own account and region.
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

function textInDr(text: string, places: Places, foreign: Set<string>): unknown {
  const { source, dr } = places;
  if (text === source.account) return dr.account;
  if (text === source.region) return dr.region;
  const arn = ARN.exec(text);
  if (!arn) {
    // `logs.eu-west-1.amazonaws.com` is a principal, and a service that a key may be used through.
    if (/\.amazonaws\.com(\.cn)?$/.test(text)) return replacedPart(text, source.region, dr.region);
    return joined(partsWithIds(text), text, places, foreign);
  }
  const [, head, service = '', region, account, resource = ''] = arn;
  const group = targetGroupName(resource);
  if (group !== undefined) {
    const mirror = places.known('target-group', group);
    if (mirror !== undefined) return mirror;
    foreign.add(text);
  }
  const before = [
    head,
    service,
    region === source.region ? dr.region : region,
    account === source.account ? dr.account : account,
    '',
  ].join(':');
  // `*` stands for the source's account among others.
  const there =
    service === 'iam' && [source.account, '*'].includes(account ?? '') ? inMirrorPath(resource) : resource;
  return joined([before, ...resourceParts(service, there)], text, places, foreign);
}

/** @param text the whole, as the source has it */
function joined(parts: readonly TextPart[], text: string, places: Places, foreign: Set<string>): unknown {
  return places.text(
    ...parts.map((part) => {
      if (typeof part === 'string') return part;
      const mirror = part.kind === undefined ? undefined : places.known(part.kind, part.id);
      if (mirror === undefined) foreign.add(text);
      return mirror ?? part.id;
    }),
  );
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
