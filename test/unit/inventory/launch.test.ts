import { expect } from 'chai';
import { launchNetwork } from '../../../inventory/launchNetwork';
import { launchOptions } from '../../../inventory/launchOptions';
import { machineIpv6 } from '../../../inventory/machineIpv6';
import { Ref, Secret } from '../../../inventory/refs';
import { unknownEntries } from '../../../inventory/unknownEntries';
import type { MachineInterface } from '../../../kinds/machines/machineInterface';
import { instance, vpc } from '../items';

const machine = instance('i-1', 'DB', ['vol-1']);
const protectedOf = (all: (typeof machine)[]) =>
  all.map((each) => ({ instance: each, name: each.tags.Name ?? '', disks: [] }));
const mirrored = new Set(['vpc/vpc-1', 'subnet/subnet-1', 'security-group/sg-1', 'key-pair/operator']);

describe('launchOptions', () => {
  it('asks for nothing that the inventory of an older program does not tell', () => {
    const { launch, notes } = launchOptions(machine, mirrored);
    const asked = Object.entries(launch).filter(([, value]) => value !== undefined);
    expect(Object.fromEntries(asked)).to.deep.equal({
      instanceType: 't3.micro',
      ebsOptimized: false,
      metadataOptions: {},
    });
    expect(notes).to.deep.equal([]);
  });

  it('is what the machine was', () => {
    const { launch, notes } = launchOptions(
      {
        ...machine,
        keyName: 'operator',
        monitoring: true,
        placement: { tenancy: 'dedicated' },
        cpuOptions: { coreCount: 1, threadsPerCore: 1 },
        cpuCredits: 'standard',
        autoRecovery: 'disabled',
        hibernation: true,
        enclave: false,
        privateDnsNameOptions: {
          hostnameType: 'ip-name',
          resourceNameDnsARecord: true,
          resourceNameDnsAaaaRecord: false,
        },
        disableApiTermination: true,
        disableApiStop: false,
        shutdownBehavior: 'terminate',
      },
      mirrored,
    );
    expect(launch).to.deep.include({
      keyName: new Ref('key-pair/operator'),
      monitoring: true,
      tenancy: 'dedicated',
      cpuOptions: { coreCount: 1, threadsPerCore: 1 },
      creditSpecification: { cpuCredits: 'standard' },
      maintenanceOptions: { autoRecovery: 'disabled' },
      hibernation: true,
      disableApiTermination: true,
      disableApiStop: false,
      instanceInitiatedShutdownBehavior: 'terminate',
      privateDnsNameOptions: {
        hostnameType: 'ip-name',
        enableResourceNameDnsARecord: true,
        enableResourceNameDnsAaaaRecord: false,
      },
    });
    expect(launch).to.not.have.property('enclaveOptions');
    expect(notes).to.deep.equal([]);
  });

  it('goes without what DR does not have, and says so', () => {
    const lost = { ...machine, keyName: 'lost', placement: { groupName: 'racks', partitionNumber: 2 } };
    const { launch, notes } = launchOptions(lost, mirrored);
    expect(launch.keyName).to.equal(undefined);
    expect(launch).to.not.have.any.keys('placementGroup', 'placementPartitionNumber');
    expect(notes.join()).to.contain('its key pair lost').and.contain('its placement group racks');
    const there = launchOptions(lost, new Set(['placement-group/racks']));
    expect(there.launch).to.deep.include({
      placementGroup: new Ref('placement-group/racks'),
      placementPartitionNumber: 2,
    });
  });

  it('passes user data to those that are named, as a secret, and says where it is not known', () => {
    const told = { ...machine, userData: 'IyEvYmluL3No' };
    expect(launchOptions(told, mirrored).launch).to.not.have.any.keys('userData', 'userDataBase64');
    for (const entry of ['DB', 'i-1', 'Name=DB'])
      expect(launchOptions(told, mirrored, [entry]).launch.userData).to.deep.equal(new Secret('#!/bin/sh'));
    const zipped = { ...machine, userData: 'H4sIAAAAAAAA/w==' };
    expect(launchOptions(zipped, mirrored, ['DB']).launch).to.deep.include({
      userDataBase64: new Secret(zipped.userData),
    });
    expect(launchOptions(machine, mirrored, ['DB']).notes.join()).to.contain('without its user data');
    expect(launchOptions({ ...told, userData: '' }, mirrored, ['DB'])).to.deep.include({ notes: [] });
    const named = protectedOf([machine]);
    expect(unknownEntries({ images: { DB: 'ami-1', DBX: 'ami-2' } }, named)).to.deep.equal([
      'lifeboat:images names no machine that is protected: DBX',
    ]);
    expect(unknownEntries({ passUserData: ['DB', 'DBX'] }, named).join())
      .to.contain('DBX')
      .and.not.contain('DB,');
  });

  it('is never on a host of the source', () => {
    const { launch, notes } = launchOptions(
      { ...machine, placement: { tenancy: 'host', hostId: 'h-1', affinity: 'host' } },
      mirrored,
    );
    expect(launch).to.not.have.property('tenancy');
    expect(notes.join()).to.contain('dedicated host (h-1)');
  });
});

describe('launchNetwork', () => {
  const nic = (more: Partial<MachineInterface> = {}): MachineInterface => ({
    id: 'eni-1',
    deviceIndex: 0,
    networkCardIndex: 0,
    subnetId: 'subnet-1',
    interfaceType: 'interface',
    sourceDestCheck: true,
    securityGroupIds: ['sg-1'],
    privateIpAddress: '10.0.1.10',
    secondaryPrivateIpAddresses: [],
    ipv6Addresses: [],
    primaryIpv6: false,
    ipv4Prefixes: [],
    ipv6Prefixes: [],
    tags: {},
    ...more,
  });
  const range = '2600:1f18:1:100::/56';
  const items = { vpc: [vpc('vpc-1', { ipv6CidrBlock: range })] };
  const options = { mirrored, ipv6: machineIpv6(items, mirrored), point: 'p1' };
  const planned = (...interfaces: MachineInterface[]) => launchNetwork({ ...machine, interfaces }, options);
  const moved = (address: string) => new Ref('vpc/vpc-1', 'ipv6CidrBlock', { cidr: address, from: range });

  it('of one simple interface is made by the launch itself, as of what an older program has accepted', () => {
    for (const { launch, interfaces } of [planned(nic()), launchNetwork(machine, options)]) {
      expect(interfaces).to.deep.equal([]);
      expect(launch).to.deep.equal({
        subnetId: new Ref('subnet/subnet-1'),
        privateIp: '10.0.1.10',
        vpcSecurityGroupIds: [new Ref('security-group/sg-1')],
        sourceDestCheck: true,
      });
    }
  });

  it('has secondary addresses, and an IPv6 address at the same place in the range of DR', () => {
    const { launch } = planned(
      nic({
        secondaryPrivateIpAddresses: ['10.0.1.11', '10.0.1.12'],
        ipv6Addresses: ['2600:1f18:1:101::10'],
      }),
    );
    expect(launch).to.deep.include({
      secondaryPrivateIps: ['10.0.1.11', '10.0.1.12'],
      ipv6Addresses: [moved('2600:1f18:1:101::10')],
    });
  });

  for (const [what, more] of Object.entries({
    'two IPv6 addresses': { ipv6Addresses: ['2600:1f18:1:101::10', '2600:1f18:1:101::11'] },
    'a tag': { tags: { side: 'front' } },
    'a description': { description: 'front' },
    'a primary IPv6 address': { ipv6Addresses: ['2600:1f18:1:101::10'], primaryIpv6: true },
    'the type efa': { interfaceType: 'efa' },
  }))
    it(`with ${what} is made first, for a launch cannot make it so`, () => {
      const { launch, interfaces } = planned(nic(more));
      expect(launch).to.deep.equal({});
      expect(interfaces.map(({ id }) => id)).to.deep.equal(['eni-1']);
    });

  it('of two interfaces is both of them, tagged as ours, the primary address first', () => {
    const { interfaces } = planned(
      nic(),
      nic({
        id: 'eni-2',
        deviceIndex: 1,
        privateIpAddress: '10.0.1.30',
        secondaryPrivateIpAddresses: ['10.0.1.20'],
        sourceDestCheck: false,
        tags: { side: 'back', 'lifeboat:source-id': 'forged' },
      }),
    );
    expect(interfaces.map(({ deviceIndex }) => deviceIndex)).to.deep.equal([0, 1]);
    expect(interfaces[1]?.args).to.deep.include({
      privateIpListEnabled: true,
      privateIpLists: ['10.0.1.30', '10.0.1.20'],
      sourceDestCheck: false,
      tags: { side: 'back', 'lifeboat:source-id': 'eni-2', 'lifeboat:recovery-point': 'p1' },
    });
  });

  it('goes without an interface whose subnet or group is not mirrored, and says so', () => {
    const { launch, interfaces, notes } = planned(
      nic(),
      nic({ id: 'eni-2', deviceIndex: 1, subnetId: 'subnet-9' }),
    );
    expect(interfaces).to.deep.equal([]);
    expect(launch).to.have.property('subnetId');
    expect(notes.join()).to.contain('eni-2: subnet/subnet-9 not in the mirror');
  });

  it('goes without an address that DR cannot have, a prefix, and a type that only AWS makes', () => {
    const none = { ...options, ipv6: machineIpv6(items, new Set()) };
    const interfaces = [nic({ ipv6Addresses: ['2600:1f18:1:101::10'] })];
    expect(launchNetwork({ ...machine, interfaces }, none).notes.join()).to.contain(
      'vpc/vpc-1 is not in the mirror',
    );
    expect(planned(nic({ ipv4Prefixes: ['10.0.1.64/28'] })).notes.join()).to.contain(
      '10.0.1.64/28 of its network interface eni-1',
    );
    expect(
      planned(nic(), nic({ id: 'eni-2', deviceIndex: 1, interfaceType: 'trunk' })).notes.join(),
    ).to.contain('of the type trunk');
  });

  it('leaves an IPv6 address of a range that nobody assigned as it is, and names why one can be in no range', () => {
    expect(machineIpv6({}, mirrored)('fd00::1')).to.deep.equal({ value: 'fd00::1' });
    const large = { vpc: [vpc('vpc-1', { ipv6CidrBlock: '2600:1f18::/48', ipv6Pool: 'ipam' } as never)] };
    expect(machineIpv6(large, mirrored)('2600:1f18::1')).to.have.property('reason');
  });
});
