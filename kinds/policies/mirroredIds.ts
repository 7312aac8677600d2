/** What a text that AWS writes ids into names: `prefix` of the id to the kind. Others' ids are other words in DR, and nobody knows which. */
const KIND_BY_PREFIX: Readonly<Record<string, string>> = {
  acl: 'network-acl',
  dopt: 'dhcp-options',
  eigw: 'egress-only-internet-gateway',
  i: 'instance',
  igw: 'internet-gateway',
  lt: 'launch-template',
  pcx: 'vpc-peering-connection',
  pl: 'prefix-list',
  rtb: 'route-table',
  sg: 'security-group',
  subnet: 'subnet',
  vpc: 'vpc',
  vpce: 'vpc-endpoint',
};

/**
 * AWS's own ids, which are others in DR: `vpc-0a1b2c3d`, a key's UUID, the unique id of a principal, a distribution's.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids
 */
const ID =
  /\b[a-z]+(?:-[a-z]+)*-[0-9a-f]{8}(?:[0-9a-f]{9})?\b|\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b|\b(?:AGPA|AIDA|AIPA|ANPA|AROA|ASCA)[A-Z0-9]{12,}/g;

/** A part of a text: words, or what names an object of a kind. */
export type TextPart = string | { readonly kind?: string; readonly id: string };

/** A text in parts. An id without a kind is of what is not mirrored. Pure. */
export function partsWithIds(text: string): TextPart[] {
  const parts: TextPart[] = [];
  let from = 0;
  for (const { 0: id, index } of text.matchAll(ID)) {
    if (index > from) parts.push(text.slice(from, index));
    const kind = KIND_BY_PREFIX[id.slice(0, id.indexOf('-'))];
    parts.push({ id, ...(kind !== undefined && { kind }) });
    from = index + id.length;
  }
  if (from < text.length) parts.push(text.slice(from));
  return parts;
}

/** The last part of an ARN in parts: `resource` is what stands behind the account. Pure. */
export function resourceParts(service: string, resource: string): TextPart[] {
  // A bucket's ARN holds neither account nor region, and its objects' names are names.
  if (service === 's3') {
    const [, bucket = '', rest = ''] = /^([^/]*)(.*)$/s.exec(resource) ?? [];
    return bucket === '*' ? [resource] : [{ kind: 'bucket', id: bucket }, ...(rest ? [rest] : [])];
  }
  if (service === 'cloudfront') {
    const [, head = '', id = ''] = /^(distribution\/)([A-Z0-9]+)$/.exec(resource) ?? [];
    if (id) return [head, { kind: 'distribution', id }];
  }
  return partsWithIds(resource);
}

/** The name of a target group by the last part of its ARN, which ends in what AWS makes up: `targetgroup/NAME/0123456789abcdef`. */
export function targetGroupName(resource: string): string | undefined {
  return /^targetgroup\/([^/*?]+)\/[0-9a-f]+$/.exec(resource)?.[1];
}
