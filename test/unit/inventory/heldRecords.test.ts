import { expect } from 'chai';
import { withoutHeldRecords } from '../../../inventory/heldRecords';
import type { Plan } from '../../../inventory/planned';

const zone = (id: string, isPrivate: boolean) => ({
  id,
  tags: {},
  zoneName: 'x.',
  isPrivate,
  vpcs: [],
  isSigned: false,
});
const record = (zoneId: string, recordName: string) => ({
  id: `${zoneId}_${recordName}_A`,
  tags: {},
  zoneId,
  recordName,
  type: 'A',
  values: [],
  set: {},
});
const records = [
  record('Z1', 'www.example.org.'),
  record('Z1', 'a.api.example.org.'),
  record('Z1', '\\052.example.org.'),
  record('Z2', 'db.internal.'),
];
const kinds = { 'hosted-zone': [zone('Z1', false), zone('Z2', true)], 'dns-record': records };
const plan = {
  resources: ['vpc/vpc-1', ...records.map(({ id }) => `dns-record/${id}`)].map((name) => ({
    name,
    item: name,
  })),
  notes: [],
} as unknown as Plan;

describe('a plan without the records that lead people to DR', () => {
  const kept = (
    switchRecords: string[],
    { switchDns = false, state = new Map<string, string>(), whole = plan } = {},
  ) =>
    withoutHeldRecords(whole, kinds, { switchDns, switchRecords }, state).resources.map(
      ({ item }) => item.split('_').at(1) ?? item,
    );

  it('leaves out those of public zones alone, and says so', () => {
    expect(kept([])).to.deep.equal(['vpc/vpc-1', 'db.internal.']);
    const { notes } = withoutHeldRecords(plan, kinds, { switchDns: false, switchRecords: [] }, new Map());
    expect(notes.join()).to.contain('lifeboat:switchDns').and.contain('www.example.org.');
  });

  it('leaves out those alone that are named, or are below a name', () => {
    const all = kept([], { switchDns: true });
    expect(kept(['www.example.org'])).to.deep.equal(all.filter((name) => name !== 'www.example.org.'));
    expect(kept(['*.api.example.org'])).to.deep.equal(all.filter((name) => name !== 'a.api.example.org.'));
    expect(kept(['*.example.org'])).to.deep.equal(['vpc/vpc-1', 'db.internal.']);
  });

  it('keeps what is there, in the state or to be adopted', () => {
    expect(kept([], { state: new Map([['dns-record/Z1_www.example.org._A', 'x']]) })).to.include(
      'www.example.org.',
    );
    const resources = plan.resources.map((each) => ({ ...each, adopt: 'Z9_x_A' }));
    expect(kept([], { whole: { ...plan, resources } })).to.have.length(5);
  });

  it('is whole once names are to be switched', () => {
    expect(kept([], { switchDns: true })).to.have.length(5);
  });
});
