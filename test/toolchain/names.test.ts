import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect } from 'chai';
import { run } from '../../toolchain/run';
import { toolchain } from '../../toolchain/toolchain';
import { versions } from '../../toolchain/versions';
import {
  type Declared,
  declaredFunction,
  declaredResource,
  type Properties,
  type Shape,
} from './declarations';
import { type Schema, schemaFunction, schemaResource } from './schema';

const mapped = JSON.parse(
  readFileSync(require.resolve('../../toolchain/provider/resources.json'), 'utf8'),
) as {
  resources: Record<string, string>;
  functions: Record<string, string>;
};

describe('the built AWS plugin against the declarations of @pulumi/aws', function () {
  this.timeout(1_800_000); // with nothing cached this is where the toolchain is built
  let schema: Schema;
  let plugin: string;

  before(async function () {
    const found = await toolchain();
    // Another way leads to the official plugin, which has no map of ours to check.
    if (found.schema === undefined) this.skip();
    plugin = join(dirname(found.schema), 'pulumi-resource-aws');
    schema = JSON.parse(readFileSync(found.schema, 'utf8')) as Schema;
  });

  it('has the version that is installed, and wanted', async () => {
    const installed = require('@pulumi/aws/package.json') as { version: string };
    expect((await run(plugin, ['--version'])).trim()).to.equal(installed.version);
    expect(versions().aws).to.equal(installed.version);
  });

  it('compares something', () => {
    expect(Object.keys(mapped.resources)).to.have.length.above(100);
    expect(declaredResource('aws:ec2/vpc:Vpc')?.inputs.get('cidrBlock')?.shape.kind).to.equal('string');
    expect(declaredResource('aws:ec2/vpc:Vpc')?.outputs.has('arn')).to.equal(true);
  });

  for (const [name, token] of Object.entries(mapped.resources))
    it(`${name} is ${token}`, () => {
      expect(differences(schemaResource(schema, token), declaredResource(token))).to.deep.equal([]);
    });

  for (const [name, token] of Object.entries(mapped.functions))
    it(`${name}, a look-up, is ${token}`, () => {
      expect(differences(schemaFunction(schema, token), declaredFunction(token))).to.deep.equal([]);
    });
});

function differences(plugin: Declared | undefined, declared: Declared | undefined): string[] {
  if (plugin === undefined) return ['the plugin does not have the token'];
  if (declared === undefined) return ['@pulumi/aws does not have the token'];
  return [
    ...between('input', plugin.inputs, declared.inputs, true),
    ...between('output', plugin.outputs, declared.outputs, false),
  ];
}

/** Names and shapes that differ, and for inputs what one side requires and the other does not. */
function between(path: string, plugin: Properties, declared: Properties, isInput: boolean): string[] {
  const result: string[] = [];
  for (const name of new Set([...plugin.keys(), ...declared.keys()])) {
    const [ours, theirs] = [plugin.get(name), declared.get(name)];
    const place = `${path}.${name}`;
    // Every resource and every answer to a look-up has an id; one side takes that as said.
    if (name === 'id' && path === 'output') continue;
    if (!ours || !theirs) {
      result.push(`${place}: only ${ours ? 'the plugin' : '@pulumi/aws'} has it`);
      continue;
    }
    if (isInput && ours.optional !== theirs.optional)
      result.push(`${place}: required only by ${theirs.optional ? 'the plugin' : '@pulumi/aws'}`);
    result.push(...betweenShapes(place, ours.shape, theirs.shape, isInput));
  }
  return result;
}

function betweenShapes(place: string, ours: Shape, theirs: Shape, isInput: boolean): string[] {
  if (ours.kind === 'object' && theirs.kind === 'object') {
    // Rules of some kinds hold themselves, level after level; the declarations stop at the same depth as the schema.
    return between(place, ours.properties(), theirs.properties(), isInput);
  }
  if ('of' in ours && 'of' in theirs && ours.kind === theirs.kind)
    return betweenShapes(`${place}[]`, ours.of, theirs.of, isInput);
  return ours.kind === theirs.kind
    ? []
    : [`${place}: ${ours.kind} to the plugin, ${theirs.kind} to @pulumi/aws`];
}
