"""Security group rules: one model for all four calls that write them and the two that read them.

AWS keeps each rule once, with its own id, tags and description; permissions are only a grouped view of them.
Hooks: `SecurityGroupRule`, and the calls of `EC2Response` that add, remove and read
rules; those that change them are in security_group_changes.py.
"""

from __future__ import annotations

import ipaddress
import re
from typing import Any, Iterator

from moto.ec2.models import ec2_backends
from moto.ec2.models.security_groups import SecurityGroupRule
from moto.ec2.responses import EC2Response

from . import quotas
from .answers import Answer, Views
from .errors import ec2_error, invalid_value, missing
from .find import filtered
from .patching import replaces
from .security_group_views import revoked, view

DESCRIPTION = re.compile(r"^[a-zA-Z0-9 ._\-:/()#,@\[\]+=&;{}!$*]{0,255}$")
_NAMES = {"6": "tcp", "17": "udp", "1": "icmp", "58": "icmpv6", "all": "-1"}


@replaces(SecurityGroupRule)
def __init__(self: Any, backend: Any, protocol: str, group_id: str, *args: Any, **kwargs: Any) -> None:
    prefix = kwargs.get("prefix_list_id") or (args[4] if len(args) > 4 else None)
    __init__.original(self, backend, protocol, group_id, *args, **kwargs)  # type: ignore[attr-defined]
    self.prefix_description = (prefix or {}).get("Description")


def _description(rule: Any) -> str | None:
    """moto keeps only that of address ranges."""
    return rule.ip_range.get("Description") or rule.source_group.get("Description") or rule.prefix_description


def identity(rule: Any) -> tuple[Any, ...]:
    """What makes two rules the same: never their descriptions or tags."""
    return (rule.ip_protocol, rule.from_port, rule.to_port, rule.cidr_ipv4, rule.cidr_ipv6, rule.source_group.get("GroupId"), rule.prefix_list_id)


SecurityGroupRule.description = property(_description)  # type: ignore[assignment, method-assign]
SecurityGroupRule.__eq__ = lambda self, other: identity(self) == identity(other)  # type: ignore[assignment, method-assign]
SecurityGroupRule.__hash__ = lambda self: hash(self.id)  # type: ignore[method-assign]


def find_group(backend: Any, params: dict[str, Any]) -> Any:
    group_id, name = params.get("GroupId"), params.get("GroupName")
    if not group_id and not name:
        raise missing("groupId")
    found = backend.get_security_group_from_id(group_id) if group_id else backend.get_security_group_from_name(name, backend.default_vpc.id)
    if found is None:
        raise ec2_error("InvalidGroup.NotFound", f"The security group '{group_id or name}' does not exist")
    return found


def check_description(text: str | None, what: str = "rule") -> str | None:
    if text is not None and not DESCRIPTION.match(text):
        allowed = "a-z, A-Z, 0-9, spaces, and ._-:/()#,@[]+=&;{}!$*"
        raise invalid_value(f"Invalid {what} description. Valid descriptions are strings less than 256 characters from the following set: {allowed}")
    return text or None


def _ports(protocol: str, start: Any, end: Any) -> tuple[int | None, int | None]:
    if protocol == "-1":
        return None, None
    if protocol not in ("tcp", "udp", "icmp", "icmpv6"):
        return -1, -1
    if start is None or end is None:
        if protocol == "icmpv6":
            return -1, -1
        raise invalid_value("Invalid value for portRange. Must specify both from and to ports with TCP/UDP.")
    low, high = int(start), int(end)
    if protocol in ("tcp", "udp") and not 0 <= low <= high <= 65535:
        raise invalid_value(f"Invalid TCP/UDP port range ({low}:{high})")
    return low, high


def _cidr(text: str, version: int) -> str:
    try:
        network = ipaddress.ip_network(text, strict=False)
    except ValueError:
        network = None
    if network is None or network.version != version or "/" not in text:
        raise invalid_value(f"CIDR block {text} is malformed")
    return str(network)


def _source(backend: Any, group: Any, pair: dict[str, Any], stale: bool) -> dict[str, Any]:
    """The group a rule refers to: in the same VPC, or across an active peering. A `stale` reference can only be taken away."""
    owner = pair.get("UserId") or backend.account_id
    home = ec2_backends[owner][backend.region_name]
    target = home.get_security_group_from_id(pair["GroupId"]) if pair.get("GroupId") else None
    if target is None and pair.get("GroupName"):
        target = home.get_security_group_from_name(pair["GroupName"], group.vpc_id)
    if target is None and not (stale and pair.get("GroupId")):
        raise ec2_error("InvalidGroup.NotFound", f"The security group '{pair.get('GroupId') or pair.get('GroupName')}' does not exist")
    found = {"GroupId": target.id if target is not None else pair["GroupId"], "UserId": owner, "OwnerId": owner}
    if target is not None and target.vpc_id != group.vpc_id:
        peering = _peering(backend, group.vpc_id, target.vpc_id)
        if peering is None and not stale:
            raise ec2_error("InvalidGroup.NotFound", "You have specified two resources that belong to different networks.")
        if peering is not None:
            found |= {"VpcId": target.vpc_id, "VpcPeeringConnectionId": peering.id}
    return {**found, "Description": pair["Description"]} if pair.get("Description") else found


def _peering(backend: Any, one: str, other: str) -> Any:
    return next((p for p in backend.vpc_pcxs.values() if {p.vpc.id, p.peer_vpc.id} == {one, other} and p._status.code == "active"), None)


def build(backend: Any, group: Any, permission: dict[str, Any], egress: bool, stale: bool = False) -> Iterator[Any]:
    """The rules that one permission stands for, checked but not yet added."""
    protocol = str(permission.get("IpProtocol") or "")
    if not protocol:
        raise invalid_value("Invalid value 'null' for protocol. VPC security group rules must specify protocols explicitly.")
    protocol = _NAMES.get(protocol.lower(), protocol.lower())
    if protocol not in ("tcp", "udp", "icmp", "icmpv6", "-1") and not (protocol.isdigit() and int(protocol) <= 255):
        raise invalid_value(f"Invalid value '{protocol}' for IP protocol. Unknown protocol.")
    low, high = _ports(protocol, permission.get("FromPort"), permission.get("ToPort"))

    def rule(ip_range: Any = None, source: Any = None, prefix: Any = None) -> Any:
        for part in (ip_range, source, prefix):
            check_description((part or {}).get("Description"))
        ports = (0, 0) if low is None else (low, high)
        made = SecurityGroupRule(backend, protocol, group.id, *ports, ip_range, source, prefix, is_egress=egress)
        made.ip_protocol, made.from_port, made.to_port = protocol, low, high
        return made

    four, six = list(permission.get("IpRanges") or []), list(permission.get("Ipv6Ranges") or [])
    if permission.get("CidrIp"):
        four.append({"CidrIp": permission["CidrIp"]})
    for item in four:
        yield rule({**item, "CidrIp": _cidr(item.get("CidrIp") or "", 4)})
    for item in six:
        yield rule({**item, "CidrIpv6": _cidr(item.get("CidrIpv6") or "", 6)})
    for pair in permission.get("UserIdGroupPairs") or []:
        yield rule(source=_source(backend, group, pair, stale))
    for item in permission.get("PrefixListIds") or []:
        if item.get("PrefixListId") not in backend.managed_prefix_lists:
            raise ec2_error("InvalidPrefixListID.NotFound", f"The prefix list ID '{item.get('PrefixListId')}' does not exist")
        yield rule(prefix=item)


def requested(response: Any, group: Any, egress: bool, stale: bool = False) -> list[Any]:
    permissions = response._get_param("IpPermissions") or []
    if not permissions and response._get_param("IpProtocol"):
        permissions = [dict(response.params)]
        name = response._get_param("SourceSecurityGroupName")
        if name:
            permissions[0]["UserIdGroupPairs"] = [{"GroupName": name}]
    return [rule for permission in permissions for rule in build(response.ec2_backend, group, permission, egress, stale)]


def check_quota(backend: Any, rules: list[Any], more: int = 0) -> None:
    """Counts IPv4 and IPv6 apart; a reference counts for both, and a prefix list with its maximum of entries.

    https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html#vpc-limits-security-groups
    """
    for family in ("IPv4", "IPv6"):
        count = sum(_weight(backend, rule, family) for rule in rules) + more
        message = "The maximum number of rules per security group has been reached."
        quotas.check(backend, quotas.RULES, count, "RulesPerSecurityGroupLimitExceeded", message)


def _weight(backend: Any, rule: Any, family: str) -> int:
    if rule.prefix_list_id:
        known = backend.managed_prefix_lists[rule.prefix_list_id]
        return known.max_entries if known.resource_owner_id == "AWS" or known.address_family == family else 0
    return 0 if (rule.cidr_ipv6 if family == "IPv4" else rule.cidr_ipv4) else 1


def _authorize(self: Any, egress: bool) -> Answer:
    """All rules of a request are added, or, when one is wrong or there already, none."""
    group = find_group(self.ec2_backend, self.params)
    tags = self._parse_tag_specification("security-group-rule").get("security-group-rule", {})
    rules = requested(self, group, egress)
    if not rules:
        raise missing("ipPermissions")
    present = group.egress_rules if egress else group.ingress_rules
    for index, rule in enumerate(rules):
        if rule in present or rule in rules[:index]:
            peer = rule.cidr_ipv4 or rule.cidr_ipv6 or rule.source_group.get("GroupId") or rule.prefix_list_id
            ports = "ALL" if rule.from_port is None else f"from port: {rule.from_port}, to port: {rule.to_port}"
            message = f'the specified rule "peer: {peer}, {rule.ip_protocol.upper()}, {ports}, ALLOW" already exists'
            raise ec2_error("InvalidPermission.Duplicate", message)
    check_quota(self.ec2_backend, [*present, *rules])
    self.error_on_dryrun()
    present.extend(rules)
    for rule in rules:
        rule.add_tags(tags)
    return Answer({"Return": True, "SecurityGroupRules": [view(rule) for rule in rules]})


@replaces(EC2Response)
def authorize_security_group_ingress(self: Any) -> Answer:
    return _authorize(self, False)


@replaces(EC2Response)
def authorize_security_group_egress(self: Any) -> Answer:
    return _authorize(self, True)


def _revoke(self: Any, egress: bool) -> Answer:
    group = find_group(self.ec2_backend, self.params)
    present = group.egress_rules if egress else group.ingress_rules
    ids = self._get_param("SecurityGroupRuleIds") or []
    for rule_id in ids:
        if not any(rule.id == rule_id for rule in present):
            raise ec2_error("InvalidSecurityGroupRuleId.NotFound", f"The security group rule ID '{rule_id}' does not exist")
    asked = requested(self, group, egress, stale=True)
    if any(rule not in present for rule in asked):
        raise ec2_error("InvalidPermission.NotFound", "The specified rule does not exist in this security group.")
    gone = [rule for rule in present if rule.id in ids or rule in asked]
    if not gone:
        raise missing("ipPermissions")
    self.error_on_dryrun()
    present[:] = [rule for rule in present if rule not in gone]
    for rule in gone:
        self.ec2_backend.tags.pop(rule.id, None)
    return Answer({"Return": True, "RevokedSecurityGroupRules": [revoked(rule) for rule in gone]})


@replaces(EC2Response)
def revoke_security_group_ingress(self: Any) -> Answer:
    return _revoke(self, False)


@replaces(EC2Response)
def revoke_security_group_egress(self: Any) -> Answer:
    return _revoke(self, True)


@replaces(EC2Response)
def describe_security_group_rules(self: Any) -> Answer:
    self.error_on_dryrun()
    filters = self._filters_from_querystring()
    known = {rule.id: rule for group in _groups(self.ec2_backend, filters) for rule in (*group.ingress_rules, *group.egress_rules)}
    ids = self._get_param("SecurityGroupRuleIds") or []
    absent = [rule_id for rule_id in ids if rule_id not in known]
    if absent:
        raise ec2_error("InvalidSecurityGroupRuleId.NotFound", f"The security group rule ID '{absent[0]}' does not exist")
    found = [known[rule_id] for rule_id in dict.fromkeys(ids)] if ids else list(known.values())
    return Answer({"SecurityGroupRules": Views(filtered(found, filters, _values), view)})


def _groups(backend: Any, filters: dict[str, list[str]]) -> Iterator[Any]:
    """Every group, or only those that a filter names: the provider asks for one group's rules again and again."""
    named = filters.get("group-id") or []
    exact = set(named) if named and not any("*" in name or "?" in name for name in named) else None
    for groups in backend.groups.values():
        for group_id, group in groups.items():
            if exact is None or group_id in exact:
                yield group


def _values(rule: Any, name: str) -> list[Any] | None:
    return {"group-id": [rule.group_id], "security-group-rule-id": [rule.id]}.get(name)
