import { expect } from 'chai';
import { bareState } from '../../../scripts/bench/bare';

const PROVIDER = 'urn:pulumi:dr::lifeboat::pulumi:providers:aws::dr';
const mirror = [
  {
    urn: 'urn:pulumi:dr::lifeboat::pulumi:pulumi:Stack::lifeboat-dr',
    type: 'pulumi:pulumi:Stack',
    custom: false,
  },
  { urn: PROVIDER, type: 'pulumi:providers:aws', custom: true, id: 'provider-id', inputs: { region: 'eu' } },
  {
    urn: 'urn:pulumi:dr::lifeboat::lifeboat:index:Mirror::mirror',
    type: 'lifeboat:index:Mirror',
    custom: false,
  },
  {
    urn: 'urn:pulumi:dr::lifeboat::lifeboat:index:Mirror$aws:ec2/subnet:Subnet::subnet/subnet-1',
    type: 'aws:ec2/subnet:Subnet',
    custom: true,
    id: 'subnet-9',
    inputs: { __defaults: ['added'], added: 1, vpcId: 'vpc-9', tags: { __defaults: [], Name: 'a' } },
    ignoreChanges: ['routes'],
    parent: 'urn:pulumi:dr::lifeboat::lifeboat:index:Mirror::mirror',
    provider: `${PROVIDER}::provider-id`,
    dependencies: ['urn:of:vpc'],
    propertyDependencies: { vpcId: ['urn:of:vpc'] },
  },
  {
    urn: 'urn:pulumi:dr::lifeboat::aws:s3/bucketObjectv2:BucketObjectv2::accepted-inventory',
    type: 'aws:s3/bucketObjectv2:BucketObjectv2',
    custom: true,
    id: 'inventory',
  },
];

describe('the bare program', () => {
  it('has what the mirror has, with literal arguments, less what the provider added by itself', () => {
    expect(bareState(mirror).program).to.deep.equal([
      {
        type: 'aws:ec2/subnet:Subnet',
        name: 'subnet/subnet-1',
        args: { vpcId: 'vpc-9', tags: { Name: 'a' } },
        ignoreChanges: ['routes'],
      },
    ]);
  });

  it('has a state of its own names that knows no component and no reference', () => {
    const [stack, provider, subnet, ...others] = bareState(mirror).resources as Record<string, unknown>[];
    expect(others).to.deep.equal([]);
    expect(stack?.urn).to.equal('urn:pulumi:dr::bare::pulumi:pulumi:Stack::bare-dr');
    expect(provider).to.include({ urn: 'urn:pulumi:dr::bare::pulumi:providers:aws::dr', parent: stack?.urn });
    expect(subnet).to.include({
      urn: 'urn:pulumi:dr::bare::aws:ec2/subnet:Subnet::subnet/subnet-1',
      id: 'subnet-9',
      parent: stack?.urn,
      provider: `${provider?.urn}::provider-id`,
    });
    expect(subnet).to.not.have.any.keys('dependencies', 'propertyDependencies');
  });
});
