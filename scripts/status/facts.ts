import type { Account } from '../../accounts';
import { bucketOf, readAccepted } from '../../inventory/accepted';
import type { Inventory } from '../../inventory/inventory';
import { attachedDisks } from '../../inventory/protectedInstances';
import type { Settings } from '../../settings';
import { type Copy, copiesInDr } from '../../snapshots/catalogue';
import { checkedCopies, newestMembers } from '../../snapshots/lineage';
import { manifestIds, readManifest } from '../../snapshots/manifest';
import { findVault } from '../../snapshots/vault';
import { bucketFindings } from './bucketFindings';
import { certificateFindings } from './certificates';
import { type Finding, type Looked, look, lookedUp } from './finding';
import { type LastDrill, lastDrill } from './lastDrill';
import { lastMirrorRun } from './lastMirrorRun';
import { type Machine, statusMachines } from './machines';
import { type SourceFacts, sourceFacts } from './sourceFacts';

/** All that status goes by. */
export interface Facts {
  readonly now: Date;
  readonly settings: Settings;
  readonly stack: string;
  readonly accepted: Looked<Inventory | undefined>;
  readonly source: Looked<SourceFacts>;
  /** ARN of the vault's key. */
  readonly vaultKey: Looked<string>;
  readonly mirrorRun: Looked<Date | undefined>;
  /** Undefined where nobody has drilled yet. */
  readonly drill: Looked<LastDrill | undefined>;
  readonly machines: readonly Machine[];
  /** Every copy in DR, with its lineage checked as far as it matters. */
  readonly copies: readonly Copy[];
  /** What is wrong with the machines' list and the copies' lineage. */
  readonly problems: readonly Finding[];
  /** What is worth knowing of the mirror itself. */
  readonly notes: readonly Finding[];
}

/**
 * Looks everything up, source and DR side by side. What the source or the vault does not answer is a finding.
 *
 * @throws when the copies in DR cannot be looked up, for then there is nothing to say
 */
export async function facts(
  settings: Settings,
  dr: Account,
  { stack, now }: { stack: string; now: Date },
): Promise<Facts> {
  const odd: Finding[] = [];
  const rights = `as an administrator of ${dr.id}: npm run pulumi -- -C vault up`;
  const [accepted, source, vaultKey, mirrorRun, drill, manifests, copied] = await Promise.all([
    look('inventory', 'the accepted inventory', rights, async () => {
      const found = await readAccepted(dr, { ...settings, stack });
      return found?.inventory;
    }),
    look('source-unreachable', 'the source', 'docs/runbook.md, Source unreachable', () =>
      sourceFacts(settings, dr),
    ),
    look('vault-key', "the vault's key", rights, async () => (await findVault(dr)).keyArn),
    look('look-up-failed', "Pulumi's history in the vault", rights, () => lastMirrorRun(dr, stack)),
    look('look-up-failed', 'the reports of drills in the vault', rights, () => lastDrill(dr, stack)),
    look('look-up-failed', 'the manifests in the vault', rights, () => manifestIds(dr, bucketOf(dr))),
    copiesInDr(dr, { warn: (what) => odd.push({ code: 'lineage', what, next: WHO_CHANGED }) }),
  ]);
  const inventory = lookedUp(accepted);
  const { machines, problems } = statusMachines(inventory, lookedUp(lookedUp(source)?.live));
  const certificates =
    inventory &&
    (await look('look-up-failed', "DR's certificates", rights, () =>
      certificateFindings(dr, inventory, stack),
    ));
  const buckets =
    inventory &&
    (await look('look-up-failed', "DR's buckets", rights, () =>
      bucketFindings(dr, inventory, settings, stack),
    ));
  const ids = lookedUp(manifests);
  const checked =
    ids &&
    (await look('look-up-failed', "the copies' manifests", rights, () =>
      checkedLineage(dr, copied, machines, ids),
    ));
  const { copies, lineage } = lookedUp(checked) ?? { copies: copied, lineage: [] };
  return {
    now,
    settings,
    stack,
    accepted,
    source,
    vaultKey,
    mirrorRun,
    drill,
    machines,
    copies,
    problems: [
      ...problems,
      ...odd,
      ...lineage,
      ...(lookedUp(buckets) ?? []),
      ...[manifests, drill, checked, certificates, buckets].flatMap((each) => each?.error ?? []),
    ],
    notes: lookedUp(certificates) ?? [],
  };
}

const WHO_CHANGED =
  'find out who made or tagged it (CloudTrail in DR: CopySnapshot, CreateTags); recover from before that, with recoverAt';

/** Every copy must have a manifest; those that a recovery would read are held against theirs. */
async function checkedLineage(
  dr: Account,
  copies: readonly Copy[],
  machines: readonly Machine[],
  ids: ReadonlySet<string>,
): Promise<{ copies: readonly Copy[]; lineage: Finding[] }> {
  const disks = machines.map(attachedDisks);
  const checked = await checkedCopies(copies, newestMembers(disks), async (id) =>
    // The list has said so: no call is needed for it.
    ids.has(id) ? readManifest(dr, bucketOf(dr), id) : 'none',
  );
  const lineage = checked.problems.map(
    ({ copy, what }): Finding => ({ code: 'lineage', what: `the copy ${copy} ${what}`, next: WHO_CHANGED }),
  );
  const named = new Set(checked.problems.map(({ copy }) => copy));
  const without = copies.filter(
    ({ id, sourceSnapshotId, state }) => state !== 'error' && !ids.has(sourceSnapshotId) && !named.has(id),
  );
  if (without.length > 0) {
    const shown = without
      .slice(0, 5)
      .map(({ id }) => id)
      .join(', ');
    lineage.push({
      code: 'no-manifest',
      what: `${without.length} copies have no manifest: ${shown}${without.length > 5 ? ' and others' : ''}; only their tags say what they are of`,
      next: WHO_CHANGED,
    });
  }
  return { copies: checked.copies, lineage };
}
