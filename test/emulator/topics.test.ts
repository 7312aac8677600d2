import {
  CreateTopicCommand,
  GetTopicAttributesCommand,
  ListTagsForResourceCommand,
  ListTopicsCommand,
  SetTopicAttributesCommand,
  SNSClient,
  TagResourceCommand,
} from '@aws-sdk/client-sns';
import { expect } from 'chai';
import { Clients, HERE, newAccount, refusal, useEmulator } from './support';

describe('emulator: topics', () => {
  const emulator = useEmulator();
  let mine: Clients;

  beforeEach(() => {
    mine = new Clients(emulator().url, newAccount(), HERE);
  });

  const sns = () => mine.once(SNSClient);
  const make = async (
    Name: string,
    Attributes: Record<string, string> = {},
    tags: Record<string, string> = {},
  ) => {
    const Tags = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
    return (await sns().send(new CreateTopicCommand({ Name, Attributes, Tags }))).TopicArn;
  };
  const set = (TopicArn: string | undefined, AttributeName: string, AttributeValue: string) =>
    sns().send(new SetTopicAttributesCommand({ TopicArn, AttributeName, AttributeValue }));
  const attributes = async (TopicArn: string | undefined) =>
    (await sns().send(new GetTopicAttributesCommand({ TopicArn }))).Attributes;

  it('shows what was set, and nothing of what was not or was emptied', async () => {
    const topic = await make('web');
    expect(await attributes(topic)).to.not.have.any.keys('DeliveryPolicy', 'KmsMasterKeyId', 'FifoTopic');
    for (const [name, value] of [
      ['SignatureVersion', '2'],
      ['TracingConfig', 'Active'],
      ['KmsMasterKeyId', 'alias/aws/sns'],
    ] as const)
      await set(topic, name, value);
    expect(await attributes(topic)).to.include({ SignatureVersion: '2', TracingConfig: 'Active' });
    await set(topic, 'KmsMasterKeyId', '');
    expect(await attributes(topic)).to.not.have.property('KmsMasterKeyId');
  });

  it('refuses what a topic does not have, and a policy that is none', async () => {
    const topic = await make('web');
    expect(await refusal(set(topic, 'Colour', 'red'))).to.contain('InvalidParameter');
    expect(await refusal(set(topic, 'ContentBasedDeduplication', 'true'))).to.contain('InvalidParameter');
    expect(await refusal(set(topic, 'Policy', '{"Version":"2012-10-17","Statement":[]}'))).to.contain(
      'InvalidParameter',
    );
    expect(await refusal(set(topic, 'TracingConfig', 'Loud'))).to.contain('InvalidParameter');
    const fifo = await make('web.fifo', { FifoTopic: 'true' });
    expect(await attributes(fifo)).to.include({ FifoTopic: 'true', ContentBasedDeduplication: 'false' });
    await set(fifo, 'ContentBasedDeduplication', 'true');
    expect(await attributes(fifo)).to.include({ ContentBasedDeduplication: 'true' });
  });

  it('a second topic of a name is the first, unless it asks for something else', async () => {
    const topic = await make('web', {}, { team: 'web' });
    expect(await make('web')).to.equal(topic);
    expect(await refusal(make('web', {}, { team: 'shop' }))).to.contain('InvalidParameter');
    expect(await refusal(make('web', { DisplayName: 'x' }))).to.contain('InvalidParameter');
  });

  it('keeps to AWS’s limits of tags and topics', async () => {
    const topic = await make('web', {}, { team: 'web' });
    const tag = (Key: string, Value: string) =>
      sns().send(new TagResourceCommand({ ResourceArn: topic, Tags: [{ Key, Value }] }));
    expect(await refusal(tag('aws:x', ''))).to.contain('InvalidParameter');
    expect(await refusal(tag('x', '\u2603'))).to.contain('InvalidParameter');
    await tag('owner', 'ops');
    const { Tags } = await sns().send(new ListTagsForResourceCommand({ ResourceArn: topic }));
    expect(Tags).to.have.length(2);
    await emulator().config({ quotas: { 'L-61103206': 1 } });
    expect(await refusal(make('more'))).to.contain('TopicLimitExceeded');
    await emulator().config({ quotas: {} });
  });

  it('are listed a hundred at a time', async () => {
    for (let each = 0; each < 101; each++) await make(`topic-${each}`);
    const first = await sns().send(new ListTopicsCommand({}));
    expect(first.Topics).to.have.length(100);
    const rest = await sns().send(new ListTopicsCommand({ NextToken: first.NextToken }));
    expect(rest.Topics).to.have.length(1);
    expect(rest.NextToken).to.equal(undefined);
    expect(await refusal(sns().send(new ListTopicsCommand({ NextToken: 'x' })))).to.contain(
      'InvalidParameter',
    );
  });
});
