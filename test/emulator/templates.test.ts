import {
  CreateLaunchTemplateCommand,
  CreateLaunchTemplateVersionCommand,
  DeleteLaunchTemplateCommand,
  DeleteLaunchTemplateVersionsCommand,
  DescribeLaunchTemplatesCommand,
  DescribeLaunchTemplateVersionsCommand,
  type DescribeLaunchTemplateVersionsCommandInput,
  ModifyLaunchTemplateCommand,
  paginateDescribeLaunchTemplateVersions,
  type RequestLaunchTemplateData,
} from '@aws-sdk/client-ec2';
import { expect } from 'chai';
import { Clients, HERE, must, newAccount, refusal, tagged, useEmulator } from './support';

const tags = [{ Key: 'owner', Value: 'lifeboat' }];
const data: RequestLaunchTemplateData = {
  ImageId: 'ami-12345678',
  InstanceType: 't3.micro',
  EbsOptimized: false,
  UserData: Buffer.from('#!/bin/sh\necho <hi> & "there"').toString('base64'),
  BlockDeviceMappings: [{ DeviceName: '/dev/xvda', Ebs: { VolumeSize: 8, DeleteOnTermination: true } }],
  NetworkInterfaces: [{ DeviceIndex: 0, Groups: ['sg-12345678'], PrivateIpAddress: '10.0.0.9' }],
  MetadataOptions: { HttpTokens: 'required', HttpPutResponseHopLimit: 2 },
  Placement: { GroupName: 'g', Tenancy: 'default' },
  TagSpecifications: [{ ResourceType: 'instance', Tags: tags }],
};

describe('emulator: launch templates', () => {
  const emulator = useEmulator();
  let mine: Clients;

  beforeEach(() => {
    mine = new Clients(emulator().url, newAccount(), HERE);
  });

  const make = async (LaunchTemplateName = 'web', LaunchTemplateData = data) => {
    const TagSpecifications = tagged('launch-template', { owner: 'lifeboat' });
    const input = { LaunchTemplateName, LaunchTemplateData, TagSpecifications };
    const { LaunchTemplate } = await mine.ec2.send(new CreateLaunchTemplateCommand(input));
    return must(LaunchTemplate?.LaunchTemplateId);
  };
  const add = (
    LaunchTemplateId: string,
    LaunchTemplateData: RequestLaunchTemplateData,
    SourceVersion?: string,
  ) =>
    mine.ec2.send(
      new CreateLaunchTemplateVersionCommand({ LaunchTemplateId, LaunchTemplateData, SourceVersion }),
    );
  const versions = async (input: DescribeLaunchTemplateVersionsCommandInput) =>
    must((await mine.ec2.send(new DescribeLaunchTemplateVersionsCommand(input))).LaunchTemplateVersions);

  it("a version's data comes back as it was given, without the template's own tags", async () => {
    const LaunchTemplateId = await make();
    const [version] = await versions({ LaunchTemplateId });
    expect(version?.LaunchTemplateData).to.deep.equal(data);
    expect(version).to.include({ VersionNumber: 1, DefaultVersion: true });
    const answer = await mine.ec2.send(new DescribeLaunchTemplatesCommand({}));
    expect(answer.LaunchTemplates?.[0]?.Tags).to.deep.equal(tags);
  });

  it('a version can be made on top of another; the default one is chosen and never deleted', async () => {
    const LaunchTemplateId = await make();
    await add(LaunchTemplateId, { InstanceType: 't3.small' }, '1');
    await add(LaunchTemplateId, { InstanceType: 't3.large' });
    const [three, two] = await versions({ LaunchTemplateId });
    expect(two?.LaunchTemplateData).to.include({ InstanceType: 't3.small', ImageId: 'ami-12345678' });
    expect(three?.LaunchTemplateData).to.deep.equal({ InstanceType: 't3.large' });
    await mine.ec2.send(new ModifyLaunchTemplateCommand({ LaunchTemplateId, DefaultVersion: '2' }));
    expect((await versions({ LaunchTemplateId, Versions: ['$Default'] }))[0]?.VersionNumber).to.equal(2);
    expect((await versions({ LaunchTemplateId, Versions: ['$Latest'] }))[0]?.VersionNumber).to.equal(3);
    const remove = { LaunchTemplateId, Versions: ['2', '3'] };
    const answer = await mine.ec2.send(new DeleteLaunchTemplateVersionsCommand(remove));
    expect(answer.UnsuccessfullyDeletedLaunchTemplateVersions?.[0]?.VersionNumber).to.equal(2);
    await add(LaunchTemplateId, { InstanceType: 't3.large' });
    expect((await versions({ LaunchTemplateId, Versions: ['$Latest'] }))[0]?.VersionNumber).to.equal(4);
    expect(await refusal(versions({ LaunchTemplateId, Versions: ['3'] }))).to.equal(
      'InvalidLaunchTemplateId.VersionNotFound',
    );
  });

  it('without a template, $Default answers the default versions of all, in pages', async () => {
    for (const name of ['one', 'two', 'three']) await make(name);
    const sizes: number[] = [];
    const names = new Set<string>();
    const pages = paginateDescribeLaunchTemplateVersions(
      { client: mine.ec2, pageSize: 2 },
      { Versions: ['$Default'] },
    );
    for await (const { LaunchTemplateVersions } of pages) {
      sizes.push(must(LaunchTemplateVersions).length);
      for (const version of must(LaunchTemplateVersions)) names.add(must(version.LaunchTemplateName));
    }
    expect(sizes).to.deep.equal([2, 1]);
    expect([...names]).to.deep.equal(['one', 'two', 'three']);
    expect(await refusal(versions({}))).to.equal('MissingParameter');
    expect(await refusal(versions({ Versions: ['1'] }))).to.equal('InvalidParameterValue');
  });

  it('a name is used once, has 3 to 128 characters, and what is not there says so', async () => {
    const LaunchTemplateId = await make();
    expect(await refusal(make())).to.equal('InvalidLaunchTemplateName.AlreadyExistsException');
    expect(await refusal(make('a b c'))).to.equal('InvalidLaunchTemplateName.MalformedException');
    expect(await refusal(make('bad', { UserData: 'no base64!' }))).to.equal('InvalidUserData.Malformed');
    await mine.ec2.send(new DeleteLaunchTemplateCommand({ LaunchTemplateId }));
    expect(await refusal(versions({ LaunchTemplateId }))).to.equal('InvalidLaunchTemplateId.NotFound');
    expect(await refusal(versions({ LaunchTemplateName: 'web' }))).to.equal(
      'InvalidLaunchTemplateName.NotFoundException',
    );
  });
});
