import {
  CreateSubnetCommand,
  DescribeAvailabilityZonesCommand,
  DescribeInstanceTypeOfferingsCommand,
} from '@aws-sdk/client-ec2';
import { DescribeKeyCommand } from '@aws-sdk/client-kms';
import { expect } from 'chai';
import { Clients, must, newAccount, newVpc, THERE, useEmulator } from './support';

describe('emulator: zones and keys that differ between accounts', () => {
  const emulator = useEmulator();

  const zones = async (clients: Clients) => {
    const answer = await clients.ec2.send(new DescribeAvailabilityZonesCommand({}));
    return new Map(answer.AvailabilityZones?.map(({ ZoneName, ZoneId }) => [ZoneName, ZoneId]));
  };

  it("a zone's id is the same place in every account, its letter is not", async () => {
    const one = new Clients(emulator().url, '111111111111', THERE);
    const two = new Clients(emulator().url, '222222222222', THERE);
    const [mine, theirs] = [await zones(one), await zones(two)];
    expect(mine.get(`${THERE}a`)).to.not.equal(theirs.get(`${THERE}a`));
    expect([...mine.values()].sort()).to.deep.equal([...theirs.values()].sort());
    const vpc = await newVpc(two);
    const AvailabilityZoneId = must(mine.get(`${THERE}a`));
    const input = { VpcId: vpc, CidrBlock: '10.0.1.0/24', AvailabilityZoneId };
    const { Subnet } = await two.ec2.send(new CreateSubnetCommand(input));
    expect(Subnet?.AvailabilityZoneId).to.equal(AvailabilityZoneId);
    expect(theirs.get(Subnet?.AvailabilityZone)).to.equal(AvailabilityZoneId);
  });

  it('what a zone offers is the same by letter as by id', async () => {
    const clients = new Clients(emulator().url, '222222222222', 'us-east-1');
    const offers = async (LocationType: 'availability-zone' | 'availability-zone-id') => {
      const Filters = [{ Name: 'instance-type', Values: ['t3.micro'] }];
      const command = new DescribeInstanceTypeOfferingsCommand({ LocationType, Filters });
      return must((await clients.ec2.send(command)).InstanceTypeOfferings).map(({ Location }) => Location);
    };
    const known = await zones(clients);
    const byLetter = (await offers('availability-zone')).map((name) => known.get(name));
    expect(byLetter.sort()).to.deep.equal((await offers('availability-zone-id')).sort());
  });

  it('alias/aws/ebs can be described before anything is encrypted, and is managed by AWS', async () => {
    const clients = new Clients(emulator().url, newAccount(), THERE);
    const { KeyMetadata } = await clients.kms.send(new DescribeKeyCommand({ KeyId: 'alias/aws/ebs' }));
    expect(KeyMetadata?.KeyManager).to.equal('AWS');
  });
});
