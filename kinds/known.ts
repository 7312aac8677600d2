import type { MirrorContext } from './mirrorContext';

type Lowered<T> = { [K in keyof T as K extends string ? Uncapitalize<K> : never]: T[K] };

/** An object with the first letter of each name in lower case: AWS's `CpuCredits` is the provider's `cpuCredits`. */
export function lowered<T extends object>(value: T): Lowered<T> {
  return Object.fromEntries(
    Object.entries(value).map(([name, part]) => [name.charAt(0).toLowerCase() + name.slice(1), part]),
  ) as Lowered<T>;
}

/**
 * The fields of AWS's answer that the provider knows under the same name. The plan notes each other one that has a value.
 *
 * @param elsewhere fields that the caller sees to
 */
export function known<T extends object, K extends keyof T & string>(
  value: T,
  names: readonly K[],
  ctx: MirrorContext,
  elsewhere: readonly (keyof T & string)[] = [],
): Lowered<Pick<T, K>> {
  const taken: Partial<Pick<T, K>> = {};
  for (const name of Object.keys(value) as (keyof T & string)[]) {
    if ((names as readonly string[]).includes(name)) Object.assign(taken, { [name]: value[name] });
    else if (!elsewhere.includes(name) && value[name] !== undefined)
      ctx.note(`leaves out ${name}, which the provider does not take, or which is of the source`);
  }
  return lowered(taken as Pick<T, K>);
}
