import { CloudFrontClient } from '@aws-sdk/client-cloudfront';
import { type Account, GLOBAL_REGION } from '../../accounts';
import { present } from '../kind';

/** One list of CloudFront's: its pages are cut inside of it. */
interface List<T> {
  readonly Items?: readonly T[];
  readonly Quantity?: number;
  readonly NextMarker?: string;
  readonly IsTruncated?: boolean;
}

/** CloudFront's client. The service has no regions. */
export function cloudFront(account: Account): CloudFrontClient {
  return account.client(CloudFrontClient, GLOBAL_REGION);
}

/**
 * All of a list, page by page. AWS leaves the items out of an empty one, which says so by its quantity.
 *
 * @param ask asks for the page after a marker
 * @param field the answer's field with the list
 * @throws when a page comes without its list
 */
export async function markedPages<T, F extends string>(
  ask: (Marker?: string) => Promise<{ readonly [K in F]?: List<T> }>,
  field: F,
): Promise<T[]> {
  const all: T[] = [];
  let marker: string | undefined;
  do {
    const answer: { readonly [K in F]?: List<T> } = await ask(marker);
    const list = present<List<T>>(answer[field], field);
    all.push(...present(list.Items ?? (list.Quantity === 0 ? [] : undefined), `${field}.Items`));
    marker = list.IsTruncated ? present(list.NextMarker, `${field}.NextMarker`) : list.NextMarker;
  } while (marker);
  return all;
}

/** A configuration of CloudFront's with its counted lists as plain lists, and without their quantities. */
export type Tidy<T> = T extends readonly (infer U)[]
  ? Tidy<U>[]
  : T extends object
    ? T extends { Items?: (infer U)[] | undefined }
      ? Exclude<keyof T, 'Quantity' | 'Items'> extends never
        ? Tidy<U>[]
        : TidyFields<T>
      : TidyFields<T>
    : T;

type TidyFields<T> = { readonly [K in keyof T as K extends 'Quantity' ? never : K]: Tidy<T[K]> };

/**
 * A configuration as plain data. Lists of texts have no order in CloudFront, nor have those of what goes by an id, a code, a name or an
 * event; behaviours of paths and members of a group have, and keep it.
 */
export function tidy<T>(value: T): Tidy<T> {
  return tidied(value) as Tidy<T>;
}

function tidied(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(tidied).sort(byName);
  if (value === null || typeof value !== 'object') return value;
  const fields = Object.entries(value).filter(([name, part]) => name !== 'Quantity' && part !== undefined);
  if ('Quantity' in value || 'Items' in value) {
    const items = tidied((value as { Items?: unknown }).Items ?? []);
    const others = fields.filter(([name]) => name !== 'Items');
    if (others.length === 0) return items;
    return { ...Object.fromEntries(others.map(([name, part]) => [name, tidied(part)])), Items: items };
  }
  return Object.fromEntries(fields.map(([name, part]) => [name, tidied(part)]));
}

const NAMES = ['Id', 'ErrorCode', 'EventType', 'Header', 'HeaderName'];

function nameOf(part: unknown): string {
  if (part === null || typeof part !== 'object') return String(part);
  const name = NAMES.find((each) => each in part);
  return name === undefined ? '' : String((part as Record<string, unknown>)[name]);
}

function byName(one: unknown, other: unknown): number {
  const [a, b] = [nameOf(one), nameOf(other)];
  return a < b ? -1 : a > b ? 1 : 0;
}

/** A text that AWS answers empty where there is none. */
export const filled = (text: string | undefined): string | undefined => (text ? text : undefined);
