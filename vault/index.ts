import { Provider } from '@pulumi/aws/provider';
import * as pulumi from '@pulumi/pulumi';
import { drAccount } from '../accounts';
import { withPlainErrors } from '../components/plainError';
import { existingVault, lookUpClients } from './lookUp';
import { parseVaultSettings } from './settings';
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
  const provider = new Provider('dr', { region: settings.drRegion, allowedAccountIds: [settings.drAccount] });
  return new Vault('vault', { settings, existing }, { providers: [provider] }).outputs();
}

export = () => withPlainErrors(main);
