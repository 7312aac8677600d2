import { expect } from 'chai';
import { LifeboatError } from '../../../errors';
import { guard, look } from '../../../inventory/guard/guard';
import { type AllowEntry, parseAllow } from '../../../inventory/guard/guardAllow';
import { GuardError } from '../../../inventory/guard/guardError';
import type { Items } from '../../../inventory/inventory';
import { rule, subnet } from '../items';
import { acceptedOf, NOW, options, source } from './inventories';

const opened = (more: object = {}): Items => ({
  ...source,
  'security-group-rule': [
    ...(source['security-group-rule'] ?? []),
    rule('sgr-9', 'sg-1', { cidrIpv4: '0.0.0.0/0', ...more }),
  ],
});
const shrunk: Items = { ...source, subnet: source.subnet?.slice(0, 2) ?? [] };
/** What is to be allowed, as the guard proposes it. */
const proposed = (live: Items): AllowEntry[] =>
  look(live, acceptedOf(), options()).report.stops.flatMap(({ allow }) => parseAllow(allow) ?? []);
const judged = (live: Items, allow: AllowEntry[], now = NOW) =>
  look(live, acceptedOf(), options({ allow, now })).report;
const day = (until: string) => (entry: AllowEntry) => ({ ...entry, until });

function thrown(work: () => unknown): LifeboatError {
  try {
    work();
  } catch (error) {
    if (error instanceof LifeboatError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

describe('lifeboat:allow', () => {
  it('lets exactly the change through that it names', () => {
    for (const live of [opened(), shrunk]) {
      const report = judged(live, proposed(live));
      expect(report.stops).to.deep.equal([]);
      expect(report.allowed).to.have.length(1);
      expect(report.warnings).to.deep.equal([]);
    }
  });

  it('does not let a further change of the same object through, and says so', () => {
    const report = judged(opened({ toPort: 65535 }), proposed(opened()));
    expect(report.stops.map(({ why }) => why)).to.deep.equal([
      'lets 0.0.0.0/0 in on tcp 443 to 65535; lifeboat:allow names another change of it',
    ]);
    const more = { ...shrunk, subnet: source.subnet?.slice(0, 1) ?? [] };
    expect(judged(more, proposed(shrunk)).stops[0]?.why).to.contain('names another change');
    expect(judged({ ...opened(), subnet: shrunk.subnet ?? [] }, proposed(opened())).stops).to.have.length(1);
  });

  it('counts to the end of its last day in UTC', () => {
    const entries = proposed(opened()).map(day('2026-01-10'));
    expect(judged(opened(), entries, new Date('2026-01-10T23:59:59.999Z')).stops).to.deep.equal([]);
    const [stop] = judged(opened(), entries, new Date('2026-01-11T00:00:00Z')).stops;
    expect(stop?.why).to.contain('what allowed it has expired on 2026-01-10');
  });

  it('only warns of an entry that is applied already, or expired and not needed', () => {
    const entry = proposed(opened());
    const after = look(opened(), acceptedOf(opened()), options({ allow: entry }));
    expect(after.report.stops).to.deep.equal([]);
    expect(after.notes.join()).to.contain('security-group-rule/sgr-9=').and.contain('applied already');
    const old = look(source, acceptedOf(), options({ allow: entry.map(day('2026-01-09')) }));
    expect(old.report.warnings.join()).to.contain('is expired, and may go');
  });

  it('is refused when it lasts longer than 30 days', () => {
    expect(judged(opened(), proposed(opened()).map(day('2026-02-09'))).stops).to.deep.equal([]);
    const { message } = thrown(() => judged(source, proposed(opened()).map(day('2026-02-10'))));
    expect(message)
      .to.contain('longer than 30 days')
      .and.contain('@2026-02-10')
      .and.contain('expected: a last day of 2026-02-09 or before')
      .and.match(/config set lifeboat:allow "security-group-rule\/sgr-9=[0-9a-f]{12}@2026-02-09"/);
  });

  it('is digested alike whatever the order of keys, and otherwise for other content', () => {
    const reordered = opened();
    const turned = (reordered['security-group-rule'] ?? []).map(
      (item) => Object.fromEntries(Object.entries(item).reverse()) as typeof item,
    );
    expect(proposed({ ...reordered, 'security-group-rule': turned })).to.deep.equal(proposed(opened()));
    expect(proposed(opened({ description: 'x' }))).not.to.deep.equal(proposed(opened()));
  });
});

describe('what the guard throws', () => {
  const live = {
    ...opened(),
    subnet: [subnet('subnet-1', 'vpc-1')],
    'security-group': source['security-group']?.slice(0, 1) ?? [],
  };
  const error = thrown(() => guard(live, acceptedOf(), options()));

  it('holds a table of all of it, what else went missing, and the report', () => {
    expect(error).to.be.instanceOf(GuardError);
    for (const text of [
      'The guard stopped the run: nothing in DR was changed',
      '2 changes of the source',
      '│ subnet/* ',
      '3 of 4 gone',
      '│ security-group-rule/sgr-9 ',
      'lets 0.0.0.0/0 in on tcp',
      'security-group: 1 gone as well, and held: sg-2',
    ])
      expect(error.message).to.contain(text);
    expect((error as GuardError).report.stops).to.have.length(2);
  });

  it('holds the command that allows all of it for seven days, and keeps what is allowed already', () => {
    const command = /config set lifeboat:allow "(.*)" --stack dr/;
    const value = command.exec(error.message)?.[1] ?? '';
    const entries = parseAllow(value) ?? [];
    expect(entries.map(({ until }) => until)).to.deep.equal(['2026-01-17', '2026-01-17']);
    expect(look(live, acceptedOf(), options({ allow: entries })).report.stops).to.deep.equal([]);

    const present = [
      { name: 'vpc/vpc-1', digest: '0123456789ab', until: '2026-01-20' },
      { name: 'vpc/vpc-2', digest: '0123456789ab', until: '2026-01-09' },
      { name: 'subnet/*', digest: '0123456789ab', until: '2026-01-20' },
    ];
    const again = thrown(() => guard(live, acceptedOf(), options({ allow: present })));
    const kept = parseAllow(command.exec(again.message)?.[1] ?? '')?.map(({ name }) => name);
    expect(kept).to.deep.equal(['vpc/vpc-1', 'subnet/*', 'security-group-rule/sgr-9']);
  });
});
