import { createRequire } from 'node:module';
import {
  type CustomResource,
  type CustomResourceOptions,
  concat,
  jsonStringify,
  Output,
  secret,
} from '@pulumi/pulumi';
import { moveIpv6 } from '../inventory/ipv6';
import type { PlannedResource } from '../inventory/planned';
import { Json, Ref, refsIn, Secret, Text } from '../inventory/refs';

type ResourceClass = new (name: string, args: object, options: CustomResourceOptions) => CustomResource;

/**
 * The class of a resource by its token: `aws:ec2/vpc:Vpc` is `Vpc` of `@pulumi/aws/ec2/vpc`. So a kind is one file, and only
 * what a run uses is loaded.
 */
export function resourceClass(type: string): ResourceClass {
  const [, module, name] = type.split(':');
  const found = createRequire(__filename)(`@pulumi/aws/${module}`)[name ?? ''];
  if (typeof found !== 'function') throw new Error(`@pulumi/aws has no class for the token ${type}`);
  return found;
}

/** A resource that has to be there already. */
export function registered(name: string, resources: ReadonlyMap<string, CustomResource>): CustomResource {
  const resource = resources.get(name);
  if (!resource) throw new Error(`${name} is referred to before it is registered`);
  return resource;
}

/** The outputs that anything planned refers to. Every resource has an id and a URN. */
export function outputsReferredTo(planned: readonly { readonly args: object }[]): Set<string> {
  return new Set([
    'id',
    'urn',
    ...planned.flatMap(({ args }) => refsIn(args)).map(({ property }) => property),
  ]);
}

/** Takes all other outputs off a resource. Each is some promises and closures that the runtime would keep until the end. */
export function keepOutputs(resource: CustomResource, kept: ReadonlySet<string>): void {
  const outputs = resource as unknown as Record<string, unknown>;
  for (const [name, value] of Object.entries(outputs))
    if (Output.isInstance(value) && !kept.has(name)) delete outputs[name];
}

/** Planned arguments with each Ref replaced by the output of the resource it names, each Secret by a secret, and what holds them by text. */
export function resolveRefs(value: unknown, resources: ReadonlyMap<string, CustomResource>): unknown {
  if (value instanceof Ref) {
    const resource = registered(value.name, resources);
    const { property, moved } = value;
    const output = (resource as unknown as Record<string, Output<string>>)[property];
    if (!Output.isInstance(output)) throw new Error(`${value.name} has no output ${property}`);
    return moved ? output.apply((range) => moveIpv6(moved.cidr, moved.from, range)) : output;
  }
  if (value instanceof Secret) return secret(value.value);
  if (value instanceof Text)
    return concat(...value.parts.map((part) => resolveRefs(part, resources) as Output<string>));
  if (value instanceof Json) return jsonStringify(resolveRefs(value.value, resources));
  if (Output.isInstance(value)) return value;
  if (Array.isArray(value)) return value.map((part) => resolveRefs(part, resources));
  if (value !== null && typeof value === 'object')
    return Object.fromEntries(
      Object.entries(value).map(([key, part]) => [key, resolveRefs(part, resources)]),
    );
  return value;
}

/**
 * Refuses every resource of a type outside of `allowed`. At rest that is what keeps anything billed by the hour out of DR: a
 * mistake in a kind is an error of the run, not a bill.
 */
export function refuseOtherTypes(
  allowed: ReadonlySet<string>,
): (args: { type: string; name: string }) => undefined {
  return ({ type, name }) => {
    if (!/^(lifeboat|pulumi):/.test(type) && !allowed.has(type))
      throw new Error(
        `${name} is of the type ${type}, which may be billed and exists in DR only while lifeboat:recover is true`,
      );
    return undefined;
  };
}

/** Refuses at rest what is to be made at a recovery alone: of some types there is what is billed, and what is not. */
export function refuseWhatWaits(planned: readonly Pick<PlannedResource, 'name' | 'afterMachines'>[]): void {
  for (const { name, afterMachines } of planned)
    if (afterMachines) throw new Error(`${name} is made at a recovery, and lifeboat:recover is not true`);
}
