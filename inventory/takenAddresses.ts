import { type NetworkInterface, paginateDescribeNetworkInterfaces } from '@aws-sdk/client-ec2';
import type { Account } from '../accounts';
import { LifeboatError } from '../errors';
import { allPages } from '../kinds/kind';
import { inParts } from '../kinds/perObject';
import type { ProtectedInstance } from './protectedInstances';

/** AWS's limit of values of one filter: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Filtering.html */
const VALUES_AT_ONCE = 200;

/** An address of a machine that somebody else has in DR. */
export interface TakenAddress {
  readonly name: string;
  readonly address: string;
  /** The network interface that has it. */
  readonly interfaceId: string;
  /** What that is of, in words. */
  readonly of: string;
}

/**
 * The network interfaces of DR that have an address which a protected machine is to have, in any subnet.
 *
 * @throws LifeboatError when any page of them cannot be had
 */
export async function interfacesAt(
  dr: Account,
  instances: readonly ProtectedInstance[],
): Promise<NetworkInterface[]> {
  const wanted = [
    ...new Set(instances.flatMap(({ instance }) => instance.addresses.map((each) => each.address))),
  ];
  try {
    const found = await Promise.all(
      inParts(wanted, VALUES_AT_ONCE).map((Values) =>
        allPages(
          paginateDescribeNetworkInterfaces(
            { client: dr.ec2 },
            { Filters: [{ Name: 'addresses.private-ip-address', Values }] },
          ),
          (page) => page.NetworkInterfaces,
        ),
      ),
    );
    return found.flat();
  } catch (cause) {
    throw new LifeboatError({
      what: 'Whether the addresses of machines are free in DR could not be asked, so nothing is changed',
      got: `account ${dr.id}, region ${dr.region}`,
      expected: 'every page of them, by ec2:DescribeNetworkInterfaces',
      next: 'mend the permissions of this role in DR (npm run pulumi -- -C vault up), or wait for AWS, and run it again',
      cause,
    });
  }
}

/**
 * Addresses that machines are to have and others have: AWS gives each once in a subnet. Pure.
 *
 * @param subnetInDr the id in DR of a subnet of the source; undefined where there is none yet, and nobody in it
 */
export function takenAddresses(
  instances: readonly ProtectedInstance[],
  interfaces: readonly NetworkInterface[],
  subnetInDr: (id: string) => string | undefined,
): TakenAddress[] {
  return instances.flatMap(({ instance, name }) =>
    instance.addresses.flatMap(({ subnetId, address }): TakenAddress[] => {
      const place = subnetInDr(subnetId);
      const holder = interfaces.find(
        ({ SubnetId, PrivateIpAddresses = [] }) =>
          place !== undefined &&
          SubnetId === place &&
          PrivateIpAddresses.some(({ PrivateIpAddress }) => PrivateIpAddress === address),
      );
      if (!holder) return [];
      const { NetworkInterfaceId: interfaceId = '', Attachment, Description } = holder;
      const of = Attachment?.InstanceId ?? (Description || 'no machine');
      return [{ name, address, interfaceId, of }];
    }),
  );
}
