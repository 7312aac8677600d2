import { type AddressInfo, createServer, Socket } from 'node:net';
import { expect } from 'chai';
import { strFromU8, unzipSync } from 'fflate';
import { HANDLER, type ProbeEvent, zippedCode } from '../../../../scripts/recover/probe/functionCode';

/**
 * The code as Lambda would load it, out of its archive.
 *
 * @param load what it asks for Node's modules. Default: the real ones
 */
function loaded(load: (module: string) => unknown = require): (event: ProbeEvent) => Promise<string[]> {
  const files = unzipSync(zippedCode());
  const [file = '', name = ''] = HANDLER.split('.');
  const module = { exports: {} as Record<string, (event: ProbeEvent) => Promise<string[]>> };
  new Function('require', 'module', 'exports', strFromU8(files[`${file}.js`] ?? new Uint8Array()))(
    load,
    module,
    module.exports,
  );
  const handler = module.exports[name];
  if (!handler) throw new Error(`no ${HANDLER}`);
  return handler;
}

describe('the code that probes ports', () => {
  it('says of each port, in order, that it answers or why it does not', async () => {
    const server = createServer();
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const { port } = server.address() as AddressInfo;
    const closed = createServer();
    await new Promise<void>((done) => closed.listen(0, '127.0.0.1', done));
    const refused = (closed.address() as AddressInfo).port;
    await new Promise((done) => closed.close(done));
    try {
      const targets = [refused, port, refused].map((each) => ({ address: '127.0.0.1', port: each }));
      expect(await loaded()({ targets, timeoutMs: 2000 })).to.deep.equal([
        'connection refused',
        'ok',
        'connection refused',
      ]);
    } finally {
      await new Promise((done) => server.close(done));
    }
  });

  it('waits for none longer than it may', async () => {
    const begun = Date.now();
    // A socket of Node's whose packets nobody answers.
    const silent = { connect: () => new Socket() };
    const answers = await loaded(() => silent)({
      targets: [1, 2].map((port) => ({ address: '192.0.2.1', port })),
      timeoutMs: 100,
    });
    expect(answers).to.deep.equal(['timed out', 'timed out']);
    expect(Date.now() - begun).to.be.within(90, 1500);
  });
});
