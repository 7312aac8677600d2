"""The interfaces that a machine is launched with, each with groups, addresses and a check of its own, and what only one of them can be asked.

https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/using-eni.html. moto gives every interface the machine's groups. Hooks:
`NetworkInterface.group_set`, `Instance.source_dest_check`; calls of `EC2Response`; launch.py asks `check_existing` and `check_count`.
"""

from __future__ import annotations

from typing import Any

from moto.core.responses import EmptyResult
from moto.ec2.models.elastic_ip_addresses import ElasticAddress
from moto.ec2.models.elastic_network_interfaces import NetworkInterface
from moto.ec2.models.instance_types import INSTANCE_TYPES
from moto.ec2.models.instances import Instance
from moto.ec2.responses import EC2Response

from .errors import ec2_error, invalid_value, missing
from .find import one
from .interfaces import check_groups
from .patching import replaces

NetworkInterface.group_set = property(lambda self: self._group_set)  # type: ignore[assignment, method-assign]
NetworkInterface.instance_ipv6_address_list = property(  # type: ignore[assignment, method-assign]
    lambda self: [
        {"Ipv6Address": address, "IsPrimaryIpv6": index == 0 and getattr(self, "primary_ipv6", False)}
        for index, address in enumerate(self.ipv6_addresses)
    ]
)


def _set_check(self: Any, value: bool) -> None:
    if 0 in getattr(self, "nics", {}):
        self.nics[0].source_dest_check = value


# What a machine says of itself is what its first interface says.
Instance.source_dest_check = property(  # type: ignore[assignment, method-assign]
    lambda self: self.nics[0].source_dest_check if 0 in getattr(self, "nics", {}) else True, _set_check
)


def _holder(address: Any) -> str:
    """The machine that has an address, also where it was given to one of its interfaces."""
    instance = address.instance or (address.eni.instance if address.eni else None)
    return instance.id if instance else ""


ElasticAddress.instance_id = property(_holder)  # type: ignore[assignment, method-assign]


def check_count(kind: str, interfaces: list[dict[str, Any]]) -> None:
    indexes = [int(nic.get("DeviceIndex") or 0) for nic in interfaces]
    if len(set(indexes)) != len(indexes):
        raise ec2_error("InvalidParameterCombination", "Each network interface requires a unique device index.")
    if interfaces and 0 not in indexes:
        raise ec2_error("InvalidParameterCombination", "A network interface with the device index 0 is required.")
    most = INSTANCE_TYPES[kind]["NetworkInfo"]["MaximumNetworkInterfaces"]
    if len(interfaces) > most:
        raise ec2_error("AttachmentLimitExceeded", f"Interface count {len(interfaces)} exceeds the limit for {kind}")


def check_existing(backend: Any, interfaces: list[dict[str, Any]]) -> list[Any]:
    """Those that are there already: free, in one zone, and left there when the machine goes."""
    found = []
    for asked in interfaces:
        if not asked.get("NetworkInterfaceId"):
            continue
        nic = one(backend.enis, asked["NetworkInterfaceId"], "InvalidNetworkInterfaceID.NotFound", "networkInterface")
        if nic.instance is not None or nic.requester_managed:
            raise ec2_error("InvalidNetworkInterface.InUse", f"Interface: [{nic.id}] in use.")
        if asked.get("DeleteOnTermination"):
            message = "A network interface may not specify both a network interface ID and delete on termination as true"
            raise ec2_error("InvalidParameterCombination", message)
        given = [name for name in ("SubnetId", "PrivateIpAddress", "Groups", "Description", "Ipv6Addresses") if asked.get(name)]
        if given:
            message = f"A network interface may not specify a network interface ID and {given[0]}"
            raise ec2_error("InvalidParameterCombination", message)
        found.append(nic)
    if len({nic.subnet.availability_zone for nic in found}) > 1:
        raise ec2_error("InvalidParameterCombination", "Network interfaces must be in one Availability Zone.")
    return found


_instance_modify = EC2Response.modify_instance_attribute


def modify_instance_attribute(self: Any) -> Any:
    """Which interface is meant is clear of one alone."""
    names = [name for name in ("Groups", "SourceDestCheck.Value") if self._get_param(name) is not None]
    instance = self.ec2_backend.get_instance(self._get_param("InstanceId"))
    if names and len(instance.nics) > 1:
        message = f"There are multiple interfaces attached to instance '{instance.id}'. Please specify an interface ID for the operation instead."
        raise ec2_error("InvalidInstanceID", message)
    return _instance_modify(self)


EC2Response.modify_instance_attribute = modify_instance_attribute  # type: ignore[method-assign]


@replaces(EC2Response)
def associate_address(self: Any) -> Any:
    instance_id = self._get_param("InstanceId")
    if instance_id and len(self.ec2_backend.get_instance(instance_id).nics) > 1:
        message = f"There are multiple interfaces attached to instance '{instance_id}'. Please specify an interface ID for the operation instead."
        raise ec2_error("InvalidInstanceID", message)
    return associate_address.original(self)  # type: ignore[attr-defined]


@replaces(EC2Response)
def modify_network_interface_attribute(self: Any) -> EmptyResult:
    """One attribute at a time, and exactly that."""
    nic = one(self.ec2_backend.enis, self._get_param("NetworkInterfaceId"), "InvalidNetworkInterfaceID.NotFound", "networkInterface")
    groups, check = self._get_param("Groups"), self._get_param("SourceDestCheck.Value")
    text, kept = self._get_param("Description.Value"), self._get_param("Attachment.DeleteOnTermination")
    given = [value for value in (groups or None, check, text, kept) if value is not None]
    if len(given) != 1:
        raise missing("attribute") if not given else ec2_error("InvalidParameterCombination", "Fields for multiple attribute types specified")
    if groups:
        found = [self.ec2_backend.get_security_group_from_id(group) for group in groups]
        if None in found:
            raise ec2_error("InvalidGroup.NotFound", f"The security group '{groups[found.index(None)]}' does not exist")
        if any(group.vpc_id != nic.vpc_id for group in found):
            raise ec2_error("InvalidParameter", f"The security groups and network interface {nic.id} belong to different networks.")
        check_groups(self.ec2_backend, found)
    if kept is not None and (nic.instance is None or self._get_param("Attachment.AttachmentId") != nic.attachment_id):
        raise invalid_value("The attachment is none of the network interface.")
    self.error_on_dryrun()
    if groups:
        nic._group_set = found
        if nic.instance is not None and nic.device_index == 0:
            nic.instance.security_groups = found
    if check is not None:
        nic.source_dest_check = check is True or str(check).lower() == "true"
    if text is not None:
        nic.description = text
    if kept is not None:
        nic.delete_on_termination = kept is True or str(kept).lower() == "true"
    return EmptyResult()
