import {
  type AssociateVpcCidrBlockCommand,
  AuthorizeSecurityGroupIngressCommand,
  CreateSecurityGroupCommand,
  CreateSubnetCommand,
  CreateVpcCommand,
  DescribeSecurityGroupRulesCommand,
  DescribeSubnetsCommand,
  DescribeVpcsCommand,
} from '@aws-sdk/client-ec2';
import { expect } from 'chai';
import { IPv6 } from 'ipaddr.js';
import { DR, SOURCE, Stage, succeeded } from '../../scripts/demo/stage';

const UP = ['up', '--yes', '--skip-preview', '--stack', 'dr'];
const IPAM = 'ipam-pool-0a1b';
const OWN = 'ipv6pool-ec2-0c2d';
const TOO_LARGE = '2001:db8:1::/48';

/** VPCs by their IPv4 range, each with a range of another pool or size, and subnets in it. */
const ESTATE: { cidr: string; from: Partial<AssociateVpcCidrBlockCommand['input']>; subnet: string }[] = [
  {
    cidr: '10.1.0.0/16',
    from: { Ipv6IpamPoolId: IPAM, Ipv6CidrBlock: TOO_LARGE },
    subnet: '2001:db8:1:7::/64',
  },
  {
    cidr: '10.2.0.0/16',
    from: { Ipv6IpamPoolId: IPAM, Ipv6CidrBlock: '2001:db8:2:a0::/60' },
    subnet: '2001:db8:2:a7::/64',
  },
  {
    cidr: '10.3.0.0/16',
    from: { Ipv6Pool: OWN, Ipv6CidrBlock: '2001:db8:ff00:100::/56' },
    subnet: '2001:db8:ff00:117::/64',
  },
];

describe('IPv6 ranges of pools, on the real engine and provider', function () {
  this.timeout(300_000);
  let stage: Stage;

  before(async () => {
    stage = await Stage.open();
    const place = `${SOURCE.account}/${SOURCE.region}`;
    await stage.emulator.config({
      ipv6Pools: { [place]: { [IPAM]: '2001:db8::/40', [OWN]: '2001:db8:ff00::/48' } },
    });
    const ec2 = stage.ec2(SOURCE);
    for (const { cidr, from, subnet } of ESTATE) {
      const { Vpc: { VpcId } = {} } = await ec2.send(new CreateVpcCommand({ CidrBlock: cidr, ...from }));
      const CidrBlock = cidr.replace('.0.0/16', '.1.0/24');
      await ec2.send(new CreateSubnetCommand({ VpcId, CidrBlock, Ipv6CidrBlock: subnet }));
      const made = new CreateSecurityGroupCommand({ VpcId, GroupName: 'web', Description: 'web' });
      const { GroupId } = await ec2.send(made);
      await ec2.send(
        new AuthorizeSecurityGroupIngressCommand({
          GroupId,
          IpPermissions: [
            { IpProtocol: 'tcp', FromPort: 443, ToPort: 443, Ipv6Ranges: [{ CidrIpv6: subnet }] },
          ],
        }),
      );
    }
    await stage.up('vault');
    await stage.up('source', { env: stage.root(SOURCE) });
  });
  after(() => stage?.close());

  /** Which /64 of a /56 a subnet is: the last byte of its range. */
  const placeOf = (range: string | undefined) =>
    range && IPv6.parse(range.split('/')[0] ?? '').toByteArray()[7];

  it('are mirrored as far as Amazon gives DR one in their place, and the rest is said, before anything is made', async () => {
    const { stdout } = await stage.up('.');
    expect(stdout)
      .to.contain('is made without IPv6')
      .and.contain('it lies in an IPv6 range that DR cannot have');
    const ec2 = stage.ec2(DR);
    const { Vpcs = [] } = await ec2.send(new DescribeVpcsCommand({}));
    const { Subnets = [] } = await ec2.send(new DescribeSubnetsCommand({}));
    const { SecurityGroupRules = [] } = await ec2.send(new DescribeSecurityGroupRulesCommand({}));
    const shown = ESTATE.map(({ cidr }) => {
      const vpc = Vpcs.find(({ CidrBlock }) => CidrBlock === cidr);
      const range = vpc?.Ipv6CidrBlockAssociationSet?.[0];
      const inside = Subnets.filter(({ VpcId }) => VpcId === vpc?.VpcId);
      const subnet = inside[0]?.Ipv6CidrBlockAssociationSet?.[0]?.Ipv6CidrBlock;
      return {
        pool: range?.Ipv6Pool,
        subnets: inside.length,
        place: placeOf(subnet),
        isOpen: SecurityGroupRules.some(({ CidrIpv6 }) => CidrIpv6 !== undefined && CidrIpv6 === subnet),
      };
    });
    expect(shown).to.deep.equal([
      { pool: undefined, subnets: 1, place: undefined, isOpen: false },
      { pool: 'Amazon', subnets: 1, place: 0x07, isOpen: true },
      { pool: 'Amazon', subnets: 1, place: 0x17, isOpen: true },
    ]);
  });

  it('change nothing when it is run again, and are adopted when the state is lost', async () => {
    succeeded(await stage.pulumi('.', [...UP, '--expect-no-changes']));
    succeeded(await stage.pulumi('.', ['preview', '--refresh', '--stack', 'dr', '--expect-no-changes']));
    succeeded(await stage.pulumi('.', ['state', 'delete', '--all', '--force', '--yes', '--stack', 'dr']));
    const { stdout } = succeeded(await stage.pulumi('.', UP));
    expect(stdout).to.contain(' imported');
    succeeded(await stage.pulumi('.', [...UP, '--expect-no-changes']));
  });
});
