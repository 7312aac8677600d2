import { CloudTrailClient } from '@aws-sdk/client-cloudtrail';
import { Provider } from '@pulumi/aws/provider';
import * as pulumi from '@pulumi/pulumi';
import { CLIENT_DEFAULTS, drAccount } from '../accounts';
import { withPlainErrors } from '../components/plainError';
import { existingVault, lookUpClients } from './lookUp';
import { parseVaultSettings } from './settings';
import { deafness } from './trail';
import { Vault } from './vault';

/** Settings, the account confirmed, what is there already, and the vault. */
async function main() {
  const settings = parseVaultSettings(pulumi.runtime.allConfig(), pulumi.getStack());
  await drAccount(settings);
  const existing = await existingVault(
    settings.drAccount,
    settings.drRegion,
    lookUpClients(settings.drRegion),
  );
  const cloudtrail = new CloudTrailClient({ region: settings.drRegion, ...CLIENT_DEFAULTS });
  const why = await deafness(cloudtrail, settings.drRegion);
  if (why !== undefined) {
    pulumi.log.warn(
      `Nobody would be told of an attack on the keys: ${why}. See 'A trail for the alarms' in README.md.`,
    );
  }
  if (settings.alarmEmails.length === 0) {
    pulumi.log.warn(
      'No alarm reaches anybody: npm run pulumi -- -C vault config set lifeboat-vault:alarmEmails you@example.com',
    );
  }
  const provider = new Provider('dr', { region: settings.drRegion, allowedAccountIds: [settings.drAccount] });
  return new Vault('vault', { settings, existing }, { providers: [provider] }).outputs();
}

export = () => withPlainErrors(main);
