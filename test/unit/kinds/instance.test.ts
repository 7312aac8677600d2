import { expect } from 'chai';
import { type Instance, instance as instanceKind } from '../../../kinds/machines/instance';
import { instance, volume } from '../items';
import { sides } from '../sides';

const strict = { httpTokens: 'required', httpEndpoint: 'enabled' };
const before = instance('i-1', 'DB', ['vol-1', 'vol-2'], { metadataOptions: strict });
const disks = { volume: [volume('vol-1'), volume('vol-2'), volume('vol-3', {})] };
const danger = (more: Partial<Instance>, former: Instance = before, now = disks, accepted = disks) =>
  instanceKind.danger?.({ ...former, ...more }, former, sides(now, accepted));
const [root, data] = before.blockDevices;
if (!root || !data) throw new Error('it has two disks');

describe('a protected machine stops a run', () => {
  it('that lost a disk which is to be snapshotted', () => {
    expect(danger({ blockDevices: [root] }))
      .to.contain('no longer has the protected disk vol-2')
      .and.contain('/dev/sdf');
    expect(danger({ blockDevices: [] }))
      .to.contain('vol-1')
      .and.contain('vol-2');
  });

  it('that has another in its place', () =>
    expect(danger({ blockDevices: [root, { ...data, volumeId: 'vol-3' }] })).to.contain('vol-2'));

  it('whose lost disk is gone, or lost its tag as well', () => {
    expect(danger({ blockDevices: [root] }, before, { volume: [volume('vol-1')] })).to.contain('vol-2');
    const untagged = { volume: [volume('vol-1'), volume('vol-2', {})] };
    expect(danger({ blockDevices: [root] }, before, untagged)).to.contain('vol-2');
  });

  it('but not for a disk in another place, one more, or the loss of one that is not protected', () => {
    expect(danger({ blockDevices: [root, { ...data, deviceName: '/dev/sdz' }] })).to.equal(undefined);
    const three = { ...before, blockDevices: [root, data, { ...data, volumeId: 'vol-3' }] };
    expect(danger({ blockDevices: three.blockDevices })).to.equal(undefined);
    expect(danger({ blockDevices: [root, data] }, three)).to.equal(undefined);
  });

  const cases: [string, Partial<Instance>, string][] = [
    ['with one more group', { securityGroupIds: ['sg-1', 'sg-2'] }, 'is in the group sg-2'],
    ['with an instance profile', { iamInstanceProfileArn: 'arn:x' }, 'instance profile arn:x'],
    ['with another key pair', { keyName: 'robot' }, 'key pair robot'],
    [
      'with metadata for whoever asks',
      { metadataOptions: { ...strict, httpTokens: 'optional' } },
      'without a token',
    ],
    ['with user data that is passed on', { userData: 'IyEvYmluL3No' }, 'other user data'],
    ['that takes traffic for others', { sourceDestCheck: false }, 'sourceDestCheck'],
  ];
  for (const [what, more, why] of cases)
    it(what, () => {
      expect(danger(more)).to.contain(why);
      // Tightened again, as it was, and where nobody protects it.
      expect(danger({ ...before }, { ...before, ...more })).to.equal(undefined);
      expect(danger({}, { ...before, ...more })).to.equal(undefined);
      const loose = { volume: [volume('vol-1', {}), volume('vol-2', {})] };
      expect(danger(more, before, loose, loose)).to.equal(undefined);
      expect(danger(more, before, loose)).to.contain(why);
    });

  it('in a further group of any of its interfaces', () => {
    const nic = { id: 'eni-2', deviceIndex: 1, securityGroupIds: ['sg-9'] } as never;
    expect(danger({ interfaces: [nic] })).to.contain('is in the group sg-9');
    expect(danger({}, { ...before, interfaces: [nic] })).to.equal(undefined);
  });

  it('that is asked for its user data, and has none', () =>
    expect(danger({ userData: '' })).to.equal(undefined));

  it('all reasons at once', () =>
    expect(danger({ keyName: 'robot', sourceDestCheck: false })).to.match(/robot now; takes/));

  it('whose metadata were switched off, and are there without a token', () => {
    const off = { ...before, metadataOptions: { httpTokens: 'optional', httpEndpoint: 'disabled' } };
    const metadataOptions = { httpTokens: 'optional', httpEndpoint: 'enabled' };
    expect(danger({ metadataOptions }, off)).to.contain('without a token');
    expect(danger({ metadataOptions: strict }, off)).to.equal(undefined);
  });

  it('but not for other changes, nor when it is new', () => {
    expect(danger({ instanceType: 't3.large', tags: { Name: 'DB', team: 'shop' } })).to.equal(undefined);
    expect(
      danger({ securityGroupIds: ['sg-2', 'sg-1'] }, { ...before, securityGroupIds: ['sg-1', 'sg-2'] }),
    ).to.equal(undefined);
    expect(instanceKind.danger?.(before, undefined, sides(disks))).to.equal(undefined);
  });
});
