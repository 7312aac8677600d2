import { setFlagsFromString } from 'node:v8';
import * as log from '@pulumi/pulumi/log';

/** By how much the heap may grow, in percent of what was in use, before it is collected. V8 lets a large one grow to the fourfold. */
export const HEAP_GROWTH = 50;
/** Characters of a debug message that are kept. */
const KEPT = 2_000;

/**
 * Has this process take less memory from now on.
 *
 * - Its heap is collected sooner: most of it is garbage for as long as there is room. Node takes this setting neither from NODE_OPTIONS
 *   nor, with every language host, from Pulumi.yaml.
 * - Debug messages are cut short. The runtime logs the answer to every call as one message, whether or not anybody reads it; the state
 *   of 5,000 resources is 20 MB as text, which is then encoded as an array of numbers: a third of a gigabyte at once.
 */
export function saveMemory(): void {
  setFlagsFromString(`--heap-growing-percent=${HEAP_GROWTH}`);
  const { debug } = log;
  const short: typeof debug = (message, ...others) => debug(message.slice(0, KEPT), ...others);
  // The runtime calls it through the module, so that this reaches it.
  Object.assign(log, { debug: short });
}
