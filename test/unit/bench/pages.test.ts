import { expect } from 'chai';
import { callsBetween, lookUpPages, pagesOf } from '../../../scripts/bench/pages';

describe('the pages that a look-up needs', () => {
  it('are one for an empty list, and one more for each that AWS cannot put into the last', () => {
    expect(pagesOf([0], 100)).to.equal(1);
    expect(pagesOf([100], 100)).to.equal(1);
    expect(pagesOf([101], 100)).to.equal(2);
    expect(pagesOf([3520], 1000)).to.equal(4);
  });

  it('are those of each list where AWS has no list of all', () => {
    expect(pagesOf([0, 5, 1001], 1000)).to.equal(4);
    expect(pagesOf([], 1000)).to.equal(0);
  });

  it('are one where AWS knows no pages', () => {
    expect(pagesOf([70_000], Number.POSITIVE_INFINITY)).to.equal(1);
  });

  it('are held against the calls, lists of all and single objects apart', () => {
    const listed = [
      { action: 'DescribeSubnets', most: 1000, lists: [1203] },
      { action: 'DescribeVpcs', most: 1000, lists: [11] },
      { action: 'DescribeVpcAttribute', most: 1, lists: Array<number>(33).fill(1) },
      { action: 'DescribeKeyPairs', most: 1000, lists: [0] },
    ];
    const calls = { DescribeSubnets: 2, DescribeVpcs: 3, DescribeVpcAttribute: 33 };
    expect(lookUpPages(calls, listed)).to.deep.equal({
      lists: { calls: 5, pages: 3 },
      perObject: { calls: 33, pages: 33 },
      unknown: [],
    });
  });

  it('are none for a call that the bench does not know, so that it is missed and not passed over', () => {
    expect(lookUpPages({ DescribeNew: 2 }, [])).to.deep.equal({
      lists: { calls: 2, pages: 0 },
      perObject: { calls: 0, pages: 0 },
      unknown: ['DescribeNew'],
    });
  });

  it('counts the calls of one account, region and service that came between two looks', () => {
    const before = { '1/eu/ec2/DescribeVpcs': 4, '1/eu/ec2/DescribeSubnets': 2 };
    const after = {
      '1/eu/ec2/DescribeVpcs': 5,
      '1/eu/ec2/DescribeSubnets': 2,
      '1/eu/ec2/DescribeVolumes': 3,
      '1/eu/s3/GetObject': 1,
      '2/eu/ec2/DescribeVpcs': 9,
    };
    expect(callsBetween(before, after, '1/eu/ec2/')).to.deep.equal({ DescribeVpcs: 1, DescribeVolumes: 3 });
  });
});
