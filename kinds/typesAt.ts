import { kinds } from '.';

/**
 * Pulumi tokens of what the mirror may hold at rest, or may hold in a recovery beside that. A type that both have, as an endpoint that is free
 * and one that is not, is of both; of it what waits is told apart by `refuseWhatWaits`.
 */
export function typesAt(time: 'rest' | 'recovery'): readonly string[] {
  return kinds
    .filter((kind) => (kind.cost === 'billed' || kind.madeAtRecovery === true) === (time === 'recovery'))
    .flatMap((kind) => kind.types);
}
