import type { Deps } from '../command';

/** The terminal's codes, and the one that ends a colour. */
const CODES = { green: 32, red: 31, yellow: 33 } as const;
const END = 39;

/** Words in colour where results go to a terminal, and as they are elsewhere; NO_COLOR is obeyed. */
export function colours({ stdout, env }: Pick<Deps, 'stdout' | 'env'>) {
  const isOn = stdout.isTTY === true && !env.NO_COLOR;
  const paint = (colour: keyof typeof CODES) => (text: string) =>
    isOn ? `\u001b[${CODES[colour]}m${text}\u001b[${END}m` : text;
  return { added: paint('green'), removed: paint('red'), changed: paint('yellow') };
}
