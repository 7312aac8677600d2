import { expect } from 'chai';
import type { Account } from '../../../accounts';
import { plan } from '../../../inventory/plan';
import { Ref, Secret } from '../../../inventory/refs';
import type { Image } from '../../../kinds/machines/image';
import { type LaunchTemplate, launchTemplate } from '../../../kinds/machines/launchTemplate';
import { group, PLAN_OPTIONS, subnet, vpc } from '../items';
import { sides } from '../sides';
import { argsOf, planned } from './planned';

const USER_DATA = Buffer.from('#!/bin/sh\npassword=hunter2\n').toString('base64');

const template = (data: LaunchTemplate['data'], more: Partial<LaunchTemplate> = {}): LaunchTemplate => ({
  id: 'lt-1',
  tags: {},
  templateName: 'web',
  versionDescription: 'third',
  data,
  userData: USER_DATA,
  ...more,
});
const image = (id: string, more: Partial<Image> = {}): Image => ({
  id,
  tags: {},
  imageName: 'al2023',
  owner: 'amazon',
  isOwn: false,
  copyOf: undefined,
  ...more,
});
const network = {
  vpc: [vpc('vpc-1')],
  subnet: [subnet('subnet-1', 'vpc-1')],
  'security-group': [group('sg-1', 'vpc-1', 'web')],
  'key-pair': [{ id: 'ops', tags: {}, publicKey: 'ssh-rsa AAAA' }],
  'placement-group': [{ id: 'compute', tags: {}, strategy: 'cluster', ownerId: '111111111111' }],
};
const NAME = 'launch-template/lt-1';

/** The arguments and the notes of one template. */
function mirrored(data: LaunchTemplate['data'], images: { source?: Image[]; dr?: Image[] } = {}) {
  const source = { ...network, image: images.source ?? [], 'launch-template': [template(data)] };
  const result = planned(source, { image: images.dr ?? [] });
  return { args: argsOf(result, NAME), notes: result.notes.filter((note) => note.startsWith(NAME)) };
}

describe('launch templates', () => {
  it('name what DR has of all that they refer to', () => {
    const { args, notes } = mirrored({
      SecurityGroupIds: ['sg-1'],
      KeyName: 'ops',
      Placement: { GroupName: 'compute', Tenancy: 'dedicated' },
      NetworkInterfaces: [
        { DeviceIndex: 1, SubnetId: 'subnet-1', Groups: ['sg-1'], DeleteOnTermination: false },
      ],
    });
    expect(args).to.deep.include({
      name: 'web',
      description: 'third',
      updateDefaultVersion: true,
      vpcSecurityGroupIds: [new Ref('security-group/sg-1')],
      keyName: new Ref('key-pair/ops'),
      placement: { tenancy: 'dedicated', groupName: new Ref('placement-group/compute') },
    });
    expect((args.networkInterfaces as object[])[0]).to.deep.include({
      deviceIndex: 1,
      subnetId: new Ref('subnet/subnet-1'),
      securityGroups: [new Ref('security-group/sg-1')],
      deleteOnTermination: 'false',
    });
    expect(notes).to.deep.equal([]);
  });

  it('keep user data secret, wherever they are shown', () => {
    const { args, notes } = mirrored({ KeyName: 'gone' });
    expect(args.userData).to.deep.equal(new Secret(USER_DATA));
    expect(launchTemplate.secrets).to.deep.equal(['userData']);
    const danger = launchTemplate.danger?.(template({}), template({}, { userData: 'b2xk' }), sides());
    expect([danger, ...notes].join())
      .to.not.contain(USER_DATA)
      .and.not.contain('b2xk');
  });

  it('come without what DR cannot have, and say so', () => {
    const { args, notes } = mirrored({
      SecurityGroupIds: ['sg-1', 'sg-gone'],
      KeyName: 'gone',
      LicenseSpecifications: [{ LicenseConfigurationArn: 'arn:aws:license-manager:x' }],
      CapacityReservationSpecification: {
        CapacityReservationPreference: 'open',
        CapacityReservationTarget: { CapacityReservationId: 'cr-1' },
      },
      Placement: { HostResourceGroupArn: 'arn:aws:resource-groups:x', AvailabilityZone: 'eu-west-1a' },
      BlockDeviceMappings: [
        {
          DeviceName: '/dev/sdf',
          Ebs: { SnapshotId: 'snap-1', KmsKeyId: 'key-1', Encrypted: true, VolumeSize: 8 },
        },
      ],
      IamInstanceProfile: { Arn: 'arn:aws:iam::111111111111:instance-profile/apps/web' },
    });
    expect(args).to.deep.include({
      vpcSecurityGroupIds: [new Ref('security-group/sg-1')],
      capacityReservationSpecification: { capacityReservationPreference: 'open' },
      blockDeviceMappings: [
        {
          deviceName: '/dev/sdf',
          virtualName: undefined,
          noDevice: undefined,
          ebs: { volumeSize: 8, encrypted: 'true', deleteOnTermination: undefined },
        },
      ],
    });
    expect(JSON.stringify(args)).to.not.match(/snap-1|key-1|cr-1|arn:aws|eu-west-1a|gone/);
    for (const word of [
      'sg-gone',
      'the key pair gone',
      'license',
      'capacity reservation',
      'HostResourceGroupArn',
      'AvailabilityZone',
      'snap-1',
      'key-1',
      'instance profile web',
    ])
      expect(notes.join('\n')).to.contain(word);
  });

  it('say what they leave out of what AWS may add some day', () => {
    const data = {
      Tomorrow: 1,
      CpuOptions: { CoreCount: 2, Overmorrow: 3 },
    } as unknown as LaunchTemplate['data'];
    const { args, notes } = mirrored(data);
    expect(args.cpuOptions).to.deep.equal({ coreCount: 2 });
    expect(notes.join()).to.contain('Tomorrow').and.contain('Overmorrow');
  });

  it('choose from the same machines', () => {
    const { args, notes } = mirrored({
      InstanceRequirements: {
        VCpuCount: { Min: 2, Max: 4 },
        MemoryMiB: { Min: 4096 },
        MemoryGiBPerVCpu: { Min: 2 },
        CpuManufacturers: ['amd'],
      },
    });
    expect(JSON.parse(JSON.stringify(args.instanceRequirements))).to.deep.equal({
      cpuManufacturers: ['amd'],
      vcpuCount: { min: 2, max: 4 },
      memoryMib: { min: 4096 },
      memoryGibPerVcpu: { min: 2 },
    });
    expect(notes).to.deep.equal([]);
  });

  it('put no tags of ours onto what they launch', () => {
    const Tags = [
      { Key: 'role', Value: 'web' },
      { Key: 'lifeboat:source-id', Value: 'forged' },
    ];
    const { args } = mirrored({ TagSpecifications: [{ ResourceType: 'instance', Tags }] });
    expect(args.tagSpecifications).to.deep.equal([{ resourceType: 'instance', tags: { role: 'web' } }]);
  });

  describe('launch from', () => {
    it("the image of the same owner and name in DR's region", () => {
      const { args, notes } = mirrored(
        { ImageId: 'ami-1' },
        { source: [image('ami-1')], dr: [image('ami-z', { imageName: 'other' }), image('ami-d')] },
      );
      expect(args.imageId).to.equal('ami-d');
      expect(notes).to.deep.equal([]);
    });

    it('what DR has as a copy of an image of the account, whatever the source tags it', () => {
      const own = image('ami-1', {
        owner: '111111111111',
        isOwn: true,
        tags: { 'lifeboat:source-id': 'ami-9' },
      });
      const copy = (copyOf: string) =>
        image('ami-d', {
          owner: '222222222222',
          isOwn: true,
          tags: { 'lifeboat:source-id': copyOf },
          copyOf,
        });
      const launching = (copyOf: string) =>
        mirrored({ ImageId: 'ami-1' }, { source: [own], dr: [copy(copyOf)] });
      expect(launching('ami-1').args.imageId).to.equal('ami-d');
      expect(launching('ami-9').args.imageId).to.equal(undefined);
      expect(launching('ami-9').notes.join()).to.contain('the image ami-1: an image of the account itself');
    });

    it('no image, and say so, where DR has none', () => {
      const { args, notes } = mirrored({ ImageId: 'ami-1' }, { source: [image('ami-1')] });
      expect(args.imageId).to.equal(undefined);
      expect(notes.join()).to.contain('amazon/al2023, which eu-central-1 does not have');
    });

    it('what a parameter names', () => {
      const { args } = mirrored({ ImageId: 'resolve:ssm:/golden' });
      expect(args.imageId).to.equal('resolve:ssm:/golden');
    });
  });

  describe('that DR has already', () => {
    const source = { 'launch-template': [template({ InstanceType: 't3.micro' })] };
    const dr = {
      'launch-template': [
        template({ InstanceType: 't3.micro' }, { id: 'lt-d', tags: { 'lifeboat:source-id': 'lt-1' } }),
      ],
    };

    it('are taken out and made anew, for an import would lay their user data open', () => {
      const result = planned(source, dr);
      const [found] = result.resources;
      expect(found).to.include({ name: NAME, removesFirst: 'lt-d', adopt: undefined });
      expect(result.notes.join()).to.contain(`${NAME} is in DR already as lt-d, is taken out`);
    });

    it('are left as they are while a recovery is active: what was made by hand may name them', () => {
      const options = { ...PLAN_OPTIONS, isRecovering: true };
      const result = plan({ kinds: source, superseded: new Map() }, dr, {}, options);
      expect(result.resources).to.deep.equal([]);
      expect(result.inDr.get(NAME)).to.equal('lt-d');
      expect(result.notes.join()).to.contain('left as it is until the recovery ends');
    });

    it('are left alone where the state holds them', () => {
      const [found] = planned(source, dr, new Map([[NAME, 'lt-d']])).resources;
      expect(found).to.include({ name: NAME, adopt: undefined });
      expect(found).not.to.have.property('removesFirst');
    });

    it('are no error where they are gone by then', async () => {
      const gone = Object.assign(new Error('gone'), { name: 'InvalidLaunchTemplateId.NotFound' });
      const dead = (error: Error) => ({ ec2: { send: () => Promise.reject(error) } }) as unknown as Account;
      await launchTemplate.madeAnew?.remove(dead(gone), 'lt-d');
      const refused = launchTemplate.madeAnew?.remove(dead(new Error('refused')), 'lt-d');
      expect(await refused?.catch((error: Error) => error.message)).to.equal('refused');
    });
  });

  describe('stop a run', () => {
    const before = template({ ImageId: 'ami-1', KeyName: 'ops' });
    const danger = (data: LaunchTemplate['data'], more: Partial<LaunchTemplate> = {}) =>
      launchTemplate.danger?.(template({ ImageId: 'ami-1', KeyName: 'ops', ...data }, more), before, sides());
    it('with other user data', () => expect(danger({}, { userData: 'bmV3' })).to.contain('user data'));
    it('with another key pair', () => expect(danger({ KeyName: 'robot' })).to.contain('key pair'));
    it('with another image', () => expect(danger({ ImageId: 'ami-2' })).to.contain('image'));
    it('but not with another type', () => expect(danger({ InstanceType: 't3.large' })).to.equal(undefined));
    it('nor when they are new', () =>
      expect(launchTemplate.danger?.(before, undefined, sides())).to.equal(undefined));
  });
});
