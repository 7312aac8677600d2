import { expect } from 'chai';
import { plan } from '../../../inventory/plan';
import type { Plan, PlannedResource } from '../../../inventory/planned';
import { seeHomeFits } from '../../../inventory/seeHomeFits';
import { strangeRules } from '../../../inventory/strangeRules';
import { refuseUnclaimed, unclaimed, wayHome } from '../../../inventory/wayHome';
import type { Item } from '../../../kinds/kind';
import { TAG } from '../../../names';
import { group, instance, PLAN_OPTIONS, rule, subnet, vpc } from '../items';

const HOME = 'vpc-0000000000000001';
const HOME_GROUP = 'sg-0000000000000001';
const madeFor = (id: string) => ({ [TAG.sourceId]: id });
const inDr = vpc('vpc-00000000000000d1', { tags: madeFor(HOME) });
const named = (id: string, tags: Record<string, string> = {}): Item => ({ id, tags });

describe('wayHome', () => {
  it('finds what survived by the tags of DR, of the same kind, and who has claimed it', () => {
    const way = wayHome({ vpc: [inDr] }, { vpc: [vpc(HOME)], subnet: [subnet(HOME, 'vpc-x')] });
    expect(way.survivors).to.deep.equal([{ name: `vpc/${inDr.id}`, homeId: HOME, claimedFor: undefined }]);
    expect(unclaimed(way)).to.deep.equal(way.survivors);
    const claimed = wayHome({ vpc: [inDr] }, { vpc: [vpc(HOME, { tags: madeFor(inDr.id) })] });
    expect(unclaimed(claimed)).to.deep.equal([]);
    const another = wayHome({ vpc: [inDr] }, { vpc: [vpc(HOME, { tags: madeFor('vpc-of-another-time') })] });
    expect(unclaimed(another)).to.deep.equal(another.survivors);
  });

  it('knows nothing to survive that is gone, of another kind, or of which DR says nothing', () => {
    expect(wayHome({ vpc: [inDr] }, { vpc: [], subnet: [subnet(HOME, 'vpc-x')] }).survivors).to.deep.equal(
      [],
    );
    expect(wayHome({ vpc: [vpc('vpc-d')] }, { vpc: [vpc(HOME)] }).survivors).to.deep.equal([]);
  });

  it('never takes machines, disks, or what an import would lay open or a recovery alone makes', () => {
    const [nat] = [named('nat-0000000000000001')];
    const way = wayHome(
      {
        instance: [named('i-d', madeFor('i-0000000000000001'))],
        volume: [named('vol-d', madeFor('vol-0000000000000001'))],
        'launch-template': [named('lt-d', madeFor('lt-0000000000000001'))],
        'nat-gateway': [named('nat-d', madeFor('nat-0000000000000001'))],
        'iam-role': [named('web', madeFor('web'))],
      },
      {
        instance: [named('i-0000000000000001')],
        volume: [named('vol-0000000000000001')],
        'launch-template': [named('lt-0000000000000001')],
        'nat-gateway': nat ? [nat] : [],
        'iam-role': [named('web')],
      },
    );
    expect(way.survivors).to.deep.equal([]);
    expect([...way.kept]).to.have.deep.members([
      ['launch-template/lt-d', 'lt-0000000000000001'],
      ['nat-gateway/nat-d', 'nat-0000000000000001'],
      ['iam-role/web', 'web'],
    ]);
  });

  it('refuses two claims on one', () => {
    const both = { vpc: [inDr, vpc('vpc-00000000000000d2', { tags: madeFor(HOME) })] };
    expect(() => wayHome(both, { vpc: [vpc(HOME)] })).to.throw(
      'vpc-00000000000000d1 and vpc-00000000000000d2',
    );
    expect(wayHome(both, { vpc: [] }).survivors).to.deep.equal([]);
  });

  it('refuses a run before what survived is claimed, but for what the state holds', () => {
    const way = wayHome({ vpc: [inDr] }, { vpc: [vpc(HOME)] });
    expect(() => refuseUnclaimed(way, new Set<string>(), 'home')).to.throw(
      'npx lifeboat failback claim --home home',
    );
    refuseUnclaimed(way, new Set([`vpc/${inDr.id}`]), 'home');
  });

  it('has a plan leave alone what is not brought home, and refer to what is kept', () => {
    const topic = {
      ...named('arn:aws:sns:eu-central-1:2:orders', madeFor('arn:aws:sns:eu-west-1:1:orders')),
    };
    const items = { vpc: [inDr], 'sns-topic': [topic] };
    const options = { ...PLAN_OPTIONS, wayHome: { survivors: [], kept: new Map() } };
    const source = { kinds: items, superseded: new Map() };
    expect(plan(source, {}, {}, options).skipped).to.deep.include({
      name: `sns-topic/${topic.id}`,
      reason:
        'Lifeboat does not bring it home: what survived there is as it was; what is gone is in what DR accepted: npx lifeboat inventory show sns-topic/arn:aws:sns:eu-west-1:1:orders',
    });
    const kept = new Map([[`vpc/${inDr.id}`, HOME]]);
    const planned = plan(source, {}, {}, { ...options, wayHome: { survivors: [], kept } });
    expect([planned.resources, [...planned.inDr]]).to.deep.equal([[], [[`vpc/${inDr.id}`, HOME]]]);
  });
});

describe('strangeRules', () => {
  const way = wayHome(
    { 'security-group': [group('sg-d', 'vpc-d', 'web', madeFor(HOME_GROUP))] },
    { 'security-group': [group(HOME_GROUP, HOME, 'web')] },
  );
  const known = rule('sgr-d', 'sg-d', { tags: madeFor('sgr-1') });

  it('are those in groups that survived that no rule of DR was made for', () => {
    const home = [rule('sgr-1', HOME_GROUP), rule('sgr-2', HOME_GROUP), rule('sgr-3', 'sg-other')];
    const found = strangeRules(way, { 'security-group-rule': [known] }, { 'security-group-rule': home });
    expect(found.map(({ id }) => id)).to.deep.equal(['sgr-2']);
  });

  it('are not those that the way home has made', () => {
    const fresh = rule('sgr-9', 'sg-d');
    const made = rule('sgr-8', HOME_GROUP, { tags: madeFor('sgr-9') });
    const found = strangeRules(
      way,
      { 'security-group-rule': [known, fresh] },
      { 'security-group-rule': [made] },
    );
    expect(found).to.deep.equal([]);
  });
});

describe('seeHomeFits', () => {
  const resource = (more: Partial<PlannedResource>): PlannedResource => ({
    name: 'subnet/subnet-d',
    item: 'subnet/subnet-d',
    type: 'aws:ec2/subnet:Subnet',
    args: {},
    ignoreChanges: [],
    formerNames: [],
    ...more,
  });
  const inDrMap = new Map([['subnet/subnet-d', 'subnet-1']]);
  const planOf = (more: Partial<PlannedResource> = {}): Pick<Plan, 'resources' | 'inDr'> => ({
    resources: [resource({ adopt: 'subnet-1', ...more })],
    inDr: inDrMap,
  });
  const machine = instance('i-d', 'SHOP-DB', [], { subnetId: 'subnet-d', privateIpAddress: '10.0.1.30' });
  const holder = (more = {}) =>
    instance('i-old', 'SHOP-DB', [], {
      subnetId: 'subnet-1',
      addresses: [{ subnetId: 'subnet-1', address: '10.0.1.30' }],
      ...more,
    });
  const input = (recover: boolean, home: ReturnType<typeof holder>[], state = new Set<string>()) => ({
    kinds: { instance: [machine] },
    home: { instance: home },
    state,
    settings: { recover, drRegion: 'eu-west-1' },
  });

  it('refuses what would be made beside what survived', () => {
    const misfit = planOf({ adopt: undefined });
    expect(() => seeHomeFits(misfit, input(false, []))).to.throw('subnet-1 for subnet/subnet-d');
    expect(seeHomeFits(misfit, input(false, [], new Set(['subnet/subnet-d'])))).to.deep.equal([]);
  });

  it('says at rest, and refuses at a recovery, what has the address of a machine', () => {
    const [note] = seeHomeFits(planOf(), input(false, [holder()]));
    expect(note)
      .to.contain('i-old at home has 10.0.1.30, which SHOP-DB needs')
      .and.contain('aws ec2 terminate-instances --region eu-west-1 --instance-ids i-old');
    expect(() => seeHomeFits(planOf(), input(true, [holder()]))).to.throw('i-old at home has 10.0.1.30');
  });

  it('is content with addresses of other subnets, of what came home already, and of what the state holds', () => {
    const elsewhere = holder({ addresses: [{ subnetId: 'subnet-2', address: '10.0.1.30' }] });
    const ours = holder({ tags: { [TAG.recoveryPoint]: 'p' } });
    expect(seeHomeFits(planOf(), input(true, [elsewhere, ours]))).to.deep.equal([]);
    expect(seeHomeFits(planOf(), input(true, [holder()], new Set(['instance/i-d'])))).to.deep.equal([]);
  });
});
