import { expect } from 'chai';
import { parse } from 'yaml';
import { plainMessage, withSettings } from '../../../scripts/recover/engine';

const FILE = `secretsprovider: awskms:///alias/lifeboat-secrets
encryptedkey: abc
config:
  lifeboat:recover: "true"
  lifeboat:recoverOnly: shop-db
`;

describe("a run's own settings", () => {
  it('stand in the place of the stack’s, and all else stays', () => {
    const yaml = withSettings(FILE, { recoverOnly: 'i-1,i-2', recoverExcept: '', switchDns: 'false' });
    expect(parse(yaml, { schema: 'failsafe' })).to.deep.equal({
      secretsprovider: 'awskms:///alias/lifeboat-secrets',
      encryptedkey: 'abc',
      config: {
        'lifeboat:recover': 'true',
        'lifeboat:recoverOnly': 'i-1,i-2',
        'lifeboat:recoverExcept': '',
        'lifeboat:switchDns': 'false',
      },
    });
  });

  it('make a config where there is none', () => {
    expect(parse(withSettings('', { recover: 'true' }))).to.deep.equal({
      config: { 'lifeboat:recover': 'true' },
    });
  });
});

describe('what AWS refused', () => {
  it('is said without what SDK and provider put around it', () => {
    const message =
      'sdk-v2/provider2.go:572: sdk.helper_schema: creating EC2 Instance: operation error EC2: RunInstances, https response error StatusCode: 400, RequestID: x, api error InvalidIPAddress.InUse: Address 10.0.0.1 is in use.: provider=aws@7.21.0\n1 error occurred:\n\t* creating EC2 Instance';
    expect(plainMessage(message)).to.equal('InvalidIPAddress.InUse: Address 10.0.0.1 is in use.');
  });

  it('is left as it is where AWS said nothing', () => {
    expect(plainMessage(' the program failed\n')).to.equal('the program failed');
  });
});
