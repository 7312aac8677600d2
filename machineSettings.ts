import { z } from 'zod';
import type { Option } from './parseOptions';

const names = z
  .string()
  .transform((text) =>
    text
      .split(',')
      .map((name) => name.trim())
      .filter((name) => name !== ''),
  )
  .default([]);

const instanceType = /^[a-z][a-z0-9-]*\.[a-z0-9-]+$/;
const typeMap = z
  .string()
  .transform((text) =>
    text.split(',').map((pair) => {
      const at = pair.lastIndexOf('=');
      return [
        pair.slice(0, Math.max(at, 0)).trim(),
        pair
          .slice(at + 1)
          .split('/')
          .map((type) => type.trim()),
      ] as const;
    }),
  )
  .refine(
    (pairs) =>
      pairs.every(([key, types]) => key !== '' && types.every((type) => instanceType.test(type))) &&
      new Set(pairs.map(([key]) => key)).size === pairs.length,
    "pairs of a type, a machine's name or its id, and the types to launch it as, each once, such as m5.large=m6i.large/m5a.large",
  )
  .transform((pairs) => Object.fromEntries(pairs) as Record<string, string[]>);

/** Keys of stack config that say how machines are launched in a recovery. */
export const MACHINE_OPTIONS = {
  passUserData: {
    schema: names,
    help: "The machines to be given the source's user data: names, ids or tags (key=value), with commas between them. Default: none, for on a new instance id cloud-init runs it again, on disks that have lived.",
    example: 'batch-1,tier=batch',
  },
  images: {
    schema: z
      .string()
      .transform((text) => text.split(',').map((pair) => pair.trim().split('=')))
      .refine(
        (pairs) =>
          pairs.every(
            (pair) => pair.length === 2 && pair[0] !== '' && /^ami-[0-9a-f]{8,17}$/.test(pair[1] ?? ''),
          ) && new Set(pairs.map(([machine]) => machine)).size === pairs.length,
        'names or ids of machines with images in DR, each machine once, such as SHOP-ERP=ami-0a1b2c3d4e5f67890',
      )
      .transform((pairs) => Object.fromEntries(pairs) as Record<string, string>)
      .default({}),
    help: "Images in DR to launch machines from that are billed for a licence, machine=image: copies of images that were made of them. The system disk is the image's. Default: none; an image is registered of the copies, and used if it bills the same.",
    example: 'SHOP-ERP=ami-0a1b2c3d4e5f67890',
  },
  imageMinutes: {
    schema: z
      .string()
      .refine((text) => /^[1-9]\d?$/.test(text), 'a whole number of minutes from 1 to 99')
      .transform(Number)
      .default(15),
    help: 'Minutes that AWS may take to make an image of copies, which is done in one or so, before a machine is given up and the others go on. Default: 15.',
    example: '15',
  },
  instanceTypes: {
    schema: typeMap.default({}),
    help: "Instance types to launch in DR in the place of the source's, by type, name or id; after / what lifeboat recover falls back to when AWS has no capacity. Default: the source's.",
    example: 'm5.large=m6i.large/m5a.large,shop-db=r6i.xlarge',
  },
} as const satisfies Record<string, Option>;
