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


def _taken_ipv6(backend: Any, subnet: Any) -> set[str]:
    return {address for nic in backend.enis.values() if nic.subnet.id == subnet.id for address in nic.ipv6_addresses}


def _ipv6_range(subnet: Any) -> Any:
    for item in subnet.ipv6_cidr_block_associations.values():
        return ipaddress.ip_network(item["ipv6CidrBlock"])
    raise invalid_value(f"The subnet '{subnet.id}' has no IPv6 CIDR block.")


def check_free_ipv6(backend: Any, subnet: Any, address: str) -> str:
    """The address in its canonical form: the subnet's, not one of AWS's own, and free."""
    network = _ipv6_range(subnet)
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        raise invalid_value(f"invalid value for parameter address: [{address}]") from None
    if found.version != 6 or found not in network:
        raise invalid_value("Address does not fall within the subnet's address range")
    # As with IPv4, the first four addresses and the last are AWS's.
    if int(found) - int(network.network_address) < 4 or found == network.broadcast_address:
        raise invalid_value("Address is in subnet's reserved address range")
    if str(found) in _taken_ipv6(backend, subnet):
        raise ec2_error("InvalidIPAddress.InUse", f"Address {found} is in use.")
    return str(found)


def take_ipv6(backend: Any, subnet: Any) -> str:
    """A free address that no CIDR reservation keeps; AWS chooses one at random, this the first."""
    network, used = _ipv6_range(subnet), _taken_ipv6(backend, subnet)
    kept = [reservation.cidr for reservation in subnet._cidr_reservations if reservation.cidr.version == 6]
    address = network.network_address + 4
    while True:
        keeping = next((one for one in kept if address in one), None)
        if keeping is not None:
            address = keeping.broadcast_address + 1
        elif str(address) in used:
            address += 1
        else:
            return str(address)


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
    for address in subnet.cidr if subnet.cidr_block else ():
        if str(address) not in used and not any(address in network for network in kept):
            return str(address)
    raise ec2_error("InsufficientFreeAddressesInSubnet", f"The subnet '{subnet.id}' has no free addresses.")
