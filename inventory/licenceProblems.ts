import { licenceOfMachine } from '../kinds/machines/instance';
import { isPlainLicence, licenceText } from '../kinds/machines/licence';
import type { ImagesInDr } from './imagesInDr';
import { launchImage, type NamedImages, namedImage, wayOut } from './launchImage';
import type { PreflightProblem } from './preflight';
import type { ProtectedInstance } from './protectedInstances';

/**
 * Machines that are billed for a licence, and have no image in DR that bills the same. An image is registered in a recovery alone: whether
 * it would do is not known before. Pure.
 */
export function licenceProblems(
  instances: readonly ProtectedInstance[],
  named: NamedImages,
  images: ImagesInDr,
): PreflightProblem[] {
  return instances.flatMap((machine): PreflightProblem[] => {
    const { instance, name } = machine;
    const licence = licenceOfMachine(instance);
    if (namedImage(machine, named) !== undefined) {
      const from = launchImage(machine, '', named, images);
      return from.kind === 'wrong'
        ? [{ what: `${name} could not be recovered: ${from.reason}`, next: wayOut(machine) }]
        : [];
    }
    if (isPlainLicence(licence)) return [];
    return [
      {
        what: `${name} may not be recovered: it runs ${licenceText(licence)}, and AWS may bill an image of its copies otherwise, of which no machine is launched`,
        next: wayOut(machine),
      },
    ];
  });
}
