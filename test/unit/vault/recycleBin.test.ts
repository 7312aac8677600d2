import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { KMSClient } from '@aws-sdk/client-kms';
import { expect } from 'chai';
import { LifeboatError } from '../../../errors';
import { existingRetentionRule, RULE_DESCRIPTION } from '../../../vault/recycleBin';

const ours = (Identifier: string) => ({ Identifier, Description: RULE_DESCRIPTION });

describe('existingRetentionRule', () => {
  let server: Server;
  let answer: (token: string | undefined) => [number, object];
  let asked: { path?: string; authorization?: string }[];
  const endpoint = process.env.AWS_ENDPOINT_URL;
  const kms = new KMSClient({
    region: 'eu-central-1',
    credentials: { accessKeyId: 'AKIA', secretAccessKey: 'secret' },
  });
  const found = () => existingRetentionRule(kms);

  before(async () => {
    server = createServer((request, response) => {
      let text = '';
      request.on('data', (part) => {
        text += part;
      });
      request.on('end', () => {
        asked.push({ path: request.url, authorization: request.headers.authorization });
        const [status, body] = answer(JSON.parse(text).NextToken);
        response.writeHead(status).end(JSON.stringify(body));
      });
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    process.env.AWS_ENDPOINT_URL = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  beforeEach(() => {
    asked = [];
  });
  after(() => {
    if (endpoint === undefined) delete process.env.AWS_ENDPOINT_URL;
    else process.env.AWS_ENDPOINT_URL = endpoint;
    server.close();
  });

  it('is the one that describes itself as ours, on whatever page', async () => {
    answer = (token) =>
      token === undefined
        ? [200, { Rules: [{ Identifier: 'other', Description: 'of others' }], NextToken: 'more' }]
        : [200, { Rules: [ours('mine')] }];
    expect(await found()).to.equal('mine');
    expect(asked.map(({ path }) => path)).to.deep.equal(['/list-rules', '/list-rules']);
    expect(asked[0]?.authorization).to.match(/^AWS4-HMAC-SHA256 .*eu-central-1\/rbin\/aws4_request/);
  });

  it('is nothing where there is none', async () => {
    answer = () => [200, { Rules: [] }];
    expect(await found()).to.equal(undefined);
  });

  for (const [what, given] of [
    ['several', [200, { Rules: [ours('one'), ours('two')] }]],
    ['a refusal', [403, { message: 'not authorized to perform: rbin:ListRules' }]],
  ] as const) {
    it(`concludes nothing from ${what}`, async () => {
      answer = () => [...given];
      const error = await found().catch((thrown: unknown) => thrown);
      expect(error).to.be.instanceOf(LifeboatError);
    });
  }
});
