import * as aws from '@aws-sdk/client-ec2';
import { expect } from 'chai';
import { TAG } from '../../names';
import { makeEstate } from '../../scripts/demo/estate';
import { DR, type Finished, SOURCE, Stage, succeeded } from '../../scripts/demo/stage';
import { expectMirrored } from './network';

const UP = ['up', '--yes', '--skip-preview', '--stack', 'dr'];
const NOTHING = '--expect-no-changes';

/** Somebody has removed parts of the mirror, and nobody has looked until the night on which it is needed. */
describe('what was removed in DR, in a recovery with the source dead', function () {
  this.timeout(600_000);
  let stage: Stage;
  let dr: aws.EC2Client;
  let recover: Record<string, string>;

  const up = (env: Record<string, string>, ...more: string[]): Promise<Finished> =>
    stage.pulumi('.', [...UP, ...more], { env });
  /** In DR, by the tag that says what it stands for. */
  const ours = { Filters: [{ Name: 'tag-key', Values: [TAG.sourceId] }] };
  const tables = async () =>
    ((await dr.send(new aws.DescribeRouteTablesCommand(ours))).RouteTables ?? []).filter(
      ({ Associations = [] }) => Associations.some(({ Main }) => !Main),
    );
  const machines = async () => {
    const { Reservations = [] } = await dr.send(new aws.DescribeInstancesCommand({}));
    return Reservations.flatMap(({ Instances = [] }) => Instances).filter(
      ({ State }) => State?.Name === 'running',
    );
  };
  const removeRule = async () => {
    const { SecurityGroupRules = [] } = await dr.send(new aws.DescribeSecurityGroupRulesCommand(ours));
    const rule = SecurityGroupRules.find(({ IsEgress }) => !IsEgress);
    await dr.send(
      new aws.RevokeSecurityGroupIngressCommand({
        GroupId: rule?.GroupId,
        SecurityGroupRuleIds: [rule?.SecurityGroupRuleId ?? ''],
      }),
    );
    return rule ?? {};
  };
  const expectWhole = async () => {
    await stage.emulator.clearRules();
    await expectMirrored(stage.ec2(SOURCE), dr);
    await stage.loseSource();
  };

  before(async () => {
    stage = await Stage.open();
    dr = stage.ec2(DR);
    await stage.emulator.config({ copyMiBps: 100_000 });
    const source = stage.ec2(SOURCE);
    await makeEstate(source, stage.kms(SOURCE), SOURCE.account, DR.account);
    await stage.up('vault', { env: stage.root(DR) });
    await stage.up('source', { env: stage.root(SOURCE) });
    succeeded(await stage.lifeboat(['tag-volumes'], { env: stage.root(SOURCE) }));
    for (const { errors } of await stage.emulator.runDlm()) expect(errors).to.deep.equal([]);
    await stage.emulator.config({ enforceIam: true });
    const run = await stage.role('lifeboat-run');
    recover = await stage.role('lifeboat-recover');
    await stage.up('.', { env: run });
    succeeded(await stage.lifeboat(['copy-snapshots', '--poll-seconds', '1'], { env: run }));
    await stage.loseSource();
    await stage.config('inventory', 'saved');
  });
  after(() => stage?.close());

  it('stops a run at rest, which changes nothing', async () => {
    await removeRule();
    const [table] = await tables();
    const entry = { RouteTableId: table?.RouteTableId, DestinationCidrBlock: '0.0.0.0/0' };
    await dr.send(new aws.DeleteRouteCommand(entry));
    const { NetworkAcls = [] } = await dr.send(new aws.DescribeNetworkAclsCommand(ours));
    const acl = NetworkAcls.find(({ IsDefault }) => !IsDefault);
    await dr.send(
      new aws.DeleteNetworkAclEntryCommand({
        NetworkAclId: acl?.NetworkAclId,
        RuleNumber: 100,
        Egress: false,
      }),
    );
    // A subnet with its table's association, its ACL's and the addresses that are kept in it, and the groups of its machines.
    const SubnetId = table?.Associations?.[0]?.SubnetId;
    await dr.send(new aws.DeleteSubnetCommand({ SubnetId }));
    const { SecurityGroups = [] } = await dr.send(new aws.DescribeSecurityGroupsCommand(ours));
    const gone = await Promise.allSettled(
      SecurityGroups.map(({ GroupId }) => dr.send(new aws.DeleteSecurityGroupCommand({ GroupId }))),
    );
    expect(
      gone.filter(({ status }) => status === 'fulfilled'),
      'groups that nothing names',
    ).to.not.be.empty;
    const refused = await up(recover);
    expect(refused.code).to.not.equal(0);
    expect(refused.stdout).to.contain('were removed in DR, not by Lifeboat').and.contain('subnet/');
  });

  it('is made again by the run that recovers, and every machine is up', async () => {
    await stage.config('recover', 'true');
    const { stdout } = succeeded(await up(recover));
    expect(stdout).to.contain('removed in DR, not by Lifeboat, and made again');
    expect(await machines()).to.have.length(4);
    succeeded(await up(recover, NOTHING));
    await expectWhole();
  });

  it('is made again while machines run, which it leaves alone', async () => {
    const before = (await machines()).map(({ InstanceId }) => InstanceId).sort();
    await removeRule();
    const [table] = await tables();
    for (const { RouteTableAssociationId, Main } of table?.Associations ?? [])
      if (!Main)
        await dr.send(new aws.DisassociateRouteTableCommand({ AssociationId: RouteTableAssociationId }));
    await dr.send(new aws.DeleteRouteTableCommand({ RouteTableId: table?.RouteTableId }));
    succeeded(await up(recover));
    succeeded(await up(recover, NOTHING));
    expect((await machines()).map(({ InstanceId }) => InstanceId).sort()).to.deep.equal(before);
    await expectWhole();
  });

  it('is taken in where it is back already, as a run that was killed over it leaves it', async () => {
    const { FromPort, ToPort, IpProtocol, CidrIpv4, ReferencedGroupInfo, GroupId, Description, Tags } =
      await removeRule();
    await dr.send(
      new aws.AuthorizeSecurityGroupIngressCommand({
        GroupId,
        IpPermissions: [
          {
            FromPort,
            ToPort,
            IpProtocol,
            IpRanges: CidrIpv4 ? [{ CidrIp: CidrIpv4, Description }] : undefined,
            UserIdGroupPairs: ReferencedGroupInfo
              ? [{ GroupId: ReferencedGroupInfo.GroupId, Description }]
              : undefined,
          },
        ],
        TagSpecifications: [{ ResourceType: 'security-group-rule', Tags }],
      }),
    );
    succeeded(await up(recover));
    succeeded(await up(recover, NOTHING));
    await expectWhole();
  });
});
