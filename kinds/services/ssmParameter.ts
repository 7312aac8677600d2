import {
  GetParametersCommand,
  ListTagsForResourceCommand,
  type Parameter,
  paginateDescribeParameters,
  SSMClient,
} from '@aws-sdk/client-ssm';
import type { ParameterArgs } from '@pulumi/aws/ssm/parameter';
import { allPages, type Item, type Kind, present, tagRecord } from '../kind';
import { type MirrorContext, resource } from '../mirrorContext';
import { inParts, perObject } from '../perObject';
import { policyInDr } from '../policies/policyDocument';

/** A parameter of Parameter Store, by its name. */
export interface SsmParameter extends Item {
  /** `String`, `StringList` or `SecureString`. */
  readonly parameterType: string;
  /** `Standard` or `Advanced`. */
  readonly tier: string;
  /** `text`, or what AWS checks the value to be: `aws:ec2:image`. */
  readonly dataType: string;
  readonly description?: string;
  readonly allowedPattern?: string;
  /** Of a SecureString never asked for. What configures machines may hold a password all the same: it is printed nowhere. */
  readonly value?: string;
}

const SECURE = 'SecureString';
const IMAGE = 'aws:ec2:image';

/** Parameters in one page. https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_DescribeParameters.html */
const PAGE = 50;
/** Names in one call. https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParameters.html */
const VALUES_AT_ONCE = 10;
/** Our tag holds the name. */
const LONGEST_TAG = 256;

/** A parameter of a type that is no secret, in the tier that costs nothing. */
export const ssmParameter: Kind<SsmParameter> = {
  name: 'ssm-parameter',
  title: 'SSM parameter',
  cost: 'free',
  types: ['aws:ssm/parameter:Parameter'],
  iamActions: ['ssm:DescribeParameters', 'ssm:GetParameters', 'ssm:ListTagsForResource'],

  async list(account) {
    const client = account.client(SSMClient);
    const found = await allPages(
      paginateDescribeParameters({ client, pageSize: PAGE }, {}),
      (page) => page.Parameters,
    );
    const names = found.map(({ Name }) => present(Name, 'Name'));
    const open = names.filter((_, index) => found[index]?.Type !== SECURE);
    const [values, tags] = await Promise.all([
      Promise.all(inParts(open, VALUES_AT_ONCE).map((part) => valuesOf(client, part))),
      Promise.all(names.map((name) => tagsOf(client, name))),
    ]);
    const byName = new Map(values.flat().map(({ Name, Value }) => [Name, Value]));
    return found.map((each, index) => {
      const id = present(each.Name, 'Name');
      return {
        id,
        tags: tags[index] ?? {},
        parameterType: present(each.Type, 'Type'),
        tier: present(each.Tier, 'Tier'),
        dataType: present(each.DataType, 'DataType'),
        description: each.Description || undefined,
        allowedPattern: each.AllowedPattern || undefined,
        value: each.Type === SECURE ? undefined : present(byName.get(id), `the value of ${id}`),
      };
    });
  },

  skip({ id, parameterType, tier, dataType, value = '' }, { find }) {
    if (parameterType === SECURE) return 'it is a secret, which is never read: put its value into DR by hand';
    if (tier !== 'Standard') return `it is of the tier ${tier}, which is billed`;
    if (id.length > LONGEST_TAG) return `its name is longer than the ${LONGEST_TAG} characters of a tag`;
    return dataType === IMAGE && !find('image', value)
      ? 'it names an image of the source that no launch template names'
      : undefined;
  },

  mirror: (item, ctx) => ({
    ...resource<ParameterArgs>('aws:ssm/parameter:Parameter', {
      name: item.id,
      type: item.parameterType,
      tier: item.tier,
      dataType: item.dataType,
      description: item.description,
      allowedPattern: item.allowedPattern,
      value: valueInDr(item, ctx),
      tags: ctx.tags(item),
    }),
    // AWS changes no parameter's type, and the provider asks it to.
    replaceOnChanges: ['type'],
  }),

  identity: (item) => item.id,
  taggedWhenMade: true,
  secrets: ['value'],

  fixed: (item) => [item.id, item.parameterType, item.dataType],

  // What machines are configured by changes every day. Which image they are launched from does not.
  danger: (item, former) =>
    item.dataType === IMAGE && former?.value !== undefined && former.value !== item.value
      ? 'names another image than was accepted'
      : undefined,

  quotas: [{ service: 'ssm', name: 'Standard parameters per account and Region', documented: 10_000 }],
};

/** The value with ids, ARNs, account and region as DR has them, where it holds any. */
function valueInDr({ dataType, value = '' }: SsmParameter, ctx: MirrorContext) {
  if (dataType === IMAGE) return ctx.ref('image', value);
  const { document, foreign } = policyInDr(value, ctx);
  if (foreign.length > 0) ctx.note('has a value that names what only the source has, as it is');
  // A value with references in it is a secret too: the provider says so of the argument.
  return typeof document === 'string'
    ? ctx.secret(document)
    : (document as ReturnType<MirrorContext['secret']>);
}

async function valuesOf(client: SSMClient, Names: string[]): Promise<Parameter[]> {
  const { Parameters } = await perObject(client, () =>
    client.send(new GetParametersCommand({ Names, WithDecryption: false })),
  );
  return present(Parameters, 'Parameters');
}

async function tagsOf(client: SSMClient, ResourceId: string): Promise<Record<string, string>> {
  const { TagList } = await perObject(client, () =>
    client.send(new ListTagsForResourceCommand({ ResourceType: 'Parameter', ResourceId })),
  );
  return tagRecord(present(TagList, 'TagList'));
}
