import {
  DLMClient,
  GetLifecyclePoliciesCommand,
  GetLifecyclePolicyCommand,
  UpdateLifecyclePolicyCommand,
} from '@aws-sdk/client-dlm';
import { mockClient } from 'aws-sdk-client-mock';
import { expect } from 'chai';
import { LifeboatError } from '../../../errors';
import { existingSnapshotPolicy, leaveOut } from '../../../source/snapshotPolicy';

const dlm = new DLMClient({ region: 'eu-west-1' });

describe("the source's snapshot policy", () => {
  const mock = mockClient(DLMClient);
  beforeEach(() => mock.reset());
  after(() => mock.restore());

  const summary = (PolicyId: string, tags: Record<string, string> = {}) => ({ PolicyId, Tags: tags });
  const ours = { 'lifeboat:policy': 'snapshots' };

  it('is found by its tag', async () => {
    mock
      .on(GetLifecyclePoliciesCommand)
      .resolves({ Policies: [summary('policy-1'), summary('policy-2', ours)] });
    expect(await existingSnapshotPolicy(dlm, 'instance')).to.equal('policy-2');
  });

  it('is told from the one of the other kind', async () => {
    const volumes = { 'lifeboat:policy': 'volumes' };
    mock
      .on(GetLifecyclePoliciesCommand)
      .resolves({ Policies: [summary('policy-1', ours), summary('policy-2', volumes)] });
    expect(await existingSnapshotPolicy(dlm, 'volume')).to.equal('policy-2');
  });

  it('is not found where it is not', async () => {
    mock.on(GetLifecyclePoliciesCommand).resolves({ Policies: [summary('policy-1')] });
    expect(await existingSnapshotPolicy(dlm, 'instance')).to.equal(undefined);
  });

  it('is refused when there are two', async () => {
    const Policies = [summary('policy-1', ours), summary('policy-2', ours)];
    mock.on(GetLifecyclePoliciesCommand).resolves({ Policies });
    const error = await existingSnapshotPolicy(dlm, 'instance').catch((thrown: unknown) => thrown);
    expect(error).to.be.instanceOf(LifeboatError);
    expect((error as LifeboatError).details.got).to.equal('policy-1, policy-2');
  });

  const details = { PolicyType: 'EBS_SNAPSHOT_MANAGEMENT', Schedules: [{ Name: 'lifeboat' }] } as const;

  it('leaves out the disks that are tagged so, and keeps the rest of the policy', async () => {
    mock.on(GetLifecyclePolicyCommand).resolves({
      Policy: {
        PolicyDetails: {
          ...details,
          Schedules: [...details.Schedules],
          Parameters: { ExcludeBootVolume: false },
        },
      },
    });
    mock.on(UpdateLifecyclePolicyCommand).resolves({});
    expect(await leaveOut(dlm, 'policy-1')).to.equal(true);
    expect(mock.commandCalls(UpdateLifecyclePolicyCommand).map(({ args }) => args[0].input)).to.deep.equal([
      {
        PolicyId: 'policy-1',
        PolicyDetails: {
          ...details,
          Parameters: {
            ExcludeBootVolume: false,
            ExcludeDataVolumeTags: [{ Key: 'MUSTSNAP', Value: 'False' }],
          },
        },
      },
    ]);
  });

  it('changes nothing when it is so already', async () => {
    mock.on(GetLifecyclePolicyCommand).resolves({
      Policy: {
        PolicyDetails: { Parameters: { ExcludeDataVolumeTags: [{ Key: 'MUSTSNAP', Value: 'False' }] } },
      },
    });
    expect(await leaveOut(dlm, 'policy-1')).to.equal(false);
    expect(mock.commandCalls(UpdateLifecyclePolicyCommand)).to.deep.equal([]);
  });
});
