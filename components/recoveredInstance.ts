import { Ami, type AmiArgs } from '@pulumi/aws/ec2/ami';
import { Instance, type InstanceArgs } from '@pulumi/aws/ec2/instance';
import { NetworkInterface, type NetworkInterfaceArgs } from '@pulumi/aws/ec2/networkInterface';
import { BucketObjectv2 } from '@pulumi/aws/s3/bucketObjectv2';
import {
  ComponentResource,
  type ComponentResourceOptions,
  type CustomResource,
  type Input,
  type Resource,
} from '@pulumi/pulumi';
import { itemName } from '../inventory/inventory';
import type { PlannedMachine } from '../inventory/plannedMachine';
import { resolveRefs } from './register';

/** What a recovered machine is made of. */
export interface RecoveredInstanceArgs {
  readonly machine: PlannedMachine;
  /** Where the record of the recovery is kept, see VAULT_KEY.recovery. */
  readonly record: { readonly bucket: string; readonly key: string };
  /** The mirror's resources, for the subnet and the groups. */
  readonly mirror: ReadonlyMap<string, CustomResource>;
  /** Whether it holds data that has to be seen to before it ends. A drill's does not. */
  readonly isKept: boolean;
  /** The state holds it and DR does not: what it is replaced with. Default: it is not to be made again. */
  readonly again?: Resource;
  /** How long AWS may take to make the image, in minutes. */
  readonly imageMinutes: number;
  /** Ids in DR of an image and a machine that an earlier run made and the state may not hold. */
  readonly adopt: {
    readonly image?: string;
    readonly instance?: string;
    /** Of network interfaces, by the source's ids. */
    readonly interfaces?: ReadonlyMap<string, string>;
  };
  /** Whether the machine that is there may be replaced: see inventory/movingMachines.ts. */
  readonly isMoving: boolean;
}

/**
 * What AWS takes at the launch of a machine and at no later time. The provider would end the machine for another value, and read none of
 * some of them back when it takes a machine over.
 */
const OF_THE_LAUNCH = [
  'cpuOptions',
  'enclaveOptions',
  'ephemeralBlockDevices',
  'hibernation',
  'ipv6Addresses',
  'keyName',
  'networkInterfaces',
  'placementGroup',
  'placementPartitionNumber',
  'privateDnsNameOptions',
  'tenancy',
];

/** Of the launch too: for another value the provider would stop the machine. */
const USER_DATA = ['userData', 'userDataBase64'];

/** One machine from its recovery point: the record of it, an image with all its disks, its network interfaces, and the launch. */
export class RecoveredInstance extends ComponentResource {
  /** Undefined where none is launched of its image. */
  readonly instance: Instance | undefined;

  constructor(name: string, args: RecoveredInstanceArgs, options: ComponentResourceOptions) {
    super('lifeboat:index:RecoveredInstance', name, {}, options);
    const { machine, record } = args;
    const pin = new BucketObjectv2(
      itemName('pin', machine.instance.id),
      { ...record, content: JSON.stringify(machine.pin), contentType: 'application/json' },
      // The record outlives the machine: only stand-down, which has seen to its data, takes it away; or the sweep of a drill.
      { parent: this, retainOnDelete: true },
    );
    const ami = machine.namedImage ?? this.register(machine, args, pin).id;
    if (machine.held === undefined) this.instance = this.launch(args, ami, pin);
    this.registerOutputs({ id: this.instance?.id });
  }

  private register(
    machine: PlannedMachine,
    { mirror, adopt, imageMinutes }: RecoveredInstanceArgs,
    pin: BucketObjectv2,
  ): Ami {
    return new Ami(itemName('image', machine.instance.id), resolveRefs(machine.image, mirror) as AmiArgs, {
      parent: this,
      // Nobody can read it of an image: taken over, the image would be made anew for it.
      ignoreChanges: ['uefiData'],
      additionalSecretOutputs: ['uefiData'],
      // The record comes first: a run killed after it finds the same point again, not a newer one.
      dependsOn: pin,
      import: adopt.image,
      // The provider would wait 40 minutes for one that never comes, and all of a wave with it.
      customTimeouts: { create: `${imageMinutes}m` },
    });
  }

  private launch(
    { machine, mirror, isKept, again, isMoving, adopt }: RecoveredInstanceArgs,
    ami: Input<string>,
    pin: BucketObjectv2,
  ): Instance {
    const networkInterfaces = machine.interfaces.map(
      ({ id, deviceIndex, networkCardIndex, args: planned }) => ({
        deviceIndex,
        networkCardIndex,
        networkInterfaceId: new NetworkInterface(
          itemName('network-interface', id),
          resolveRefs(planned, mirror) as NetworkInterfaceArgs,
          {
            parent: this,
            dependsOn: pin,
            import: adopt.interfaces?.get(id),
            deleteBeforeReplace: true,
            // AWS promises no order of further addresses.
            ignoreChanges: ['privateIpLists'],
          },
        ).id,
      }),
    );
    return new Instance(
      itemName('instance', machine.instance.id),
      {
        ...(resolveRefs(machine.launch, mirror) as InstanceArgs),
        ...(networkInterfaces.length > 0 && { networkInterfaces }),
        ami,
      },
      // A private address is free again only when the machine that had it is gone. A destroy, or a change that would replace it,
      // is refused: what it has written since is on no copy. stand-down takes the protection away, after its final snapshot.
      {
        parent: this,
        import: adopt.instance,
        deleteBeforeReplace: true,
        // The engine replaces nothing that is protected; what is gone has nothing to lose.
        protect: isKept && again === undefined && !isMoving,
        ...(again && adopt.instance === undefined && { replaceWith: [again] }),
        // Ignored in the run that takes the machine over, it would be kept as the provider reads it back, which is in plain.
        ignoreChanges:
          adopt.instance !== undefined && machine.launch.userData !== undefined
            ? OF_THE_LAUNCH
            : [...OF_THE_LAUNCH, ...USER_DATA],
        additionalSecretOutputs: USER_DATA,
      },
    );
  }
}
