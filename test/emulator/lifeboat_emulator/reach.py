"""Whether a TCP connection from one interface to an address of its VPC comes about, by groups, ACLs, machines and the setting `ports`.

https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html
https://docs.aws.amazon.com/vpc/latest/userguide/nacl-basics.html
"""

from __future__ import annotations

import datetime
import ipaddress
from typing import Any, Iterable

from . import clock, config
from .prefix_lists import entries_of

OPEN, REFUSED, TIMED_OUT = "open", "refused", "timed out"
_TCP = ("tcp", "6", "-1")
# Answers come to a port of the asking side's choice; one of them stands for all.
_EPHEMERAL = 49152


def connect(backend: Any, source: Any, address: str, port: int) -> str:
    """What the one who connects from the interface `source` sees."""
    target = next((nic for nic in backend.enis.values() if nic.private_ip_address == address and nic.vpc_id == source.vpc_id), None)
    machine = target.instance if target is not None else None
    if target is None or machine is None or machine.state != "running":
        return TIMED_OUT
    if not _group_admits(backend, source, target, port, egress=True) or not _group_admits(backend, target, source, port, egress=False):
        return TIMED_OUT
    if source.subnet.id != target.subnet.id and not _acls_admit(backend, source, target, port):
        return TIMED_OUT
    seconds = config.get("ports").get(address, {}).get(str(port))
    if seconds is None or clock.now() < machine.launch_time + datetime.timedelta(seconds=seconds):
        return REFUSED
    return OPEN


def _group_admits(backend: Any, own: Any, other: Any, port: int, egress: bool) -> bool:
    """Groups know connections: the answers of what they have admitted pass. Rules of all groups count together."""
    rules = (rule for group in own.group_set for rule in (group.egress_rules if egress else group.ingress_rules))
    return any(_speaks(rule, port) and _is_of(backend, rule, other) for rule in rules)


def _speaks(rule: Any, port: int) -> bool:
    if str(rule.ip_protocol) not in _TCP:
        return False
    if str(rule.ip_protocol) == "-1" or rule.from_port in (None, -1):
        return True
    return int(rule.from_port) <= port <= int(rule.to_port)


def _is_of(backend: Any, rule: Any, other: Any) -> bool:
    if rule.source_group.get("GroupId"):
        return rule.source_group["GroupId"] in [group.id for group in other.group_set]
    ranges = [rule.cidr_ipv4] if rule.cidr_ipv4 else []
    if rule.prefix_list_id:
        listed = backend.managed_prefix_lists.get(rule.prefix_list_id)
        ranges += [entry["Cidr"] for entry in entries_of(listed)] if listed is not None else []
    return _within(other.private_ip_address, ranges)


def _within(address: str, ranges: Iterable[str]) -> bool:
    return any(ipaddress.ip_address(address) in ipaddress.ip_network(text, strict=False) for text in ranges)


def _acls_admit(backend: Any, source: Any, target: Any, port: int) -> bool:
    """ACLs know no connections, and count between subnets alone: both are asked on the way, and on the way back."""
    there, back = (source.private_ip_address, target.private_ip_address), _EPHEMERAL
    return (
        _acl_admits(backend, source.subnet, there[1], port, True)
        and _acl_admits(backend, target.subnet, there[0], port, False)
        and _acl_admits(backend, target.subnet, there[0], back, True)
        and _acl_admits(backend, source.subnet, there[1], back, False)
    )


def _acl_admits(backend: Any, subnet: Any, address: str, port: int, egress: bool) -> bool:
    acl = next(acl for acl in backend.network_acls.values() if any(item.subnet_id == subnet.id for item in acl._associations.values()))
    entries = sorted((entry for entry in acl.network_acl_entries if bool(entry.egress) == egress), key=lambda entry: int(entry.rule_number))
    for entry in entries:
        if str(entry.protocol) not in _TCP or not entry.cidr_block or not _within(address, [entry.cidr_block]):
            continue
        if str(entry.protocol) == "-1" or int(entry.port_range_from) <= port <= int(entry.port_range_to):
            return str(entry.rule_action) == "allow"
    return False
