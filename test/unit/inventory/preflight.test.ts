import { expect } from 'chai';
import { notOffered } from '../../../inventory/offerings';
import { preflight } from '../../../inventory/preflight';
import { quotaProblems } from '../../../inventory/quotas';
import type { Instance } from '../../../kinds/machines/instance';
import { instance, subnet } from '../items';

const machine = (id: string, instanceType: string, vcpus?: number): Instance => ({
  ...instance(id, id, []),
  instanceType,
  vcpus,
});
const wanted = (item: Instance) => ({ instance: item, name: item.id, disks: [] });
const zones = { 'euw1-az1': 'euc1-az1' };

describe('a preflight', () => {
  it('names the machines whose type their zone lacks, and the zones that have it', () => {
    const offered = new Map([
      ['euc1-az1', new Set(['t3.micro'])],
      ['euc1-az2', new Set(['t3.micro', 'p5.48xlarge'])],
    ]);
    const subnets = [subnet('subnet-1', 'vpc-1')];
    const found = notOffered(
      [
        wanted(machine('i-1', 't3.micro')),
        wanted(machine('i-2', 'p5.48xlarge')),
        wanted(machine('i-3', 'x9.large')),
        // What is launched is what counts.
        wanted(machine('i-4', 'x8.large')),
      ],
      subnets,
      zones,
      offered,
      { 'x8.large': ['t3.micro', 'x9.large'] },
    );
    expect(found).to.deep.equal([
      { name: 'i-2', problem: 'its type p5.48xlarge is not to be had in euc1-az1; euc1-az2 has it' },
      { name: 'i-3', problem: 'its type x9.large is not to be had in euc1-az1' },
    ]);
  });

  it('counts the vCPUs of each family against its own quota', () => {
    const machines = [
      machine('i-1', 'm7g.xlarge', 4),
      machine('i-2', 't3.micro', 2),
      machine('i-3', 'inf2.xlarge', 4),
    ];
    const problems = (standard: number) =>
      quotaProblems({
        plan: { resources: [], atRecovery: [], inDr: new Map() },
        launches: machines.map(({ id }) => `instance/${id}`),
        source: { instance: machines },
        dr: { instance: [machine('i-0', 'c5.large', 2)] },
        values: new Map([
          ['ec2/L-1216C47A', standard],
          ['ec2/L-1945791B', 4],
        ]),
      }).problems;
    const [over, ...others] = problems(7);
    expect(others).to.deep.equal([]);
    // What runs there already counts too.
    expect(over).to.deep.include({ need: 8, value: 7 });
    expect(over?.quota.name).to.contain('Standard');
    expect(problems(8)).to.deep.equal([]);
    const said = preflight({
      quotas: over ? [over] : [],
      unlaunchable: [],
      unplanned: [
        { name: 'dns-record/Z1_a', reason: 'it could not be planned: AWS answered an object without TTL' },
      ],
      notOffered: [],
      unordered: [{ id: 'i-1', name: 'WEB', wave: 'first' }],
      licensed: [],
      drRegion: 'eu-central-1',
    });
    expect(said[0]?.what).to.contain('WEB').and.contain('"first"');
    expect(said[1]?.what).to.contain('dns-record/Z1_a').and.contain('TTL');
    expect(said[2]?.what).to.contain('need 8, quota 7');
    expect(said[2]?.next).to.contain('--quota-code L-1216C47A --desired-value 8 --region eu-central-1');
  });
});
