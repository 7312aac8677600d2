import { expect } from 'chai';
import fc from 'fast-check';
import type { Disk, Estate, Machine } from '../../../scripts/tagVolumes/estate';
import { tagProblems } from '../../../scripts/tagVolumes/tagProblems';
import { tagPlan } from '../../../scripts/tagVolumes/volumeTags';

const ROOT_TAGS = { Name: 'MASTER', MUSTSNAP: 'True', SYSDISK: 'True' };

function disk(changes: Partial<Disk> = {}): Disk {
  return {
    volumeId: 'vol-1',
    device: '/dev/xvda',
    isRoot: true,
    tags: ROOT_TAGS,
    attachedTo: ['i-1'],
    ...changes,
  };
}

function machine(changes: Partial<Machine> = {}): Machine {
  return {
    id: 'i-1',
    tags: { Name: 'MASTER', MUSTSNAP: 'True' },
    instanceType: 'm5.large',
    architecture: 'x86_64',
    enaSupport: true,
    availabilityZone: 'eu-west-1a',
    availabilityZoneId: 'euw1-az3',
    iamProfile: { arn: 'arn:aws:iam::111111111111:instance-profile/web', id: 'AIPA1' },
    securityGroups: [
      { name: 'web', id: 'sg-1' },
      { name: 'a:b', id: 'sg-2' },
    ],
    bootMode: 'uefi',
    privateIpAddress: '10.0.0.4',
    platform: 'Linux/UNIX',
    rootDevice: '/dev/xvda',
    disks: [disk()],
    ...changes,
  };
}

function estate(machines: Machine[], changes: Partial<Estate> = {}): Estate {
  return {
    region: 'eu-west-1',
    machines,
    looseDisks: [],
    isAwsManagedKey: new Map(),
    keyPolicies: new Map(),
    warnings: [],
    ...changes,
  };
}

const written = (plan: ReturnType<typeof tagPlan>) =>
  Object.fromEntries(plan.changes.map(({ key, becomes }) => [key, becomes]));

describe('tagPlan', () => {
  it("writes the older scripts' keys in their own style, and what they lacked", () => {
    expect(written(tagPlan(estate([machine()])))).to.deep.equal({
      Instance: 'MASTER',
      Device: '/dev/xvda',
      InstanceType: 'm5.large',
      Architecture: 'x86_64',
      EnaSupport: 'True',
      AvailabilityZone: 'eu-west-1a',
      IamProfileArn: 'arn:aws:iam::111111111111:instance-profile/web',
      IamProfileId: 'AIPA1',
      SecurityGroups: 'web:sg-1:a:b:sg-2:',
      BootMode: 'uefi',
      AvailabilityZoneId: 'euw1-az3',
      PrivateIpAddress: '10.0.0.4',
      Platform: 'Linux/UNIX',
      RootDevice: '/dev/xvda',
    });
  });

  it('finds nothing to do once its own tags are there', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.record({
            name: fc.stringMatching(/^[a-z:.]{1,12}$/),
            id: fc.stringMatching(/^sg-[0-9a-f]{8}$/),
          }),
          {
            maxLength: 8,
          },
        ),
        fc.boolean(),
        (securityGroups, enaSupport) => {
          const before = machine({ securityGroups, enaSupport });
          const tags = { ...ROOT_TAGS, ...written(tagPlan(estate([before]))) };
          const after = { ...before, securityGroups: [...securityGroups].reverse(), disks: [disk({ tags })] };
          expect(tagPlan(estate([after])).changes).to.deep.equal([]);
        },
      ),
    );
  });

  it('leaves out values that AWS would not take, and says so', () => {
    const securityGroups = Array.from({ length: 16 }, (_, index) => ({
      name: 'a-long-group-name',
      id: `sg-${index}`,
    }));
    const plan = tagPlan(estate([machine({ securityGroups })]));
    expect(written(plan)).to.not.have.property('SecurityGroups');
    expect(plan.warnings.join()).to.contain('SecurityGroups has').and.contain('and a tag 256');
  });

  it('stops at 50 tags, and says which it leaves out', () => {
    const many = Object.fromEntries(Array.from({ length: 45 }, (_, index) => [`key${index}`, 'x']));
    const tags = { ...many, ...ROOT_TAGS, 'aws:does-not': 'count' };
    const plan = tagPlan(estate([machine({ disks: [disk({ tags })] })]));
    expect(Object.keys(written(plan))).to.deep.equal(['Instance', 'Device']);
    expect(plan.warnings).to.have.length(12);
  });

  it('says what is not so any more, and leaves it', () => {
    const tags = { ...ROOT_TAGS, IamProfileArn: 'arn:old' };
    const plan = tagPlan(estate([machine({ iamProfile: undefined, disks: [disk({ tags })] })]));
    expect(plan.warnings).to.deep.equal([
      'vol-1 (MASTER) says IamProfileArn: arn:old, which is not so any more',
    ]);
  });

  it('tags a disk of several machines as that of one, always the same', () => {
    const shared = disk({
      volumeId: 'vol-2',
      device: '/dev/sdf',
      isRoot: false,
      tags: { MUSTSNAP: 'True' },
      attachedTo: ['i-1', 'i-2'],
    });
    const two = [
      machine({ disks: [disk(), shared] }),
      machine({ id: 'i-2', disks: [disk({ volumeId: 'vol-3' }), shared] }),
    ];
    const plan = tagPlan(estate(two));
    expect(plan.changes.filter(({ resource }) => resource === 'vol-2').map(({ key }) => key)).to.deep.equal([
      'Instance',
      'Device',
    ]);
    expect(plan.warnings).to.have.length(1);
  });

  it('warns of tagged disks that no machine has', () => {
    const plan = tagPlan(estate([], { looseDisks: [{ volumeId: 'vol-9', tags: { MUSTSNAP: 'True' } }] }));
    expect(plan.warnings[0]).to.contain('vol-9 is tagged MUSTSNAP but attached to no machine');
  });
});

describe('tagProblems', () => {
  it('finds nothing wrong with a machine as the README asks', () => {
    expect(
      tagProblems(estate([machine(), machine({ id: 'i-2', tags: {}, disks: [disk({ tags: {} })] })])),
    ).to.deep.equal([]);
  });

  it('refuses a machine whose system disk is an instance store', () => {
    const data = disk({ isRoot: false, device: '/dev/sdf' });
    const [problem] = tagProblems(estate([machine({ rootDevice: undefined, disks: [data] })]));
    expect(problem?.got).to.equal('MASTER: an instance store');
  });

  it('refuses a machine without room for the tag by which it is snapshotted', () => {
    const tags = {
      Name: 'MASTER',
      ...Object.fromEntries(Array.from({ length: 49 }, (_, index) => [`key${index}`, 'x'])),
    };
    const [problem] = tagProblems(estate([machine({ tags })]));
    expect(problem?.what).to.contain('no room for the tag MUSTSNAP');
  });

  it('writes commands that a shell takes as they are', () => {
    const tags = { MUSTSNAP: 'True', SYSDISK: 'True' };
    const [problem] = tagProblems(
      estate([machine({ tags: { Name: "Bob's $box" }, disks: [disk({ tags })] })]),
    );
    expect(problem?.next).to.equal(
      "aws ec2 create-tags --region eu-west-1 --resources vol-1 --tags 'Key=Name,Value=Bob'\\''s $box'",
    );
  });
});
