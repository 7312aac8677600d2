"""What a call to EC2 asks of IAM: every resource it acts on or makes, with the values that conditions look at.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html
"""

from __future__ import annotations

import re
from typing import Any

from moto.ec2.models import ec2_backends
from moto.ec2.utils import EC2_PREFIX_TO_RESOURCE
from moto.iam.models import iam_backends

from . import placement
from .accounts import Principal
from .calls import Call
from .policy import Ask
from .subnets import every

# What a creating call makes: IAM asks for the kind before there is an id. Without an entry: what the action's name says.
_MAKES = {
    "AllocateAddress": ["elastic-ip"],
    "CopySnapshot": ["snapshot"],
    "CreateImage": ["image", "snapshot"],
    "CreateLaunchTemplateVersion": [],
    "CreateManagedPrefixList": ["prefix-list"],
    "CreateNatGateway": ["natgateway"],
    "CreateNetworkAclEntry": [],
    "CreateRoute": [],
    "CreateSnapshot": ["snapshot"],
    "CreateSnapshots": ["snapshot"],
    "CreateSubnetCidrReservation": [],
    "CreateTags": [],
    "CreateVolume": ["volume"],
    "ImportKeyPair": ["key-pair"],
    "RegisterImage": ["image"],
    "RunInstances": ["instance", "volume", "network-interface"],
}
# Calls that act only on what these parameters name, whatever else they name.
_GROUP, _TABLE = ("GroupId",), ("RouteTableId",)
_ONLY = {
    "AuthorizeSecurityGroupEgress": _GROUP,
    "AuthorizeSecurityGroupIngress": _GROUP,
    "CreateLaunchTemplate": (),
    "CreateLaunchTemplateVersion": ("LaunchTemplateId",),
    "CreateRoute": _TABLE,
    "CreateVpcPeeringConnection": ("VpcId",),
    "DeleteRoute": _TABLE,
    "ReplaceRoute": _TABLE,
    "RevokeSecurityGroupEgress": _GROUP,
    "RevokeSecurityGroupIngress": _GROUP,
    "UpdateSecurityGroupRuleDescriptionsEgress": _GROUP,
    "UpdateSecurityGroupRuleDescriptionsIngress": _GROUP,
}
_KINDS = {**EC2_PREFIX_TO_RESOURCE, "nat": "natgateway", "pl": "prefix-list", "eipalloc": "elastic-ip", "pg": "placement-group", "vpce": "vpc-endpoint", "eigw": "egress-only-internet-gateway"}
_ID = re.compile(r"^([a-z]+(?:-[a-z]+)*)-[0-9a-f]{8,17}$")
_NO_ACCOUNT = ("snapshot", "image")


def _arn(call: Call, account: str, kind: str, name: str, region: str | None = None) -> str:
    return f"arn:aws:ec2:{region or call.region}:{'' if kind in _NO_ACCOUNT else account}:{kind}/{name}"


def ec2_asks(principal: Principal, call: Call) -> list[Ask]:
    """Every resource a call names, and every one it makes; what is only described has no resource."""
    action = f"ec2:{call.action}"
    if call.action.startswith(("Describe", "Get", "Search", "List")):
        return [Ask(action)]
    request_tags = _request_tags(call)
    own = _tags(request_tags.get("", {}))
    asks: list[Ask] = []
    for name, resource_id, region in _named(principal.account, call):
        match = _ID.match(resource_id)
        kind = _KINDS.get(match.group(1)) if match else None
        if kind is not None:
            context = {**resource_context(principal.account, region or call.region, resource_id), **own, **_lock(call)}
            asks.append(Ask(action, _arn(call, principal.account, kind, resource_id, region), context=context))
    asks += _by_name(principal, call, action, own)
    made = _MAKES.get(call.action)
    if made is None:
        made = [_dashed(call.action[6:])] if call.action.startswith("Create") else []
    for kind in made:
        name = _new_name(call, kind)
        asks.append(Ask(action, _arn(call, principal.account, kind, name), context=_tags(request_tags.get(kind, {}))))
    for kind, tags in request_tags.items():
        if kind and tags:
            context = {**_tags(tags), "ec2:CreateAction": call.action}
            asks.append(Ask("ec2:CreateTags", _arn(call, principal.account, kind, _new_name(call, kind)), context=context))
    asks += _passed_role(principal, call)
    return asks or [Ask(action)]


def _named(account: str, call: Call) -> list[tuple[str, str, str | None]]:
    """The ids that a call acts on, by parameter, with the region of those that are elsewhere."""
    found: list[tuple[str, str, str | None]] = []
    only = _ONLY.get(call.action)
    for name, value in call.params.items():
        if name.startswith(("TagSpecification", "Tag.")) or not isinstance(value, str) or (only is not None and name not in only):
            continue
        region = str(call.params.get("SourceRegion")) if name == "SourceSnapshotId" else None
        for resource_id in _behind(account, call.region, value):
            found.append((name, resource_id, region))
    return found


def _behind(account: str, region: str, value: str) -> list[str]:
    """An association or reservation is no resource to IAM: what counts is what it belongs to."""
    head = value.rpartition("-")[0]
    if head not in ("eipassoc", "rtbassoc", "aclassoc", "vpc-cidr-assoc", "subnet-cidr-assoc", "scr") or region not in ec2_backends[account]:
        return [value]
    backend = ec2_backends[account][region]
    if head == "eipassoc":
        of = next((address for address in backend.addresses if address.association_id == value), None)
        return [found for found in (of.allocation_id, of.instance_id, of.network_interface_id) if found] if of is not None else []
    if head == "rtbassoc":
        return [table.id for table in backend.route_tables.values() if value in table.all_associations_ids]
    if head == "aclassoc":
        return [acl.id for acl in backend.network_acls.values() if value in acl._associations]
    if head == "vpc-cidr-assoc":
        return [vpc.id for vpc in backend.vpcs.values() if value in vpc._cidr_block_association_set]
    subnets = every(backend).values()
    if head == "subnet-cidr-assoc":
        return [subnet.id for subnet in subnets if value in subnet.ipv6_cidr_block_associations]
    return [subnet.id for subnet in subnets if any(reservation.id == value for reservation in subnet._cidr_reservations)]


def _by_name(principal: Principal, call: Call, action: str, own: dict[str, Any]) -> list[Ask]:
    """Key pairs and placement groups are named in their ARNs; templates and key pairs can be given by name."""
    account = principal.account
    if call.region not in ec2_backends[account]:
        return []
    backend, asks = ec2_backends[account][call.region], []
    if call.action == "DeleteKeyPair" and call.params.get("KeyName"):
        pair = backend.key_pairs.get(str(call.params["KeyName"]))
        asks.append(("key-pair", str(call.params["KeyName"]), pair.id if pair else ""))
    if call.action == "DeletePlacementGroup":
        group = placement.groups(backend).get(str(call.params.get("GroupName")))
        asks.append(("placement-group", str(call.params.get("GroupName")), group.id if group else ""))
    name = call.params.get("LaunchTemplateName")
    if name and call.action not in ("CreateLaunchTemplate", "RunInstances"):
        template_id = backend.launch_template_name_to_ids.get(str(name), "")
        asks.append(("launch-template", template_id or "*", template_id))
    return [
        Ask(action, _arn(call, account, kind, text), context={**resource_context(account, call.region, resource_id), **own})
        for kind, text, resource_id in asks
    ]


def _new_name(call: Call, kind: str) -> str:
    """What is made has no id yet; key pairs and placement groups have their names."""
    given = {"key-pair": "KeyName", "placement-group": "GroupName"}.get(kind)
    return str(call.params.get(given) or "*") if given else "*"


def _dashed(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", name).lower()


def _request_tags(call: Call) -> dict[str, dict[str, str]]:
    """Tags of the request by resource type; under the empty text those of CreateTags and DeleteTags."""
    found: dict[str, dict[str, str]] = {}
    for name, value in call.params.items():
        match = re.match(r"^TagSpecifications?\.(\d+)\.Tags?\.(\d+)\.Key$", name)
        if match:
            start = name.split(".Tag")[0]
            kind = str(call.params.get(f"{start}.ResourceType", ""))
            found.setdefault(kind, {})[value] = str(call.params.get(name[:-3] + "Value", ""))
        match = re.match(r"^Tag\.(\d+)\.Key$", name)
        if match:
            found.setdefault("", {})[value] = str(call.params.get(f"Tag.{match.group(1)}.Value", ""))
    return found


def _tags(tags: dict[str, str]) -> dict[str, Any]:
    context: dict[str, Any] = {f"aws:RequestTag/{key}": value for key, value in tags.items()}
    return {**context, "aws:TagKeys": list(tags)} if tags else context


def resource_context(account: str, region: str, resource_id: str) -> dict[str, Any]:
    if region not in ec2_backends[account]:
        return {}
    backend = ec2_backends[account][region]
    tags = backend.tags.get(resource_id, {})
    context: dict[str, Any] = {f"{prefix}:ResourceTag/{key}": value for key, value in tags.items() for prefix in ("aws", "ec2")}
    vpc_id = _vpc_of(backend, resource_id)
    if vpc_id:
        context["ec2:Vpc"] = f"arn:aws:ec2:{region}:{account}:vpc/{vpc_id}"
    vpc = backend.vpcs.get(resource_id)
    if vpc is not None:
        context["ec2:Tenancy"] = vpc.instance_tenancy
    address = next((one for one in backend.addresses if one.allocation_id == resource_id), None) if resource_id.startswith("eipalloc-") else None
    if address is not None:
        context |= {"ec2:AllocationId": resource_id, "ec2:Domain": address.domain, "ec2:PublicIpAddress": address.public_ip}
    snapshot = backend.snapshots.get(resource_id)
    if snapshot is not None:
        context |= {"ec2:Owner": account, "ec2:ParentVolume": f"arn:aws:ec2:{region}:{account}:volume/{snapshot.volume.id}"}
    elif resource_id.startswith("snap-"):
        try:
            context["ec2:Owner"] = backend.get_snapshot(resource_id).owner_id
        except Exception:  # the call itself says that it does not exist
            pass
    return context


def _lock(call: Call) -> dict[str, Any]:
    """https://docs.aws.amazon.com/ebs/latest/userguide/snapshot-lock-iam.html"""
    keys = {"LockDuration": "ec2:SnapshotLockDuration", "CoolOffPeriod": "ec2:CoolOffPeriod"} if call.action == "LockSnapshot" else {}
    return {key: str(call.params[name]) for name, key in keys.items() if call.params.get(name)}


def _vpc_of(backend: Any, resource_id: str) -> str | None:
    """The VPC of what has one, for the condition key ec2:Vpc."""
    stores = {"rtb": backend.route_tables, "acl": backend.network_acls, "eni": backend.enis}
    head = resource_id.rpartition("-")[0]
    if head == "subnet":
        found = every(backend).get(resource_id)
    elif head == "sg":
        found = next((groups[resource_id] for groups in backend.groups.values() if resource_id in groups), None)
    else:
        found = stores.get(head, {}).get(resource_id)
    return found.vpc_id if found is not None else None


def _passed_role(principal: Principal, call: Call) -> list[Ask]:
    """A launch with an instance profile hands the profile's role to EC2."""
    given = call.params.get("IamInstanceProfile.Name") or call.params.get("IamInstanceProfile.Arn")
    if not given:
        return []
    profiles = iam_backends[principal.account]["aws"].instance_profiles.values()
    roles = [role for profile in profiles if given in (profile.name, profile.arn) for role in profile.roles]
    return [Ask("iam:PassRole", role.arn, context={"iam:PassedToService": "ec2.amazonaws.com"}) for role in roles]
