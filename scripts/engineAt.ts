import { existsSync } from 'node:fs';
import path from 'node:path';
import type { CommonArgs } from './command';
import { stackFile } from './stack';

/** Where the engine is run for a stack, and the flags that name it and its settings. */
export function engineAt(args: Pick<CommonArgs, 'dir' | 'stack'>): { cwd: string; where: string[] } {
  const file = stackFile(args);
  const isProject = existsSync(path.join(path.dirname(file), 'Pulumi.yaml'));
  return {
    cwd: isProject ? path.dirname(file) : path.resolve(__dirname, '..'),
    where: ['--stack', args.stack, ...(isProject ? [] : ['--config-file', file])],
  };
}
