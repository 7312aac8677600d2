"""Network interfaces: their private and IPv6 addresses, as they were asked for or as AWS would choose them.

Hooks: the calls of `EC2Response` that create, describe and delete interfaces and assign addresses; launch.py gives a
launched instance's interfaces their addresses through `wanted` and `give`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from moto.ec2.responses import EC2Response

from . import addresses, quotas
from .answers import Answer, Views
from .errors import ec2_error, invalid_value, missing
from .find import chosen, filtered, one, tag_list
from .patching import replaces

_NOT_FOUND = "InvalidNetworkInterfaceID.NotFound"


@dataclass
class Wanted:
    """Addresses of one interface: those that are named, and how many more AWS is to choose."""

    primary: str | None
    secondary: list[str]
    secondary_count: int
    sixes: list[str]
    six_count: int
    # Whether the first of them is to be the interface's primary one.
    primary_six: bool = False


def wanted(params: dict[str, Any]) -> Wanted:
    """From a request's members, which are the same for a launch and for an interface by itself."""
    listed = params.get("PrivateIpAddresses") or []
    first = [item["PrivateIpAddress"] for item in listed if item.get("Primary")]
    others = [item["PrivateIpAddress"] for item in listed if not item.get("Primary")]
    if len(first) > 1 or (first and params.get("PrivateIpAddress") not in (None, first[0])):
        raise ec2_error("InvalidParameterCombination", "Only one private address of an interface can be its primary one.")
    sixes = [item["Ipv6Address"] if isinstance(item, dict) else item for item in params.get("Ipv6Addresses") or []]
    count, six_count = int(params.get("SecondaryPrivateIpAddressCount") or 0), int(params.get("Ipv6AddressCount") or 0)
    if (others and count) or (sixes and six_count):
        raise ec2_error("InvalidParameterCombination", "Addresses can be named or counted, not both.")
    return Wanted(params.get("PrivateIpAddress") or (first[0] if first else None), others, count, sixes, six_count, bool(params.get("EnablePrimaryIpv6") or params.get("PrimaryIpv6")))


def check(backend: Any, subnet: Any, asked: Wanted) -> None:
    """Before anything is made: every named address is the subnet's and free, and IPv6 needs a range."""
    named = [*([asked.primary] if asked.primary else []), *asked.secondary, *asked.sixes]
    if len(set(named)) != len(named):
        raise invalid_value("An address is given twice.")
    for address in (asked.primary, *asked.secondary):
        if address:
            addresses.check_free(backend, subnet, address)
    for address in asked.sixes:
        addresses.check_free_ipv6(backend, subnet, address)
    if (asked.sixes or asked.six_count) and not subnet.ipv6_cidr_block_associations:
        raise invalid_value(f"The subnet '{subnet.id}' has no IPv6 CIDR block.")


def give(backend: Any, nic: Any, asked: Wanted) -> None:
    """Adds everything but the primary address, which the interface was made with."""
    subnet = nic.subnet
    nic.ipv6_addresses = [addresses.check_free_ipv6(backend, subnet, address) for address in asked.sixes]
    own = next((item for item in nic.private_ip_addresses if item["PrivateIpAddress"] == nic.private_ip_address), {})
    nic.private_ip_addresses = [{**own, "Primary": True, "PrivateIpAddress": nic.private_ip_address}]
    nic.private_ip_addresses += [{"Primary": False, "PrivateIpAddress": address} for address in asked.secondary]
    for _ in range(asked.secondary_count):
        nic.private_ip_addresses.append({"Primary": False, "PrivateIpAddress": addresses.take(backend, subnet)})
    automatic = 1 if subnet.assign_ipv6_address_on_creation and not asked.sixes else 0
    for _ in range(asked.six_count or automatic):
        nic.ipv6_addresses.append(addresses.take_ipv6(backend, subnet))
    nic.primary_ipv6 = asked.primary_six


def check_groups(backend: Any, groups: list[Any]) -> None:
    message = "You have exceeded the number of security groups for a network interface."
    quotas.check(backend, quotas.GROUPS_PER_NIC, len(groups), "SecurityGroupsPerInterfaceLimitExceeded", message)


def _view(nic: Any) -> dict[str, Any]:
    attachment = nic.attachment
    attached = {
        "AttachTime": attachment.attach_time,
        "AttachmentId": attachment.attachment_id,
        "DeleteOnTermination": bool(nic.delete_on_termination),
        "DeviceIndex": attachment.device_index,
        "NetworkCardIndex": 0,
        "InstanceId": attachment.instance_id,
        "InstanceOwnerId": attachment.instance_owner_id,
        "Status": attachment.status,
    } if attachment is not None else None
    public = {name[:1].upper() + name[1:]: value for name, value in nic.association.items() if name != "natEnabled" and value is not None}
    shown = [
        {"Primary": bool(item.get("Primary")), "PrivateIpAddress": item["PrivateIpAddress"], "PrivateDnsName": item.get("PrivateDnsName"), "Association": public or None if item.get("Primary") else None}
        for item in nic.private_ip_addresses
    ]
    return {
        "NetworkInterfaceId": nic.id,
        "OwnerId": nic.owner_id,
        "VpcId": nic.vpc_id,
        "SubnetId": nic.subnet.id,
        "AvailabilityZone": nic.subnet.availability_zone,
        "AvailabilityZoneId": nic.subnet.availability_zone_id,
        "Description": nic.description,
        "InterfaceType": nic.interface_type,
        "MacAddress": nic.mac_address,
        "PrivateIpAddress": nic.private_ip_address,
        "PrivateDnsName": getattr(nic, "private_dns_name", None),
        "PrivateIpAddresses": shown,
        "Ipv6Addresses": [{**item} for item in nic.instance_ipv6_address_list],
        "Ipv6Address": nic.ipv6_addresses[0] if nic.ipv6_addresses else None,
        "Groups": [{"GroupId": group.id, "GroupName": group.name} for group in nic.group_set],
        "RequesterManaged": bool(nic.requester_managed),
        "SourceDestCheck": bool(nic.source_dest_check),
        "Status": "in-use" if attachment is not None or nic.requester_managed else "available",
        "Attachment": attached,
        "Association": public or None,
        "TagSet": tag_list(nic),
    }


def _groups(backend: Any, subnet: Any, ids: list[str]) -> list[Any]:
    groups = []
    for group_id in ids:
        group = backend.get_security_group_from_id(group_id)
        if group is None:
            raise ec2_error("InvalidGroup.NotFound", f"The security group '{group_id}' does not exist")
        if group.vpc_id != subnet.vpc_id:
            raise ec2_error("InvalidParameter", f"Security group {group.id} and subnet {subnet.id} belong to different networks.")
        groups.append(group)
    check_groups(backend, groups)
    return groups


@replaces(EC2Response)
def create_network_interface(self: Any) -> Answer:
    backend = self.ec2_backend
    subnet = backend.get_subnet(self._get_param("SubnetId") or "")
    asked = wanted(self.params)
    check(backend, subnet, asked)
    groups = _groups(backend, subnet, self._get_param("Groups") or [])
    tags = self._parse_tag_specification("network-interface").get("network-interface", {})
    kind = self._get_param("InterfaceType") or "interface"
    if kind not in ("interface", "efa", "efa-only", "branch", "trunk"):
        raise invalid_value(f"Value ({kind}) for parameter interfaceType is invalid.")
    if asked.primary_six and not (asked.sixes or asked.six_count):
        raise ec2_error("InvalidParameterCombination", "EnablePrimaryIpv6 needs an IPv6 address.")
    if self._get_param("Ipv4Prefixes") or self._get_param("Ipv6Prefixes"):
        raise ec2_error("UnsupportedOperation", "Prefixes of network interfaces are not emulated.")
    self.error_on_dryrun()
    address = asked.primary or addresses.take(backend, subnet)
    nic = backend.create_network_interface(subnet, address, group_ids=[group.id for group in groups], description=self._get_param("Description"))
    give(backend, nic, asked)
    nic.interface_type = kind
    backend.tags[nic.id].update(tags)
    return Answer({"NetworkInterface": {**_view(nic), "Status": "pending"}})


def _find(self: Any) -> Any:
    return one(self.ec2_backend.enis, self._get_param("NetworkInterfaceId"), _NOT_FOUND, "networkInterface")


@replaces(EC2Response)
def delete_network_interface(self: Any) -> Answer:
    nic = _find(self)
    if nic.instance is not None or nic.requester_managed:
        raise ec2_error("InvalidNetworkInterface.InUse", f"Network interface '{nic.id}' is currently in use.")
    self.error_on_dryrun()
    self.ec2_backend.enis.pop(nic.id)
    self.ec2_backend.tags.pop(nic.id, None)
    return Answer()


@replaces(EC2Response)
def assign_private_ip_addresses(self: Any) -> Answer:
    nic, named, count = _find(self), self._get_param("PrivateIpAddresses") or [], int(self._get_param("SecondaryPrivateIpAddressCount") or 0)
    if bool(named) == bool(count):
        raise missing("exactly one of: privateIpAddress, secondaryPrivateIpAddressCount")
    backend = self.ec2_backend
    for address in named:
        addresses.check_free(backend, nic.subnet, address)
    self.error_on_dryrun()
    given = []
    for address in named or [None] * count:
        given.append(address or addresses.take(backend, nic.subnet))
        nic.private_ip_addresses.append({"Primary": False, "PrivateIpAddress": given[-1]})
    return Answer({"NetworkInterfaceId": nic.id, "AssignedPrivateIpAddresses": [{"PrivateIpAddress": address} for address in given]})


@replaces(EC2Response)
def assign_ipv6_addresses(self: Any) -> Answer:
    nic, named, count = _find(self), self._get_param("Ipv6Addresses") or [], int(self._get_param("Ipv6AddressCount") or 0)
    if bool(named) == bool(count):
        raise missing("exactly one of: ipv6Addresses, ipv6AddressCount")
    backend = self.ec2_backend
    for address in named:
        addresses.check_free_ipv6(backend, nic.subnet, address)
    self.error_on_dryrun()
    given = []
    for address in named or [None] * count:
        given.append(addresses.check_free_ipv6(backend, nic.subnet, address) if address else addresses.take_ipv6(backend, nic.subnet))
        nic.ipv6_addresses.append(given[-1])
    return Answer({"NetworkInterfaceId": nic.id, "AssignedIpv6Addresses": given})


def _values(nic: Any, name: str) -> list[Any] | None:
    special = {
        "ipv6-addresses.ipv6-address": nic.ipv6_addresses,
        "addresses.private-ip-address": [item["PrivateIpAddress"] for item in nic.private_ip_addresses],
        "availability-zone": [nic.subnet.availability_zone],
        "availability-zone-id": [nic.subnet.availability_zone_id],
        "interface-type": [nic.interface_type],
        "mac-address": [nic.mac_address],
        "status": ["in-use" if nic.attachment_id or nic.requester_managed else "available"],
        "requester-managed": [bool(nic.requester_managed)],
        "attachment.instance-id": [nic.instance.id if nic.instance else None],
        "attachment.attachment-id": [nic.attachment_id],
        "attachment.instance-owner-id": [nic.owner_id if nic.instance else None],
        "attachment.device-index": [nic.device_index if nic.attachment_id else None],
        "attachment.delete-on-termination": [bool(nic.delete_on_termination)] if nic.attachment_id else [],
        "group-name": [group.name for group in nic.group_set],
        "source-dest-check": [bool(nic.source_dest_check)],
        "owner-id": [nic.owner_id],
    }
    if name in special:
        return special[name]
    value = nic.get_filter_value(name)
    return list(value) if isinstance(value, (list, tuple, set)) else [value]


@replaces(EC2Response)
def describe_network_interfaces(self: Any) -> Answer:
    self.error_on_dryrun()
    found = chosen(self.ec2_backend.enis, self._get_param("NetworkInterfaceIds"), _NOT_FOUND, "networkInterface")
    return Answer({"NetworkInterfaces": Views(filtered(found, self._filters_from_querystring(), _values), _view)})
