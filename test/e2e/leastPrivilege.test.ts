import { DeleteObjectCommand } from '@aws-sdk/client-s3';
import { expect } from 'chai';
import { readPolicy } from '../../kinds/policies/readPolicy';
import { VAULT_KEY, vaultNames } from '../../names';
import { DR, succeeded } from '../../scripts/demo/stage';
import { LOOK_UP_POLICIES, MIRROR_POLICIES } from '../../vault/policies';
import { allowedBy } from './allowedBy';
import { allowStops } from './allowStops';
import { Privileges, SETTINGS } from './privileges';

const NOTHING = '--expect-no-changes';

/** What the run role may do and needs in no run of this test, each with the reason why it may. */
const NOT_IN_THIS_LIFE: Readonly<Record<string, string>> = {
  'ec2:DisableVgwRoutePropagation': 'a main table in DR that somebody attached a VPN gateway to',
  'iam:PutRolePermissionsBoundary': 'a mirrored role that somebody gave another boundary in DR',
  'iam:PutUserPermissionsBoundary': 'a mirrored user that somebody gave another boundary in DR',
  'ec2:ModifyVpcTenancy': 'a VPC of dedicated tenancy that becomes one of default tenancy',
};

/** The whole life of a mirror with one of each kind, by the run role and the reader, with no more rights than they are given. */
describe('least privilege, over the whole life of a mirror', function () {
  this.timeout(900_000);
  let privileges: Privileges;

  before(async () => {
    privileges = await Privileges.open();
  });
  after(() => privileges?.close());

  it('creates all', async () => {
    succeeded(await privileges.up());
    succeeded(await privileges.up(NOTHING));
  });

  it('changes a field of each', async () => {
    const { stage } = privileges;
    await stage.config('guardShare', '100');
    for (const round of [1, 2]) {
      await privileges.change(round);
      await allowStops(stage, privileges.env);
      succeeded(await privileges.up());
    }
    succeeded(await privileges.up(NOTHING));
  });

  it('refreshes', async () => {
    succeeded(await privileges.up('--refresh', NOTHING));
  });

  it('copies', async () => {
    // This source has no snapshot policy: that nothing is shared is found out by asking, in both accounts.
    const copies = await privileges.stage.lifeboat(['copy-snapshots', '--json'], { env: privileges.env });
    expect(JSON.parse(copies.stdout).problems.join()).to.contain('shares no tagged snapshot');
  });

  it('removes all, as the source does', async () => {
    const { stage } = privileges;
    await privileges.remove();
    await stage.config('removals', 'follow');
    // The guard would stop a source that was emptied. It has nothing to hold against.
    await stage.s3(DR).send(
      new DeleteObjectCommand({
        Bucket: vaultNames(DR.account, DR.region).inventoryBucket,
        Key: VAULT_KEY.inventory('dr'),
      }),
    );
    succeeded(await privileges.up());
    succeeded(await privileges.up(NOTHING));
  });

  it('was denied nothing', async () => {
    expect((await privileges.used('run')).denied).to.deep.equal([]);
    expect((await privileges.used('reader')).denied).to.deep.equal([]);
  });

  it('the reader role used all that it may do', async () => {
    const { allowed } = await privileges.used('reader');
    expect(allowed).to.deep.equal(readPolicy().Statement[0]?.Action);
  });

  it('the run role used all that it may do, but for what has a reason', async () => {
    const { allowed } = await privileges.used('run');
    const granted = Object.values({ ...MIRROR_POLICIES, ...LOOK_UP_POLICIES }).flatMap((document) =>
      allowedBy(document(SETTINGS)),
    );
    const unused = granted.filter((action) => !allowed.includes(action)).sort();
    expect(unused).to.deep.equal(Object.keys(NOT_IN_THIS_LIFE).sort());
  });
});
