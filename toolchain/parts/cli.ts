import { join } from 'node:path';
import { type Part, versionVariable } from './part';

const module = join(__dirname, '..', 'cli');

/** The engine, as its authors wrote it. */
export const cli: Part = {
  name: 'cli',
  title: 'Pulumi engine',
  recipes: [__filename],
  program: 'pulumi',
  version: (versions) => versions.engine,
  async build({ go, versions, into }) {
    await go.build(module, 'github.com/pulumi/pulumi/pkg/v3/cmd/pulumi', join(into, this.program), {
      [versionVariable]: `v${versions.engine}`,
    });
  },
};
