"""Address ranges as requests write them."""

from __future__ import annotations

import ipaddress
from typing import Any, Iterable

from .errors import invalid_value

# RFC 1918.
PRIVATE = [ipaddress.ip_network(text) for text in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")]


def parse(text: str | None, version: int, parameter: str) -> Any:
    """The range in its canonical form: AWS takes 10.0.0.5/16 for 10.0.0.0/16."""
    try:
        network = ipaddress.ip_network(text or "", strict=False)
    except ValueError:
        network = None
    if network is None or network.version != version or "/" not in (text or ""):
        raise invalid_value(f"Value ({text}) for parameter {parameter} is invalid. This is not a valid CIDR block.")
    return network


def ipv4(text: str | None, parameter: str = "cidrBlock") -> Any:
    return parse(text, 4, parameter)


def ipv6(text: str | None, parameter: str = "ipv6CidrBlock") -> Any:
    return parse(text, 6, parameter)


def overlapping(network: Any, others: Iterable[Any]) -> bool:
    return any(network.version == other.version and network.overlaps(other) for other in others)
