import {
  ComponentResource,
  type ComponentResourceOptions,
  type CustomResource,
  type Output,
  output,
  ResourceHook,
} from '@pulumi/pulumi';
import type { Plan } from '../inventory/plan';
import { registered, resolveRefs, resourceClass } from './register';

/** What a Mirror is made of. */
export interface MirrorArgs {
  /** What to register, each resource after all that it refers to. */
  readonly plan: Plan;
  /** Takes out of DR what a planned resource takes the place of. See PlannedResource.removesFirst. */
  remove(item: string, id: string): Promise<void>;
}

/** Everything of the source that costs nothing at rest, in DR. */
export class Mirror extends ComponentResource {
  /** The registered resources, by their names in the plan. */
  readonly resources: ReadonlyMap<string, CustomResource>;
  /** `kind/id` of the source to the id in DR. */
  readonly ids: Output<Record<string, string>>;

  constructor(name: string, { plan, remove }: MirrorArgs, options: ComponentResourceOptions) {
    super('lifeboat:index:Mirror', name, {}, options);
    const resources = new Map<string, CustomResource>();
    for (const planned of plan.resources) {
      const Class = resourceClass(planned.type);
      const resolved = resolveRefs(planned.args, resources) as object;
      const { item, removesFirst } = planned;
      resources.set(
        planned.name,
        new Class(planned.name, resolved, {
          parent: this,
          import: planned.adopt,
          ignoreChanges: [...planned.ignoreChanges],
          dependsOn: planned.after?.map((other) => registered(other, resources)),
          aliases: planned.formerNames.map((former) => ({ name: former })),
          // Names, ranges and rules are unique in AWS: the new one cannot be made while the old one is there.
          deleteBeforeReplace: true,
          ...(removesFirst !== undefined && {
            hooks: { beforeCreate: [new ResourceHook(`remove ${item}`, () => remove(item, removesFirst))] },
          }),
        }),
      );
    }
    this.resources = resources;
    this.ids = output(
      Object.fromEntries(plan.resources.map(({ name, item }) => [item, resources.get(name)?.id ?? ''])),
    );
    this.registerOutputs({ ids: this.ids });
  }
}
