import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Whether a path is a file that may be executed; links are followed. */
export function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/** Absolute paths of all programs of that name on PATH, first things first. */
export function findOnPath(name: string, env: NodeJS.ProcessEnv): string[] {
  return (env.PATH ?? '')
    .split(delimiter)
    .filter((directory) => directory !== '')
    .map((directory) => join(directory, name))
    .filter(isExecutable);
}

/** PATH with a directory before all others. */
export function pathWith(directory: string, env: NodeJS.ProcessEnv): string {
  return [directory, ...(env.PATH ? [env.PATH] : [])].join(delimiter);
}
