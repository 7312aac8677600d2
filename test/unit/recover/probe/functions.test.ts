import {
  CreateFunctionCommand,
  DeleteFunctionCommand,
  GetFunctionCommand,
  InvokeCommand,
  LambdaClient,
  ListFunctionsCommand,
  ResourceNotFoundException,
} from '@aws-sdk/client-lambda';
import { mockClient } from 'aws-sdk-client-mock';
import { expect } from 'chai';
import { accountOf } from '../../../../accounts';
import { probeFunctions, removeLeftProbes } from '../../../../scripts/recover/probe/functions';

const credentials = { accessKeyId: 'a', secretAccessKey: 'b' };
const dr = accountOf('222222222222', 'eu-central-1', { credentials });
const gone = new ResourceNotFoundException({ $metadata: {}, message: 'Function not found' });
const TARGETS = [{ address: '10.0.0.5', port: 5432 }];

describe('functions that probe', () => {
  const lambda = mockClient(LambdaClient);
  beforeEach(() => lambda.reset());
  after(() => lambda.restore());
  const answering = (payload: unknown, FunctionError?: string) =>
    lambda.on(InvokeCommand).resolves({
      FunctionError,
      Payload: new TextEncoder().encode(JSON.stringify(payload)) as never,
    });

  it('are made with the vault’s role, where they ask from', async () => {
    lambda.on(CreateFunctionCommand).resolves({});
    await probeFunctions(dr).make('lifeboat-probe-1', { subnet: 'subnet-1', groups: ['sg-1'] });
    expect(lambda.commandCalls(CreateFunctionCommand)[0]?.args[0].input).to.deep.include({
      FunctionName: 'lifeboat-probe-1',
      Role: 'arn:aws:iam::222222222222:role/lifeboat-probe',
      VpcConfig: { SubnetIds: ['subnet-1'], SecurityGroupIds: ['sg-1'] },
    });
  });

  it('have a state, and why; one that is gone is gone', async () => {
    const Configuration = { State: 'Failed' as const, StateReason: 'no address' };
    lambda.on(GetFunctionCommand).resolves({ Configuration });
    expect(await probeFunctions(dr).state('a')).to.deep.equal({ state: 'Failed', why: 'no address' });
    lambda.on(GetFunctionCommand).rejects(gone);
    expect(await probeFunctions(dr).state('a')).to.deep.equal({ state: 'gone' });
  });

  it('are believed only if they answer for each port', async () => {
    const ask = () =>
      probeFunctions(dr)
        .ask('a', TARGETS)
        .catch((error: Error) => error.message);
    answering(['ok']);
    expect(await ask()).to.deep.equal(['ok']);
    for (const odd of [[], ['ok', 'ok'], [''], [null], { 0: 'ok' }, null]) {
      answering(odd);
      expect(await ask(), JSON.stringify(odd)).to.contain('and not for 1 ports');
    }
    answering({ errorMessage: 'Task timed out' }, 'Unhandled');
    expect(await ask())
      .to.contain('the function failed')
      .and.contain('Task timed out');
  });

  it('that are left are removed by their name, on all pages, and no others', async () => {
    lambda
      .on(ListFunctionsCommand)
      .resolvesOnce({
        Functions: [{ FunctionName: 'lifeboat-probe-1' }, { FunctionName: 'app' }],
        NextMarker: 'n',
      })
      .resolvesOnce({
        Functions: [{ FunctionName: 'my-lifeboat-probe-3' }, { FunctionName: 'lifeboat-probe-2' }],
      });
    lambda.on(DeleteFunctionCommand).resolvesOnce({}).rejects(gone);
    const said: string[] = [];
    await removeLeftProbes(dr, (text) => said.push(text));
    expect(said.map((text) => /lifeboat-probe-\d/.exec(text)?.[0])).to.deep.equal([
      'lifeboat-probe-1',
      'lifeboat-probe-2',
    ]);
    expect(lambda.commandCalls(DeleteFunctionCommand)).to.have.length(2);
  });

  it('that could not be asked for are said, and stop nothing', async () => {
    lambda.on(ListFunctionsCommand).rejects(new Error('AccessDenied'));
    const said: string[] = [];
    await removeLeftProbes(dr, (text) => said.push(text));
    expect(said.join()).to.contain('could not be asked').and.contain('AccessDenied');
  });
});
