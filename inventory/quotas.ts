import { LifeboatError } from '../errors';
import { kinds } from '../kinds';
import type { AnyKind, Item, SkipOptions } from '../kinds/kind';
import type { Quota } from '../kinds/quota';
import { finder } from './finder';
import { type Items, itemName } from './inventory';
import type { Plan } from './planned';
import { type QuotaValues, quotaRegion } from './quotaValues';

/** A limit that the plan does not fit into. */
export interface QuotaProblem {
  readonly quota: Pick<Quota<Item>, 'service' | 'code' | 'name' | 'atRecovery'>;
  /** What it is counted for, by the source's ids; empty for the whole account and region. */
  readonly scope: string;
  /** How many DR would hold. */
  readonly need: number;
  /** How many it may hold. */
  readonly value: number;
}

/** What is counted, and against what. */
export interface QuotaInput {
  readonly plan: Pick<Plan, 'resources' | 'atRecovery' | 'inDr'>;
  /** `kind/id` of what a recovery would launch: known at rest, and not in DR yet. */
  readonly launches: readonly string[];
  /** What the source holds, after the guard. */
  readonly source: Items;
  /** What DR holds. */
  readonly dr: Items;
  readonly values: QuotaValues;
  /** Zone ids of the source to those of DR: what is counted for a zone is counted for DR's. Default: none. */
  readonly zones?: Readonly<Record<string, string>>;
}

/** One limit in one scope. */
interface Count {
  readonly quota: Quota<Item>;
  readonly scope: string;
  /** What DR would hold: all that is planned, and what else is there. */
  need: number;
  /** What DR holds now. */
  has: number;
}

/**
 * Holds a plan against the DR account's quotas. Counted is what DR would hold: what is planned, now or for a recovery, and what it has
 * that is no mirror of that, foreign objects too, since what is to be removed is there until all else is made. What DR has already, it
 * may have. Pure.
 *
 * @returns every limit that would be exceeded, and notes on those whose value is not known
 */
export function quotaProblems(input: QuotaInput): { problems: QuotaProblem[]; notes: string[] } {
  const problems: QuotaProblem[] = [];
  const notes = new Set<string>();
  for (const { quota, scope, need, has } of counts(input)) {
    if (need <= has) continue;
    const value = quota.code && input.values.get(`${quota.service}/${quota.code}`);
    if (typeof value === 'number') {
      if (need > value) problems.push({ quota, scope, need, value });
    } else if (quota.code)
      notes.add(
        `Service Quotas does not list ${named(quota)} in this region: the plan is not held against it`,
      );
    else if (quota.documented !== undefined && need > quota.documented)
      notes.add(
        `${quota.name}${scope && `, ${scope}`}: ${need} are needed, AWS allows ${quota.documented} by default, and Service Quotas does not tell this account's own`,
      );
  }
  return { problems, notes: [...notes] };
}

/**
 * @throws LifeboatError with every quota that the plan does not fit into, on a line each, and the commands that ask AWS for more
 */
export function refuseOverQuota(
  problems: readonly QuotaProblem[],
  dr: { account: string; region: string },
): void {
  if (problems.length === 0) return;
  const wanted = new Map<string, QuotaProblem>();
  for (const problem of problems) {
    const which = `${problem.quota.service}/${problem.quota.code}`;
    if (problem.need > (wanted.get(which)?.need ?? 0)) wanted.set(which, problem);
  }
  throw new LifeboatError({
    what: `The plan does not fit into what the DR account may hold, so nothing is created`,
    got: problems.map(overQuota).join('\n            '),
    expected: `room for all of the plan, and for what else is there, in ${dr.account}, ${dr.region}`,
    next: [...wanted.values()].map((problem) => quotaIncrease(problem, dr.region)).join('\n            '),
  });
}

/** The command that asks AWS for more. */
export function quotaIncrease({ quota: { service, code }, need }: QuotaProblem, region: string): string {
  return `aws service-quotas request-service-quota-increase --service-code ${service} --quota-code ${code} --desired-value ${need} --region ${quotaRegion(service, region)}`;
}

/** A problem in words: quota, scope, need and value. */
export function overQuota({ quota, scope, need, value }: QuotaProblem): string {
  return `${named(quota)}${scope && `, ${scope}`}: need ${need}, quota ${value}`;
}

function named({ service, code, name }: QuotaProblem['quota']): string {
  return `${name} (${service}/${code})`;
}

function counts({ plan, launches, source, dr, zones = {} }: QuotaInput): Count[] {
  const planned = new Set([
    ...plan.resources.map(({ item }) => item),
    ...plan.atRecovery.map(({ name }) => name),
    ...launches,
  ]);
  // Scopes in DR are told by the source's ids, where DR has the mirror of an object.
  const sourceIds = new Map([...plan.inDr].map(([name, id]) => [id, name.slice(name.indexOf('/') + 1)]));
  const all = new Map<string, Count>();
  for (const kind of kinds) {
    for (const quota of kind.quotas ?? []) {
      const add = (
        item: Item,
        find: SkipOptions['find'],
        what: 'need' | 'has',
        translate = (id: string) => id,
      ) => {
        if (kind.awsOwn?.(item) !== undefined) return;
        for (const scope of scopesOf(quota, item, find)) {
          const here = scope.split(' ').map(translate).join(' ');
          const key = `${quota.service}/${quota.code ?? quota.name} ${here}`;
          const count = all.get(key) ?? { quota, scope: here, need: 0, has: 0 };
          all.set(key, count);
          count[what] += quota.weight?.(item, find) ?? 1;
        }
      };
      const mirrors = mirrorsOf(kind, planned, plan.inDr);
      const [inSource, inDr] = [finder(source), finder(dr)];
      for (const item of source[kind.name] ?? [])
        if (planned.has(itemName(kind.name, item.id))) add(item, inSource, 'need', (id) => zones[id] ?? id);
      for (const item of dr[kind.name] ?? []) {
        const translate = (id: string) => sourceIds.get(id) ?? id;
        add(item, inDr, 'has', translate);
        if (!mirrors.has(item.id)) add(item, inDr, 'need', translate);
      }
    }
  }
  return [...all.values()];
}

function scopesOf(quota: Quota<Item>, item: Item, find: SkipOptions['find']): readonly string[] {
  if (!quota.per) return [''];
  const scope = quota.per(item, find);
  if (scope === null) return [];
  if (scope === undefined) return [''];
  return typeof scope === 'string' ? [scope] : scope;
}

/** Ids in DR of what is planned already. */
function mirrorsOf(kind: AnyKind, planned: ReadonlySet<string>, inDr: Plan['inDr']): Set<string> {
  return new Set(
    [...inDr].flatMap(([name, id]) => (name.startsWith(`${kind.name}/`) && planned.has(name) ? [id] : [])),
  );
}
