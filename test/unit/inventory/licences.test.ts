import { expect } from 'chai';
import type { ImageInDr, ImagesInDr } from '../../../inventory/imagesInDr';
import { launchImage } from '../../../inventory/launchImage';
import { licenceProblems } from '../../../inventory/licenceProblems';
import { plannedMachine } from '../../../inventory/plannedMachine';
import type { Instance } from '../../../kinds/machines/instance';
import { isPlainLicence, isSameLicence, licenceOf, licenceText } from '../../../kinds/machines/licence';
import { copy, instance, volume } from '../items';

const WINDOWS = { platformDetails: 'Windows', usageOperation: 'RunInstances:0002', productCodes: [] };
const PLAIN = { platformDetails: 'Linux/UNIX', usageOperation: 'RunInstances', productCodes: [] };
const AMI = 'ami-0a1b2c3d';

const machineOf = (more: Partial<Instance> = {}) => {
  const machine = instance('i-1', 'ERP', ['vol-1', 'vol-2'], { ...WINDOWS, ...more });
  const disks = machine.blockDevices.map((device) => ({ ...device, volume: volume(device.volumeId) }));
  return { instance: machine, name: 'ERP', disks };
};
const image = (more: Partial<ImageInDr> = {}): ImageInDr => ({
  id: AMI,
  name: 'lifeboat i-1 p1',
  state: 'available',
  architecture: 'x86_64',
  rootDeviceName: '/dev/xvda',
  rootSize: 30,
  deviceNames: ['/dev/xvda', '/dev/sdx'],
  created: '2026-01-01T00:00:00.000Z',
  licence: WINDOWS,
  ...more,
});
const held = (registered: ImageInDr[], named: ImageInDr[] = []): ImagesInDr => ({
  registered: new Map(registered.map((each) => [each.name, each])),
  failed: new Set(),
  named: new Map(named.map((each) => [each.id, each])),
});
const chosen = (
  images: ImagesInDr,
  settings = {},
  machine = machineOf(),
  running?: Parameters<typeof launchImage>[4],
) => launchImage(machine, 'lifeboat i-1 p1', settings, images, running);
const reason = (found: ReturnType<typeof chosen>) => ('reason' in found ? found.reason : undefined);

describe('a licence', () => {
  it('is what AWS says of platform, operation and product codes', () => {
    const found = licenceOf({
      PlatformDetails: 'Linux/UNIX',
      UsageOperation: 'RunInstances',
      ProductCodes: [{ ProductCodeId: 'abc', ProductCodeType: 'marketplace' }],
    });
    expect(isPlainLicence(found)).to.equal(false);
    expect(licenceText(found)).to.equal('Linux/UNIX (RunInstances), marketplace abc');
  });

  it('is plain where it is AWS’s default, or nobody looked it up', () => {
    for (const plain of [{}, PLAIN, { platformDetails: 'Linux/UNIX' }])
      expect(isPlainLicence(plain)).to.equal(true);
    expect(isPlainLicence(WINDOWS)).to.equal(false);
  });

  it('is the same as one that differs only in what an older program did not look up', () => {
    expect(isSameLicence({ platformDetails: 'Windows' }, WINDOWS)).to.equal(true);
    expect(isSameLicence(PLAIN, WINDOWS)).to.equal(false);
    expect(isSameLicence({ ...PLAIN, productCodes: ['marketplace a'] }, PLAIN)).to.equal(false);
  });
});

describe('a machine that is billed for a licence', () => {
  it('is launched from an image of its copies only once that is known to bill the same', () => {
    expect(reason(chosen(held([])))).to.contain('its image is registered first');
    expect(chosen(held([image()]))).to.deep.equal({ kind: 'registered' });
    expect(reason(chosen(held([image({ licence: PLAIN })]))))
      .to.contain('would lie about its licence')
      .and.contain('aws ec2 copy-image')
      .and.contain('lifeboat:images ERP=ami-');
  });

  it('that runs is judged no more; nor one that has none', () => {
    const runs = { image: undefined };
    expect(chosen(held([image({ licence: PLAIN })]), {}, machineOf(), runs).kind).to.equal('registered');
    // Another image would replace it, whatever is named, gone or taken out of the setting since.
    expect(chosen(held([], [image()]), { ERP: AMI }, machineOf(), runs).kind).to.equal('registered');
    const named = { kind: 'named', image: image() };
    expect(chosen(held([]), {}, machineOf(), { image: image() })).to.deep.equal(named);
    expect(chosen(held([]), { ERP: 'ami-0' }, machineOf(), { image: image() })).to.deep.equal(named);
    expect(chosen(held([]), {}, machineOf(PLAIN)).kind).to.equal('registered');
  });

  it('is launched from the image that somebody names, by its name or its id', () => {
    for (const key of ['ERP', 'i-1'])
      expect(chosen(held([], [image()]), { [key]: AMI })).to.deep.equal({ kind: 'named', image: image() });
  });

  for (const [what, more, why] of [
    ['that bills otherwise', { licence: PLAIN }, 'bills Linux/UNIX'],
    ['of another architecture', { architecture: 'arm64' }, 'arm64'],
    ['with another root disk', { rootDeviceName: '/dev/sda1' }, '/dev/sda1'],
    ['that is pending', { state: 'pending' }, 'pending'],
  ] as const)
    it(`is not launched from one ${what}`, () => {
      const found = chosen(held([], [image(more)]), { ERP: AMI });
      expect(found.kind).to.equal('wrong');
      expect(reason(found)).to.contain(why);
    });

  it('is looked for by its id before its Name, for the source chooses names', () => {
    expect(chosen(held([]), {}, { ...machineOf(PLAIN), name: 'constructor' }).kind).to.equal('registered');
    const both = { ERP: 'ami-0', 'i-1': AMI };
    expect(chosen(held([], [image()]), both)).to.deep.equal({ kind: 'named', image: image() });
  });

  it('is not launched from one that DR does not have', () =>
    expect(reason(chosen(held([]), { ERP: AMI }))).to.contain('no such image'));

  it('is named at rest, with the way out, unless an image of it is', () => {
    const problems = (named: Record<string, string>, images: ImagesInDr, machine = machineOf()) =>
      licenceProblems([machine], named, images);
    expect(problems({}, held([]))[0]?.what).to.contain('ERP may not be recovered: it runs Windows');
    expect(problems({}, held([]))[0]?.next).to.contain('lifeboat:images ERP=');
    expect(problems({ ERP: AMI }, held([], [image()]))).to.deep.equal([]);
    expect(problems({ ERP: AMI }, held([]))[0]?.what).to.contain('ERP could not be recovered');
    expect(problems({}, held([]), machineOf(PLAIN))).to.deep.equal([]);
  });

  it('has the system disk of the image that is named, and its own data disks of the copies', () => {
    const copies = new Map([
      ['vol-1', copy('snap-1', 'vol-1', '2026-01-02T00:00:00Z')],
      ['vol-2', copy('snap-2', 'vol-2', '2026-01-02T00:00:00Z')],
    ]);
    const point = { id: 'p1', time: new Date('2026-01-02T00:00:00Z'), copies };
    const { planned, notes } = plannedMachine(machineOf(), point, {
      mirrored: new Set(),
      ipv6: () => ({ reason: 'none' }),
      passUserData: [],
      imageName: 'lifeboat i-1 p1',
      from: { kind: 'named', image: image() },
    });
    const root = planned.launch.rootBlockDevice as { volumeSize: number; tags: Record<string, string> };
    expect(planned.namedImage).to.equal(AMI);
    expect(root.volumeSize).to.equal(30);
    expect(root.tags)
      .to.include({ 'lifeboat:source-volume': 'vol-1' })
      .and.not.have.property('lifeboat:source-snapshot');
    const [data] = planned.launch.ebsBlockDevices as { snapshotId: string }[];
    expect(data?.snapshotId).to.equal('snap-2');
    // What the image has beside.
    expect(planned.launch.ephemeralBlockDevices).to.deep.equal([{ deviceName: '/dev/sdx', noDevice: true }]);
    expect(notes.join()).to.contain('its system disk is as of 2026-01-01');
  });
});
