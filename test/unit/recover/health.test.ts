import { DescribeInstanceStatusCommand, type InstanceStatus } from '@aws-sdk/client-ec2';
import {
  DescribeTargetGroupsCommand,
  DescribeTargetHealthCommand,
  type TargetHealthDescription,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { mockClient } from 'aws-sdk-client-mock';
import { expect } from 'chai';
import { accountOf } from '../../../accounts';
import { loadBalancing } from '../../../kinds/balancing/loadBalancing';
import { notReady } from '../../../scripts/recover/health';

const credentials = { accessKeyId: 'a', secretAccessKey: 'b' };
const dr = accountOf('222222222222', 'eu-central-1', { credentials });
const ec2 = mockClient(dr.ec2);
const elb = mockClient(loadBalancing(dr));

const status = (InstanceId: string, instance: string, system = 'ok', state = 'running'): InstanceStatus => ({
  InstanceId,
  InstanceState: { Name: state as 'running' },
  InstanceStatus: { Status: instance as 'ok' },
  SystemStatus: { Status: system as 'ok' },
});
const target = (Id: string, State: string): TargetHealthDescription => ({
  Target: { Id, Port: 80 },
  TargetHealth: { State: State as 'healthy' },
});

describe('what machines still wait for', () => {
  beforeEach(() => {
    ec2.reset();
    elb.reset();
    elb.on(DescribeTargetGroupsCommand).resolves({ TargetGroups: [] });
  });

  it('is nothing where there is none, and AWS is not asked', async () => {
    expect(await notReady(dr, [])).to.deep.equal(new Map());
    expect(ec2.calls()).to.deep.equal([]);
  });

  it('is both status checks, and that it runs at all', async () => {
    const InstanceStatuses = [
      status('i-1', 'ok'),
      status('i-2', 'initializing', 'initializing'),
      status('i-3', 'impaired'),
      status('i-4', 'not-applicable', 'not-applicable', 'stopped'),
    ];
    ec2.on(DescribeInstanceStatusCommand).resolves({ InstanceStatuses });
    const found = await notReady(
      dr,
      ['i-1', 'i-2', 'i-3', 'i-4', 'i-5'].map((id) => ({ id })),
    );
    expect([...found]).to.deep.equal([
      ['i-2', 'the status check of the instance is initializing, of the system is initializing'],
      ['i-3', 'the status check of the instance is impaired'],
      ['i-4', 'it is stopped'],
      ['i-5', 'it is gone'],
    ]);
  });

  it('is asked in all pages, a hundred machines at a time', async () => {
    const machines = Array.from({ length: 150 }, (_, at) => ({ id: `i-${at}` }));
    ec2.on(DescribeInstanceStatusCommand).callsFake(({ InstanceIds, NextToken }) => {
      expect(InstanceIds).to.have.length.at.most(100);
      const half = Math.ceil(InstanceIds.length / 2);
      const shown = NextToken ? InstanceIds.slice(half) : InstanceIds.slice(0, half);
      return {
        InstanceStatuses: shown.map((id: string) => status(id, 'ok')),
        ...(!NextToken && { NextToken: 'more' }),
      };
    });
    expect(await notReady(dr, machines)).to.deep.equal(new Map());
    expect(ec2.commandCalls(DescribeInstanceStatusCommand)).to.have.length(4);
  });

  it('is the health of the targets that they are, by id or address, of groups that are in use', async () => {
    ec2.on(DescribeInstanceStatusCommand).resolves({
      InstanceStatuses: ['i-1', 'i-2', 'i-3'].map((id) => status(id, 'ok')),
    });
    const group = (name: string, LoadBalancerArns: string[]) => ({
      TargetGroupArn: `arn:${name}`,
      TargetGroupName: name,
      LoadBalancerArns,
    });
    elb
      .on(DescribeTargetGroupsCommand)
      .resolves({ TargetGroups: [group('web', ['arn:lb']), group('idle', [])] });
    elb.on(DescribeTargetHealthCommand, { TargetGroupArn: 'arn:web' }).resolves({
      TargetHealthDescriptions: [
        target('i-1', 'healthy'),
        target('10.0.0.2', 'initial'),
        target('i-3', 'unused'),
        target('i-9', 'unhealthy'),
      ],
    });
    const found = await notReady(dr, [
      { id: 'i-1', address: '10.0.0.1' },
      { id: 'i-2', address: '10.0.0.2' },
      { id: 'i-3' },
    ]);
    expect([...found]).to.deep.equal([['i-2', 'the target group web finds it initial on port 80']]);
    expect(elb.commandCalls(DescribeTargetHealthCommand)).to.have.length(1);
  });

  it('is not known when AWS does not answer', async () => {
    ec2.on(DescribeInstanceStatusCommand).rejects(new Error('RequestLimitExceeded'));
    const failed = await notReady(dr, [{ id: 'i-1' }]).catch((error: Error) => error.message);
    expect(failed).to.contain('RequestLimitExceeded');
  });
});
