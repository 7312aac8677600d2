import type { Names } from './names';

/** What stands for a field in a comparison: itself, something made of it, or nothing, for a reason. */
type Rule<V> = 'same' | LeftOut | ((value: NonNullable<V>, names: Names) => unknown);

export class LeftOut {
  constructor(readonly reason: string) {}
}

/** A rule for every field that the SDK knows of a type: a field that it learns of later does not compile until it has one. */
export type Fields<T> = { readonly [K in keyof T]-?: Rule<T[K]> };

/** An object's fields as they are compared. A field without a value is the same as none. */
export function compared<T extends object>(
  object: T,
  fields: Fields<T>,
  names: Names,
): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  for (const key of Object.keys(fields) as (keyof T & string)[]) {
    const rule = fields[key];
    const value = object[key];
    if (rule instanceof LeftOut || value === undefined || value === null || value === '') continue;
    result[key] = rule === 'same' ? value : (rule as (value: unknown, names: Names) => unknown)(value, names);
  }
  return result;
}
