import type { Account } from '../accounts';
import { iamRole } from '../kinds/iam/iamRole';
import { instance } from '../kinds/machines/instance';
import { type Subnet, subnet } from '../kinds/network/subnet';
import { type AcmCertificate, acmCertificate, acmCertificateGlobal } from '../kinds/services/acmCertificate';
import { TAG, vaultNames } from '../names';
import type { Settings } from '../settings';
import type { ImagesInDr } from './imagesInDr';
import { instanceTypesFor } from './instanceTypes';
import { type Inventory, type Items, itemName, itemsOf } from './inventory';
import { licenceProblems } from './licenceProblems';
import { notOffered, offeredTypes } from './offerings';
import type { PreflightInput } from './preflight';
import { PROBE_TAG, probeOf } from './probes';
import { launchProblems, protectedInstances } from './protectedInstances';
import { interfacesAt, takenAddresses } from './takenAddresses';
import { unknownEntries } from './unknownEntries';
import { WAVE_TAG, waveOf } from './waves';

/**
 * What is known at rest of the launch of each protected machine, so that one that could not be recovered is known long before it has to be.
 *
 * @param mirrored names of the planned mirror
 */
export async function readiness(
  inventory: Inventory,
  mirrored: ReadonlySet<string>,
  dr: Account,
  {
    passUserData,
    instanceTypes,
    images,
    imagesInDr,
    dr: items,
    inDr,
  }: Pick<Settings, 'passUserData' | 'instanceTypes' | 'images'> & {
    readonly imagesInDr: ImagesInDr;
    /** What DR holds. */
    readonly dr: Items;
    /** Its ids there, by names in the plan. */
    readonly inDr: ReadonlyMap<string, string>;
  },
): Promise<
  Pick<
    PreflightInput,
    'unlaunchable' | 'notOffered' | 'unordered' | 'unprobed' | 'unasked' | 'licensed' | 'taken' | 'unissued'
  > & {
    launches: string[];
    notes: string[];
  }
> {
  const { instances, notes } = protectedInstances(inventory);
  const types = new Set(instances.map((each) => instanceTypesFor(each, instanceTypes)[0]));
  const subnets = itemsOf(inventory.kinds, subnet) as readonly Subnet[];
  const [offered, interfaces] = await Promise.all([offeredTypes(dr, types), interfacesAt(dr, instances)]);
  return {
    launches: instances.map((each) => itemName(instance.name, each.instance.id)),
    notes: [...notes, ...unknownEntries({ passUserData, images }, instances)],
    unlaunchable: launchProblems(instances, mirrored),
    licensed: licenceProblems(instances, images, imagesInDr),
    taken: takenAddresses(instances, interfaces, (id) => inDr.get(itemName(subnet.name, id))),
    unissued: [acmCertificate, acmCertificateGlobal].flatMap((kind) =>
      (itemsOf(items, kind) as readonly AcmCertificate[])
        .filter(({ tags, isIssued }) => tags[TAG.sourceId] !== undefined && isIssued === false)
        .map(({ domainName }) => domainName),
    ),
    unordered: instances.flatMap(({ instance: { id, tags }, name }) =>
      waveOf(tags) === 'malformed' ? [{ id, name, wave: tags[WAVE_TAG] ?? '' }] : [],
    ),
    unasked: lacksRole(itemsOf(items, iamRole), vaultNames(dr.id, dr.region).probeRole)
      ? instances.flatMap(({ instance: { tags }, name }) => (Array.isArray(probeOf(tags)) ? name : []))
      : [],
    unprobed: instances.flatMap(({ instance: { id, tags }, name }) =>
      probeOf(tags) === 'malformed' ? [{ id, name, probe: tags[PROBE_TAG] ?? '' }] : [],
    ),
    notOffered: notOffered(instances, subnets, inventory.zones, offered, instanceTypes),
  };
}

/** Where IAM did not answer nothing is known, and nothing said. */
const lacksRole = (roles: readonly { readonly id: string }[], name: string): boolean =>
  roles.length > 0 && !roles.some(({ id }) => id === name);
