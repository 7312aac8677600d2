import {
  AddTagsToResourceCommand,
  DeleteParameterCommand,
  DescribeParametersCommand,
  GetParametersCommand,
  ListTagsForResourceCommand,
  type ParameterMetadata,
  PutParameterCommand,
  SSMClient,
} from '@aws-sdk/client-ssm';
import type { Random } from '../random';
import { comparableTags, type Part, plainTags, type Side } from './part';

const NAMES = ['/shop/url', '/shop/eu/limit', 'flag', 'a.b-c_d', '/shop/hosts'];
const VALUES = [
  'https://example.com',
  '4711',
  '  two  blanks  ',
  '{"a": [1, 2]}',
  'x'.repeat(4096),
  'née\n☁',
];

async function all(side: Side): Promise<ParameterMetadata[]> {
  return (await new SSMClient(side).send(new DescribeParametersCommand({}))).Parameters ?? [];
}

function put(side: Side, random: Random, Name: string, Overwrite: boolean) {
  const Value = Name.endsWith('hosts') ? random.pick(['a,b', 'c']) : random.pick(VALUES);
  const Description = random.pick(['', 'what it is for']);
  const ofNew = { Type: Name.endsWith('hosts') ? 'StringList' : 'String', Tags: plainTags(random) } as const;
  return new SSMClient(side).send(
    new PutParameterCommand({ Name, Value, Description, Overwrite, ...(!Overwrite && ofNew) }),
  );
}

export const parameters: Part = {
  name: 'ssm-parameter',
  async make(source, random) {
    for (const name of NAMES) await put(source, random, name, false);
    const secret = { Name: '/shop/secret', Type: 'SecureString', Value: 'hush' } as const;
    await new SSMClient(source).send(new PutParameterCommand(secret));
  },
  async change(source, random) {
    const [gone = '', ...kept] = random.shuffled(NAMES);
    for (const name of kept) {
      await put(source, random, name, true);
      const Tags = [{ Key: 'team', Value: 'other' }];
      await new SSMClient(source).send(
        new AddTagsToResourceCommand({ ResourceType: 'Parameter', ResourceId: name, Tags }),
      );
    }
    await new SSMClient(source).send(new DeleteParameterCommand({ Name: gone }));
    await put(source, random, '/shop/more', false);
  },
  async read(side) {
    const ssm = new SSMClient(side);
    const open = (await all(side)).filter(({ Type }) => Type !== 'SecureString');
    const shown = await Promise.all(
      open.map(async ({ Name = '', Type, Tier, DataType, Description }) => {
        const [{ Parameters = [] }, { TagList }] = await Promise.all([
          ssm.send(new GetParametersCommand({ Names: [Name] })),
          ssm.send(new ListTagsForResourceCommand({ ResourceType: 'Parameter', ResourceId: Name })),
        ]);
        const same = { Type, Tier, DataType, Description: Description ?? '', value: Parameters[0]?.Value };
        return [Name, { ...same, tags: comparableTags(TagList) }];
      }),
    );
    return Object.fromEntries(shown);
  },
};
