import {
  AddTagsToResourceCommand,
  DeleteParameterCommand,
  DescribeParametersCommand,
  GetParametersCommand,
  PutParameterCommand,
  SSMClient,
} from '@aws-sdk/client-ssm';
import { DR, SOURCE, type Stage } from '../../../scripts/demo/stage';
import type { Subject } from './subject';

type Side = ReturnType<Stage['client']>;

/** Parameters of each type; one names a topic by its ARN, one becomes of another type, and one is a secret, which stays where it is. */
export const ssmParameters: Subject<Side> = (() => {
  const topic = ({ account, region }: { account: string; region: string }) =>
    `arn:aws:sns:${region}:${account}:orders`;
  const shown = (name: string, type: string, value: string, more: object = {}) => ({
    name,
    type,
    value,
    description: undefined,
    pattern: undefined,
    ...more,
  });
  const url = { description: 'where it is', pattern: '^https:' };
  return {
    name: 'parameters',
    hidden: ['https://example.org'],
    async make(source) {
      const ssm = new SSMClient(source);
      await ssm.send(
        new PutParameterCommand({
          Name: '/app/url',
          Type: 'String',
          Value: 'https://example.com',
          Description: 'where it is',
          AllowedPattern: '^https:',
          Tags: [{ Key: 'team', Value: 'web' }],
        }),
      );
      await ssm.send(new PutParameterCommand({ Name: 'hosts', Type: 'StringList', Value: 'a,b' }));
      await ssm.send(new PutParameterCommand({ Name: '/app/topic', Type: 'String', Value: topic(SOURCE) }));
      await ssm.send(new PutParameterCommand({ Name: '/app/password', Type: 'SecureString', Value: 'hush' }));
    },
    async change(source) {
      const ssm = new SSMClient(source);
      await ssm.send(
        new PutParameterCommand({ Name: '/app/url', Value: 'https://example.org', Overwrite: true }),
      );
      await ssm.send(
        new AddTagsToResourceCommand({
          ResourceType: 'Parameter',
          ResourceId: '/app/url',
          Tags: [{ Key: 'team', Value: 'shop' }],
        }),
      );
      await ssm.send(new DeleteParameterCommand({ Name: 'hosts' }));
      await ssm.send(new PutParameterCommand({ Name: 'hosts', Type: 'String', Value: 'c' }));
    },
    async remove(source) {
      for (const Name of ['/app/url', 'hosts', '/app/topic', '/app/password'])
        await new SSMClient(source).send(new DeleteParameterCommand({ Name }));
    },
    async read(side) {
      const ssm = new SSMClient(side);
      const { Parameters: all = [] } = await ssm.send(new DescribeParametersCommand({}));
      if (all.length === 0) return [];
      const Names = all.flatMap(({ Name }) => Name ?? []);
      const { Parameters = [] } = await ssm.send(new GetParametersCommand({ Names }));
      return all
        .map(({ Name = '', Type = '', Description, AllowedPattern }) => {
          const value = Parameters.find((each) => each.Name === Name)?.Value ?? '';
          return shown(Name, Type, value, { description: Description, pattern: AllowedPattern });
        })
        .sort((a, b) => (a.name < b.name ? -1 : 1));
    },
    made: [
      shown('/app/topic', 'String', topic(DR)),
      shown('/app/url', 'String', 'https://example.com', url),
      shown('hosts', 'StringList', 'a,b'),
    ],
    changed: [
      shown('/app/topic', 'String', topic(DR)),
      shown('/app/url', 'String', 'https://example.org', url),
      shown('hosts', 'String', 'c'),
    ],
  };
})();
