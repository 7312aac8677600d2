"""Subnets: ranges inside the VPC's, every attribute, and what keeps one from being deleted.

Hooks: `Subnet`, `SubnetBackend`, the subnet calls of `EC2Response`. CIDR reservations are in reservations.py.
"""

from __future__ import annotations

import ipaddress
from collections import Counter
from typing import Any

from moto.ec2.models.subnets import Subnet, SubnetBackend
from moto.ec2.responses import EC2Response
from moto.ec2.utils import random_subnet_id

from . import quotas
from .answers import Answer, Views
from .errors import ec2_error, invalid_value, missing
from .find import chosen, filtered, tag_list
from .networks import ipv4, ipv6
from .patching import replaces
from .zones import find_zone


def associations(subnet: Any) -> list[dict[str, Any]]:
    """moto nests one state in another, and clients that wait for `associated` never see it."""
    return [
        {
            "Ipv6CidrBlock": association["ipv6CidrBlock"],
            "AssociationId": association["associationId"],
            "Ipv6CidrBlockState": {"State": association["ipv6CidrBlockState"]["State"]},
            "Ipv6AddressAttribute": "public",
            "IpSource": "amazon",
        }
        for association in subnet.ipv6_cidr_block_associations.values()
        if association["ipv6CidrBlockState"]["State"] == "associated"
    ]


Subnet.ipv6_cidr_block_association_set = property(associations)  # type: ignore[assignment, method-assign]
Subnet.enable_dns64 = False  # type: ignore[attr-defined]
Subnet.map_customer_owned_ip_on_launch = False  # type: ignore[attr-defined]

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


def every(backend: Any) -> dict[str, Any]:
    """All subnets of the region by id, in the order of their creation within a zone."""
    return {subnet_id: subnet for zone in backend.subnets.values() for subnet_id, subnet in zone.items()}


def _taken(backend: Any) -> Counter[str]:
    """How many addresses interfaces have, by subnet: counted once for a whole listing."""
    count: Counter[str] = Counter()
    for nic in backend.enis.values():
        count[nic.subnet.id] += len(nic.private_ip_addresses)
    return count


def view(subnet: Any, taken: Counter[str] | None = None) -> dict[str, Any]:
    used = (taken if taken is not None else _taken(subnet.ec2_backend))[subnet.id]
    return {
        "SubnetId": subnet.id,
        "SubnetArn": subnet.arn,
        "OwnerId": subnet.owner_id,
        "VpcId": subnet.vpc_id,
        "State": subnet.state,
        "CidrBlock": subnet.cidr_block or None,
        "AvailabilityZone": subnet.availability_zone,
        "AvailabilityZoneId": subnet.availability_zone_id,
        "AvailableIpAddressCount": max(0, subnet._available_ip_addresses - used) if subnet.cidr_block else 0,
        "DefaultForAz": subnet.default_for_az,
        "MapPublicIpOnLaunch": subnet.map_public_ip_on_launch,
        "MapCustomerOwnedIpOnLaunch": subnet.map_customer_owned_ip_on_launch,
        "AssignIpv6AddressOnCreation": subnet.assign_ipv6_address_on_creation,
        "Ipv6CidrBlockAssociationSet": associations(subnet),
        "Ipv6Native": subnet.ipv6_native,
        "EnableDns64": subnet.enable_dns64,
        "PrivateDnsNameOptionsOnLaunch": dict(subnet.private_dns_name_options_on_launch),
        "Tags": tag_list(subnet),
    }


@replaces(EC2Response)
def create_subnet(self: Any) -> Answer:
    """Zone by name or id, of this region; an IPv4 range of /16 to /28, an IPv6 range, or, if `Ipv6Native`, only that."""
    backend = self.ec2_backend
    vpc = backend.get_vpc(self._get_param("VpcId") or "")
    zones = backend.describe_availability_zones()
    zone = find_zone(backend, self._get_param("AvailabilityZone"), self._get_param("AvailabilityZoneId")) or zones[0]
    four, six = self._get_param("CidrBlock"), self._get_param("Ipv6CidrBlock")
    native = bool(self._get_param("Ipv6Native"))
    if native and four:
        raise ec2_error("InvalidParameterCombination", "When specifying ipv4 parameters, cidrBlock or ipv4IpamPoolId, you cannot set ipv6Native to true.")
    if native and not six:
        raise ec2_error("MissingParameter", "Either 'ipv6CidrBlock' or 'ipv6IpamPoolId' should be provided.")
    if not native and not four:
        raise ec2_error("MissingParameter", "Either 'cidrBlock' or 'ipv4IpamPoolId' should be provided.")
    mine = [subnet for subnet in every(backend).values() if subnet.vpc_id == vpc.id]
    if four:
        four = _check_ipv4(vpc, mine, four)
    if six:
        six = _check_ipv6(vpc, mine, six)
    tags = self._parse_tag_specification("subnet").get("subnet", {})
    quotas.check(backend, quotas.SUBNETS, len(mine) + 1, "SubnetLimitExceeded", "The maximum number of subnets has been reached.")
    self.error_on_dryrun()
    subnet = _make(backend, vpc.id, four, six, zone, native)
    backend.tags[subnet.id].update(tags)
    return Answer({"Subnet": view(subnet)})


def _make(backend: Any, vpc_id: str, four: str | None, six: str | None, zone: Any, native: bool = False, default: bool = False) -> Any:
    subnet = Subnet(backend, random_subnet_id(), vpc_id, four, six, zone, default, default, ipv6_native=native)  # type: ignore[arg-type]
    if native:
        # An IPv6-only subnet has no names made of IPv4 addresses.
        subnet.private_dns_name_options_on_launch["HostnameType"] = "resource-name"
    backend.associate_default_network_acl_with_subnet(subnet.id, vpc_id)
    backend.subnets[zone.name][subnet.id] = subnet
    return subnet


@replaces(SubnetBackend, name="create_subnet")
def backend_create(self: Any, vpc_id: str, cidr_block: str, ipv6_cidr_block: Any = None, availability_zone: Any = None, **_: Any) -> Any:
    """Only moto's own making of the default VPC comes here."""
    zone = find_zone(self, availability_zone, None)
    return _make(self, vpc_id, cidr_block, ipv6_cidr_block, zone, default=True)


def _check_ipv4(vpc: Any, mine: list[Any], text: str) -> str:
    from .vpcs import ranges

    network = ipv4(text)
    if network.prefixlen not in range(16, 29) or not any(network.subnet_of(outer) for outer in ranges(vpc, 4)):
        raise ec2_error("InvalidSubnet.Range", f"The CIDR '{text}' is invalid.")
    if any(subnet.cidr_block and subnet.cidr.overlaps(network) for subnet in mine):
        raise ec2_error("InvalidSubnet.Conflict", f"The CIDR '{text}' conflicts with another subnet")
    return str(network)


def _check_ipv6(vpc: Any, mine: list[Any], text: str) -> str:
    """https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html: /44 to /64 in steps of four."""
    from .vpcs import ranges

    network = ipv6(text)
    if network.prefixlen not in range(44, 65, 4) or not any(network.subnet_of(outer) for outer in ranges(vpc, 6)):
        raise ec2_error("InvalidSubnet.Range", f"The CIDR '{text}' is invalid.")
    for subnet in mine:
        if any(ipaddress.ip_network(item["Ipv6CidrBlock"]).overlaps(network) for item in associations(subnet)):
            raise ec2_error("InvalidSubnet.Conflict", f"The CIDR '{text}' conflicts with another subnet")
    return str(network)


@replaces(EC2Response)
def modify_subnet_attribute(self: Any) -> Answer:
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
    if name == "AssignIpv6AddressOnCreation" and value and not associations(subnet):
        raise invalid_value(f"The subnet '{subnet.id}' has no IPv6 CIDR block.")
    if name in _ATTRIBUTES:
        setattr(subnet, _ATTRIBUTES[name], value)
        return Answer()
    if name == "PrivateDnsHostnameTypeOnLaunch":
        _check_hostname_type(subnet, value)
    subnet.private_dns_name_options_on_launch[_LAUNCH_OPTIONS.get(name, "HostnameType")] = value
    return Answer()


def _check_hostname_type(subnet: Any, value: str) -> None:
    if value not in ("ip-name", "resource-name"):
        raise invalid_value(f"Value ({value}) for parameter privateDnsHostnameTypeOnLaunch is invalid; expected ip-name or resource-name.")
    if subnet.ipv6_native and value == "ip-name":
        raise invalid_value(f"The IPv6-only subnet '{subnet.id}' supports resource-name only.")


@replaces(EC2Response)
def associate_subnet_cidr_block(self: Any) -> Answer:
    backend = self.ec2_backend
    subnet = backend.get_subnet(self._get_param("SubnetId"))
    text = self._get_param("Ipv6CidrBlock")
    if not text:
        raise missing("ipv6CidrBlock")
    if associations(subnet):
        raise ec2_error("SubnetCidrBlockLimitExceeded", f"The subnet '{subnet.id}' has an IPv6 CIDR block already.")
    mine = [other for other in every(backend).values() if other.vpc_id == subnet.vpc_id]
    subnet.attach_ipv6_cidr_block_associations(_check_ipv6(backend.get_vpc(subnet.vpc_id), mine, text))
    [association] = associations(subnet)
    return Answer({"Ipv6CidrBlockAssociation": {**association, "Ipv6CidrBlockState": {"State": "associating"}}, "SubnetId": subnet.id})


@replaces(EC2Response)
def disassociate_subnet_cidr_block(self: Any) -> Answer:
    backend, association_id = self.ec2_backend, self._get_param("AssociationId")
    subnet = next((one for one in every(backend).values() if association_id in one.ipv6_cidr_block_associations), None)
    if subnet is None:
        raise ec2_error("InvalidSubnetCidrBlockAssociationID.NotFound", f"The subnet CIDR block association ID '{association_id}' does not exist")
    if subnet.ipv6_native:
        raise ec2_error("OperationNotPermitted", f"The IPv6-only subnet '{subnet.id}' cannot lose its only CIDR block.")
    if any(nic.subnet.id == subnet.id and nic.ipv6_addresses for nic in backend.enis.values()):
        raise ec2_error("DependencyViolation", f"The subnet '{subnet.id}' has interfaces with IPv6 addresses.")
    old = subnet.ipv6_cidr_block_associations.pop(association_id)
    answer = {"AssociationId": association_id, "Ipv6CidrBlock": old["ipv6CidrBlock"], "Ipv6CidrBlockState": {"State": "disassociating"}}
    return Answer({"Ipv6CidrBlockAssociation": answer, "SubnetId": subnet.id})


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
    for reservation in subnet._cidr_reservations:
        self.tags.pop(reservation.id, None)
    self.tags.pop(subnet_id, None)
    return subnet


def _values(subnet: Any, name: str) -> list[Any] | None:
    plain = {
        "subnet-id": subnet.id,
        "subnet-arn": subnet.arn,
        "owner-id": subnet.owner_id,
        "vpc-id": subnet.vpc_id,
        "state": subnet.state,
        "availability-zone": subnet.availability_zone,
        "availabilityZone": subnet.availability_zone,
        "availability-zone-id": subnet.availability_zone_id,
        "availabilityZoneId": subnet.availability_zone_id,
        "default-for-az": subnet.default_for_az,
        "defaultForAz": subnet.default_for_az,
        "map-public-ip-on-launch": subnet.map_public_ip_on_launch,
        "ipv6-native": subnet.ipv6_native,
        "enable-dns64": subnet.enable_dns64,
        "private-dns-name-options-on-launch.hostname-type": subnet.private_dns_name_options_on_launch["HostnameType"],
        "cidr-block": subnet.cidr_block,
        "cidr": subnet.cidr_block,
        "cidrBlock": subnet.cidr_block,
    }
    if name in plain:
        return [plain[name]]
    family = "ipv6-cidr-block-association."
    if name == "available-ip-address-count":
        return [view(subnet)["AvailableIpAddressCount"]]
    if not name.startswith(family):
        return None
    found = associations(subnet)
    key = {"ipv6-cidr-block": "Ipv6CidrBlock", "association-id": "AssociationId"}.get(name.removeprefix(family))
    return [item[key] for item in found] if key else [item["Ipv6CidrBlockState"]["State"] for item in found] if name == f"{family}state" else None


@replaces(EC2Response)
def describe_subnets(self: Any) -> Answer:
    self.error_on_dryrun()
    backend = self.ec2_backend
    found = chosen(every(backend), self._get_param("SubnetIds"), "InvalidSubnetID.NotFound", "subnet")
    taken = _taken(backend)
    return Answer({"Subnets": Views(filtered(found, self._filters_from_querystring(), _values), lambda subnet: view(subnet, taken))})
