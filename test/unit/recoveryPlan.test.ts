import { expect } from 'chai';
import { LifeboatError } from '../../errors';
import type { Inventory } from '../../inventory/inventory';
import { protectedInstances } from '../../inventory/protectedInstances';
import { type RecoveryPlan, recoveryPlan } from '../../inventory/recoveryPlan';
import { Ref, Secret } from '../../inventory/refs';
import type { Pin } from '../../inventory/store';
import type { Instance } from '../../kinds/machines/instance';
import type { Volume } from '../../kinds/machines/volume';
import type { Copy } from '../../snapshots/catalogue';
import { copy, instance, NOTHING_RECOVERED, volume } from './items';

function inventoryOf(instances: Instance[], volumes: Volume[], gone: string[] = []): Inventory {
  return {
    format: 'lifeboat-inventory',
    version: 2,
    account: '111111111111',
    region: 'eu-west-1',
    zones: {},
    gone: Object.fromEntries(gone.map((name) => [name, '2026-01-01T00:00:00.000Z'])),
    fields: {},
    kinds: { instance: instances, volume: volumes },
  };
}

const DAY1 = '2026-01-01T02:00:00Z';
const DAY2 = '2026-01-02T02:00:00Z';
const mirror = new Set(['subnet/subnet-1', 'security-group/sg-1']);
const master = inventoryOf(
  [instance('i-1', 'MASTER', ['vol-1', 'vol-2'])],
  [volume('vol-1'), volume('vol-2')],
);
const bothDays = [
  copy('snap-1', 'vol-1', DAY1),
  copy('snap-2', 'vol-2', DAY1),
  copy('snap-3', 'vol-1', DAY2),
  copy('snap-4', 'vol-2', DAY2),
];

/** Settings that choose nothing, and no machine that runs. */
const PLAIN = { recoverOnly: [], recoverExcept: [], instanceTypes: {}, recovered: NOTHING_RECOVERED };

function recovered(
  copies: Copy[],
  options: {
    recoverAt?: Date;
    recoverOnly?: string[];
    recoverExcept?: string[];
    pins?: Map<string, Pin>;
    inventory?: Inventory;
    instanceTypes?: Record<string, string[]>;
    running?: Map<string, string>;
  } = {},
): RecoveryPlan {
  const { pins = new Map(), inventory = master, running, ...settings } = options;
  const recovered = { ...NOTHING_RECOVERED, ...(running && { types: running }) };
  return recoveryPlan(inventory, copies, pins, mirror, { ...PLAIN, ...settings, recovered });
}

const copiesOf = (plan: RecoveryPlan) => plan.machines.map((machine) => Object.values(machine.pin.copies));

describe('recoveryPlan', () => {
  it('launches as the type that a machine is given for DR, and leaves one that runs as what it runs', () => {
    const types = (options: Parameters<typeof recovered>[1]) =>
      recovered(bothDays, options).machines.map(({ launch }) => launch.instanceType);
    const [own] = types({});
    expect(types({ instanceTypes: { [String(own)]: ['m6i.large', 'm5a.large'] } })).to.deep.equal([
      'm6i.large',
    ]);
    expect(types({ instanceTypes: { MASTER: ['m5a.large'] } })).to.deep.equal(['m5a.large']);
    expect(
      types({ instanceTypes: { MASTER: ['m5a.large'] }, running: new Map([['i-1', 'r5.large']]) }),
    ).to.deep.equal(['r5.large']);
    expect(recovered(bothDays, { instanceTypes: { MASTER: ['m5a.large'] } }).notes).to.include(
      `MASTER: a m5a.large in DR, where the source has a ${own}`,
    );
  });

  it('takes the newest complete set', () => {
    expect(copiesOf(recovered(bothDays))).to.deep.equal([['snap-3', 'snap-4']]);
  });

  it('takes an older set whole when the newest is not complete', () => {
    const pending = bothDays.map((each) =>
      each.id === 'snap-4' ? { ...each, state: 'pending' as const } : each,
    );
    expect(copiesOf(recovered(pending))).to.deep.equal([['snap-1', 'snap-2']]);
  });

  it('takes a set from before a disk was attached, without it, and says so', () => {
    const machine = instance('i-1', 'MASTER', ['vol-1', 'vol-2', 'vol-3'], {
      attachedSince: { 'vol-1': DAY1, 'vol-2': DAY1, 'vol-3': '2026-01-03T02:00:00Z' },
    });
    const volumes = ['vol-1', 'vol-2', 'vol-3'].map((id) => volume(id));
    const plan = recovered(bothDays, { inventory: inventoryOf([machine], volumes) });
    expect(copiesOf(plan)).to.deep.equal([['snap-3', 'snap-4']]);
    expect(plan.machines[0]?.launch.ebsBlockDevices).to.have.length(1);
    expect(plan.notes.join()).to.contain('before the disk vol-3 was attached as /dev/sdg: it is left out');
  });

  it('takes the newest set at or before recoverAt', () => {
    const recoverAt = new Date('2026-01-01T12:00:00Z');
    expect(copiesOf(recovered(bothDays, { recoverAt }))).to.deep.equal([['snap-1', 'snap-2']]);
    expect(() => recovered(bothDays, { recoverAt: new Date('2025-12-31T00:00:00Z') })).to.throw(
      LifeboatError,
      'no complete recovery point at or before 2025-12-31',
    );
  });

  it('leaves a machine on the point that it runs from, whatever is newer', () => {
    const pin = {
      instance: 'i-1',
      point: 'old',
      time: DAY1,
      copies: { 'vol-1': 'snap-1', 'vol-2': 'snap-2' },
    };
    const plan = recovered(bothDays, { pins: new Map([['i-1', pin]]) });
    expect(plan.machines[0]?.pin).to.deep.equal({ ...pin, time: new Date(DAY1).toISOString() });
    expect(plan.machines[0]?.image.name).to.equal('lifeboat i-1 old');
  });

  it('refuses to drop a machine that runs, whatever is left out or gone', () => {
    const pin = {
      instance: 'i-1',
      point: 'old',
      time: DAY1,
      copies: { 'vol-1': 'snap-1', 'vol-2': 'snap-2' },
    };
    const pins = new Map([['i-1', pin]]);
    const running = new Map([['i-1', 't3.small']]);
    expect(() => recovered(bothDays, { pins, running, recoverExcept: ['MASTER'] })).to.throw(
      LifeboatError,
      'until stand-down',
    );
    const emptied = inventoryOf([], []);
    expect(() => recovered(bothDays, { pins, running, inventory: emptied })).to.throw(LifeboatError, 'i-1');
    // What was begun and never launched has written nothing.
    expect(recovered(bothDays, { pins, recoverExcept: ['MASTER'] }).machines).to.deep.equal([]);
  });

  it('refuses a set that is not complete, naming the machine and what it lacks', () => {
    const lacking = () => recovered(bothDays.filter(({ sourceVolumeId }) => sourceVolumeId === 'vol-1'));
    expect(lacking).to.throw(LifeboatError, 'vol-2');
    expect(lacking).to.throw(LifeboatError, 'copy-snapshots');
  });

  const three = inventoryOf(
    [
      instance('i-1', 'MASTER', ['vol-1', 'vol-2']),
      instance('i-2', 'BATCH', ['vol-3'], { tags: { Name: 'BATCH', tier: 'batch' } }),
      instance('i-3', 'LOST', ['vol-1'], { subnetId: 'subnet-9' }),
    ],
    [volume('vol-1'), volume('vol-2'), volume('vol-3')],
  );

  it('holds up no machine for another that lacks copies or a subnet, and names those', () => {
    const { machines, failed } = recovered(bothDays, { inventory: three });
    expect(machines.map(({ name }) => name)).to.deep.equal(['MASTER']);
    expect(failed.map(({ name, problem }) => `${name}: ${problem}`)).to.deep.equal([
      'LOST: subnet/subnet-9 not in the mirror',
      'BATCH: vol-3: no copy',
    ]);
  });

  it('ends none that runs, though it could not be planned any more', () => {
    const pin = { instance: 'i-2', point: 'old', time: DAY1, copies: { 'vol-3': 'snap-gone' } };
    const running = new Map([['i-2', 't3.small']]);
    expect(() => recovered(bothDays, { inventory: three, running, pins: new Map([['i-2', pin]]) })).to.throw(
      LifeboatError,
      'Machines under recovery cannot be planned',
    );
  });

  it('takes another point for one that was begun and never launched, where a copy of its own is gone', () => {
    const copies = { 'vol-1': 'snap-gone', 'vol-2': 'snap-2' };
    const pins = new Map([['i-1', { instance: 'i-1', point: 'old', time: DAY1, copies }]]);
    expect(copiesOf(recovered(bothDays, { pins }))).to.deep.equal([['snap-3', 'snap-4']]);
  });

  it('recovers what recoverOnly names, by name, id or tag, less what recoverExcept does', () => {
    const chosen = (recoverOnly: string[], recoverExcept: string[] = []) => {
      const { machines, failed } = recovered(bothDays, { inventory: three, recoverOnly, recoverExcept });
      return [...machines, ...failed].map(({ name }) => name);
    };
    expect(chosen(['MASTER'])).to.deep.equal(['MASTER']);
    expect(chosen(['MASTER', 'tier=batch'])).to.deep.equal(['MASTER', 'BATCH']);
    expect(chosen([], ['tier=batch', 'i-3'])).to.deep.equal(['MASTER']);
    expect(() => chosen(['tier=web'])).to.throw(LifeboatError, 'recoverOnly names no machine');
  });

  it('leaves out what recoverExcept names, by name or id, and refuses a name that nobody has', () => {
    expect(recovered([], { recoverExcept: ['MASTER'] }).machines).to.deep.equal([]);
    expect(recovered([], { recoverExcept: ['i-1'] }).machines).to.deep.equal([]);
    expect(() => recovered([], { recoverExcept: ['MASTRE'] })).to.throw(LifeboatError, 'MASTRE');
  });

  it('launches with the instance profile that is mirrored, and says when none is', () => {
    const iamInstanceProfileArn = 'arn:aws:iam::111111111111:instance-profile/shop/web';
    const inventory = inventoryOf(
      [instance('i-1', 'MASTER', ['vol-1'], { iamInstanceProfileArn })],
      [volume('vol-1')],
    );
    const launched = (...profiles: string[]) =>
      recoveryPlan(inventory, bothDays, new Map(), new Set([...mirror, ...profiles]), {
        ...PLAIN,
      });
    const mirrored = launched('iam-instance-profile/web');
    expect(mirrored.machines[0]?.launch.iamInstanceProfile).to.deep.equal(
      new Ref('iam-instance-profile/web'),
    );
    expect(mirrored.notes.join()).to.not.contain('profile');
    expect(launched().machines[0]?.launch.iamInstanceProfile).to.equal(undefined);
    expect(launched().notes.join()).to.contain('without its instance profile web');
  });

  it('registers the image with the UEFI variables of the machine, as a secret', () => {
    const uefi = instance('i-1', 'MASTER', ['vol-1'], { bootMode: 'uefi', uefiData: 'QU1aTlVFRkk=' });
    const [machine] = recovered(bothDays, { inventory: inventoryOf([uefi], [volume('vol-1')]) }).machines;
    expect(machine?.image.uefiData).to.deep.equal(new Secret('QU1aTlVFRkk='));
    expect(recovered(bothDays).machines[0]?.image).to.not.have.property('uefiData');
  });

  it('puts the disks, and not the image, under another key where one is set', () => {
    const inventory = inventoryOf(
      [instance('i-1', 'MASTER', ['vol-1', 'vol-2'])],
      ['vol-1', 'vol-2'].map((id) => volume(id)),
    );
    const volumeKey = 'arn:aws:kms:eu-central-1:222222222222:key/1';
    const of = (options: { volumeKey?: string }) => {
      const both = { ...PLAIN, ...options };
      const [machine] = recoveryPlan(inventory, bothDays, new Map(), mirror, both).machines;
      return [
        machine?.launch.rootBlockDevice,
        machine?.launch.ebsBlockDevices,
        machine?.image.ebsBlockDevices,
      ];
    };
    const [root, others, image] = of({ volumeKey });
    for (const disk of [root, ...(others as unknown[])])
      expect(disk).to.include({ encrypted: true, kmsKeyId: volumeKey });
    expect(JSON.stringify(image)).to.not.contain('kms');
    expect(JSON.stringify(of({}))).to.not.contain('kms');
  });

  it('launches nothing of an image whose licence nobody knows, and holds no other machine up for it', () => {
    const windows = instance('i-2', 'ERP', ['vol-3'], {
      platformDetails: 'Windows',
      usageOperation: 'RunInstances:0002',
    });
    const inventory = inventoryOf(
      [instance('i-1', 'MASTER', ['vol-1', 'vol-2']), windows],
      [volume('vol-1'), volume('vol-2'), volume('vol-3')],
    );
    const copies = [...bothDays, copy('snap-9', 'vol-3', DAY2)];
    const plan = recovered(copies, { inventory });
    expect(plan.machines.map(({ name, held }) => [name, held === undefined])).to.deep.equal([
      ['MASTER', true],
      ['ERP', false],
    ]);
    expect(plan.failed.map(({ name, problem }) => `${name}: ${problem}`).join())
      .to.contain('ERP: it runs Windows (RunInstances:0002)')
      .and.contain('the next run launches it');
    // It is pinned from then on, and no reason to refuse the next run.
    const pin = plan.machines[1]?.pin;
    if (!pin) throw new Error('it is pinned');
    expect(recovered(copies, { inventory, pins: new Map([['i-2', pin]]) }).failed).to.have.length(1);
  });

  it('leaves a machine on the image that it runs from, and moves it on to another that is named', () => {
    const id = 'ami-0123456789abcdef0';
    const named = {
      id,
      name: 'theirs',
      state: 'available',
      architecture: 'x86_64',
      rootDeviceName: '/dev/xvda',
      deviceNames: ['/dev/xvda'],
      licence: { platformDetails: 'Linux/UNIX', usageOperation: 'RunInstances', productCodes: [] },
    };
    const inventory = inventoryOf(
      [instance('i-1', 'MASTER', ['vol-1', 'vol-2'])],
      [volume('vol-1'), volume('vol-2')],
    );
    const runs = {
      ...NOTHING_RECOVERED,
      images: { ...NOTHING_RECOVERED.images, named: new Map([[id, named]]) },
      instances: new Map([['i-1', 'i-dr']]),
      types: new Map([['i-1', 'm5.large']]),
    };
    const options = { ...PLAIN, recovered: runs, images: { MASTER: id } };
    const planned = (pins: ReadonlyMap<string, Pin>) =>
      recoveryPlan(inventory, bothDays, pins, mirror, options).machines[0];
    const pin = recovered(bothDays, { inventory }).machines[0]?.pin;
    if (!pin) throw new Error('it is pinned');
    expect(planned(new Map([['i-1', pin]]))?.namedImage).to.equal(undefined);
    const image = { id: 'ami-0', deviceNames: [] };
    expect(planned(new Map([['i-1', { ...pin, image }]]))?.namedImage).to.equal('ami-0');
    const machines = [{ instance: 'i-dr', source: 'i-1', name: 'MASTER', snapshots: {} }];
    const moved = { time: '2026-01-01T00:00:00.000Z', stopped: true, machines };
    const moving = planned(new Map([['i-1', { ...pin, image, moved }]]));
    expect(moving?.namedImage).to.equal(id);
    expect(moving?.pin.image?.id).to.equal(id);
  });

  it('refuses a machine whose subnet or group is not in the mirror', () => {
    const lost = inventoryOf(
      [instance('i-1', 'MASTER', ['vol-1'], { subnetId: 'subnet-9' })],
      [volume('vol-1')],
    );
    expect(() => recovered(bothDays, { inventory: lost })).to.throw(
      LifeboatError,
      'subnet/subnet-9 not in the mirror',
    );
  });

  it('brings tags of AWS back under a key that it may write, and says which find no room', () => {
    const long = `aws:${'k'.repeat(124)}`;
    const full = Object.fromEntries(Array.from({ length: 46 }, (_, index) => [`k${index}`, 'v']));
    const machine = instance('i-1', 'MASTER', ['vol-1', 'vol-2']);
    const tags = {
      ...machine.tags,
      'aws:autoscaling:groupName': 'web',
      [long]: 'v',
      'aws:x': '1',
      'source:aws:x': '2',
    };
    const inventory = inventoryOf(
      [{ ...machine, tags }],
      [volume('vol-1', { MUSTSNAP: 'True', ...full, 'aws:y': '3' }), volume('vol-2')],
    );
    const plan = recovered(bothDays, { inventory });
    expect(plan.machines[0]?.launch.tags).to.include({
      'source:aws:autoscaling:groupName': 'web',
      // A tag of the source's own by that name stays.
      'source:aws:x': '2',
    });
    const root = plan.machines[0]?.launch.rootBlockDevice as { tags: Record<string, string> };
    expect(Object.keys(root.tags)).to.have.length(50);
    expect(plan.notes).to.include.members([
      `MASTER: no room on the machine for the tags ${long}; the accepted inventory has them`,
      'MASTER: no room on the disk of vol-1 for the tags k44, k45, aws:y; the accepted inventory has them',
    ]);
  });

  it("marks each disk with its own lineage, and the machine with the source's tags and ours", () => {
    const [machine] = recovered(bothDays).machines;
    const root = machine?.launch.rootBlockDevice as { tags: Record<string, string> };
    const [data] =
      (machine?.launch.ebsBlockDevices as { deviceName: string; tags: Record<string, string> }[]) ?? [];
    expect(root.tags).to.include({
      'lifeboat:source-snapshot': 'snap-of-snap-3',
      'lifeboat:source-volume': 'vol-1',
    });
    expect(data?.tags).to.include({
      'lifeboat:source-snapshot': 'snap-of-snap-4',
      'lifeboat:source-volume': 'vol-2',
    });
    expect(machine?.launch.tags).to.include({ Name: 'MASTER', 'lifeboat:source-id': 'i-1' });
  });

  it('makes each disk at least as large as its snapshot and as the volume was', () => {
    const grown = bothDays.map((each) => ({ ...each, size: each.sourceVolumeId === 'vol-1' ? 20 : 4 }));
    const devices = recovered(grown).machines[0]?.image.ebsBlockDevices as { volumeSize: number }[];
    expect(devices.map(({ volumeSize }) => volumeSize)).to.deep.equal([20, 8]);
  });
});

describe('protectedInstances', () => {
  it('is those with tagged disks', () => {
    const plain = instance('i-2', 'OTHER', ['vol-3']);
    const inventory = inventoryOf(
      [...(master.kinds.instance as Instance[]), plain],
      [volume('vol-1'), volume('vol-2'), volume('vol-3', {})],
    );
    expect(protectedInstances(inventory).instances.map(({ name }) => name)).to.deep.equal(['MASTER']);
  });

  it('refuses one without a Name, and two that share one', () => {
    const nameless = inventoryOf([instance('i-1', '', ['vol-1'])], [volume('vol-1')]);
    expect(() => protectedInstances(nameless)).to.throw(LifeboatError, 'no Name');
    const twins = [instance('i-1', 'TWIN', ['vol-1']), instance('i-2', 'TWIN', ['vol-2'])];
    expect(() => protectedInstances(inventoryOf(twins, [volume('vol-1'), volume('vol-2')]))).to.throw(
      LifeboatError,
      'TWIN: i-1, i-2',
    );
  });

  it('refuses a system disk that is not tagged, and leaves out a data disk that is not', () => {
    const [untagged, tagged] = [volume('vol-1', {}), volume('vol-2', {})];
    expect(() =>
      protectedInstances(inventoryOf(master.kinds.instance as Instance[], [untagged, volume('vol-2')])),
    ).to.throw(LifeboatError, 'system disk of MASTER');
    const { instances, notes } = protectedInstances(
      inventoryOf(master.kinds.instance as Instance[], [volume('vol-1'), tagged]),
    );
    expect(instances[0]?.disks.map((disk) => disk.volumeId)).to.deep.equal(['vol-1']);
    expect(notes.join()).to.contain('/dev/sdf is not tagged');
  });

  it('says of a machine what will not be as it was', () => {
    const windows = instance('i-1', 'WIN', ['vol-1'], { networkInterfaces: 2 });
    const { notes } = protectedInstances(inventoryOf([windows], [volume('vol-1')]));
    expect(notes.join()).to.contain('network interfaces');
    const known = { ...windows, interfaces: [] };
    expect(protectedInstances(inventoryOf([known], [volume('vol-1')])).notes.join()).to.not.contain(
      'interfaces',
    );
  });

  describe('of two with one Name or address, one of them gone and held', () => {
    const two = (old: string, now: string, more: Partial<Instance> = {}) =>
      inventoryOf(
        [instance('i-1', old, ['vol-1']), instance('i-2', now, ['vol-2'], more)],
        [volume('vol-1'), volume('vol-2')],
        ['instance/i-1'],
      );
    const ids = (inventory: Parameters<typeof protectedInstances>[0], running: string[] = []) =>
      protectedInstances(inventory, new Set(running)).instances.map((each) => each.instance.id);

    it('is the one that is gone, as long as nobody has let the other take its place', () => {
      expect(ids(two('WEB', 'WEB', { privateIpAddress: '10.0.1.11' }))).to.deep.equal(['i-1']);
      expect(ids(two('OLD', 'NEW'))).to.deep.equal(['i-1']);
      expect(protectedInstances(two('WEB', 'WEB')).notes.join())
        .to.contain('i-2 is left out')
        .and.contain('npx lifeboat prune instance/i-1');
    });

    it('is both where neither is in the way of the other', () => {
      expect(ids(two('OLD', 'NEW', { privateIpAddress: '10.0.1.11' }))).to.deep.equal(['i-1', 'i-2']);
      expect(ids(two('OLD', 'NEW', { subnetId: 'subnet-2' }))).to.deep.equal(['i-1', 'i-2']);
    });

    it('is the one under recovery, whichever that is', () => {
      expect(ids(two('WEB', 'WEB'), ['i-2'])).to.deep.equal(['i-2']);
      expect(ids(two('WEB', 'WEB'), ['i-1'])).to.deep.equal(['i-1']);
    });
  });
});
