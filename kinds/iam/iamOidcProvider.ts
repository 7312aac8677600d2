import { GetOpenIDConnectProviderCommand, ListOpenIDConnectProvidersCommand } from '@aws-sdk/client-iam';
import type { OpenIdConnectProviderArgs } from '@pulumi/aws/iam/openIdConnectProvider';
import { type Item, type Kind, present, tagRecord } from '../kind';
import { resource } from '../mirrorContext';
import { perObject } from '../perObject';
import { isTrusted } from '../policies/closedPolicy';
import { iamOf } from './iamDetails';

export interface IamOidcProvider extends Item {
  readonly arn: string;
  /** What tokens must be made out to. */
  readonly clientIds: readonly string[];
  /** SHA-1 of the certificates that its keys are fetched under. */
  readonly thumbprints: readonly string[];
}

/** A provider of web identities. Whoever it vouches for gets in, so only what `lifeboat:trust` names is mirrored. */
export const iamOidcProvider: Kind<IamOidcProvider> = {
  name: 'iam-oidc-provider',
  title: 'IAM OpenID Connect provider',
  cost: 'free',
  isGlobal: true,
  types: ['aws:iam/openIdConnectProvider:OpenIdConnectProvider'],
  iamActions: ['iam:ListOpenIDConnectProviders', 'iam:GetOpenIDConnectProvider'],

  async list(account) {
    const client = iamOf(account);
    // AWS allows 100 of them, and answers all at once.
    const { OpenIDConnectProviderList } = await client.send(new ListOpenIDConnectProvidersCommand({}));
    return Promise.all(
      present(OpenIDConnectProviderList, 'OpenIDConnectProviderList').map(async ({ Arn }) => {
        const arn = present(Arn, 'Arn');
        const found = await perObject(client, () =>
          client.send(new GetOpenIDConnectProviderCommand({ OpenIDConnectProviderArn: arn })),
        );
        return {
          // Its URL, as its ARN ends.
          id: arn.slice(arn.indexOf('/') + 1),
          tags: tagRecord(found.Tags),
          arn,
          clientIds: [...present(found.ClientIDList, 'ClientIDList')].sort(),
          thumbprints: [...present(found.ThumbprintList, 'ThumbprintList')].sort(),
        };
      }),
    );
  },

  skip: (item, { trusted }) => (isTrusted(item.arn, trusted) ? undefined : 'lifeboat:trust does not name it'),

  mirror: (item, ctx) =>
    resource<OpenIdConnectProviderArgs>('aws:iam/openIdConnectProvider:OpenIdConnectProvider', {
      url: `https://${item.id}`,
      clientIdLists: [...item.clientIds],
      thumbprintLists: [...item.thumbprints],
      tags: ctx.tags(item),
    }),

  identity: (item) => item.id,

  taggedWhenMade: true,

  importId: (item) => item.arn,

  danger(item, former) {
    if (!former) return undefined;
    const added = (['clientIds', 'thumbprints'] as const).flatMap((field) =>
      item[field].filter((value) => !former[field].includes(value)),
    );
    return added.length > 0 ? `takes tokens by ${added.join(', ')} now` : undefined;
  },

  quotas: [{ service: 'iam', code: 'L-858F3967', name: 'OpenId connect providers per account' }],
};
