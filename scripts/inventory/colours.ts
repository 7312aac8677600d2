import { styleText } from 'node:util';
import type { Deps } from '../command';

/** Words in colour where results go to a terminal, and as they are elsewhere; NO_COLOR is obeyed. */
export function colours({ stdout, env }: Pick<Deps, 'stdout' | 'env'>) {
  const isOn = stdout.isTTY === true && !env.NO_COLOR;
  const paint = (colour: 'green' | 'red' | 'yellow') => (text: string) =>
    isOn ? styleText(colour, text) : text;
  return { added: paint('green'), removed: paint('red'), changed: paint('yellow') };
}
