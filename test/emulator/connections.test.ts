import { Agent, type IncomingMessage, request } from 'node:http';
import { connect } from 'node:net';
import { CreateBucketCommand, GetObjectCommand } from '@aws-sdk/client-s3';
import { expect } from 'chai';
import { accessKey } from './emulator';
import { Clients, HERE, newAccount, useEmulator } from './support';

describe('emulator: connections', () => {
  const emulator = useEmulator();

  it('stay open: calls one after the other need no more than one', async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const sockets = new Set<unknown>();
    for (let call = 0; call < 3; call += 1) {
      const answer = await get(`${emulator().url}/_emulator/state`, agent);
      sockets.add(answer.socket);
      answer.resume();
      await new Promise((ended) => answer.on('end', ended));
    }
    expect(sockets.size).to.equal(1);
    agent.destroy();
  });

  it('are closed where the client asks for it, and where what comes is no HTTP', async () => {
    const host = new URL(emulator().url).host;
    const ask = `GET /_emulator/state HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`;
    expect(await conversation(emulator().url, ask)).to.match(/^HTTP\/1\.1 200 OK\r\n/);
    expect(await conversation(emulator().url, 'nonsense\r\n\r\n')).to.equal('');
  });

  it('take a body in chunks, after they have said that they do', async () => {
    const account = newAccount();
    const { s3 } = new Clients(emulator().url, account, HERE);
    const Bucket = `chunks-${account}`;
    await s3.send(new CreateBucketCommand({ Bucket }));
    const head = [
      `PUT /${Bucket}/key HTTP/1.1`,
      `Host: ${new URL(emulator().url).host}`,
      `Authorization: AWS4-HMAC-SHA256 Credential=${accessKey(account)}/20260101/${HERE}/s3/aws4_request, SignedHeaders=host, Signature=0`,
      'Expect: 100-continue',
      'Transfer-Encoding: chunked',
      'Connection: close',
    ];
    const text = await conversation(
      emulator().url,
      `${head.join('\r\n')}\r\n\r\n5\r\nfirst\r\n7;a=b\r\n second\r\n0\r\n\r\n`,
    );
    expect(text).to.match(/^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 OK\r\n/);
    const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key: 'key' }));
    expect(await Body?.transformToString()).to.equal('first second');
  });
});

function get(url: string, agent: Agent): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    request(url, { agent }, resolve).on('error', reject).end();
  });
}

/** Sends a text as it is and resolves with all that comes back until the other side closes. */
function conversation(url: string, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(url);
    let received = '';
    const socket = connect(Number(port), hostname, () => socket.write(text));
    socket.on('data', (data) => {
      received += data;
    });
    socket.on('close', () => resolve(received));
    socket.on('error', reject);
  });
}
