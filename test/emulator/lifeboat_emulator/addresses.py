"""Private addresses of a subnet: which are taken, reserved or free."""

from __future__ import annotations

import ipaddress
from typing import Any

from .errors import ec2_error, invalid_value


def taken(backend: Any, subnet: Any) -> set[str]:
    """Every address that a network interface in the subnet has."""
    return {item["PrivateIpAddress"] for nic in backend.enis.values() if nic.subnet.id == subnet.id for item in nic.private_ip_addresses}


def _own(subnet: Any) -> set[str]:
    """The first four addresses and the last are AWS's."""
    network = subnet.cidr
    return {str(network.network_address + offset) for offset in range(4)} | {str(network.broadcast_address)}


def check_free(backend: Any, subnet: Any, address: str) -> None:
    try:
        inside = ipaddress.ip_address(address) in subnet.cidr
    except ValueError:
        raise invalid_value(f"invalid value for parameter address: [{address}]") from None
    if not inside:
        raise invalid_value("Address does not fall within the subnet's address range")
    if address in _own(subnet):
        raise invalid_value("Address is in subnet's reserved address range")
    if address in taken(backend, subnet):
        raise ec2_error("InvalidIPAddress.InUse", f"Address {address} is in use.")


def take(backend: Any, subnet: Any) -> str:
    """The first free address that no CIDR reservation keeps."""
    used = taken(backend, subnet) | _own(subnet)
    kept = [reservation.cidr for reservation in subnet._cidr_reservations]
    for address in subnet.cidr:
        if str(address) not in used and not any(address in network for network in kept):
            return str(address)
    raise ec2_error("InsufficientFreeAddressesInSubnet", f"The subnet '{subnet.id}' has no free addresses.")
