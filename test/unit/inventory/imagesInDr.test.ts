import { expect } from 'chai';
import { type ImageInDr, imageName } from '../../../inventory/imagesInDr';

const named = (images: string[], failed: string[] = []) =>
  imageName('lifeboat i-1 p', {
    registered: new Map(images.map((name) => [name, {} as ImageInDr])),
    failed: new Set(failed),
  });

describe('the name of the image of a recovery point', () => {
  it('is its own, the first time and whenever it is there', () => {
    expect(named([])).to.equal('lifeboat i-1 p');
    expect(named(['lifeboat i-1 p', 'lifeboat i-1 q', 'lifeboat i-2 p'])).to.equal('lifeboat i-1 p');
  });

  it('is one that no failed image has', () => {
    expect(named([], ['lifeboat i-1 p'])).to.equal('lifeboat i-1 p (2)');
    expect(named([], ['lifeboat i-1 p', 'lifeboat i-1 p (2)'])).to.equal('lifeboat i-1 p (3)');
    expect(named([], ['lifeboat i-2 p'])).to.equal('lifeboat i-1 p');
  });

  it('stays when what failed before it is gone: another would replace the machine', () => {
    expect(named(['lifeboat i-1 p (3)'])).to.equal('lifeboat i-1 p (3)');
    expect(named(['lifeboat i-1 p (2)'], ['lifeboat i-1 p'])).to.equal('lifeboat i-1 p (2)');
  });
});
