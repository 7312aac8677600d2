import { GLOBAL_REGION } from '../../accounts';
import type { SkipOptions } from '../kind';
import { instance } from '../machines/instance';
import type { MirrorContext } from '../mirrorContext';
import { targetGroupName } from '../policies/mirroredIds';
import { type Places, policyInDr } from '../policies/policyDocument';

/** Text of the source as DR has it. */
export interface InDrsTerms {
  /** With references in it. */
  readonly value: unknown;
  /** What is kept as it is though it names what only the source has. */
  readonly foreign: readonly string[];
}

/** Where alarms and dashboards come from and go to, and what DR calls what they watch. */
export type Watching = Places & Pick<MirrorContext, 'output'>;

/** Namespaces of what has no region: AWS keeps these metrics in one. https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/aws-services-cloudwatch-metrics.html */
const OF_NO_REGION = ['AWS/Billing', 'AWS/CloudFront', 'AWS/Route53'];

/** What a dimension names that is called otherwise in DR. Without a kind it is of what has no mirror. */
interface Named {
  readonly kind?: string;
  readonly id: string;
  /** The output that the dimension holds. Default: the id. */
  readonly property?: string;
}

/** @param machine what DR calls a recovered machine; undefined for what the source does not have */
export function watching(ctx: MirrorContext, machine: Watching['known'] = ctx.known): Watching {
  const known: Watching['known'] = (kind, id) =>
    kind === instance.name ? machine(kind, id) : ctx.known(kind, id);
  return { source: ctx.source, dr: ctx.dr, text: ctx.text, output: ctx.output, known };
}

function namedBy(name: string, value: string): Named | undefined {
  if (name === 'BucketName') return { kind: 'bucket', id: value };
  if (name === 'DistributionId') return { kind: 'distribution', id: value };
  const group = name === 'TargetGroup' ? targetGroupName(value) : undefined;
  if (group !== undefined) return { kind: 'target-group', id: group, property: 'arnSuffix' };
  // `net/web/0123456789abcdef`; a Gateway Load Balancer has no mirror.
  const balancer = name === 'LoadBalancer' ? /^(?:app|net)\/([^/]+)\//.exec(value)?.[1] : undefined;
  if (balancer !== undefined) return { kind: 'load-balancer', id: balancer, property: 'arnSuffix' };
  // A zone has another letter in each account, and what the letters stand for is not looked up.
  return name === 'AvailabilityZone' || (name === 'LoadBalancer' && value.includes('/'))
    ? { id: value }
    : undefined;
}

/**
 * The value of a dimension as DR has it: ids of mirrored objects and of recovered machines, account, region, names of buckets. A name that
 * is the same on both sides is kept.
 */
export function dimensionInDr(name: string, value: string, places: Watching): InDrsTerms {
  const named = namedBy(name, value);
  if (named === undefined) return textInDr(value, places);
  const { kind, id, property } = named;
  const known = kind === undefined ? undefined : places.known(kind, id);
  if (kind === undefined || known === undefined) return { value, foreign: [value] };
  return { value: property === undefined ? known : places.output(kind, id, property), foreign: [] };
}

/** Any other text as DR has it, by its parts. */
export function textInDr(text: string, places: Watching): InDrsTerms {
  const { source, dr } = places;
  const [, head, region, account, alarm] =
    /^(arn:[^:]*:cloudwatch):([^:]*):([^:]*):alarm:(.*)$/s.exec(text) ?? [];
  // An alarm has its name in DR too, whatever stands in that.
  if (alarm !== undefined && region === source.region && account === source.account)
    return { value: `${head}:${dr.region}:${dr.account}:alarm:${alarm}`, foreign: [] };
  const { document, foreign } = policyInDr(text, places);
  return { value: document, foreign };
}

/** Why an alarm on a metric cannot be made in DR, as far as that shows at rest, in words; undefined when it can. */
export function unwatchable(
  metric: { readonly namespace?: string; readonly dimensions: Readonly<Record<string, string>> },
  { dr }: Pick<SkipOptions, 'dr'>,
): string | undefined {
  const { namespace = '', dimensions } = metric;
  if (OF_NO_REGION.includes(namespace) && dr.region !== GLOBAL_REGION)
    return `it watches ${namespace}, which AWS measures in ${GLOBAL_REGION} alone`;
  const foreign = Object.entries(dimensions).find(([name, value]) => {
    const named = namedBy(name, value);
    return named !== undefined && named.kind === undefined;
  });
  return foreign && `it watches the ${foreign[0]} ${foreign[1]}, which is not mirrored`;
}
