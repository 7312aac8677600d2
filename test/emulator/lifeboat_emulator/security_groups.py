"""Security groups: the default one's rules, filters, and what keeps a group from being deleted.

Hooks: `SecurityGroupBackend.create_security_group` and `.describe_security_groups`, `SecurityGroup.matches_filters`,
`EC2Response.create_security_group`, `.delete_security_group` and `.describe_security_groups`.
"""

from __future__ import annotations

import itertools
from typing import Any

from moto.core.responses import ActionResult
from moto.ec2.models.security_groups import SecurityGroup, SecurityGroupBackend, SecurityGroupRule
from moto.ec2.responses import EC2Response

from . import quotas
from .answers import Answer, Views
from .errors import ec2_error, invalid_value, missing
from .find import chosen, filtered, tag_list
from .patching import replaces
from .security_group_rules import check_description, find_group
from .security_group_views import permissions


@replaces(SecurityGroupBackend, name="create_security_group")
def backend_create(self: Any, *args: Any, **kwargs: Any) -> Any:
    """A VPC's default group lets its own members in: AWS puts that rule there, moto does not."""
    group = backend_create.original(self, *args, **kwargs)  # type: ignore[attr-defined]
    if group.is_default and not group.ingress_rules:
        source = {"GroupId": group.id, "UserId": self.account_id, "OwnerId": self.account_id}
        group.ingress_rules.append(SecurityGroupRule(self, "-1", group.id, None, None, None, source, is_egress=False))
    return group


@replaces(EC2Response)
def create_security_group(self: Any) -> ActionResult:
    name, vpc_id = self._get_param("GroupName"), self._get_param("VpcId")
    if not name:
        raise missing("GroupName")
    if len(name) > 255 or name.startswith("sg-"):
        raise invalid_value(f"Value ({name}) for parameter groupName is invalid. Group names have up to 255 characters and cannot start with sg-.")
    check_description(self._get_param("Description"), "security group")
    backend = self.ec2_backend
    if vpc_id:
        backend.get_vpc(vpc_id)
    count = sum(len(groups) for groups in backend.groups.values())
    quotas.check(backend, quotas.GROUPS, count + 1, "SecurityGroupLimitExceeded", "The maximum number of security groups has been reached.")
    return create_security_group.original(self)  # type: ignore[attr-defined]


@replaces(EC2Response)
def delete_security_group(self: Any) -> ActionResult:
    """Not while a rule of its VPC names it or an interface uses it, and never the default one.

    A rule of a peered VPC that names it goes stale instead:
    https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-security-groups.html
    """
    backend = self.ec2_backend
    group = find_group(backend, self.params)
    if group.is_default:
        raise ec2_error("CannotDelete", f'the specified group: "{group.id}" name: "{group.name}" cannot be deleted by a user')
    others = (other for other in backend.groups[group.vpc_id].values() if other.id != group.id)
    referenced = any(rule.source_group.get("GroupId") == group.id for other in others for rule in (*other.ingress_rules, *other.egress_rules))
    used = any(group.id == member.id for nic in backend.enis.values() for member in nic.group_set)
    if referenced or used:
        raise ec2_error("DependencyViolation", f"resource {group.id} has a dependent object")
    self.error_on_dryrun()
    backend.groups[group.vpc_id].pop(group.id)
    for rule in (*group.ingress_rules, *group.egress_rules):
        backend.tags.pop(rule.id, None)
    backend.tags.pop(group.id, None)
    return ActionResult({"Return": True, "GroupId": group.id})


@replaces(SecurityGroupBackend)
def describe_security_groups(self: Any, group_ids: Any = None, groupnames: Any = None, filters: Any = None) -> list[Any]:
    found = list(itertools.chain(*(list(groups.values()) for groups in list(self.groups.values()))))
    for wanted in group_ids or []:
        if not any(group.id == wanted for group in found):
            raise ec2_error("InvalidGroup.NotFound", f"The security group '{wanted}' does not exist")
    for wanted in groupnames or []:
        if not any(group.name == wanted and group.vpc_id == self.default_vpc.id for group in found):
            raise ec2_error("InvalidGroup.NotFound", f"The security group '{wanted}' does not exist in default VPC '{self.default_vpc.id}'")
    if group_ids:
        found = [group for group in found if group.id in group_ids]
    if groupnames:
        found = [group for group in found if group.name in groupnames and group.vpc_id == self.default_vpc.id]
    return [group for group in found if group.matches_filters(filters or {})]


@replaces(EC2Response, name="describe_security_groups")
def describe(self: Any) -> Answer:
    self.error_on_dryrun()
    backend, names = self.ec2_backend, self._get_param("GroupNames") or []
    known = {key: group for groups in backend.groups.values() for key, group in groups.items()}
    found = chosen(known, self._get_param("GroupIds"), "InvalidGroup.NotFound", "security group")
    if names:
        # Names are those of the default VPC's groups.
        named = backend.describe_security_groups(groupnames=names)
        found = [group for group in found if group in named]
    return Answer({"SecurityGroups": Views(filtered(found, self._filters_from_querystring(), _values), view)})


def view(group: Any) -> dict[str, Any]:
    return {
        "GroupId": group.id,
        "GroupName": group.name,
        "Description": group.description,
        "OwnerId": group.owner_id,
        "VpcId": group.vpc_id,
        "SecurityGroupArn": f"arn:aws:ec2:{group.ec2_backend.region_name}:{group.owner_id}:security-group/{group.id}",
        "IpPermissions": permissions(group.ingress_rules),
        "IpPermissionsEgress": permissions(group.egress_rules),
        "Tags": tag_list(group),
    }


@replaces(SecurityGroup)
def matches_filters(self: Any, filters: dict[str, list[str]]) -> bool:
    return bool(filtered([self], filters, _values))


_RULE_FILTERS = {
    "cidr": lambda rule: rule.cidr_ipv4,
    "ipv6-cidr": lambda rule: rule.cidr_ipv6,
    "from-port": lambda rule: rule.from_port,
    "to-port": lambda rule: rule.to_port,
    "protocol": lambda rule: rule.ip_protocol,
    "group-id": lambda rule: rule.source_group.get("GroupId"),
    "user-id": lambda rule: rule.source_group.get("UserId"),
    "prefix-list-id": lambda rule: rule.prefix_list_id,
}


def _values(group: Any, name: str) -> list[Any] | None:
    plain = {"group-id": group.id, "group-name": group.name, "description": group.description, "vpc-id": group.vpc_id, "owner-id": group.owner_id}
    if name in plain:
        return [plain[name]]
    head, _, tail = name.removeprefix("egress.").partition(".")
    if head != "ip-permission" or tail not in _RULE_FILTERS:
        return None
    rules = group.egress_rules if name.startswith("egress.") else group.ingress_rules
    return [_RULE_FILTERS[tail](rule) for rule in rules]
