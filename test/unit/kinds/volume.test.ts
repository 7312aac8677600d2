import { expect } from 'chai';
import { volume as volumeKind } from '../../../kinds/machines/volume';
import { instance, volume } from '../items';
import { sides } from '../sides';

const [tagged, plain] = [volume('vol-2'), volume('vol-2', {})];
const machine = instance('i-1', 'DB', ['vol-1', 'vol-2']);
const danger = (item = plain, former: typeof plain | undefined = tagged, accepted: object = {}) =>
  volumeKind.danger?.(item, former, sides({}, accepted as never));

describe('a disk stops a run', () => {
  it('that is no longer to be snapshotted', () => expect(danger()).to.contain('no longer tagged'));

  it('that is now, where its machine could be recovered without: it cannot until the disk is copied', () => {
    const accepted = { instance: [machine], volume: [volume('vol-1'), plain] };
    expect(danger(tagged, plain, accepted)).to.contain('is tagged MUSTSNAP now');
  });

  it('but not where nothing of its machine was protected, nor when it is new, nor for other tags', () => {
    const accepted = { instance: [machine], volume: [volume('vol-1', {}), plain] };
    expect(danger(tagged, plain, accepted)).to.equal(undefined);
    expect(danger(tagged, plain)).to.equal(undefined);
    expect(volumeKind.danger?.(tagged, undefined, sides({}))).to.equal(undefined);
    expect(danger({ ...tagged, tags: { ...tagged.tags, Name: 'x' } })).to.equal(undefined);
  });
});
