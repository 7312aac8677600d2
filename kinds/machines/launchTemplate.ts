import {
  DeleteLaunchTemplateCommand,
  paginateDescribeLaunchTemplates,
  type ResponseLaunchTemplateData,
} from '@aws-sdk/client-ec2';
import type { LaunchTemplateArgs } from '@pulumi/aws/ec2/launchTemplate';
import { allPages, type Item, type Kind, present, tagRecord } from '../kind';
import { resource } from '../mirrorContext';
import { defaultTemplateVersions } from './defaultTemplateVersions';
import { launchTemplateArgs } from './launchTemplateArgs';

export interface LaunchTemplate extends Item {
  readonly templateName: string;
  readonly versionDescription?: string;
  /** What the default version says, under AWS's names and without user data. Times are texts. */
  readonly data: Omit<ResponseLaunchTemplateData, 'UserData'>;
  /** In base64, as AWS keeps it. A secret. */
  readonly userData?: string;
}

/** A launch template as its default version has it. Versions of the source that are not the default stay there. */
export const launchTemplate: Kind<LaunchTemplate> = {
  name: 'launch-template',
  title: 'Launch template',
  cost: 'free',
  types: ['aws:ec2/launchTemplate:LaunchTemplate'],
  iamActions: ['ec2:DescribeLaunchTemplates', 'ec2:DescribeLaunchTemplateVersions'],

  async list(account) {
    const [templates, versions] = await Promise.all([
      allPages(paginateDescribeLaunchTemplates({ client: account.ec2 }, {}), (page) => page.LaunchTemplates),
      defaultTemplateVersions(account),
    ]);
    const byTemplate = new Map(versions.map((version) => [version.LaunchTemplateId, version]));
    return templates.map((found) => {
      const id = present(found.LaunchTemplateId, 'LaunchTemplateId');
      const version = present(byTemplate.get(id), `the default version of ${id}`);
      const { UserData, ...data } = present(version.LaunchTemplateData, 'LaunchTemplateData');
      return {
        id,
        tags: tagRecord(found.Tags),
        templateName: present(found.LaunchTemplateName, 'LaunchTemplateName'),
        versionDescription: version.VersionDescription || undefined,
        data: plain(data),
        userData: UserData || undefined,
      };
    });
  },

  secrets: ['userData'],

  madeAnew: {
    // All of them, and not those with user data alone: the provider reads the latest version, a look-up the default one.
    why: 'the user data of its latest version into the state in plain',
    async remove({ ec2 }, LaunchTemplateId) {
      try {
        await ec2.send(new DeleteLaunchTemplateCommand({ LaunchTemplateId }));
      } catch (error) {
        if ((error as Error).name !== 'InvalidLaunchTemplateId.NotFound') throw error;
      }
    },
  },

  mirror: (item, ctx) =>
    resource<LaunchTemplateArgs>('aws:ec2/launchTemplate:LaunchTemplate', {
      ...launchTemplateArgs(item.data, ctx),
      name: item.templateName,
      description: item.versionDescription,
      userData: item.userData === undefined ? undefined : ctx.secret(item.userData),
      // A change is a new version, and what launches from the template asks for its default one.
      updateDefaultVersion: true,
      tags: ctx.tags(item),
    }),

  // AWS refuses a second template of one name.
  identity: (item) => item.templateName,

  taggedWhenMade: true,

  fixed: (item) => [item.templateName],

  danger(item, former) {
    if (!former?.data) return undefined;
    const changed = [
      item.userData !== former.userData && 'user data',
      item.data.KeyName !== former.data.KeyName && 'key pair',
      item.data.ImageId !== former.data.ImageId && 'image',
    ].filter((what) => what !== false);
    return changed.length > 0 ? `launches with another ${changed.join(', ')} than was accepted` : undefined;
  },

  quotas: [{ service: 'ec2', code: 'L-FB451C26', name: 'Launch templates' }],
};

/** As JSON has it: no dates, and no fields without a value. Lists of groups in order: AWS promises none. */
function plain(data: LaunchTemplate['data']): LaunchTemplate['data'] {
  const copy: LaunchTemplate['data'] = JSON.parse(JSON.stringify(data));
  copy.SecurityGroupIds?.sort();
  for (const { Groups } of copy.NetworkInterfaces ?? []) Groups?.sort();
  return copy;
}
