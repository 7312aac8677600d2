import {
  GetTopicAttributesCommand,
  ListTagsForResourceCommand,
  paginateListTopics,
  SNSClient,
} from '@aws-sdk/client-sns';
import type { Account } from '../../accounts';
import { allPages, once, present, tagRecord } from '../kind';
import { perObject } from '../perObject';

/** A topic as Amazon SNS answers it. */
export interface FoundTopic {
  readonly name: string;
  readonly arn: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/** The permissions of `topics`. */
export const TOPIC_ACTIONS = ['sns:ListTopics', 'sns:GetTopicAttributes'] as const;

/** All topics of a region with their attributes, asked once for all kinds that are made of them. */
export function topics(account: Account): Promise<FoundTopic[]> {
  return once(account, 'ListTopics', async () => {
    const client = account.client(SNSClient);
    const listed = await allPages(paginateListTopics({ client }, {}), (page) => page.Topics);
    return Promise.all(
      listed.map(async ({ TopicArn }) => {
        const arn = present(TopicArn, 'TopicArn');
        const { Attributes } = await perObject(client, () =>
          client.send(new GetTopicAttributesCommand({ TopicArn: arn })),
        );
        return {
          name: present(arn.split(':')[5], 'name'),
          arn,
          attributes: present(Attributes, 'Attributes'),
        };
      }),
    );
  });
}

/** The tags of a topic. */
export async function topicTags(account: Account, ResourceArn: string): Promise<Record<string, string>> {
  const client = account.client(SNSClient);
  const { Tags } = await perObject(client, () =>
    client.send(new ListTagsForResourceCommand({ ResourceArn })),
  );
  return tagRecord(present(Tags, 'Tags'));
}
