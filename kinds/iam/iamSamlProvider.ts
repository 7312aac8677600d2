import { GetSAMLProviderCommand, ListSAMLProvidersCommand } from '@aws-sdk/client-iam';
import type { SamlProviderArgs } from '@pulumi/aws/iam/samlProvider';
import { type Item, type Kind, present, tagRecord } from '../kind';
import { resource } from '../mirrorContext';
import { perObject } from '../perObject';
import { isTrusted } from '../policies/closedPolicy';
import { iamOf } from './iamDetails';

export interface IamSamlProvider extends Item {
  readonly arn: string;
  /** XML with the certificates by which it is believed. A secret. */
  readonly metadata: string;
}

/** A provider of identities by SAML. Whoever it vouches for gets in, so only what `lifeboat:trust` names is mirrored. */
export const iamSamlProvider: Kind<IamSamlProvider> = {
  name: 'iam-saml-provider',
  title: 'IAM SAML provider',
  cost: 'free',
  isGlobal: true,
  types: ['aws:iam/samlProvider:SamlProvider'],
  iamActions: ['iam:ListSAMLProviders', 'iam:GetSAMLProvider'],

  async list(account) {
    const client = iamOf(account);
    // AWS allows 100 of them, and answers all at once.
    const { SAMLProviderList } = await client.send(new ListSAMLProvidersCommand({}));
    return Promise.all(
      present(SAMLProviderList, 'SAMLProviderList').map(async ({ Arn }) => {
        const arn = present(Arn, 'Arn');
        const found = await perObject(client, () =>
          client.send(new GetSAMLProviderCommand({ SAMLProviderArn: arn })),
        );
        return {
          id: arn.slice(arn.indexOf('/') + 1),
          tags: tagRecord(found.Tags),
          arn,
          metadata: present(found.SAMLMetadataDocument, 'SAMLMetadataDocument'),
        };
      }),
    );
  },

  secrets: ['metadata'],

  skip: (item, { trusted }) => (isTrusted(item.arn, trusted) ? undefined : 'lifeboat:trust does not name it'),

  mirror: (item, ctx) =>
    resource<SamlProviderArgs>('aws:iam/samlProvider:SamlProvider', {
      name: item.id,
      samlMetadataDocument: item.metadata,
      tags: ctx.tags(item),
    }),

  identity: (item) => item.id,

  taggedWhenMade: true,

  importId: (item) => item.arn,

  danger: (item, former) =>
    former !== undefined && item.metadata !== former.metadata
      ? 'has other metadata than was accepted: others may vouch for who comes in'
      : undefined,

  quotas: [{ service: 'iam', code: 'L-DB618D39', name: 'SAML providers per account' }],
};
