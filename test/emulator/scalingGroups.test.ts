import {
  AutoScalingClient,
  CreateAutoScalingGroupCommand,
  DescribeAutoScalingGroupsCommand,
} from '@aws-sdk/client-auto-scaling';
import { CreateLaunchTemplateCommand } from '@aws-sdk/client-ec2';
import { expect } from 'chai';
import { Clients, HERE, newAccount, refusal, useEmulator } from './support';

describe('emulator: Auto Scaling groups', () => {
  const emulator = useEmulator();

  it('are listed in pages of the size that is asked for, a hundred at most', async () => {
    const mine = new Clients(emulator().url, newAccount(), HERE);
    const client = mine.once(AutoScalingClient);
    await mine.ec2.send(
      new CreateLaunchTemplateCommand({
        LaunchTemplateName: 'web',
        LaunchTemplateData: { InstanceType: 't3.micro' },
      }),
    );
    for (const AutoScalingGroupName of ['one', 'two', 'three'])
      await client.send(
        new CreateAutoScalingGroupCommand({
          AutoScalingGroupName,
          MinSize: 0,
          MaxSize: 0,
          AvailabilityZones: [`${HERE}a`],
          LaunchTemplate: { LaunchTemplateName: 'web' },
        }),
      );
    const page = (input: { MaxRecords?: number; NextToken?: string }) =>
      client.send(new DescribeAutoScalingGroupsCommand(input));
    const first = await page({ MaxRecords: 2 });
    expect(first.AutoScalingGroups).to.have.length(2);
    const rest = await page({ MaxRecords: 2, NextToken: first.NextToken });
    expect(rest.AutoScalingGroups).to.have.length(1);
    expect(rest.NextToken).to.equal(undefined);
    expect(await refusal(page({ MaxRecords: 101 }))).to.contain('ValidationError');
    expect(await refusal(page({ NextToken: 'one' }))).to.contain('InvalidNextToken');
  });
});
