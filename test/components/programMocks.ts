import {
  type ComponentResource,
  type ComponentResourceOptions,
  type CustomResourceOptions,
  type Output,
  output,
  type Resource,
  type ResourceTransformation,
  runtime,
} from '@pulumi/pulumi';

/** One custom resource as the engine was asked for it. */
export interface Registered {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  readonly inputs: Record<string, unknown>;
  readonly options: CustomResourceOptions;
}

let fail: (error: Error) => void = () => {};

/** What a mock throws, said to the test as well: the runtime alone would wait for ever. */
function unplanned(what: string): Error {
  const error = new Error(`nobody planned ${what}`);
  fail(error);
  return error;
}

/** Sets an engine that knows these types of resources, and throws on any other and on every call. */
export async function withMocks(types: readonly string[]): Promise<void> {
  await runtime.setMocks(
    {
      newResource({ type, name, inputs }) {
        if (type.startsWith('lifeboat:')) return { id: '', state: {} };
        if (!types.includes(type)) throw unplanned(`a ${type}, ${name}`);
        const state = {
          ...inputs,
          arn: `arn:${name}`,
          keyId: `id-of-${name}`,
          bucket: inputs.bucket ?? name,
        };
        return { id: `id-of-${name}`, state };
      },
      call({ token }) {
        throw unplanned(`a call of ${token}`);
      },
    },
    'lifeboat-test',
    'dr',
  );
}

/** What a piece of program registers, each known to the engine by its URN. */
export async function registered(
  work: (options: ComponentResourceOptions) => ComponentResource,
): Promise<readonly Registered[]> {
  const seen: Registered[] = [];
  const waiting: Promise<unknown>[] = [];
  const transformations: ResourceTransformation[] = [
    ({ type, name, props, opts, resource }) => {
      if (type.startsWith('aws:'))
        waiting.push(
          known(resource, props).then((rest) => seen.push({ type, name, options: opts, ...rest })),
        );
      return undefined;
    },
  ];
  const failed = new Promise<never>((_, reject) => {
    fail = reject;
  });
  work({ transformations });
  // Registering one may let another go on, so that the list grows while it is awaited.
  for (let done = 0; done < waiting.length; done += 1) await Promise.race([waiting[done], failed]);
  return seen;
}

async function known(resource: Resource, props: object): Promise<Pick<Registered, 'urn' | 'inputs'>> {
  // A resource's URN is set by its constructor, which goes on only after the transformations.
  await Promise.resolve();
  const [urn, inputs] = await Promise.all([settled(resource.urn), settled(props)]);
  return { urn: urn as string, inputs: inputs as Record<string, unknown> };
}

function settled(value: unknown): Promise<unknown> {
  return new Promise((resolve) => {
    (output(value as object) as Output<object>).apply(resolve);
  });
}
