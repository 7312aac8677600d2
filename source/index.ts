import { Provider } from '@pulumi/aws/provider';
import * as pulumi from '@pulumi/pulumi';
import { sourceOwner } from '../accounts';
import { withPlainErrors } from '../components/plainError';
import { existingSource, sourceClients } from './lookUp';
import { refuseOthersReplication } from './replication';
import { parseSourceSettings } from './settings';
import { leaveOut } from './snapshotPolicy';
import { Source } from './source';

/** Settings, the account confirmed, what is there already, and the source's side of Lifeboat. */
async function main() {
  const settings = parseSourceSettings(pulumi.runtime.allConfig(), pulumi.getStack());
  const { sourceAccount, sourceRegion } = settings;
  await sourceOwner(settings);
  const clients = sourceClients(sourceRegion);
  const existing = await existingSource(clients);
  await refuseOthersReplication(clients.s3, settings);
  const provider = new Provider('source', { region: sourceRegion, allowedAccountIds: [sourceAccount] });
  const source = new Source('source', { settings, existing }, { providers: [provider] });
  return {
    readerArn: source.readerArn,
    replicationRoleArn: source.replicationRoleArn,
    existingObjects: source.existingObjects,
    snapshotKeyArn: source.snapshotKeyArn,
    snapshotPolicyIds: {
      ...source.snapshotPolicyIds,
      // Makes no resource, and so hides nothing from preview: see leaveOut for why it is done here, after each run.
      instance: source.snapshotPolicyIds.instance?.apply(async (id) => {
        if (!pulumi.runtime.isDryRun()) await leaveOut(clients.dlm, id);
        return id;
      }),
    },
  };
}

export = () => withPlainErrors(main);
