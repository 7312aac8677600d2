import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** A temporary directory for the tests of a suite; removed after them. */
export function scratchDirectory(): () => string {
  let directory = '';
  before(() => {
    directory = mkdtempSync(join(tmpdir(), 'lifeboat-toolchain-'));
  });
  after(() => {
    rmSync(directory, { recursive: true, force: true });
  });
  return () => directory;
}

/** Writes a shell script that can be run. Returns its path. */
export function script(path: string, lines: string): string {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `#!/bin/sh\n${lines}\n`);
  chmodSync(path, 0o755);
  return path;
}
