"""Changing security group rules in place, and their descriptions. Hooks: the calls of `EC2Response` that do so."""

from __future__ import annotations

import copy
from typing import Any

from moto.core.responses import ActionResult, EmptyResult
from moto.ec2.responses import EC2Response

from .errors import ec2_error, invalid_value, missing
from .patching import replaces
from .security_group_rules import build, check_description, find_group, requested


@replaces(EC2Response)
def modify_security_group_rules(self: Any) -> ActionResult:
    """Replaces rules in place, id and tags kept; a rule cannot become one of another type."""
    group = find_group(self.ec2_backend, self.params)
    planned = []
    for item in self._get_param("SecurityGroupRules") or []:
        old = group.get_rule(item.get("SecurityGroupRuleId") or "")
        if old is None:
            raise ec2_error("InvalidSecurityGroupRuleId.NotFound", f"The security group rule ID '{item.get('SecurityGroupRuleId')}' does not exist")
        planned.append((old, _modified(self.ec2_backend, group, old, item.get("SecurityGroupRule") or {})))
    if not planned:
        raise missing("SecurityGroupRules")
    for old, new in planned:
        rest = [rule for rule in (group.egress_rules if old.is_egress else group.ingress_rules) if rule.id != old.id]
        if new in rest:
            raise ec2_error("InvalidPermission.Duplicate", "the specified rule already exists")
    self.error_on_dryrun()
    for old, new in planned:
        rule_id = old.id
        old.__dict__.update(copy.copy(new.__dict__))
        old.id = rule_id
    return ActionResult({"Return": True})


def _modified(backend: Any, group: Any, old: Any, wanted: dict[str, Any]) -> Any:
    targets = {"CidrIpv4": "IpRanges", "CidrIpv6": "Ipv6Ranges", "PrefixListId": "PrefixListIds", "ReferencedGroupId": "UserIdGroupPairs"}
    given = [name for name in targets if wanted.get(name)]
    if len(given) != 1:
        raise missing("exactly one of: cidrIpv4, cidrIpv6, prefixListId, or referencedGroupId")
    name = given[0]
    member = {"CidrIpv4": "CidrIp", "ReferencedGroupId": "GroupId"}.get(name, name)
    entry = {member: wanted[name], **({"Description": wanted["Description"]} if wanted.get("Description") else {})}
    [new] = build(backend, group, {**wanted, targets[name]: [entry]}, old.is_egress)
    same = [bool(getattr(new, part)) == bool(getattr(old, part)) for part in ("cidr_ipv4", "cidr_ipv6", "prefix_list_id", "source_group")]
    if not all(same):
        raise invalid_value(f"Invalid rule type for security group rule '{old.id}'. You may not change the type of an existing rule.")
    return new


def _describe_rules(self: Any, egress: bool) -> EmptyResult:
    """UpdateSecurityGroupRuleDescriptions, by rule or by id."""
    group = find_group(self.ec2_backend, self.params)
    present = group.egress_rules if egress else group.ingress_rules
    changes = [(rule, rule.description) for rule in requested(self, group, egress)]
    for item in self._get_param("SecurityGroupRuleDescriptions") or []:
        rule = next((r for r in present if r.id == item.get("SecurityGroupRuleId")), None)
        if rule is None:
            raise ec2_error("InvalidSecurityGroupRuleId.NotFound", f"The security group rule ID '{item.get('SecurityGroupRuleId')}' does not exist")
        changes.append((rule, check_description(item.get("Description"))))
    if any(rule not in present for rule, _ in changes):
        raise ec2_error("InvalidPermission.NotFound", "The specified rule does not exist in this security group.")
    for rule, text in changes:
        _set_description(present[present.index(rule)], text)
    return EmptyResult()


def _set_description(rule: Any, text: str | None) -> None:
    if rule.prefix_list_id:
        rule.prefix_description = text
        return
    part = rule.ip_range or rule.source_group
    part.pop("Description", None)
    if text:
        part["Description"] = text


@replaces(EC2Response)
def update_security_group_rule_descriptions_ingress(self: Any) -> EmptyResult:
    return _describe_rules(self, False)


@replaces(EC2Response)
def update_security_group_rule_descriptions_egress(self: Any) -> EmptyResult:
    return _describe_rules(self, True)
