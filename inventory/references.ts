import type { Output } from '@pulumi/pulumi';
import { LifeboatError } from '../errors';
import { itemName } from './inventory';
import type { Skipped } from './planned';
import { Ref } from './refs';

/** How the reason of what is skipped with another begins. */
export const NEEDS = 'it needs ';

const AFTER_MACHINES = 'made after the machines';

/** Another item cannot be referred to, because it is itself not made. */
export class SkippedReference extends Error {
  constructor(
    message: string,
    /** Whether it is made at a recovery. */
    readonly isLater: boolean,
  ) {
    super(message);
  }
}

/** Another item cannot be referred to, because the look-up did not see it: what it saw is not whole. */
export class UnseenReference extends LifeboatError {
  /** As the reason of what is skipped for it. */
  readonly inWords: string;

  constructor(name: string) {
    super({
      what: 'The look-up is not whole: an object refers to one that was not seen',
      got: name,
      expected: 'every object that another refers to, of a kind that comes before it in kinds/index.ts',
      next: 'run it again; something may have been made while the source was looked up',
    });
    this.inWords = `${NEEDS}${name}, which the source does not have`;
  }
}

/** What of a plan is known so far, and what others may refer to. */
export class References {
  /** Names of what is planned, with the names of their resources. */
  readonly planned = new Map<string, string>();
  /** Names to the ids of what DR has for them. */
  readonly inDr = new Map<string, string>();
  /** Names of what is planned to be made after the machines. */
  readonly afterMachines = new Set<string>();
  /** Whether what refers to others now is made after the machines itself. Nothing else may refer to what is. */
  waits = false;
  /** What was referred to since this was last emptied. */
  referred: string[] = [];
  private readonly skipped = new Map<string, string>();
  private readonly later = new Map<string, string>();
  private readonly existing = new Map<string, string>();

  /** Notes that nothing is made for an item. */
  skip(name: string, reason: string, isLater = false): void {
    (isLater ? this.later : this.skipped).set(name, reason);
  }

  /** Notes that an item is made at a recovery only. */
  postpone(name: string, reason: string): void {
    this.later.set(name, reason);
  }

  /** Notes that AWS itself keeps in DR what stands for an item. */
  exists(name: string, id: string): void {
    this.existing.set(name, id);
    this.inDr.set(name, id);
  }

  /**
   * A reference to another item's resource, or to what AWS keeps for it.
   *
   * @throws SkippedReference when nothing is made for it
   * @throws UnseenReference when the look-up did not see it
   */
  to(kind: string, id: string, property = 'id', moved?: Ref['moved']): Output<string> {
    const name = itemName(kind, id);
    const existing = this.existing.get(name);
    if (existing !== undefined) return existing as unknown as Output<string>;
    const resource = this.resourceOf(name);
    this.referred.push(resource);
    // The plan is data. Pulumi's outputs take the place of Refs when the resource is registered.
    return new Ref(resource, property, moved) as unknown as Output<string>;
  }

  /** Why another item cannot be referred to; undefined when it can. */
  missing(kind: string, id: string): string | undefined {
    const name = itemName(kind, id);
    if (this.isTooLate(name)) return AFTER_MACHINES;
    if (this.existing.has(name) || this.planned.has(name)) return undefined;
    return this.skipped.get(name) ?? this.later.get(name) ?? 'the source does not have it';
  }

  /** Makes references that are not noted as referred to. */
  without<T>(refer: () => T): T {
    const before = [...this.referred];
    try {
      return refer();
    } finally {
      this.referred = before;
    }
  }

  skippedItems(): Skipped[] {
    return [...this.skipped].map(([name, reason]) => ({ name, reason }));
  }

  laterItems(): Skipped[] {
    return [...this.later].map(([name, reason]) => ({ name, reason }));
  }

  private resourceOf(name: string): string {
    const reason = this.skipped.get(name) ?? this.later.get(name);
    if (reason !== undefined) {
      const isLater = this.later.has(name);
      throw new SkippedReference(
        reason.startsWith(NEEDS)
          ? reason
          : `${NEEDS}${name}, and that is ${isLater ? 'made later: ' : ''}${reason}`,
        isLater,
      );
    }
    if (this.isTooLate(name))
      throw new SkippedReference(`${NEEDS}${name}, and that is ${AFTER_MACHINES}`, true);
    const resource = this.planned.get(name);
    if (resource !== undefined) return resource;
    throw new UnseenReference(name);
  }

  private isTooLate(name: string): boolean {
    return !this.waits && this.afterMachines.has(name);
  }
}
