import {
  paginateDescribeInstances,
  paginateDescribeNetworkAcls,
  paginateDescribeRouteTables,
  paginateDescribeSubnets,
  paginateDescribeVolumes,
  paginateDescribeVpcs,
} from '@aws-sdk/client-ec2';
import type { Account } from '../accounts';
import { allPages, once } from './kind';

// What several kinds are made of is asked for once in a look-up.

export function describeVpcs(account: Account) {
  return once(account, 'DescribeVpcs', () =>
    allPages(paginateDescribeVpcs({ client: account.ec2 }, {}), (page) => page.Vpcs),
  );
}

export function describeRouteTables(account: Account) {
  return once(account, 'DescribeRouteTables', () =>
    allPages(paginateDescribeRouteTables({ client: account.ec2 }, {}), (page) => page.RouteTables),
  );
}

export function describeNetworkAcls(account: Account) {
  return once(account, 'DescribeNetworkAcls', () =>
    allPages(paginateDescribeNetworkAcls({ client: account.ec2 }, {}), (page) => page.NetworkAcls),
  );
}

export function describeSubnets(account: Account) {
  return once(account, 'DescribeSubnets', () =>
    allPages(paginateDescribeSubnets({ client: account.ec2 }, {}), (page) => page.Subnets),
  );
}

/** Of machines that are there: a terminated one is still described for about an hour, and gone all the same. */
export function describeReservations(account: Account) {
  const states = ['pending', 'running', 'stopping', 'stopped'];
  const Filters = [{ Name: 'instance-state-name', Values: states }];
  return once(account, 'DescribeInstances', () =>
    allPages(paginateDescribeInstances({ client: account.ec2 }, { Filters }), (page) => page.Reservations),
  );
}

export function describeVolumes(account: Account) {
  return once(account, 'DescribeVolumes', () =>
    allPages(paginateDescribeVolumes({ client: account.ec2 }, {}), (page) => page.Volumes),
  );
}
