import {
  ComponentResource,
  type ComponentResourceOptions,
  type CustomResource,
  type Output,
  output,
  type Resource,
} from '@pulumi/pulumi';
import { itemName } from '../inventory/inventory';
import type { Recovered } from '../inventory/recovered';
import type { RecoveryPlan } from '../inventory/recoveryPlan';
import { instance as instanceKind } from '../kinds/machines/instance';
import { RecoveredInstance } from './recoveredInstance';

/** What a Recovery is made of. */
export interface RecoveryArgs {
  readonly plan: RecoveryPlan;
  /** The vault's inventory bucket. */
  readonly bucket: string;
  /** The key of the record of a machine, by the source's id: see VAULT_KEY. */
  recordOf(instanceId: string): string;
  readonly mirror: ReadonlyMap<string, CustomResource>;
  /** Whether its machines hold data that has to be seen to before they end: they do, unless it is a drill. */
  readonly isKept: boolean;
  /** The source's ids of machines that the state holds and DR does not, and what they are replaced with. Default: none. */
  readonly lost?: { readonly machines: ReadonlySet<string>; readonly again: Resource | undefined };
  /** How long AWS may take to make an image, in minutes. */
  readonly imageMinutes: number;
  /** What an earlier run made. */
  readonly recovered: Recovered;
  /** The source's ids of machines that are to be replaced. */
  readonly moving: ReadonlySet<string>;
}

/** What a stack output says of one recovered machine. */
export interface RecoveredMachine {
  readonly name: string;
  readonly sourceId: string;
  readonly id: string;
  readonly privateIp: string;
  /** When the data on its disks was snapshotted, ISO 8601. */
  readonly dataFrom: string;
}

/** Every protected machine of the estate, running from its recovery point. Exists only while `recover` is true. */
export class Recovery extends ComponentResource {
  readonly machines: Output<RecoveredMachine[]>;
  /** By their names in the plan. */
  readonly instances = new Map<string, CustomResource>();

  constructor(
    name: string,
    { plan, bucket, recordOf, mirror, isKept, imageMinutes, lost, recovered: made, moving }: RecoveryArgs,
    options: ComponentResourceOptions,
  ) {
    super('lifeboat:index:Recovery', name, {}, options);
    this.machines = output(
      plan.machines.flatMap((machine) => {
        const { instance } = new RecoveredInstance(
          machine.instance.id,
          {
            machine,
            record: { bucket, key: recordOf(machine.instance.id) },
            mirror,
            isKept,
            imageMinutes,
            ...(lost?.machines.has(machine.instance.id) && { again: lost.again }),
            adopt: {
              image: made.images.registered.get(String(machine.image.name))?.id,
              // The engine replaces nothing that it is told to import.
              instance: moving.has(machine.instance.id) ? undefined : made.instances.get(machine.instance.id),
              interfaces: made.interfaces,
            },
            isMoving: moving.has(machine.instance.id),
          },
          { parent: this },
        );
        if (!instance) return [];
        this.instances.set(itemName(instanceKind.name, machine.instance.id), instance);
        return [
          {
            name: machine.name,
            sourceId: machine.instance.id,
            id: instance.id,
            privateIp: instance.privateIp,
            dataFrom: machine.pin.time,
          },
        ];
      }),
    );
    this.registerOutputs({ machines: this.machines });
  }
}
