import * as iam from '@pulumi/aws/iam';
import type * as pulumi from '@pulumi/pulumi';
import { vaultNames } from '../names';
import { probeRolePolicy, probeTrust } from './probePolicy';
import type { VaultSettings } from './settings';

/** What the role is made with. */
export interface ProbeArgs {
  readonly settings: VaultSettings;
  /** ARN of the boundary of the vault's roles. */
  readonly boundary: pulumi.Output<string>;
  /** The options of what lasts. See Vault. */
  kept(found?: string): pulumi.CustomResourceOptions;
}

/** Makes the role of the functions by which a recovery probes ports from inside a VPC. The functions are made by `recover`, and gone with it. */
export function makeProbe({ settings, boundary, kept }: ProbeArgs): void {
  const name = vaultNames(settings.drAccount, settings.drRegion).probeRole;
  const role = new iam.Role(
    `${name}-role`,
    {
      name,
      description: 'Lifeboat: probes ports in a recovery',
      assumeRolePolicy: JSON.stringify(probeTrust(settings)),
      permissionsBoundary: boundary,
    },
    kept(`${name}-role`),
  );
  new iam.RolePolicy(
    `${name}-may-have-interfaces`,
    { role: role.name, name: 'interfaces', policy: JSON.stringify(probeRolePolicy(settings)) },
    kept(),
  );
}
