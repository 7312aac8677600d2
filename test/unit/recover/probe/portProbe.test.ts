import { expect } from 'chai';
import type { Probed } from '../../../../scripts/recover/probe/functionCode';
import type { FunctionState, ProbeFunctions } from '../../../../scripts/recover/probe/functions';
import type { ProbedNetwork } from '../../../../scripts/recover/probe/network';
import { PortProbe } from '../../../../scripts/recover/probe/portProbe';
import type { ProbeGroup, Vantage } from '../../../../scripts/recover/probe/vantage';

const everywhere = { IpRanges: [{ CidrIp: '0.0.0.0/0' }] };
const group = (id: string, port?: number): ProbeGroup => ({
  id,
  vpc: 'vpc-1',
  inbound: port ? [{ IpProtocol: 'tcp', FromPort: port, ToPort: port, ...everywhere }] : [],
  outbound: [{ IpProtocol: '-1', ...everywhere }],
});

/** Two databases in two subnets, and AWS's functions as a list. */
class World implements ProbeFunctions {
  readonly notes: string[] = [];
  readonly there = new Map<string, Vantage>();
  readonly calls: string[] = [];
  answers: Record<string, string> = {};
  states: FunctionState = { state: 'Active' };
  refuses: Partial<Record<'make' | 'state' | 'ask' | 'remove' | 'network', Error>> = {};
  found: ProbedNetwork = {
    places: new Map(
      ['1', '2'].map((each) => [
        `i-${each}`,
        { address: `10.0.${each}.30`, vpc: 'vpc-1', subnet: `subnet-${each}`, groups: ['sg-db'] },
      ]),
    ),
    network: {
      groups: [group('sg-db', 5432)],
      subnets: ['1', '2'].map((each) => ({
        id: `subnet-${each}`,
        vpc: 'vpc-1',
        cidr: `10.0.${each}.0/24`,
      })),
      prefixLists: new Map(),
      dedicated: new Set(),
    },
  };
  readonly probe = new PortProbe({
    functions: this,
    network: async () => {
      this.call('network', '');
      return this.found;
    },
    note: (text) => this.notes.push(text),
  });

  private call(what: keyof World['refuses'], of: string): void {
    this.calls.push(`${what} ${of}`.trim());
    const refusal = this.refuses[what];
    if (refusal) throw refusal;
  }

  async make(name: string, vantage: Vantage): Promise<void> {
    this.there.set(name, vantage);
    this.call('make', vantage.subnet);
  }

  async state(name: string): Promise<FunctionState> {
    this.call('state', '');
    return this.there.has(name) ? this.states : { state: 'gone' };
  }

  async ask(_: string, targets: readonly Probed[]): Promise<string[]> {
    this.call('ask', targets.map(({ address, port }) => `${address}:${port}`).join(' '));
    return targets.map(({ address }) => this.answers[address] ?? 'ok');
  }

  async remove(name: string): Promise<void> {
    this.call('remove', '');
    this.there.delete(name);
  }

  async look(
    ports: Record<string, number[]>,
    isUp: (id: string) => boolean = () => true,
  ): Promise<Record<string, string>> {
    const machines = Object.entries(ports).map(([id, each]) => ({ id, name: `DB-${id}`, ports: each }));
    return Object.fromEntries(await this.probe.problems(machines, isUp));
  }
}

const WAITS = 'whether its port 5432 answers is not known: it is not asked yet';

describe('a probe of ports', () => {
  let world: World;
  beforeEach(() => {
    world = new World();
  });

  it('asks nothing of AWS, and makes nothing, where no machine has ports', async () => {
    expect(await world.look({ 'i-1': [] })).to.deep.equal({});
    await world.probe.close();
    expect(world.calls).to.deep.equal([]);
  });

  it('makes one function for each place, waits for it, asks, and removes it', async () => {
    const both = { 'i-1': [5432], 'i-2': [5432] };
    const first = await world.look(both);
    expect(first['i-1']).to.contain(WAITS);
    expect(Object.keys(first)).to.deep.equal(['i-1', 'i-2']);
    world.states = { state: 'Pending' };
    expect((await world.look(both))['i-2']).to.contain(WAITS);
    world.states = { state: 'Active' };
    world.answers = { '10.0.2.30': 'connection refused' };
    expect(await world.look(both)).to.deep.equal({
      'i-2': 'its port 5432 does not answer from inside the VPC: connection refused',
    });
    world.answers = {};
    expect(await world.look(both)).to.deep.equal({});
    expect([...world.there.values()].map(({ subnet }) => subnet)).to.deep.equal(['subnet-1', 'subnet-2']);
    for (const name of world.there.keys()) expect(name).to.match(/^lifeboat-probe-[\w-]+$/);
    await world.probe.close();
    expect(world.there.size).to.equal(0);
    expect(world.calls.filter((call) => call.startsWith('make'))).to.have.length(2);
  });

  it('says each of several ports that does not answer', async () => {
    const all = { IpProtocol: '-1', ...everywhere };
    world.found.network.groups.map(({ inbound }) => (inbound as object[]).push(all));
    await world.look({ 'i-1': [5432, 8080] });
    world.answers = { '10.0.1.30': 'timed out' };
    expect(await world.look({ 'i-1': [5432, 8080] })).to.deep.equal({
      'i-1':
        'its port 5432 does not answer from inside the VPC: timed out; its port 8080 does not answer from inside the VPC: timed out',
    });
  });

  it('makes what asks while machines boot, and asks those that are up alone', async () => {
    const both = { 'i-1': [5432], 'i-2': [5432] };
    await world.look(both, () => false);
    expect(world.there.size).to.equal(2);
    await world.look(both, (id) => id === 'i-2');
    expect(world.calls.filter((call) => call.startsWith('ask'))).to.deep.equal(['ask 10.0.2.30:5432']);
  });

  it('knows nothing of what could not be asked, and says why', async () => {
    const refusal = (name: string) => Object.assign(new Error('Rate exceeded'), { name });
    const look = async () => (await world.look({ 'i-1': [5432] }))['i-1'];
    world.refuses = { network: refusal('RequestLimitExceeded') };
    expect(await look()).to.contain('could not be asked: RequestLimitExceeded: Rate exceeded');
    world.refuses = { make: refusal('InvalidParameterValueException') };
    expect(await look()).to.contain(
      'the function that asks could not be made: InvalidParameterValueException',
    );
    expect(world.there.size, 'its answer may have been lost').to.equal(0);
    world.refuses = {};
    expect(await look()).to.contain(WAITS);
    world.refuses = { state: refusal('AccessDeniedException') };
    expect(await look()).to.contain('is not known: AccessDeniedException');
    world.refuses = { ask: refusal('TooManyRequestsException') };
    expect(await look()).to.contain('is not known: TooManyRequestsException');
    world.refuses = {};
    expect(await look()).to.equal(undefined);
  });

  it('makes another function where somebody has removed it, or AWS has failed it', async () => {
    const look = async () => (await world.look({ 'i-1': [5432] }))['i-1'];
    await look();
    world.there.clear();
    expect(await look()).to.contain('the function that asks is gone');
    expect(await look()).to.contain('the function that asks is gone; another is made');
    world.states = { state: 'Failed', why: 'no address left' };
    expect(await look()).to.contain('the function that asks is Failed: no address left');
    world.states = { state: 'Active' };
    // What AWS says against it is not lost by the next try.
    expect(await look()).to.contain('is Failed: no address left; another is made');
    expect(await look()).to.equal(undefined);
    expect(world.there.size).to.equal(1);
  });

  it('asks no port again that has answered, whatever becomes of the function', async () => {
    const both = { 'i-1': [5432], 'i-2': [5432] };
    await world.look(both);
    world.answers = { '10.0.2.30': 'connection refused' };
    expect(Object.keys(await world.look(both))).to.deep.equal(['i-2']);
    world.there.clear();
    expect(Object.keys(await world.look(both))).to.deep.equal(['i-2']);
  });

  it('holds nobody for what nobody can ask, and says it once', async () => {
    for (const _ of [1, 2]) expect(await world.look({ 'i-1': [22] })).to.deep.equal({});
    expect(world.notes).to.deep.equal(world.probe.notes);
    expect(world.notes).to.have.length(1);
    expect(world.notes[0]).to.match(/^DB-i-1: its port 22 cannot be asked, so it is not waited for: no rule/);
    await world.look({ 'i-3': [5432] });
    expect(world.notes[1]).to.contain('no IPv4 address');
    // What has no address because it ends is not said.
    await world.look({ 'i-4': [5432] }, () => false);
    expect(world.notes).to.have.length(2);
    expect(world.there.size).to.equal(0);
  });

  it('does not say any more that a port cannot be asked once a rule was mended', async () => {
    await world.look({ 'i-1': [22] });
    (world.found.network.groups as ProbeGroup[]).push(group('sg-more', 22));
    const place = world.found.places.get('i-1');
    if (place) (place.groups as string[]).push('sg-more');
    expect((await world.look({ 'i-1': [22] }))['i-1']).to.contain('is not known');
    expect(world.probe.notes).to.deep.equal([]);
  });

  it('removes at its end what is being made just then, makes nothing after it, and says what is left', async () => {
    const looking = world.look({ 'i-1': [5432] });
    await world.probe.close();
    await looking;
    expect(world.there.size).to.equal(0);
    expect((await world.look({ 'i-1': [5432] }))['i-1']).to.contain('the recovery is ended');
    const other = new World();
    await other.look({ 'i-1': [5432] });
    other.refuses = { remove: new Error('not now') };
    await other.probe.close();
    expect(other.notes[0]).to.match(/lifeboat-probe-\S+ is left, and the next run removes it: not now/);
  });
});
