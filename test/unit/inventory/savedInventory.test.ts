import { GetObjectCommand, ListObjectVersionsCommand, S3Client } from '@aws-sdk/client-s3';
import { mockClient } from 'aws-sdk-client-mock';
import { expect } from 'chai';
import type { Account } from '../../../accounts';
import { LifeboatError } from '../../../errors';
import { INVENTORY_VERSION, type Inventory, inventoryText } from '../../../inventory/inventory';
import { parseMoment } from '../../../inventory/moment';
import type { RecoveryRecord } from '../../../inventory/recoveryRecord';
import { savedInventory } from '../../../inventory/savedInventory';
import type { VaultRecords } from '../../../inventory/store';
import { vpc } from '../items';

const inventoryOf = (cidrBlock: string): Inventory => ({
  format: 'lifeboat-inventory',
  version: INVENTORY_VERSION,
  account: '111111111111',
  region: 'eu-west-1',
  zones: {},
  gone: {},
  fields: {},
  kinds: { vpc: [vpc('vpc-1', { cidrBlock })] },
});
const NEWEST = inventoryOf('10.3.0.0/16');
const VERSIONS = [
  { VersionId: 'v3', LastModified: new Date('2026-01-30T00:00:00Z'), cidr: '10.3.0.0/16' },
  { VersionId: 'v2', LastModified: new Date('2026-01-20T00:00:00Z'), cidr: '10.2.0.0/16' },
  { VersionId: 'v1', LastModified: new Date('2026-01-10T00:00:00Z'), cidr: '10.1.0.0/16' },
];
const NOW = new Date('2026-02-01T00:00:00Z');

describe('the inventory that a recovery works from', () => {
  const client = new S3Client({ region: 'eu-central-1' });
  const s3 = mockClient(client);
  const dr = {
    id: '222222222222',
    region: 'eu-central-1',
    s3: client,
  } as Account;
  const vault = (more: Partial<VaultRecords> = {}): VaultRecords => ({
    accepted: NEWEST,
    acceptedText: inventoryText(NEWEST),
    pins: new Map(),
    recovery: undefined,
    standingDown: false,
    standDown: undefined,
    ...more,
  });
  const saved = (recoverAt?: string, more: Partial<VaultRecords> = {}, recover = true) =>
    savedInventory(
      dr,
      vault(more),
      {
        sourceAccount: '111111111111',
        sourceRegion: 'eu-west-1',
        stack: 'dr',
        recover,
        recoverAt: recoverAt === undefined ? undefined : parseMoment(recoverAt),
      },
      NOW,
    );
  const cidr = ({ kinds }: Pick<Inventory, 'kinds'>) =>
    kinds.vpc?.map((item) => Object(item).cidrBlock).join();
  const refused = (...args: Parameters<typeof saved>) =>
    saved(...args).then(
      () => expect.fail('it was not refused'),
      (error: unknown) => {
        expect(error).to.be.instanceOf(LifeboatError);
        return String(error);
      },
    );

  beforeEach(() => {
    s3.reset();
    s3.on(ListObjectVersionsCommand).resolves({
      Versions: VERSIONS.map(({ cidr: _, ...version }) => ({ ...version, Key: 'inventory/dr.json' })),
      DeleteMarkers: [
        { Key: 'inventory/dr.json', VersionId: 'gone', LastModified: new Date('2026-01-21T00:00:00Z') },
      ],
    });
    s3.on(GetObjectCommand).callsFake(({ VersionId }) => {
      const version = VERSIONS.find((each) => each.VersionId === VersionId);
      const text = version ? inventoryText(inventoryOf(version.cidr)) : '{';
      return { Body: { transformToString: async () => text }, LastModified: version?.LastModified };
    });
  });
  after(() => s3.restore());

  it('is the newest where no moment is asked for', async () => {
    const { record, ...found } = await saved();
    expect(cidr(found)).to.equal('10.3.0.0/16');
    expect(record).to.deep.equal({ begun: NOW.toISOString() });
  });

  it('is the newest that was accepted at the moment; a deletion is none', async () => {
    const { record, ...found } = await saved('2026-01-25T00:00:00Z');
    expect(cidr(found)).to.equal('10.2.0.0/16');
    expect(record?.inventory).to.deep.equal({ versionId: 'v2', time: '2026-01-20T00:00:00.000Z' });
    expect(cidr(await saved('2026-01-20T00:00:00Z')), 'at it').to.equal('10.2.0.0/16');
  });

  it('is the oldest, said aloud, where none is so old', async () => {
    const found = await saved('4 weeks ago');
    expect(cidr(found)).to.equal('10.1.0.0/16');
    expect(found.notes.join()).to.contain('NO ACCEPTED INVENTORY IS AS OLD AS 2026-01-04T00:00:00.000Z');
  });

  const record: RecoveryRecord = {
    begun: '2026-01-28T00:00:00.000Z',
    asked: '1 week ago',
    at: '2026-01-21T00:00:00.000Z',
    inventory: { versionId: 'v2', time: '2026-01-20T00:00:00.000Z' },
  };

  it('stays what it was when the recovery was begun, whatever the clock says', async () => {
    const found = await saved('1 week ago', { recovery: record });
    expect(found.record).to.equal(record);
    expect(cidr(found)).to.equal('10.2.0.0/16');
    expect(s3.commandCalls(ListObjectVersionsCommand)).to.have.length(0);
    const forgotten = await saved(undefined, { recovery: record });
    expect(cidr(forgotten)).to.equal('10.2.0.0/16');
    expect(forgotten.notes.join()).to.contain('this recovery stays at 2026-01-21');
    expect(cidr(await saved('2026-01-21T00:00:00Z', { recovery: record })), 'the same time').to.equal(
      '10.2.0.0/16',
    );
  });

  it('is refused for another moment, with the ways to one', async () => {
    for (const other of ['2 days ago', '2026-01-22T00:00:00Z'])
      expect(await refused(other, { recovery: record }))
        .to.contain("config set lifeboat:recoverAt '1 week ago'")
        .and.contain('lifeboat move-on NAME')
        .and.contain('lifeboat stand-down');
    expect(await refused('2 days ago', { recovery: { begun: record.begun } })).to.contain(
      'config rm lifeboat:recoverAt',
    );
  });

  it('is refused for a time to come', async () => {
    expect(await refused('2027-01-01T00:00:00Z')).to.contain('a time to come');
  });

  it('is the newest in a recovery that an older program began', async () => {
    const pin = { instance: 'i-1', point: 'p', time: '2026-01-20T00:00:00Z', copies: {} };
    const found = await saved('2026-01-25T00:00:00Z', { pins: new Map([['i-1', pin]]) });
    expect(cidr(found)).to.equal('10.3.0.0/16');
    expect(found.record).to.deep.include({ at: '2026-01-25T00:00:00.000Z' });
    expect(found.record).to.not.have.property('inventory');
  });

  it('holds up a recovery where it is damaged, and not its end', async () => {
    const damaged = { ...record, inventory: { versionId: 'v0', time: '2026-01-20T00:00:00.000Z' } };
    expect(await refused('1 week ago', { recovery: damaged })).to.contain('damaged');
    const found = await saved('1 week ago', { recovery: damaged }, false);
    expect(cidr(found)).to.equal('10.3.0.0/16');
    expect(found.notes.join()).to.contain('could not be read');
  });
});
