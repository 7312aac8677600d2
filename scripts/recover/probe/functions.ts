import {
  CreateFunctionCommand,
  DeleteFunctionCommand,
  GetFunctionCommand,
  InvokeCommand,
  LambdaClient,
  paginateListFunctions,
  ResourceNotFoundException,
} from '@aws-sdk/client-lambda';
import { strFromU8, strToU8 } from 'fflate';
import type { Account } from '../../../accounts';
import { reason } from '../../../errors';
import { IMPATIENT } from '../../../inventory/collect';
import { allPages, present } from '../../../kinds/kind';
import { PROBE_PREFIX, vaultNames } from '../../../names';
import { HANDLER, type Probed, type ProbeEvent, zippedCode } from './functionCode';
import type { Vantage } from './vantage';

/** How long a port may take to answer, in milliseconds: within a VPC it is one, and what drops packets never does. */
const TIMEOUT_MS = 3000;

/** How long a function may take, in seconds: beside the ports' own time that of a start. */
const FUNCTION_SECONDS = 15;

/** The state of a function. `gone` where there is none. See https://docs.aws.amazon.com/lambda/latest/dg/functions-states.html */
export interface FunctionState {
  readonly state: string;
  readonly why?: string;
}

/** Functions of Lambda that probe ports from inside a VPC of DR. Each call is one call of AWS, and throws what AWS refuses it with. */
export interface ProbeFunctions {
  make(name: string, vantage: Vantage): Promise<void>;
  state(name: string): Promise<FunctionState>;
  /** @returns for each port, in order, `ok` or why it does not answer */
  ask(name: string, targets: readonly Probed[]): Promise<readonly string[]>;
  /** One that is gone is no error. */
  remove(name: string): Promise<void>;
}

/** Those of the account. */
export function probeFunctions(dr: Account): ProbeFunctions {
  // A gate asks again by itself, and has a time of its own.
  const requestHandler = { connectionTimeout: 3_000, requestTimeout: 30_000, throwOnRequestTimeout: true };
  const client = dr.with({ maxAttempts: 3, requestHandler }).client(LambdaClient);
  return {
    async make(FunctionName, { subnet, groups }) {
      await client.send(
        new CreateFunctionCommand({
          FunctionName,
          Description: 'Lifeboat: probes ports in a recovery, and is removed at its end',
          Role: `arn:aws:iam::${dr.id}:role/${vaultNames(dr.id, dr.region).probeRole}`,
          // AWS runs it until spring 2028, and lets nobody make one of it soon after: https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html
          Runtime: 'nodejs24.x',
          Handler: HANDLER,
          Code: { ZipFile: zippedCode() },
          Timeout: FUNCTION_SECONDS,
          MemorySize: 128,
          VpcConfig: { SubnetIds: [subnet], SecurityGroupIds: [...groups] },
        }),
      );
    },

    async state(FunctionName) {
      try {
        const { Configuration } = await client.send(new GetFunctionCommand({ FunctionName }));
        const state = present(Configuration?.State, 'Configuration.State');
        return { state, ...(Configuration?.StateReason && { why: Configuration.StateReason }) };
      } catch (error) {
        if (error instanceof ResourceNotFoundException) return { state: 'gone' };
        throw error;
      }
    },

    async ask(FunctionName, targets) {
      const event: ProbeEvent = { targets, timeoutMs: TIMEOUT_MS };
      const { FunctionError, Payload } = await client.send(
        new InvokeCommand({ FunctionName, Payload: strToU8(JSON.stringify(event)) }),
      );
      const text = strFromU8(present(Payload, 'Payload'));
      if (FunctionError !== undefined) throw new Error(`the function failed: ${text.slice(0, 300)}`);
      return answersOf(text, targets.length);
    },

    remove: (name) => remove(client, name),
  };
}

/** @throws where it is not one answer for each port */
function answersOf(text: string, count: number): string[] {
  let answers: unknown;
  try {
    answers = JSON.parse(text);
  } catch (cause) {
    throw new Error(`the function answered ${text.slice(0, 100)}: ${reason(cause)}`);
  }
  const isWhole =
    Array.isArray(answers) &&
    answers.length === count &&
    answers.every((each) => typeof each === 'string' && each !== '');
  if (!isWhole) throw new Error(`the function answered ${text.slice(0, 100)}, and not for ${count} ports`);
  return answers as string[];
}

async function remove(client: LambdaClient, FunctionName: string): Promise<void> {
  try {
    await client.send(new DeleteFunctionCommand({ FunctionName }));
  } catch (error) {
    if (!(error instanceof ResourceNotFoundException)) throw error;
  }
}

/**
 * Removes the functions that runs have left which were killed, by their name. One of a run that goes on elsewhere goes too: that run makes
 * another. Never throws: what is left costs nothing, and keeps no machine down and no recovery from its end.
 *
 * @param note told of each, and of what could not be asked or removed
 */
export async function removeLeftProbes(dr: Account, note: (text: string) => void): Promise<void> {
  const client = dr.with(IMPATIENT).client(LambdaClient);
  try {
    const all = await allPages(paginateListFunctions({ client }, {}), (page) => page.Functions);
    const names = all.map(({ FunctionName }) => present(FunctionName, 'FunctionName'));
    await Promise.all(
      names
        .filter((each) => each.startsWith(PROBE_PREFIX))
        .map(async (name) => {
          try {
            await remove(client, name);
            note(`the function ${name}, which probed ports in an earlier run, is removed`);
          } catch (error) {
            note(`the function ${name}, of an earlier run, could not be removed: ${reason(error)}`);
          }
        }),
    );
  } catch (error) {
    note(`whether an earlier run has left functions that probe ports could not be asked: ${reason(error)}`);
  }
}
