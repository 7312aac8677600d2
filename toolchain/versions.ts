import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The versions that belong together. Each is written down in one place only, and read from there. */
export interface Versions {
  /** The engine, without the v: as in toolchain/cli/go.mod. The npm package and the oldest engine allowed have it too. */
  readonly engine: string;
  /** The language host for Node programs, without the v: as in toolchain/language-nodejs/go.mod. */
  readonly languageHost: string;
  /** The AWS plugin: that of @pulumi/aws in package.json, since the engine asks for exactly that. */
  readonly aws: string;
}

/** Reads the versions from the files that pin them. */
export function versions(): Versions {
  const manifest = JSON.parse(readFileSync(join(__dirname, '..', 'package.json'), 'utf8')) as {
    dependencies: Record<string, string>;
  };
  return {
    engine: required('cli', 'github.com/pulumi/pulumi/pkg/v3'),
    languageHost: required('language-nodejs', 'github.com/pulumi/pulumi/sdk/v3'),
    aws: (manifest.dependencies['@pulumi/aws'] ?? '').replace(/^[\^~]/, ''),
  };
}

function required(part: string, path: string): string {
  const text = readFileSync(join(__dirname, part, 'go.mod'), 'utf8');
  const version = new RegExp(`^\\s*${path.replaceAll('.', '\\.')} v(\\S+)`, 'm').exec(text)?.[1];
  if (version === undefined) throw new Error(`toolchain/${part}/go.mod does not require ${path}`);
  return version;
}
