import {
  CreateTagsCommand,
  RevokeSecurityGroupEgressCommand,
  RevokeSecurityGroupIngressCommand,
} from '@aws-sdk/client-ec2';
import { DescribeKeyCommand } from '@aws-sdk/client-kms';
import pLimit from 'p-limit';
import { type Account, drAccount, sourceAccount } from '../../accounts';
import { collect } from '../../inventory/collect';
import { partsOf } from '../../inventory/inventory';
import { strangeRules } from '../../inventory/strangeRules';
import { type Survivor, unclaimed, wayHome } from '../../inventory/wayHome';
import type { SecurityGroupRule } from '../../kinds/network/securityGroupRule';
import { trafficText } from '../../kinds/network/traffic';
import { SOURCE_NAMES, TAG } from '../../names';
import { kmsOf } from '../../snapshots/clients';
import type { Deps } from '../command';
import type { FailbackArgs } from '../commands/failback';
import { confirmAccount } from '../confirmAccount';
import { readSettings, stackFile } from '../stack';
import { table } from '../table';
import { addSettings } from './stackFiles';

/** Calls at the same time. */
const AT_ONCE = 8;

/**
 * `failback claim`: as an administrator of the account at home. Tags what survived with the id of what stands for it in DR: the roles of the vault
 * at home may change nothing that does not carry that tag.
 */
export async function claim(args: FailbackArgs, deps: Deps): Promise<number> {
  const where = { dir: args.dir, stack: args.home };
  const settings = readSettings(where);
  const home = await drAccount(settings);
  const source = await sourceAccount(settings);
  const [inDr, atHome] = await Promise.all([
    collect(source, 'source', settings),
    collect(home, 'DR', settings),
  ]);
  const way = wayHome(inDr, atHome);
  const open = unclaimed(way);
  const strange = strangeRules(way, inDr, atHome);
  const volumeKey = await snapshotKey(home, deps);
  const result = {
    survivors: way.survivors,
    toBeClaimed: open.map(({ name, homeId }) => ({ name, homeId })),
    kept: Object.fromEntries(way.kept),
    strangeRules: strange.map(({ id, groupId }) => ({ id, groupId })),
    volumeKey,
  };
  if (!args.json) deps.stdout.write(text(way.survivors, open, strange, args.revoke));
  if (!args['dry-run']) {
    const revoked = args.revoke ? strange : [];
    if (open.length + revoked.length > 0)
      await confirmAccount(home, deps, {
        confirm: args.confirm,
        doing: 'Taking over what survived at home',
        question: `${open.length} objects in ${home.id} are tagged, and the next run corrects them to what DR holds.${revoked.length > 0 ? ` ${revoked.length} rules are taken out of their groups.` : ''}`,
        command: `npx lifeboat failback claim --stack ${args.stack} --home ${args.home}${args.revoke ? ' --revoke' : ''}`,
      });
    await tag(home, open);
    for (const rule of revoked) await revoke(home, rule);
    if (volumeKey !== undefined) addSettings(stackFile(where), { 'lifeboat:volumeKey': volumeKey });
  }
  if (args.json) deps.stdout.write(`${JSON.stringify({ ...result, dryRun: args['dry-run'] }, null, 2)}\n`);
  return 0;
}

async function tag({ ec2 }: Account, open: readonly Survivor[]): Promise<void> {
  const limit = pLimit(AT_ONCE);
  await Promise.all(
    open.map(({ name, homeId }) =>
      limit(() =>
        ec2.send(
          new CreateTagsCommand({
            Resources: [homeId],
            Tags: [{ Key: TAG.sourceId, Value: partsOf(name).id }],
          }),
        ),
      ),
    ),
  );
}

async function revoke({ ec2 }: Account, { id, groupId, isEgress }: SecurityGroupRule): Promise<void> {
  const input = { GroupId: groupId, SecurityGroupRuleIds: [id] };
  if (isEgress) await ec2.send(new RevokeSecurityGroupEgressCommand(input));
  else await ec2.send(new RevokeSecurityGroupIngressCommand(input));
}

/** The key at home whose snapshots DR may copy, for the disks that come home; undefined, and said, where there is none. */
async function snapshotKey(home: Account, deps: Deps): Promise<string | undefined> {
  try {
    const { KeyMetadata } = await kmsOf(home).send(
      new DescribeKeyCommand({ KeyId: SOURCE_NAMES.snapshotKeyAlias }),
    );
    if (KeyMetadata?.KeyState === 'Enabled') return KeyMetadata.Arn;
  } catch (error) {
    if ((error as Error).name !== 'NotFoundException') throw error;
  }
  deps.stderr.write(
    `note     ${SOURCE_NAMES.snapshotKeyAlias} cannot be used at home: disks that come home would be under the vault's key, and DR could not copy them again. As the owner, first: npm run pulumi -- -C source up --stack dr\n`,
  );
  return undefined;
}

function text(
  survivors: readonly Survivor[],
  open: readonly Survivor[],
  strange: readonly SecurityGroupRule[],
  isRevoked: boolean,
): string {
  const rows = open.map(({ name, homeId, claimedFor }) => [homeId, name, claimedFor ?? '']);
  const rules = strange.map((rule) => [
    rule.id,
    rule.groupId,
    `${rule.isEgress ? 'to' : 'from'} ${rule.cidrIpv4 ?? rule.cidrIpv6 ?? rule.prefixListId ?? rule.referencedGroupId ?? ''} on ${trafficText({ protocol: rule.ipProtocol, from: rule.fromPort, to: rule.toPort })}`,
  ]);
  const left = isRevoked ? '' : ' --revoke takes them out; left, they stay open.';
  return [
    table(['survived at home', 'stands for it in DR', 'was claimed for'], rows),
    `${survivors.length} objects of the network survived; ${open.length} are to be claimed.\n`,
    table(['rule', 'in the group', 'lets traffic'], rules),
    strange.length === 0
      ? ''
      : `${strange.length} rules are in groups that survived, and not in DR.${left}\n`,
  ].join('');
}
