import { CreateSecurityGroupCommand } from '@aws-sdk/client-ec2';
import { expect } from 'chai';
import { LifeboatError } from '../../errors';
import { prepare } from '../../inventory/prepare';
import { readPolicy } from '../../kinds/policies/readPolicy';
import { type Finished, SOURCE, succeeded } from '../../scripts/demo/stage';
import { LOOK_UP_POLICIES, MIRROR_POLICIES } from '../../vault/policies';
import { allowedBy } from './allowedBy';
import { allowStops } from './allowStops';
import { Privileges, type Role, SETTINGS } from './privileges';

const WRITES = Object.values(MIRROR_POLICIES).flatMap((document) => allowedBy(document(SETTINGS)));
const DR_LOOK_UPS = Object.values(LOOK_UP_POLICIES).flatMap((document) => allowedBy(document()));
/** What `copy-snapshots` asks both sides for, and the mirror's run neither. */
const COPYING = 'ec2:DescribeSnapshots';

/**
 * What of the look-up policy only the provider asks for: when it reads a tag of an empty value, a launch
 * template with CPU credits, a gateway endpoint, a bucket, anything of IAM by itself, the one parameter that it has made, or what of CloudFront's comes in lists.
 */
const ONLY_THE_PROVIDER = [
  'cloudfront:DescribeFunction',
  'cloudfront:GetCachePolicy',
  'cloudfront:GetCloudFrontOriginAccessIdentity',
  'cloudfront:GetDistribution',
  'cloudfront:GetKeyGroup',
  'cloudfront:GetOriginAccessControl',
  'cloudfront:GetOriginRequestPolicy',
  'cloudfront:GetPublicKey',
  'cloudfront:GetResponseHeadersPolicy',
  'ec2:DescribeInstanceTypes',
  'ec2:DescribePrefixLists',
  'ec2:DescribeTags',
  's3:GetBucketAcl',
  's3:GetBucketLocation',
  's3:ListTagsForResource',
  'iam:GetGroup',
  'iam:GetGroupPolicy',
  'iam:GetPolicyVersion',
  'iam:GetRole',
  'iam:GetRolePolicy',
  'iam:GetUser',
  'iam:GetUserPolicy',
  'iam:ListAttachedGroupPolicies',
  'iam:ListAttachedRolePolicies',
  'iam:ListAttachedUserPolicies',
  'iam:ListGroupsForUser',
  'iam:ListInstanceProfilesForRole',
  'iam:ListPolicyVersions',
  'iam:ListRolePolicies',
  'ssm:GetParameter',
];

/** What the provider tries in the place of what it is denied, and is then denied too. */
const INSTEAD: Readonly<Record<string, string>> = {
  's3:TagResource': 's3:PutBucketTagging',
  's3:UntagResource': 's3:PutBucketTagging',
};

/** How many of a phase's permissions are tried, one engine run each. All of them with LIFEBOAT_FULL set. */
const SAMPLE = 1;
const SEED = Number(process.env.LIFEBOAT_SEED ?? '1');

/** Some of a list, the same for the same seed. */
function some(all: readonly string[]): string[] {
  if (process.env.LIFEBOAT_FULL) return [...all];
  const chosen = [...all].sort();
  return chosen
    .filter((_, index) => (index + SEED) % Math.ceil(chosen.length / SAMPLE) === 0)
    .slice(0, SAMPLE);
}

describe('a permission that is missing', function () {
  this.timeout(process.env.LIFEBOAT_FULL ? 7_200_000 : 1_200_000);
  let privileges: Privileges;
  let created: Set<string>;
  const asked: Record<Role, Set<string>> = { run: new Set(), reader: new Set() };

  const look = () => privileges.inProcess(() => prepare(SETTINGS, 'dr', true, new Map()));

  before(async () => {
    privileges = await Privileges.open();
    created = await privileges.during('run', async () => succeeded(await privileges.up()));
    // Something is to be made by the next run: only then do quotas matter.
    const group = { VpcId: privileges.estate.peer, GroupName: 'new', Description: 'not mirrored yet' };
    await privileges.stage.ec2(SOURCE).send(new CreateSecurityGroupCommand(group));
    for (const role of ['run', 'reader'] as const) asked[role] = await privileges.during(role, look);
  });
  after(() => privileges?.close());

  async function refused(role: Role, action: string): Promise<void> {
    const error = await privileges.without(role, action, () =>
      look().then(
        () => 'the look-up went through',
        (thrown: unknown) => thrown,
      ),
    );
    expect(error, String(error)).to.be.instanceOf(LifeboatError);
    // AWS Organizations does not say what it denied: the error has to.
    const words = action.startsWith('organizations:') ? action : `not authorized to perform: ${action}`;
    expect((error as LifeboatError).message).to.contain(words);
  }

  /** Asserts that a run failed, and that its reader can see for want of what. */
  function named({ code, stdout, stderr }: Finished, action: string): void {
    expect(code, `${stdout}${stderr}`).not.to.equal(0);
    expect(stdout + stderr).to.contain(`not authorized to perform: ${INSTEAD[action] ?? action}`);
  }

  async function refusedToCopy(role: Role): Promise<void> {
    const copy = () => privileges.stage.lifeboat(['copy-snapshots', '--json'], { env: privileges.env });
    named(await privileges.without(role, COPYING, copy), COPYING);
  }

  describe('to look the source up is named, and nothing is concluded:', () => {
    for (const action of (readPolicy().Statement[0]?.Action ?? []) as string[])
      it(action, () => (action === COPYING ? refusedToCopy('reader') : refused('reader', action)));
  });

  describe('to look DR up is named, and nothing is concluded:', () => {
    for (const action of DR_LOOK_UPS)
      it(action, async () => {
        if (asked.run.has(action)) await refused('run', action);
        else if (action === COPYING) await refusedToCopy('run');
        else expect(ONLY_THE_PROVIDER).to.include(action);
      });
  });

  describe('to write is named:', () => {
    it('changes', async () => {
      const { stage } = privileges;
      await stage.config('guardShare', '100');
      let round = 0;
      const change = async () => {
        await privileges.change(++round);
        await allowStops(stage, privileges.env);
      };
      const changed = await privileges.during('run', async () => {
        for (const _ of [1, 2]) {
          await change();
          succeeded(await privileges.up());
        }
      });
      for (const action of some(WRITES.filter((each) => changed.has(each) && !created.has(each)))) {
        // Of two rounds one needs what the other does not: a range comes in the first, and goes in the second.
        const runs: Finished[] = [];
        for (const _ of [1, 2]) {
          await change();
          runs.push(await privileges.without('run', action, () => privileges.up()));
          succeeded(await privileges.up());
        }
        named(runs.find(({ code }) => code !== 0) ?? (runs[0] as Finished), action);
      }
    });

    it('what makes and removes', async () => {
      const removed = await privileges.during('run', async () => succeeded(await privileges.destroy()));
      for (const action of some([...WRITES, ...ONLY_THE_PROVIDER].filter((each) => created.has(each)))) {
        named(await privileges.without('run', action, () => privileges.up()), action);
        succeeded(await privileges.destroy());
      }
      succeeded(await privileges.up());
      for (const action of some(WRITES.filter((each) => removed.has(each) && !created.has(each)))) {
        named(await privileges.without('run', action, () => privileges.destroy()), action);
        succeeded(await privileges.up());
      }
    });
  });
});
