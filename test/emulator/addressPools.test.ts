import { AssociateVpcCidrBlockCommand, CreateVpcCommand, DescribeVpcsCommand } from '@aws-sdk/client-ec2';
import { expect } from 'chai';
import { Clients, HERE, must, newAccount, newVpc, refusal, THERE, useEmulator } from './support';

const IPAM = 'ipam-pool-0a1b';
const PRIVATE = 'ipam-pool-0c2d';
const OWN = 'ipv6pool-ec2-0e3f';

describe('emulator: IPv6 ranges from pools', () => {
  const emulator = useEmulator();
  let account: string;
  let mine: Clients;

  beforeEach(async () => {
    account = newAccount();
    mine = new Clients(emulator().url, account, HERE);
    const pools = { [IPAM]: '2001:db8::/40', [PRIVATE]: 'fd00:10::/40', [OWN]: '2001:db8:ff00::/48' };
    await emulator().config({ ipv6Pools: { [`${account}/${HERE}`]: pools } });
  });

  const associate = (VpcId: string, from: Partial<AssociateVpcCidrBlockCommand['input']>, by = mine) =>
    by.ec2.send(new AssociateVpcCidrBlockCommand({ VpcId, ...from }));
  const rangesOf = async (id: string) =>
    must(
      (await mine.ec2.send(new DescribeVpcsCommand({ VpcIds: [id] }))).Vpcs?.[0]?.Ipv6CidrBlockAssociationSet,
    ).map(({ Ipv6CidrBlock, Ipv6Pool, IpSource, Ipv6AddressAttribute }) => [
      Ipv6CidrBlock,
      Ipv6Pool,
      IpSource,
      Ipv6AddressAttribute,
    ]);

  it('IPAM gives ranges of /44 to /60 in steps of four, asked for by their size or by themselves; private ones are said so', async () => {
    const vpc = await newVpc(mine);
    await associate(vpc, { Ipv6IpamPoolId: IPAM, Ipv6NetmaskLength: 48 });
    await associate(vpc, { Ipv6IpamPoolId: IPAM, Ipv6CidrBlock: '2001:db8:10::/60' });
    await associate(vpc, { Ipv6IpamPoolId: PRIVATE, Ipv6NetmaskLength: 56 });
    expect(await rangesOf(vpc)).to.deep.equal([
      ['2001:db8::/48', 'IPAM Managed', 'amazon', 'public'],
      ['2001:db8:10::/60', 'IPAM Managed', 'amazon', 'public'],
      ['fd00:10::/56', 'IPAM Managed', 'none', 'private'],
    ]);
    for (const Ipv6NetmaskLength of [40, 50, 64])
      expect(await refusal(associate(vpc, { Ipv6IpamPoolId: IPAM, Ipv6NetmaskLength }))).to.equal(
        'InvalidVpc.Range',
      );
  });

  it('a pool of ones own gives a /56 of it, also with a new VPC, and only one VPC has it', async () => {
    const own = { Ipv6Pool: OWN, Ipv6CidrBlock: '2001:db8:ff00:100::/56' };
    const { Vpc } = await mine.ec2.send(new CreateVpcCommand({ CidrBlock: '10.0.0.0/16', ...own }));
    expect(Vpc?.Ipv6CidrBlockAssociationSet?.[0]?.Ipv6CidrBlockState?.State).to.equal('associating');
    expect(await rangesOf(must(Vpc?.VpcId))).to.deep.equal([[own.Ipv6CidrBlock, OWN, 'byoip', 'public']]);
    const other = await newVpc(mine, '10.1.0.0/16');
    for (const Ipv6CidrBlock of [own.Ipv6CidrBlock, '2001:db8:ff00::/48', '2001:db8:fe00::/56'])
      expect(await refusal(associate(other, { Ipv6Pool: OWN, Ipv6CidrBlock }))).to.equal('InvalidVpc.Range');
  });

  it('a pool is of one account and region', async () => {
    const elsewhere = new Clients(emulator().url, account, THERE);
    const vpc = await newVpc(elsewhere);
    const from = { Ipv6IpamPoolId: IPAM, Ipv6NetmaskLength: 56 };
    expect(await refusal(associate(vpc, from, elsewhere))).to.equal('InvalidIpamPoolId.NotFound');
    const own = { Ipv6Pool: OWN, Ipv6CidrBlock: '2001:db8:ff00::/56' };
    expect(await refusal(associate(vpc, own, elsewhere))).to.equal('InvalidParameterValue');
  });

  it('one sort of range is asked for in a call, whole', async () => {
    const vpc = await newVpc(mine);
    const range = { Ipv6CidrBlock: '2001:db8::/56' };
    for (const [from, code] of [
      [range, 'MissingParameter'],
      [{ Ipv6IpamPoolId: IPAM }, 'MissingParameter'],
      [{ Ipv6IpamPoolId: IPAM, Ipv6NetmaskLength: 56, ...range }, 'InvalidParameterCombination'],
      [{ Ipv6Pool: OWN, Ipv6NetmaskLength: 56 }, 'InvalidParameterCombination'],
      [{ Ipv6Pool: OWN, Ipv6IpamPoolId: IPAM, ...range }, 'MissingParameter'],
      [{ Ipv6Pool: OWN, AmazonProvidedIpv6CidrBlock: true }, 'InvalidParameterCombination'],
      [{ CidrBlock: '100.64.0.0/16', Ipv6IpamPoolId: IPAM, Ipv6NetmaskLength: 56 }, 'MissingParameter'],
    ] as const)
      expect(await refusal(associate(vpc, from)), JSON.stringify(from)).to.equal(code);
  });
});
