import type { MetricAlarmArgs } from '@pulumi/aws/cloudwatch/metricAlarm';
import { expect } from 'chai';
import type { Items } from '../../../inventory/inventory';
import { plan } from '../../../inventory/plan';
import { Json, Ref, Text } from '../../../inventory/refs';
import { namedTags } from '../../../kinds/watch/alarmActions';
import { ruleParts } from '../../../kinds/watch/alarmRule';
import type { CompositeAlarm } from '../../../kinds/watch/compositeAlarm';
import { compositeAlarm } from '../../../kinds/watch/compositeAlarm';
import { dashboard } from '../../../kinds/watch/dashboard';
import type { MetricAlarm } from '../../../kinds/watch/metricAlarm';
import { metricAlarm } from '../../../kinds/watch/metricAlarm';
import { alarm, NO_ACTIONS, PLAN_OPTIONS, vpc } from '../items';
import { sides } from '../sides';
import { targetGroup, topic } from './edgeItems';
import { argsOf, reason, recovering } from './planned';

const MACHINE = 'i-0123456789abcdef0';
const GROUP = 'targetgroup/web/0123456789abcdef';
const SOURCE = 'arn:aws:cloudwatch:eu-west-1:111111111111:alarm';
const NOTHING = sides();
function composite(id: string, rule: string, more: Partial<CompositeAlarm> = {}): CompositeAlarm {
  return { id, tags: {}, ...NO_ACTIONS, rule, isNewer: false, ...more };
}

const board = (body: unknown) => ({ id: 'shop', tags: {}, body: JSON.stringify(body) });

const others: Items = {
  vpc: [vpc('vpc-0123456789abcdef0')],
  'target-group': [targetGroup('web', { vpcId: 'vpc-0123456789abcdef0' })],
  'sns-topic': [topic('people')],
  instance: [{ id: MACHINE, tags: {} }],
};

describe('alarms on metrics', () => {
  it('are told apart by their names, where their tags cannot tell them', () => {
    const alarms = ['cpu%high', 'cpu_high'].map((id) => alarm(id));
    const made = recovering({ 'metric-alarm': alarms }).resources.map(({ args }) => args as MetricAlarmArgs);
    const inDr = made.map(({ name, tags }) => ({
      ...alarm(String(name)),
      tags: namedTags(String(name), tags as Record<string, string>),
    }));
    const again = recovering({ 'metric-alarm': alarms }, { 'metric-alarm': inDr });
    expect(again.resources.map(({ adopt }) => adopt)).to.deep.equal(['cpu%high', 'cpu_high']);
  });

  const watching = (dimensions: Record<string, string>, more: Partial<MetricAlarm> = {}) =>
    recovering({ ...others, 'metric-alarm': [alarm('busy', { dimensions, ...more })] });

  it('are made at a recovery, after the machines, and never at rest', () => {
    const items = { ...others, 'metric-alarm': [alarm('busy')] };
    const rest = plan({ kinds: items, superseded: new Map() }, {}, {}, PLAN_OPTIONS);
    expect(reason(rest, 'metric-alarm/busy')).to.equal('an alarm, which is billed by the month');
    const made = watching({}).resources.find(({ item }) => item === 'metric-alarm/busy');
    expect(made).to.include({ afterMachines: true, type: 'aws:cloudwatch/metricAlarm:MetricAlarm' });
    expect(made?.args).to.deep.include({
      name: 'busy',
      threshold: 0,
      tags: { 'lifeboat:source-id': 'busy' },
    });
  });

  it('watch what DR calls the same thing', () => {
    const result = watching({
      InstanceId: MACHINE,
      TargetGroup: GROUP,
      VpcId: 'vpc-0123456789abcdef0',
      Owner: '111111111111',
      Place: 'eu-west-1',
      DBInstanceIdentifier: 'shop',
    });
    expect(argsOf(result, 'metric-alarm/busy').dimensions).to.deep.equal({
      InstanceId: new Text([new Ref(`instance/${MACHINE}`)]),
      TargetGroup: new Ref('target-group/web', 'arnSuffix'),
      VpcId: new Text([new Ref('vpc/vpc-0123456789abcdef0')]),
      Owner: PLAN_OPTIONS.drAccount,
      Place: PLAN_OPTIONS.drRegion,
      DBInstanceIdentifier: 'shop',
    });
  });

  for (const [name, value] of [
    ['LoadBalancer', 'app/web/0123456789abcdef'],
    ['AvailabilityZone', 'eu-west-1a'],
    ['InstanceId', 'i-0ffffffffffffffff'],
    ['VolumeId', 'vol-0123456789abcdef0'],
    ['TargetGroup', 'targetgroup/gone/0123456789abcdef'],
    ['BucketName', 'nobodys'],
    ['DistributionId', 'E123'],
  ] as const)
    it(`are left out where they watch the ${name} ${value}, which DR does not have`, () => {
      const result = watching({ [name]: value });
      expect(reason(result, 'metric-alarm/busy')).to.contain(value);
      expect(result.resources.map(({ item }) => item)).to.not.include('metric-alarm/busy');
    });

  it('are left out where AWS measures in us-east-1 alone, or another account', () => {
    const billing = { settings: { ...alarm('x').settings, Namespace: 'AWS/Billing' } };
    expect(reason(watching({}, billing), 'metric-alarm/busy')).to.contain('us-east-1 alone');
    const queries = [{ Id: 'a', Expression: 'b', AccountId: '333333333333' }];
    expect(reason(watching({}, { queries }), 'metric-alarm/busy')).to.contain('333333333333');
  });

  it('on expressions have their queries, mapped', () => {
    const Metric = { MetricName: 'x', Namespace: 'y', Dimensions: [{ Name: 'InstanceId', Value: MACHINE }] };
    const queries = [
      { Id: 'a', MetricStat: { Metric, Period: 60, Stat: 'Sum' }, ReturnData: false },
      { Id: 'b', Expression: `SEARCH('{N,InstanceId} InstanceId="${MACHINE}"', 'Sum')` },
    ];
    const args = argsOf(watching({}, { queries }), 'metric-alarm/busy');
    expect(args.metricQueries).to.deep.equal([
      {
        id: 'a',
        label: undefined,
        period: undefined,
        returnData: false,
        accountId: undefined,
        expression: undefined,
        metric: {
          metricName: 'x',
          namespace: 'y',
          dimensions: { InstanceId: new Text([new Ref(`instance/${MACHINE}`)]) },
          period: 60,
          stat: 'Sum',
          unit: undefined,
        },
      },
      {
        id: 'b',
        label: undefined,
        period: undefined,
        returnData: true,
        accountId: undefined,
        expression: new Text([
          `SEARCH('{N,InstanceId} InstanceId="`,
          new Ref(`instance/${MACHINE}`),
          `"', 'Sum')`,
        ]),
        metric: undefined,
      },
    ]);
  });

  it('tell mirrored topics, and do nothing else', () => {
    const people = 'arn:aws:sns:eu-west-1:111111111111:people';
    const left = [
      'arn:aws:automate:eu-west-1:ec2:terminate',
      'arn:aws:sns:eu-west-1:333333333333:people',
      'arn:aws:sns:eu-west-1:111111111111:gone',
      'arn:aws:lambda:eu-west-1:111111111111:function:x',
    ];
    const result = watching({}, { alarmActions: [people, ...left], okActions: left });
    const args = argsOf(result, 'metric-alarm/busy');
    expect(args.alarmActions).to.deep.equal([new Ref('sns-topic/people')]);
    expect(args.okActions).to.equal(undefined);
    for (const action of left) expect(result.notes.join()).to.contain(action);
  });

  it('never take the place of another’s alarm, nor of the vault’s', () => {
    const theirs = { 'metric-alarm': [alarm('busy')] };
    const result = recovering({ 'metric-alarm': [alarm('busy')] }, theirs);
    expect(reason(result, 'metric-alarm/busy')).to.contain('in its way');
    const vault = recovering({ 'metric-alarm': [alarm('lifeboat-missing-run')] });
    expect(reason(vault, 'metric-alarm/lifeboat-missing-run')).to.contain('vault');
  });

  it('are ours by their names where a tag cannot hold these, and are adopted', () => {
    const id = 'slow (eu), 2';
    const made = argsOf(recovering({ 'metric-alarm': [alarm(id)] }), `metric-alarm/${id}`);
    expect(made.tags).to.deep.equal({ 'lifeboat:source-id': 'slow _eu__ 2' });
    const inDr = alarm(id, { tags: { 'lifeboat:source-id': 'slow _eu__ 2' } });
    const again = recovering({ 'metric-alarm': [alarm(id)] }, { 'metric-alarm': [inDr] });
    expect(again.resources.map(({ item, adopt }) => [item, adopt])).to.deep.equal([
      [`metric-alarm/${id}`, id],
    ]);
  });

  it('are a danger when their description comes to lead elsewhere', () => {
    const told = (description: string) => alarm('busy', { description });
    const book = told('see https://wiki.example.org/busy, or https://console.aws.amazon.com/');
    const lure = told('see https://wiki.example.org/busy, log in at https://aws@login.evil.example/');
    expect(metricAlarm.danger?.(lure, book, NOTHING)).to.equal('links to login.evil.example now');
    expect(metricAlarm.danger?.(book, lure, NOTHING)).to.equal(undefined);
    expect(metricAlarm.danger?.(told('no link'), undefined, NOTHING)).to.equal(undefined);
  });
  it('are a danger when they come to act by themselves', () => {
    const stop = 'arn:aws:automate:eu-west-1:ec2:stop';
    const acting = alarm('busy', { okActions: [stop] });
    expect(metricAlarm.danger?.(acting, undefined, NOTHING)).to.equal(`acts by itself, by ${stop}`);
    expect(metricAlarm.danger?.(acting, alarm('busy'), NOTHING)).to.contain(stop);
    expect(metricAlarm.danger?.(acting, acting, NOTHING)).to.equal(undefined);
    const off = { ...acting, actionsEnabled: false };
    expect(metricAlarm.danger?.(off, undefined, NOTHING)).to.equal(undefined);
    expect(metricAlarm.danger?.(acting, off, NOTHING)).to.contain(stop);
    const tells = alarm('busy', { alarmActions: ['arn:aws:sns:eu-west-1:111111111111:people'] });
    expect(metricAlarm.danger?.(tells, undefined, NOTHING)).to.equal(undefined);
    const scaling = { ...acting, id: 'TargetTracking-web-AlarmHigh-1' };
    expect(metricAlarm.danger?.(scaling, undefined, NOTHING)).to.equal(undefined);
  });
});

describe('composite alarms', () => {
  const names = (rule: string) =>
    ruleParts(rule)?.flatMap((part) => (typeof part === 'string' ? [] : part.alarm));

  it('have rules of which the names are read', () => {
    expect(names('ALARM(busy) AND NOT OK("a (b), \\"c\\"") OR TRUE')).to.deep.equal(['busy', 'a (b), "c"']);
    expect(names(`(INSUFFICIENT_DATA( x y ) OR ALARM(${SOURCE}:z))`)).to.deep.equal(['x y', `${SOURCE}:z`]);
    expect(names('AT_LEAST(50%, NOT ALARM, (a, "b", c)) AND FALSE')).to.deep.equal(['a', 'b', 'c']);
    for (const rule of ['ALARM(busy', 'busy', '(ALARM(a)', 'ALARM(a))', 'LOUD(a)', 'ALARM("a)'])
      expect(names(rule), rule).to.equal(undefined);
  });

  const made = (...composites: CompositeAlarm[]) =>
    recovering({ ...others, 'metric-alarm': [alarm('busy')], 'composite-alarm': composites });

  it('name DR’s alarms, after which they are made', () => {
    const args = argsOf(made(composite('any', `NOT ALARM(${SOURCE}:busy)`)), 'composite-alarm/any');
    expect(args.alarmRule).to.deep.equal(
      new Text(['NOT ', 'ALARM(', '"', new Ref('metric-alarm/busy'), '"', ') ']),
    );
  });

  it('come after those that they name, whatever their names', () => {
    const result = made(composite('a', 'ALARM(b)'), composite('b', 'ALARM(c)'), composite('c', 'OK(busy)'));
    const order = result.resources.map(({ item }) => item).filter((item) => item.startsWith('composite'));
    expect(order).to.deep.equal(['composite-alarm/c', 'composite-alarm/b', 'composite-alarm/a']);
  });

  it('are left out with what they need: in a circle, not there, of another account', () => {
    const result = made(
      composite('one', 'ALARM(two)'),
      composite('two', 'ALARM(one)'),
      composite('three', 'ALARM(gone)'),
      composite('four', `ALARM(${SOURCE.replace('111111111111', '333333333333')}:busy)`),
      composite('five', 'TRUE', {
        suppressor: 'gone',
        suppressorWaitPeriod: 1,
        suppressorExtensionPeriod: 1,
      }),
      composite('six', 'LOUD(busy)'),
    );
    for (const id of ['one', 'two', 'three', 'four', 'five', 'six'])
      expect(reason(result, `composite-alarm/${id}`), id).to.be.a('string');
  });

  it('are held back by DR’s alarm', () => {
    const suppressed = { suppressor: 'busy', suppressorWaitPeriod: 60, suppressorExtensionPeriod: 120 };
    const args = argsOf(made(composite('any', 'TRUE', suppressed)), 'composite-alarm/any');
    expect(args.actionsSuppressor).to.deep.equal({
      alarm: new Ref('metric-alarm/busy'),
      waitPeriod: 60,
      extensionPeriod: 120,
    });
    expect(compositeAlarm.quotas?.[0]?.documented).to.equal(5_000);
  });
});

describe('dashboards', () => {
  const soft = new Ref(`instance/${MACHINE}`, 'id', undefined, MACHINE);
  const bodyOf = (body: unknown) => {
    const result = recovering({ ...others, dashboard: [board(body)] });
    const { dashboardName, dashboardBody } = argsOf(result, 'dashboard/shop');
    expect(dashboardName).to.equal('lifeboat-shop');
    const value = dashboardBody instanceof Json ? dashboardBody.value : JSON.parse(String(dashboardBody));
    return { body: value, notes: result.notes.join('\n') };
  };
  const metrics = (rows: unknown[]) => ({ widgets: [{ type: 'metric', properties: { metrics: rows } }] });

  it('show account, region, alarms and machines of DR', () => {
    const { body, notes } = bodyOf({
      widgets: [
        {
          type: 'metric',
          properties: {
            region: 'eu-west-1',
            annotations: { alarms: [`${SOURCE}:busy on ${MACHINE}`] },
            metrics: [['AWS/EC2', 'CPUUtilization', 'InstanceId', MACHINE, { accountId: '111111111111' }]],
          },
        },
        { type: 'text', properties: { markdown: `the account 111111111111 has ${MACHINE}` } },
      ],
    });
    expect(body).to.deep.equal({
      widgets: [
        {
          type: 'metric',
          properties: {
            region: 'eu-central-1',
            annotations: {
              alarms: [`arn:aws:cloudwatch:eu-central-1:222222222222:alarm:busy on ${MACHINE}`],
            },
            metrics: [
              ['AWS/EC2', 'CPUUtilization', 'InstanceId', new Text([soft]), { accountId: '222222222222' }],
            ],
          },
        },
        // A text that holds the number holds it for people: it is no account's name there.
        { type: 'text', properties: { markdown: new Text(['the account 111111111111 has ', soft]) } },
      ],
    });
    expect(notes).to.equal('');
  });

  it('have rows that stand for parts of the row before written out, each value by its dimension', () => {
    const { body, notes } = bodyOf(
      metrics([
        ['AWS/ApplicationELB', 'Count', 'TargetGroup', GROUP, 'LoadBalancer', 'app/web/0123456789abcdef'],
        ['.', 'Errors', '.', '.', '.', 'app/web/0123456789abcdef', { color: '#fff' }],
        [{ expression: 'm1 / m2', label: 'rate' }],
        ['...', 'app/shop/0123456789abcdef'],
      ]),
    );
    const group = new Ref('target-group/web', 'arnSuffix');
    const [first, second, third, last] = body.widgets[0].properties.metrics;
    expect(first).to.deep.equal([
      ...['AWS/ApplicationELB', 'Count', 'TargetGroup', group],
      ...['LoadBalancer', 'app/web/0123456789abcdef'],
    ]);
    expect(second.slice(0, 4)).to.deep.equal(['AWS/ApplicationELB', 'Errors', 'TargetGroup', group]);
    expect(second[6]).to.deep.equal({ color: '#fff' });
    expect(third).to.deep.equal([{ expression: 'm1 / m2', label: 'rate' }]);
    expect(last.slice(1, 6)).to.deep.equal([
      'Errors',
      'TargetGroup',
      group,
      'LoadBalancer',
      'app/shop/0123456789abcdef',
    ]);
    expect(notes).to.contain('names what only the source has, as it is: app/shop/0123456789abcdef, app/web/');
  });

  it('have no widgets that functions make, and are a danger when they come to have one', () => {
    const endpoint = 'arn:aws:lambda:eu-west-1:333333333333:function:x';
    const custom = {
      widgets: [
        { type: 'custom', properties: { endpoint } },
        { type: 'text', properties: {} },
      ],
    };
    const { body, notes } = bodyOf(custom);
    expect(body.widgets).to.deep.equal([{ type: 'text', properties: {} }]);
    expect(notes).to.contain(endpoint);
    const plain = board({ widgets: [] });
    expect(dashboard.danger?.(board(custom), plain, NOTHING)).to.contain(endpoint);
    expect(dashboard.danger?.(board(custom), undefined, NOTHING)).to.contain(endpoint);
    expect(dashboard.danger?.(board(custom), board(custom), NOTHING)).to.equal(undefined);
  });

  it('of other people in DR are never touched: ours have a name of their own', () => {
    const theirs = { id: 'shop', tags: {}, body: '{}' };
    const source = { dashboard: [board({ widgets: [] })] };
    const fresh = recovering(source, { dashboard: [theirs] });
    expect(fresh.resources.map(({ adopt }) => adopt)).to.deep.equal([undefined]);
    const ours = { ...theirs, id: 'lifeboat-shop', tags: { 'lifeboat:source-id': 'shop' } };
    const again = recovering(source, { dashboard: [theirs, ours] });
    expect(again.resources.map(({ adopt }) => adopt)).to.deep.equal(['lifeboat-shop']);
  });
});
