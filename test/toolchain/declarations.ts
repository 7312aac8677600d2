import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import ts from 'typescript';

/** A property's type as far as the engine cares: a scalar's kind, or the shape around other types. */
export type Shape =
  | { readonly kind: 'string' | 'number' | 'boolean' | 'any' }
  | { readonly kind: 'list' | 'map'; readonly of: Shape }
  | { readonly kind: 'object'; readonly properties: () => Properties };

/** Properties by name. */
export type Properties = ReadonlyMap<string, { readonly optional: boolean; readonly shape: Shape }>;

/** What a package declares of one resource or function. */
export interface Declared {
  readonly inputs: Properties;
  readonly outputs: Properties;
}

/** The root of the installed @pulumi/aws. */
export const awsRoot = dirname(require.resolve('@pulumi/aws/package.json'));

/** Reads the declaration of a resource, by its token, or nothing when the package has no such token. */
export function declaredResource(token: string): Declared | undefined {
  const [file, name] = fileOf(token);
  if (
    !existsSync(`${file}.d.ts`) ||
    !readFileSync(`${file}.js`, 'utf8').includes(`__pulumiType = '${token}'`)
  )
    return undefined;
  const source = parse(`${file}.d.ts`);
  return { inputs: interfaceIn(source, `${name}Args`), outputs: outputsOf(source, name) };
}

/** Reads the declaration of a function, by its token, or nothing when the package has no such token. */
export function declaredFunction(token: string): Declared | undefined {
  const [file, name] = fileOf(token);
  if (!existsSync(`${file}.d.ts`) || !readFileSync(`${file}.js`, 'utf8').includes(`"${token}"`))
    return undefined;
  const source = parse(`${file}.d.ts`);
  const type = `${name[0]?.toUpperCase()}${name.slice(1)}`;
  return { inputs: interfaceIn(source, `${type}Args`), outputs: interfaceIn(source, `${type}Result`) };
}

/** `aws:ec2/vpc:Vpc` is class Vpc of ec2/vpc; those of `index` lie at the root. */
function fileOf(token: string): [file: string, name: string] {
  const [, place = '', name = ''] = token.split(':');
  return [join(awsRoot, place.replace(/^index\//, '')), name];
}

const parsed = new Map<string, ts.SourceFile>();

function parse(path: string): ts.SourceFile {
  const source =
    parsed.get(path) ?? ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.ES2022, true);
  parsed.set(path, source);
  return source;
}

/** The members of an interface, which lies in the namespaces before the last dot. No such interface: no properties. */
function interfaceIn(source: ts.SourceFile, path: string): Properties {
  let statements: readonly ts.Statement[] = source.statements;
  const names = path.split('.');
  for (const namespace of names.slice(0, -1))
    statements = statements.filter(ts.isModuleDeclaration).flatMap((each) => {
      return each.name.text === namespace && each.body && ts.isModuleBlock(each.body)
        ? [...each.body.statements]
        : [];
    });
  const found = statements.find((each) => ts.isInterfaceDeclaration(each) && each.name.text === names.at(-1));
  return properties(found && ts.isInterfaceDeclaration(found) ? found.members : []);
}

function outputsOf(source: ts.SourceFile, name: string): Properties {
  const found = source.statements.find((each) => ts.isClassDeclaration(each) && each.name?.text === name);
  const members = found && ts.isClassDeclaration(found) ? found.members : [];
  return properties(members.filter(ts.isPropertyDeclaration));
}

function properties(members: Iterable<ts.ClassElement | ts.TypeElement>): Properties {
  const result = new Map<string, { optional: boolean; shape: Shape }>();
  for (const member of members) {
    if (!(ts.isPropertyDeclaration(member) || ts.isPropertySignature(member)) || !member.type) continue;
    const optional = member.questionToken !== undefined || /\bundefined\b/.test(member.type.getText());
    result.set(member.name.getText(), { optional, shape: shapeOf(member.type) });
  }
  return result;
}

/** The shape of a type as it is written. Wrappers and `undefined` fall away; of alternatives the plain string counts. */
function shapeOf(node: ts.TypeNode): Shape {
  if (ts.isUnionTypeNode(node)) {
    const types = node.types.filter((each) => each.kind !== ts.SyntaxKind.UndefinedKeyword);
    const shapes = types.map(shapeOf);
    return shapes.find(({ kind }) => kind === 'string') ?? shapes[0] ?? { kind: 'any' };
  }
  if (ts.isArrayTypeNode(node)) return { kind: 'list', of: shapeOf(node.elementType) };
  if (ts.isTypeLiteralNode(node)) {
    const index = node.members.find(ts.isIndexSignatureDeclaration);
    return { kind: 'map', of: index ? shapeOf(index.type) : { kind: 'any' } };
  }
  if (ts.isParenthesizedTypeNode(node)) return shapeOf(node.type);
  if (ts.isTypeReferenceNode(node)) return shapeOfReference(node);
  if (node.kind === ts.SyntaxKind.NumberKeyword) return { kind: 'number' };
  if (node.kind === ts.SyntaxKind.BooleanKeyword) return { kind: 'boolean' };
  return { kind: node.kind === ts.SyntaxKind.StringKeyword ? 'string' : 'any' };
}

function shapeOfReference(node: ts.TypeReferenceNode): Shape {
  const name = node.typeName.getText();
  const [first = '', ...path] = name.split('.');
  const argument = node.typeArguments?.[0];
  if (/^pulumi\.(Input|Output)$/.test(name) && argument) return shapeOf(argument);
  if (name === 'pulumi.Archive' || name.startsWith('pulumi.asset')) return { kind: 'any' };
  if (first === 'inputs' || first === 'outputs') {
    const file = join(awsRoot, 'types', `${first.slice(0, -1)}.d.ts`);
    return { kind: 'object', properties: () => interfaceIn(parse(file), path.join('.')) };
  }
  // What is left are names for strings: ARN, enumerations, and resources that stand for their id or name.
  return { kind: 'string' };
}
