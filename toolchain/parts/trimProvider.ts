import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { LifeboatError } from '../../errors';
import { copyTree } from '../copyTree';

const modulePath = 'github.com/hashicorp/terraform-provider-aws';
const servicePackages = join('internal', 'provider', 'sdkv2', 'service_packages_gen.go');
const clients = join('internal', 'conns', 'awsclient_gen.go');

/**
 * Copies the sources of the AWS provider, less all services but those named and what these import: the whole has 261
 * service clients and compiles for an hour, the part for minutes. The copy builds by itself.
 *
 * @param from - directory of the downloaded module
 * @param to - directory for the copy; must not exist
 * @param services - names of folders under internal/service
 * @throws LifeboatError when a service is not in the module
 */
export async function trimProvider(from: string, to: string, services: readonly string[]): Promise<void> {
  const kept = await withImported(from, services);
  const needed = ['go.mod', 'names', 'version', 'xpprovider', 'internal'];
  await copyTree(from, to, (path) => {
    const [top = '', second, ...rest] = path.split(sep);
    if (!needed.includes(top) || path.endsWith('_test.go') || /[\\/](testdata|test-fixtures)[\\/]/.test(path))
      return false;
    // Only tests use acctest, which imports every service.
    if (second === 'acctest') return false;
    return second !== 'service' || rest.length === 1 || kept.has(rest[0] ?? '');
  });
  await rewrite(join(to, servicePackages), (text) => dropPackages(text, kept));
  const used = await usedClients(to);
  await rewrite(join(to, clients), (text) => dropClients(text, used));
}

/** The services and, down to the last, the services whose packages these import. */
async function withImported(from: string, services: readonly string[]): Promise<Set<string>> {
  const kept = new Set<string>();
  const open = [...services];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (kept.has(name)) continue;
    kept.add(name);
    const files = await goFiles(join(from, 'internal', 'service', name)).catch((cause: unknown) => {
      throw new LifeboatError({
        what: 'A service to keep is not part of the AWS provider',
        got: name,
        expected: 'the name of a folder under internal/service of the module',
        next: 'correct "services" in toolchain/provider/resources.json',
        cause,
      });
    });
    for (const file of files) {
      const text = await readFile(file, 'utf8');
      for (const [, imported] of text.matchAll(
        new RegExp(`"${modulePath}/internal/service/([a-z0-9]+)`, 'g'),
      ))
        if (imported !== undefined) open.push(imported);
    }
  }
  return kept;
}

/** Generated code: one import and one call for each service. */
export function dropPackages(text: string, kept: ReadonlySet<string>): string {
  return text
    .split('\n')
    .filter((line) => {
      const name =
        /^\t"[^"]*\/internal\/service\/([a-z0-9]+)"$/.exec(line)?.[1] ??
        /^\t\t([a-z0-9]+)\.ServicePackage\(ctx\),$/.exec(line)?.[1];
      return name === undefined || kept.has(name);
    })
    .join('\n');
}

/** Generated code: one import of an SDK package and one method for each client. */
export function dropClients(text: string, used: ReadonlySet<string>): string {
  const method =
    /func \(c \*AWSClient\) (\w+)Client\(ctx context\.Context\) \*(\w+)\.Client \{\n[\s\S]*?\n\}\n\n?/g;
  const packages = new Set<string>();
  const methods = text.replace(method, (whole: string, name: string, sdk: string) => {
    if (!used.has(name)) return '';
    packages.add(sdk);
    return whole;
  });
  return methods
    .split('\n')
    .filter((line) => {
      const [, alias, name] =
        /^\t(?:(\w+) )?"github\.com\/aws\/aws-sdk-go-v2\/service\/(\w+)"$/.exec(line) ?? [];
      return name === undefined || packages.has(alias ?? name);
    })
    .join('\n');
}

/** Names X of the methods XClient that the kept sources call. */
async function usedClients(root: string): Promise<Set<string>> {
  const used = new Set<string>();
  for (const file of await goFiles(join(root, 'internal'))) {
    if (file.endsWith(clients)) continue;
    for (const [, name] of (await readFile(file, 'utf8')).matchAll(/\.(\w+)Client\(ctx/g))
      if (name !== undefined) used.add(name);
  }
  return used;
}

async function goFiles(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && entry.name.endsWith('.go') && !entry.name.endsWith('_test.go'))
    .map((entry) => join(entry.parentPath, entry.name));
}

async function rewrite(path: string, change: (text: string) => string): Promise<void> {
  await writeFile(path, change(await readFile(path, 'utf8')));
}
