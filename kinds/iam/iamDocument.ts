import type { Output } from '@pulumi/pulumi';
import type { SkipOptions } from '../kind';
import type { MirrorContext } from '../mirrorContext';
import { type ClosedPolicy, closedPolicy, type Statement, statementsOf } from '../policies/closedPolicy';
import { type Places, policyInDr } from '../policies/policyDocument';

/** Where policies come from and go to, before anybody knows what DR calls what they name. */
export type Ends = Pick<SkipOptions, 'source' | 'dr'> & Partial<Pick<SkipOptions, 'bucket' | 'find'>>;

/** A policy document with its statements as a list. @throws TypeError or SyntaxError when it is none */
export function parsedPolicy(text: string): { Statement: Statement[] } & Record<string, unknown> {
  const document: unknown = JSON.parse(text);
  return { ...(document as object), Statement: statementsOf(document) };
}

/** Places in which ids are what they are in the source: AWS's ids are as long in DR, and the names of buckets are known. */
function placesOf({ source, dr, bucket, find }: Ends): Places {
  const text = (...parts: readonly unknown[]) => parts.join('') as unknown as Output<string>;
  const known = (kind: string, id: string) =>
    (kind === 'bucket' && find?.(kind, id) ? bucket?.(id) : undefined) as unknown as
      | Output<string>
      | undefined;
  return { source, dr, text, known };
}

/** How AWS counts a document: without white space. */
const sizeOf = (document: unknown) => JSON.stringify(document).replace(/\s/g, '').length;

/** How many characters a document has in DR. @throws when it is no policy document */
export function sizeInDr(text: string, ends: Ends): number {
  return sizeOf(policyInDr(parsedPolicy(text), placesOf(ends)).document);
}

/** Why a document cannot be a policy of that size in DR; undefined when it can. */
export function unfit(text: string, limit: number, ends: Ends): string | undefined {
  try {
    const size = sizeInDr(text, ends);
    return size > limit ? tooLong('its document', size, limit) : undefined;
  } catch {
    return 'a document that is no policy';
  }
}

/** That something is too long for AWS, in words. */
export const tooLong = (what: string, size: number, limit: number) =>
  `too long for AWS: ${what} would have ${size} characters in DR, and ${limit} are allowed`;

/** A document as DR has it, as JSON text, and in the plan what of it could not be told in DR's terms. */
export function documentInDr(text: string, ctx: MirrorContext): Output<string> {
  const { document, foreign } = policyInDr(parsedPolicy(text), ctx);
  noteForeign(foreign, ctx);
  return ctx.json(document);
}

function noteForeign(foreign: readonly string[], ctx: MirrorContext): void {
  if (foreign.length > 0)
    ctx.note(`has a policy that names what only the source has, as it is: ${foreign.join(', ')}`);
}

/** What a role has that nobody may assume any more: AWS knows no role without a trust. */
export const NOBODY: Statement = { Sid: 'Nobody', Effect: 'Deny', Principal: '*', Action: 'sts:AssumeRole' };

/** A role's trust as DR has it. Where it lets nobody in, that is what it says. @throws when it is no policy document */
export function trustInDr(text: string, places: Places, trusted: readonly string[]): ClosedPolicy {
  const closed = closedPolicy(parsedPolicy(text), places, { trusted, servicesForDrOnly: false });
  const { Statement } = closed.document;
  if (Statement.some(({ Effect }) => Effect === 'Allow')) return closed;
  return { ...closed, document: { ...closed.document, Statement: [NOBODY] } };
}

/** As `trustInDr`, in terms that need no plan: for sizes, and to compare two. */
export function closedTrust(text: string, ends: Ends, trusted: readonly string[]): ClosedPolicy {
  return trustInDr(text, placesOf(ends), trusted);
}

/** Why a trust cannot be a role's in DR; undefined when it can. */
export function unfitTrust(
  text: string,
  limit: number,
  ends: Ends,
  trusted: readonly string[],
): string | undefined {
  try {
    const size = sizeOf(closedTrust(text, ends, trusted).document);
    return size > limit ? tooLong('its trust policy', size, limit) : undefined;
  } catch {
    return 'a role whose trust policy is no policy';
  }
}
