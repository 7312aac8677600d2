import type { CustomResource } from '@pulumi/pulumi';
import { runtime } from '@pulumi/pulumi';
import { expect } from 'chai';
import { Mirror } from '../../components/mirror';
import { Recovery } from '../../components/recovery';
import { refuseOtherTypes, refuseWhatWaits, resourceClass } from '../../components/register';
import { plan } from '../../inventory/plan';
import { recoveryPlan } from '../../inventory/recoveryPlan';
import {
  copy,
  group,
  instance,
  NOTHING_RECOVERED,
  PLAN_OPTIONS,
  rule,
  subnet,
  volume,
  vpc,
} from '../unit/items';

interface Registered {
  type: string;
  name: string;
  inputs: Record<string, unknown>;
  id: string | undefined;
}

const PLANNED = [
  'aws:ec2/vpc:Vpc',
  'aws:ec2/subnet:Subnet',
  'aws:ec2/securityGroup:SecurityGroup',
  'aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule',
  'aws:s3/bucketObjectv2:BucketObjectv2',
  'aws:ec2/ami:Ami',
  'aws:ec2/instance:Instance',
];

const kinds = {
  vpc: [vpc('vpc-1')],
  subnet: [subnet('subnet-1', 'vpc-1')],
  'security-group': [group('sg-1', 'vpc-1', 'web'), group('sg-2', 'vpc-1', 'app')],
  'security-group-rule': [
    rule('sgr-1', 'sg-1', { referencedGroupId: 'sg-2' }),
    rule('sgr-2', 'sg-2', { referencedGroupId: 'sg-1' }),
  ],
  volume: [volume('vol-1'), volume('vol-2')],
  instance: [instance('i-1', 'MASTER', ['vol-1', 'vol-2'])],
};
const zones = { 'euw1-az1': 'euc1-az1' };
const inventory = {
  format: 'lifeboat-inventory',
  version: 2,
  account: '111111111111',
  region: 'eu-west-1',
  zones,
  gone: {},
  fields: {},
  kinds,
} as const;

describe('components, on mocks', () => {
  let registered: Registered[];

  beforeEach(async () => {
    registered = [];
    await runtime.setMocks({
      newResource({ type, name, inputs, id }) {
        if (type.startsWith('aws:') && !PLANNED.includes(type)) throw new Error(`unplanned ${type} ${name}`);
        registered.push({ type, name, inputs, id });
        return { id: id || `${name}-in-dr`, state: inputs };
      },
      call({ token }) {
        throw new Error(`unplanned call of ${token}`);
      },
    });
  });

  const mirrored = async (dr = {}) => {
    const mirror = new Mirror('mirror', { remove: async () => {} }, {});
    const ids = await mirror.register(plan({ kinds, superseded: new Map() }, dr, zones, PLAN_OPTIONS));
    await settled(mirror.resources);
    return { resources: mirror.resources, ids };
  };
  const settled = (resources: ReadonlyMap<string, CustomResource>) =>
    Promise.all([...resources.values()].map((each) => new Promise((done) => each.urn.apply(done))));
  const inputsOf = (name: string) => registered.find((each) => each.name === name)?.inputs;

  it('registers exactly what is planned, references resolved', async () => {
    const { ids } = await mirrored();
    expect(registered.map(({ name }) => name)).to.have.members([
      'mirror',
      'made-again',
      'vpc/vpc-1',
      'subnet/subnet-1',
      'security-group/sg-1',
      'security-group/sg-2',
      'security-group-rule/sgr-1',
      'security-group-rule/sgr-2',
    ]);
    expect(inputsOf('subnet/subnet-1')?.vpcId).to.equal('vpc/vpc-1-in-dr');
    expect(inputsOf('security-group-rule/sgr-1')).to.deep.include({
      securityGroupId: 'security-group/sg-1-in-dr',
      referencedSecurityGroupId: 'security-group/sg-2-in-dr',
    });
    const known = await new Promise((done) => ids.apply(done));
    expect(known).to.deep.include({ 'vpc/vpc-1': 'vpc/vpc-1-in-dr' });
  });

  it('adopts what DR has already', async () => {
    await mirrored({ vpc: [vpc('vpc-d', { tags: { 'lifeboat:source-id': 'vpc-1' } })] });
    expect(registered.find(({ name }) => name === 'vpc/vpc-1')?.id).to.equal('vpc-d');
    expect(inputsOf('subnet/subnet-1')?.vpcId).to.equal('vpc-d');
  });

  it('makes the record of a recovery, an image with all disks, and the machine', async () => {
    const { resources } = await mirrored();
    registered = [];
    const machines = recoveryPlan(
      inventory,
      [copy('snap-1', 'vol-1', '2026-01-01T02:00:00Z'), copy('snap-2', 'vol-2', '2026-01-01T02:00:00Z')],
      new Map(),
      new Set(resources.keys()),
      { recoverOnly: [], recoverExcept: [], instanceTypes: {}, recovered: NOTHING_RECOVERED },
    );
    const recovery = new Recovery(
      'recovery',
      {
        plan: machines,
        bucket: 'vault',
        recordOf: (id) => `recovery/dr/${id}.json`,
        mirror: resources,
        isKept: true,
        imageMinutes: 15,
        recovered: {
          ...NOTHING_RECOVERED,
          images: {
            ...NOTHING_RECOVERED.images,
            registered: new Map([[String(machines.machines[0]?.image.name), { id: 'ami-d' } as never]]),
          },
        },
        moving: new Set(),
      },
      {},
    );
    const [machine] = await new Promise<{ id: string }[]>((done) => recovery.machines.apply(done));
    expect(machine?.id).to.equal('instance/i-1-in-dr');
    expect(registered.filter(({ type }) => type.startsWith('aws:')).map(({ name }) => name)).to.deep.equal([
      'pin/i-1',
      'image/i-1',
      'instance/i-1',
    ]);
    expect(inputsOf('pin/i-1')).to.include({ bucket: 'vault', key: 'recovery/dr/i-1.json' });
    expect(inputsOf('image/i-1')?.ebsBlockDevices).to.have.length(2);
    expect(inputsOf('instance/i-1')).to.deep.include({
      ami: 'ami-d',
      subnetId: 'subnet/subnet-1-in-dr',
      privateIp: '10.0.1.10',
      vpcSecurityGroupIds: ['security-group/sg-1-in-dr'],
    });
  });

  it('refuses a type that may be billed while nothing is recovered', () => {
    const refuse = refuseOtherTypes(new Set(['aws:ec2/vpc:Vpc']));
    const args = (type: string) => ({ type, name: 'x', props: {}, opts: {}, resource: undefined as never });
    expect(() => refuse(args('aws:ec2/vpc:Vpc'))).not.to.throw();
    expect(() => refuse(args('lifeboat:index:Mirror'))).not.to.throw();
    for (const type of [
      'aws:ec2/instance:Instance',
      'aws:ebs/volume:Volume',
      'aws:ec2/natGateway:NatGateway',
    ])
      expect(() => refuse(args(type))).to.throw('while lifeboat:recover is true');
  });

  it('refuses at rest what waits for a recovery, of a type that is there at rest too', () => {
    const endpoint = { name: 'vpc-endpoint/vpce-1' };
    expect(() => refuseWhatWaits([endpoint])).not.to.throw();
    expect(() => refuseWhatWaits([endpoint, { ...endpoint, afterMachines: true }])).to.throw(
      'vpc-endpoint/vpce-1 is made at a recovery',
    );
  });

  it('finds the class of a token, and says when there is none', () => {
    expect(resourceClass('aws:ec2/vpc:Vpc').name).to.equal('Vpc');
    expect(() => resourceClass('aws:ec2/vpc:Vcp')).to.throw('aws:ec2/vpc:Vcp');
  });
});
