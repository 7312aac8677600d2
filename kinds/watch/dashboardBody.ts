import type { MirrorContext } from '../mirrorContext';
import { dimensionInDr, type InDrsTerms, textInDr, type Watching, watching } from './watched';

/** One widget, as AWS has it. */
interface Widget {
  readonly type?: string;
  readonly properties?: { readonly endpoint?: unknown };
}

/** A dashboard's body. */
export interface Body {
  readonly widgets?: readonly Widget[];
}

/** The body of a dashboard; undefined where it is no JSON object. Pure. */
export function parsedBody(text: string): Body | undefined {
  try {
    const body: unknown = JSON.parse(text);
    return typeof body === 'object' && body !== null && !Array.isArray(body) ? body : undefined;
  } catch {
    return undefined;
  }
}

/** What the custom widgets of a dashboard call, each once: ARNs of functions. Pure. */
export function customWidgets(text: string): string[] {
  const widgets = parsedBody(text)?.widgets;
  if (!Array.isArray(widgets)) return [];
  const endpoints = widgets
    .filter((widget: Widget) => isCustom(widget))
    .map(({ properties }: Widget) => String(properties?.endpoint ?? 'a function'));
  return [...new Set(endpoints)].sort();
}

/** Whether a widget is made by a function. */
export function isCustom(widget: unknown): boolean {
  return (widget as Widget | undefined)?.type === 'custom';
}

/** A dashboard as DR has it. */
export interface BodyInDr {
  /** With references in it. */
  readonly body: unknown;
  /** What is kept as it is though it names what only the source has. */
  readonly foreign: readonly string[];
  /** What the widgets call that are left out. */
  readonly leftOut: readonly string[];
}

/**
 * A dashboard's body in DR's terms, by its structure: account, region, ids of what is mirrored and of recovered machines, names of buckets. A
 * machine that is not recovered keeps the source's id. Widgets that functions make are left out: DR has no functions, and they run with the
 * rights of whoever looks.
 */
export function bodyInDr(body: Body, ctx: MirrorContext): BodyInDr {
  const machines = new Set(ctx.all('instance').map(({ id }) => id));
  const places = watching(ctx, (_kind, id) => (machines.has(id) ? ctx.machine(id, id) : undefined));
  const foreign = new Set<string>();
  const told = ({ value, foreign: more }: InDrsTerms): unknown => {
    for (const text of more) foreign.add(text);
    return value;
  };
  const walk = (part: unknown, name = ''): unknown => {
    if (typeof part === 'string') return told(textInDr(part, places));
    if (part === null || typeof part !== 'object') return part;
    if (Array.isArray(part))
      return name === 'metrics' ? rows(part, places, told, walk) : part.map((each) => walk(each));
    return Object.fromEntries(Object.entries(part).map(([key, inner]) => [key, walk(inner, key)]));
  };
  const { widgets } = body;
  const kept = Array.isArray(widgets)
    ? { ...body, widgets: widgets.filter((each) => !isCustom(each)) }
    : body;
  const leftOut = customWidgets(JSON.stringify(body));
  return { body: walk(kept), foreign: [...foreign].sort(), leftOut };
}

/**
 * The metrics of a widget: `[namespace, name, dimension, value, …, options]`. `.` stands for what the row before has there, and `...` for all
 * but the end of it: both are written out, so that each value is told by its dimension.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html#CloudWatch-Dashboard-Properties-Metrics-Array-Format
 */
function rows(
  metrics: readonly unknown[],
  places: Watching,
  told: (terms: InDrsTerms) => unknown,
  walk: (part: unknown) => unknown,
): unknown[] {
  let before: unknown[] = [];
  return metrics.map((row) => {
    if (!Array.isArray(row)) return walk(row);
    const options = row.filter((part) => typeof part === 'object');
    const words = row.filter((part) => typeof part !== 'object');
    // An expression is no metric, and stands for nothing in the row after it.
    if (words.length === 0) return options.map((part) => walk(part));
    const [first, ...rest] = words;
    const full = first === '...' ? [...before.slice(0, before.length - rest.length), ...rest] : words;
    before = full.map((word, index) => (word === '.' ? before[index] : word));
    const mirrored = before.map((word, index) =>
      index >= 3 && index % 2 === 1 && typeof word === 'string'
        ? told(dimensionInDr(String(before[index - 1]), word, places))
        : word,
    );
    return [...mirrored, ...options.map((part) => walk(part))];
  });
}
