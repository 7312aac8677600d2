import { LifeboatError } from './errors';
import { SOURCE_NAMES } from './names';
import { type OptionsContext, setCommand } from './parseOptions';

/** What of the settings names something of one account. */
export interface Owned {
  readonly sourceAccount: string;
  readonly sourceRole: string;
  readonly drAccount: string;
  readonly drRegion: string;
  readonly volumeKey?: string;
}

/**
 * Refuses a role and a key that are not of the account that they are for.
 *
 * @throws LifeboatError
 */
export function refuseForeign(settings: Owned, context: OptionsContext): void {
  const { sourceAccount, sourceRole, drAccount, drRegion, volumeKey } = settings;
  if (!sourceRole.includes(`::${sourceAccount}:`)) {
    throw new LifeboatError({
      what: 'The reader role is not in the source account',
      got: sourceRole,
      expected: `a role of ${sourceAccount}`,
      next: setCommand(
        context,
        'sourceRole',
        `arn:aws:iam::${sourceAccount}:role/${SOURCE_NAMES.readerRole}`,
      ),
    });
  }
  if (volumeKey !== undefined && !volumeKey.includes(`:${drRegion}:${drAccount}:`)) {
    throw new LifeboatError({
      what: 'The setting volumeKey is a key of another account or region',
      got: volumeKey,
      expected: `a key of ${drAccount} in ${drRegion}`,
      next: setCommand(context, 'volumeKey', `arn:aws:kms:${drRegion}:${drAccount}:key/ID`),
    });
  }
}
