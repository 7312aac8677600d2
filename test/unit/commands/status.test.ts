import { expect } from 'chai';
import { fieldsOf, type Inventory } from '../../../inventory/inventory';
import type { Instance } from '../../../kinds/machines/instance';
import type { Volume } from '../../../kinds/machines/volume';
import type { Facts } from '../../../scripts/status/facts';
import type { Finding } from '../../../scripts/status/finding';
import { statusMachines } from '../../../scripts/status/machines';
import { wantedRpo } from '../../../scripts/status/rpo';
import type { KeyState, SourceFacts } from '../../../scripts/status/sourceFacts';
import { statusJson } from '../../../scripts/status/statusJson';
import { statusReport } from '../../../scripts/status/statusReport';
import { statusText } from '../../../scripts/status/statusText';
import { parseSettings } from '../../../settings';
import type { Copy } from '../../../snapshots/catalogue';
import { copy, group, instance, subnet, volume, vpc } from '../items';
import { sharedSnapshot } from '../snapshots/fakes';

const NOW = new Date('2026-01-31T08:00:00Z');
const TIME = '2026-01-31T04:00:00Z';
const KEY = 'arn:aws:kms:eu-central-1:222222222222:key/vault';
const MUST = { MUSTSNAP: 'True' };

const settings = parseSettings({
  'lifeboat:sourceAccount': '111111111111',
  'lifeboat:sourceRegion': 'eu-west-1',
  'lifeboat:drAccount': '222222222222',
  'lifeboat:drRegion': 'eu-central-1',
  'lifeboat:externalId': 'an-example-external-id',
});

function items(instances: readonly Instance[], volumes: readonly Volume[]) {
  return {
    vpc: [vpc('vpc-1')],
    subnet: [subnet('subnet-1', 'vpc-1')],
    'security-group': [group('sg-1', 'vpc-1', 'one')],
    instance: instances,
    volume: volumes,
  };
}

function inventory(kinds: Inventory['kinds'], gone: Inventory['gone'] = {}): Inventory {
  return {
    format: 'lifeboat-inventory',
    version: 2,
    account: '111111111111',
    region: 'eu-west-1',
    zones: { 'euw1-az1': 'euc1-az1' },
    gone,
    fields: fieldsOf(kinds),
    kinds,
  };
}

const machine = (id: string, name: string, volumes: string[], tags = {}) =>
  instance(id, name, volumes, { tags: { Name: name, ...MUST, ...tags }, privateIpAddress: undefined });
const whole = (id: string, more: Partial<Copy> = {}) =>
  copy(`copy-${id}`, id, TIME, { keyId: KEY, begun: new Date(TIME), ...more });

/** A source and a vault of which nothing is wrong. */
function source(kinds: Inventory['kinds'], more: Partial<SourceFacts> = {}): SourceFacts {
  const tagged = (kinds.volume ?? []).map(({ id }) =>
    sharedSnapshot(`snap-of-copy-${id}`, { volumeId: id, startTime: new Date(TIME), keyId: 'key-1' }),
  );
  const policy = {
    id: 'policy-1',
    state: 'ENABLED',
    takes: ['INSTANCE'],
    targetsMustSnap: true,
    shares: true,
    copiesTags: true,
  };
  return {
    live: { value: kinds },
    shared: { value: { tagged, notShared: [], failed: [], archived: [], copies: [], untagged: 0 } },
    policies: { value: [policy] },
    keys: new Map([['key-1', { state: 'Enabled' }]]),
    stores: [],
    ...more,
  };
}

function report(kinds: Inventory['kinds'], more: Partial<Facts> = {}, live = source(kinds)) {
  const accepted = inventory(kinds);
  const { machines, problems } = statusMachines(accepted, 'value' in live.live ? live.live.value : undefined);
  return statusReport({
    now: NOW,
    settings,
    stack: 'dr',
    notes: [],
    accepted: { value: accepted },
    source: { value: live },
    vaultKey: { value: KEY },
    mirrorRun: { value: new Date('2026-01-31T05:00:00Z') },
    drill: { value: undefined },
    machines,
    copies: (kinds.volume ?? []).map(({ id }) => whole(id)),
    problems,
    ...more,
  });
}

const codes = ({ problems, machines }: ReturnType<typeof report>) =>
  [...problems, ...machines.flatMap((each) => each.problems)].map(({ code }: Finding) => code);
const ONE = items([machine('i-1', 'MASTER', ['vol-1', 'vol-2'])], [volume('vol-1'), volume('vol-2')]);

describe('statusReport', () => {
  it('names a machine that could not be launched, whatever copies there are, and why', () => {
    const said = report({ ...ONE, subnet: [subnet('subnet-1', 'vpc-1', { outpostArn: 'arn:outpost' })] });
    expect(codes(said)).to.deep.equal(['not-launchable']);
    expect(said.problems[0]?.what).to.contain('MASTER').and.contain('subnet/subnet-1').and.contain('outpost');
    expect(said.isWell).to.equal(false);
  });

  it('names a second copy of a snapshot, which somebody may have planted', () => {
    const copies = ['vol-1', 'vol-2'].map((id) => whole(id));
    const double = { ...whole('vol-1'), id: 'copy-0', begun: new Date('2026-01-31T06:00:00Z') };
    const said = report(ONE, { copies: [...copies, double] });
    expect(codes(said)).to.deep.equal(['lineage']);
  });

  it('finds nothing wrong where nothing is', () => {
    const well = report(ONE);
    expect(codes(well)).to.deep.equal([]);
    expect(well.isWell).to.equal(true);
    expect(well.machines[0]?.newest?.time).to.deep.equal(new Date(TIME));
  });

  const keys: [string, KeyState, string[], string[]][] = [
    ["is AWS's own", { state: 'Enabled', isAwsManaged: true }, ['source-key'], []],
    ['is disabled', { state: 'Disabled' }, ['source-key'], []],
    ['cannot be read', { reason: 'AccessDenied' }, [], ['source-key']],
  ];
  for (const [what, state, problems, notes] of keys) {
    it(`tells of a source's key that ${what}, once for all disks under it`, () => {
      const said = report(ONE, {}, source(ONE, { keys: new Map([['key-1', state]]) }));
      expect(codes(said)).to.deep.equal(problems);
      expect(said.machines[0]?.notes.map(({ code }) => code)).to.deep.equal(notes);
    });
  }

  it("names copies of the newest point that are not under the vault's key", () => {
    const said = report(ONE, { copies: [whole('vol-1', { keyId: 'another' }), whole('vol-2')] });
    expect(codes(said)).to.deep.equal(['copy-key']);
    expect(
      codes(report(ONE, { copies: [whole('vol-1', { encrypted: false }), whole('vol-2')] })),
    ).to.deep.equal(['copy-key']);
  });

  it('holds a machine that is gone against the time when it was missed', () => {
    const gone = { 'instance/i-1': '2026-01-31T07:00:00.000Z' };
    const { machines } = statusMachines(inventory(ONE, gone), items([], []));
    const late = {
      now: new Date('2026-03-01T00:00:00Z'),
      mirrorRun: { value: new Date('2026-03-01T00:00:00Z') },
    };
    const said = report(ONE, { machines, ...late });
    expect(said.machines.flatMap(({ problems }) => problems)).to.deep.equal([]);
    expect(said.machines[0]?.notes.map(({ code }) => code)).to.deep.equal(['instance-gone']);
  });

  it('says of a machine that was never tagged that the policy passes it over, unless one takes volumes', () => {
    const kinds = items([instance('i-1', 'MASTER', ['vol-1'])], [volume('vol-1')]);
    expect(codes(report(kinds))).to.deep.equal(['tags-lost']);
    const volumes = {
      id: 'p',
      state: 'ENABLED',
      takes: ['VOLUME'],
      targetsMustSnap: true,
      shares: true,
      copiesTags: true,
    };
    expect(codes(report(kinds, {}, source(kinds, { policies: { value: [volumes] } })))).to.deep.equal([]);
  });

  it('says what disks have come and gone since the inventory was accepted', () => {
    const now = items([machine('i-1', 'MASTER', ['vol-1', 'vol-3'])], [volume('vol-1'), volume('vol-3')]);
    const said = report(ONE, {}, source(ONE, { live: { value: now } }));
    expect(codes(said)).to.deep.equal(['not-accepted']);
    expect(said.machines[0]?.problems[0]?.what).to.contain('vol-2 is no longer attached, vol-3 is new');
  });

  it('concludes nothing from what could not be looked up', () => {
    const error = (what: string): { error: Finding } => ({ error: { code: 'look-up-failed', what } });
    const dark = {
      live: error('live'),
      shared: error('shared'),
      policies: error('policies'),
      keys: new Map(),
      stores: [],
    };
    const said = report(ONE, { vaultKey: error('key'), mirrorRun: error('run') }, dark);
    expect(codes(said)).to.deep.equal(Array.from({ length: 5 }, () => 'look-up-failed'));
  });

  it('names what the accepted inventory cannot be recovered of, and shows every machine all the same', () => {
    const two = items(
      [machine('i-1', 'MASTER', ['vol-1']), machine('i-2', 'MASTER', ['vol-2'])],
      [volume('vol-1'), volume('vol-2')],
    );
    const said = report(two);
    expect(said.machines.map((each) => each.machine.instance.id)).to.deep.equal(['i-1', 'i-2']);
    expect(codes(said)).to.include('name-not-unique');
    const untagged = items(
      [machine('i-1', 'MASTER', ['vol-1', 'vol-2'])],
      [volume('vol-1', {}), volume('vol-2')],
    );
    expect(codes(report(untagged))).to.include('system-disk-untagged');
  });
});

describe('wantedRpo', () => {
  const hours = (tag?: string) => wantedRpo({ id: 'i-1', tags: tag === undefined ? {} : { RPO: tag } }, 26);
  it('is the setting, or a tag of it; more than a month is not believed', () => {
    expect(hours()).to.deep.equal({ hours: 26 });
    expect(hours('4')).to.deep.equal({ hours: 4 });
    expect(hours('0.5').hours).to.equal(0.5);
    expect(hours('168')).to.deep.include({ hours: 168 });
    expect(hours('168').note?.code).to.equal('rpo-tag');
    for (const wrong of ['0', '-1', '1e9', '745', 'daily', ''])
      expect([hours(wrong).hours, hours(wrong).note?.what], wrong).to.deep.equal([
        26,
        `its tag RPO is ${JSON.stringify(wrong)}, and is passed over: hours are expected, 744 at the most`,
      ]);
  });
});

describe('statusText and statusJson', () => {
  const hostile = items([machine('i-1', 'M\u001b[2JX\r\nproblem', ['vol-1'])], [volume('vol-1')]);
  const stdout = { write: () => undefined };

  it('lets no name move the cursor of a terminal, or look like a line of ours', () => {
    const text = statusText(report(hostile, { copies: [] }), { stdout, env: {} });
    expect(text)
      .to.contain('M?[2JX??problem: has no recovery point')
      .and.not.contain('\u001b')
      .and.not.contain('\r');
  });

  it('is coloured on a terminal alone, and not where NO_COLOR is set', () => {
    const said = report(ONE);
    const on = { write: () => undefined, isTTY: true };
    expect(statusText(said, { stdout, env: {} })).to.not.contain('\u001b');
    expect(statusText(said, { stdout: on, env: {} })).to.contain('\u001b[32mwell\u001b[39m');
    expect(statusText(said, { stdout: on, env: { NO_COLOR: '1' } })).to.not.contain('\u001b');
  });

  it('names the next step of each problem, and the word that the runbook has it under', () => {
    const text = statusText(report(ONE, { copies: [] }), { stdout, env: {} });
    expect(text).to.match(
      /problem {2}MASTER: has no recovery point: vol-1: no copy; vol-2: no copy \[no-recovery-point\]\n +next: npx lifeboat copy-snapshots\n/,
    );
    expect(text).to.contain('Machines that are well: 0 of 1. 1 problem.');
  });

  it('is one document with the same fields, whatever is known', () => {
    const well = JSON.parse(statusJson(report(ONE)));
    const none = JSON.parse(
      statusJson(
        report(ONE, { source: { error: { code: 'source-unreachable', what: 'gone' } }, copies: [] }),
      ),
    );
    expect(Object.keys(none)).to.deep.equal(Object.keys(well));
    expect(Object.keys(none.machines[0])).to.deep.equal(Object.keys(well.machines[0]));
    expect(none).to.deep.include({ isWell: false, lastCopy: null, notProtected: null });
    expect(well.machines[0].newest).to.deep.include({
      time: '2026-01-31T04:00:00.000Z',
      ageSeconds: 4 * 3_600,
      copies: { 'vol-1': 'copy-vol-1', 'vol-2': 'copy-vol-2' },
    });
  });
});
