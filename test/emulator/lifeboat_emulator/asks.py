"""From a call to what it asks of IAM: the actions, the ARNs they act on, and the values that conditions look at."""

from __future__ import annotations

import datetime
import re
from typing import Any

from moto.ec2.models import ec2_backends
from moto.ec2.utils import EC2_PREFIX_TO_RESOURCE
from moto.iam.models import iam_backends

from . import clock, keys
from .accounts import Principal
from .authorize import caller_context
from .calls import Call
from .policy import Ask
from .s3_actions import s3_asks

# What a creating call makes: IAM asks for the kind before there is an id.
_MAKES = {
    "CopySnapshot": ["snapshot"],
    "CreateSnapshot": ["snapshot"],
    "CreateSnapshots": ["snapshot"],
    "CreateVolume": ["volume"],
    "RunInstances": ["instance", "volume", "network-interface"],
    "RegisterImage": ["image"],
    "CreateImage": ["image", "snapshot"],
    "CreateManagedPrefixList": ["prefix-list"],
    "AllocateAddress": ["elastic-ip"],
}
_KINDS = {**EC2_PREFIX_TO_RESOURCE, "pl": "prefix-list", "eipalloc": "elastic-ip"}
_ID = re.compile(r"^([a-z]+(?:-[a-z]+)*)-[0-9a-f]{8,17}$")
_NO_ACCOUNT = ("snapshot", "image")


def asks_of(principal: Principal, call: Call, environ: dict[str, Any]) -> list[Ask]:
    if call.service == "s3":
        asks = s3_asks(principal, call, environ)
    elif call.service == "ec2":
        asks = _ec2(principal, call)
    elif call.service == "kms":
        asks = _kms(principal, call)
    elif call.service == "iam":
        asks = _iam(principal, call)
    else:
        prefix = "s3" if call.service == "s3control" else call.service
        asks = [Ask(f"{prefix}:{call.action}", _arn(call, principal))]
        if call.service == "dlm" and call.action in ("CreateLifecyclePolicy", "UpdateLifecyclePolicy"):
            from .calls import read_body
            import json

            role = json.loads(read_body(environ) or b"{}").get("ExecutionRoleArn")
            asks += [Ask("iam:PassRole", role, context={"iam:PassedToService": "dlm.amazonaws.com"})] if role else []
    instant = clock.now()
    common = {
        **caller_context(principal),
        "aws:RequestedRegion": call.region,
        "aws:CurrentTime": f"{instant.isoformat()}Z",
        "aws:EpochTime": str(int(instant.replace(tzinfo=datetime.timezone.utc).timestamp())),
    }
    for ask in asks:
        ask.context = {**common, **ask.context}
    return asks


def _arn(call: Call, principal: Principal) -> str:
    for name in ("resourceArn", "ResourceArn", "ResourceARN", "RoleArn", "SecretId", "TopicArn"):
        if call.params.get(name):
            return str(call.params[name])
    if call.service == "dlm" and call.params.get("policyId"):
        return f"arn:aws:dlm:{call.region}:{principal.account}:policy/{call.params['policyId']}"
    return "*"


def _ec2_arn(call: Call, account: str, kind: str, name: str, region: str | None = None) -> str:
    return f"arn:aws:ec2:{region or call.region}:{'' if kind in _NO_ACCOUNT else account}:{kind}/{name}"


def _ec2(principal: Principal, call: Call) -> list[Ask]:
    """Every resource a call names, and every one it makes; what is only described has no resource."""
    action = f"ec2:{call.action}"
    if call.action.startswith(("Describe", "Get", "Search", "List")):
        return [Ask(action)]
    request_tags = _request_tags(call)
    asks: list[Ask] = []
    for name, value in call.params.items():
        if name.startswith(("TagSpecification", "Tag.")) or not isinstance(value, str):
            continue
        match = _ID.match(value)
        kind = _KINDS.get(match.group(1)) if match else None
        if kind is None:
            continue
        region = str(call.params.get("SourceRegion")) if name == "SourceSnapshotId" else None
        context = {**_resource_context(principal.account, region or call.region, value), **_tags(request_tags.get("", {}))}
        asks.append(Ask(action, _ec2_arn(call, principal.account, kind, value, region), context=context))
    made = _MAKES.get(call.action) or ([_dashed(call.action[6:])] if call.action.startswith("Create") and call.action != "CreateTags" else [])
    for kind in made:
        tags = request_tags.get(kind, {})
        asks.append(Ask(action, _ec2_arn(call, principal.account, kind, "*"), context=_tags(tags)))
    for kind, tags in request_tags.items():
        if kind and tags:
            context = {**_tags(tags), "ec2:CreateAction": call.action}
            asks.append(Ask("ec2:CreateTags", _ec2_arn(call, principal.account, kind, "*"), context=context))
    asks += _passed_role(principal, call)
    return asks or [Ask(action)]


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


def _resource_context(account: str, region: str, resource_id: str) -> dict[str, Any]:
    if region not in ec2_backends[account]:
        return {}
    backend = ec2_backends[account][region]
    tags = backend.tags.get(resource_id, {})
    context: dict[str, Any] = {f"{prefix}:ResourceTag/{key}": value for key, value in tags.items() for prefix in ("aws", "ec2")}
    snapshot = backend.snapshots.get(resource_id)
    if snapshot is not None:
        context |= {"ec2:Owner": account, "ec2:ParentVolume": f"arn:aws:ec2:{region}:{account}:volume/{snapshot.volume.id}"}
    elif resource_id.startswith("snap-"):
        try:
            context["ec2:Owner"] = backend.get_snapshot(resource_id).owner_id
        except Exception:  # the call itself says that it does not exist
            pass
    return context


def _passed_role(principal: Principal, call: Call) -> list[Ask]:
    """A launch with an instance profile hands the profile's role to EC2."""
    given = call.params.get("IamInstanceProfile.Name") or call.params.get("IamInstanceProfile.Arn")
    if not given:
        return []
    profiles = iam_backends[principal.account]["aws"].instance_profiles.values()
    roles = [role for profile in profiles if given in (profile.name, profile.arn) for role in profile.roles]
    return [Ask("iam:PassRole", role.arn, context={"iam:PassedToService": "ec2.amazonaws.com"}) for role in roles]


def _kms(principal: Principal, call: Call) -> list[Ask]:
    action, identifier = f"kms:{call.action}", call.params.get("KeyId") or call.params.get("TargetKeyId")
    context = {"kms:CallerAccount": principal.account}
    alias = call.params.get("AliasName")
    asks = []
    if alias:
        asks.append(Ask(action, f"arn:aws:kms:{call.region}:{principal.account}:{alias}", context=dict(context)))
        key = keys.find(principal.account, call.region, str(alias)) if not identifier else None
        identifier = key.arn if key is not None else identifier
    if identifier:
        key = keys.find(principal.account, call.region, str(identifier))
        arn = key.arn if key is not None else f"arn:aws:kms:{call.region}:{principal.account}:key/{identifier}"
        context |= keys.condition_keys(key)
        window = call.params.get("PendingWindowInDays")
        if window is not None:
            context["kms:ScheduleKeyDeletionPendingWindowInDays"] = str(window)
        asks.append(Ask(action, arn, context=dict(context)))
    elif call.action == "Decrypt":
        asks += _any_key(principal, call, action, context)
    return asks or [Ask(action, context=context)]


def _any_key(principal: Principal, call: Call, action: str, context: dict[str, Any]) -> list[Ask]:
    """Decrypt may leave the key unsaid: its id is the head of the ciphertext."""
    import base64

    try:
        key_id = base64.b64decode(str(call.params.get("CiphertextBlob", "")))[:36].decode()
    except ValueError:
        return []
    key = keys.find(principal.account, call.region, key_id)
    return [Ask(action, key.arn, context={**context, **keys.condition_keys(key)})] if key is not None else []


def _iam(principal: Principal, call: Call) -> list[Ask]:
    action, params = f"iam:{call.action}", call.params
    backend = iam_backends[principal.account]["aws"]
    context: dict[str, Any] = {}
    path = str(params.get("Path") or "/")
    base = f"arn:aws:iam::{principal.account}"
    resource = "*"
    if params.get("RoleName"):
        role = next((r for r in backend.roles.values() if r.name == params["RoleName"]), None)
        resource = role.arn if role is not None else f"{base}:role{path}{params['RoleName']}"
        boundary = params.get("PermissionsBoundary") or (role.permissions_boundary_arn if role is not None else None)
        context = {"iam:PermissionsBoundary": boundary} if boundary else {}
    elif params.get("UserName"):
        user = backend.users.get(params["UserName"])
        resource = user.arn if user is not None else f"{base}:user{path}{params['UserName']}"
        boundary = params.get("PermissionsBoundary") or getattr(user, "permissions_boundary_arn", None)
        context = {"iam:PermissionsBoundary": boundary} if boundary else {}
    elif params.get("InstanceProfileName"):
        resource = f"{base}:instance-profile{path}{params['InstanceProfileName']}"
    elif params.get("PolicyArn"):
        resource = str(params["PolicyArn"])
    elif params.get("PolicyName"):
        resource = f"{base}:policy{path}{params['PolicyName']}"
    elif params.get("GroupName"):
        resource = f"{base}:group{path}{params['GroupName']}"
    if call.action in ("AttachRolePolicy", "DetachRolePolicy", "AttachUserPolicy", "DetachUserPolicy"):
        context["iam:PolicyARN"] = params.get("PolicyArn")
    asks = [Ask(action, resource, context=context)]
    if call.action == "AddRoleToInstanceProfile":
        name = f"{base}:instance-profile/{params.get('InstanceProfileName')}"
        asks = [Ask(action, name), Ask("iam:PassRole", resource, context={"iam:PassedToService": "ec2.amazonaws.com"})]
    return asks
