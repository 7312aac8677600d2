import {
  CreateSubnetCommand,
  CreateVpcCommand,
  DescribeSubnetsCommand,
  DescribeVpcsCommand,
  DisassociateSubnetCidrBlockCommand,
  DisassociateVpcCidrBlockCommand,
} from '@aws-sdk/client-ec2';
import { expect } from 'chai';
import { DR, SOURCE, Stage, succeeded } from '../../scripts/demo/stage';

const UP = ['up', '--yes', '--skip-preview', '--stack', 'dr'];

describe('a VPC that loses its IPv6 range in the source', function () {
  this.timeout(300_000);
  let stage: Stage;

  before(async () => {
    stage = await Stage.open();
    const ec2 = stage.ec2(SOURCE);
    const { Vpc: { VpcId } = {} } = await ec2.send(
      new CreateVpcCommand({ CidrBlock: '10.1.0.0/16', AmazonProvidedIpv6CidrBlock: true }),
    );
    const { Vpcs: [vpc] = [] } = await ec2.send(new DescribeVpcsCommand({ VpcIds: [VpcId ?? ''] }));
    const Ipv6CidrBlock = vpc?.Ipv6CidrBlockAssociationSet?.[0]?.Ipv6CidrBlock?.replace('/56', '/64');
    for (const each of [1, 2]) {
      const Ipv6 = each === 1 ? { Ipv6CidrBlock } : {};
      await ec2.send(new CreateSubnetCommand({ VpcId, CidrBlock: `10.1.${each}.0/24`, ...Ipv6 }));
    }
    await stage.up('vault');
    await stage.up('source', { env: stage.root(SOURCE) });
    await stage.up('.');
  });
  after(() => stage?.close());

  const run = async (...more: string[]) => succeeded(await stage.pulumi('.', [...UP, ...more]));
  const shown = async () => {
    const ec2 = stage.ec2(DR);
    const { Vpcs = [] } = await ec2.send(new DescribeVpcsCommand({}));
    const { Subnets = [] } = await ec2.send(new DescribeSubnetsCommand({}));
    const ranges = (all: { Ipv6CidrBlockState?: { State?: string } }[] = []) =>
      all.filter(({ Ipv6CidrBlockState }) => Ipv6CidrBlockState?.State === 'associated').length;
    return {
      vpcs: Vpcs.filter(({ CidrBlock }) => CidrBlock === '10.1.0.0/16').map(
        ({ Ipv6CidrBlockAssociationSet }) => ranges(Ipv6CidrBlockAssociationSet),
      ),
      subnets: Subnets.filter(({ CidrBlock }) => CidrBlock?.startsWith('10.1.'))
        .sort((a, b) => ((a.CidrBlock ?? '') < (b.CidrBlock ?? '') ? -1 : 1))
        .map(({ Ipv6CidrBlockAssociationSet }) => ranges(Ipv6CidrBlockAssociationSet)),
    };
  };

  it('loses it in DR too, once its subnets have', async () => {
    expect(await shown()).to.deep.equal({ vpcs: [1], subnets: [1, 0] });
    const ec2 = stage.ec2(SOURCE);
    const { Vpcs = [] } = await ec2.send(new DescribeVpcsCommand({}));
    const { Subnets = [] } = await ec2.send(new DescribeSubnetsCommand({}));
    for (const { Ipv6CidrBlockAssociationSet = [] } of Subnets)
      for (const { AssociationId } of Ipv6CidrBlockAssociationSet)
        await ec2.send(new DisassociateSubnetCidrBlockCommand({ AssociationId }));
    for (const { CidrBlock, Ipv6CidrBlockAssociationSet = [] } of Vpcs)
      if (CidrBlock === '10.1.0.0/16')
        for (const { AssociationId } of Ipv6CidrBlockAssociationSet)
          await ec2.send(new DisassociateVpcCidrBlockCommand({ AssociationId }));
    await stage.config('guardShare', '100');
    expect((await run()).stdout).to.contain('for this run, in which its subnets lose theirs');
    expect(await shown()).to.deep.equal({ vpcs: [1], subnets: [0, 0] });
    await run();
    expect(await shown()).to.deep.equal({ vpcs: [0], subnets: [0, 0] });
    await run('--expect-no-changes');
  });
});
