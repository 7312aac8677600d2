import { EBSClient } from '@aws-sdk/client-ebs';
import {
  DeleteSnapshotCommand,
  DescribeInstancesCommand,
  DescribeSnapshotsCommand,
  DescribeVolumesCommand,
  EC2Client,
  ListSnapshotsInRecycleBinCommand,
  RestoreSnapshotFromRecycleBinCommand,
  type Snapshot,
} from '@aws-sdk/client-ec2';
import {
  AttachRolePolicyCommand,
  CreateRoleCommand,
  DeleteRolePolicyCommand,
  IAMClient,
  PutRolePolicyCommand,
} from '@aws-sdk/client-iam';
import * as kms from '@aws-sdk/client-kms';
import { DeleteObjectCommand, GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { expect } from 'chai';
import { TAG, VAULT_KEY, vaultNames } from '../../names';
import { makeEstate } from '../../scripts/demo/estate';
import { DR, SOURCE, Stage, succeeded } from '../../scripts/demo/stage';
import { type CopyAttempt, ON_COPIES, ON_THE_KEY, type Target } from './copyAttempts';
import { ransack } from './ransack';
import { OPEN } from './vaultAttempts';

const names = vaultNames(DR.account, DR.region);
const BREAK_GLASS = `arn:aws:iam::${DR.account}:role/break-glass`;
const UP = ['up', '--yes', '--skip-preview', '--stack', 'dr'];
const WEEKS = 21 * 86_400;

/**
 * A thief has the source, all of it, and another the runner's credentials in DR. Each call is made on the emulator, which evaluates
 * identity policies, boundaries and key policies. What it cannot show is in docs/adr/0013-what-guards-the-copies.md, and is
 * evaluated as text by test/unit/vault.
 */
describe('a thief with all of the source', function () {
  this.timeout(600_000);
  let stage: Stage;
  let untouched: readonly Snapshot[];
  let target: Omit<Target, 'ec2' | 'ebs' | 'kms'>;
  const env: Record<string, Record<string, string>> = {};

  const copies = async () => {
    const asked = new DescribeSnapshotsCommand({ OwnerIds: ['self'] });
    const { Snapshots = [] } = await stage.ec2(DR).send(asked);
    return Snapshots.sort((a, b) => (a.SnapshotId ?? '').localeCompare(b.SnapshotId ?? ''));
  };

  /** Somebody's clients in DR. */
  function as(who: string): Target {
    const { AWS_ACCESS_KEY_ID = '', AWS_SECRET_ACCESS_KEY = '', AWS_SESSION_TOKEN } = env[who] ?? {};
    const config = {
      ...stage.client(DR),
      credentials: {
        accessKeyId: AWS_ACCESS_KEY_ID,
        secretAccessKey: AWS_SECRET_ACCESS_KEY,
        sessionToken: AWS_SESSION_TOKEN,
      },
    };
    return {
      ...target,
      ec2: new EC2Client(config),
      ebs: new EBSClient(config),
      kms: new kms.KMSClient(config),
    };
  }

  /** Sessions last an hour, by the emulator's clock too. */
  async function signIn(): Promise<void> {
    for (const role of [
      'lifeboat-run',
      'lifeboat-preview',
      'lifeboat-recover',
      'administrator',
      'break-glass',
    ])
      env[role] = await stage.role(role);
  }

  async function denied(who: string, [, action, attempt]: CopyAttempt): Promise<void> {
    const answer = await attempt(as(who)).then(
      () => 'it was let do it',
      (error: Error) => error.message,
    );
    expect(answer).to.include(`is not authorized to perform: ${action} on resource`);
  }

  before(async () => {
    stage = await Stage.open();
    await stage.emulator.config({ copyMiBps: 100_000 });
    await makeEstate(stage.ec2(SOURCE), stage.kms(SOURCE), SOURCE.account, DR.account);
    await stage.pulumi('vault', ['stack', 'init', 'dr']);
    const setting = ['lifeboat-vault:breakGlassPrincipals', BREAK_GLASS];
    succeeded(await stage.pulumi('vault', ['config', 'set', ...setting, '--stack', 'dr']));
    await stage.up('vault', { env: stage.root(DR) });
    await stage.up('source', { env: stage.root(SOURCE) });
    succeeded(await stage.lifeboat(['tag-volumes'], { env: stage.root(SOURCE) }));
    for (const { errors } of await stage.emulator.runDlm()) expect(errors).to.deep.equal([]);

    const iam = new IAMClient(stage.client(DR));
    const AssumeRolePolicyDocument = JSON.stringify({
      Version: '2012-10-17',
      Statement: [
        { Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${DR.account}:root` }, Action: 'sts:AssumeRole' },
      ],
    });
    for (const RoleName of ['break-glass', 'administrator']) {
      await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument }));
      const PolicyArn = 'arn:aws:iam::aws:policy/AdministratorAccess';
      await iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn }));
    }
    await stage.emulator.config({ enforceIam: true });
    await signIn();
    const run = { env: env['lifeboat-run'] ?? {} };
    succeeded(await stage.pulumi('.', ['stack', 'init', 'dr'], run));
    succeeded(await stage.pulumi('.', UP, run));
    succeeded(await stage.lifeboat(['copy-snapshots', '--poll-seconds', '1', '--json'], run));

    const { KeyMetadata } = await stage.kms(DR).send(new kms.DescribeKeyCommand({ KeyId: names.keyAlias }));
    const key = KeyMetadata?.Arn ?? '';
    const encrypt = new kms.EncryptCommand({ KeyId: key, Plaintext: new TextEncoder().encode('a data key') });
    const sealed = (await stage.kms(DR).send(encrypt)).CiphertextBlob ?? new Uint8Array();
    untouched = await copies();
    target = { copy: untouched[0]?.SnapshotId ?? '', key, sealed };
  });
  after(() => stage?.close());

  it('destroys everything there', async () => {
    expect(await ransack(stage)).to.be.above(30);
    await stage.emulator.advance(WEEKS);
    await signIn();
    const left = await stage.ec2(SOURCE).send(new DescribeSnapshotsCommand({ OwnerIds: ['self'] }));
    expect(left.Snapshots).to.deep.equal([]);
  });

  it('is refused everything in DR, with all of the keys of the source', async () => {
    const there = { ...stage.client(SOURCE), region: DR.region };
    const [ec2, keys, s3, sts] = [
      new EC2Client(there),
      new kms.KMSClient(there),
      new S3Client({ ...there, forcePathStyle: true }),
      new STSClient(there),
    ];
    const own: Target = { ...target, ec2, ebs: new EBSClient(there), kms: keys };
    const Bucket = names.inventoryBucket;
    const Key = VAULT_KEY.inventory('dr');
    // The first is about the caller's own account. To the second AWS may say yes, as nothing is there; that nothing changed is seen below.
    const harmless = ['ec2:DisableSnapshotBlockPublicAccess', 'ec2:DeleteTags'];
    const calls = ON_COPIES.filter(([, action]) => !harmless.includes(action));
    const tries: [string, () => Promise<unknown>][] = [
      ...[...calls, ...ON_THE_KEY].map(([what, , attempt]): [string, () => Promise<unknown>] => [
        what,
        () => attempt(own),
      ]),
      ...['run', 'preview', 'recover'].map((name): [string, () => Promise<unknown>] => {
        const RoleArn = `arn:aws:iam::${DR.account}:role/lifeboat-${name}`;
        return [name, () => sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'thief' }))];
      }),
      ['read the inventory', () => s3.send(new GetObjectCommand({ Bucket, Key }))],
      ['write the inventory', () => s3.send(new PutObjectCommand({ Bucket, Key, Body: '{}' }))],
      ['delete the inventory', () => s3.send(new DeleteObjectCommand({ Bucket, Key }))],
    ];
    const went: string[] = [];
    for (const [what, attempt] of tries)
      await attempt().then(
        () => went.push(what),
        () => undefined,
      );
    expect(went).to.deep.equal([]);
  });

  it('changed no copy', async () => {
    expect(untouched.length).to.be.above(5);
    for (const { State, KmsKeyId } of untouched)
      expect([State, KmsKeyId]).to.deep.equal(['completed', target.key]);
    expect(await copies()).to.deep.equal(untouched);
  });

  describe('and the run role, which cannot', () => {
    for (const tried of [...ON_COPIES, ...ON_THE_KEY]) it(tried[0], () => denied('lifeboat-run', tried));
  });

  describe('nor the preview role, which cannot', () => {
    for (const tried of [...ON_COPIES, ...ON_THE_KEY]) it(tried[0], () => denied('lifeboat-preview', tried));
  });

  describe('nor the recover role, of which nothing is asked but machines, and which cannot', () => {
    const reads = ['ec2:CreateVolume', 'ec2:RegisterImage', 'ec2:RunInstances'];
    for (const tried of [...ON_COPIES, ...ON_THE_KEY])
      if (!reads.includes(tried[1])) it(tried[0], () => denied('lifeboat-recover', tried));
  });

  describe('though somebody opened its policies, the run role cannot', () => {
    const iam = () => new IAMClient(stage.client(DR));
    const policy = { RoleName: 'lifeboat-run', PolicyName: 'open' };
    before(() => iam().send(new PutRolePolicyCommand({ ...policy, PolicyDocument: OPEN })));
    after(() => iam().send(new DeleteRolePolicyCommand(policy)));

    // A lock is nothing that is denied: it ends no copy, and only whoever opened the policies can have let it.
    for (const tried of [...ON_COPIES.filter(([, action]) => action !== 'ec2:LockSnapshot'), ...ON_THE_KEY])
      it(tried[0], () => denied('lifeboat-run', tried));
  });

  describe('an administrator of DR', () => {
    const ends = ['kms:ScheduleKeyDeletion', 'kms:DisableKey', 'kms:PutKeyPolicy'];
    for (const tried of ON_THE_KEY.filter(([, action]) => ends.includes(action)))
      it(`cannot ${tried[0]}`, () => denied('administrator', tried));

    it('has to ask the break-glass principal', async () => {
      const { kms: client, key } = as('break-glass');
      await client.send(new kms.ScheduleKeyDeletionCommand({ KeyId: key }));
      await as('administrator').kms.send(new kms.CancelKeyDeletionCommand({ KeyId: key }));
      await as('administrator').kms.send(new kms.EnableKeyCommand({ KeyId: key }));
    });

    it('gets a copy back that he deleted, with its lineage', async () => {
      const { ec2, copy } = as('administrator');
      await ec2.send(new DeleteSnapshotCommand({ SnapshotId: copy }));
      const { Snapshots } = await ec2.send(new ListSnapshotsInRecycleBinCommand({}));
      expect(Snapshots?.map(({ SnapshotId }) => SnapshotId)).to.deep.equal([copy]);
      await ec2.send(new RestoreSnapshotFromRecycleBinCommand({ SnapshotId: copy }));
      expect(await copies()).to.deep.equal(untouched);
    });
  });

  describe('leaves the recover role', () => {
    it('all that it needs, the source dead', async () => {
      await stage.loseSource();
      await stage.config('recover', 'true');
      succeeded(await stage.pulumi('.', UP, { env: env['lifeboat-recover'] ?? {} }));
      const running = { Name: 'instance-state-name', Values: ['running'] };
      const ours = { Name: 'tag-key', Values: [TAG.recoveryPoint] };
      const { Reservations = [] } = await stage
        .ec2(DR)
        .send(new DescribeInstancesCommand({ Filters: [running, ours] }));
      expect(Reservations.flatMap(({ Instances = [] }) => Instances)).to.have.length(4);
      // Every byte of them is a copy's.
      const { Volumes = [] } = await stage.ec2(DR).send(new DescribeVolumesCommand({ Filters: [ours] }));
      expect(Volumes.map(({ SnapshotId }) => SnapshotId).sort()).to.deep.equal(
        untouched.map(({ SnapshotId }) => SnapshotId).sort(),
      );
    });
  });
});
