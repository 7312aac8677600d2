import { CreateAccountAliasCommand } from '@aws-sdk/client-iam';
import { DeleteObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { expect } from 'chai';
import type { Inventory } from '../../../inventory/inventory';
import { VAULT_KEY, vaultNames } from '../../../names';
import { subnet, vpc } from '../../unit/items';
import { accept, acceptedText, makeSmallEstate, writeAccepted } from './guardWorld';
import { DR, startWorld, type World } from './world';

const Bucket = vaultNames(DR.account, DR.region).inventoryBucket;
const NOW = new Date('2026-02-01T00:00:00Z');

describe('lifeboat prune', function () {
  this.timeout(120_000);
  let world: World;
  let inventory: Inventory;
  const prune = (argv: string[], deps = {}) =>
    world.run(['prune', ...argv], 'dr', { now: () => NOW, ...deps });

  before(async () => {
    world = await startWorld();
    await makeSmallEstate(world.source.ec2);
    await world.dr.iam.send(new CreateAccountAliasCommand({ AccountAlias: 'our-dr' }));
  });
  after(() => world.stop());

  beforeEach(async () => {
    const { kinds } = await accept(world);
    const id = { availabilityZoneId: 'euw1-az1' };
    inventory = await accept(world, {
      kinds: {
        ...kinds,
        vpc: [...(kinds.vpc ?? []), vpc('vpc-9', { cidrBlock: '10.99.0.0/16', tags: { Name: 'old' } })],
        subnet: [
          ...(kinds.subnet ?? []),
          subnet('subnet-8', 'vpc-9', { ...id, cidrBlock: '10.99.8.0/24' }),
          subnet('subnet-9', 'vpc-9', { ...id, cidrBlock: '10.99.9.0/24' }),
        ],
      },
      gone: {
        'vpc/vpc-9': '2026-01-30T00:00:00.000Z',
        'subnet/subnet-8': '2025-12-01T00:00:00.000Z',
        'subnet/subnet-9': '2026-01-30T00:00:00.000Z',
      },
    });
  });

  const left = async () => Object.keys((JSON.parse(await acceptedText(world)) as Inventory).gone);
  const all = ['vpc/vpc-9', 'subnet/subnet-8', 'subnet/subnet-9'];

  it('lists tombstones with their age and what depends on them, and changes nothing', async () => {
    const before = await world.mutations(DR.account);
    const ran = await prune([]);
    expect(ran.code, ran.stderr).to.equal(0);
    expect(ran.stdout).to.match(/subnet\/subnet-8 +│ +│ 2025-12-01T00:00:00.000Z │ 62d/);
    expect(ran.stdout).to.match(
      /vpc\/vpc-9 +│ old +│ 2026-01-30T00:00:00.000Z │ 2d +│ subnet\/subnet-8, subnet\/subnet-9 /,
    );
    expect(ran.stdout).to.contain('3 are gone from the source and held');
    const named = await prune(['subnet/subnet-8', '--json']);
    expect(JSON.parse(named.stdout)).to.deep.include({ pruned: false, chosen: ['subnet/subnet-8'] });
    expect(await world.mutations(DR.account)).to.deep.equal(before);
  });

  it('takes out what was named, or is old enough, once the account was typed', async () => {
    const asked: string[] = [];
    const answer = (text: string) => ({
      canAsk: true,
      ask: async (question: string) => {
        asked.push(question);
        return text;
      },
    });
    const wrong = await prune(['subnet/subnet-9', '--yes'], answer('our-source'));
    expect(wrong.code).to.equal(1);
    expect(wrong.stderr).to.contain('not the name of the DR account').and.contain('--confirm our-dr');
    expect(await left()).to.have.members(all);

    const ran = await prune(['subnet/subnet-9', '--older-than', '30d', '--yes'], answer('our-dr'));
    expect(ran.code, ran.stderr).to.equal(0);
    expect(asked.join()).to.contain('subnet/subnet-9, subnet/subnet-8').and.contain('Type our-dr');
    expect(ran.stdout).to.contain('2 pruned').and.contain('npm run pulumi -- up');
    expect(await left()).to.deep.equal(['vpc/vpc-9']);
    const now = JSON.parse(await acceptedText(world)) as Inventory;
    const ids = (kinds: Inventory['kinds']) =>
      Object.values(kinds).flatMap((items) => items.map(({ id }) => id));
    expect(ids(now.kinds)).to.have.members(
      ids(inventory.kinds).filter((id) => !['subnet-8', 'subnet-9'].includes(id)),
    );
    const last = await prune(['vpc/vpc-9', '--confirm', 'our-dr']);
    expect(last.code, last.stderr).to.equal(0);
    expect((await prune([])).stdout).to.equal('Nothing is gone from the source and held.\n');
  });

  it('refuses, and changes nothing', async () => {
    const before = await acceptedText(world);
    const live = inventory.kinds.subnet?.[0]?.id;
    for (const [argv, texts] of [
      [
        ['subnet/subnet-7', `subnet/${live}`],
        ['nobody knows', 'which the source has', 'lists them'],
      ],
      [
        ['vpc/vpc-9'],
        ['subnet/subnet-8, subnet/subnet-9', 'npx lifeboat prune vpc/vpc-9 subnet/subnet-8 subnet/subnet-9'],
      ],
      [['--yes'], ['Nothing was chosen']],
      [
        ['--older-than', '30'],
        ['--older-than is malformed', '30d'],
      ],
      [
        ['subnet/subnet-8', '--yes'],
        ['nobody is there to answer', '--confirm our-dr'],
      ],
      [['subnet/subnet-8', '--confirm', 'other'], ['not the name of the DR account']],
    ] as const) {
      const ran = await prune([...argv]);
      expect([ran.code, ran.stdout], argv.join(' ')).to.deep.equal([1, '']);
      for (const text of texts) expect(ran.stderr).to.contain(text);
    }
    expect(await acceptedText(world)).to.equal(before);
  });

  it('refuses what something in the source still needs, and says what', async () => {
    const [own] = inventory.kinds.subnet ?? [];
    await accept(world, {
      kinds: {
        ...inventory.kinds,
        subnet: [
          ...(inventory.kinds.subnet ?? []),
          subnet('subnet-7', 'vpc-9', { ...own, id: 'subnet-7', vpcId: 'vpc-9', cidrBlock: '10.99.7.0/24' }),
        ],
      },
      gone: inventory.gone,
    });
    const ran = await prune(['vpc/vpc-9', 'subnet/subnet-8', 'subnet/subnet-9']);
    expect(ran.code).to.equal(1);
    expect(ran.stderr).to.contain('nothing that the source still has: subnet/subnet-7');
  });

  it('refuses while a recovery is active', async () => {
    const at = { Bucket, Key: VAULT_KEY.recovery('dr', 'i-1') };
    await world.dr.s3.send(new PutObjectCommand({ ...at, Body: '{}' }));
    const ran = await prune(['subnet/subnet-8', '--confirm', 'our-dr']);
    await world.dr.s3.send(new DeleteObjectCommand(at));
    expect(ran.code).to.equal(1);
    expect(ran.stderr).to.contain('A recovery is active').and.contain('stand-down');
    expect(await left()).to.have.members(all);
  });

  it('loses a race rather than overwriting what a run has accepted meanwhile', async () => {
    const other = (await acceptedText(world)).replace('"old"', '"new"');
    const ran = await prune(['subnet/subnet-8', '--yes'], {
      canAsk: true,
      ask: async () => {
        await writeAccepted(world, other);
        return 'our-dr';
      },
    });
    expect(ran.code).to.equal(1);
    expect(ran.stderr).to.contain('written by somebody else meanwhile').and.contain('the same command again');
    expect(await acceptedText(world)).to.equal(other);
  });
});
