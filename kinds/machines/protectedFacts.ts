import {
  type CpuOptions,
  DescribeInstanceAttributeCommand,
  type EC2Client,
  GetInstanceUefiDataCommand,
  type Instance,
  type InstanceAttribute,
  type InstanceAttributeName,
  type InstanceTypeInfo,
  paginateDescribeInstanceCreditSpecifications,
  paginateDescribeInstanceTypes,
  paginateDescribeNetworkInterfaces,
} from '@aws-sdk/client-ec2';
import type { Account } from '../../accounts';
import { MUST_SNAP } from '../../snapshots/mustSnap';
import { allPages, present, tagRecord } from '../kind';
import { inParts, perObject } from '../perObject';
import { describeVolumes } from '../sharedLookUps';
import { meansMachine } from './meansMachine';

/** What AWS tells of a machine by calls of its own, one or more for each: asked of protected machines alone. */
export interface ProtectedFacts {
  /** Cores and threads where they are not what its type has by itself; AWS takes them of some types only. */
  readonly cpuOptions?: {
    readonly coreCount?: number;
    readonly threadsPerCore?: number;
    /** `enabled`, or absent. */
    readonly amdSevSnp?: string;
    readonly nestedVirtualization?: string;
  };
  /** `standard` or `unlimited`, of types with CPU credits. */
  readonly cpuCredits?: string;
  /** Whether nobody can terminate it before that is taken off. */
  readonly disableApiTermination?: boolean;
  readonly disableApiStop?: boolean;
  /** `stop` or `terminate`: what becomes of it when its own system shuts down. */
  readonly shutdownBehavior?: string;
  /** Its UEFI variables, as AWS encodes them: the boot order, the keys of Secure Boot. Of machines that booted with UEFI. */
  readonly uefiData?: string;
  /** In base64; empty where it has none. Only where `lifeboat:passUserData` asks for it. */
  readonly userData?: string;
}

/** All of them, so that every item has the same fields. */
export const NO_FACTS: Readonly<Record<keyof ProtectedFacts, undefined>> = {
  cpuOptions: undefined,
  cpuCredits: undefined,
  disableApiTermination: undefined,
  disableApiStop: undefined,
  shutdownBehavior: undefined,
  uefiData: undefined,
  userData: undefined,
};

/** Facts, and the tags of interfaces, by id. */
export interface ProtectedLookUp {
  readonly facts: ReadonlyMap<string, ProtectedFacts>;
  readonly interfaceTags: ReadonlyMap<string, Readonly<Record<string, string>>>;
}

/** DescribeInstanceTypes takes so many at once. */
const TYPES_AT_ONCE = 100;

/**
 * Asks for what DescribeInstances does not tell, of those machines that have a disk tagged `MUSTSNAP: True`.
 *
 * @param machines all of an account and region
 * @param passUserData names, ids or tags of those whose user data is wanted
 * @throws whatever AWS answers: there is no part of it
 */
export async function protectedFacts(
  account: Account,
  machines: readonly Instance[],
  passUserData: readonly string[] = [],
): Promise<ProtectedLookUp> {
  const { ec2, id: owner } = account;
  const volumes = new Set(
    (await describeVolumes(account))
      .filter(({ Tags }) => tagRecord(Tags)[MUST_SNAP.key] === MUST_SNAP.value)
      .map(({ VolumeId }) => VolumeId),
  );
  const ours = machines.filter(({ BlockDeviceMappings = [] }) =>
    BlockDeviceMappings.some(({ Ebs }) => volumes.has(Ebs?.VolumeId)),
  );
  if (ours.length === 0) return { facts: new Map(), interfaceTags: new Map() };
  const [types, unlimited, interfaceTags] = await Promise.all([
    typesOf(ec2, ours),
    unlimitedOnes(ec2),
    tagsOfInterfaces(ec2, owner),
  ]);
  const facts = await Promise.all(
    ours.map(async (machine): Promise<[string, ProtectedFacts]> => {
      const id = present(machine.InstanceId, 'InstanceId');
      const type = types.get(present(machine.InstanceType, 'InstanceType'));
      const isAsked = passUserData.some((entry) =>
        meansMachine(entry, { id, tags: tagRecord(machine.Tags) }),
      );
      const [termination, stop, shutdown, uefiData, userData] = await Promise.all([
        attribute(ec2, id, 'disableApiTermination'),
        attribute(ec2, id, 'disableApiStop'),
        attribute(ec2, id, 'instanceInitiatedShutdownBehavior'),
        isUefi(machine) ? uefiDataOf(ec2, id) : undefined,
        isAsked ? attribute(ec2, id, 'userData') : undefined,
      ]);
      const credits = unlimited.has(id) ? 'unlimited' : 'standard';
      return [
        id,
        {
          cpuOptions: chosenCpu(machine.CpuOptions, type),
          cpuCredits: type?.BurstablePerformanceSupported ? credits : undefined,
          disableApiTermination: present(termination.DisableApiTermination?.Value, 'DisableApiTermination'),
          disableApiStop: present(stop.DisableApiStop?.Value, 'DisableApiStop'),
          shutdownBehavior: present(
            shutdown.InstanceInitiatedShutdownBehavior?.Value,
            'InstanceInitiatedShutdownBehavior',
          ),
          uefiData,
          userData: userData && (userData.UserData?.Value ?? ''),
        },
      ];
    }),
  );
  return { facts: new Map(facts), interfaceTags };
}

function isUefi({ CurrentInstanceBootMode, BootMode }: Instance): boolean {
  return (CurrentInstanceBootMode ?? BootMode) === 'uefi';
}

/**
 * Refusals that say that a machine has no such store, or none that AWS shows now. AWS documents none; any other is an error of the
 * look-up.
 */
const NO_UEFI_DATA = ['IncorrectInstanceState', 'UnsupportedOperation'];

async function uefiDataOf(ec2: EC2Client, InstanceId: string): Promise<string | undefined> {
  try {
    const found = await perObject(ec2, () => ec2.send(new GetInstanceUefiDataCommand({ InstanceId })));
    return found.UefiData || undefined;
  } catch (error) {
    if (error instanceof Error && NO_UEFI_DATA.includes(error.name)) return undefined;
    throw error;
  }
}

/** An attribute of one machine: AWS tells one for each call. */
function attribute(
  ec2: EC2Client,
  InstanceId: string,
  Attribute: InstanceAttributeName,
): Promise<InstanceAttribute> {
  return perObject(ec2, () => ec2.send(new DescribeInstanceAttributeCommand({ InstanceId, Attribute })));
}

async function typesOf(
  ec2: EC2Client,
  machines: readonly Instance[],
): Promise<Map<string, InstanceTypeInfo>> {
  const names = [...new Set(machines.flatMap(({ InstanceType }) => InstanceType ?? []))].sort();
  const found = await Promise.all(
    inParts(names, TYPES_AT_ONCE).map((InstanceTypes) =>
      allPages(
        paginateDescribeInstanceTypes({ client: ec2 }, { InstanceTypes }),
        (page) => page.InstanceTypes,
      ),
    ),
  );
  return new Map(found.flat().map((type) => [present(type.InstanceType, 'InstanceType'), type]));
}

/**
 * Machines whose credits are unlimited. Asked of no machine by name, AWS tells those that are, or once were; the others with credits are
 * `standard`. https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeInstanceCreditSpecifications.html
 */
async function unlimitedOnes(ec2: EC2Client): Promise<Set<string>> {
  const found = await allPages(
    paginateDescribeInstanceCreditSpecifications({ client: ec2 }, {}),
    (page) => page.InstanceCreditSpecifications,
  );
  return new Set(
    found.flatMap(({ InstanceId, CpuCredits }) =>
      CpuCredits === 'unlimited' ? present(InstanceId, 'InstanceId') : [],
    ),
  );
}

/** Of interfaces on the account's own machines; AWS's services have many more. */
async function tagsOfInterfaces(ec2: EC2Client, owner: string): Promise<Map<string, Record<string, string>>> {
  const Filters = [{ Name: 'attachment.instance-owner-id', Values: [owner] }];
  const found = await allPages(
    paginateDescribeNetworkInterfaces({ client: ec2 }, { Filters }),
    (page) => page.NetworkInterfaces,
  );
  return new Map(
    found.map(({ NetworkInterfaceId, TagSet }) => [
      present(NetworkInterfaceId, 'NetworkInterfaceId'),
      tagRecord(TagSet),
    ]),
  );
}

/** Types that are told nothing have what they have by themselves, and some of them take no choice. */
function chosenCpu(
  { CoreCount, ThreadsPerCore, AmdSevSnp, NestedVirtualization }: CpuOptions = {},
  type: InstanceTypeInfo | undefined,
): ProtectedFacts['cpuOptions'] {
  const { DefaultCores, DefaultThreadsPerCore } = type?.VCpuInfo ?? {};
  const isChosen =
    DefaultCores !== undefined && (CoreCount !== DefaultCores || ThreadsPerCore !== DefaultThreadsPerCore);
  const [snp, nested] = [AmdSevSnp, NestedVirtualization].map((value) =>
    value === 'enabled' ? value : undefined,
  );
  if (!isChosen && snp === undefined && nested === undefined) return undefined;
  return {
    coreCount: isChosen ? CoreCount : undefined,
    threadsPerCore: isChosen ? ThreadsPerCore : undefined,
    amdSevSnp: snp,
    nestedVirtualization: nested,
  };
}
