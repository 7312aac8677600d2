import type { ChildProcess } from 'node:child_process';
import { setTimeout } from 'node:timers/promises';
import * as aws from '@aws-sdk/client-ec2';
import { GetObjectCommand, NoSuchKey } from '@aws-sdk/client-s3';
import { expect } from 'chai';
import type { Inventory } from '../../inventory/inventory';
import { TAG, VAULT_KEY, vaultNames } from '../../names';
import { DR, type Finished, powerCut, SOURCE, succeeded } from '../../scripts/demo/stage';
import { RecoveryWorld } from './recoveryWorld';

/** Milliseconds. */
const OWED = 3_000;
const HOUR = 3_600;
const DAY = 24 * HOUR;
const UP = ['up', '--yes', '--skip-preview', '--stack', 'dr'];

/** Three days of an estate: the first is the one that everybody wants back. */
describe('a recovery as of a moment, with the source dead', function () {
  this.timeout(900_000);
  let world: RecoveryWorld;
  let source: aws.EC2Client;
  let dr: aws.EC2Client;

  const said = ({ stdout, stderr }: Finished) => stdout + stderr;
  const inVault = async (Key: string): Promise<string | undefined> => {
    const Bucket = vaultNames(DR.account, DR.region).inventoryBucket;
    try {
      const { Body } = await world.stage.s3(DR).send(new GetObjectCommand({ Bucket, Key }));
      return await Body?.transformToString();
    } catch (error) {
      if (error instanceof NoSuchKey) return undefined;
      throw error;
    }
  };
  const record = async () => {
    const text = await inVault(VAULT_KEY.recoveryRecord('dr'));
    return text === undefined ? undefined : JSON.parse(text);
  };
  /** Ports that the mirror of a group of the source lets in, in order. */
  const portsOf = async (group: string) => {
    const Filters = [{ Name: `tag:${TAG.sourceId}`, Values: [group] }];
    const { SecurityGroups = [] } = await dr.send(new aws.DescribeSecurityGroupsCommand({ Filters }));
    return SecurityGroups[0]?.IpPermissions?.map(({ FromPort }) => FromPort).sort();
  };
  const machines = async () => {
    const { Reservations = [] } = await dr.send(new aws.DescribeInstancesCommand({}));
    return Reservations.flatMap(({ Instances = [] }) => Instances)
      .filter(({ State }) => State?.Name === 'running')
      .map(({ InstanceId, InstanceType, Tags = [] }) => {
        const tags = Object.fromEntries(Tags.map(({ Key = '', Value = '' }) => [Key, Value]));
        return { id: InstanceId, type: InstanceType, name: tags.Name, point: tags[TAG.recoveryPoint] ?? '' };
      })
      .sort((a, b) => String(a.name).localeCompare(String(b.name)));
  };
  const stampOf = async () => {
    const { Snapshots = [] } = await source.send(new aws.DescribeSnapshotsCommand({ OwnerIds: ['self'] }));
    const last = Math.max(...Snapshots.map(({ StartTime }) => Number(StartTime)));
    return new Date(last).toISOString().slice(0, 10).replaceAll('-', '');
  };
  const ssh = { IpProtocol: 'tcp', FromPort: 22, ToPort: 22, IpRanges: [{ CidrIp: '10.0.0.0/8' }] };
  let added = '';
  let firstDay = '';

  before(async () => {
    world = await RecoveryWorld.open(
      async (stage, { instances }) => {
        source = stage.ec2(SOURCE);
        // Something that follows its machine.
        const { AllocationId } = await source.send(new aws.AllocateAddressCommand({ Domain: 'vpc' }));
        await source.send(
          new aws.AssociateAddressCommand({ AllocationId, InstanceId: instances['SHOP-APP'] }),
        );
      },
      { behind: 3 * DAY },
    );
    dr = world.stage.ec2(DR);
    firstDay = await stampOf();
    // On the second day somebody changes a machine, opens a group from inside, and adds a group.
    await world.later(DAY);
    const { instances, groups, vpcs } = world.estate;
    const InstanceId = instances['SHOP-APP'] ?? '';
    await source.send(new aws.StopInstancesCommand({ InstanceIds: [InstanceId] }));
    await source.send(
      new aws.ModifyInstanceAttributeCommand({ InstanceId, InstanceType: { Value: 'm5.2xlarge' } }),
    );
    await source.send(new aws.StartInstancesCommand({ InstanceIds: [InstanceId] }));
    await source.send(
      new aws.AuthorizeSecurityGroupIngressCommand({ GroupId: groups.db, IpPermissions: [ssh] }),
    );
    const made = await source.send(
      new aws.CreateSecurityGroupCommand({ GroupName: 'late', Description: 'came late', VpcId: vpcs.shop }),
    );
    added = made.GroupId ?? '';
    await world.day();
    await world.later(DAY);
    await world.day();
    await world.later(DAY - HOUR);
    expect(await portsOf(groups.db)).to.deep.equal([22, 5432]);
    await world.stage.loseSource();
    await world.stage.config('recover', 'true');
    await world.stage.config('recoverAt', '60 hours ago');
  });
  after(() => world?.close());

  it('shows in preview what it would take, with its age, and begins nothing', async () => {
    const text = said(succeeded(await world.engine('preview', '--stack', 'dr')));
    expect(text).to.match(
      /Recovery points, as of \S+ \(60 hours ago\), 2 days 12 hours ago; configuration of/,
    );
    expect(text)
      .to.match(/SHOP-DB +│ \S+ │ 3 days/)
      .and.contain('chosen now');
    expect(text).to.contain('security-group-rule: 1 came after that moment and are left out');
    expect(await record()).to.equal(undefined);
  });

  let chosen: { at: string };

  it('resolves the words before all else: killed right then, it is gone on with as of the same moment', async () => {
    let child: ChildProcess | undefined;
    let output = '';
    let isDue = false;
    // While AWS owes all answers, so that the engine is not just writing its state: a file, unlike an object in a bucket, can be cut off.
    const cut = async () => {
      await world.stage.emulator.config({ latencyMs: OWED });
      await setTimeout(OWED / 2);
      powerCut(child);
    };
    await world.stage.emulator.config({ latencyMs: 150 });
    const killed = await world.stage.pulumi('.', UP, {
      env: world.recover,
      onStart: (started) => {
        child = started;
      },
      onOutput: (text) => {
        output += text;
        if (isDue || !/(updated|created|deleted) \(/.test(output)) return;
        isDue = true;
        void cut();
      },
    });
    await world.stage.emulator.config({ latencyMs: 0 });
    await setTimeout(OWED);
    expect(killed.code, said(killed)).to.equal(137);
    expect(await machines()).to.deep.equal([]);
    chosen = await record();
    expect(chosen).to.deep.include({ asked: '60 hours ago' });
    await world.engine('cancel', '--yes', '--stack', 'dr');
    const text = said(succeeded(await world.up()));
    expect(text).to.contain(`as of ${chosen.at} (60 hours ago)`);
    expect(await record()).to.deep.equal(chosen);
  });

  it('has brought all up as they were: data, type, rules; what came since stays', async () => {
    const all = await machines();
    expect(all.map(({ name }) => name)).to.deep.equal(['FILES', 'SHOP-APP', 'SHOP-DB', 'SHOP-WEB']);
    for (const { point } of all) expect(point.slice(0, 8)).to.equal(firstDay);
    expect(all.find(({ name }) => name === 'SHOP-APP')?.type).to.equal('m5.large');
    expect(await portsOf(world.estate.groups.db)).to.deep.equal([5432]);
    expect(await portsOf(added)).to.deep.equal([]);
  });

  it('keeps the newest inventory as the accepted one', async () => {
    const { kinds } = JSON.parse((await inVault(VAULT_KEY.inventory('dr'))) ?? '') as Inventory;
    const app = kinds.instance?.find(({ id }) => id === world.estate.instances['SHOP-APP']);
    expect(app).to.deep.include({ instanceType: 'm5.2xlarge' });
    expect(kinds['security-group-rule']?.some((item) => Object(item).fromPort === 22)).to.equal(true);
  });

  it('changes nothing when it runs again, later, or without its state', async () => {
    await world.later(HOUR / 2);
    await world.expectNothingToDo();
    const again = succeeded(await world.up());
    expect(said(again)).to.contain(`as of ${chosen.at} (60 hours ago)`).and.contain('pinned');
    await world.expectFoundAgain(machines);
    expect(await portsOf(world.estate.groups.db)).to.deep.equal([5432]);
  });

  it('refuses another moment, and a rest that nobody asked for', async () => {
    await world.stage.config('recoverAt', '2 hours ago');
    const refused = await world.up();
    expect(refused.code).to.not.equal(0);
    expect(said(refused)).to.contain('begun as of another moment').and.contain('60 hours ago');
    await world.stage.config('recoverAt', '60 hours ago');
  });

  const moveOn = (...args: string[]) =>
    world.stage.lifeboat(['move-on', ...args, '--poll-seconds', '1'], { env: world.recover });
  const finals = async () => {
    const Filters = [{ Name: 'tag-key', Values: [TAG.finalOf] }];
    const { Snapshots = [] } = await dr.send(
      new aws.DescribeSnapshotsCommand({ OwnerIds: ['self'], Filters }),
    );
    return Snapshots.length;
  };
  const publicOf = async () => {
    const { Addresses = [] } = await dr.send(new aws.DescribeAddressesCommand({}));
    return Addresses.map(({ InstanceId }) => InstanceId);
  };

  it('moves one machine on by name, after a final snapshot, and leaves the others alone', async () => {
    const before = await machines();
    const shown = succeeded(await moveOn('SHOP-APP', '--to', '12 hours ago', '--dry-run'));
    expect(shown.stdout).to.match(/SHOP-APP: would be recovered from \S+, its data 1 day/);
    expect(await machines()).to.deep.equal(before);
    expect((await moveOn('SHOP-APP', '--to', '12 hours ago')).stderr).to.contain('must be confirmed');
    expect((await moveOn('SHOP-APP', '--to', '9 weeks ago', '--confirm', DR.account)).stderr).to.contain(
      'no complete recovery point at or before',
    );
    expect(await machines()).to.deep.equal(before);

    // The engine cannot launch: the machine is gone by then, and any run goes on with it.
    await world.stage.emulator.rules({
      account: DR.account,
      service: 'ec2',
      action: 'RunInstances',
      error: 'UnauthorizedOperation',
      status: 403,
    });
    const failed = await moveOn('SHOP-APP', '--to', '12 hours ago', '--confirm', DR.account);
    await world.stage.emulator.clearRules();
    await world.stage.loseSource();
    expect(failed.code, said(failed)).to.equal(1);
    expect(failed.stderr).to.contain('then the same again: npx lifeboat move-on SHOP-APP');
    expect(await finals()).to.equal(2);
    expect(await machines()).to.deep.equal(before.filter(({ name }) => name !== 'SHOP-APP'));

    succeeded(await moveOn('SHOP-APP', '--to', '12 hours ago', '--confirm', DR.account));
    const after = await machines();
    const app = after.find(({ name }) => name === 'SHOP-APP');
    expect(after.filter(({ name }) => name !== 'SHOP-APP')).to.deep.equal(
      before.filter(({ name }) => name !== 'SHOP-APP'),
    );
    expect(app?.point.slice(0, 8)).to.not.equal(firstDay);
    expect(app?.type).to.equal('m5.large');
    expect(await publicOf()).to.deep.equal([app?.id]);
    await world.expectNothingToDo();
    expect((await moveOn('SHOP-APP', '--to', '12 hours ago', '--confirm', DR.account)).stdout).to.contain(
      'already',
    );
    expect(await machines()).to.deep.equal(after);
    expect(await finals()).to.equal(2);
  });

  it('moves it back, in one go, and protects it again', async () => {
    succeeded(await moveOn('SHOP-APP', '--to', '60 hours ago', '--confirm', DR.account));
    const all = await machines();
    for (const { point } of all) expect(point.slice(0, 8)).to.equal(firstDay);
    expect(all).to.have.length(4);
    expect(await publicOf()).to.deep.equal([all.find(({ name }) => name === 'SHOP-APP')?.id]);
    expect(await finals()).to.equal(4);
    await world.expectNothingToDo();
    const refused = await world.engine('destroy', '--yes', '--skip-preview', '--stack', 'dr');
    expect(refused.code).to.not.equal(0);
    expect(await machines()).to.deep.equal(all);
  });

  it('is forgotten with the recovery, and the mirror is what was accepted last', async () => {
    await world.ended();
    expect(await record()).to.equal(undefined);
    succeeded(await world.up());
    expect(await portsOf(world.estate.groups.db)).to.deep.equal([22, 5432]);
    succeeded(await world.up('--expect-no-changes'));
  });
});
