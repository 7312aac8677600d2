import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LifeboatError } from '../../errors';
import { copyTree } from '../copyTree';
import { type Part, versionVariable } from './part';

const sdk = 'github.com/pulumi/pulumi/sdk/v3';
const program = 'pulumi-language-nodejs';

/**
 * The program that runs Node programs for the engine. Later versions are a module of their own, which is not served as
 * one; this is the last that was not, and it runs today's programs but for one thing: it stands between program and
 * engine with a proxy that knows only the calls of its day. Resource hooks got UNIMPLEMENTED for an answer, and
 * transforms broke. So the program is given the engine's own address.
 */
export const languageNodejs: Part = {
  name: 'language-nodejs',
  title: 'language host for Node',
  recipes: [__filename, require.resolve('../copyTree')],
  program,
  version: (versions) => versions.languageHost,
  async build({ go, versions, into, work }) {
    await copyTree(join(__dirname, '..', 'language-nodejs'), work);
    await copyTree(await go.directoryOf(work, sdk), join(work, 'sdk'), (path) => !path.endsWith('_test.go'));
    const main = join(work, 'sdk', 'nodejs', 'cmd', program, 'main.go');
    await writeFile(main, withoutProxy(await readFile(main, 'utf8')));
    await go.replace(work, sdk, './sdk');
    await go.build(work, `${sdk}/nodejs/cmd/${program}`, join(into, program), {
      [versionVariable]: `v${versions.languageHost}`,
    });
  },
};

/**
 * Hands the engine's address to the program, in place of the proxy's. The proxy still runs, and serves nobody.
 *
 * @throws LifeboatError when the place is not there: a host of another version needs to be looked at anew
 */
export function withoutProxy(main: string): string {
  const own = '\t\tfmt.Sprintf("127.0.0.1:%d", handle.Port), pipes.directory())';
  if (main.split(own).length !== 2)
    throw new LifeboatError({
      what: 'The language host is not the one that the build knows how to mend',
      got: 'a main.go without the line to change',
      expected: own.trim(),
      next: 'go back to the version in toolchain/language-nodejs/go.mod as committed',
    });
  return main.replace(own, '\t\treq.GetMonitorAddress(), pipes.directory())');
}
