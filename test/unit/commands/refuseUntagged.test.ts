import { DescribeInstancesCommand } from '@aws-sdk/client-ec2';
import { mockClient } from 'aws-sdk-client-mock';
import { expect } from 'chai';
import { TAG } from '../../../names';
import type { PulumiRun } from '../../../scripts/command';
import { refuseUntagged } from '../../../scripts/standDown/refuseUntagged';
import type { RecoveredMachine } from '../../../snapshots/recoveredMachines';
import { fakeAccount } from '../snapshots/fakes';

const found: RecoveredMachine = {
  id: 'i-found',
  sourceId: 'i-1',
  name: 'APP',
  state: 'running',
  tags: {},
  volumeIds: [],
};
const instance = (id: string, source: string) => ({
  type: 'aws:ec2/instance:Instance',
  id,
  inputs: { tags: { [TAG.sourceId]: source, [TAG.recoveryPoint]: 'point-1' } },
});
const state = JSON.stringify({
  version: 3,
  deployment: {
    resources: [
      { type: 'pulumi:pulumi:Stack' },
      { type: 'aws:ec2/vpc:Vpc', id: 'vpc-1', inputs: {} },
      instance('i-found', 'i-1'),
      instance('i-lost', 'i-2'),
    ],
  },
});

describe('refuseUntagged', () => {
  const dr = fakeAccount('222222222222', 'eu-central-1');
  const ec2 = mockClient(dr.ec2);
  beforeEach(() => {
    ec2.reset();
    ec2.onAnyCommand().rejects(new Error('unplanned'));
  });

  async function refusal(run: PulumiRun): Promise<string | undefined> {
    const asked: (readonly string[])[] = [];
    const pulumi = async (args: readonly string[], options: { capture?: boolean }) => {
      expect(options.capture).to.equal(true);
      asked.push(args);
      return run;
    };
    const message = await refuseUntagged([found], { dr, pulumi, stack: 'dr', cwd: '/' }).then(
      () => undefined,
      (error: Error) => error.message,
    );
    expect(asked).to.deep.equal([['stack', 'export', '--stack', 'dr']]);
    return message;
  }

  it('refuses while the state holds a machine that its tags no longer tell', async () => {
    const Filters = [
      { Name: 'instance-id', Values: ['i-lost'] },
      { Name: 'instance-state-name', Values: ['pending', 'running', 'stopping', 'stopped'] },
    ];
    ec2
      .on(DescribeInstancesCommand, { Filters })
      .resolves({ Reservations: [{ Instances: [{ InstanceId: 'i-lost' }] }] });
    expect(await refusal({ code: 0, stdout: state })).to.contain(
      'aws ec2 create-tags --region eu-central-1 --resources i-lost --tags ' +
        'Key=lifeboat:source-id,Value=i-2 Key=lifeboat:recovery-point,Value=point-1; ' +
        'then: npx lifeboat stand-down --stack dr',
    );
  });

  it('lets a machine be that is gone, and a state without machines', async () => {
    ec2.on(DescribeInstancesCommand).resolves({ Reservations: [] });
    expect(await refusal({ code: 0, stdout: state })).to.equal(undefined);
    expect(await refusal({ code: 0, stdout: '{"deployment":{}}' })).to.equal(undefined);
  });

  it('refuses when the state cannot be read', async () => {
    for (const run of [
      { code: 255, stdout: '' },
      { code: 0, stdout: '' },
      { code: 0, stdout: '{}' },
    ])
      expect(await refusal(run)).to.contain('state could not be read');
  });
});
