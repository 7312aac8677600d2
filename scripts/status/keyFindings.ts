import { newestByVolume } from '../../snapshots/shared';
import type { MachineView } from './dataFindings';
import type { Finding, Findings } from './finding';
import type { Around } from './machineReport';

/** The keys that a machine's snapshots and copies are under. Pure. */
export function keyFindings(view: MachineView, around: Around): Findings {
  const problems: Finding[] = [];
  const notes: Finding[] = [];
  const wanted = new Set(view.volumeIds);
  const { tagged = [], notShared = [], failed = [] } = around.shared ?? {};
  const newest = newestByVolume(
    [...tagged, ...notShared, ...failed].filter((each) => wanted.has(each.volumeId)),
  );
  const byKey = new Map<string, string[]>();
  for (const { keyId, volumeId } of newest)
    if (keyId) byKey.set(keyId, [...(byKey.get(keyId) ?? []), volumeId]);
  for (const [keyId, volumeIds] of byKey) {
    const key = around.keys.get(keyId);
    if (!key) continue;
    const of = `the key ${keyId} of ${volumeIds.join(', ')}`;
    if (key.reason !== undefined) {
      notes.push({ code: 'source-key', what: `the state of ${of} could not be read: ${key.reason}` });
    } else if (key.isAwsManaged) {
      problems.push({
        code: 'source-key',
        what: `${of} is managed by AWS: nothing under it can ever be shared`,
        next: 'make the disk anew under a key of yours (README, Encrypted disks); in the source: npx lifeboat tag-volumes',
      });
    } else if (key.state !== 'Enabled') {
      const where = `--region ${around.settings.sourceRegion} --key-id ${keyId}`;
      problems.push({
        code: 'source-key',
        what: `${of} is ${key.state ?? 'in no state'}: no newer snapshot under it can be copied`,
        next: `in the source: ${key.state === 'PendingDeletion' ? `aws kms cancel-key-deletion ${where}, then ` : ''}aws kms enable-key ${where}`,
      });
    }
  }
  const foreign = [...(view.newest?.copies.values() ?? [])].filter(
    ({ encrypted, keyId }) => !encrypted || (around.vaultKey !== undefined && keyId !== around.vaultKey),
  );
  if (foreign.length > 0)
    problems.push({
      code: 'copy-key',
      what: `${foreign.map(({ id }) => id).join(', ')} of its newest recovery point ${foreign.length === 1 ? 'is' : 'are'} not under the vault's key: whoever owns the other key can take the data away`,
      next: `find out who made it (CloudTrail in DR): aws ec2 describe-snapshots --region ${around.settings.drRegion} --snapshot-ids ${foreign.map(({ id }) => id).join(' ')}`,
    });
  return { problems, notes };
}
