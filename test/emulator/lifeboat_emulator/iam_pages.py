"""IAM's answers: pages with Marker and MaxItems, and GetAccountAuthorizationDetails. Hook: `IamResponse.serialized`."""

from __future__ import annotations

import base64
from typing import Any
from urllib import parse

from moto.core.responses import ActionResult, BaseResponse
from moto.core.utils import get_service_model
from moto.iam.models import Group
from moto.iam.responses import IamResponse

from .errors import GateError
from .patching import replaces

Group.arn = property(lambda self: f"arn:{self.partition}:iam::{self.account_id}:group{self.path}{self.name}")  # type: ignore[assignment]


@replaces(IamResponse)
def serialized(self: Any, action_result: ActionResult) -> Any:
    if not isinstance(action_result.result, Exception):
        try:
            action_result = ActionResult(_page(self, action_result.result))
        except Exception as error:  # a refused page size or marker is an answer as any other
            return BaseResponse.serialized(self, ActionResult(error))
    return BaseResponse.serialized(self, action_result)


def _page(response: Any, result: Any) -> Any:
    operation = get_service_model("iam").operation_model(response._get_action())
    inputs = operation.input_shape.members if operation.input_shape else {}
    outputs = operation.output_shape.members if operation.output_shape else {}
    lists = [name for name, shape in outputs.items() if shape.type_name == "list"]
    if "Marker" not in inputs or "IsTruncated" not in outputs or not isinstance(result, dict) or result.get("Marker"):
        return result
    if any(name not in result for name in lists):
        return result
    asked = response._get_param("MaxItems")
    most = 100 if asked is None else int(asked)
    if not 1 <= most <= 1000:
        raise GateError("ValidationError", f"Value '{most}' at 'maxItems' failed to satisfy constraint: Member must have value between 1 and 1000")
    # Several lists are paged as one, the first list first.
    everything = [(name, item) for name in lists for item in list(result[name])]
    start = _start(response)
    page = {**result, **{name: [] for name in lists}, "IsTruncated": start + most < len(everything)}
    for name, item in everything[start : start + most]:
        page[name].append(item)
    page["Marker"] = _marker(response, start + most) if page["IsTruncated"] else None
    return page


def _head(response: Any) -> str:
    return f"{response.current_account}:{response._get_action()}"


def _marker(response: Any, start: int) -> str:
    return base64.urlsafe_b64encode(f"{_head(response)}:{start}".encode()).decode()


def _start(response: Any) -> int:
    marker = response._get_param("Marker")
    if not marker:
        return 0
    try:
        head, _, start = base64.urlsafe_b64decode(str(marker)).decode().rpartition(":")
    except ValueError:
        head = ""
    if head != _head(response):
        raise GateError("ValidationError", "Invalid Marker.")
    return int(start)


@replaces(IamResponse)
def list_roles(self: Any) -> ActionResult:
    prefix = self._get_param("PathPrefix", "/")
    return ActionResult({"Roles": [role for role in self.backend.roles.values() if role.path.startswith(prefix)], "IsTruncated": False})


@replaces(IamResponse)
def get_account_authorization_details(self: Any) -> ActionResult:
    """Without GetPolicy's descriptions and tags, and with documents encoded for URLs."""
    wanted = self._get_param("Filter", []) or ["User", "Role", "Group", "LocalManagedPolicy", "AWSManagedPolicy"]
    backend = self.backend
    local = [each for arn, each in backend.managed_policies.items() if ":iam::aws:" not in arn]
    aws = [each for arn, each in backend.managed_policies.items() if ":iam::aws:" in arn and each.attachment_count > 0]
    policies = [*(local if "LocalManagedPolicy" in wanted else []), *(aws if "AWSManagedPolicy" in wanted else [])]
    return ActionResult(
        {
            "UserDetailList": [_principal(user, "User") for user in backend.users.values()] if "User" in wanted else [],
            "GroupDetailList": [_principal(group, "Group") for group in backend.groups.values()] if "Group" in wanted else [],
            "RoleDetailList": [_principal(role, "Role") for role in backend.roles.values()] if "Role" in wanted else [],
            "Policies": [_policy(each) for each in policies],
            "IsTruncated": False,
        }
    )


def _quoted(document: Any) -> str:
    return parse.quote(document.decode() if isinstance(document, bytes) else document, safe="")


def _principal(found: Any, kind: str) -> dict[str, Any]:
    inline = [{"PolicyName": name, "PolicyDocument": _quoted(document)} for name, document in found.policies.items()]
    view = {
        "Path": found.path,
        f"{kind}Name": found.name,
        f"{kind}Id": found.id,
        "Arn": found.arn,
        "CreateDate": found.create_date,
        f"{kind}PolicyList": inline,
        "AttachedManagedPolicies": found.attached_managed_policies,
    }
    if kind == "User":
        view["GroupList"] = found.group_list
    if kind == "Role":
        view["AssumeRolePolicyDocument"] = _quoted(found.assume_role_policy_document)
        view["InstanceProfileList"] = found.instance_profile_list
    if kind != "Group":
        view["Tags"] = found.tags or []
        if found.permissions_boundary:
            view["PermissionsBoundary"] = found.permissions_boundary
    return view


def _policy(found: Any) -> dict[str, Any]:
    versions = [
        {"VersionId": each.version_id, "IsDefaultVersion": each.is_default_version, "CreateDate": each.create_date, "Document": _quoted(each.document)}
        for each in found.versions
    ]
    view = {"PolicyName": found.name, "PolicyId": found.id, "Arn": found.arn, "Path": found.path}
    return {**view, "DefaultVersionId": found.default_version_id, "AttachmentCount": found.attachment_count, "IsAttachable": True, "PolicyVersionList": versions}
