import type { NetworkInterface } from '@aws-sdk/client-ec2';
import { expect } from 'chai';
import { notOffered } from '../../../inventory/offerings';
import { preflight } from '../../../inventory/preflight';
import { quotaProblems } from '../../../inventory/quotas';
import { takenAddresses } from '../../../inventory/takenAddresses';
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
      unprobed: [{ id: 'i-2', name: 'DB', probe: 'postgres' }],
      unasked: ['DB', 'APP'],
      licensed: [],
      taken: [{ name: 'DB', address: '10.0.0.9', interfaceId: 'eni-1', of: 'i-9' }],
      unissued: ['shop.example.com'],
      drRegion: 'eu-central-1',
    });
    const starts = [
      'DB could not be launched: its address 10.0.0.9 is taken in DR by eni-1 of i-9',
      'WEB would come up as if it had no wave: its tag lifeboat:wave is "first"',
      'DB would be waited for without a look at its ports: its tag lifeboat:probe is "postgres"',
      'the ports of DB, APP could not be asked',
      'dns-record/Z1_a would not be made: it could not be planned',
      'what serves shop.example.com would not be made: its certificate in DR is not issued',
      'a recovery would not fit: ',
    ];
    expect(said.map(({ what }, index) => what.slice(0, starts[index]?.length))).to.deep.equal(starts);
    expect(said.at(-1)?.what).to.contain('need 8, quota 7');
    expect(said.at(-1)?.next).to.contain('--quota-code L-1216C47A --desired-value 8 --region eu-central-1');
  });

  it('finds who has the address of a machine in its own subnet, and no other', () => {
    const [db] = [
      wanted({ ...machine('i-1', 't3.micro'), addresses: [{ subnetId: 'subnet-1', address: '10.0.0.9' }] }),
    ];
    const at = (
      SubnetId: string,
      address: string,
      more: Partial<NetworkInterface> = {},
    ): NetworkInterface => ({
      NetworkInterfaceId: 'eni-1',
      SubnetId,
      PrivateIpAddresses: [{ PrivateIpAddress: '10.0.0.7' }, { PrivateIpAddress: address }],
      ...more,
    });
    const taken = (
      interfaces: NetworkInterface[],
      inDr: Record<string, string> = { 'subnet-1': 'subnet-d' },
    ) => takenAddresses([db], interfaces, (id) => inDr[id]).map(({ of }) => of);
    expect(taken([at('subnet-d', '10.0.0.9', { Attachment: { InstanceId: 'i-9' } })])).to.deep.equal(['i-9']);
    expect(taken([at('subnet-d', '10.0.0.9', { Description: 'RDSNetworkInterface' })])).to.deep.equal([
      'RDSNetworkInterface',
    ]);
    expect(taken([at('subnet-d', '10.0.0.9')])).to.deep.equal(['no machine']);
    expect(taken([at('subnet-e', '10.0.0.9'), at('subnet-d', '10.0.0.8')])).to.deep.equal([]);
    expect(taken([at('subnet-d', '10.0.0.9')], {})).to.deep.equal([]);
  });
});
