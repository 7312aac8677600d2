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
