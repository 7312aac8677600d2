import { expect } from 'chai';
import { drilledStack, drillId, drillStack, drillTimes } from '../../../inventory/drill/drillId';
import { drillImages, drillMachine } from '../../../inventory/drill/drillMachines';
import { drilled } from '../../../inventory/drill/drillOf';
import { ofDrill } from '../../../inventory/drill/ofDrill';
import { sealed } from '../../../inventory/drill/sealed';
import type { Items } from '../../../inventory/inventory';
import type { Plan } from '../../../inventory/planned';
import type { PlannedMachine } from '../../../inventory/plannedMachine';
import { recoveryPlan } from '../../../inventory/recoveryPlan';
import type { Instance } from '../../../kinds/machines/instance';
import { drillCost, refuseCost } from '../../../scripts/drill/cost';
import {
  aclEntry,
  copy,
  group,
  instance,
  NOTHING_RECOVERED,
  prefixList,
  route,
  rule,
  subnet,
  volume,
  vpc,
} from '../items';

const DRILL = '20260131t040000-120';
const OTHER = '20260130t040000-60';

describe("a drill's id", () => {
  it('tells when it was begun and when its time is up', () => {
    const id = drillId(new Date('2026-01-31T04:00:00.700Z'), 120);
    expect(id).to.equal(DRILL);
    expect(drillTimes(id)).to.deep.equal({
      begun: new Date('2026-01-31T04:00:00Z'),
      end: new Date('2026-01-31T06:00:00Z'),
    });
  });

  for (const text of [
    '',
    '20260131t040000',
    '20261331t040000-60',
    `${DRILL}0000`,
    '20260131t040000-1441',
    'x',
  ])
    it(`is not '${text}'`, () => expect(drillTimes(text)).to.equal(undefined));

  it('is of a stack that is named after the one that is drilled', () => {
    expect(drilledStack(drillStack('dr'))).to.equal('dr');
    expect(drilledStack('dr')).to.equal(undefined);
    expect(drilledStack('-drill')).to.equal(undefined);
  });

  it('in the settings of any other stack is refused: all of the mirror would leave it', () => {
    expect(() => drilled('dr')).to.throw('in a stack that is no drill').and.to.not.be.undefined;
    expect(drilled('dr-drill')).to.equal('dr');
  });
});

/** What DR has of one VPC, mirror or drill: what AWS makes with it carries no tag. */
function network(of: string, tags: Record<string, string>): Items {
  return {
    vpc: [vpc(`vpc-${of}`, { tags: { 'lifeboat:source-id': 'vpc-1', ...tags } })],
    subnet: [subnet(`subnet-${of}`, `vpc-${of}`, { tags: { 'lifeboat:source-id': 'subnet-1', ...tags } })],
    'subnet-cidr-reservation': [
      {
        id: `scr-${of}`,
        tags: {},
        subnetId: `subnet-${of}`,
        cidr: '10.0.1.10/32',
        reservationType: 'explicit',
      } as never,
    ],
    'dhcp-options-association': [{ id: `vpc-${of}`, tags: {}, dhcpOptionsId: 'dopt-1' } as never],
    'route-table': [{ id: `rtb-${of}`, tags: {}, vpcId: `vpc-${of}`, isMain: true } as never],
    route: [route(`rtb-${of}`, `igw-${of}`)],
    'route-table-association': [
      { id: `subnet-${of}`, tags: {}, routeTableId: `rtb-${of}`, subnetId: `subnet-${of}` } as never,
    ],
    'network-acl': [{ id: `acl-${of}`, tags: {}, vpcId: `vpc-${of}`, isDefault: true } as never],
    'network-acl-entry': [aclEntry(`acl-${of}`, 100)],
    'security-group': [group(`sg-${of}`, `vpc-${of}`, 'default')],
    'security-group-rule': [rule(`sgr-${of}`, `sg-${of}`)],
    instance: [
      instance(`i-${of}`, 'ONE', [], { vpcId: `vpc-${of}`, subnetId: `subnet-${of}`, tags: { ...tags } }),
    ],
  };
}

describe('what of DR is a drill’s', () => {
  const [mirror, mine, others] = [
    network('m', {}),
    network('d', { 'lifeboat:drill': DRILL }),
    network('o', { 'lifeboat:drill': OTHER }),
  ];
  const lists = {
    'prefix-list': [prefixList('pl-aws', { ownerId: 'AWS', prefixListName: 'com.amazonaws.s3' })],
  };
  const all: Items = {
    ...Object.fromEntries(
      Object.keys(mirror).map((kind) => [kind, [mirror, mine, others].flatMap((each) => each[kind] ?? [])]),
    ),
    ...lists,
  };
  // In its own parts, that is: default groups and tables, routes and entries carry no tag.
  it('is none of the mirror’s, to the last part that carries no tag', () => {
    expect(ofDrill(all)).to.deep.equal({ ...mirror, ...lists });
  });

  it('is the drill’s own, beside what AWS keeps for everybody', () => {
    expect(ofDrill(all, DRILL)).to.deep.equal({ ...mine, ...lists });
  });
});

describe('a sealed plan', () => {
  const planOf = (type: string, more: object = {}) =>
    ({ resources: [{ name: 'x/1', item: 'x/1', type, args: {}, ...more }], skipped: [] }) as unknown as Plan;

  it('has VPCs without DNS and dedicated tenancy, and subnets that give no public address', () => {
    const args = {
      enableDnsSupport: true,
      enableDnsHostnames: true,
      instanceTenancy: 'dedicated',
      cidrBlock: 'x',
    };
    expect(sealed(planOf('aws:ec2/vpc:Vpc', { args })).resources[0]?.args).to.deep.equal({
      enableDnsSupport: false,
      enableDnsHostnames: false,
      instanceTenancy: 'default',
      cidrBlock: 'x',
    });
    const [made] = sealed(planOf('aws:ec2/subnet:Subnet', { args: { mapPublicIpOnLaunch: true } })).resources;
    expect(made?.args).to.include({ mapPublicIpOnLaunch: false });
  });

  for (const type of ['aws:ec2/route:Route', 'aws:ec2/internetGateway:InternetGateway', 'aws:iam/role:Role'])
    it(`is refused with a ${type}`, () => expect(() => sealed(planOf(type))).to.throw('no part of a drill'));

  it('is refused with what waits for machines', () => {
    expect(() => sealed(planOf('aws:ec2/vpc:Vpc', { afterMachines: true }))).to.throw('no part of a drill');
  });
});

function machineOf(more: Partial<Instance> = {}): PlannedMachine {
  const inventory = {
    format: 'lifeboat-inventory' as const,
    version: 2 as const,
    account: '111111111111',
    region: 'eu-west-1',
    zones: {},
    gone: {},
    fields: {},
    kinds: {
      instance: [instance('i-1', 'ONE', ['vol-1', 'vol-2'], { vcpus: 2, ...more })],
      volume: [volume('vol-1'), volume('vol-2')],
    },
  };
  const time = '2026-01-01T02:00:00Z';
  const { machines } = recoveryPlan(
    inventory,
    [copy('snap-1', 'vol-1', time), copy('snap-2', 'vol-2', time)],
    new Map(),
    new Set(['subnet/subnet-1', 'security-group/sg-1', 'iam-instance-profile/app']),
    {
      recoverOnly: [],
      recoverExcept: [],
      instanceTypes: {},
      imagePrefix: drillImages(DRILL),
      recovered: NOTHING_RECOVERED,
    },
  );
  const [machine] = machines;
  if (!machine) throw new Error('no machine was planned');
  return machine;
}

describe('a machine of a drill', () => {
  const arn = 'arn:aws:iam::111111111111:instance-profile/app';

  it('is marked to its last disk, has no rights, no public address, and an image of another name', () => {
    const machine = machineOf({ iamInstanceProfileArn: arn });
    expect(machine.launch.iamInstanceProfile).to.not.equal(undefined);
    const { image, launch } = drillMachine(machine, DRILL);
    expect(image.name).to.match(new RegExp(`^lifeboat drill ${DRILL} i-1 `));
    expect(launch).to.include({ iamInstanceProfile: undefined, associatePublicIpAddress: false });
    const disks = [launch.rootBlockDevice, ...((launch.ebsBlockDevices ?? []) as object[])];
    expect(disks).to.have.length(2);
    for (const { tags } of [image, launch, ...disks] as { tags: Record<string, string> }[])
      expect(tags).to.include({ 'lifeboat:drill': DRILL });
  });

  it('keeps our tags where AWS’s limit leaves no room for all of the source’s', () => {
    const tags = Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`key-${index}`, 'x']));
    const made = drillMachine(machineOf({ tags: { Name: 'ONE', ...tags } }), DRILL).launch.tags as object;
    expect(Object.keys(made)).to.have.length(50);
    expect(made).to.include.keys('lifeboat:drill', 'lifeboat:source-id', 'lifeboat:recovery-point');
  });
});

describe('the cost of a drill', () => {
  it('is that of all machines for all of its time', () => {
    const cost = drillCost([machineOf(), machineOf()], 60);
    expect(cost).to.include({ vcpus: 4, gib: 32 });
    // 4 vCPUs, 32 GiB, and the 3,000 IOPS that each of four gp3 disks has been given.
    expect(cost.usd).to.be.closeTo(4 * 0.1 + (32 * 0.15 + 12_000 * 0.08) / 730, 0.02);
    expect(drillCost([machineOf()], 120).usd).to.be.above(drillCost([machineOf()], 60).usd);
  });

  it('is higher for accelerated and licensed machines', () => {
    const plain = drillCost([machineOf()], 60).usd;
    expect(drillCost([machineOf({ platformDetails: 'Windows' })], 60).usd).to.be.above(plain);
    expect(drillCost([machineOf({ instanceType: 'p4d.24xlarge', vcpus: 96 })], 60).usd).to.be.above(100);
    // Of four vCPUs at the least.
    const sql = drillCost([machineOf({ platformDetails: 'Windows with SQL Server Enterprise' })], 60).usd;
    expect(sql - plain).to.be.closeTo(4 * 0.6, 0.02);
  });

  it('is of the dearest type that a machine may fall back to', () => {
    const as = (types: string[]) => drillCost([machineOf()], 60, { 'i-1': types });
    expect(as(['m5.large', 'm6i.4xlarge'])).to.include({ vcpus: 16 });
    expect(as(['m5.large', 'x2idn.large']).usd).to.be.above(as(['m5.large']).usd);
  });

  it('says whose sellers ask for more', () => {
    const sold = machineOf({ productCodes: ['marketplace abc'] });
    expect(drillCost([sold], 60).assumptions).to.contain('without what sellers ask for ONE');
    expect(drillCost([machineOf({ productCodes: ['devpay abc'] })], 60).assumptions).to.not.contain(
      'sellers',
    );
  });

  it('counts the vCPUs of another type by its size, and takes what it does not know for large', () => {
    const as = (type: string) => {
      const machine = machineOf();
      return drillCost([{ ...machine, launch: { ...machine.launch, instanceType: type } }], 60).vcpus;
    };
    expect([as('m5.large'), as('m5.xlarge'), as('r6i.8xlarge'), as('m5.metal')]).to.deep.equal([
      2, 4, 32, 192,
    ]);
  });

  it('above what it may be is refused, with the assumptions', () => {
    const cost = drillCost([machineOf()], 60);
    expect(() => refuseCost(cost, cost.usd, 'drill')).to.not.throw();
    expect(() => refuseCost(cost, cost.usd - 0.01, 'drill')).to.throw('may cost more').and.to.not.be
      .undefined;
  });
});
