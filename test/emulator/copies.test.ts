import {
  CopySnapshotCommand,
  type CopySnapshotCommandInput,
  DescribeSnapshotsCommand,
  ModifySnapshotTierCommand,
} from '@aws-sdk/client-ec2';
import { CreateAliasCommand, CreateGrantCommand, DisableKeyCommand } from '@aws-sdk/client-kms';
import { expect } from 'chai';
import {
  Clients,
  describeSnapshot,
  HERE,
  must,
  newAccount,
  newKey,
  newSnapshot,
  openKey,
  refusal,
  share,
  THERE,
  tagged,
  useEmulator,
} from './support';

describe('emulator: CopySnapshot across accounts and regions', () => {
  const emulator = useEmulator();
  let source: string;
  let recovery: string;
  let theirs: Clients;
  let mine: Clients;
  let vaultKey: string;

  beforeEach(async () => {
    source = newAccount();
    recovery = newAccount();
    theirs = new Clients(emulator().url, source, HERE);
    mine = new Clients(emulator().url, recovery, THERE);
    vaultKey = await newKey(mine);
    await emulator().clearRules();
    await emulator().config({ copyMiBps: 1024, copyLimit: 20 });
  });

  const send = (id: string, input: Partial<CopySnapshotCommandInput> = {}) =>
    mine.ec2.send(new CopySnapshotCommand({ SourceSnapshotId: id, SourceRegion: HERE, ...input }));
  const copy = async (id: string, input: Partial<CopySnapshotCommandInput> = {}) =>
    must((await send(id, input)).SnapshotId);
  const vault = () => ({ Encrypted: true, KmsKeyId: vaultKey });

  async function shared(input: Parameters<typeof newSnapshot>[1] = {}): Promise<string> {
    const id = await newSnapshot(theirs, input);
    await share(theirs, id, recovery);
    return id;
  }

  async function sharedUnderKey(): Promise<{ id: string; key: string }> {
    const key = await newKey(theirs);
    return { id: await shared({ Encrypted: true, KmsKeyId: key }), key };
  }

  it('takes size over rate, and shows its progress; advancing the clock ends it', async () => {
    await emulator().config({ copyMiBps: 8 * 1024 });
    const id = await copy(await shared({ Size: 80 }), vault());
    const before = await describeSnapshot(mine, id);
    expect(before.State).to.equal('pending');
    await emulator().advance(5);
    const middle = Number.parseInt(must((await describeSnapshot(mine, id)).Progress), 10);
    expect(middle).to.be.within(49, 60);
    await emulator().advance(5);
    const after = await describeSnapshot(mine, id);
    expect(after).to.include({ State: 'completed', Progress: '100%', OwnerId: recovery, VolumeSize: 80 });
  });

  it('drops the tags of the source, takes TagSpecifications at creation, and carries an arbitrary volume id', async () => {
    const specification = tagged('snapshot', { 'lifeboat:source-snapshot': 'snap-1' });
    const id = await copy(await shared(), { ...vault(), TagSpecifications: specification });
    const seen = await describeSnapshot(mine, id);
    expect(seen.Tags).to.deep.equal([{ Key: 'lifeboat:source-snapshot', Value: 'snap-1' }]);
    expect(seen.VolumeId).to.equal('vol-ffffffff');
    const reserved = tagged('snapshot', { 'aws:x': 'y' });
    expect(await refusal(send(await shared(), { TagSpecifications: reserved }))).to.equal(
      'InvalidParameterValue',
    );
  });

  it("is encrypted under the caller's key, an alias resolved to the ARN", async () => {
    await mine.kms.send(new CreateAliasCommand({ AliasName: 'alias/vault', TargetKeyId: vaultKey }));
    const id = await copy(await shared(), { Encrypted: true, KmsKeyId: 'alias/vault' });
    expect(await describeSnapshot(mine, id)).to.include({ Encrypted: true, KmsKeyId: vaultKey });
  });

  it('Encrypted cannot be false, and a key needs Encrypted', async () => {
    const id = await shared();
    expect(await refusal(send(id, { Encrypted: false }))).to.equal('InvalidParameterValue');
    expect(await refusal(send(id, { KmsKeyId: vaultKey }))).to.equal('InvalidParameterDependency');
  });

  it('at most 20 run at once into a region; the 21st is refused with ResourceLimitExceeded', async () => {
    await emulator().config({ copyMiBps: 1 });
    const ids = await Promise.all(Array.from({ length: 30 }, () => shared()));
    const answers = await Promise.all(ids.map((id) => refusal(send(id, vault()))));
    expect(answers.filter((answer) => answer === 'none')).to.have.length(20);
    expect(answers.filter((answer) => answer === 'ResourceLimitExceeded')).to.have.length(10);
    await emulator().advance(8 * 1024);
    expect(await refusal(send(must(ids[0]), vault()))).to.equal('none');
  });

  it('only completed snapshots copy', async () => {
    await emulator().config({ copyMiBps: 1 });
    const first = await copy(await shared(), vault());
    const input = { SourceSnapshotId: first, SourceRegion: THERE };
    expect(await refusal(mine.ec2.send(new CopySnapshotCommand(input)))).to.equal('IncorrectState');
  });

  it('archived snapshots do not copy, and are shared with nobody any more', async () => {
    const id = await shared();
    await theirs.ec2.send(new ModifySnapshotTierCommand({ SnapshotId: id, StorageTier: 'archive' }));
    const own = new CopySnapshotCommand({ SourceSnapshotId: id, SourceRegion: HERE });
    expect(await refusal(theirs.ec2.send(own))).to.equal('IncorrectState');
    expect(await refusal(send(id, vault()))).to.equal('InvalidSnapshot.NotFound');
  });

  it('a snapshot that is not shared, or whose sharing ended, does not exist', async () => {
    expect(await refusal(send(await newSnapshot(theirs), vault()))).to.equal('InvalidSnapshot.NotFound');
  });

  it('a second copy of a volume waits for its pending one', async () => {
    await emulator().config({ copyMiBps: 1024 });
    const id = await shared();
    const [first, second] = [await copy(id, vault()), await copy(id, vault())];
    await emulator().advance(8.5);
    expect((await describeSnapshot(mine, first)).State).to.equal('completed');
    expect((await describeSnapshot(mine, second)).State).to.equal('pending');
    await emulator().advance(8);
    expect((await describeSnapshot(mine, second)).State).to.equal('completed');
  });

  describe('KMS: refusals are asynchronous', () => {
    const NO_KEY = 'Given key ID is not accessible';

    async function outcome(id: string, input: Partial<CopySnapshotCommandInput> = vault()) {
      const made = await copy(id, input);
      await emulator().advance(60);
      const { State, StateMessage } = await describeSnapshot(mine, made);
      return { State, StateMessage };
    }

    it("without permission on the owner's key the copy is accepted, then ends in error", async () => {
      const { id } = await sharedUnderKey();
      expect(await outcome(id)).to.deep.equal({ State: 'error', StateMessage: NO_KEY });
    });

    it('with a key policy that lets the account in, it completes', async () => {
      const { id, key } = await sharedUnderKey();
      await openKey(theirs, key, [source, recovery]);
      expect((await outcome(id)).State).to.equal('completed');
    });

    it('with a grant to the account, it completes', async () => {
      const { id, key } = await sharedUnderKey();
      const operations = [
        'DescribeKey',
        'CreateGrant',
        'GenerateDataKeyWithoutPlaintext',
        'ReEncryptFrom',
        'Decrypt',
      ] as const;
      const principal = `arn:aws:iam::${recovery}:root`;
      const grant = { KeyId: key, GranteePrincipal: principal, Operations: [...operations] };
      await theirs.kms.send(new CreateGrantCommand(grant));
      expect((await outcome(id)).State).to.equal('completed');
    });

    it('with a disabled key on either side it ends in error', async () => {
      const { id, key } = await sharedUnderKey();
      await openKey(theirs, key, [source, recovery]);
      await theirs.kms.send(new DisableKeyCommand({ KeyId: key }));
      expect(await outcome(id)).to.deep.equal({ State: 'error', StateMessage: NO_KEY });
      await mine.kms.send(new DisableKeyCommand({ KeyId: vaultKey }));
      expect(await outcome(await shared())).to.deep.equal({ State: 'error', StateMessage: NO_KEY });
    });

    it('under a key that does not exist it ends in error, and does not count as a copy for ever', async () => {
      const input = { Encrypted: true, KmsKeyId: 'alias/nobody' };
      expect(await outcome(await shared(), input)).to.deep.equal({ State: 'error', StateMessage: NO_KEY });
    });

    it('an encrypted source gives an encrypted copy, under the default key when none is named', async () => {
      const { id, key } = await sharedUnderKey();
      await openKey(theirs, key, [source, recovery]);
      const seen = await describeSnapshot(mine, await copy(id));
      expect(seen.Encrypted).to.equal(true);
      expect(seen.KmsKeyId).to.include(`:${recovery}:key/`).and.not.equal(vaultKey);
    });
  });

  describe('faults', () => {
    it('a copy can be made to end in error at a percentage', async () => {
      await emulator().rules({ action: 'CopySnapshot', copyErrorAt: 40, times: 1 });
      const [bad, good] = [await copy(await shared(), vault()), await copy(await shared(), vault())];
      await emulator().advance(60);
      expect(await describeSnapshot(mine, bad)).to.include({ State: 'error', Progress: '40%' });
      expect((await describeSnapshot(mine, good)).State).to.equal('completed');
    });

    it("the outage of the source's region fails copies out of it, and only those", async () => {
      const id = await shared();
      const own = await newSnapshot(mine);
      await emulator().rules({ region: HERE, drop: true });
      expect(await refusal(send(id, vault()))).to.equal('InternalError');
      const inside = new CopySnapshotCommand({ SourceSnapshotId: own, SourceRegion: THERE });
      expect(await refusal(mine.ec2.send(inside))).to.equal('none');
      await emulator().clearRules();
    });

    it('the outage of the source account leaves copying of what it shared', async () => {
      const id = await shared();
      await emulator().rules({ account: source, error: 'AuthFailure', status: 401 });
      expect(await refusal(send(id, vault()))).to.equal('none');
      await emulator().clearRules();
    });

    it('an answer can be lost after the work was done', async () => {
      const id = await shared();
      await emulator().rules({ action: 'CopySnapshot', drop: true, after: true, times: 1 });
      expect(
        await refusal(send(id, { ...vault(), TagSpecifications: tagged('snapshot', { from: id }) })),
      ).to.not.equal('none');
      const filters = [{ Name: 'tag:from', Values: [id] }];
      expect(
        (await mine.ec2.send(new DescribeSnapshotsCommand({ Filters: filters }))).Snapshots,
      ).to.have.length(1);
    });
  });

  it('the emulator knows whose bytes a copy holds', async () => {
    const id = await shared();
    const copied = await copy(id, vault());
    expect((await emulator().lineage())[copied]).to.include({ account: source, snapshot: id, parent: id });
  });
});
