"""VPCs, subnets, zones: states in the shape that clients read, attributes that moto loses, and dependencies that hold.

Hooks: `Subnet`, `SubnetBackend.delete_subnet`, `VPCBackend.delete_vpc`, the subnet and zone calls of `EC2Response`.
"""

from __future__ import annotations

import ipaddress
from typing import Any

import moto.ec2.models.vpcs as vpc_models
from moto.core.responses import ActionResult, EmptyResult
from moto.ec2.models.availability_zones_and_regions import RegionsAndZonesBackend, Zone
from moto.ec2.models.subnets import Subnet, SubnetBackend
from moto.ec2.models.vpcs import VPCBackend
from moto.ec2.responses import EC2Response

from .errors import ec2_error, invalid_value, missing
from .patching import replaces


def _associations(subnet: Any) -> list[dict[str, Any]]:
    """moto nests one state in another, and clients that wait for `associated` never see it."""
    return [
        {
            "Ipv6CidrBlock": association["ipv6CidrBlock"],
            "AssociationId": association["associationId"],
            "Ipv6CidrBlockState": {"State": association["ipv6CidrBlockState"]["State"]},
        }
        for association in subnet.ipv6_cidr_block_associations.values()
        if association["ipv6CidrBlockState"]["State"] == "associated"
    ]


Subnet.ipv6_cidr_block_association_set = property(_associations)  # type: ignore[assignment, method-assign]
Subnet.enable_dns64 = False  # type: ignore[attr-defined]
Subnet.map_customer_owned_ip_on_launch = False  # type: ignore[attr-defined]
for _zone in (zone for zones in RegionsAndZonesBackend.zones.values() for zone in zones):
    _zone.opt_in_status, _zone.network_border_group = "opt-in-not-required", _zone.region_name  # type: ignore[attr-defined]
    _zone.group_name = f"{_zone.region_name}-zg-1"  # type: ignore[attr-defined]
    _zone.messages = []

_random_ipv6 = vpc_models.random_ipv6_cidr
# moto writes leading zeros, which AWS does not: clients that compare texts would see a difference.
vpc_models.random_ipv6_cidr = lambda: str(ipaddress.ip_network(_random_ipv6()))

# ModifySubnetAttribute's parameters, and where each is kept: an attribute, or a member of the launch options.
_ATTRIBUTES = {
    "MapPublicIpOnLaunch": "map_public_ip_on_launch",
    "AssignIpv6AddressOnCreation": "assign_ipv6_address_on_creation",
    "EnableDns64": "enable_dns64",
    "MapCustomerOwnedIpOnLaunch": "map_customer_owned_ip_on_launch",
}
_LAUNCH_OPTIONS = {
    "EnableResourceNameDnsARecordOnLaunch": "EnableResourceNameDnsARecord",
    "EnableResourceNameDnsAAAARecordOnLaunch": "EnableResourceNameDnsAAAARecord",
}


@replaces(EC2Response)
def modify_subnet_attribute(self: Any) -> ActionResult:
    """One attribute a call, as AWS documents it."""
    subnet = self.ec2_backend.get_subnet(self._get_param("SubnetId"))
    changes = {name: self._get_param(f"{name}.Value") for name in (*_ATTRIBUTES, *_LAUNCH_OPTIONS)}
    changes["PrivateDnsHostnameTypeOnLaunch"] = self._get_param("PrivateDnsHostnameTypeOnLaunch")
    given = {name: value for name, value in changes.items() if value is not None}
    if not given:
        raise missing("attribute")
    if len(given) > 1:
        raise ec2_error("InvalidParameterCombination", f"Only one attribute can be modified at a time; got {', '.join(given)}.")
    [(name, value)] = given.items()
    if name == "AssignIpv6AddressOnCreation" and value and not _associations(subnet):
        raise invalid_value(f"The subnet '{subnet.id}' has no IPv6 CIDR block.")
    if name in _ATTRIBUTES:
        setattr(subnet, _ATTRIBUTES[name], value)
        return EmptyResult()
    if name == "PrivateDnsHostnameTypeOnLaunch" and value not in ("ip-name", "resource-name"):
        raise invalid_value(f"Value ({value}) for parameter privateDnsHostnameTypeOnLaunch is invalid; expected ip-name or resource-name.")
    subnet.private_dns_name_options_on_launch[_LAUNCH_OPTIONS.get(name, "HostnameType")] = value
    return EmptyResult()


@replaces(EC2Response)
def create_subnet(self: Any) -> ActionResult:
    """Zone by name or id, of this region; an IPv4 range of /16 to /28; an IPv6 range inside the VPC's, and free."""
    backend = self.ec2_backend
    vpc = backend.get_vpc(self._get_param("VpcId") or "")
    zone = find_zone(backend, self._get_param("AvailabilityZone"), self._get_param("AvailabilityZoneId"))
    if zone is not None:
        self.params["AvailabilityZone"] = zone.name
        self.params.pop("AvailabilityZoneId", None)
    four, six = self._get_param("CidrBlock"), self._get_param("Ipv6CidrBlock")
    if four and _network(four).prefixlen not in range(16, 29):
        raise ec2_error("InvalidSubnet.Range", f"The CIDR '{four}' is invalid.")
    if six:
        _check_ipv6(backend, vpc, six)
    self.error_on_dryrun()
    return create_subnet.original(self)  # type: ignore[attr-defined]


def find_zone(backend: Any, name: str | None, zone_id: str | None) -> Zone | None:
    zones = backend.describe_availability_zones()
    if name and zone_id:
        raise ec2_error("InvalidParameterCombination", "Specify either AvailabilityZone or AvailabilityZoneId.")
    if not name and not zone_id:
        return None
    found = next((zone for zone in zones if zone.name == name or zone.zone_id == zone_id), None)
    if found is None:
        known = ", ".join(zone.name if name else zone.zone_id for zone in zones)
        what = "availabilityZone" if name else "availabilityZoneId"
        raise invalid_value(f"Value ({name or zone_id}) for parameter {what} is invalid. Subnets can currently only be created in: {known}.")
    return found


def _network(text: str) -> Any:
    try:
        return ipaddress.ip_network(text, strict=False)
    except ValueError:
        raise invalid_value(f"Value ({text}) for parameter cidrBlock is invalid. This is not a valid CIDR block.") from None


def _check_ipv6(backend: Any, vpc: Any, text: str) -> None:
    network = _network(text)
    ranges = [_network(item["cidr_block"]) for item in vpc.get_cidr_block_association_set(ipv6=True)]
    if network.version != 6 or not any(network.subnet_of(outer) for outer in ranges):
        raise ec2_error("InvalidSubnet.Range", f"The CIDR '{text}' is invalid.")
    for subnet in backend.describe_subnets(filters={"vpc-id": [vpc.id]}):
        if any(_network(item["Ipv6CidrBlock"]).overlaps(network) for item in _associations(subnet)):
            raise ec2_error("InvalidSubnet.Conflict", f"The CIDR '{text}' conflicts with another subnet")


@replaces(EC2Response)
def associate_subnet_cidr_block(self: Any) -> ActionResult:
    subnet = self.ec2_backend.get_subnet(self._get_param("SubnetId"))
    text = self._get_param("Ipv6CidrBlock")
    if not text:
        raise missing("ipv6CidrBlock")
    if _associations(subnet):
        raise ec2_error("SubnetCidrBlockLimitExceeded", f"The subnet '{subnet.id}' has an IPv6 CIDR block already.")
    _check_ipv6(self.ec2_backend, self.ec2_backend.get_vpc(subnet.vpc_id), text)
    subnet.attach_ipv6_cidr_block_associations(text)
    [association] = _associations(subnet)
    return ActionResult({"Ipv6CidrBlockAssociation": association, "SubnetId": subnet.id})


@replaces(EC2Response)
def disassociate_subnet_cidr_block(self: Any) -> ActionResult:
    association_id = self._get_param("AssociationId")
    subnet = self.ec2_backend.get_subnet_from_ipv6_association(association_id)
    if subnet is None:
        raise ec2_error("InvalidSubnetCidrBlockAssociationID.NotFound", f"The subnet CIDR block association ID '{association_id}' does not exist")
    old = subnet.ipv6_cidr_block_associations.pop(association_id)
    answer = {"AssociationId": association_id, "Ipv6CidrBlock": old["ipv6CidrBlock"], "Ipv6CidrBlockState": {"State": "disassociating"}}
    return ActionResult({"Ipv6CidrBlockAssociation": answer, "SubnetId": subnet.id})


@replaces(SubnetBackend)
def delete_subnet(self: Any, subnet_id: str) -> Any:
    """Not while an interface is in it; its reservations, table and ACL associations go with it."""
    if any(nic.subnet.id == subnet_id for nic in self.enis.values()):
        raise ec2_error("DependencyViolation", f"The subnet '{subnet_id}' has dependencies and cannot be deleted.")
    subnet = delete_subnet.original(self, subnet_id)  # type: ignore[attr-defined]
    for table in self.route_tables.values():
        for association_id in [key for key, value in table._associations.items() if value == subnet_id]:
            table._associations.pop(association_id)
    for acl in self.network_acls.values():
        for key in [key for key, item in acl._associations.items() if item.subnet_id == subnet_id]:
            acl._associations.pop(key)
    self.tags.pop(subnet_id, None)
    return subnet


@replaces(VPCBackend)
def delete_vpc(self: Any, vpc_id: str) -> Any:
    """Only an empty VPC: what AWS made with it goes with it, anything else keeps it. Its DHCP options stay (moto deletes them)."""
    vpc = self.get_vpc(vpc_id)
    mine = [
        *(subnet for subnet in self.describe_subnets() if subnet.vpc_id == vpc_id),
        *(nic for nic in self.enis.values() if nic.subnet.vpc_id == vpc_id),
        *(group for group in self.groups.get(vpc_id, {}).values() if not group.is_default),
        *(gateway for gateway in self.internet_gateways.values() if gateway.vpc is not None and gateway.vpc.id == vpc_id),
        *(gateway for gateway in self.egress_only_internet_gateways.values() if gateway.vpc_id == vpc_id),
        *(table for table in self.route_tables.values() if table.vpc_id == vpc_id and not table.main_association_id),
        *(acl for acl in self.network_acls.values() if acl.vpc_id == vpc_id and not acl.default),
        *(endpoint for endpoint in self.vpc_end_points.values() if endpoint.vpc_id == vpc_id),
    ]
    if mine:
        raise ec2_error("DependencyViolation", f"The vpc '{vpc_id}' has dependencies and cannot be deleted.")
    for table in [table for table in self.route_tables.values() if table.vpc_id == vpc_id]:
        self.route_tables.pop(table.id)
    for acl in [acl for acl in self.network_acls.values() if acl.vpc_id == vpc_id]:
        self.network_acls.pop(acl.id)
    self.groups.pop(vpc_id, None)
    if vpc.dhcp_options is not None:
        vpc.dhcp_options.vpc = None
    self.tags.pop(vpc_id, None)
    return self.vpcs.pop(vpc_id)


@replaces(EC2Response)
def describe_availability_zones(self: Any) -> ActionResult:
    backend = self.ec2_backend
    zones = backend.describe_availability_zones()
    for name in self._get_param("ZoneNames") or []:
        if not any(zone.name == name for zone in zones):
            raise invalid_value(f"Invalid availability zone: [{name}]")
    for zone_id in self._get_param("ZoneIds") or []:
        if not any(zone.zone_id == zone_id for zone in zones):
            raise invalid_value(f"Invalid availability zone-id: [{zone_id}]")
    return describe_availability_zones.original(self)  # type: ignore[attr-defined]


@replaces(EC2Response)
def describe_regions(self: Any) -> ActionResult:
    for name in self._get_param("RegionNames") or []:
        if not any(region.name == name for region in RegionsAndZonesBackend.regions):
            raise invalid_value(f"Invalid region name: {name}")
    return describe_regions.original(self)  # type: ignore[attr-defined]
