import { type Instance, licenceOfMachine } from '../kinds/machines/instance';
import { isPlainLicence, isSameLicence, licenceText } from '../kinds/machines/licence';
import type { ImageInDr, ImagesInDr } from './imagesInDr';
import type { ProtectedInstance } from './protectedInstances';
import type { Pin } from './store';

/** Names or ids of machines to ids of images in DR: `lifeboat:images`. */
export type NamedImages = Readonly<Record<string, string>>;

/** What is known of an image that a machine was launched from, for as long as it runs: see Pin. */
export type LaunchedImage = NonNullable<Pin['image']>;

/** What a machine is launched from. */
export type LaunchImage =
  /** An image that is registered of its copies, now or by an earlier run. */
  | { readonly kind: 'registered' }
  /** The same, of which nobody knows yet whether it bills as the machine did, or which does not: no machine is launched from it. */
  | { readonly kind: 'held'; readonly reason: string }
  /** One that somebody names, which bills as the machine did, or that it runs from. */
  | { readonly kind: 'named'; readonly image: LaunchedImage }
  /** One that somebody names, and that cannot be used. */
  | { readonly kind: 'wrong'; readonly reason: string };

/** The id of the image that a setting names for a machine, by its id or its Name, which the source may give to another. Pure. */
export function namedImage({ instance, name }: ProtectedInstance, images: NamedImages): string | undefined {
  return [instance.id, name].flatMap((key) => (Object.hasOwn(images, key) ? (images[key] ?? []) : []))[0];
}

/**
 * What a machine may be launched from without lying about its licence. AWS bills an instance by its image, and has both kept and lost
 * the codes of Windows, RHEL and SUSE when an image is registered of a snapshot: so an image is asked before a machine is launched from
 * it, which takes a run more. See docs/adr/0025-machines-as-they-were.md. Pure.
 *
 * @param imageName what the image is called that recovery registers
 * @param running of one that runs already, from which nothing is judged any more, the image that it was named; undefined for any other
 */
export function launchImage(
  machine: ProtectedInstance,
  imageName: string,
  images: NamedImages,
  { registered, named }: ImagesInDr,
  running?: { readonly image: LaunchedImage | undefined },
): LaunchImage {
  const { instance } = machine;
  if (running) return running.image ? { kind: 'named', image: running.image } : { kind: 'registered' };
  const id = namedImage(machine, images);
  if (id !== undefined) {
    const image = named.get(id);
    const reason = unusable(instance, id, image);
    return image && reason === undefined ? { kind: 'named', image } : { kind: 'wrong', reason: reason ?? id };
  }
  const licence = licenceOfMachine(instance);
  if (isPlainLicence(licence)) return { kind: 'registered' };
  const image = registered.get(imageName);
  if (!image)
    return {
      kind: 'held',
      reason: `it runs ${licenceText(licence)}: its image is registered first, and the next run launches it if that bills the same`,
    };
  if (isSameLicence(licence, image.licence)) return { kind: 'registered' };
  return {
    kind: 'held',
    reason: `it runs ${licenceText(licence)}, and its image ${image.id}, registered of its copies, bills ${licenceText(image.licence)}: a machine of it would lie about its licence. ${wayOut(machine)}`,
  };
}

/** The command by which a machine gets an image that bills as it does. */
export function wayOut({ instance, name }: ProtectedInstance): string {
  return `Make an image of it in the source (aws ec2 create-image --instance-id ${instance.id} --name NAME), copy that to DR (aws ec2 copy-image), and name the copy: npm run pulumi -- config set lifeboat:images ${name}=ami-…`;
}

function unusable(instance: Instance, id: string, image: ImageInDr | undefined): string | undefined {
  const says = `lifeboat:images names ${id} for it`;
  if (!image) return `${says}, and DR has no such image that it may launch`;
  if (image.state !== 'available') return `${says}, which is ${image.state}`;
  if (image.architecture !== instance.architecture)
    return `${says}, which is of ${image.architecture}, and it is of ${instance.architecture}`;
  if (image.rootDeviceName !== instance.rootDeviceName)
    return `${says}, whose root disk is ${image.rootDeviceName}, and its is ${instance.rootDeviceName}`;
  const licence = licenceOfMachine(instance);
  return isSameLicence(licence, image.licence)
    ? undefined
    : `${says}, which bills ${licenceText(image.licence)}, and it runs ${licenceText(licence)}`;
}
