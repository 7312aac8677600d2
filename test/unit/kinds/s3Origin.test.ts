import { expect } from 'chai';
import { hostOf, s3Host } from '../../../kinds/cloudfront/s3Origin';

describe('the hosts of buckets', () => {
  const hosts: [string, object | undefined][] = [
    ['pictures.s3.amazonaws.com', { bucket: 'pictures', isWebsite: false }],
    ['pictures.s3.eu-west-1.amazonaws.com', { bucket: 'pictures', region: 'eu-west-1', isWebsite: false }],
    ['pictures.s3-eu-west-1.amazonaws.com', { bucket: 'pictures', region: 'eu-west-1', isWebsite: false }],
    [
      'my.pictures.s3.dualstack.us-gov-west-1.amazonaws.com',
      { bucket: 'my.pictures', region: 'us-gov-west-1', isWebsite: false },
    ],
    [
      'pictures.s3-website-eu-west-1.amazonaws.com',
      { bucket: 'pictures', region: 'eu-west-1', isWebsite: true },
    ],
    [
      'pictures.s3-website.eu-central-1.amazonaws.com',
      { bucket: 'pictures', region: 'eu-central-1', isWebsite: true },
    ],
    ['shop-1.eu-west-1.elb.amazonaws.com', undefined],
    ['s3.amazonaws.com', undefined],
    ['pictures.s3.amazonaws.com.example.org', undefined],
    ['example.org', undefined],
  ];
  for (const [host, expected] of hosts)
    it(`${host} is ${expected ? 'known' : 'none'}`, () => expect(s3Host(host)).to.deep.equal(expected));

  it('are written as each region has them', () => {
    const website = { bucket: 'pictures', isWebsite: true };
    expect(hostOf(website, 'eu-west-1')).to.equal('pictures.s3-website-eu-west-1.amazonaws.com');
    expect(hostOf(website, 'eu-central-1')).to.equal('pictures.s3-website.eu-central-1.amazonaws.com');
    expect(hostOf({ ...website, isWebsite: false }, 'eu-central-1')).to.equal(
      'pictures.s3.eu-central-1.amazonaws.com',
    );
  });
});
