import {
  CreateTagsCommand,
  DeleteSnapshotCommand,
  DescribeSnapshotsCommand,
  ListSnapshotsInRecycleBinCommand,
  RestoreSnapshotFromRecycleBinCommand,
} from '@aws-sdk/client-ec2';
import { expect } from 'chai';
import { Clients, describeSnapshot, HERE, newAccount, newSnapshot, refusal, useEmulator } from './support';

const DAY = 86_400;

interface Rule {
  readonly Identifier: string;
  readonly RuleArn: string;
}

describe('emulator: Recycle Bin', () => {
  const emulator = useEmulator();
  let account: string;
  let mine: Clients;

  beforeEach(() => {
    account = newAccount();
    mine = new Clients(emulator().url, account, HERE);
  });

  /** One call, as its REST-JSON API has it; signatures are not checked. */
  async function rbin(
    method: string,
    path: string,
    body?: object,
  ): Promise<[number, Record<string, unknown>]> {
    const scope = `Credential=AKIA${account}TEST/20261101/${HERE}/rbin/aws4_request`;
    const answer = await fetch(new URL(path, emulator().url), {
      method,
      headers: {
        authorization: `AWS4-HMAC-SHA256 ${scope}, SignedHeaders=host, Signature=0`,
        'content-type': 'application/json',
      },
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    return [answer.status, text === '' ? {} : JSON.parse(text)];
  }
  const days = (RetentionPeriodValue: number) => ({
    RetentionPeriod: { RetentionPeriodValue, RetentionPeriodUnit: 'DAYS' },
  });
  const byTag = (ResourceTagKey: string, ResourceTagValue?: string) => ({
    ResourceTags: [{ ResourceTagKey, ...(ResourceTagValue !== undefined && { ResourceTagValue }) }],
  });
  async function rule(body: object): Promise<Rule> {
    const [status, made] = await rbin('POST', '/rules', {
      ResourceType: 'EBS_SNAPSHOT',
      ...days(7),
      ...body,
    });
    expect(status, JSON.stringify(made)).to.equal(201);
    return made as unknown as Rule;
  }
  async function deleted(tags: Record<string, string>): Promise<string> {
    const id = await newSnapshot(mine);
    const Tags = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
    if (Tags.length > 0) await mine.ec2.send(new CreateTagsCommand({ Resources: [id], Tags }));
    await mine.ec2.send(new DeleteSnapshotCommand({ SnapshotId: id }));
    return id;
  }
  const inBin = async () =>
    ((await mine.ec2.send(new ListSnapshotsInRecycleBinCommand({}))).Snapshots ?? []).map(
      ({ SnapshotId }) => SnapshotId,
    );
  const restore = (SnapshotId: string) =>
    mine.ec2.send(new RestoreSnapshotFromRecycleBinCommand({ SnapshotId }));

  it('keeps what carries one of the tags of a rule, whatever its value, and nothing else', async () => {
    await rule(byTag('kept'));
    const kept = await deleted({ kept: 'anything' });
    const gone = await deleted({ other: 'kept' });
    expect(await inBin()).to.deep.equal([kept]);
    expect(await refusal(restore(gone))).to.equal('InvalidSnapshot.NotFound');
    const described = mine.ec2.send(new DescribeSnapshotsCommand({ SnapshotIds: [kept] }));
    expect(await refusal(described), 'it is no snapshot meanwhile').to.equal('InvalidSnapshot.NotFound');
  });

  it('a value in a rule must be the same', async () => {
    await rule(byTag('kept', 'yes'));
    const kept = await deleted({ kept: 'yes' });
    await deleted({ kept: 'no' });
    expect(await inBin()).to.deep.equal([kept]);
  });

  it('gives it back with its tags', async () => {
    await rule(byTag('kept'));
    const id = await deleted({ kept: 'yes', Name: 'a' });
    expect(await refusal(restore(id))).to.equal('none');
    expect(await inBin()).to.deep.equal([]);
    expect((await describeSnapshot(mine, id)).Tags).to.deep.include({ Key: 'Name', Value: 'a' });
  });

  it('keeps it for the longest time of the rules that speak of it, and then no more', async () => {
    await rule(byTag('kept'));
    await rule({ ...byTag('kept'), ...days(30) });
    const id = await deleted({ kept: 'yes' });
    await emulator().advance(29 * DAY);
    expect(await inBin()).to.deep.equal([id]);
    await emulator().advance(DAY + 1);
    expect(await refusal(restore(id))).to.equal('InvalidSnapshot.NotFound');
  });

  it('a rule without tags keeps all of the region but what it excludes', async () => {
    await rule({ ExcludeResourceTags: byTag('scratch').ResourceTags });
    const kept = await deleted({});
    await deleted({ scratch: '' });
    expect(await inBin()).to.deep.equal([kept]);
  });

  it('is listed by type and tag', async () => {
    const { Identifier, RuleArn } = await rule({ ...byTag('kept'), Description: 'ours' });
    await rule(byTag('other'));
    const [, { Rules }] = await rbin('POST', '/list-rules', {
      ResourceType: 'EBS_SNAPSHOT',
      ...byTag('kept'),
    });
    expect(Rules).to.deep.equal([
      { Identifier, RuleArn, Description: 'ours', LockState: 'unlocked', ...days(7) },
    ]);
    const [, images] = await rbin('POST', '/list-rules', { ResourceType: 'EC2_IMAGE' });
    expect(images.Rules).to.deep.equal([]);
  });

  it('1 to 365 days; only rules of a whole region are locked, and a locked one stays as it is', async () => {
    for (const wrong of [0, 366])
      expect((await rbin('POST', '/rules', { ResourceType: 'EBS_SNAPSHOT', ...days(wrong) }))[0]).to.equal(
        400,
      );
    const lock = { LockConfiguration: { UnlockDelay: { UnlockDelayValue: 7, UnlockDelayUnit: 'DAYS' } } };
    const tagged = { ResourceType: 'EBS_SNAPSHOT', ...days(7), ...byTag('kept'), ...lock };
    expect((await rbin('POST', '/rules', tagged))[0]).to.equal(400);
    const { Identifier } = await rule(lock);
    expect((await rbin('DELETE', `/rules/${Identifier}`))[0]).to.equal(409);
    expect((await rbin('PATCH', `/rules/${Identifier}`, days(1)))[0]).to.equal(409);
  });

  it('what it keeps outlives the rule', async () => {
    const { Identifier } = await rule(byTag('kept'));
    const id = await deleted({ kept: 'yes' });
    expect((await rbin('DELETE', `/rules/${Identifier}`))[0]).to.equal(204);
    expect((await rbin('GET', `/rules/${Identifier}`))[0]).to.equal(404);
    expect(await inBin()).to.deep.equal([id]);
  });
});
