import { canonical } from '../../inventory/inventory';

/** A value of an object for people: text as it is, nothing as a dash, anything else as JSON. */
export function valueText(value: unknown): string {
  if (value === undefined || value === null) return '–';
  return typeof value === 'string' ? value : canonical(value);
}
