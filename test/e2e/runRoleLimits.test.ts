import { CloudWatchClient, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { EC2Client } from '@aws-sdk/client-ec2';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import * as iam from '@aws-sdk/client-iam';
import * as kms from '@aws-sdk/client-kms';
import * as s3 from '@aws-sdk/client-s3';
import { SNSClient } from '@aws-sdk/client-sns';
import { STSClient } from '@aws-sdk/client-sts';
import { expect } from 'chai';
import { HEARTBEAT, vaultNames } from '../../names';
import { DR, Stage } from '../../scripts/demo/stage';
import { type Attempt, type Clients, NEVER, NOT_ITS_OWN, OPEN } from './vaultAttempts';

const { keyAlias } = vaultNames(DR.account, DR.region);

describe('the run role', function () {
  this.timeout(300_000);
  let stage: Stage;
  let clients: Clients;
  let admin: iam.IAMClient;

  before(async () => {
    stage = await Stage.open();
    await stage.up('vault', { env: stage.root(DR) });
    admin = new iam.IAMClient(stage.client(DR));
    const trust = {
      Version: '2012-10-17',
      Statement: [
        { Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${DR.account}:root` }, Action: 'sts:AssumeRole' },
      ],
    };
    await admin.send(
      new iam.CreateRoleCommand({ RoleName: 'another', AssumeRolePolicyDocument: JSON.stringify(trust) }),
    );
    await admin.send(new iam.CreateUserCommand({ UserName: 'somebody' }));
    await admin.send(new iam.CreateInstanceProfileCommand({ InstanceProfileName: 'profile' }));
    const { Aliases } = await stage.kms(DR).send(new kms.ListAliasesCommand({}));
    const KeyId = Aliases?.find(({ AliasName }) => AliasName === keyAlias)?.TargetKeyId ?? '';
    await stage.emulator.config({ enforceIam: true });
    const env = await stage.role('lifeboat-run');
    const config = {
      ...stage.client(DR),
      credentials: {
        accessKeyId: env.AWS_ACCESS_KEY_ID ?? '',
        secretAccessKey: env.AWS_SECRET_ACCESS_KEY ?? '',
        sessionToken: env.AWS_SESSION_TOKEN,
      },
    };
    clients = {
      s3: new s3.S3Client({ ...config, forcePathStyle: true }),
      kms: new kms.KMSClient(config),
      iam: new iam.IAMClient(config),
      sts: new STSClient(config),
      ec2: new EC2Client(config),
      cloudwatch: new CloudWatchClient(config),
      events: new EventBridgeClient(config),
      sns: new SNSClient(config),
      KeyId,
    };
  });
  after(() => stage?.close());

  async function denied(action: string, attempt: Attempt): Promise<void> {
    const answer = await attempt(clients).then(
      () => 'it was let do it',
      (error: Error) => error.message,
    );
    expect(answer).to.include(`is not authorized to perform: ${action} on resource`);
  }

  describe('cannot change the vault, its boundary, itself or another role', () => {
    for (const [what, action, attempt] of NEVER) it(what, () => denied(action, attempt));
  });

  describe('does not do what is for others', () => {
    for (const [what, action, attempt] of NOT_ITS_OWN) it(what, () => denied(action, attempt));
  });

  it('says that a run was good', async () => {
    const MetricData = [{ MetricName: HEARTBEAT.metric, Value: 1 }];
    await clients.cloudwatch.send(new PutMetricDataCommand({ Namespace: HEARTBEAT.namespace, MetricData }));
  });

  describe('is held by its boundary, though its policies were opened', () => {
    before(() =>
      admin.send(
        new iam.PutRolePolicyCommand({ RoleName: 'lifeboat-run', PolicyName: 'open', PolicyDocument: OPEN }),
      ),
    );

    it('which lets it do what no part of the vault is', async () => {
      expect((await clients.iam.send(new iam.ListRolesCommand({}))).Roles).not.to.be.empty;
    });

    for (const [what, action, attempt] of NEVER) it(what, () => denied(action, attempt));

    it('iam:PassRole of lifeboat-recover', () =>
      denied('iam:PassRole', (own) =>
        own.iam.send(
          new iam.AddRoleToInstanceProfileCommand({
            InstanceProfileName: 'profile',
            RoleName: 'lifeboat-recover',
          }),
        ),
      ));
  });
});
