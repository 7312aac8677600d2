import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { CreateTagsCommand, DeleteSubnetCommand } from '@aws-sdk/client-ec2';
import { expect } from 'chai';
import { inventoryText } from '../../../inventory/inventory';
import { vpc as vpcKind } from '../../../kinds/network/vpc';
import { accept, makeSmallEstate, type SmallEstate, writeAccepted } from './guardWorld';
import { startWorld, type World } from './world';

describe('lifeboat inventory', function () {
  this.timeout(120_000);
  let world: World;
  let estate: SmallEstate;
  const run = async (...argv: string[]) => {
    const ran = await world.run(['inventory', ...argv]);
    expect(ran.code, ran.stderr).to.equal(0);
    return ran.stdout;
  };
  const refused = async (...argv: string[]) => {
    const ran = await world.run(['inventory', ...argv]);
    expect([ran.code, ran.stdout]).to.deep.equal([1, '']);
    return ran.stderr;
  };

  before(async () => {
    world = await startWorld();
    estate = await makeSmallEstate(world.source.ec2);
  });
  after(() => world.stop());

  it('says so when there is none, or only one', async () => {
    for (const action of ['show', 'diff', 'export'])
      expect(await refused(action, ...(action === 'export' ? ['--out', 'x'] : []))).to.match(
        /has been accepted yet|no two versions/,
      );
    await accept(world);
    expect(await refused('diff'))
      .to.contain('no two versions')
      .and.contain('diff --live');
  });

  it('shows counts, a kind and an object', async () => {
    expect(await run('show')).to.match(/subnet +│ 7 +│ 0/);
    expect(await run('show', 'subnet'))
      .to.contain(estate.subnets[2])
      .and.contain('shop-3');
    expect(await run('show', `subnet/${estate.subnets[0]}`)).to.match(/cidrBlock +│ 10\.10\.1\.0\/24/);
    const json = JSON.parse(await run('show', `subnet/${estate.subnets[0]}`, '--json'));
    expect(json).to.include({ id: estate.subnets[0], cidrBlock: '10.10.1.0/24' });
    expect(await refused('show', 'subnett'))
      .to.contain('no such kind')
      .and.contain('security-group');
    expect(await refused('show', 'subnet/subnet-9')).to.contain('no such object');
  });

  it('diffs the newest two versions, two that are named, and accepted against live', async () => {
    await accept(world);
    await world.source.ec2.send(
      new CreateTagsCommand({ Resources: [estate.vpc], Tags: [{ Key: 'team', Value: 'shop' }] }),
    );
    const now = await accept(world, {
      gone: { [`subnet/${estate.subnets[0]}`]: '2026-01-01T00:00:00.000Z' },
    });
    const text = await run('diff');
    expect(text).to.match(new RegExp(`vpc/${estate.vpc} +│ +│ changed +│ tags: {} -> {"team":"shop"}`));
    expect(text).to.match(new RegExp(`subnet/${estate.subnets[0]} +│ shop-1 +│ gone, held `));
    expect(text).to.contain('0 added or back, 1 removed or gone, 1 changed.').and.not.contain('\u001b');

    const { versions } = JSON.parse(await run('versions', '--json'));
    expect(versions.length).to.be.at.least(3);
    expect(versions[0]).to.include({ objects: Object.values(now.kinds).flat().length, held: 1 });
    const [newest, before] = versions.map(({ versionId }: { versionId: string }) => versionId);
    expect(await run('diff', before, newest)).to.equal(text);
    expect(await run('diff', newest, before)).to.contain('│ back ');
    expect(await run('diff', newest)).to.equal('No differences.\n');

    await world.source.ec2.send(new DeleteSubnetCommand({ SubnetId: estate.subnets[2] }));
    const live = await run('diff', '--live');
    expect(live).to.match(new RegExp(`subnet/${estate.subnets[2]} +│ shop-3 +│ removed`));
    expect(live).to.contain('│ back ');
    expect(await refused('diff', 'no-such-version'))
      .to.contain('no such version')
      .and.contain('inventory versions');
  });

  it('lists versions, those too that cannot be read', async () => {
    await writeAccepted(world, '{"format":"lifeb');
    const text = await run('versions');
    expect(text)
      .to.contain('is damaged')
      .and.match(/\d+ versions of the accepted inventory/);
    expect(await run('versions', '--limit', '1')).to.contain('the newest 1 of them shown');
    await accept(world);
  });

  it('exports to a file of its owner only, and writes over none', async () => {
    const out = path.join(world.dir, 'estate.json');
    expect(await run('export', '--out', out)).to.contain('without the values of secrets');
    expect(statSync(out).mode & 0o777).to.equal(0o600);
    const text = readFileSync(out, 'utf8');
    expect(JSON.parse(text)).to.include({ format: 'lifeboat-inventory' });
    expect(await refused('export', '--out', out)).to.contain('is there already');
    expect(readFileSync(out, 'utf8')).to.equal(text);
    expect(await refused('export', '--out', path.join(world.dir, 'no/such/x.json'))).to.contain('ENOENT');
  });

  it('refuses flags that another action has', async () => {
    for (const argv of [
      ['show', 'vpc', 'subnet'],
      ['show', '--live'],
      ['versions', 'x'],
      ['export'],
      ['show', '--out', 'x'],
      ['diff', 'a', 'b', 'c'],
      ['versions', '--limit', '0'],
    ])
      expect(await refused(...argv), argv.join(' ')).to.contain('cannot be done so');
    expect(await refused('list')).to.contain('npx lifeboat inventory --help');
  });

  describe('with a kind that has secrets', () => {
    const SECRETS = ['#!/bin/sh\npassword=hunter2', '#!/bin/sh\npassword=hunter3!'] as const;
    const formerSecrets = vpcKind.secrets;
    before(async () => {
      Object.assign(vpcKind, { secrets: ['userData'] });
      const inventory = await accept(world);
      for (const userData of SECRETS) {
        const vpcs = (inventory.kinds.vpc ?? []).map((item) => ({ ...item, userData }));
        await writeAccepted(world, inventoryText({ ...inventory, kinds: { ...inventory.kinds, vpc: vpcs } }));
      }
    });
    after(() => Object.assign(vpcKind, { secrets: formerSecrets }));

    it('shows of them how long they are, and that they changed', async () => {
      const out = path.join(world.dir, 'secret.json');
      await run('export', '--out', out);
      const shown = [
        await run('show', `vpc/${estate.vpc}`),
        await run('show', `vpc/${estate.vpc}`, '--json'),
        await run('show', 'vpc', '--json'),
        await run('diff'),
        await run('diff', '--json'),
        await run('diff', '--live'),
        readFileSync(out, 'utf8'),
      ];
      for (const text of shown) {
        expect(text).to.contain(`(secret, ${SECRETS[1].length} bytes)`);
        expect(text).not.to.contain('hunter');
      }
      expect(shown[3]).to.contain(`userData: (secret, ${SECRETS[0].length} bytes) ->`);
    });
  });
});
