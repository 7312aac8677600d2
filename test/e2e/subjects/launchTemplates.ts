import {
  CreateLaunchTemplateCommand,
  CreateLaunchTemplateVersionCommand,
  DeleteLaunchTemplateCommand,
  DescribeLaunchTemplateVersionsCommand,
  ModifyLaunchTemplateCommand,
  type RequestLaunchTemplateData,
} from '@aws-sdk/client-ec2';
import type { Subject } from './subject';

export const launchTemplates: Subject = (() => {
  const LaunchTemplateName = 'web';
  const UserData = Buffer.from('#!/bin/sh\necho hello\n').toString('base64');
  const data: RequestLaunchTemplateData = {
    ImageId: 'resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64',
    InstanceType: 't3.micro',
    KeyName: 'ops',
    UserData,
    EbsOptimized: true,
    Placement: { GroupName: 'quorum', Tenancy: 'default' },
    MetadataOptions: { HttpTokens: 'required', HttpPutResponseHopLimit: 2, HttpEndpoint: 'enabled' },
    CreditSpecification: { CpuCredits: 'standard' },
    Monitoring: { Enabled: true },
    MaintenanceOptions: { AutoRecovery: 'disabled' },
    BlockDeviceMappings: [
      {
        DeviceName: '/dev/xvda',
        Ebs: { VolumeSize: 20, VolumeType: 'gp3', Encrypted: true, DeleteOnTermination: false },
      },
    ],
    TagSpecifications: [{ ResourceType: 'instance', Tags: [{ Key: 'role', Value: 'web' }] }],
  };
  const kept = {
    image: data.ImageId,
    type: 't3.micro',
    key: 'ops',
    userData: UserData,
    placement: data.Placement,
    disks: data.BlockDeviceMappings,
    metadata: data.MetadataOptions,
    tags: data.TagSpecifications,
    rest: [true, 'standard', true, 'disabled'],
  };
  return {
    name: 'a launch template',
    async make(source) {
      await source.send(new CreateLaunchTemplateCommand({ LaunchTemplateName, LaunchTemplateData: data }));
    },
    async change(source) {
      const { LaunchTemplateVersion } = await source.send(
        new CreateLaunchTemplateVersionCommand({
          LaunchTemplateName,
          VersionDescription: 'larger',
          LaunchTemplateData: { ...data, InstanceType: 't3.large' },
        }),
      );
      const DefaultVersion = String(LaunchTemplateVersion?.VersionNumber);
      await source.send(new ModifyLaunchTemplateCommand({ LaunchTemplateName, DefaultVersion }));
    },
    async remove(source) {
      await source.send(new DeleteLaunchTemplateCommand({ LaunchTemplateName }));
    },
    async read(side) {
      const { LaunchTemplateVersions = [] } = await side.send(
        new DescribeLaunchTemplateVersionsCommand({ Versions: ['$Default'] }),
      );
      return LaunchTemplateVersions.map(
        ({ LaunchTemplateName: name, VersionDescription, LaunchTemplateData: now }) => ({
          name,
          description: VersionDescription,
          image: now?.ImageId,
          type: now?.InstanceType,
          key: now?.KeyName,
          userData: now?.UserData,
          placement: now?.Placement,
          disks: now?.BlockDeviceMappings,
          metadata: now?.MetadataOptions,
          tags: now?.TagSpecifications,
          rest: [
            now?.EbsOptimized,
            now?.CreditSpecification?.CpuCredits,
            now?.Monitoring?.Enabled,
            now?.MaintenanceOptions?.AutoRecovery,
          ],
        }),
      );
    },
    made: [{ name: LaunchTemplateName, description: undefined, ...kept }],
    changed: [{ name: LaunchTemplateName, description: 'larger', ...kept, type: 't3.large' }],
  };
})();
