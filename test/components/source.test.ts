import { expect } from 'chai';
import { readPolicy } from '../../kinds/readPolicy';
import { parseSourceSettings } from '../../source/settings';
import { Source } from '../../source/source';
import { type Registered, registered, withMocks } from './programMocks';

const settings = parseSourceSettings(
  {
    'lifeboat-source:sourceAccount': '111111111111',
    'lifeboat-source:sourceRegion': 'eu-west-1',
    'lifeboat-source:drAccount': '222222222222',
    'lifeboat-source:externalId': 'an-external-id',
  },
  'dr',
);
const TYPES = [
  'aws:dlm/lifecyclePolicy:LifecyclePolicy',
  'aws:iam/role:Role',
  'aws:iam/rolePolicy:RolePolicy',
  'aws:kms/alias:Alias',
  'aws:kms/key:Key',
];

describe('Source', () => {
  let made: readonly Registered[];
  const find = (name: string) => {
    const one = made.find((resource) => resource.name === name);
    if (!one) throw new Error(`${name} was not registered`);
    return one;
  };

  before(async () => {
    await withMocks(TYPES);
    made = await registered(
      (options) => new Source('source', { settings, existing: { reader: 'lifeboat-reader' } }, options),
    );
  });

  it('makes exactly this, under one parent', () => {
    expect(made.map(({ name }) => name).sort()).to.deep.equal([
      'dlm',
      'dlm-policy',
      'reader',
      'reader-policy',
      'snapshot-key',
      'snapshot-key-alias',
      'snapshots',
    ]);
    for (const { urn, name } of made) expect(urn, name).to.include('lifeboat:source:Source$');
  });

  it('gives the reader what the kinds look up, and nothing else', () => {
    const ofReader = made.filter(({ inputs }) => inputs.role === 'lifeboat-reader');
    expect(ofReader.map(({ inputs }) => inputs.policy)).to.deep.equal([JSON.stringify(readPolicy())]);
    expect(find('reader').inputs).to.include({ managedPolicyArns: undefined, inlinePolicies: undefined });
    expect(find('reader').inputs.maxSessionDuration).to.equal(3_600);
  });

  it('takes snapshots by a role of its own, switched on', () => {
    expect(find('snapshots').inputs).to.deep.include({ executionRoleArn: 'arn:dlm', state: 'ENABLED' });
  });

  it('adopts what is there, and only that', () => {
    const adopted = made.filter(({ options }) => options.import !== undefined);
    expect(adopted.map(({ name, options }) => [name, options.import])).to.deep.equal([
      ['reader', 'lifeboat-reader'],
    ]);
  });

  it('leaves the key when it goes, and nothing else', () => {
    const retained = made.filter(({ options }) => options.retainOnDelete).map(({ name }) => name);
    expect(retained.sort()).to.deep.equal(['snapshot-key', 'snapshot-key-alias']);
    expect(made.some(({ options }) => options.protect)).to.equal(false);
  });
});
