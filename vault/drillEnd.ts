import * as iam from '@pulumi/aws/iam';
import type * as pulumi from '@pulumi/pulumi';
import { vaultNames } from '../names';
import { drillEndPolicy, drillEndTrust } from './drillPolicy';
import type { VaultSettings } from './settings';

/** What the role is made with. */
export interface DrillEndArgs {
  readonly settings: VaultSettings;
  /** ARN of the boundary of the vault's roles. */
  readonly boundary: pulumi.Output<string>;
  /** The options of what lasts. See Vault. */
  kept(found?: string): pulumi.CustomResourceOptions;
}

/** Makes the role by which AWS ends the machines of a drill that nobody ends any more. */
export function makeDrillEnd({ settings, boundary, kept }: DrillEndArgs): void {
  const name = vaultNames(settings.drAccount, settings.drRegion).drillEndRole;
  const role = new iam.Role(
    `${name}-role`,
    {
      name,
      description: 'Lifeboat: ends the machines of a drill whose time is up',
      assumeRolePolicy: JSON.stringify(drillEndTrust(settings)),
      permissionsBoundary: boundary,
    },
    kept(`${name}-role`),
  );
  new iam.RolePolicy(
    `${name}-may-end-drills`,
    { role: role.name, name: 'end-drills', policy: JSON.stringify(drillEndPolicy(settings)) },
    kept(),
  );
}
