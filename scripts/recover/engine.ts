import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type EngineEvent, LocalWorkspace, PulumiCommand, Stack } from '@pulumi/pulumi/automation';
import { parseDocument } from 'yaml';
import { LifeboatError, reason } from '../../errors';
import { itemName } from '../../inventory/inventory';
import type { FailedMachine } from '../../inventory/recoveryPlan';
import { instance } from '../../kinds/machines/instance';
import { CONTINUES } from '../../names';
import { NAMESPACE } from '../../settings';
import { progress } from '../../toolchain/progress';
import { toolchain } from '../../toolchain/toolchain';
import type { CommonArgs } from '../command';
import { engineAt } from '../engineAt';
import { stackFile } from '../stack';

/** What the engine works on at once. A recovery waits for AWS most of the time; the engine's own 4 for each core would wait in turns. */
const AT_ONCE = 64;

/** What the engine says of a program that has done all that it could, and was not content. */
const EXITED = /Program exited with non-zero exit code/;

/** What one run of the engine could not do. */
export interface EngineFailure {
  /** The resource's name in the plan (`instance/i-…`); undefined where the program itself failed. */
  readonly name: string | undefined;
  readonly message: string;
}

/** How one resource fares. */
export interface EngineStep {
  /** The resource's name in the plan. */
  readonly name: string;
  /** `same` where there is nothing to do. */
  readonly state: 'begun' | 'done' | 'same' | 'failed';
}

/** A Pulumi engine on one stack, driven through the Automation API. */
export interface RecoverEngine {
  /**
   * Runs `up` once. What fails holds up only what depends on it.
   *
   * @param settings config of this run alone: the stack's file is left as it is
   * @param onStep told of each resource as it is worked on
   * @returns what failed; nothing when all is well
   */
  up(
    settings: Readonly<Record<string, string>>,
    onStep: (step: EngineStep) => void,
  ): Promise<EngineFailure[]>;
  /** Removes what it has put on disk. */
  close(): void;
}

/** Another stack than the one whose settings are used. */
export interface EngineElsewhere {
  /** The stack. */
  readonly stack: string;
  /** The directory of its project. */
  readonly cwd: string;
  /** Ends a run of the engine, in order, when it is aborted. */
  readonly signal: AbortSignal;
}

/**
 * Opens an engine for a stack.
 *
 * @param args whose settings are used
 * @param elsewhere what it is run on. Default: the stack itself, where it lies
 * @throws LifeboatError when there is no engine, or no such stack in the state backend
 */
export async function recoverEngine(
  args: Pick<CommonArgs, 'dir' | 'stack'>,
  elsewhere?: EngineElsewhere,
): Promise<RecoverEngine> {
  const { pulumi, env } = await toolchain({ progress: progress(process.stderr) });
  const directory = mkdtempSync(path.join(tmpdir(), 'lifeboat-recover-'));
  const close = () => rmSync(directory, { recursive: true, force: true });
  try {
    // The Automation API looks for its engine as bin/pulumi below a root.
    mkdirSync(path.join(directory, 'bin'));
    symlinkSync(pulumi, path.join(directory, 'bin/pulumi'));
    const pulumiCommand = await PulumiCommand.get({ root: directory });
    const { cwd, stack: name, signal } = elsewhere ?? { cwd: engineAt(args).cwd, stack: args.stack };
    const workspace = await LocalWorkspace.create({
      workDir: cwd,
      pulumiCommand,
      envVars: { ...env, [CONTINUES]: 'true' },
    });
    const stack = await selected(name, workspace);
    const configFile = path.join(directory, `Pulumi.${name.split('/').at(-1)}.yaml`);
    const up: RecoverEngine['up'] = async (settings, onStep) => {
      writeFileSync(configFile, withSettings(readFileSync(stackFile(args), 'utf8'), settings), {
        mode: 0o600,
      });
      const failures: EngineFailure[] = [];
      const onEvent = (event: EngineEvent) => {
        const step = stepOf(event);
        if (step) onStep(step);
        const failure = failureOf(event);
        if (failure) failures.push(failure);
      };
      try {
        await stack.up({
          configFile,
          continueOnError: true,
          parallel: AT_ONCE,
          onEvent,
          color: 'never',
          signal,
        });
        return failures;
      } catch (error) {
        const others = failures.filter(({ message }) => !EXITED.test(message));
        // What the program itself has not launched, and why, it says in its outputs. Where it was stopped they are those of a run before.
        const isStopped = others.length === failures.length || others.some(({ name }) => name === undefined);
        const held = isStopped ? [] : await notRecovered(stack);
        if (held.length > 0) return [...others, ...held];
        return failures.length > 0 ? failures : [{ name: undefined, message: lastLines(error) }];
      }
    };
    return { up, close };
  } catch (error) {
    close();
    throw error;
  }
}

async function notRecovered(stack: Stack): Promise<EngineFailure[]> {
  try {
    const { notRecovered: failed } = await stack.outputs();
    return ((failed?.value ?? []) as FailedMachine[]).map(({ id, problem }) => ({
      name: itemName(instance.name, id),
      message: problem,
    }));
  } catch {
    // The run has failed already, and for a reason of its own.
    return [];
  }
}

async function selected(name: string, workspace: LocalWorkspace): Promise<Stack> {
  try {
    return await Stack.select(name, workspace);
  } catch (cause) {
    throw new LifeboatError({
      what: `The engine does not know the stack ${name}`,
      expected: 'a state backend that is signed in to and has it',
      next: `npm run pulumi -- stack select ${name}`,
      cause: lastLines(cause),
    });
  }
}

/** A stack's file with other settings; what it says else, how its secrets are kept for one, stays. Pure. */
export function withSettings(yaml: string, settings: Readonly<Record<string, string>>): string {
  const document = parseDocument(yaml);
  for (const [key, value] of Object.entries(settings))
    document.setIn(['config', `${NAMESPACE}:${key}`], value);
  return document.toString();
}

/** The name in the plan: the last part of a URN. */
const nameOf = (urn: string | undefined) => urn?.split('::').at(-1);

function stepOf({
  resourcePreEvent,
  resOutputsEvent,
  resOpFailedEvent,
}: EngineEvent): EngineStep | undefined {
  const step = (urn: string, state: EngineStep['state']) => ({ name: nameOf(urn) ?? urn, state });
  if (resOpFailedEvent) return step(resOpFailedEvent.metadata.urn, 'failed');
  const metadata = resourcePreEvent?.metadata ?? resOutputsEvent?.metadata;
  if (!metadata) return undefined;
  if (metadata.op === 'same') return step(metadata.urn, 'same');
  return step(metadata.urn, resourcePreEvent ? 'begun' : 'done');
}

function failureOf({ diagnosticEvent }: EngineEvent): EngineFailure | undefined {
  if (diagnosticEvent?.severity !== 'error') return undefined;
  return { name: nameOf(diagnosticEvent.urn), message: plainMessage(diagnosticEvent.message) };
}

/** What AWS said, without what SDK and provider put around it; what has nothing of AWS's stays as it is. Pure. */
export function plainMessage(message: string): string {
  return /api error (.+?)(?=: provider=|\n|$)/.exec(message)?.[1] ?? message.trim();
}

/** What the engine said last, of an error of the Automation API, whose message is all that was printed. */
function lastLines(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  const lines = text
    .split('\n')
    .filter((line) => line.trim() !== '' && !/^ *(std(out|err)|code|err\?): *$/.test(line));
  return lines.slice(-8).join('\n') || reason(error);
}
