import type { Distribution } from './distribution';
import { type Behavior, behaviorsOf } from './distributionParts';

/**
 * Why a changed distribution would serve other content than was accepted, or to others. A new one is no danger: it waits disabled, and its
 * names wait for a command.
 */
export function distributionDanger(item: Distribution, former: Distribution | undefined): string | undefined {
  if (!former) return undefined;
  const said = [...origins(item, former), ...behaviors(item, former), ...places(item, former)];
  return said.length > 0 ? said.join(', and ') : undefined;
}

function origins(item: Distribution, former: Distribution): string[] {
  const hosts = new Set(former.origins.map(({ DomainName }) => DomainName));
  return item.origins.flatMap((origin) => {
    const before = former.origins.find(({ Id }) => Id === origin.Id);
    const isSigned = (each: typeof origin) =>
      !!each.OriginAccessControlId || !!each.S3OriginConfig?.OriginAccessIdentity;
    return [
      ...(hosts.has(origin.DomainName) ? [] : [`serves from ${origin.DomainName} now`]),
      ...(before && isSigned(before) && !isSigned(origin)
        ? [`no longer signs what it asks its origin ${origin.Id} for`]
        : []),
    ];
  });
}

function behaviors(item: Distribution, former: Distribution): string[] {
  const [now, before] = [behaviorsOf(item), behaviorsOf(former)];
  const paths = new Set([...now, ...before].map(({ PathPattern }) => PathPattern));
  return [...paths].flatMap((path) => {
    const [here, earlier] = [ruling(now, path), ruling(before, path)];
    if (!here || !earlier) return [];
    const functions = functionsOf(earlier);
    const others = functionsOf(here).filter((each) => !functions.includes(each));
    const signers = signersOf(earlier);
    const more = signersOf(here).filter((each) => !signers.includes(each));
    return [
      ...(earlier.ViewerProtocolPolicy !== 'allow-all' && here.ViewerProtocolPolicy === 'allow-all'
        ? [`answers without TLS for ${path}`]
        : []),
      ...(signers.length > 0 && signersOf(here).length === 0
        ? [`no longer asks for signed URLs for ${path}`]
        : []),
      ...(signers.length > 0 && more.length > 0 ? [`takes what ${more.join(', ')} signed for ${path}`] : []),
      ...(others.length > 0 ? [`runs ${others.join(', ')} for ${path}`] : []),
    ];
  });
}

/** The behaviour of a path: its own, or the default one. Paths that only overlap are told by neither. */
function ruling(all: readonly Behavior[], path: string | undefined): Behavior | undefined {
  return all.find(({ PathPattern }) => PathPattern === path) ?? all.at(-1);
}

const functionsOf = ({ FunctionAssociations = [] }: Behavior): string[] =>
  FunctionAssociations.map(({ EventType, FunctionARN }) => `${FunctionARN} at ${EventType}`);

const signersOf = ({ TrustedKeyGroups, TrustedSigners }: Behavior): string[] => [
  ...(TrustedKeyGroups?.Items ?? []).map((id) => `the key group ${id}`),
  ...(TrustedSigners?.Items ?? []).map((id) => `the account ${id}`),
];

function places(item: Distribution, former: Distribution): string[] {
  const [now, before] = [item, former].map(({ config }) => config.Restrictions?.GeoRestriction);
  const type = before?.RestrictionType ?? 'none';
  if (type === 'none') return [];
  const [here, earlier] = [now?.Items ?? [], before?.Items ?? []];
  if (now?.RestrictionType !== type) return ['no longer keeps to the countries that were accepted'];
  const opened =
    type === 'whitelist'
      ? here.filter((country) => !earlier.includes(country))
      : earlier.filter((country) => !here.includes(country));
  return opened.length > 0 ? [`serves viewers in ${opened.join(', ')}`] : [];
}
