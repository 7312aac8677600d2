/** A reference to a planned resource, standing in another's arguments until Pulumi knows the value. */
export class Ref {
  /**
   * @param name the resource's name in the plan
   * @param property the output that is referred to
   * @param moved an IPv6 range of the source, and the assigned range that it lies in; the output is the range that it is moved to
   * @param otherwise what stands in its place where it refers to a machine that is not recovered; without, what refers to it is not made
   */
  constructor(
    readonly name: string,
    readonly property: string = 'id',
    readonly moved?: { readonly cidr: string; readonly from: string },
    readonly otherwise?: string,
  ) {}
}

/** Text with references in it. */
export class Text {
  constructor(readonly parts: readonly unknown[]) {}
}

/** JSON text of a value with references in it at any depth: a policy document. */
export class Json {
  constructor(readonly value: unknown) {}
}

/** The references in a planned value, at any depth. */
export function refsIn(value: unknown): Ref[] {
  if (value instanceof Ref) return [value];
  return value === null || typeof value !== 'object' ? [] : Object.values(value).flatMap(refsIn);
}

/** A planned value with other values in the place of some references, at any depth. */
export function replacedRefs(value: unknown, replace: (ref: Ref) => unknown): unknown {
  if (value instanceof Ref) return replace(value);
  if (value instanceof Text) return new Text(value.parts.map((part) => replacedRefs(part, replace)));
  if (value instanceof Json) return new Json(replacedRefs(value.value, replace));
  if (Array.isArray(value)) return value.map((part) => replacedRefs(part, replace));
  if (value === null || typeof value !== 'object' || value instanceof Secret) return value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, replacedRefs(part, replace)]));
}

/** Whether a planned value is known before anything is made: no reference and no secret stands in it at any depth. */
export function isKnown(value: unknown): boolean {
  if (value instanceof Ref || value instanceof Secret) return false;
  if (value === null || typeof value !== 'object') return true;
  return Object.values(value).every(isKnown);
}

/** A value that reaches neither a terminal nor plain state. */
export class Secret {
  constructor(readonly value: string) {}
}
