import { expect } from 'chai';
import { bucketInDr } from '../../../inventory/bucketNames';

const settings = { drAccount: '222222222222', buckets: { shop: 'shop-dr' } };

describe('the name of a bucket in DR', () => {
  it("is that of the source with DR's account, or what a setting says", () => {
    expect(bucketInDr('logs', settings)).to.equal('logs-222222222222');
    expect(bucketInDr('shop', settings)).to.equal('shop-dr');
  });

  it('is one that AWS takes, however long the name of the source is', () => {
    expect(bucketInDr(`${'a'.repeat(49)}-${'b'.repeat(13)}`, settings)).to.equal(
      `${'a'.repeat(49)}-222222222222`,
    );
    expect(bucketInDr('c'.repeat(63), settings)).to.have.lengthOf(63);
  });
});
