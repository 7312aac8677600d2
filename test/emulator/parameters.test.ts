import {
  AddTagsToResourceCommand,
  DeleteParameterCommand,
  DescribeParametersCommand,
  GetParameterCommand,
  GetParametersCommand,
  ListTagsForResourceCommand,
  PutParameterCommand,
  type PutParameterCommandInput,
  SSMClient,
} from '@aws-sdk/client-ssm';
import { expect } from 'chai';
import { Clients, HERE, newAccount, refusal, useEmulator } from './support';

describe('emulator: parameters', () => {
  const emulator = useEmulator();
  let mine: Clients;

  beforeEach(() => {
    mine = new Clients(emulator().url, newAccount(), HERE);
  });

  const ssm = () => mine.once(SSMClient);
  const put = (Name: string, more: Partial<PutParameterCommandInput> = {}) =>
    ssm().send(new PutParameterCommand({ Name, Type: 'String', Value: 'x', ...more }));

  it('refuses names, sizes and values as AWS does', async () => {
    expect(await refusal(put('a b'))).to.equal('ValidationException');
    expect(await refusal(put('app/url'))).to.equal('ValidationException');
    expect(await refusal(put(`/${'a/'.repeat(15)}b`))).to.equal('HierarchyLevelLimitExceededException');
    expect(await refusal(put('/app/large', { Value: 'x'.repeat(4097) }))).to.equal('ValidationException');
    expect(await refusal(put('/app/large', { Value: 'x'.repeat(4097), Tier: 'Advanced' }))).to.equal('none');
    expect(await refusal(put('/app/p', { AllowedPattern: '^[0-9]+$' }))).to.equal(
      'ParameterPatternMismatchException',
    );
    expect(await refusal(put('/app/image', { DataType: 'aws:ec2:image' }))).to.equal('ValidationException');
  });

  it('is overwritten when that is asked for, and never becomes of another type', async () => {
    await put('/app/url', { Description: 'where', DataType: 'text' });
    expect(await refusal(put('/app/url'))).to.equal('ParameterAlreadyExists');
    expect(await refusal(put('/app/url', { Type: 'StringList', Overwrite: true }))).to.equal(
      'HierarchyTypeMismatchException',
    );
    await put('/app/url', { Value: 'y', Overwrite: true });
    const { Parameters } = await ssm().send(new DescribeParametersCommand({}));
    expect(Parameters?.[0]).to.deep.include({ Version: 2, Description: 'where', Tier: 'Standard' });
    expect(Parameters?.[0]).to.not.have.property('Value');
  });

  it('takes its tags with it when it goes', async () => {
    const tags = async () =>
      (await ssm().send(new ListTagsForResourceCommand({ ResourceType: 'Parameter', ResourceId: 'flag' })))
        .TagList;
    await put('flag', { Tags: [{ Key: 'team', Value: 'web' }] });
    expect(await tags()).to.deep.equal([{ Key: 'team', Value: 'web' }]);
    await ssm().send(new DeleteParameterCommand({ Name: 'flag' }));
    expect(await refusal(ssm().send(new DeleteParameterCommand({ Name: 'flag' })))).to.equal(
      'ParameterNotFound',
    );
    await put('flag');
    expect(await tags()).to.deep.equal([]);
    const Tags = [{ Key: 'aws:x', Value: '' }];
    const tag = new AddTagsToResourceCommand({ ResourceType: 'Parameter', ResourceId: 'flag', Tags });
    expect(await refusal(ssm().send(tag))).to.equal('ValidationException');
  });

  it('are listed fifty at most, without AWS’s own, and read ten at a time', async () => {
    const Name = '/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64';
    await ssm()
      .send(new GetParameterCommand({ Name }))
      .catch(() => undefined);
    const names = Array.from({ length: 51 }, (_, each) => `/app/${each}`);
    for (const name of names) await put(name);
    const first = await ssm().send(new DescribeParametersCommand({ MaxResults: 50 }));
    expect(first.Parameters).to.have.length(50);
    const rest = await ssm().send(
      new DescribeParametersCommand({ MaxResults: 50, NextToken: first.NextToken }),
    );
    expect(rest.Parameters).to.have.length(1);
    expect(rest.NextToken).to.equal(undefined);
    expect(await refusal(ssm().send(new DescribeParametersCommand({ MaxResults: 51 })))).to.equal(
      'ValidationException',
    );
    expect(await refusal(ssm().send(new GetParametersCommand({ Names: names.slice(0, 11) })))).to.equal(
      'ValidationException',
    );
    const ten = await ssm().send(new GetParametersCommand({ Names: names.slice(0, 10) }));
    expect(ten.Parameters).to.have.length(10);
  });
});
