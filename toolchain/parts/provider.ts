import { copyFile, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { copyTree } from '../copyTree';
import { run } from '../run';
import type { Part } from './part';
import { trimProvider } from './trimProvider';

const upstream = 'github.com/hashicorp/terraform-provider-aws';
const program = 'pulumi-resource-aws';
/** What the generator writes; the plugin carries both, and tests read the schema. */
const generated = ['schema.json', 'bridge-metadata.json'];

/** The AWS plugin, for the resources in toolchain/provider/resources.json. */
export const provider: Part = {
  name: 'provider',
  title: 'AWS plugin',
  recipes: [__filename, require.resolve('./trimProvider'), require.resolve('../copyTree')],
  program,
  version: (versions) => versions.aws,
  async build({ go, versions, into, work }) {
    const variables = { 'lifeboat/toolchain/provider.Version': versions.aws };
    const own = join(__dirname, '..', 'provider');
    await copyTree(own, work);
    const { services } = JSON.parse(await readFile(join(own, 'resources.json'), 'utf8')) as {
      services: string[];
    };
    await trimProvider(await go.directoryOf(work, upstream), join(work, 'upstream'), services);
    await go.replace(work, upstream, './upstream');

    const generator = join(work, 'pulumi-tfgen-aws');
    await go.build(work, './cmd/pulumi-tfgen-aws', generator, variables);
    const out = join(work, 'generated');
    await mkdir(out);
    await run(generator, ['schema', '--skip-docs', '--skip-examples', '--out', out], { cwd: work });
    for (const file of generated) {
      await copyFile(join(out, file), join(work, 'cmd', program, file));
      await copyFile(join(out, file), join(into, file));
    }
    await go.build(work, `./cmd/${program}`, join(into, program), variables);
  },
};
