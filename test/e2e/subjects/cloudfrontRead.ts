import * as sdk from '@aws-sdk/client-cloudfront';

/** How one side names what the other names otherwise. */
type Names = (id: string) => string;

/**
 * All that an account holds of CloudFront, in AWS's own words, without what differs by itself: ids are replaced by names, and times and
 * versions left out. Knows nothing of the program.
 */
export async function readCloudFront(client: sdk.CloudFrontClient) {
  const [controls, identities, caches, requests, responses, keys, groups, functions, distributions] =
    await Promise.all([
      client.send(new sdk.ListOriginAccessControlsCommand({})),
      client.send(new sdk.ListCloudFrontOriginAccessIdentitiesCommand({})),
      client.send(new sdk.ListCachePoliciesCommand({ Type: 'custom' })),
      client.send(new sdk.ListOriginRequestPoliciesCommand({ Type: 'custom' })),
      client.send(new sdk.ListResponseHeadersPoliciesCommand({ Type: 'custom' })),
      client.send(new sdk.ListPublicKeysCommand({})),
      client.send(new sdk.ListKeyGroupsCommand({})),
      client.send(new sdk.ListFunctionsCommand({ Stage: 'LIVE' })),
      client.send(new sdk.ListDistributionsCommand({})),
    ]);
  const named = new Map<string, string>();
  const name = (id: string | undefined, text: string | undefined) => named.set(id ?? '', text ?? '');
  const all = {
    controls: controls.OriginAccessControlList?.Items ?? [],
    identities: (identities.CloudFrontOriginAccessIdentityList?.Items ?? []).map((each) => ({
      id: each.Id,
      // What we write behind it is ours.
      Comment: each.Comment?.replace(/ ?\(lifeboat:source-id=.*\)$/, ''),
    })),
    caches: (caches.CachePolicyList?.Items ?? []).map((each) => each.CachePolicy),
    requests: (requests.OriginRequestPolicyList?.Items ?? []).map((each) => each.OriginRequestPolicy),
    responses: (responses.ResponseHeadersPolicyList?.Items ?? []).map((each) => each.ResponseHeadersPolicy),
    keys: keys.PublicKeyList?.Items ?? [],
    groups: (groups.KeyGroupList?.Items ?? []).map((each) => each.KeyGroup),
  };
  for (const each of all.controls) name(each.Id, `control ${each.Name}`);
  for (const each of all.identities) name(each.id, `identity ${each.Comment}`);
  for (const each of all.caches) name(each?.Id, `cache ${each?.CachePolicyConfig?.Name}`);
  for (const each of all.requests) name(each?.Id, `request ${each?.OriginRequestPolicyConfig?.Name}`);
  for (const each of all.responses) name(each?.Id, `response ${each?.ResponseHeadersPolicyConfig?.Name}`);
  for (const each of all.keys) name(each.Id, `key ${each.Name}`);
  for (const each of all.groups) name(each?.Id, `group ${each?.KeyGroupConfig?.Name}`);
  const names: Names = (text) => {
    const last = text.slice(text.lastIndexOf('/') + 1);
    return named.get(text) ?? named.get(last) ?? text;
  };
  const told = (value: unknown) => plain(value, names);
  const code = await Promise.all(
    (functions.FunctionList?.Items ?? []).map(async ({ Name, FunctionConfig }) => {
      const { FunctionCode } = await client.send(new sdk.GetFunctionCommand({ Name, Stage: 'LIVE' }));
      return { Name, FunctionConfig: told(FunctionConfig), code: Buffer.from(FunctionCode ?? []).toString() };
    }),
  );
  const sites = await Promise.all(
    (distributions.DistributionList?.Items ?? []).map(async ({ Id, ARN }) => {
      const [{ DistributionConfig }, { Tags }] = await Promise.all([
        client.send(new sdk.GetDistributionConfigCommand({ Id })),
        client.send(new sdk.ListTagsForResourceCommand({ Resource: ARN })),
      ]);
      const tags = (Tags?.Items ?? []).filter(({ Key }) => !Key?.startsWith('lifeboat:'));
      return {
        config: told(DistributionConfig),
        tags: tags.map(({ Key, Value }) => `${Key}=${Value}`).sort(),
      };
    }),
  );
  return {
    controls: all.controls.map(told),
    identities: all.identities.map(told),
    caches: all.caches.map((each) => told(each?.CachePolicyConfig)),
    requests: all.requests.map((each) => told(each?.OriginRequestPolicyConfig)),
    responses: all.responses.map((each) => told(each?.ResponseHeadersPolicyConfig)),
    keys: all.keys.map(told),
    groups: all.groups.map((each) => told(each?.KeyGroupConfig)),
    functions: code,
    sites,
  };
}

const LEFT_OUT = ['Id', 'id', 'CreatedTime', 'CallerReference'];

/** Ids, versions and orders that mean nothing left out; of a distribution's origins the ids are its own words. */
function plain(value: unknown, names: Names, within = ''): unknown {
  if (typeof value === 'string')
    return /:function\//.test(value) ? value.replace(/.*:function\//, 'function ') : names(value);
  if (Array.isArray(value)) {
    const parts = value.map((part) => plain(part, names, within));
    const ordered = ['CacheBehaviors', 'Members'].includes(within);
    return ordered ? parts : parts.sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
  }
  if (value === null || typeof value !== 'object') return value;
  const isWhole = ['Origins', 'OriginGroups'].includes(within);
  return Object.fromEntries(
    Object.entries(value)
      .filter(([field, part]) => part !== undefined && (isWhole || !LEFT_OUT.includes(field)))
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([field, part]) => [field, plain(part, names, field === 'Items' ? within : field)]),
  );
}

/** The source's as DR must have it at rest: disabled, without names, on DR's buckets. */
export function asInDr(source: Awaited<ReturnType<typeof readCloudFront>>) {
  const text = JSON.stringify(source, (field, value) =>
    field === 'Enabled' && value === true ? true : value,
  );
  const moved: typeof source = JSON.parse(
    text
      .replaceAll(
        'pictures.s3.eu-west-1.amazonaws.com',
        'pictures-222222222222.s3.eu-central-1.amazonaws.com',
      )
      .replaceAll('archive.s3.amazonaws.com', 'archive-222222222222.s3.eu-central-1.amazonaws.com'),
  );
  for (const site of moved.sites) Object.assign(site.config as object, { Enabled: false });
  return moved;
}
