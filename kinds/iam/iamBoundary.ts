import type { Item } from '../kind';
import { listOf, type Statement } from '../policies/closedPolicy';
import { defaultDocument, type IamDetails } from './iamDetails';
import { type Ends, parsedPolicy, sizeInDr, tooLong } from './iamDocument';

/** A principal whose rights a permissions boundary may limit. */
export interface Bounded extends Item {
  /** ARN of its permissions boundary. */
  readonly boundaryArn?: string;
  /** The boundary's document as JSON text; undefined where there is none, and where it is AWS's own policy. */
  readonly boundary?: string;
}

/** What a boundary of the source's becomes. In DR the mirror's own takes its place. */
export interface CarriedBoundary {
  /** The document, in the source's terms, that denies what the boundary does not allow. Undefined where it denies nothing, or cannot be told. */
  readonly denial?: string;
  /** Why it cannot be told exactly: then the principal gets none of its rights. */
  readonly reason?: string;
}

/** The inline policy that a carried boundary is. */
export const DENIAL_NAME = 'lifeboat-source-boundary';

/** A principal's boundary as its item keeps it. */
export function boundaryOf(
  { PermissionsBoundary }: { PermissionsBoundary?: { PermissionsBoundaryArn?: string } },
  { policies }: IamDetails,
): Pick<Bounded, 'boundaryArn' | 'boundary'> {
  const boundaryArn = PermissionsBoundary?.PermissionsBoundaryArn;
  const policy = policies.find(({ Arn }) => Arn === boundaryArn);
  return { boundaryArn, boundary: boundaryArn && policy ? defaultDocument(policy) : undefined };
}

/**
 * A boundary as a denial of all else. Pure.
 *
 * A boundary allows what its Allow statements name and its Deny statements do not. Where each Allow names actions alone, on everything and
 * without conditions, the same is said by a Deny of all other actions, beside the Denies as they are.
 */
export function carriedBoundary({
  boundaryArn,
  boundary,
}: Pick<Bounded, 'boundaryArn' | 'boundary'>): CarriedBoundary {
  if (boundaryArn === undefined) return {};
  const cannot = (why: string): CarriedBoundary => ({
    reason: `its permissions boundary ${boundaryArn} cannot be carried over exactly, and in DR it could do more without: ${why}`,
  });
  if (boundary === undefined) return cannot("its document is AWS's own");
  let statements: readonly Statement[];
  try {
    statements = parsedPolicy(boundary).Statement;
  } catch {
    return cannot('its document cannot be read');
  }
  const allows = statements.filter(({ Effect }) => Effect !== 'Deny');
  if (!allows.every(isPlain))
    return cannot('it allows under conditions, by exceptions, or on some resources only');
  const actions = [...new Set(allows.flatMap(({ Action }) => listOf(Action).map(String)))].sort();
  const denials: Statement[] = statements.filter(({ Effect }) => Effect === 'Deny');
  if (actions.length === 0) denials.unshift({ Effect: 'Deny', Action: '*', Resource: '*' });
  else if (!actions.includes('*')) denials.unshift({ Effect: 'Deny', NotAction: actions, Resource: '*' });
  if (denials.length === 0) return {};
  return { denial: JSON.stringify({ ...parsedPolicy(boundary), Statement: denials }) };
}

function isPlain({ Action, Resource, Condition, NotAction, NotResource }: Statement): boolean {
  const isEverywhere = listOf(Resource).length === 1 && listOf(Resource)[0] === '*';
  return (
    Action !== undefined &&
    isEverywhere &&
    NotAction === undefined &&
    NotResource === undefined &&
    Object.keys((Condition ?? {}) as object).length === 0
  );
}

/** Why a principal gets none of its rights; undefined when it gets them. */
export function rightless(principal: Bounded, limit: number, options: Ends): string | undefined {
  const { denial, reason } = carriedBoundary(principal);
  if (denial === undefined) return reason;
  const size = sizeInDr(denial, options);
  return size > limit
    ? `its permissions boundary ${principal.boundaryArn} cannot be carried over: ${tooLong('the denial of all else', size, limit)}`
    : undefined;
}
