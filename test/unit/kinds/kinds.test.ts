import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as acm from '@aws-sdk/client-acm';
import * as autoscaling from '@aws-sdk/client-auto-scaling';
import * as cloudfront from '@aws-sdk/client-cloudfront';
import * as cloudwatch from '@aws-sdk/client-cloudwatch';
import * as ec2 from '@aws-sdk/client-ec2';
import * as elasticloadbalancing from '@aws-sdk/client-elastic-load-balancing-v2';
import * as iam from '@aws-sdk/client-iam';
import * as route53 from '@aws-sdk/client-route-53';
import * as s3 from '@aws-sdk/client-s3';
import * as sns from '@aws-sdk/client-sns';
import * as ssm from '@aws-sdk/client-ssm';
import { expect } from 'chai';
import type { Account, ServiceClient } from '../../../accounts';
import { refuseOtherTypes, refuseWhatWaits, resourceClass } from '../../../components/register';
import { sealed } from '../../../inventory/drill/sealed';
import { partsOf } from '../../../inventory/inventory';
import { plan } from '../../../inventory/plan';
import type { Plan, PlannedResource } from '../../../inventory/planned';
import { refsIn } from '../../../inventory/refs';
import { kinds } from '../../../kinds';
import type { AnyKind, Item } from '../../../kinds/kind';
import { kindsPage } from '../../../kinds/kindsPage';
import { readPolicy } from '../../../kinds/policies/readPolicy';
import { typesAt } from '../../../kinds/typesAt';
import { PLAN_OPTIONS } from '../items';

/** AWS's recorded answers for one kind. */
interface Fixture {
  /** Kinds whose pages it is made of too. */
  pagesOf?: string[];
  /**
   * Pages by the API's name, after its service where that is not EC2 (`iam:ListRoles`); with one of its parameters after it (`GetX id`) when each object is asked for by itself. Two pages or more
   * where the API has pages at all.
   */
  pages: Record<string, Record<string, unknown>[]>;
  /** What else the look-up asks, named likewise. `{ "error": NAME }` is the error of that name. */
  answers?: Record<string, object>;
  ids: string[];
  /** Fields of items that are put together from more than one answer. */
  details?: Record<string, object>;
  /** Of these, what is not mirrored, with the reason. */
  skipped?: Record<string, string>;
  /** Of these, what waits for a recovery, with the reason. */
  atRecovery?: Record<string, string>;
  /** Of what waits for a recovery, what is not made then either, with the reason. */
  skippedAtRecovery?: Record<string, string>;
}

function fixtureOf({ name }: { name: string }): Fixture {
  const fixture: Fixture = JSON.parse(readFileSync(join(__dirname, 'fixtures', `${name}.json`), 'utf8'));
  for (const other of fixture.pagesOf ?? []) Object.assign(fixture.pages, fixtureOf({ name: other }).pages);
  return fixture;
}

/** Types that the provider, or AWS, knows no tags on. */
const UNTAGGED = [
  'vpc-ipv4-range',
  'vpc-ipv6-range',
  'dhcp-options-association',
  'subnet-cidr-reservation',
  'route',
  'route-table-association',
  'network-acl-entry',
  'network-acl-association',
  'sns-topic-policy',
  'origin-access-control',
  'origin-access-identity',
  'cache-policy',
  'origin-request-policy',
  'response-headers-policy',
  'public-key',
  'key-group',
  'cloudfront-function',
  'bucket-versioning',
  'bucket-encryption',
  'bucket-ownership',
  'bucket-public-access-block',
  'bucket-cors',
  'bucket-website',
  'bucket-policy',
  'iam-role-boundary',
  'iam-role-policy',
  'iam-role-attachment',
  'iam-group',
  'iam-group-policy',
  'iam-group-attachment',
  'iam-user-boundary',
  'iam-user-policy',
  'iam-user-attachment',
  'iam-user-membership',
  'iam-password-policy',
  'dns-record',
  'dashboard',
  'target-group-attachment',
];

/** What AWS bills by the hour or the month as soon as it is there, by its price lists and not by what kinds say. */
const BILLED = [
  'aws:alb/loadBalancer:LoadBalancer',
  'aws:lb/loadBalancer:LoadBalancer',
  'aws:lb/listener:Listener',
  'aws:elb/loadBalancer:LoadBalancer',
  'aws:ec2/instance:Instance',
  'aws:ec2/spotInstanceRequest:SpotInstanceRequest',
  'aws:ec2/fleet:Fleet',
  'aws:ec2/dedicatedHost:DedicatedHost',
  'aws:ec2/capacityReservation:CapacityReservation',
  'aws:ec2/ami:Ami',
  'aws:ebs/volume:Volume',
  'aws:ebs/snapshotCopy:SnapshotCopy',
  'aws:ec2/natGateway:NatGateway',
  'aws:ec2/eip:Eip',
  'aws:ec2/vpnConnection:VpnConnection',
  'aws:ec2transitgateway/transitGateway:TransitGateway',
  'aws:ec2transitgateway/vpcAttachment:VpcAttachment',
  'aws:autoscaling/group:Group',
  'aws:rds/instance:Instance',
  'aws:rds/cluster:Cluster',
  'aws:elasticache/cluster:Cluster',
  'aws:efs/fileSystem:FileSystem',
  'aws:eks/cluster:Cluster',
  'aws:kms/key:Key',
  'aws:secretsmanager/secret:Secret',
  'aws:route53/zone:Zone',
  'aws:route53/healthCheck:HealthCheck',
  'aws:cloudwatch/metricAlarm:MetricAlarm',
  'aws:cloudwatch/compositeAlarm:CompositeAlarm',
  'aws:cloudwatch/dashboard:Dashboard',
  'aws:wafv2/webAcl:WebAcl',
  'aws:globalaccelerator/accelerator:Accelerator',
];

/** A call's parameter as fixtures name it: filters as `name:values`. */
function parameter(value: unknown): string {
  if (!Array.isArray(value)) return String(value);
  return value.map((part) => (part.Name ? `${part.Name}:${part.Values}` : part)).join(' ');
}

/** How each service's API says that there is another page: the parameter that asks for it, and the answer. */
const PAGING: Record<string, { asks: string; answers: (next: string, page: object) => object }> = {
  cloudfront: {
    asks: 'Marker',
    // Inside of the list, which is the answer's one field.
    answers: (NextMarker, page) =>
      Object.fromEntries(Object.entries(page).map(([field, list]) => [field, { ...list, NextMarker }])),
  },
  acm: { asks: 'NextToken', answers: (NextToken) => ({ NextToken }) },
  cloudwatch: { asks: 'NextToken', answers: (NextToken) => ({ NextToken }) },
  autoscaling: { asks: 'NextToken', answers: (NextToken) => ({ NextToken }) },
  elasticloadbalancing: { asks: 'Marker', answers: (NextMarker) => ({ NextMarker }) },
  ec2: { asks: 'NextToken', answers: (NextToken) => ({ NextToken }) },
  sns: { asks: 'NextToken', answers: (NextToken) => ({ NextToken }) },
  ssm: { asks: 'NextToken', answers: (NextToken) => ({ NextToken }) },
  iam: { asks: 'Marker', answers: (Marker) => ({ Marker, IsTruncated: true }) },
  s3: { asks: 'ContinuationToken', answers: (ContinuationToken) => ({ ContinuationToken }) },
  route53: { asks: 'Marker', answers: (NextMarker) => ({ NextMarker, IsTruncated: true }) },
  'route53:ListResourceRecordSets': {
    asks: 'StartRecordName',
    answers: (NextRecordName) => ({ NextRecordName, NextRecordType: 'A', IsTruncated: true }),
  },
};

/** Services by their clients' names. */
const SERVICES: Record<string, string> = {
  CloudFrontClient: 'cloudfront',
  CloudWatchClient: 'cloudwatch',
  ACMClient: 'acm',
  AutoScalingClient: 'autoscaling',
  EC2Client: 'ec2',
  ElasticLoadBalancingV2Client: 'elasticloadbalancing',
  IAMClient: 'iam',
  S3Client: 's3',
  SNSClient: 'sns',
  SSMClient: 'ssm',
  Route53Client: 'route53',
};

/** The SDK's packages, for their paginators. */
const SDK: Record<string, object> = {
  acm,
  autoscaling,
  cloudfront,
  cloudwatch,
  ec2,
  elasticloadbalancing,
  iam,
  route53,
  s3,
  sns,
  ssm,
};

/** What AWS answers in pages though the SDK has no paginator for it. */
const UNPAGINATED =
  /^GetSubnetCidrReservations|^cloudfront:List(?!Tags)|^route53:List(ResourceRecordSets|ReusableDelegationSets)/;

/** Permissions that are not called like the API: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html */
const PERMISSIONS: Record<string, string> = {
  's3:GetBucketAccelerateConfiguration': 's3:GetAccelerateConfiguration',
  's3:GetBucketCors': 's3:GetBucketCORS',
  's3:GetBucketEncryption': 's3:GetEncryptionConfiguration',
  's3:GetBucketLifecycleConfiguration': 's3:GetLifecycleConfiguration',
  's3:GetBucketNotificationConfiguration': 's3:GetBucketNotification',
  's3:GetBucketReplication': 's3:GetReplicationConfiguration',
  's3:GetObjectLockConfiguration': 's3:GetBucketObjectLockConfiguration',
  's3:GetPublicAccessBlock': 's3:GetBucketPublicAccessBlock',
  's3:ListBuckets': 's3:ListAllMyBuckets',
};

/** Of `iam:ListRoles RoleName`, `iam` and `ListRoles`; of what names no service, EC2. */
function apiOf(set: string): { service: string; name: string } {
  const [api = ''] = set.split(' ');
  const [service = '', name] = api.split(':');
  return name === undefined ? { service: 'ec2', name: service } : { service, name };
}

/** Answers from the fixture and notes what was called; `failAt` is the page that fails, by its set and index. */
function recorded(fixture: Fixture, failAt?: string): { account: Account; called: Set<string> } {
  const called = new Set<string>();
  type Command = { constructor: { name: string }; input: Record<string, unknown> };
  const answer = async (service: string, command: Command) => {
    const api = command.constructor.name.replace(/Command$/, '');
    called.add(PERMISSIONS[`${service}:${api}`] ?? `${service}:${api}`);
    const name = service === 'ec2' ? api : `${service}:${api}`;
    const sets = [name, ...Object.values(command.input).map((value) => `${name} ${parameter(value)}`)];
    const set = sets.find((each) => fixture.pages[each]) ?? '';
    const pages = fixture.pages[set];
    if (!pages) {
      const whole = sets.map((each) => fixture.answers?.[each]).find((each) => each !== undefined);
      if (!whole) throw new Error(`the fixture has no answer for ${name}`);
      if ('error' in whole) throw Object.assign(new Error(String(whole.error)), { name: whole.error });
      return whole;
    }
    const paging = PAGING[name] ?? PAGING[service];
    const index = Number(command.input[paging?.asks ?? ''] ?? 0);
    if (`${set} ${index}` === failAt) throw new Error(`page ${set} ${index} failed`);
    const page = pages[index] ?? {};
    return { ...page, ...(index + 1 < pages.length && paging?.answers(String(index + 1), page)) };
  };
  const client = <C>(Service: ServiceClient<C>): C =>
    Object.assign(new Service({ region: 'eu-west-1' }) as object, {
      send: (command: Command) => answer(SERVICES[Service.name] ?? Service.name, command),
    }) as C;
  const account: Account = {
    id: '111111111111',
    region: 'eu-west-1',
    ec2: client(ec2.EC2Client),
    s3: client(s3.S3Client),
    client,
    with: () => account,
    in: () => account,
  };
  return { account, called };
}

/** Every page of a fixture, as `recorded` takes it. */
function pagesOf(fixture: Fixture): { set: string; index: number }[] {
  return Object.entries(fixture.pages).flatMap(([set, pages]) => pages.map((_, index) => ({ set, index })));
}

/** The list in a field of a page: the field itself, or its `Items`. Empty where it holds none. */
function entriesOf(fixture: Fixture, set: string, index: number, field: string): unknown[] {
  const value = fixture.pages[set]?.[index]?.[field] as { Items?: unknown[] } | unknown[] | undefined;
  return Array.isArray(value) ? value : (value?.Items ?? []);
}

/** The fixture without one entry of one page, for each entry that there is. */
function withoutOne(kind: AnyKind): { left: Fixture; what: string }[] {
  return pagesOf(fixtureOf(kind)).flatMap(({ set, index }) =>
    Object.entries(fixtureOf(kind).pages[set]?.[index] ?? {}).flatMap(([field, value]) => {
      const entries = entriesOf(fixtureOf(kind), set, index, field).map((_, entry) => {
        const left = fixtureOf(kind);
        entriesOf(left, set, index, field).splice(entry, 1);
        return { left, what: `${set} ${index} ${field} ${entry}` };
      });
      if (entries.length > 0 || typeof value !== 'object') return entries;
      // What is one object is left out whole; a text is a part of what it stands beside.
      const left = fixtureOf(kind);
      delete left.pages[set]?.[index]?.[field];
      return [{ left, what: `${set} ${index} ${field}` }];
    }),
  );
}

async function error(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => 'none',
    (reason: Error) => reason.message,
  );
}

const ZONES = { 'euw1-az1': 'euc1-az1', 'euw1-az2': 'euc1-az2' };

/** All fixtures' items. */
async function recordedItems(): Promise<Record<string, Item[]>> {
  const found = kinds.map(async (kind) => [kind.name, await kind.list(recorded(fixtureOf(kind)).account)]);
  return Object.fromEntries(await Promise.all(found));
}

describe('every kind', () => {
  it('has a name of its own, in kebab case', () => {
    const names = kinds.map((kind) => kind.name);
    expect(new Set(names).size).to.equal(names.length);
    for (const name of names) expect(name).to.match(/^[a-z0-9]+(-[a-z0-9]+)*$/);
  });

  it('is described in docs/kinds.md as it is', () => {
    expect(readFileSync(join(__dirname, '../../../docs/kinds.md'), 'utf8')).to.equal(kindsPage());
  });

  for (const kind of kinds) {
    describe(kind.name, () => {
      it('lists every page', async () => {
        const fixture = fixtureOf(kind);
        const items: Item[] = await kind.list(recorded(fixture).account);
        expect(items.map((item) => item.id)).to.deep.equal(fixture.ids);
        for (const [id, fields] of Object.entries(fixture.details ?? {}))
          expect(JSON.parse(JSON.stringify(items.find((item) => item.id === id)))).to.deep.include(fields);
      });

      it('has a recording of more than one page wherever AWS answers in pages', () => {
        for (const [set, pages] of Object.entries(fixtureOf(kind).pages)) {
          const isPaged =
            UNPAGINATED.test(set) || `paginate${apiOf(set).name}` in (SDK[apiOf(set).service] ?? {});
          expect(pages.length > 1, `${set}, which ${isPaged ? 'has' : 'has no'} pages`).to.equal(isPaged);
        }
      });

      it('leaves nothing out of what AWS answers', async () => {
        const whole = await kind.list(recorded(fixtureOf(kind)).account);
        const cases = withoutOne(kind);
        expect(cases).to.not.be.empty;
        for (const { left, what } of cases) {
          const found = await kind.list(recorded(left).account).catch((reason: Error) => reason.message);
          expect(found, what).to.not.deep.equal(whole);
        }
      });

      it('gives every item the same fields, so that one without a value is not taken for one not looked up', async () => {
        const items: Item[] = await kind.list(recorded(fixtureOf(kind)).account);
        for (const item of items) expect(Object.keys(item)).to.deep.equal(Object.keys(items[0] ?? {}));
      });

      it('throws when any page fails, and returns no part', async () => {
        for (const { set, index } of pagesOf(fixtureOf(kind)))
          expect(await error(kind.list(recorded(fixtureOf(kind), `${set} ${index}`).account))).to.equal(
            `page ${set} ${index} failed`,
          );
      });

      it('throws when a page comes without its list', async () => {
        for (const { set, index } of pagesOf(fixtureOf(kind))) {
          const fixture = fixtureOf(kind);
          (fixture.pages[set] ?? [])[index] = {};
          expect(await error(kind.list(recorded(fixture).account)), set).to.contain('nothing is concluded');
        }
      });

      it('asks for exactly the permissions that it uses, and they only read', async () => {
        const { account, called } = recorded(fixtureOf(kind));
        await kind.list(account);
        expect([...called]).to.have.members([...kind.iamActions]);
        for (const action of kind.iamActions)
          expect(action).to.match(/^[a-z0-9]+:(Describe|Get|List)[A-Za-z0-9]+$/);
        expect(readPolicy().Statement[0]?.Action).to.include.members([...kind.iamActions]);
      });

      it('names classes that @pulumi/aws has', () => {
        for (const type of kind.types) expect(resourceClass(type)).to.be.a('function');
        expect(kind.types.length > 0).to.equal(kind.mirror !== undefined);
      });
    });
  }

  it('is in a drill only where somebody said so, and carries its tag there from the start', async () => {
    const items = await recordedItems();
    const options = { ...PLAN_OPTIONS, drill: '20260131t040000-120', isRecovering: true };
    const { resources, skipped } = plan({ kinds: items, superseded: new Map() }, {}, ZONES, options);
    const inDrill = new Set(kinds.filter((kind) => kind.inDrill).map(({ name }) => name));
    // Whoever adds to this list says that it leads nowhere, is free, and has no name that AWS knows once.
    expect([...inDrill]).to.deep.equal([
      'vpc',
      'vpc-ipv4-range',
      'vpc-ipv6-range',
      'prefix-list',
      'subnet',
      'subnet-cidr-reservation',
      'route-table',
      'route-table-association',
      'network-acl',
      'network-acl-entry',
      'network-acl-association',
      'security-group',
      'security-group-rule',
    ]);
    for (const { item, args } of resources) {
      const kind = partsOf(item).kind;
      expect(inDrill, item).to.include(kind);
      const { tags } = args as { tags?: Record<string, string> };
      if (!UNTAGGED.includes(kind)) expect(tags?.['lifeboat:drill'], item).to.equal(options.drill);
    }
    const left = new Set(skipped.map(({ name }) => partsOf(name).kind));
    for (const { name, mirror } of kinds)
      if (mirror && !inDrill.has(name) && (items[name] ?? []).length > 0) expect(left, name).to.include(name);
    expect(sealed({ resources, skipped } as unknown as Plan).resources).to.have.length(resources.length);
  });

  it('plans one resource of a named type for each item, with our tag and none that the source forged', async () => {
    const items = await recordedItems();
    const result = plan({ kinds: items, superseded: new Map() }, {}, ZONES, PLAN_OPTIONS);
    const { resources } = result;
    for (const left of ['skipped', 'atRecovery'] as const)
      expect(Object.fromEntries(result[left].map(({ name, reason }) => [name, reason])), left).to.deep.equal(
        Object.fromEntries(
          kinds.flatMap((kind) =>
            Object.entries(fixtureOf(kind)[left] ?? {}).map(([id, why]) => [`${kind.name}/${id}`, why]),
          ),
        ),
      );
    expect(resources.map(({ item }) => item)).to.deep.equal(
      kinds
        .filter((kind) => kind.mirror)
        .flatMap((kind) => {
          const { ids, skipped = {}, atRecovery = {} } = fixtureOf(kind);
          const derived = kind.derived?.(items).map(({ id }) => id) ?? [];
          return [...ids.filter((id) => !(id in skipped || id in atRecovery)), ...derived].map(
            (id) => `${kind.name}/${id}`,
          );
        }),
    );
    for (const { item, type, args } of resources) {
      const { kind: kindName, id } = partsOf(item);
      expect(kinds.find((kind) => kind.name === kindName)?.types).to.include(type);
      const { tags } = args as { tags?: Record<string, string> };
      expect(tags === undefined, item).to.equal(UNTAGGED.includes(kindName));
      if (!tags) continue;
      expect(tags['lifeboat:source-id']).to.equal(id);
      expect(Object.keys(tags).filter((key) => key.startsWith('aws:'))).to.deep.equal([]);
    }
  });

  it('plans at a recovery, after the machines, what waits for one alone', async () => {
    const items = await recordedItems();
    const options = { ...PLAN_OPTIONS, recover: true };
    const result = plan({ kinds: items, superseded: new Map() }, {}, ZONES, options);
    const recovering = kinds.filter(({ madeAtRecovery }) => madeAtRecovery);
    const waiting = recovering.flatMap((kind) => {
      const { atRecovery = {}, skippedAtRecovery = {} } = fixtureOf(kind);
      for (const [id, why] of Object.entries(skippedAtRecovery))
        expect(result.skipped, id).to.deep.include({ name: `${kind.name}/${id}`, reason: why });
      return Object.keys(atRecovery)
        .filter((id) => !(id in skippedAtRecovery))
        .map((id) => `${kind.name}/${id}`);
    });
    const made = result.resources.filter(({ afterMachines }) => afterMachines);
    expect(made.map(({ item }) => item)).to.have.members(waiting);
    for (const { item, type, args } of made) {
      const { kind: name, id } = partsOf(item);
      expect(recovering.find((kind) => kind.name === name)?.types).to.include(type);
      const { tags } = args as { tags?: Record<string, string> | { key: string; value: string }[] };
      const record = Array.isArray(tags)
        ? Object.fromEntries(tags.map(({ key, value }) => [key, value]))
        : tags;
      expect(record?.['lifeboat:source-id'], item).to.equal(UNTAGGED.includes(name) ? undefined : id);
    }
  });

  it('at rest registers no kind that is billed, whatever a kind says of itself', async () => {
    const rest = new Set(typesAt('rest'));
    for (const type of BILLED) expect([...rest], type).to.not.include(type);
    const refuse = refuseOtherTypes(rest);
    for (const kind of kinds) {
      const isAtRest = kind.cost !== 'billed' && kind.madeAtRecovery !== true;
      for (const type of kind.types)
        if (isAtRest) expect(() => refuse({ type, name: kind.name }), kind.name).not.to.throw();
        else expect(() => refuse({ type, name: kind.name }), kind.name).to.throw(kind.name);
    }
    const items = await recordedItems();
    const planned = (recover: boolean) =>
      plan({ kinds: items, superseded: new Map() }, {}, ZONES, { ...PLAN_OPTIONS, recover }).resources;
    const refused = (resource: PlannedResource) => {
      try {
        refuse(resource);
        refuseWhatWaits([resource]);
        return false;
      } catch {
        return true;
      }
    };
    expect(planned(false).filter(refused)).to.deep.equal([]);
    const atRest = new Set(planned(false).map(({ name }) => name));
    const more = planned(true).filter(({ name }) => !atRest.has(name));
    const kindsOf = (resources: readonly PlannedResource[]) =>
      new Set(resources.map(({ item }) => partsOf(item).kind));
    expect(more.filter((resource) => !refused(resource))).to.deep.equal([]);
    // Of each kind that waits there is one to be refused: a kind without would be proven nothing of.
    for (const kind of kinds)
      if (kind.madeAtRecovery && kind.mirror) expect([...kindsOf(more)]).to.include(kind.name);
  });

  it('has nothing that machines may wait for refer to what is made after them', async () => {
    const items = await recordedItems();
    const { atRecovery: waiting } = fixtureOf({ name: 'vpc-endpoint' });
    const endpoint = items['vpc-endpoint']?.find(({ id }) => id in (waiting ?? {}));
    // As AWS writes ids: only such are looked for in texts.
    const id = 'vpce-0123456789abcdef0';
    const value = `reached by ${id}`;
    const parameter = { ...items['ssm-parameter']?.[0], id: '/x', value } as unknown as Item;
    const options = { ...PLAN_OPTIONS, recover: true };
    const source = {
      ...items,
      'vpc-endpoint': [...(items['vpc-endpoint'] ?? []), { ...endpoint, id, tags: {} } as Item],
      'ssm-parameter': [...(items['ssm-parameter'] ?? []), parameter],
    };
    const { resources } = plan({ kinds: source, superseded: new Map() }, {}, ZONES, options);
    const late = new Set(resources.filter(({ afterMachines }) => afterMachines).map(({ name }) => name));
    expect(late).to.include(`vpc-endpoint/${id}`);
    expect(resources.map(({ name }) => name)).to.include('ssm-parameter//x');
    for (const { name, args, afterMachines } of resources)
      if (!afterMachines)
        for (const ref of refsIn(args))
          expect(late, `${name} refers to ${ref.name}`).to.not.include(ref.name);
  });
});
