import type { Account } from '../accounts';
import { COOL_OFF_HOURS } from '../snapshots/lock';
import type { LockRule } from '../snapshots/lockRule';
import type { CommonArgs, Deps } from './command';
import { confirmAccount } from './confirmAccount';

/** The flag by which a schedule confirms locks that nobody can lift, for a command's builder. */
export const CONFIRM_COMPLIANCE_OPTION = {
  type: 'string',
  requiresArg: true,
  describe: "With lockCopies: compliance, the DR account's alias or its id, instead of typing it",
} as const;

/**
 * Asks a second time for locks in compliance mode; the setting was the first. A slip there is paid for until the lock ends.
 *
 * @throws LifeboatError when it is not confirmed; nothing has changed then
 */
export async function confirmCompliance(
  dr: Account,
  rule: LockRule | undefined,
  args: Pick<CommonArgs, 'stack'> & { readonly 'confirm-compliance': string | undefined },
  deps: Deps,
): Promise<void> {
  if (rule?.mode !== 'compliance') return;
  await confirmAccount(dr, deps, {
    confirm: args['confirm-compliance'],
    flag: 'confirm-compliance',
    orId: true,
    doing: 'Locking copies in compliance mode',
    question:
      `lockCopies locks each copy for ${rule.days} days. After the first ${COOL_OFF_HOURS} hours nobody can lift such a lock or delete ` +
      'the copy, neither an administrator nor AWS; it is stored and billed until then.',
    command: `npx lifeboat copy-snapshots --stack ${args.stack}`,
  });
}
