import { probeOf } from './probes';

/** The tag on a source's machine that says when it is recovered: a number from 1, or a chain's name before it, `shop/2`. */
export const WAVE_TAG = 'lifeboat:wave';

const WAVE = /^(?:([\w .-]{1,64})\/)?([1-9]\d?)$/;

/** Where a machine stands in the order of a recovery. */
export interface Wave {
  /** Machines of other chains are not waited for. The chain of a bare number is the empty text. */
  readonly chain: string;
  /** 1 to 99. */
  readonly number: number;
}

/** A machine in the order of a recovery. */
export interface WaveMachine {
  /** The source's instance id. */
  readonly id: string;
  readonly name: string;
  /** Undefined for one that waits for none, and that none waits for. */
  readonly wave: Wave | undefined;
  /** TCP ports that have to answer before it is ready; `malformed` where its tag cannot be read, and then none is asked. Default: none. */
  readonly probe?: readonly number[] | 'malformed';
}

/** Machines that are brought up side by side, once all that they wait for runs. */
export interface RecoveryStep {
  /** `wave 1`, or `the rest`. */
  readonly title: string;
  readonly machines: readonly WaveMachine[];
}

/**
 * The wave that a machine's tags say. Pure.
 *
 * @param tags the source's
 * @returns undefined without the tag, `malformed` where it says neither a number nor a chain and a number
 */
export function waveOf(tags: Readonly<Record<string, string>>): Wave | 'malformed' | undefined {
  const text = tags[WAVE_TAG];
  if (text === undefined) return undefined;
  const [, chain = '', number] = WAVE.exec(text.trim()) ?? [];
  return number === undefined ? 'malformed' : { chain, number: Number(number) };
}

/**
 * The order of a recovery: one step for each number, in all chains at once; then what has no wave. A tag that cannot be read is as none:
 * on the day it must not keep a machine down. Pure.
 */
export function recoverySteps(
  machines: readonly {
    readonly id: string;
    readonly name: string;
    readonly tags: Readonly<Record<string, string>>;
  }[],
): RecoveryStep[] {
  const all = machines.map(({ id, name, tags }): WaveMachine => {
    const wave = waveOf(tags);
    const probe = probeOf(tags);
    return { id, name, wave: wave === 'malformed' ? undefined : wave, ...(probe && { probe }) };
  });
  const numbers = [...new Set(all.flatMap(({ wave }) => wave?.number ?? []))].sort((a, b) => a - b);
  const rest = all.filter(({ wave }) => wave === undefined);
  return [
    ...numbers.map((number) => ({
      title: `wave ${number}`,
      machines: all.filter(({ wave }) => wave?.number === number),
    })),
    ...(rest.length > 0 ? [{ title: numbers.length > 0 ? 'the rest' : 'all', machines: rest }] : []),
  ];
}

/** The same order where no port is asked, as in a drill. Pure. */
export function withoutProbes(steps: readonly RecoveryStep[]): RecoveryStep[] {
  return steps.map(({ title, machines }) => ({
    title,
    machines: machines.map(({ id, name, wave }) => ({ id, name, wave })),
  }));
}

/** A machine's wave as people write it. */
export function waveText(wave: Wave | undefined): string {
  if (!wave) return '-';
  return wave.chain === '' ? String(wave.number) : `${wave.chain}/${wave.number}`;
}
