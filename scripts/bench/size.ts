/** How much of everything the bench's estate has, beside what AWS itself puts into each VPC. */
export interface Size {
  readonly vpcs: number;
  /** Of one VPC. */
  readonly subnets: number;
  readonly groups: number;
  readonly routeTables: number;
  readonly acls: number;
  /** Of one group: the last is outbound, the one before names the next group. */
  readonly rules: number;
  /** Of one route table. */
  readonly routes: number;
  /** Of one network ACL, each way. */
  readonly entries: number;
}

/** 10 VPCs, 200 subnets, 500 groups, 3,000 rules, 60 route tables, 60 network ACLs. */
export const WHOLE: Size = {
  vpcs: 10,
  subnets: 20,
  groups: 50,
  routeTables: 6,
  acls: 6,
  rules: 6,
  routes: 3,
  entries: 3,
};

/** A tenth of it, to see that the bench works. Its ratios say little: what a run costs at all is most of them. */
export const SMALL: Size = { ...WHOLE, vpcs: 2, subnets: 10, groups: 25, routeTables: 3, acls: 3 };

/** An estate in words. */
export function sizeText({ vpcs, subnets, groups, routeTables, acls, rules }: Size): string {
  const counts: [number, string][] = [
    [vpcs, 'VPCs'],
    [vpcs * subnets, 'subnets'],
    [vpcs * groups, 'groups'],
    [vpcs * groups * rules, 'rules'],
    [vpcs * routeTables, 'route tables'],
    [vpcs * acls, 'network ACLs'],
  ];
  return counts.map(([count, what]) => `${count.toLocaleString('en')} ${what}`).join(', ');
}
