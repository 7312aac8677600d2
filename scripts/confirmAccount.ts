import { paginateListAccountAliases } from '@aws-sdk/client-iam';
import type { Account } from '../accounts';
import { LifeboatError, reason } from '../errors';
import { allPages } from '../kinds/kind';
import { iamOf } from '../snapshots/clients';
import type { Deps } from './command';

/** What is to be confirmed. */
export interface Confirmation {
  /** The flag `--confirm`, where it was given. */
  readonly confirm: string | undefined;
  /** What is about to be done, as a sentence without a full stop: `Ending a recovery`. */
  readonly doing: string;
  /** What will happen, as sentences. */
  readonly question: string;
  /** The command line, without its `--confirm`. */
  readonly command: string;
  /** The flag's name. Default: `confirm`. */
  readonly flag?: string;
  /**
   * Whether the account's id does as well where it has an alias, for what a schedule confirms: IAM, which knows the alias, answers from
   * us-east-1, and a schedule must not depend on that. Default: no.
   */
  readonly orId?: boolean;
}

/** The flag by which a script confirms, for a command's builder. */
export const CONFIRM_OPTION = {
  type: 'string',
  requiresArg: true,
  describe: "The DR account's alias, or its id where it has none, instead of typing it",
} as const;

/**
 * Refuses unless somebody has typed the name of the account. Nothing has changed until then.
 *
 * @throws LifeboatError
 */
export async function confirmAccount(dr: Account, deps: Deps, asked: Confirmation): Promise<void> {
  const { confirm, doing, question, command, flag = 'confirm', orId = false } = asked;
  const expected = (await alias(dr, deps)) ?? dr.id;
  const next = `${command} --${flag} ${expected}`;
  if (confirm === undefined && !deps.canAsk) {
    throw new LifeboatError({
      what: `${doing} must be confirmed, and nobody is there to answer`,
      expected: `--${flag} with the name of the DR account, ${expected}`,
      next,
    });
  }
  const typed = confirm ?? (await deps.ask(`${question}\nType ${expected} to go on: `));
  if (typed !== expected && !(orId && typed === dr.id)) {
    throw new LifeboatError({
      what: 'That is not the name of the DR account, so nothing was changed',
      got: typed === '' ? 'nothing' : typed,
      expected,
      next,
    });
  }
}

async function alias(dr: Account, deps: Deps): Promise<string | undefined> {
  try {
    return (
      await allPages(paginateListAccountAliases({ client: iamOf(dr) }, {}), (page) => page.AccountAliases)
    )[0];
  } catch (error) {
    // IAM answers from us-east-1, which may be what has failed.
    deps.stderr.write(`The account's alias could not be had (${reason(error)}); its id stands for it\n`);
    return undefined;
  }
}
