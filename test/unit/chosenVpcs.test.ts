import { expect } from 'chai';
import { chosenVpcs } from '../../inventory/chosenVpcs';
import { plan } from '../../inventory/plan';
import { PLAN_OPTIONS, subnet, vpc } from './items';

const PROD = 'tag:env=prod';
const prod = vpc('vpc-1', { tags: { env: 'prod' } });
const bare = vpc('vpc-1');
const other = vpc('vpc-2', { tags: { env: 'test' } });

describe('lifeboat:vpcs', () => {
  it('chooses by id and by tag', () => {
    expect(chosenVpcs([PROD, 'vpc-3'], [prod, other], {}).ids).to.deep.equal(['vpc-3', 'vpc-1']);
  });

  it('keeps what it has chosen by a tag that the source has lost since, and says so', () => {
    const { ids, byTag, notes } = chosenVpcs([PROD], [bare, other], { 'vpc-1': PROD });
    expect(ids).to.deep.equal(['vpc-1']);
    expect(byTag).to.deep.equal({ 'vpc-1': PROD });
    expect(notes.join()).to.contain('vpc/vpc-1').and.contain(PROD);
  });

  it('lets it go when the setting names that tag no more', () => {
    expect(chosenVpcs(['tag:env=test'], [bare, other], { 'vpc-1': PROD }).ids).to.deep.equal(['vpc-2']);
  });

  it('leaves out all that is in the other VPCs, and the default one unless its id is named', () => {
    const kinds = {
      vpc: [prod, vpc('vpc-2', { cidrBlock: '10.1.0.0/16', isDefault: true })],
      subnet: [subnet('subnet-1', 'vpc-1'), subnet('subnet-2', 'vpc-2', { cidrBlock: '10.1.0.0/24' })],
    };
    const names = (onlyVpcs?: string[]) =>
      plan(
        { kinds, superseded: new Map() },
        {},
        { 'euw1-az1': 'euc1-az1' },
        { ...PLAN_OPTIONS, onlyVpcs },
      ).resources.map(({ name }) => name);
    expect(names(['vpc-1'])).to.deep.equal(['vpc/vpc-1', 'subnet/subnet-1']);
    expect(names()).to.deep.equal(['vpc/vpc-1', 'subnet/subnet-1']);
    expect(names(['vpc-2'])).to.deep.equal(['vpc/vpc-2', 'subnet/subnet-2']);
  });
});
