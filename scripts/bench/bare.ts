import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { HEAP_GROWTH } from '../../components/saveMemory';
import { DR, type Stage, succeeded } from '../demo/stage';

/** The directory and project of the bare program on a stage. */
export const BARE = 'bare';

const STACK = 'dr';
const REPOSITORY = resolve(__dirname, '../..');

/** A resource as the engine keeps it; what is not named here is passed on as it is. */
export interface StateResource {
  readonly urn: string;
  readonly type: string;
  readonly custom: boolean;
  readonly id?: string;
  readonly inputs?: Readonly<Record<string, unknown>>;
  readonly ignoreChanges?: readonly string[];
}

/** One resource of the bare program. */
interface BareResource {
  readonly type: string;
  readonly name: string;
  readonly args: unknown;
  readonly ignoreChanges?: readonly string[];
}

/**
 * Lays out a bare Pulumi program and its stack: as many resources of the same types as the mirror has, with literal arguments, in a
 * loop of `new aws.…`. Its state is the mirror's, rewritten, so that it has nothing to do from the start: both stand for the same
 * objects.
 *
 * @returns how many resources it has, its provider not counted
 */
export async function layBare(stage: Stage): Promise<number> {
  const directory = join(stage.directory, BARE);
  mkdirSync(directory);
  for (const linked of ['node_modules', 'package.json', 'tsconfig.json'])
    symlinkSync(join(REPOSITORY, linked), join(directory, linked));
  const exported = succeeded(await stage.pulumi('.', ['stack', 'export', '--stack', STACK]));
  const state = JSON.parse(exported.stdout) as { deployment: { resources: StateResource[] } };
  const { program, resources } = bareState(state.deployment.resources);
  const bare = { ...state, deployment: { ...state.deployment, resources } };
  writeFileSync(join(directory, 'state.json'), JSON.stringify(bare));
  writeFileSync(join(directory, 'resources.json'), JSON.stringify(program));
  writeFileSync(join(directory, 'index.ts'), PROGRAM);
  writeFileSync(
    join(directory, 'Pulumi.yaml'),
    `name: ${BARE}\nmain: index.ts\nruntime:\n  name: nodejs\n  options:\n    packagemanager: npm\n`,
  );
  succeeded(await stage.pulumi(BARE, ['stack', 'init', STACK]));
  succeeded(
    await stage.pulumi(BARE, ['stack', 'import', '--stack', STACK, '--file', join(directory, 'state.json')]),
  );
  return program.length;
}

/**
 * The program that a person would write: it knows each id, looks nothing up, and asks nothing first. It has the settings of ours: no
 * stacks, and a heap that is collected as soon. Without them it takes twice as long.
 */
const PROGRAM = `import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import * as aws from '@pulumi/aws';

setFlagsFromString('--heap-growing-percent=${HEAP_GROWTH}');
Error.stackTraceLimit = 0;

const provider = new aws.Provider('dr', { region: '${DR.region}', allowedAccountIds: ['${DR.account}'] });
const resources = JSON.parse(readFileSync(join(__dirname, 'resources.json'), 'utf8'));
for (const { type, name, args, ignoreChanges } of resources) {
  const [, module, Class] = type.split(':');
  new (aws as any)[module.split('/')[0]][Class](name, args, { provider, ignoreChanges });
}
`;

/**
 * Makes of the mirror's state that of a program without components: its own names, no parents, no references. Pure.
 *
 * @param mirror the resources of the mirror's stack
 */
export function bareState(mirror: readonly StateResource[]): {
  program: BareResource[];
  resources: unknown[];
} {
  const urnOf = (type: string, name: string) => `urn:pulumi:${STACK}::${BARE}::${type}::${name}`;
  const stack = urnOf('pulumi:pulumi:Stack', `${BARE}-${STACK}`);
  const provider = mirror.find(({ type }) => type === 'pulumi:providers:aws');
  if (!provider) throw new Error('The state of the mirror has no provider');
  const providerUrn = urnOf(provider.type, nameOf(provider));
  const mirrored = mirror.filter(
    ({ custom, type, urn }) => custom && type.startsWith('aws:') && urn.includes('::lifeboat:index:Mirror$'),
  );
  return {
    program: mirrored.map((each) => ({
      type: each.type,
      name: nameOf(each),
      args: literal(each.inputs),
      ignoreChanges: each.ignoreChanges,
    })),
    resources: [
      { urn: stack, custom: false, type: 'pulumi:pulumi:Stack' },
      { ...unbound(provider), urn: providerUrn, parent: stack },
      ...mirrored.map((each) => ({
        ...unbound(each),
        urn: urnOf(each.type, nameOf(each)),
        parent: stack,
        provider: `${providerUrn}::${provider.id}`,
      })),
    ],
  };
}

/** A resource's name: the last part of its URN, which may hold colons. */
function nameOf({ urn }: StateResource): string {
  return urn.split('::').slice(3).join('::');
}

function unbound(resource: StateResource): object {
  const bound = [
    'dependencies',
    'propertyDependencies',
    'deletedWith',
    'replaceWith',
    'aliases',
    'sourcePosition',
    'stackTrace',
    'protect',
  ];
  return Object.fromEntries(Object.entries(resource).filter(([key]) => !bound.includes(key)));
}

/** Inputs as a program gives them: without what the provider added by itself, which it names. */
function literal(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(literal);
  if (value === null || typeof value !== 'object') return value;
  const { __defaults, ...given } = value as Record<string, unknown>;
  const added = Array.isArray(__defaults) ? __defaults : [];
  return Object.fromEntries(
    Object.entries(given)
      .filter(([key]) => !added.includes(key))
      .map(([key, part]) => [key, literal(part)]),
  );
}
