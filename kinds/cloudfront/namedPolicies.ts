import type { CloudFrontClient } from '@aws-sdk/client-cloudfront';
import { type Item, type Kind, present } from '../kind';
import { cloudFront, type Tidy, tidy } from './cloudFront';

/** A policy of CloudFront's that distributions name by its id. */
export interface NamedPolicy<Config> extends Item {
  /** Whether AWS made it: it has the same id in every account. */
  readonly isManaged: boolean;
  readonly policyName: string;
  /** Under AWS's names. Times to live in seconds. */
  readonly config: Omit<Tidy<Config>, 'Name'>;
}

/** How AWS answers one of them. */
export interface FoundPolicy<Config> {
  readonly Type?: string;
  readonly policy?: { readonly Id?: string };
  readonly config?: Config;
}

/**
 * What all sorts of them have in common: names are unique in an account, and AWS knows no tags on them.
 *
 * @param all every page of them
 */
export function namedPolicies<Config extends { Name: string | undefined }, Summary>(
  all: (client: CloudFrontClient) => Promise<Summary[]>,
  read: (summary: Summary) => FoundPolicy<Config>,
): Pick<Kind<NamedPolicy<Config>>, 'cost' | 'isGlobal' | 'list' | 'awsOwn' | 'identity'> {
  return {
    cost: 'free',
    isGlobal: true,
    async list(account) {
      const policies = await all(cloudFront(account));
      return policies.map((summary) => {
        const { Type, policy, config: found } = read(summary);
        const { Name, ...config } = present(found, 'the configuration of a policy');
        return {
          id: present(policy?.Id, 'Id'),
          tags: {},
          isManaged: present(Type, 'Type') === 'managed',
          policyName: present(Name, 'Name'),
          // The compiler does not follow that the rest of a tidy object is the tidy rest.
          config: tidy(config) as unknown as Omit<Tidy<Config>, 'Name'>,
        };
      });
    },
    awsOwn: (item) => (item.isManaged ? item.id : undefined),
    identity: (item) => item.policyName,
  };
}
