import type { NameFacts, SiteFacts } from './facts';

/** The TXT record by which AWS knows that a name's owner wants it moved. */
export function proof(name: string, domainName: string): string {
  return `_${name} TXT "${domainName}"`;
}

/**
 * What is left to be done for one name, in the order in which it is done; nothing when it is on the mirror. Pure.
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/alternate-domain-names-move.html
 */
export function stepsLeft(
  { site, certificate }: SiteFacts,
  { name, state, holders, refused }: NameFacts,
): string[] {
  const { source, mirror } = site;
  if (!mirror)
    return [`make the mirror of ${source.id} (npm run pulumi -- up), or see why the plan skips it`];
  if (state === 'here') return [`lead ${name} to ${mirror.domainName} in its zone`];
  const left: string[] = [];
  if (!certificate) left.push('issue a certificate');
  const others = holders.filter(({ domain }) => domain !== name);
  if (others.length > 0)
    left.push(`see to ${others.map(({ domain }) => domain).join(', ')}, which overlaps and is another's`);
  if (state === 'unknown' && certificate) left.push('find out who has it: npx lifeboat move-names --yes');
  if (state === 'held' || (state === 'unknown' && !certificate))
    left.push(`disable ${source.id} in the source`, `add the record ${proof(name, mirror.domainName)}`);
  if (certificate && (state === 'free' || state === 'held'))
    left.push('move it: npx lifeboat move-names --yes');
  if (refused) left.push(`AWS said: ${refused}`);
  return left;
}

/** The command that asks for a certificate for a site's names. */
export function certificateCommand(names: readonly string[]): string {
  const [first = '', ...others] = names;
  const more = others.length > 0 ? ` --subject-alternative-names ${others.map(quoted).join(' ')}` : '';
  return `aws acm request-certificate --region us-east-1 --validation-method DNS --domain-name ${quoted(first)}${more}`;
}

const quoted = (name: string) => (name.startsWith('*') ? `'${name}'` : name);

/** The text of a case at AWS Support for what nobody can move without the source. */
export function supportCase(sites: readonly SiteFacts[], account: string): string | undefined {
  const held = sites.flatMap((each) =>
    each.names
      .filter(({ state }) => state === 'held')
      .map(({ name, holders }) => ({ name, holders, mirror: each.site.mirror, source: each.site.source })),
  );
  if (held.length === 0) return undefined;
  const lines = held.map(({ name, holders, mirror, source }) => {
    const [holder] = holders.filter(({ domain }) => domain === name);
    const from = holder ? `${holder.resource} of the account ${holder.account}` : source.id;
    return `- ${name}: from ${from} to ${mirror?.id}; ${proof(name, mirror?.domainName ?? '')}`;
  });
  return [
    'Service: CloudFront. Subject: Move alternate domain names to our distributions',
    '',
    `We own the domains below. We no longer have access to the account whose distributions have them, so we cannot disable those.`,
    `Please move the names to the distributions of our account ${account}, each of which has a certificate that covers its names:`,
    '',
    ...lines,
    '',
    "The TXT records above are in the domains' public zones, as a proof that they are ours.",
  ].join('\n');
}
