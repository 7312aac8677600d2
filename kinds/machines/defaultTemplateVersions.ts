import { type LaunchTemplateVersion, paginateDescribeLaunchTemplateVersions } from '@aws-sdk/client-ec2';
import type { Account } from '../../accounts';
import { allPages, once } from '../kind';

/** The default version of every launch template, whole; asked for once in a look-up. */
export function defaultTemplateVersions(account: Account): Promise<LaunchTemplateVersion[]> {
  return once(account, 'DescribeLaunchTemplateVersions', () =>
    allPages(
      // Without a template AWS answers for all of them.
      paginateDescribeLaunchTemplateVersions({ client: account.ec2 }, { Versions: ['$Default'] }),
      (page) => page.LaunchTemplateVersions,
    ),
  );
}
