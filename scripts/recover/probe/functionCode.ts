import { strToU8, zipSync } from 'fflate';

/** A port that is asked, at an address of the function's VPC. */
export interface Probed {
  readonly address: string;
  readonly port: number;
}

/** What a function that probes is invoked with. */
export interface ProbeEvent {
  readonly targets: readonly Probed[];
  /** How long each port may take, in milliseconds. All are asked at once. */
  readonly timeoutMs: number;
}

/** What its handler is called where Lambda looks for it. */
export const HANDLER = 'index.handler';

/** How it answers for a port that takes a connection. For any other it says why. */
export const ANSWERS = 'ok';

/**
 * The code, as Lambda runs it: it opens a connection to each port, says nothing over it, and closes it. In CommonJS, and without any package, so
 * that nothing has to be built.
 */
export const SOURCE = `'use strict';
const net = require('node:net');
const WORDS = { ECONNREFUSED: 'connection refused', ETIMEDOUT: 'timed out' };
const ask = ({ address, port }, timeoutMs) =>
  new Promise((answer) => {
    const socket = net.connect({ host: address, port });
    const end = (how) => {
      socket.destroy();
      answer(how);
    };
    socket.setTimeout(timeoutMs, () => end('timed out'));
    socket.once('connect', () => end('${ANSWERS}'));
    socket.once('error', (error) => end(WORDS[error.code] || error.code || error.message));
  });
exports.handler = ({ targets, timeoutMs }) => Promise.all(targets.map((target) => ask(target, timeoutMs)));
`;

/** The code as Lambda takes it: https://docs.aws.amazon.com/lambda/latest/dg/configuration-function-zip.html */
export function zippedCode(): Uint8Array {
  return zipSync({ 'index.js': strToU8(SOURCE) });
}
