import * as sdk from '@aws-sdk/client-ec2';
import { expect } from 'chai';
import {
  Clients,
  HERE,
  must,
  newAccount,
  newImage,
  newNetwork,
  newSnapshot,
  refusal,
  useEmulator,
} from './support';

describe('emulator: what a launch may ask of its type, and of its interfaces', () => {
  const emulator = useEmulator();
  let mine: Clients;
  let image: string;
  let network: Awaited<ReturnType<typeof newNetwork>>;

  beforeEach(async () => {
    mine = new Clients(emulator().url, newAccount(), HERE);
    network = await newNetwork(mine);
    image = await newImage(mine, await newSnapshot(mine, { Encrypted: true }), { BootMode: 'uefi' });
  });

  const send = (input: Partial<sdk.RunInstancesCommandInput> = {}) => {
    const base = { ImageId: image, InstanceType: 't3.micro' as const, MinCount: 1, MaxCount: 1 };
    const place = input.NetworkInterfaces ? {} : { SubnetId: network.subnet };
    return mine.ec2.send(new sdk.RunInstancesCommand({ ...base, ...place, ...input }));
  };
  const run = async (input: Partial<sdk.RunInstancesCommandInput> = {}) => {
    const id = must((await send(input)).Instances?.[0]?.InstanceId);
    const found = await mine.ec2.send(new sdk.DescribeInstancesCommand({ InstanceIds: [id] }));
    return must(found.Reservations?.[0]?.Instances?.[0]);
  };
  const newInterface = async (input: Partial<sdk.CreateNetworkInterfaceCommandInput> = {}) => {
    const made = new sdk.CreateNetworkInterfaceCommand({ SubnetId: network.subnet, ...input });
    return must((await mine.ec2.send(made)).NetworkInterface?.NetworkInterfaceId);
  };
  const credits = async (InstanceIds?: string[]) => {
    const asked = new sdk.DescribeInstanceCreditSpecificationsCommand({ InstanceIds });
    return (await mine.ec2.send(asked)).InstanceCreditSpecifications;
  };

  it('CPU options are ones that the type has, cores and threads together', async () => {
    const { CpuOptions } = await run({ CpuOptions: { CoreCount: 1, ThreadsPerCore: 1 } });
    expect(CpuOptions).to.deep.equal({ CoreCount: 1, ThreadsPerCore: 1 });
    expect(await refusal(send({ CpuOptions: { CoreCount: 1 } }))).to.equal('InvalidParameterCombination');
    expect(await refusal(send({ CpuOptions: { CoreCount: 2, ThreadsPerCore: 2 } }))).to.equal(
      'InvalidParameterValue',
    );
    const AmdSevSnp = 'enabled' as const;
    expect(await refusal(send({ CpuOptions: { AmdSevSnp } }))).to.equal('InvalidParameterCombination');
    const amd = await run({ InstanceType: 'm6a.large', CpuOptions: { AmdSevSnp } });
    expect(amd.CpuOptions).to.deep.equal({ CoreCount: 1, ThreadsPerCore: 2, AmdSevSnp });
  });

  it('only types with CPU credits have any; of no machine by name, the unlimited ones are told', async () => {
    const CreditSpecification = { CpuCredits: 'standard' };
    const [standard, usual, none] = [
      await run({ CreditSpecification }),
      await run(),
      await run({ InstanceType: 'm5.large' }),
    ].map(({ InstanceId }) => must(InstanceId));
    expect(await credits()).to.deep.equal([{ InstanceId: usual, CpuCredits: 'unlimited' }]);
    expect(await credits([must(standard)])).to.deep.equal([{ InstanceId: standard, CpuCredits: 'standard' }]);
    expect(await refusal(credits([must(none)]))).to.equal('InstanceCreditSpecification.NotSupported');
    expect(await refusal(send({ InstanceType: 'm5.large', CreditSpecification }))).to.equal(
      'InvalidParameterCombination',
    );
  });

  it('a partition is one of a partition group; a host is one that there is', async () => {
    const group = { GroupName: 'racks', Strategy: 'partition' as const, PartitionCount: 2 };
    await mine.ec2.send(new sdk.CreatePlacementGroupCommand(group));
    const { Placement } = await run({ Placement: { GroupName: 'racks', PartitionNumber: 2 } });
    expect(Placement).to.include({ GroupName: 'racks', PartitionNumber: 2 });
    // AWS chooses one where none is asked for.
    expect((await run({ Placement: { GroupName: 'racks' } })).Placement?.PartitionNumber).to.be.oneOf([1, 2]);
    expect(await refusal(send({ Placement: { GroupName: 'racks', PartitionNumber: 3 } }))).to.equal(
      'InvalidParameterValue',
    );
    expect(await refusal(send({ Placement: { PartitionNumber: 1 } }))).to.equal(
      'InvalidParameterCombination',
    );
    expect(await refusal(send({ Placement: { Tenancy: 'host' } }))).to.equal('InsufficientHostCapacity');
    await mine.ec2.send(new sdk.CreatePlacementGroupCommand({ GroupName: 'close', Strategy: 'cluster' }));
    expect(await refusal(send({ Placement: { GroupName: 'close' } }))).to.equal(
      'InvalidParameterCombination',
    );
  });

  it('hibernation needs an encrypted root, enclaves a type that has them, and neither the other', async () => {
    const plain = await newImage(mine, await newSnapshot(mine), { BootMode: 'uefi' });
    const HibernationOptions = { Configured: true };
    const EnclaveOptions = { Enabled: true };
    expect((await run({ HibernationOptions })).HibernationOptions).to.deep.equal({ Configured: true });
    expect(await refusal(send({ ImageId: plain, HibernationOptions }))).to.equal(
      'UnsupportedHibernationConfiguration',
    );
    expect(await refusal(send({ EnclaveOptions }))).to.equal('InvalidParameterCombination');
    const InstanceType = 'c5.2xlarge' as const;
    expect((await run({ InstanceType, EnclaveOptions })).EnclaveOptions).to.deep.equal({ Enabled: true });
    expect(await refusal(send({ InstanceType, EnclaveOptions, HibernationOptions }))).to.equal(
      'InvalidParameterCombination',
    );
  });

  it('a machine that is protected against it is not stopped', async () => {
    const { InstanceId = '' } = await run({ DisableApiStop: true });
    const stop = () => mine.ec2.send(new sdk.StopInstancesCommand({ InstanceIds: [InstanceId] }));
    expect(await refusal(stop())).to.equal('OperationNotPermitted');
    const off = { InstanceId, DisableApiStop: { Value: false } };
    await mine.ec2.send(new sdk.ModifyInstanceAttributeCommand(off));
    expect(await refusal(stop())).to.equal('none');
  });

  it('is told of UEFI data only where there is UEFI, and an image brings its own', async () => {
    const data = async ({ InstanceId }: sdk.Instance) =>
      (await mine.ec2.send(new sdk.GetInstanceUefiDataCommand({ InstanceId }))).UefiData;
    const [one, other] = [await run(), await run()];
    const found = must(await data(one));
    expect(found).to.not.equal(await data(other));
    const like = { BootMode: 'uefi' as const, UefiData: found };
    const copied = await newImage(mine, await newSnapshot(mine), like);
    expect(await data(await run({ ImageId: copied }))).to.equal(found);
    const bios = await newImage(mine, await newSnapshot(mine));
    expect(await refusal(data(await run({ ImageId: bios })))).to.equal('UnsupportedOperation');
    expect(await refusal(newImage(mine, await newSnapshot(mine), { UefiData: found }))).to.equal(
      'InvalidParameterCombination',
    );
  });

  describe('interfaces', () => {
    it('each has groups, addresses and a check of its own; those that were there stay when the machine goes', async () => {
      const front = await newInterface({ Groups: [network.group], Description: 'front' });
      const back = await newInterface({ PrivateIpAddress: '10.0.1.40' });
      const SourceDestCheck = { Value: false };
      await mine.ec2.send(
        new sdk.ModifyNetworkInterfaceAttributeCommand({ NetworkInterfaceId: back, SourceDestCheck }),
      );
      const machine = await run({
        NetworkInterfaces: [
          { DeviceIndex: 0, NetworkInterfaceId: front },
          { DeviceIndex: 1, NetworkInterfaceId: back },
        ],
      });
      const [first, second] = machine.NetworkInterfaces ?? [];
      expect(first?.Groups?.map(({ GroupId }) => GroupId)).to.deep.equal([network.group]);
      expect(second?.Groups?.map(({ GroupName }) => GroupName)).to.deep.equal(['default']);
      expect([first?.Description, second?.PrivateIpAddress]).to.deep.equal(['front', '10.0.1.40']);
      expect([machine.SourceDestCheck, second?.SourceDestCheck]).to.deep.equal([true, false]);
      await mine.ec2.send(new sdk.TerminateInstancesCommand({ InstanceIds: [must(machine.InstanceId)] }));
      const left = await mine.ec2.send(
        new sdk.DescribeNetworkInterfacesCommand({ NetworkInterfaceIds: [front, back] }),
      );
      expect(left.NetworkInterfaces?.map(({ Status }) => Status)).to.deep.equal(['available', 'available']);
    });

    it('are free, in one zone, no more than the type has, and not to be deleted with the machine', async () => {
      const of = (...ids: string[]) => ({
        NetworkInterfaces: ids.map((NetworkInterfaceId, DeviceIndex) => ({
          NetworkInterfaceId,
          DeviceIndex,
        })),
      });
      const [one, two, three] = [await newInterface(), await newInterface(), await newInterface()];
      expect(await refusal(send(of(one, two, three)))).to.equal('AttachmentLimitExceeded');
      await run(of(one));
      expect(await refusal(send(of(one)))).to.equal('InvalidNetworkInterface.InUse');
      const kept = {
        NetworkInterfaces: [{ NetworkInterfaceId: two, DeviceIndex: 0, DeleteOnTermination: true }],
      };
      expect(await refusal(send(kept))).to.equal('InvalidParameterCombination');
      const elsewhere = { VpcId: network.vpc, CidrBlock: '10.0.2.0/24', AvailabilityZone: `${HERE}b` };
      const { Subnet } = await mine.ec2.send(new sdk.CreateSubnetCommand(elsewhere));
      const far = await newInterface({ SubnetId: must(Subnet?.SubnetId) });
      expect(await refusal(send(of(two, far)))).to.equal('InvalidParameterCombination');
    });

    it('what one of several is asked, names it', async () => {
      const machine = await run({
        NetworkInterfaces: [await newInterface(), await newInterface()].map(
          (NetworkInterfaceId, DeviceIndex) => ({
            NetworkInterfaceId,
            DeviceIndex,
          }),
        ),
      });
      const { InstanceId } = machine;
      const modify = new sdk.ModifyInstanceAttributeCommand({
        InstanceId,
        SourceDestCheck: { Value: false },
      });
      expect(await refusal(mine.ec2.send(modify))).to.equal('InvalidInstanceID');
      const { AllocationId } = await mine.ec2.send(new sdk.AllocateAddressCommand({ Domain: 'vpc' }));
      const associate = new sdk.AssociateAddressCommand({ AllocationId, InstanceId });
      expect(await refusal(mine.ec2.send(associate))).to.equal('InvalidInstanceID');
      const NetworkInterfaceId = machine.NetworkInterfaces?.[0]?.NetworkInterfaceId;
      await mine.ec2.send(new sdk.AssociateAddressCommand({ AllocationId, NetworkInterfaceId }));
      const { Addresses } = await mine.ec2.send(new sdk.DescribeAddressesCommand({}));
      // The machine is told too.
      expect(Addresses?.[0]).to.include({ InstanceId, NetworkInterfaceId });
    });
  });

  describe('billing', () => {
    const amazon = (id: string) => new Clients(emulator().url, id, HERE);
    /** An image of AWS's own that everybody may launch. */
    const published = async (BillingProducts: string[]) => {
      const aws = amazon('801119661308');
      const SnapshotId = await newSnapshot(aws);
      const made = await newImage(aws, SnapshotId, {
        BillingProducts,
        Name: `licensed ${Date.now()}`,
      });
      const LaunchPermission = { Add: [{ Group: 'all' as const }] };
      await aws.ec2.send(new sdk.ModifyImageAttributeCommand({ ImageId: made, LaunchPermission }));
      return made;
    };
    const imageOf = async (ImageId: string) =>
      must((await mine.ec2.send(new sdk.DescribeImagesCommand({ ImageIds: [ImageId] }))).Images?.[0]);
    const rootSnapshot = async ({ BlockDeviceMappings }: sdk.Instance) => {
      const VolumeId = BlockDeviceMappings?.[0]?.Ebs?.VolumeId;
      return must((await mine.ec2.send(new sdk.CreateSnapshotCommand({ VolumeId }))).SnapshotId);
    };

    it('is of the image that a machine was launched from, and only AWS gives it to one', async () => {
      const machine = await run({ ImageId: await published(['bp-windows']) });
      expect(machine).to.include({
        PlatformDetails: 'Windows',
        UsageOperation: 'RunInstances:0002',
        Platform: 'windows',
      });
      const own = newImage(mine, await newSnapshot(mine), { BillingProducts: ['bp-windows'] });
      expect(await refusal(own)).to.equal('OperationNotPermitted');
    });

    it('is lost by an image registered of a snapshot, or kept, as AWS is told to do; an image of the machine keeps it', async () => {
      const machine = await run({ ImageId: await published(['bp-rhel']) });
      const snapshot = await rootSnapshot(machine);
      expect(await imageOf(await newImage(mine, snapshot))).to.include({ UsageOperation: 'RunInstances' });
      await emulator().config({ imagesKeepBilling: true });
      expect(await imageOf(await newImage(mine, snapshot))).to.include({
        UsageOperation: 'RunInstances:0010',
      });
      await emulator().config({ imagesKeepBilling: false });
      const create = new sdk.CreateImageCommand({ InstanceId: machine.InstanceId, Name: 'whole' });
      const { ImageId } = await mine.ec2.send(create);
      expect(await imageOf(must(ImageId))).to.include({ PlatformDetails: 'Red Hat Enterprise Linux' });
    });

    it('by a code of the Marketplace comes along with a snapshot', async () => {
      const machine = await run({ ImageId: await published(['marketplace:abc123']) });
      const ProductCodes = [{ ProductCodeId: 'abc123', ProductCodeType: 'marketplace' }];
      expect(machine.ProductCodes).to.deep.equal(ProductCodes);
      expect((await imageOf(await newImage(mine, await rootSnapshot(machine)))).ProductCodes).to.deep.equal(
        ProductCodes,
      );
    });

    it('goes with the root disk: no launch puts another snapshot in its place', async () => {
      const other = await newSnapshot(mine);
      const mapping = { DeviceName: '/dev/xvda', Ebs: { SnapshotId: other } };
      expect(await refusal(send({ BlockDeviceMappings: [mapping] }))).to.equal('InvalidBlockDeviceMapping');
      const data = { DeviceName: '/dev/sdf', Ebs: { SnapshotId: other } };
      expect(await refusal(send({ BlockDeviceMappings: [data] }))).to.equal('none');
    });
  });
});
