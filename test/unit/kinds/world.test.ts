import { expect } from 'chai';
import { isWorld, someRanges, worldIn } from '../../../kinds/network/world';

/** As many ranges of a length, one after the other. */
const pieces = (count: number, bits: number, from = 16) =>
  Array.from({ length: count }, (_, index) => {
    const first = from * 2 ** 24 + index * 2 ** (32 - bits);
    return `${[24, 16, 8, 0].map((shift) => Math.floor(first / 2 ** shift) % 256).join('.')}/${bits}`;
  });

describe('the world', () => {
  for (const range of ['0.0.0.0/0', '128.0.0.0/1', '64.0.0.0/2', '10.0.0.0/7', '17.0.0.0/8', '172.0.0.0/8'])
    it(`is ${range}`, () => expect(isWorld(range)).to.equal(true));
  for (const range of ['::/0', '8000::/1', '2000::/3', '2a00::/12', '2001::/16', 'f800::/5'])
    it(`is ${range}`, () => expect(isWorld(range)).to.equal(true));
  for (const range of [
    '10.0.0.0/8',
    '172.16.0.0/12',
    '192.168.0.0/16',
    '100.64.0.0/10',
    'fc00::/7',
    'fd00::/8',
  ])
    it(`is not ${range}, which is private`, () => expect(isWorld(range)).to.equal(false));
  for (const range of ['52.0.0.0/9', '203.0.113.0/24', '192.0.2.1/32', '2a00::/17', '2001:db8::/32'])
    it(`is not ${range}`, () => expect(isWorld(range)).to.equal(false));
});

describe('the world in several ranges', () => {
  it('is each that is so by itself', () => {
    expect(worldIn(['10.0.0.0/8', '0.0.0.0/2', '192.0.2.0/24', '::/0'])).to.deep.equal(['0.0.0.0/2', '::/0']);
    expect(worldIn([])).to.deep.equal([]);
  });

  it('is what pieces are together', () => {
    expect(worldIn(pieces(2, 9))).to.have.length(2);
    expect(worldIn(pieces(1, 9))).to.deep.equal([]);
    expect(worldIn(pieces(256, 16))).to.have.length(256);
    expect(worldIn(pieces(255, 16))).to.deep.equal([]);
    expect(worldIn(['2a00::/17', '2a00:8000::/17'])).to.have.length(2);
  });

  it('counts the others, and tells only the new', () => {
    expect(worldIn(pieces(1, 9), () => pieces(3, 9))).to.deep.equal(pieces(1, 9));
    expect(worldIn(['192.0.2.0/24'], () => pieces(3, 9))).to.deep.equal([]);
  });

  it('counts nothing twice, nothing private, nothing small and no other family', () => {
    expect(worldIn(['52.0.0.0/9', '52.0.0.0/9', '52.0.0.0/10'])).to.deep.equal([]);
    expect(worldIn(['52.0.0.0/9', '10.0.0.0/9', '10.128.0.0/9'])).to.deep.equal([]);
    expect(worldIn(pieces(600, 17))).to.deep.equal([]);
    expect(worldIn(['52.0.0.0/9', '2a00::/17'])).to.deep.equal([]);
  });

  it('asks for the others only where they matter', () => {
    const asked = () => {
      throw new Error('asked');
    };
    expect(worldIn(['10.0.0.0/8', '192.0.2.0/24', '0.0.0.0/0'], asked)).to.deep.equal(['0.0.0.0/0']);
  });

  it('is told by its first few', () => {
    expect(someRanges(['a', 'b'])).to.equal('a, b');
    expect(someRanges(pieces(7, 8))).to.match(/ and 2 more$/);
  });
});
