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

/** Keys of stack config that say how machines are launched in a recovery. */
export const MACHINE_OPTIONS = {
  passUserData: {
    schema: names,
    help: "The machines to be given the source's user data: names, ids or tags (key=value), with commas between them. Default: none, for on a new instance id cloud-init runs it again, on disks that have lived.",
    example: 'batch-1,tier=batch',
  },
} as const satisfies Record<string, Option>;
