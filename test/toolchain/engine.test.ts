import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect } from 'chai';
import { run } from '../../toolchain/run';
import { type Toolchain, toolchain } from '../../toolchain/toolchain';
import { versions } from '../../toolchain/versions';
import { scratchDirectory } from './scratch';

/** Hooks write into a log; a transform changes an input. What the program does is chosen by its environment. */
const hooksProgram = `
const { appendFileSync } = require('node:fs');
const pulumi = require('@pulumi/pulumi');

const hook = (name) =>
  new pulumi.ResourceHook(name, (args) => {
    appendFileSync(process.env.HOOK_LOG, name + ' ' + args.name + '\\n');
    if (process.env.FAILING_HOOK === name) throw new Error('the hook says no');
  });
const hooks = {
  beforeCreate: [hook('before-create')],
  afterCreate: [hook('after-create')],
  beforeDelete: [hook('before-delete')],
};
pulumi.runtime.registerResourceTransform((args) =>
  args.type === 'pulumi:index:Stash' ? { props: { input: args.props.input + ', transformed' }, opts: args.opts } : undefined,
);
if (process.env.WITHOUT_STASH === undefined) {
  const stash = new pulumi.Stash('kept', { input: 'as written' }, { hooks });
  exports.stash = stash.output;
}
`;

const pluginProgram = `
const aws = require('@pulumi/aws');

const provider = new aws.Provider('eu', {
  region: 'eu-west-1',
  accessKey: 'AKIAIOSFODNN7EXAMPLE',
  secretKey: 'nobody checks it',
  skipCredentialsValidation: true,
  skipRequestingAccountId: true,
  skipMetadataApiCheck: true,
});
new aws.ec2.Vpc('vpc', { cidrBlock: '10.0.0.0/16' }, { provider });
new aws.iam.Role('role', { assumeRolePolicy: { Version: '2012-10-17', Statement: [] } }, { provider });
`;

describe('the engine that was found', function () {
  this.timeout(1_800_000); // with nothing cached this is where the toolchain is built
  const scratch = scratchDirectory();
  let found: Toolchain;

  before(async () => {
    found = await toolchain();
  });

  /** Lays out a project with a stack of its own in a state of its own. Returns a way to run the engine in it. */
  async function project(name: string, program: string) {
    const directory = join(scratch(), name);
    mkdirSync(join(directory, 'state'), { recursive: true });
    writeFileSync(join(directory, 'Pulumi.yaml'), `name: ${name}\nruntime: nodejs\n`);
    writeFileSync(join(directory, 'package.json'), '{ "private": true }\n');
    writeFileSync(join(directory, 'index.js'), program);
    symlinkSync(resolve(__dirname, '..', '..', 'node_modules'), join(directory, 'node_modules'));
    const env = {
      ...process.env,
      ...found.env,
      PULUMI_BACKEND_URL: `file://${join(directory, 'state')}`,
      PULUMI_CONFIG_PASSPHRASE: 'for a test',
    };
    const pulumi = (args: string[], more: Record<string, string> = {}) =>
      run(found.pulumi, [...args, '--non-interactive'], {
        cwd: directory,
        env: { ...env, ...more },
        limitMs: 120_000,
      });
    await pulumi(['stack', 'init', 'test']);
    return { directory, pulumi };
  }

  it('runs resource hooks and transforms of a Node program', async () => {
    const { directory, pulumi } = await project('hooks', hooksProgram);
    const log = join(directory, 'hooks.log');
    const HOOK_LOG = log;
    await pulumi(['up', '--yes', '--skip-preview'], { HOOK_LOG });
    expect(readFileSync(log, 'utf8')).to.equal('before-create kept\nafter-create kept\n');
    expect(JSON.parse(await pulumi(['stack', 'output', '--json']))).to.deep.equal({
      stash: 'as written, transformed',
    });
    await pulumi(['up', '--yes', '--skip-preview', '--expect-no-changes'], { HOOK_LOG });
  });

  it('keeps a resource whose hook before deletion fails', async () => {
    const { directory, pulumi } = await project('keeps', hooksProgram);
    const HOOK_LOG = join(directory, 'hooks.log');
    const without = { HOOK_LOG, WITHOUT_STASH: '1', FAILING_HOOK: 'before-delete' };
    await pulumi(['up', '--yes', '--skip-preview'], { HOOK_LOG });
    const failure = await pulumi(['up', '--yes', '--skip-preview'], without).then(
      () => undefined,
      (error: Error) => error.message,
    );
    expect(failure).to.contain('the hook says no');
    expect(await pulumi(['stack', 'export'])).to.contain('pulumi:index:Stash::kept');
  });

  it('starts the AWS plugin of the wanted version, without a warning', async () => {
    const { pulumi } = await project('plugin', pluginProgram);
    const preview = JSON.parse(await pulumi(['preview', '--json'])) as {
      steps: { urn: string; newState: { inputs: Record<string, unknown> } }[];
      diagnostics?: { severity: string; message: string }[];
    };
    const inputs = (type: string) =>
      preview.steps.find(({ urn }) => urn.includes(`::${type}::`))?.newState.inputs;
    expect(preview.diagnostics ?? []).to.deep.equal([]);
    expect(inputs('pulumi:providers:aws')).to.include({ version: versions().aws });
    expect(inputs('aws:ec2/vpc:Vpc')).to.include({ cidrBlock: '10.0.0.0/16', region: 'eu-west-1' });
    expect(inputs('aws:iam/role:Role')).to.include({
      assumeRolePolicy: '{"Statement":[],"Version":"2012-10-17"}',
    });
  });
});
