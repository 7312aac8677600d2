import {
  CreateTopicCommand,
  DeleteTopicCommand,
  GetTopicAttributesCommand,
  ListTopicsCommand,
  SetTopicAttributesCommand,
  SNSClient,
  SubscribeCommand,
} from '@aws-sdk/client-sns';
import { DR, SOURCE, type Stage } from '../../../scripts/demo/stage';
import type { Subject } from './subject';

type Side = ReturnType<Stage['client']>;

const ALARMS = 'lifeboat-alarms';
const arn = ({ account, region }: { account: string; region: string }, name: string) =>
  `arn:aws:sns:${region}:${account}:${name}`;

/** Topics of both sorts, one with a policy that lets in a service, a role of the source, and an outsider. */
export const snsTopics: Subject<Side> = (() => {
  const policy = (more: readonly object[]) => ({
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'Buckets',
        Effect: 'Allow',
        Principal: { Service: 's3.amazonaws.com' },
        Action: 'SNS:Publish',
        Resource: arn(SOURCE, 'uploads'),
      },
      {
        Sid: 'Owner',
        Effect: 'Allow',
        Principal: { AWS: '*' },
        Action: 'SNS:Publish',
        Resource: arn(SOURCE, 'uploads'),
        Condition: { StringEquals: { 'AWS:SourceOwner': SOURCE.account } },
      },
      ...more,
    ],
  });
  const outsider = {
    Sid: 'Outsider',
    Effect: 'Allow',
    Principal: { AWS: 'arn:aws:iam::333333333333:root' },
    Action: 'SNS:Subscribe',
    Resource: arn(SOURCE, 'uploads'),
  };
  const set = (side: Side, name: string, AttributeName: string, AttributeValue: string) =>
    new SNSClient(side).send(
      new SetTopicAttributesCommand({ TopicArn: arn(SOURCE, name), AttributeName, AttributeValue }),
    );
  const inDr = [
    {
      Sid: 'Buckets',
      Effect: 'Allow',
      Principal: { Service: ['s3.amazonaws.com'] },
      Action: 'SNS:Publish',
      Resource: arn(DR, 'uploads'),
      Condition: { StringEquals: { 'aws:SourceAccount': DR.account } },
    },
    {
      Sid: 'Owner',
      Effect: 'Allow',
      Principal: { AWS: `arn:aws:iam::${DR.account}:root` },
      Action: 'SNS:Publish',
      Resource: arn(DR, 'uploads'),
    },
  ];
  const uploads = { name: 'uploads', display: 'Uploads', key: undefined, fifo: undefined, once: undefined };
  const orders = { name: 'orders.fifo', display: '', key: 'alias/aws/sns', fifo: 'true', once: 'true' };
  return {
    name: 'topics',
    async make(source) {
      const sns = new SNSClient(source);
      await sns.send(new CreateTopicCommand({ Name: 'uploads', Tags: [{ Key: 'team', Value: 'web' }] }));
      await set(source, 'uploads', 'DisplayName', 'Uploads');
      await set(source, 'uploads', 'KmsMasterKeyId', 'alias/ours');
      await set(source, 'uploads', 'Policy', JSON.stringify(policy([outsider])));
      await sns.send(
        new SubscribeCommand({
          TopicArn: arn(SOURCE, 'uploads'),
          Protocol: 'email',
          Endpoint: 'somebody@example.com',
        }),
      );
      const Attributes = { FifoTopic: 'true', ContentBasedDeduplication: 'true' };
      await sns.send(new CreateTopicCommand({ Name: 'orders.fifo', Attributes }));
      await set(source, 'orders.fifo', 'KmsMasterKeyId', 'alias/aws/sns');
    },
    async change(source) {
      await set(source, 'uploads', 'DisplayName', 'All uploads');
      await set(
        source,
        'uploads',
        'Policy',
        JSON.stringify(
          policy([{ ...outsider, Principal: { AWS: `arn:aws:iam::${SOURCE.account}:role/app` } }]),
        ),
      );
      await set(source, 'orders.fifo', 'ContentBasedDeduplication', 'false');
      await set(source, 'orders.fifo', 'KmsMasterKeyId', '');
    },
    async remove(source) {
      for (const name of ['uploads', 'orders.fifo'])
        await new SNSClient(source).send(new DeleteTopicCommand({ TopicArn: arn(SOURCE, name) }));
    },
    async read(side) {
      const sns = new SNSClient(side);
      const { Topics = [] } = await sns.send(new ListTopicsCommand({}));
      const found = Topics.filter(({ TopicArn }) => !TopicArn?.endsWith(ALARMS));
      const shown = await Promise.all(
        found.map(async ({ TopicArn = '' }) => {
          const { Attributes = {} } = await sns.send(new GetTopicAttributesCommand({ TopicArn }));
          const name = TopicArn.split(':').at(-1);
          return {
            name,
            display: Attributes.DisplayName,
            key: Attributes.KmsMasterKeyId,
            fifo: Attributes.FifoTopic,
            once: Attributes.ContentBasedDeduplication,
            policy: name === 'uploads' ? JSON.parse(Attributes.Policy ?? '{}').Statement : undefined,
          };
        }),
      );
      return shown.sort((a, b) => ((a.name ?? '') < (b.name ?? '') ? -1 : 1));
    },
    made: [
      { ...orders, policy: undefined },
      { ...uploads, policy: inDr },
    ],
    changed: [
      { ...orders, key: undefined, once: 'false', policy: undefined },
      {
        ...uploads,
        display: 'All uploads',
        policy: [
          ...inDr,
          {
            Sid: 'Outsider',
            Effect: 'Allow',
            Principal: { AWS: `arn:aws:iam::${DR.account}:root` },
            Action: 'SNS:Subscribe',
            Resource: arn(DR, 'uploads'),
            Condition: {
              ArnEquals: { 'aws:PrincipalArn': [`arn:aws:iam::${DR.account}:role/lifeboat/app`] },
            },
          },
        ],
      },
    ],
  };
})();
