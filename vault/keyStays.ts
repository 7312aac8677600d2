import { roleArns, type VaultPlace } from './place';
import type { Statement } from './policyDocument';
import type { VaultSettings } from './settings';

/** What ends a key, or lets it be ended. */
const ENDS_OF_A_KEY = [
  'kms:DeleteImportedKeyMaterial',
  'kms:DisableKey',
  'kms:PutKeyPolicy',
  'kms:ScheduleKeyDeletion',
];

/**
 * Only the break-glass principals end a key of the vault's, disable it, or change its policy, which would be the way to either. The three roles
 * may not even move its alias.
 */
export function keyStays(place: VaultPlace & Pick<VaultSettings, 'breakGlassPrincipals'>): Statement[] {
  return [
    {
      Sid: 'OnlyBreakGlassEndsIt',
      Effect: 'Deny',
      Principal: '*',
      Action: ENDS_OF_A_KEY,
      Resource: '*',
      Condition: { ArnNotEquals: { 'aws:PrincipalArn': place.breakGlassPrincipals } },
    },
    {
      Sid: 'RolesNeverEndIt',
      Effect: 'Deny',
      Principal: '*',
      Action: [
        ...ENDS_OF_A_KEY,
        'kms:DeleteAlias',
        'kms:DisableKeyRotation',
        'kms:RevokeGrant',
        'kms:UpdateAlias',
      ],
      Resource: '*',
      Condition: { ArnEquals: { 'aws:PrincipalArn': Object.values(roleArns(place)) } },
    },
  ];
}
