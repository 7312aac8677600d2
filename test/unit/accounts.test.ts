import {
  AWSOrganizationsNotInUseException,
  DescribeOrganizationCommand,
  OrganizationsClient,
} from '@aws-sdk/client-organizations';
import { mockClient } from 'aws-sdk-client-mock';
import { expect } from 'chai';
import { refuseManagementAccount } from '../../accounts';

const settings = { sourceAccount: '111111111111', drAccount: '222222222222', drRegion: 'eu-central-1' };

describe('refuseManagementAccount', () => {
  const organizations = mockClient(OrganizationsClient);
  beforeEach(() => organizations.reset());
  after(() => organizations.restore());

  const answer = () =>
    refuseManagementAccount(settings).then(
      () => 'accepted',
      (error: Error) => error.message,
    );
  const managedBy = (MasterAccountId: string | undefined) =>
    organizations.on(DescribeOrganizationCommand).resolves({ Organization: { MasterAccountId } });

  it('refuses a source that manages the organization of DR', async () => {
    managedBy('111111111111');
    expect(await answer())
      .to.contain('management account')
      .and.contain('111111111111');
  });

  it('accepts a source of an organization that another account manages', async () => {
    managedBy('333333333333');
    expect(await answer()).to.equal('accepted');
  });

  it('accepts a DR account that is in no organization', async () => {
    organizations
      .on(DescribeOrganizationCommand)
      .rejects(new AWSOrganizationsNotInUseException({ message: 'none', $metadata: {} }));
    expect(await answer()).to.equal('accepted');
  });

  it('refuses when it cannot be found out', async () => {
    organizations.on(DescribeOrganizationCommand).rejects(new Error('denied'));
    expect(await answer()).to.contain('could not be found out');
    managedBy(undefined);
    expect(await answer()).to.contain('could not be found out');
  });
});
