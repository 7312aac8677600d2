"""What calls of IAM ask: on which ARN, and with which tags, boundary and policy for conditions to look at.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsidentityandaccessmanagementiam.html
"""

from __future__ import annotations

import re
from typing import Any

from moto.iam.models import iam_backends

from .accounts import Principal
from .calls import Call
from .policy import Ask

# Calls that AWS gives the boundary of the principal, or the one that it is to have.
_BOUNDED = re.compile(r"^((Attach|Detach|Put|Delete)(Role|User)Policy|Create(Role|User)|(Put|Delete)(Role|User)PermissionsBoundary)$")
# Whoever creates with tags needs the right to tag as well.
_TAGGED_WHEN_MADE = {
    "CreateRole": "TagRole",
    "CreateUser": "TagUser",
    "CreatePolicy": "TagPolicy",
    "CreateInstanceProfile": "TagInstanceProfile",
    "CreateOpenIDConnectProvider": "TagOpenIDConnectProvider",
    "CreateSAMLProvider": "TagSAMLProvider",
}
_GROUP_CALLS = ("AddUserToGroup", "RemoveUserFromGroup")


def iam_asks(principal: Principal, call: Call) -> list[Ask]:
    action, params = f"iam:{call.action}", call.params
    resource, found = _resource(principal.account, call)
    context: dict[str, Any] = {f"aws:ResourceTag/{key}": value for key, value in _tags(found).items()}
    given = _members(params, "Tags")
    context |= {f"aws:RequestTag/{tag.get('Key', '')}": tag.get("Value", "") for tag in given}
    keys = [tag.get("Key", "") for tag in given] + [str(value) for key, value in params.items() if key.startswith("TagKeys.member.")]
    if keys:
        context["aws:TagKeys"] = keys
    if _BOUNDED.match(call.action):
        boundary = params.get("PermissionsBoundary") or getattr(found, "permissions_boundary_arn", None)
        if boundary:
            context["iam:PermissionsBoundary"] = boundary
    if re.match(r"^(Attach|Detach)(Role|User|Group)Policy$", call.action):
        context["iam:PolicyARN"] = params.get("PolicyArn")
    asks = [Ask(action, resource, context=context)]
    tagging = _TAGGED_WHEN_MADE.get(call.action)
    if tagging and given:
        asks.append(Ask(f"iam:{tagging}", resource, context=dict(context)))
    if call.action == "AddRoleToInstanceProfile":
        # A tag of the role is nothing that IAM tells here.
        role = _role(iam_backends[principal.account]["aws"], params.get("RoleName"))
        passed = role.arn if role is not None else f"arn:aws:iam::{principal.account}:role/{params.get('RoleName')}"
        asks.append(Ask("iam:PassRole", passed, context={"iam:PassedToService": "ec2.amazonaws.com"}))
    return asks


def _role(backend: Any, name: Any) -> Any:
    return next((role for role in backend.roles.values() if role.name == name), None)


def _resource(account: str, call: Call) -> tuple[str, Any]:
    """The ARN that a call acts on, and the object if it is there."""
    params, backend = call.params, iam_backends[account]["aws"]
    base, path = f"arn:aws:iam::{account}", str(params.get("Path") or "/")

    def named(kind: str, name: Any, found: Any) -> tuple[str, Any]:
        return (found.arn if found is not None else f"{base}:{kind}{path}{name}"), found

    if params.get("InstanceProfileName"):
        return named("instance-profile", params["InstanceProfileName"], backend.instance_profiles.get(params["InstanceProfileName"]))
    if params.get("GroupName") and (call.action in _GROUP_CALLS or not params.get("UserName")):
        return named("group", params["GroupName"], backend.groups.get(params["GroupName"]))
    if params.get("RoleName"):
        return named("role", params["RoleName"], _role(backend, params["RoleName"]))
    if params.get("UserName"):
        return named("user", params["UserName"], backend.users.get(params["UserName"]))
    if params.get("PolicyArn"):
        return str(params["PolicyArn"]), backend.managed_policies.get(str(params["PolicyArn"]))
    if params.get("PolicyName"):
        return f"{base}:policy{path}{params['PolicyName']}", None
    if params.get("OpenIDConnectProviderArn"):
        arn = str(params["OpenIDConnectProviderArn"])
        return arn, backend.open_id_providers.get(arn)
    if params.get("SAMLProviderArn"):
        arn = str(params["SAMLProviderArn"])
        return arn, next((each for each in backend.saml_providers.values() if each.arn == arn), None)
    if call.action == "CreateOpenIDConnectProvider":
        return f"{base}:oidc-provider/{str(params.get('Url', '')).removeprefix('https://')}", None
    if call.action == "CreateSAMLProvider":
        return f"{base}:saml-provider/{params.get('Name')}", None
    return "*", None


def _tags(found: Any) -> dict[str, str]:
    tags = getattr(found, "tags", None) or []
    entries = tags.values() if isinstance(tags, dict) else tags
    return {str(tag["Key"]): str(tag.get("Value", "")) for tag in entries}


def _members(params: dict[str, Any], name: str) -> list[dict[str, str]]:
    """A list of structures of the query protocol."""
    found: dict[int, dict[str, str]] = {}
    for key, value in params.items():
        match = re.fullmatch(rf"{name}\.member\.(\d+)\.(\w+)", key)
        if match:
            found.setdefault(int(match.group(1)), {})[match.group(2)] = str(value)
    return [found[index] for index in sorted(found)]
