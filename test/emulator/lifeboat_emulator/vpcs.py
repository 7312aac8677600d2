"""VPCs: their ranges, attributes and options, and what keeps one from being deleted.

Hooks: `VPCBackend.create_vpc` and `.delete_vpc`, the VPC calls of `EC2Response`. Ranges are kept in moto's own store, so
that its other models find them; route_tables.py keeps a local route for each.
"""

from __future__ import annotations

import ipaddress
from typing import Any

from moto.ec2.models.vpcs import VPC, VPCBackend
from moto.ec2.responses import EC2Response
from moto.ec2.utils import random_vpc_cidr_association_id

from . import address_pools, quotas
from .acls import allow_ipv6
from .answers import Answer, Views
from .dhcp import options_of
from .errors import ec2_error, invalid_value, missing
from .find import chosen, filtered, tag_list
from .networks import PRIVATE, ipv4, overlapping
from .patching import replaces

_ATTRIBUTES = {
    "EnableDnsSupport": "enable_dns_support",
    "EnableDnsHostnames": "enable_dns_hostnames",
    "EnableNetworkAddressUsageMetrics": "enable_network_address_usage_metrics",
}
# Ranges of AWS's own that no VPC that has private addresses can be given.
_RESERVED = ipaddress.ip_network("198.19.0.0/16")


def associations(vpc: Any, version: int, every: bool = False) -> list[dict[str, Any]]:
    """The VPC's range associations of a family; those that were taken away only with `every`."""
    return [
        item
        for item in vpc._cidr_block_association_set.values()
        if (":" in item["cidr_block"]) == (version == 6) and (every or item["cidr_block_state"]["state"] == "associated")
    ]


def ranges(vpc: Any, version: int) -> list[Any]:
    return [ipaddress.ip_network(item["cidr_block"]) for item in associations(vpc, version)]


def _four(item: dict[str, Any], state: str = "") -> dict[str, Any]:
    return {"AssociationId": item["association_id"], "CidrBlock": item["cidr_block"], "CidrBlockState": {"State": state or item["cidr_block_state"]["state"]}}


def _six(item: dict[str, Any], state: str = "") -> dict[str, Any]:
    return {
        "AssociationId": item["association_id"],
        # The range is known only once it is associated.
        "Ipv6CidrBlock": "" if state == "associating" else item["cidr_block"],
        "Ipv6CidrBlockState": {"State": state or item["cidr_block_state"]["state"]},
        "NetworkBorderGroup": item["ipv6_cidr_block_network_border_group"],
        "Ipv6Pool": item["ipv6_pool"],
        "Ipv6AddressAttribute": item["ipv6_address_attribute"],
        "IpSource": item["ip_source"],
    }


def view(vpc: Any, state: str = "") -> dict[str, Any]:
    sixes = [_six(item, state) for item in associations(vpc, 6, every=True)]
    return {
        "VpcId": vpc.id,
        "OwnerId": vpc.owner_id,
        "State": vpc.state,
        "CidrBlock": vpc.cidr_block,
        "DhcpOptionsId": options_of(vpc),
        "InstanceTenancy": vpc.instance_tenancy,
        "IsDefault": vpc.is_default,
        "CidrBlockAssociationSet": [_four(item) for item in associations(vpc, 4, every=True)],
        "Ipv6CidrBlockAssociationSet": sixes or None,
        "Tags": tag_list(vpc),
    }


@replaces(EC2Response)
def create_vpc(self: Any) -> Answer:
    backend, cidr = self.ec2_backend, self._get_param("CidrBlock")
    if not cidr:
        raise missing("cidrBlock")
    if self._get_param("Ipv4IpamPoolId"):
        raise ec2_error("UnsupportedOperation", "Ipv4IpamPoolId: IPv4 pools are not known to this emulator.")
    network = ipv4(cidr)
    if network.prefixlen not in range(16, 29):
        raise ec2_error("InvalidVpc.Range", f"The CIDR '{cidr}' is invalid.")
    tenancy = self._get_param("InstanceTenancy") or "default"
    if tenancy not in ("default", "dedicated"):
        raise invalid_value(f"Value ({tenancy}) for parameter instanceTenancy is invalid; expected default or dedicated.")
    amazon = bool(self._get_param("AmazonProvidedIpv6CidrBlock"))
    group = _border_group(backend, self._get_param("Ipv6CidrBlockNetworkBorderGroup"), amazon)
    six = address_pools.range_asked(self, amazon)
    tags = self._parse_tag_specification("vpc").get("vpc", {})
    quotas.check(backend, quotas.VPCS, len(backend.vpcs) + 1, "VpcLimitExceeded", "The maximum number of VPCs has been reached.")
    self.error_on_dryrun()
    vpc = backend.create_vpc(str(network), tenancy)
    backend.tags[vpc.id].update(tags)
    if six:
        _associate(vpc, *six, group)
    return Answer({"Vpc": {**view(vpc, "associating" if six else ""), "State": "pending"}})


def _border_group(backend: Any, given: str | None, amazon: bool) -> str:
    if given and not amazon:
        raise ec2_error("InvalidParameterCombination", "ipv6CidrBlockNetworkBorderGroup needs amazonProvidedIpv6CidrBlock.")
    if given and given != backend.region_name:
        raise invalid_value(f"Value ({given}) for parameter ipv6CidrBlockNetworkBorderGroup is invalid; expected {backend.region_name}.")
    return backend.region_name


def _associate(vpc: Any, cidr: str, six: dict[str, str] | None = None, group: str | None = None) -> dict[str, Any]:
    from .route_tables import add_local

    item: dict[str, Any] = {"association_id": random_vpc_cidr_association_id(), "cidr_block": cidr, "cidr_block_state": {"state": "associated"}}
    if six:
        item |= {**six, "ipv6_cidr_block_network_border_group": group}
    vpc._cidr_block_association_set[item["association_id"]] = item
    add_local(vpc, cidr)
    if six:
        allow_ipv6(vpc.ec2_backend, vpc.id)
    return item


@replaces(EC2Response)
def associate_vpc_cidr_block(self: Any) -> Answer:
    backend = self.ec2_backend
    vpc = backend.get_vpc(self._get_param("VpcId") or "")
    cidr, amazon = self._get_param("CidrBlock"), bool(self._get_param("AmazonProvidedIpv6CidrBlock"))
    six = address_pools.range_asked(self, amazon)
    if bool(cidr) == bool(six):
        raise missing("exactly one of: cidrBlock, ipv6Pool, ipv6IpamPoolId, amazonProvidedIpv6CidrBlock")
    version = 6 if six else 4
    code = quotas.IPV6_RANGES if six else quotas.IPV4_RANGES
    most = quotas.limit(backend.account_id, code)
    network = None if six else _additional(backend, vpc, cidr)
    group = _border_group(backend, self._get_param("Ipv6CidrBlockNetworkBorderGroup"), amazon)
    quotas.check(backend, code, len(associations(vpc, version)) + 1, "CidrLimitExceeded", f"This network '{vpc.id}' has met its maximum number of allowed CIDRs: {most}")
    self.error_on_dryrun()
    if six:
        return Answer({"VpcId": vpc.id, "Ipv6CidrBlockAssociation": _six(_associate(vpc, *six, group), "associating")})
    return Answer({"VpcId": vpc.id, "CidrBlockAssociation": _four(_associate(vpc, str(network)), "associating")})


def _additional(backend: Any, vpc: Any, cidr: str) -> Any:
    """https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html#add-cidr-block-restrictions"""
    from .route_tables import tables_of

    network = ipv4(cidr)
    if network.prefixlen not in range(16, 29):
        raise ec2_error("InvalidVpc.Range", f"The CIDR '{cidr}' is invalid.")
    if overlapping(network, ranges(vpc, 4)):
        raise ec2_error("InvalidVpc.Range", f"The CIDR '{cidr}' conflicts with another CIDR of the VPC.")
    mine = next((private for private in PRIVATE if ipaddress.ip_network(vpc.cidr_block).subnet_of(private)), None)
    foreign = [private for private in PRIVATE if private != mine] if mine is not None else PRIVATE
    if network.subnet_of(_RESERVED) or overlapping(network, foreign):
        message = f"The CIDR '{cidr}' is restricted. Use a CIDR from the same private address range as the current VPC CIDR, or use a publicly-routable CIDR."
        raise ec2_error("InvalidVpc.Range", message)
    for table in tables_of(backend, vpc.id):
        for route in table._routes.values():
            if route.kind == "DestinationCidrBlock" and ipaddress.ip_network(route.destination).subnet_of(network):
                raise ec2_error("InvalidVpc.Range", f"The CIDR '{cidr}' is the same as or larger than the destination {route.destination} of a route in {table.id}.")
    for peering in backend.vpc_pcxs.values():
        if peering._status.code == "active" and vpc in (peering.vpc, peering.peer_vpc):
            other = peering.peer_vpc if peering.vpc is vpc else peering.vpc
            if overlapping(network, ranges(other, 4)):
                raise ec2_error("InvalidVpc.Range", f"The CIDR '{cidr}' overlaps with the VPC at the other end of {peering.id}.")
    return network


@replaces(EC2Response)
def disassociate_vpc_cidr_block(self: Any) -> Answer:
    from .route_tables import remove_local

    backend, association_id = self.ec2_backend, self._get_param("AssociationId") or ""
    for vpc in backend.vpcs.values():
        item = vpc._cidr_block_association_set.get(association_id)
        if item is not None and item["cidr_block_state"]["state"] == "associated":
            break
    else:
        raise ec2_error("InvalidVpcCidrBlockAssociationID.NotFound", f"The vpc CIDR block association ID '{association_id}' does not exist")
    if item["cidr_block"] == vpc.cidr_block:
        message = f"The vpc CIDR block with association ID {association_id} may not be disassociated. It is the primary IPv4 CIDR block of the VPC"
        raise ec2_error("OperationNotPermitted", message)
    network = ipaddress.ip_network(item["cidr_block"])
    for subnet in backend.describe_subnets():
        blocks = [subnet.cidr_block] if network.version == 4 else [one["ipv6CidrBlock"] for one in subnet.ipv6_cidr_block_associations.values()]
        if subnet.vpc_id == vpc.id and any(block and ipaddress.ip_network(block).subnet_of(network) for block in blocks):
            raise ec2_error("InvalidCidrBlock.InUse", f"The vpc {vpc.id} currently has a subnet within CIDR block {network}")
    self.error_on_dryrun()
    item["cidr_block_state"]["state"] = "disassociated"
    remove_local(vpc, item["cidr_block"])
    if network.version == 6:
        return Answer({"VpcId": vpc.id, "Ipv6CidrBlockAssociation": _six(item, "disassociating")})
    return Answer({"VpcId": vpc.id, "CidrBlockAssociation": _four(item, "disassociating")})


def _values(vpc: Any, name: str) -> list[Any] | None:
    plain = {"vpc-id": vpc.id, "owner-id": vpc.owner_id, "state": vpc.state, "cidr": vpc.cidr_block, "cidr-block": vpc.cidr_block, "is-default": vpc.is_default, "isDefault": vpc.is_default}
    if name in plain:
        return [plain[name]]
    if name == "dhcp-options-id":
        return [options_of(vpc)]
    family, _, part = name.partition("cidr-block-association.")
    if family not in ("", "ipv6-") or not part:
        return None
    found = associations(vpc, 6 if family else 4, every=True)
    key = {"association-id": "association_id", "cidr-block": "cidr_block", "ipv6-cidr-block": "cidr_block"}.get(part)
    if part == "state":
        return [item["cidr_block_state"]["state"] for item in found]
    return [item[key] for item in found] if key else None


@replaces(EC2Response)
def describe_vpcs(self: Any) -> Answer:
    self.error_on_dryrun()
    found = chosen(self.ec2_backend.vpcs, self._get_param("VpcIds"), "InvalidVpcID.NotFound", "vpc")
    return Answer({"Vpcs": Views(filtered(found, self._filters_from_querystring(), _values), view)})


@replaces(EC2Response)
def describe_vpc_attribute(self: Any) -> Answer:
    vpc, name = self.ec2_backend.get_vpc(self._get_param("VpcId") or ""), self._get_param("Attribute") or ""
    member = name[:1].upper() + name[1:]
    if member not in _ATTRIBUTES:
        raise invalid_value(f"Value ({name}) for parameter attribute is invalid.")
    return Answer({"VpcId": vpc.id, member: {"Value": getattr(vpc, _ATTRIBUTES[member])}})


@replaces(EC2Response)
def modify_vpc_attribute(self: Any) -> Answer:
    """One attribute a call."""
    vpc = self.ec2_backend.get_vpc(self._get_param("VpcId") or "")
    given = {name: self._get_param(f"{name}.Value") for name in _ATTRIBUTES if self._get_param(f"{name}.Value") is not None}
    if len(given) != 1:
        raise ec2_error("InvalidParameterCombination", f"Exactly one attribute can be modified at a time; got {', '.join(given) or 'none'}.")
    [(name, value)] = given.items()
    setattr(vpc, _ATTRIBUTES[name], value is True or str(value).lower() == "true")
    return Answer()


@replaces(EC2Response)
def modify_vpc_tenancy(self: Any) -> Answer:
    vpc, tenancy = self.ec2_backend.get_vpc(self._get_param("VpcId") or ""), self._get_param("InstanceTenancy")
    if tenancy != "default":
        raise ec2_error("UnsupportedTenancy", f"The tenancy value {tenancy} is not supported.")
    vpc.instance_tenancy = tenancy
    return Answer({"ReturnValue": True})


@replaces(VPCBackend)
def delete_vpc(self: Any, vpc_id: str) -> Any:
    """Only an empty VPC: what AWS made with it goes with it, anything else keeps it. Its peerings end with it."""
    vpc = self.get_vpc(vpc_id)
    mine = (
        *(subnet for subnet in self.describe_subnets() if subnet.vpc_id == vpc_id),
        *(group for group in self.groups.get(vpc_id, {}).values() if not group.is_default),
        *(gateway for gateway in self.internet_gateways.values() if gateway.vpc is not None and gateway.vpc.id == vpc_id),
        *(gateway for gateway in self.egress_only_internet_gateways.values() if gateway.vpc_id == vpc_id),
        *(gateway for gateway in self.vpn_gateways.values() if vpc_id in gateway.attachments),
        *(table for table in self.route_tables.values() if table.vpc_id == vpc_id and not table.main_association_id),
        *(acl for acl in self.network_acls.values() if acl.vpc_id == vpc_id and not acl.default),
        *(endpoint for endpoint in self.vpc_end_points.values() if endpoint.vpc_id == vpc_id),
    )
    if mine:
        raise ec2_error("DependencyViolation", f"The vpc '{vpc_id}' has dependencies and cannot be deleted.")
    for peering in list(self.vpc_pcxs.values()):
        if vpc in (peering.vpc, peering.peer_vpc) and peering._status.code in ("active", "pending-acceptance"):
            peering._status.deleted(self.account_id)
    for store in (self.route_tables, self.network_acls):
        for gone in [item.id for item in store.values() if item.vpc_id == vpc_id]:
            store.pop(gone)
            self.tags.pop(gone, None)
    self.groups.pop(vpc_id, None)
    self.tags.pop(vpc_id, None)
    return self.vpcs.pop(vpc_id)


VPC.dhcp_chosen = ""  # type: ignore[attr-defined]
