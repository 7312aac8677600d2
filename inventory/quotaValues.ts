import {
  NoSuchResourceException,
  paginateListAWSDefaultServiceQuotas,
  paginateListServiceQuotas,
  type ServiceQuota,
  ServiceQuotasClient,
} from '@aws-sdk/client-service-quotas';
import { CLIENT_DEFAULTS, GLOBAL_REGION } from '../accounts';
import { LifeboatError } from '../errors';
import { kinds } from '../kinds';
import { allPages } from '../kinds/kind';
import { IMPATIENT, isNoAnswer } from './collect';

/** The values of the quotas that kinds name, by `service/code`. What Service Quotas does not list is not in it. */
export type QuotaValues = ReadonlyMap<string, number>;

/** The most that Service Quotas answers at once: all quotas of Amazon VPC are one page. */
const PAGE = 100;

/** Services that have no regions: Service Quotas lists theirs where their control plane is. */
const GLOBAL_SERVICES = new Set(
  kinds.flatMap(({ isGlobal, quotas = [] }) => (isGlobal ? quotas.map(({ service }) => service) : [])),
);

/** Where a service's quotas are listed, and more is asked for. */
export function quotaRegion(service: string, region: string): string {
  return GLOBAL_SERVICES.has(service) ? GLOBAL_REGION : region;
}

/**
 * What the DR account may have of what the kinds make: the values that apply to it, and AWS's defaults where none was ever set.
 *
 * @param region the DR region: quotas are each region's own, but for those of IAM and others that have none
 * @param options `client`, for tests; by default one with the credentials of the environment. `waitsForGlobal`: false where what has no
 * regions is gone without rather than waited for, as in collect.ts. Default: true
 * @throws LifeboatError when a value cannot be read; none is ever guessed
 */
export async function quotaValues(
  region: string,
  { client, waitsForGlobal = true }: { client?: ServiceQuotasClient; waitsForGlobal?: boolean } = {},
): Promise<QuotaValues> {
  const clients = new Map<string, ServiceQuotasClient>();
  const clientFor = (service: string) => {
    if (client) return client;
    const where = quotaRegion(service, region);
    const made =
      clients.get(where) ??
      new ServiceQuotasClient({
        region: where,
        ...CLIENT_DEFAULTS,
        ...(!waitsForGlobal && where === GLOBAL_REGION && IMPATIENT),
      });
    clients.set(where, made);
    return made;
  };
  const named = kinds.flatMap((kind) => kind.quotas ?? []);
  const wanted = new Set(named.map(({ service, code }) => `${service}/${code}`));
  const services = [...new Set(named.flatMap(({ service, code }) => (code ? [service] : [])))];
  try {
    const values = await Promise.all(
      services.map((service) =>
        valuesOf(clientFor(service), service).catch((error: unknown) => {
          if (waitsForGlobal || !GLOBAL_SERVICES.has(service) || !isNoAnswer(error)) throw error;
          return [];
        }),
      ),
    );
    const found = values.flat().flatMap((quota) => namedValue(quota, wanted));
    // The values that apply come after the defaults, and win.
    return new Map(found);
  } catch (cause) {
    throw new LifeboatError({
      what: 'What the DR account may hold could not be looked up, so nothing is changed',
      got: `the quotas of ${services.join(' and ')} in ${region}`,
      expected:
        'every page of them, by servicequotas:ListServiceQuotas and servicequotas:ListAWSDefaultServiceQuotas',
      next: 'mend the permissions of this role in DR (npm run pulumi -- -C vault up), or wait for AWS, and run it again',
      cause,
    });
  } finally {
    for (const made of clients.values()) made.destroy();
  }
}

/** A service's defaults, then the values that apply to this account. */
async function valuesOf(client: ServiceQuotasClient, ServiceCode: string): Promise<ServiceQuota[]> {
  const config = { client, pageSize: PAGE };
  const listed = async (pages: AsyncIterable<{ Quotas?: ServiceQuota[] }>) => {
    try {
      return await allPages(pages, (page) => page.Quotas);
    } catch (error) {
      // A service that Service Quotas does not know in this region has no quota there to be read.
      if (error instanceof NoSuchResourceException) return [];
      throw error;
    }
  };
  const [defaults, applied] = await Promise.all([
    listed(paginateListAWSDefaultServiceQuotas(config, { ServiceCode })),
    listed(paginateListServiceQuotas(config, { ServiceCode })),
  ]);
  return [...defaults, ...applied];
}

function namedValue(quota: ServiceQuota, wanted: ReadonlySet<string>): [string, number][] {
  const { ServiceCode, QuotaCode, QuotaName, Value, ErrorReason } = quota;
  const key = `${ServiceCode}/${QuotaCode}`;
  if (!wanted.has(key)) return [];
  if (Value === undefined || ErrorReason)
    throw new Error(
      `AWS does not tell the value of ${QuotaName} (${key}): ${ErrorReason?.ErrorCode ?? 'no value'} ${ErrorReason?.ErrorMessage ?? ''}`.trim(),
    );
  return [[key, Value]];
}
