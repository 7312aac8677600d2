import type { Declared, Properties, Shape } from './declarations';

/** A type in a Pulumi package schema, as far as it is read here. */
interface SchemaType {
  readonly type?: string;
  readonly $ref?: string;
  readonly items?: SchemaType;
  readonly additionalProperties?: SchemaType;
  readonly oneOf?: readonly SchemaType[];
}

interface SchemaObject {
  readonly properties?: Readonly<Record<string, SchemaType>>;
  readonly required?: readonly string[];
}

/** A Pulumi package schema, as far as it is read here. */
export interface Schema {
  readonly types: Readonly<Record<string, SchemaObject>>;
  readonly resources: Readonly<
    Record<
      string,
      SchemaObject & {
        readonly inputProperties?: Readonly<Record<string, SchemaType>>;
        readonly requiredInputs?: readonly string[];
      }
    >
  >;
  readonly functions: Readonly<
    Record<string, { readonly inputs?: SchemaObject; readonly outputs?: SchemaObject }>
  >;
}

/** What the schema says of a resource. */
export function schemaResource(schema: Schema, token: string): Declared | undefined {
  const found = schema.resources[token];
  if (found === undefined) return undefined;
  const { inputProperties, requiredInputs } = found;
  const inputs = { properties: inputProperties ?? {}, required: requiredInputs ?? [] };
  return { inputs: propertiesOf(schema, inputs), outputs: propertiesOf(schema, found) };
}

/** What the schema says of a function. */
export function schemaFunction(schema: Schema, token: string): Declared | undefined {
  const found = schema.functions[token];
  return (
    found && { inputs: propertiesOf(schema, found.inputs), outputs: propertiesOf(schema, found.outputs) }
  );
}

function propertiesOf(schema: Schema, object: SchemaObject | undefined): Properties {
  const entries = Object.entries(object?.properties ?? {}).map(([name, type]) => {
    const optional = !(object?.required ?? []).includes(name);
    return [name, { optional, shape: shapeOf(schema, type) }] as const;
  });
  return new Map(entries);
}

function shapeOf(schema: Schema, type: SchemaType): Shape {
  const { $ref, oneOf, items, additionalProperties } = type;
  if ($ref?.startsWith('#/types/')) {
    const name = decodeURIComponent($ref.slice('#/types/'.length));
    return { kind: 'object', properties: () => propertiesOf(schema, schema.types[name]) };
  }
  if (oneOf) return { kind: 'string' };
  if (type.type === 'array') return { kind: 'list', of: items ? shapeOf(schema, items) : { kind: 'any' } };
  if (type.type === 'object')
    return {
      kind: 'map',
      of: additionalProperties ? shapeOf(schema, additionalProperties) : { kind: 'any' },
    };
  if (type.type === 'integer' || type.type === 'number') return { kind: 'number' };
  return { kind: type.type === 'boolean' ? 'boolean' : type.type === 'string' ? 'string' : 'any' };
}
