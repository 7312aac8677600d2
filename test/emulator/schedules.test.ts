import {
  CreateTagsCommand,
  DescribeInstancesCommand,
  ModifyInstanceAttributeCommand,
  RunInstancesCommand,
} from '@aws-sdk/client-ec2';
import { CreateRoleCommand, PutRolePolicyCommand, UpdateAssumeRolePolicyCommand } from '@aws-sdk/client-iam';
import {
  CreateScheduleCommand,
  DeleteScheduleCommand,
  GetScheduleCommand,
  paginateListSchedules,
  SchedulerClient,
} from '@aws-sdk/client-scheduler';
import { expect } from 'chai';
import { allPages } from '../../kinds/kind';
import {
  Clients,
  complaint,
  HERE,
  must,
  newAccount,
  newImage,
  newNetwork,
  newSnapshot,
  refusal,
  useEmulator,
} from './support';

const START = 'arn:aws:scheduler:::aws-sdk:ssm:startAutomationExecution';
const TAG = 'drill';

describe('emulator: EventBridge Scheduler', () => {
  const emulator = useEmulator();
  let mine: Clients;
  let account: string;
  let role: string;
  let machines: string[];

  const trust = (...services: string[]) =>
    JSON.stringify({
      Version: '2012-10-17',
      Statement: services.map((Service) => ({
        Effect: 'Allow',
        Principal: { Service },
        Action: 'sts:AssumeRole',
        Condition: { StringEquals: { 'aws:SourceAccount': account } },
      })),
    });
  const may = (statements: object[]) =>
    mine.iam.send(
      new PutRolePolicyCommand({
        RoleName: 'end',
        PolicyName: 'end',
        PolicyDocument: JSON.stringify({
          Version: '2012-10-17',
          Statement: statements.map((statement) => ({ Effect: 'Allow', ...statement })),
        }),
      }),
    );
  const RIGHTS = () => [
    { Action: 'ssm:StartAutomationExecution', Resource: `arn:aws:ssm:${HERE}::automation-definition/*` },
    { Action: 'iam:PassRole', Resource: role },
    { Action: ['ec2:DescribeInstances', 'ec2:DescribeInstanceStatus'], Resource: '*' },
    {
      Action: 'ec2:TerminateInstances',
      Resource: '*',
      Condition: { Null: { [`aws:ResourceTag/${TAG}`]: 'false' } },
    },
  ];

  beforeEach(async () => {
    account = newAccount();
    mine = new Clients(emulator().url, account, HERE);
    role = `arn:aws:iam::${account}:role/end`;
    await mine.iam.send(
      new CreateRoleCommand({
        RoleName: 'end',
        AssumeRolePolicyDocument: trust('scheduler.amazonaws.com', 'ssm.amazonaws.com'),
      }),
    );
    await may(RIGHTS());
    const { subnet } = await newNetwork(mine);
    const image = await newImage(mine, await newSnapshot(mine));
    const base = { ImageId: image, InstanceType: 't3.micro' as const, SubnetId: subnet };
    const { Instances = [] } = await mine.ec2.send(
      new RunInstancesCommand({ ...base, MinCount: 3, MaxCount: 3 }),
    );
    machines = Instances.map(({ InstanceId }) => must(InstanceId));
    await mine.ec2.send(
      new CreateTagsCommand({ Resources: machines.slice(0, 2), Tags: [{ Key: TAG, Value: 'one' }] }),
    );
    await mine.ec2.send(
      new CreateTagsCommand({ Resources: machines.slice(2), Tags: [{ Key: TAG, Value: 'two' }] }),
    );
  });

  const scheduler = () => mine.once(SchedulerClient);
  const input = (Parameters: object = { AutomationAssumeRole: [role] }) =>
    JSON.stringify({
      DocumentName: 'AWS-TerminateEC2Instance',
      TargetParameterName: 'InstanceId',
      Targets: [{ Key: `tag:${TAG}`, Values: ['one'] }],
      Parameters,
    });
  async function schedule(Name: string, seconds: number, Input = input(), RoleArn = role) {
    const now = new Date(`${(await emulator().state()).now.replace(/Z$/, '')}Z`);
    const at = new Date(now.getTime() + seconds * 1000).toISOString().slice(0, 19);
    return scheduler().send(
      new CreateScheduleCommand({
        Name,
        ScheduleExpression: `at(${at})`,
        FlexibleTimeWindow: { Mode: 'OFF' },
        ActionAfterCompletion: 'DELETE',
        Target: { Arn: START, RoleArn, Input },
      }),
    );
  }
  const running = async () => {
    const { Reservations = [] } = await mine.ec2.send(
      new DescribeInstancesCommand({ InstanceIds: machines }),
    );
    return Reservations.flatMap(({ Instances = [] }) => Instances)
      .filter(({ State }) => State?.Name === 'running')
      .map(({ InstanceId }) => must(InstanceId))
      .sort();
  };
  const fired = async (name: string) =>
    (await emulator().state()).schedules.find((each) => each.name === name);

  it('a due schedule ends what carries the tag, nothing else, and is gone', async () => {
    await schedule('due', 3600);
    await emulator().advance(3590);
    expect(await running()).to.have.length(3);
    await emulator().advance(20);
    expect(await running()).to.deep.equal(machines.slice(2));
    expect((await fired('due'))?.ended.sort()).to.deep.equal(machines.slice(0, 2).sort());
    expect(await refusal(scheduler().send(new GetScheduleCommand({ Name: 'due' })))).to.equal(
      'ResourceNotFoundException',
    );
  });

  it('one that is deleted before is never carried out', async () => {
    await schedule('deleted', 60);
    await scheduler().send(new DeleteScheduleCommand({ Name: 'deleted' }));
    await emulator().advance(120);
    expect(await running()).to.have.length(3);
  });

  it('its role must trust the scheduler, the automation’s must trust Systems Manager', async () => {
    const to = (...services: string[]) =>
      mine.iam.send(
        new UpdateAssumeRolePolicyCommand({ RoleName: 'end', PolicyDocument: trust(...services) }),
      );
    await to('ssm.amazonaws.com');
    expect(await complaint(schedule('untrusted', 60))).to.contain(
      'must allow AWS EventBridge Scheduler to assume the role',
    );
    await to('scheduler.amazonaws.com');
    await schedule('half', 60);
    await emulator().advance(120);
    expect((await fired('half'))?.problems).to.deep.equal([`${role} cannot be assumed by ssm.amazonaws.com`]);
    expect(await running()).to.have.length(3);
  });

  for (const [what, without] of [
    ['to start the automation', 0],
    ['to hand over its role', 1],
    ['to see machines', 2],
    ['to end them', 3],
  ] as const)
    it(`nothing is ended without the right ${what}`, async () => {
      await may(RIGHTS().filter((_, index) => index !== without));
      await schedule(`without-${without}`, 60);
      await emulator().advance(120);
      expect((await fired(`without-${without}`))?.problems.join()).to.contain('not authorized to perform');
      expect(await running()).to.have.length(3);
    });

  it('without a role of its own the automation has the rights of whoever starts it', async () => {
    await may(RIGHTS().filter((_, index) => index !== 1));
    await schedule('same', 60, input({}));
    await emulator().advance(120);
    expect(await running()).to.deep.equal(machines.slice(2));
  });

  it('a machine that is protected from its end stays, and the others go', async () => {
    const [first] = machines;
    const DisableApiTermination = { Value: true };
    await mine.ec2.send(new ModifyInstanceAttributeCommand({ InstanceId: first, DisableApiTermination }));
    await schedule('protected', 60);
    await emulator().advance(120);
    expect(await running()).to.deep.equal([must(first), ...machines.slice(2)].sort());
    expect((await fired('protected'))?.problems).to.have.length(1);
  });

  it('schedules are listed by the beginning of their names, in pages, and one name is one schedule', async () => {
    for (const name of ['a-1', 'a-2', 'a-3', 'b-1']) await schedule(name, 86_400);
    const pages = paginateListSchedules({ client: scheduler(), pageSize: 2 }, { NamePrefix: 'a-' });
    const found = await allPages(pages, (page) => page.Schedules);
    expect(found.map(({ Name }) => Name).sort()).to.deep.equal(['a-1', 'a-2', 'a-3']);
    expect(await refusal(schedule('a-1', 86_400))).to.equal('ConflictException');
  });

  it('what it would not carry out is refused', async () => {
    expect(
      await refusal(schedule('other', 60, JSON.stringify({ DocumentName: 'AWS-StopEC2Instance' }))),
    ).to.equal('InvalidAction');
    expect(await refusal(schedule('malformed', 60, '{'))).to.equal('ValidationException');
  });
});
