"""Where the IPv6 ranges of VPCs come from: Amazon's /56, pools of IPAM, and those of one's own addresses (BYOIP).

The pools themselves are given to an account by the setting `ipv6Pools`; vpcs.py asks here what a call takes out of them.
"""

from __future__ import annotations

import ipaddress
from typing import Any

from moto.ec2.utils import random_ipv6_cidr

from . import config
from .errors import ec2_error, invalid_value, missing
from .networks import ipv6, overlapping

PARAMETERS = ("Ipv6Pool", "Ipv6IpamPoolId", "Ipv6CidrBlock", "Ipv6NetmaskLength")
# Unique local addresses: no pool of these is ever advertised.
_LOCAL = ipaddress.ip_network("fc00::/7")
# What AWS answers of each range of Amazon's own.
AMAZON = {"ipv6_pool": "Amazon", "ipv6_address_attribute": "public", "ip_source": "amazon"}


def range_asked(self: Any, amazon: bool) -> tuple[str, dict[str, str]] | None:
    """The IPv6 range that a call asks for, and what AWS answers of it. None when it asks for none."""
    from .vpcs import associations

    is_pooled = any(self._get_param(name) for name in PARAMETERS)
    if is_pooled and amazon:
        raise ec2_error("InvalidParameterCombination", "amazonProvidedIpv6CidrBlock cannot be used with an IPv6 pool.")
    vpcs = self.ec2_backend.vpcs.values()
    if amazon:
        return _amazon({item["cidr_block"] for vpc in vpcs for item in associations(vpc, 6, every=True)}), AMAZON
    return _pooled(self, [ipaddress.ip_network(item["cidr_block"]) for vpc in vpcs for item in associations(vpc, 6)]) if is_pooled else None


def _amazon(taken: set[str]) -> str:
    """A /56 that no VPC of the region has, in the way AWS writes it."""
    while True:
        text = str(ipaddress.ip_network(random_ipv6_cidr()))
        if text not in taken:
            return text


def _pooled(self: Any, taken: list[Any]) -> tuple[str, dict[str, str]]:
    byoip, ipam = self._get_param("Ipv6Pool"), self._get_param("Ipv6IpamPoolId")
    text, length = self._get_param("Ipv6CidrBlock"), self._get_param("Ipv6NetmaskLength")
    if bool(byoip) == bool(ipam):
        raise missing("exactly one of: ipv6Pool, ipv6IpamPoolId")
    if text and length:
        raise ec2_error("InvalidParameterCombination", "Only one of ipv6CidrBlock and ipv6NetmaskLength can be specified.")
    if byoip and length:
        raise ec2_error("InvalidParameterCombination", "ipv6NetmaskLength needs ipv6IpamPoolId.")
    if ipam and not text and not length:
        raise missing("ipv6NetmaskLength")
    backend = self.ec2_backend
    pools = config.get("ipv6Pools").get(f"{backend.account_id}/{backend.region_name}", {})
    pool = pools.get(byoip or ipam)
    if pool is None or (byoip or ipam).startswith("ipam-pool-") != bool(ipam):
        if ipam:
            raise ec2_error("InvalidIpamPoolId.NotFound", f"The ipam-pool ID '{ipam}' does not exist")
        raise invalid_value(f"Value ({byoip}) for parameter ipv6Pool is invalid. The pool does not exist.")
    outer = ipaddress.ip_network(pool)
    network = ipv6(text) if text else _free(outer, int(length or 56), taken)
    # Only IPAM gives others than a /56: /44 to /60 in steps of four.
    if network is None or network.prefixlen not in (range(44, 61, 4) if ipam else (56,)) or not network.subnet_of(outer):
        raise ec2_error("InvalidVpc.Range", f"The CIDR '{text or length}' is invalid.")
    if overlapping(network, taken):
        raise ec2_error("InvalidVpc.Range", f"The CIDR '{network}' conflicts with another CIDR of the pool.")
    is_private = outer.subnet_of(_LOCAL)
    source = "none" if is_private else "amazon" if ipam else "byoip"
    label = "IPAM Managed" if ipam else str(byoip)
    return str(network), {"ipv6_pool": label, "ipv6_address_attribute": "private" if is_private else "public", "ip_source": source}


def _free(outer: Any, length: int, taken: list[Any]) -> Any:
    if length < outer.prefixlen or length > 64:
        return None
    return next((network for network in outer.subnets(new_prefix=length) if not overlapping(network, taken)), None)
