import { RunError } from '@pulumi/pulumi';
import { LifeboatError } from '../errors';

/**
 * Runs a program so that an error made for people reaches them as its message, without a stack.
 *
 * The engine's Node runtime formats the stack of every uncaught error with colours, which for paths under node_modules takes
 * Node 20 some 17 s and 4 GB; without a stack it prints the message at once.
 */
export async function withPlainErrors<T>(program: () => Promise<T>): Promise<T> {
  try {
    return await program();
  } catch (error) {
    if (!(error instanceof LifeboatError)) throw error;
    const plain = new RunError(error.message);
    plain.stack = undefined;
    throw plain;
  }
}
