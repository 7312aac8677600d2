import type { Tag } from '@aws-sdk/client-ec2';
import { span } from './addresses';
import type { AccountContent } from './readAccount';

const SOURCE_ID = 'lifeboat:source-id';

/** One side of a comparison. */
export interface Side {
  readonly account: string;
  readonly region: string;
  readonly isSource: boolean;
}

/**
 * What an account's objects are called in a comparison: by the source's ids. DR's objects are known by the tag with that
 * id, or, where AWS made them and nobody tagged them, by their place.
 */
export class Names {
  private readonly byId = new Map<string, string>();
  private readonly byPlace = new Map<string, string>();
  private readonly ownImages = new Set<string>();
  private readonly ranges: { name: string; first: bigint; last: bigint }[] = [];

  /** @param source the source's names, when this is DR's side */
  constructor(
    readonly side: Side,
    content: AccountContent,
    private readonly source?: Names,
  ) {
    const { vpcs, dhcpOptions, subnets, internetGateways, egressOnly, routeTables, acls, groups } = content;
    for (const { VpcId, Tags } of vpcs) this.add(VpcId, Tags);
    for (const vpc of vpcs) {
      (vpc.Ipv6CidrBlockAssociationSet ?? [])
        .filter(({ Ipv6CidrBlockState }) => Ipv6CidrBlockState?.State === 'associated')
        .forEach(({ Ipv6CidrBlock = '' }, index) => {
          this.ranges.push({ name: `IPv6 range ${index} of ${this.id(vpc.VpcId)}`, ...span(Ipv6CidrBlock) });
        });
    }
    for (const options of dhcpOptions)
      this.add(options.DhcpOptionsId, options.Tags, isAwsOwn(options, side.region) ? 'of AWS' : undefined);
    for (const { SubnetId, Tags } of subnets) this.add(SubnetId, Tags);
    for (const { InternetGatewayId, Tags } of internetGateways) this.add(InternetGatewayId, Tags);
    for (const { EgressOnlyInternetGatewayId, Tags } of egressOnly)
      this.add(EgressOnlyInternetGatewayId, Tags);
    for (const { RouteTableId, VpcId, Tags, Associations } of routeTables)
      this.add(
        RouteTableId,
        Tags,
        Associations?.some(({ Main }) => Main) ? `main of ${this.id(VpcId)}` : undefined,
      );
    for (const { NetworkAclId, VpcId, Tags, IsDefault } of acls)
      this.add(NetworkAclId, Tags, IsDefault ? `default ACL of ${this.id(VpcId)}` : undefined);
    for (const { GroupId, VpcId, Tags, GroupName } of groups)
      this.add(GroupId, Tags, GroupName === 'default' ? `default group of ${this.id(VpcId)}` : undefined);
    // AWS's own have an id in every region, and a name that says what they are.
    for (const list of content.prefixLists)
      if (list.OwnerId === 'AWS')
        this.byId.set(list.PrefixListId ?? '', this.text(list.PrefixListName ?? ''));
      else this.add(list.PrefixListId, list.Tags);
    for (const { VpcEndpointId, Tags } of content.endpoints) this.add(VpcEndpointId, Tags);
    for (const { VpcPeeringConnectionId, Tags } of content.peerings) this.add(VpcPeeringConnectionId, Tags);
    // What AWS calls by a name in all calls keeps it in DR, and is known by it.
    for (const { KeyPairId, Tags, KeyName } of content.keyPairs)
      this.add(KeyPairId, Tags, undefined, KeyName);
    for (const { GroupId, Tags, GroupName } of content.placementGroups)
      this.add(GroupId, Tags, undefined, GroupName);
    for (const { LaunchTemplateId, Tags } of content.templates) this.add(LaunchTemplateId, Tags);
    for (const { ImageId = '', Name, OwnerId, ImageOwnerAlias } of content.images) {
      if (OwnerId === side.account) this.ownImages.add(ImageId);
      this.byId.set(ImageId, `${Name} of ${ImageOwnerAlias ?? OwnerId}`);
    }
    for (const { SecurityGroupRuleId, Tags, ...rule } of content.rules) {
      const target =
        rule.CidrIpv4 ??
        this.cidr(rule.CidrIpv6) ??
        this.id(rule.PrefixListId) ??
        this.id(rule.ReferencedGroupInfo?.GroupId);
      const place = [
        this.id(rule.GroupId),
        rule.IsEgress,
        rule.IpProtocol,
        rule.FromPort,
        rule.ToPort,
        target,
      ];
      this.add(SecurityGroupRuleId, Tags, place.join(' '));
    }
  }

  /** The source's id for an object. An object without a counterpart is called by its own, as one that stands for nothing. */
  id(id: string | undefined): string | undefined {
    if (id === undefined) return undefined;
    return this.byId.get(id) ?? (/^[a-z]+-[0-9a-f]{8,}$/.test(id) ? `${id}, which stands for nothing` : id);
  }

  /** A range as it is, or its place in the range that AWS assigned to a VPC. */
  cidr(cidr: string | undefined): string | undefined {
    if (!cidr?.includes(':')) return cidr;
    const { first, last, bits } = span(cidr.includes('/') ? cidr : `${cidr}/128`);
    const own = this.ranges.find((range) => range.first <= first && last <= range.last);
    return own ? `${(first - own.first).toString(16)}/${bits} in ${own.name}` : cidr;
  }

  /** euw1-az2 and euc1-az2 stand for each other. */
  zone(id: string | undefined): string | undefined {
    return id?.replace(/^.*-/, '');
  }

  /** A text with this side's region and account replaced by what they are. */
  text(text: string): string {
    return text.replaceAll(this.side.region, 'REGION').replaceAll(this.side.account, 'ACCOUNT');
  }

  /** Whether this is the option set that AWS gives to every account. */
  isAwsOwn(id: string | undefined): boolean {
    return this.id(id) === this.placeName('of AWS');
  }

  isOwnImage(id: string | undefined): boolean {
    return id !== undefined && this.ownImages.has(id);
  }

  /** A value with everything in it that stands for something in the account replaced. */
  deep(value: unknown): unknown {
    if (typeof value === 'string')
      return /^[\da-f]*:[\da-f:]*(\/\d+)?$/i.test(value) ? this.cidr(value) : this.id(value);
    if (value instanceof Date) return undefined;
    if (Array.isArray(value)) {
      const parts = value.map((part) => this.deep(part));
      // A list of texts is a set to AWS: groups, instance types.
      return parts.every((part) => typeof part === 'string') ? parts.sort() : parts;
    }
    if (value === null || typeof value !== 'object') return value;
    return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, this.deep(part)]));
  }

  /** Tags that DR has to carry, sorted. What is AWS's or claims to be ours is not carried; in DR ours is its mark alone. */
  tags(tags: readonly Tag[] | undefined): string[] {
    return (tags ?? [])
      .filter(({ Key = '' }) => (this.side.isSource ? !/^(aws|lifeboat):/.test(Key) : Key !== SOURCE_ID))
      .map(({ Key, Value }) => `${Key}=${Value}`)
      .sort();
  }

  private placeName(place: string): string {
    return (this.source ?? this).byPlace.get(place) ?? `untagged, ${place}`;
  }

  /** Notes what an object is called; `name` is what stands in DR's tag for one that is known by its name. */
  private add(
    id: string | undefined,
    tags: readonly Tag[] | undefined,
    place?: string,
    name: string | undefined = id,
  ): void {
    if (id === undefined) throw new Error('AWS answered an object without an id');
    const tag = tags?.find(({ Key }) => Key === SOURCE_ID)?.Value;
    if (this.side.isSource) {
      this.byId.set(id, name ?? id);
      if (place !== undefined) this.byPlace.set(place, id);
    } else {
      this.byId.set(id, tag ?? (place === undefined ? `${id}, untagged` : this.placeName(place)));
    }
  }
}

/** Every account has an option set that it did not make, which differs between regions. */
function isAwsOwn(options: AccountContent['dhcpOptions'][number], region: string): boolean {
  const settings = new Map(
    (options.DhcpConfigurations ?? []).map(({ Key, Values }) => [
      Key,
      Values?.map(({ Value }) => Value).join(),
    ]),
  );
  const domain = region === 'us-east-1' ? 'ec2.internal' : `${region}.compute.internal`;
  return (
    settings.size === 2 &&
    settings.get('domain-name') === domain &&
    settings.get('domain-name-servers') === 'AmazonProvidedDNS'
  );
}
