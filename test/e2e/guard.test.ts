import {
  AuthorizeSecurityGroupIngressCommand,
  CreateVpcCommand,
  DeleteVpcCommand,
  DescribeInstancesCommand,
  DescribeSecurityGroupRulesCommand,
  ModifySecurityGroupRulesCommand,
  RevokeSecurityGroupEgressCommand,
  RevokeSecurityGroupIngressCommand,
  RunInstancesCommand,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2';
import { expect } from 'chai';
import { present } from '../../kinds/kind';
import { type Estate, makeEstate } from '../../scripts/demo/estate';
import { robot } from '../../scripts/demo/robot';
import { DR, SOURCE, Stage, succeeded } from '../../scripts/demo/stage';
import { allowStops } from './allowStops';
import { comparable } from './network';

const UP = ['up', '--yes', '--skip-preview', '--stack', 'dr'];
const READS = /\/(Describe|Get|List|Head|AssumeRole)\w*$/;

describe('the guard, on the real engine', function () {
  this.timeout(300_000);
  let stage: Stage;
  let estate: Estate;
  let run: Record<string, string>;

  before(async () => {
    stage = await Stage.open();
    estate = await makeEstate(stage.ec2(SOURCE), stage.kms(SOURCE), SOURCE.account, DR.account);
    await stage.up('vault');
    await stage.up('source', { env: stage.root(SOURCE) });
    run = await stage.role('lifeboat-run');
  });
  after(() => stage?.close());

  const up = async (...more: string[]) =>
    succeeded(await stage.pulumi('.', [...UP, ...more], { env: run })).stdout;

  /** Runs for real, and asserts that it failed and changed nothing in DR; returns what it said. */
  async function stopped(): Promise<string> {
    const { calls: before } = await stage.emulator.state();
    const finished = await stage.pulumi('.', UP, { env: run });
    const { calls } = await stage.emulator.state();
    expect(finished.code, finished.stdout).to.not.equal(0);
    expect(
      Object.keys(calls).filter((call) => calls[call] !== before[call] && !READS.test(call)),
    ).to.deep.equal([]);
    return finished.stdout;
  }

  /** The value of the command that a stopped run proposes. */
  const proposed = (output: string) =>
    /config set lifeboat:allow "(.*?)" --stack dr/s.exec(output)?.[1] ?? '';

  it('accepts the first run as the baseline, and names what is on the danger list', async () => {
    const { GroupId, port } = { GroupId: estate.groups.web, port: 80 };
    await open(GroupId, port);
    expect(succeeded(await stage.up('.', { env: run })).stdout)
      .to.match(/\+ \d\d created/)
      .and.match(/security-group-rule: \d+ on the danger list/)
      .and.contain('lets 0.0.0.0/0 in on tcp 80');
    await up('--expect-no-changes');
  });

  async function open(GroupId: string, port: number): Promise<string> {
    const { SecurityGroupRules = [] } = await stage.ec2(SOURCE).send(
      new AuthorizeSecurityGroupIngressCommand({
        GroupId,
        IpPermissions: [
          { IpProtocol: 'tcp', FromPort: port, ToPort: port, IpRanges: [{ CidrIp: '0.0.0.0/0' }] },
        ],
      }),
    );
    return SecurityGroupRules[0]?.SecurityGroupRuleId ?? '';
  }

  it('refuses two objects in DR that claim one source id', async () => {
    const { Vpc } = await stage.ec2(DR).send(
      new CreateVpcCommand({
        CidrBlock: '10.99.0.0/16',
        TagSpecifications: [
          { ResourceType: 'vpc', Tags: [{ Key: 'lifeboat:source-id', Value: estate.vpcs.shop }] },
        ],
      }),
    );
    expect(await stopped())
      .to.contain('Two objects in DR claim to be the mirror')
      .and.contain(Vpc?.VpcId ?? 'no VPC');
    await stage.ec2(DR).send(new DeleteVpcCommand({ VpcId: Vpc?.VpcId }));
  });

  describe('with a rule that opens a group to the world', () => {
    let rule: string;
    let value: string;
    const widen = (port: number) =>
      stage.ec2(SOURCE).send(
        new ModifySecurityGroupRulesCommand({
          GroupId: estate.groups.db,
          SecurityGroupRules: [
            {
              SecurityGroupRuleId: rule,
              SecurityGroupRule: { IpProtocol: 'tcp', FromPort: 22, ToPort: port, CidrIpv4: '0.0.0.0/0' },
            },
          ],
        }),
      );

    it('stops, and says how to allow exactly that', async () => {
      rule = await open(estate.groups.db, 22);
      const output = await stopped();
      expect(output)
        .to.contain('The guard stopped the run')
        .and.contain(`│ security-group-rule/${rule} │`)
        .and.contain('lets 0.0.0.0/0 in on tcp 22');
      value = proposed(output);
      expect(value).to.match(new RegExp(`^security-group-rule/${rule}=[0-9a-f]{12}@\\d{4}-\\d\\d-\\d\\d$`));
    });

    it('stops at a further change of it, though that one is allowed', async () => {
      await stage.config('allow', value);
      await widen(8080);
      expect(await stopped()).to.match(/lifeboat:allow\s+│/);
      await widen(22);
    });

    it('lets it through, and then warns that the entry is applied', async () => {
      const output = await up();
      expect(output)
        .to.match(/\+ 1 created/)
        .and.contain('allowed until');
      expect(await up('--expect-no-changes')).to.contain('applied already');
    });
  });

  describe('with a machine that has the Name of one that was destroyed', () => {
    let former: string;
    let nano: string;
    const looked = async () => JSON.parse((await stage.lifeboat(['guard', '--json'], { env: run })).stdout);

    it('stops, and holds the one that was destroyed', async () => {
      former = present(estate.instances['SHOP-WEB'], 'SHOP-WEB');
      nano = await replace(former);
      expect(await stopped())
        .to.contain(`│ instance/${nano} `)
        .and.match(/has the Name of\s+│/);
      const { stops, tombstones } = await looked();
      expect(stops[0].why).to.contain(`has the Name of instance/${former}, which is gone and protected`);
      expect(tombstones.map(({ name }: { name: string }) => name)).to.include(`instance/${former}`);
    });

    it('lets it take that place once that is said, and asks no more', async () => {
      expect(await allowStops(stage, run)).to.deep.equal([`instance/${nano}`]);
      // The address that was kept for the one goes, and that of the other is kept.
      expect(await up())
        .to.match(/\+ 1 created/)
        .and.match(/- 1 deleted/)
        .and.contain('allowed until');
      await up('--expect-no-changes');
      expect((await looked()).tombstones).to.deep.equal([]);
    });

    async function replace(id: string): Promise<string> {
      const ec2 = stage.ec2(SOURCE);
      const { Reservations } = await ec2.send(new DescribeInstancesCommand({ InstanceIds: [id] }));
      const old = present(Reservations?.[0]?.Instances?.[0], id);
      await ec2.send(new TerminateInstancesCommand({ InstanceIds: [id] }));
      const tag = (ResourceType: 'instance' | 'volume', tags: Record<string, string>) => ({
        ResourceType,
        Tags: Object.entries({ Name: 'SHOP-WEB', ...tags }).map(([Key, Value]) => ({ Key, Value })),
      });
      const { Instances } = await ec2.send(
        new RunInstancesCommand({
          ImageId: old.ImageId,
          MinCount: 1,
          MaxCount: 1,
          InstanceType: 't3.nano',
          SubnetId: old.SubnetId,
          SecurityGroupIds: [estate.groups.web],
          PrivateIpAddress: '10.10.1.99',
          TagSpecifications: [tag('instance', {}), tag('volume', { MUSTSNAP: 'True', SYSDISK: 'True' })],
        }),
      );
      return present(Instances?.[0]?.InstanceId, 'InstanceId');
    }
  });

  describe('with a source that shrinks', () => {
    it('stops when one kind was emptied', async () => {
      const ec2 = stage.ec2(SOURCE);
      const { SecurityGroupRules = [] } = await ec2.send(new DescribeSecurityGroupRulesCommand({}));
      for (const { GroupId, IsEgress, SecurityGroupRuleId = '' } of SecurityGroupRules) {
        const input = { GroupId, SecurityGroupRuleIds: [SecurityGroupRuleId] };
        await (IsEgress
          ? ec2.send(new RevokeSecurityGroupEgressCommand(input))
          : ec2.send(new RevokeSecurityGroupIngressCommand(input)));
      }
      expect(await stopped())
        .to.match(/│ security-group-rule\/\* +│ \d+ of \d+ gone/)
        .and.contain('all of them at once')
        .and.not.contain('subnet/*');
    });
  });

  describe('when a robot has emptied the source', () => {
    it('removes nothing, reports everything and fails, run after run', async () => {
      const before = await comparable(stage.ec2(DR), 'DR');
      await robot(stage.ec2(SOURCE));
      for (const _run of [1, 2]) {
        const output = await stopped();
        for (const kind of ['subnet', 'security-group', 'security-group-rule', 'volume', 'instance'])
          expect(output).to.match(new RegExp(`│ ${kind}/\\* +│ \\d+ of \\d+ gone`));
        for (const id of Object.values(estate.vpcs)) expect(output).to.contain(id);
      }
      expect(await comparable(stage.ec2(DR), 'DR')).to.deep.equal(before);
    });

    it('says the same by lifeboat guard', async () => {
      const { code, stdout } = await stage.lifeboat(['guard', '--json'], { env: run });
      expect(code).to.equal(1);
      const { stops, tombstones } = JSON.parse(stdout);
      expect(stops.length).to.be.at.least(5);
      expect(tombstones.map(({ name }: { name: string }) => name)).to.include.members(
        Object.values(estate.subnets).map((id) => `subnet/${id}`),
      );
    });

    it('still holds all of it once that is allowed, and says since when', async () => {
      const before = await comparable(stage.ec2(DR), 'DR');
      await stage.config('allow', proposed(await stopped()));
      const output = await up();
      expect(output).not.to.match(/deleted|replaced/);
      expect(output).to.match(/subnet: \d gone from the source and held: subnet-/);
      expect(await comparable(stage.ec2(DR), 'DR')).to.deep.equal(before);
      await up('--expect-no-changes');
    });

    it('removes what was pruned, and nothing else', async () => {
      const names = [`subnet/${estate.subnets['shop-c']}`];
      const at = ['prune', ...names, '--confirm', DR.account];
      const refused = await stage.lifeboat(at, { env: run });
      expect(refused.code).to.equal(1);
      expect(refused.stderr).to.contain(`instance/${estate.instances['SHOP-DB']}`);
      const [, next = ''] = /next: +npx lifeboat (prune .*) --stack dr/.exec(refused.stderr) ?? [];
      succeeded(await stage.lifeboat([...next.split(' '), '--confirm', DR.account], { env: run }));
      // Of a machine the mirror holds the address that is kept for it, and of a disk nothing.
      const mirrored = next.split(' ').filter((name) => name.includes('/') && !name.startsWith('volume/'));
      expect(await up()).to.match(new RegExp(`- ${mirrored.length} deleted`));
      const { subnets } = await comparable(stage.ec2(DR), 'DR');
      expect(subnets.join()).not.to.contain(estate.subnets['shop-c']);
      expect(subnets).to.have.length(3);
      await up('--expect-no-changes');
    });
  });
});
