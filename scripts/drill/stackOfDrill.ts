import { LifeboatError } from '../../errors';
import type { Deps } from '../command';
import type { DrillProject } from './project';

/** The stack of a drill in the state backend. */
export interface StackOfDrill {
  /** Whether it is there: of a drill that was killed, say. */
  isThere(): Promise<boolean>;
  /** @throws LifeboatError when the engine does not make it */
  make(): Promise<void>;
  /**
   * Destroys what its state holds. Only of a drill that came to its end: of one that was cut off the state may lack what was being made, and the
   * provider would wait for a quarter of an hour and more for what that keeps from being removed.
   */
  destroy(): Promise<void>;
  /** Takes it out of the backend, and a lock that was left over off it before: no other stack's. */
  forget(): Promise<void>;
}

/** The stack of a drill, by the engine's commands in the drill's project. */
export function stackOfDrill({ cwd, stack, secretsProvider }: DrillProject, deps: Deps): StackOfDrill {
  const engine = (...command: string[]) =>
    deps.pulumi([...command, '--non-interactive'], { cwd, capture: true });
  const at = ['--stack', stack];
  const refused = async (what: string, command: readonly string[]) => {
    const { code, stdout } = await engine(...command);
    if (code === 0) return stdout;
    throw new LifeboatError({
      what,
      got: `exit code ${code} of pulumi ${command.join(' ')}, and the message above`,
      expected: '0',
      next: 'mend what the engine says, then: npx lifeboat drill --sweep',
    });
  };
  return {
    async isThere() {
      const text = await refused('The stacks could not be listed', ['stack', 'ls', '--json']);
      const names = (JSON.parse(text) as { name: string }[]).map(({ name }) => name.split('/').at(-1));
      return names.includes(stack.split('/').at(-1));
    },
    async make() {
      const secrets = secretsProvider === undefined ? [] : ['--secrets-provider', secretsProvider];
      await refused('The stack of the drill could not be made', [
        'stack',
        'init',
        stack,
        '--no-select',
        ...secrets,
      ]);
    },
    async destroy() {
      await engine('destroy', '--yes', '--skip-preview', '--continue-on-error', ...at);
    },
    async forget() {
      await engine('cancel', '--yes', ...at);
      await refused('The stack of the drill could not be removed', [
        'stack',
        'rm',
        '--force',
        '--yes',
        ...at,
      ]);
    },
  };
}
