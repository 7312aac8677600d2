import { GetPolicyCommand } from '@aws-sdk/client-iam';
import type { PolicyArgs } from '@pulumi/aws/iam/policy';
import { type Item, type Kind, present, tagRecord } from '../kind';
import { resource } from '../mirrorContext';
import { perObject } from '../perObject';
import { DETAILS_ACTION, defaultDocument, iamDetails, iamOf } from './iamDetails';
import { documentInDr, unfit } from './iamDocument';
import { isOnlyLess } from './iamInlinePolicies';
import { notMirrored, pathInDr, pathOfSource } from './iamPath';

export interface IamPolicy extends Item {
  readonly arn: string;
  readonly path: string;
  readonly description?: string;
  /** The default version's, as JSON text. A secret. Other versions stay in the source. */
  readonly document: string;
}

/** AWS's limit of characters of a managed policy, white space not counted. */
const LIMIT = 6_144;

/** A customer-managed policy as its default version has it. */
export const iamPolicy: Kind<IamPolicy> = {
  name: 'iam-policy',
  title: 'IAM policy',
  cost: 'free',
  isGlobal: true,
  types: ['aws:iam/policy:Policy'],
  iamActions: [DETAILS_ACTION, 'iam:GetPolicy'],

  async list(account) {
    const { policies } = await iamDetails(account);
    const client = iamOf(account);
    return Promise.all(
      policies.map(async (found) => {
        const arn = present(found.Arn, 'Arn');
        // It alone tells descriptions and tags.
        const { Policy } = await perObject(client, () =>
          client.send(new GetPolicyCommand({ PolicyArn: arn })),
        );
        const policy = present(Policy, 'Policy');
        return {
          id: present(found.PolicyName, 'PolicyName'),
          tags: tagRecord(policy.Tags),
          arn,
          path: present(found.Path, 'Path'),
          description: policy.Description || undefined,
          document: defaultDocument(found),
        };
      }),
    );
  },

  secrets: ['document'],

  skip: (item, options) => notMirrored(item) ?? unfit(item.document, LIMIT, options),

  mirror: (item, ctx) =>
    resource<PolicyArgs>('aws:iam/policy:Policy', {
      name: item.id,
      path: pathInDr(item.path),
      description: item.description,
      policy: documentInDr(item.document, ctx),
      tags: ctx.tags(item),
    }),

  // IAM knows no two of one name, whatever their case and path.
  identity: (item) => item.id.toLowerCase(),

  taggedWhenMade: true,

  importId: (item) => item.arn,

  // AWS changes no description.
  fixed: (item) => [item.id, pathOfSource(item.path) ?? item.path, item.description],

  danger: (item, former) =>
    former === undefined || isOnlyLess(item.document, former.document)
      ? undefined
      : 'has another document than was accepted',

  quotas: [{ service: 'iam', code: 'L-E95E4862', name: 'Customer managed policies per account' }],
};
