import { randomUUID } from 'node:crypto';
import {
  ComponentResource,
  type ComponentResourceOptions,
  type CustomResource,
  type Output,
  output,
  type Resource,
  ResourceHook,
  Stash,
} from '@pulumi/pulumi';
import { MADE_AGAIN, type Plan, type PlannedResource } from '../inventory/planned';
import type { RecoveryPlan } from '../inventory/recoveryPlan';
import type { Recovery } from './recovery';
import { keepOutputs, outputsReferredTo, registered, resolveRefs, resourceClass } from './register';

/** What a Mirror is made with. */
export interface MirrorArgs {
  /** Takes out of DR what a planned resource takes the place of. See PlannedResource.removesFirst. */
  remove(item: string, id: string): Promise<void>;
}

/**
 * How many resources are under way at once, at most twice over. The engine works on 4 for each core, unless it is told otherwise;
 * whatever else it is given waits in its memory and in the runtime's, with some 60 promises and four messages a resource.
 */
const UNDER_WAY = 200;

/** Everything of the source that costs nothing at rest, in DR. */
export class Mirror extends ComponentResource {
  /** The registered resources, by their names in the plan. */
  readonly resources = new Map<string, CustomResource>();
  /** What is lost is replaced with this, which is replaced only while something is lost. */
  madeAgain: Stash | undefined;

  constructor(
    name: string,
    private readonly args: MirrorArgs,
    options: ComponentResourceOptions,
  ) {
    super('lifeboat:index:Mirror', name, {}, options);
  }

  /**
   * Registers all that is planned and does not wait for machines, each resource after all that it refers to.
   *
   * @param machines what will refer to it beside the plan
   * @returns `kind/id` of the source to the id in DR
   */
  async register(
    { resources: all, lost, spent }: Plan,
    machines: RecoveryPlan['machines'] = [],
  ): Promise<Output<Record<string, string>>> {
    const kept = outputsReferredTo([...all, ...machines.map((args) => ({ args }))]);
    const resources = all.filter(({ afterMachines }) => !afterMachines);
    const again = [...lost, ...spent];
    const isLost = again.length > 0;
    this.madeAgain = new Stash(
      MADE_AGAIN,
      { input: isLost ? [...again, randomUUID()] : [] },
      {
        parent: this,
        protect: false,
        replaceOnChanges: ['input'],
        ignoreChanges: isLost ? [] : ['input'],
      },
    );
    let last: CustomResource | undefined;
    for (let from = 0; from < resources.length; from += UNDER_WAY) {
      const before = last;
      for (const planned of resources.slice(from, from + UNDER_WAY)) {
        last = this.registerOne(planned);
        keepOutputs(last, kept);
      }
      // What fails rejects nothing here: the runtime ends the program.
      await new Promise<void>((done) => (before ? before.urn.apply(() => done()) : done()));
    }
    const ids = output(
      Object.fromEntries(resources.map(({ name, item }) => [item, this.resources.get(name)?.id ?? ''])),
    );
    this.registerOutputs({ ids });
    return ids;
  }

  /**
   * Registers what is planned for a recovery beside its machines, and after them: nothing that fails here, us-east-1 say, holds a machine
   * up.
   *
   * @param waits false where the engine goes on after an error: then nothing needs to wait but for what it refers to, and a machine that
   * fails would hold all of it up
   */
  registerAfter(recovery: Recovery, { resources }: Plan, waits: boolean): void {
    for (const [name, machine] of recovery.instances) this.resources.set(name, machine);
    for (const planned of resources.filter(({ afterMachines }) => afterMachines))
      this.registerOne(planned, waits ? [recovery] : []);
  }

  private registerOne(planned: PlannedResource, waitsFor: readonly Resource[] = []): CustomResource {
    const Class = resourceClass(planned.type);
    const resolved = resolveRefs(planned.args, this.resources) as object;
    const { item, removesFirst, lost, goesWith } = planned;
    const remove = () => this.args.remove(item, removesFirst ?? '');
    const resource = new Class(planned.name, resolved, {
      parent: this,
      import: planned.adopt,
      ignoreChanges: [...planned.ignoreChanges],
      ...(planned.replaceOnChanges && { replaceOnChanges: [...planned.replaceOnChanges] }),
      additionalSecretOutputs: [...(planned.secretOutputs ?? [])],
      retainOnDelete: planned.retained,
      dependsOn: [...(planned.after ?? []).map((other) => registered(other, this.resources)), ...waitsFor],
      aliases: planned.formerNames.map((former) => ({ name: former })),
      // Names, ranges and rules are unique in AWS: the new one cannot be made while the old one is there.
      deleteBeforeReplace: lost ? lost.removedFirst : true,
      deletedWith: goesWith === undefined ? undefined : registered(goesWith, this.resources),
      ...(lost && this.madeAgain && planned.adopt === undefined && { replaceWith: [this.madeAgain] }),
      // The engine replaces nothing that is protected.
      ...(planned.isMadeAgain && { protect: false }),
      ...(removesFirst !== undefined && {
        hooks: { beforeCreate: [new ResourceHook(`remove ${item}`, remove)] },
      }),
    });
    this.resources.set(planned.name, resource);
    return resource;
  }
}
