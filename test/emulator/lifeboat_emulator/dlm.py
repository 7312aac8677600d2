"""Data Lifecycle Manager, which moto lacks: snapshot policies, kept in the shapes of its REST-JSON API.

https://docs.aws.amazon.com/dlm/latest/APIReference/Welcome.html
"""

from __future__ import annotations

import datetime
import json
import re
import uuid
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, unquote

from botocore.validate import ParamValidator
from moto.core.utils import get_service_model
from moto.iam.models import iam_backends

from . import clock
from .calls import Call, read_body
from .errors import GateError, Response

_INTERVALS = (1, 2, 3, 4, 6, 8, 12, 24)
_LIMIT = 100
_DESCRIPTION = re.compile(r"^[0-9A-Za-z _-]{1,500}$")


@dataclass
class Policy:
    """A lifecycle policy of one account and region."""

    account: str
    region: str
    id: str
    role: str
    description: str
    state: str
    details: dict[str, Any]
    tags: dict[str, str]
    created: datetime.datetime
    modified: datetime.datetime
    message: str = ""

    @property
    def arn(self) -> str:
        return f"arn:aws:dlm:{self.region}:{self.account}:policy/{self.id}"


@dataclass
class Store:
    policies: dict[str, Policy] = field(default_factory=dict)

    def of(self, account: str, region: str) -> list[Policy]:
        return [policy for policy in self.policies.values() if (policy.account, policy.region) == (account, region)]


store = Store()


def handle(call: Call, environ: dict[str, Any]) -> Response:
    """Answers one DLM call."""
    action = _ACTIONS.get(call.action)
    if action is None:
        raise NotImplementedError(f"DLM {call.action}")
    body = json.loads(read_body(environ) or b"{}")
    query = parse_qs(environ.get("QUERY_STRING", ""))
    answer = action(call, body, query)
    return 200, {"Content-Type": "application/json"}, json.dumps(answer, default=_iso).encode()


def _iso(value: Any) -> str:
    return value.strftime("%Y-%m-%dT%H:%M:%SZ")


def _bad(message: str) -> GateError:
    return GateError("InvalidRequestException", message, 400)


def _validate(operation: str, body: dict[str, Any]) -> None:
    """Shape and required members, by the API's own model."""
    model = get_service_model("dlm").operation_model(operation)
    uri = {name for name, shape in model.input_shape.members.items() if "location" in shape.serialization}
    report = ParamValidator().validate({**body, **{name: "policy-0" for name in uri}}, model.input_shape)
    if report.has_errors():
        raise _bad(report.generate_report())
    unknown = set(body) - set(model.input_shape.members)
    if unknown:
        raise _bad(f"Unknown parameter: {', '.join(sorted(unknown))}")


def _create(call: Call, body: dict[str, Any], _: Any) -> dict[str, Any]:
    _validate("CreateLifecyclePolicy", body)
    if body.get("DefaultPolicy"):
        raise NotImplementedError("default policies")
    if len(store.of(call.account, call.region)) >= _LIMIT:
        raise GateError("LimitExceededException", f"You have reached the limit of {_LIMIT} policies for this region.", 429)
    _check_role(call.account, body["ExecutionRoleArn"])
    _check_head(body)
    if not body.get("PolicyDetails"):
        raise _bad("PolicyDetails is required.")
    now = clock.now().replace(microsecond=0)
    policy = Policy(
        call.account,
        call.region,
        f"policy-{uuid.uuid4().hex[:17]}",
        body["ExecutionRoleArn"],
        body["Description"],
        body["State"],
        complete(body["PolicyDetails"]),
        dict(body.get("Tags") or {}),
        now,
        now,
    )
    store.policies[policy.id] = policy
    return {"PolicyId": policy.id}


def _check_head(body: dict[str, Any]) -> None:
    if "Description" in body and not _DESCRIPTION.match(body["Description"]):
        raise _bad("Description must have 1 to 500 characters of 0-9, A-Z, a-z, space, underscore and hyphen.")
    if body.get("State", "ENABLED") not in ("ENABLED", "DISABLED"):
        raise _bad("State must be ENABLED or DISABLED.")


def _check_role(account: str, arn: str) -> None:
    if not any(role.arn == arn for role in iam_backends[account]["aws"].roles.values()):
        raise _bad(f"The role {arn} does not exist, or Data Lifecycle Manager cannot assume it.")


def complete(details: dict[str, Any]) -> dict[str, Any]:
    """The details with AWS's defaults filled in, or its refusal."""
    details = json.loads(json.dumps(details))
    kind = details.setdefault("PolicyType", "EBS_SNAPSHOT_MANAGEMENT")
    if kind != "EBS_SNAPSHOT_MANAGEMENT":
        raise NotImplementedError(f"policies of type {kind}")
    details.setdefault("ResourceLocations", ["CLOUD"])
    types = details.get("ResourceTypes") or []
    if types not in (["VOLUME"], ["INSTANCE"]):
        raise _bad("ResourceTypes must be exactly one of VOLUME and INSTANCE.")
    if not details.get("TargetTags"):
        raise _bad("TargetTags must have at least one tag.")
    parameters = details.get("Parameters") or {}
    if types == ["VOLUME"] and (parameters.get("ExcludeBootVolume") or parameters.get("ExcludeDataVolumeTags")):
        raise _bad("ExcludeBootVolume and ExcludeDataVolumeTags are for policies of resource type INSTANCE.")
    if parameters.get("NoReboot") is not None:
        raise _bad("NoReboot is for policies of type IMAGE_MANAGEMENT.")
    schedules = details.get("Schedules") or []
    if not 1 <= len(schedules) <= 4:
        raise _bad("A policy must have 1 to 4 schedules.")
    names = [schedule.get("Name") for schedule in schedules]
    if None in names or len(set(names)) != len(names):
        raise _bad("Each schedule must have a name of its own.")
    for schedule in schedules:
        _check_schedule(schedule, types[0])
    return details


def _check_schedule(schedule: dict[str, Any], kind: str) -> None:
    create, retain = schedule.get("CreateRule"), schedule.get("RetainRule")
    if not create or not retain:
        raise _bad("A schedule must have a CreateRule and a RetainRule.")
    if not create.get("CronExpression"):
        if create.get("IntervalUnit") != "HOURS" or create.get("Interval") not in _INTERVALS:
            raise _bad(f"CreateRule must have a CronExpression, or an Interval of {', '.join(map(str, _INTERVALS))} HOURS.")
        create.setdefault("Times", ["09:00"])
    create.setdefault("Location", "CLOUD")
    count, interval = retain.get("Count"), retain.get("Interval")
    if bool(count) == bool(interval):
        raise _bad("RetainRule must have either Count or Interval.")
    if count and not 1 <= count <= 1000:
        raise _bad("RetainRule.Count must be from 1 to 1000.")
    if schedule.get("VariableTags") and kind != "INSTANCE":
        raise _bad("VariableTags are for policies of resource type INSTANCE.")
    for tag in (*schedule.get("TagsToAdd", []), *schedule.get("VariableTags", [])):
        if tag["Key"].lower().startswith(("aws:", "dlm:")):
            raise _bad(f"The tag key {tag['Key']} is reserved.")
    for rule in schedule.get("ShareRules") or []:
        if not all(re.fullmatch(r"\d{12}", account) for account in rule.get("TargetAccounts") or [""]):
            raise _bad("ShareRules.TargetAccounts must be account ids.")
    schedule.setdefault("CopyTags", False)


def find(call: Call, policy_id: str) -> Policy:
    policy = store.policies.get(policy_id)
    if policy is None or (policy.account, policy.region) != (call.account, call.region):
        raise GateError("ResourceNotFoundException", f"The policy {policy_id} does not exist.", 404)
    return policy


def _get(call: Call, _: Any, __: Any) -> dict[str, Any]:
    policy = find(call, call.params["policyId"])
    return {
        "Policy": {
            "PolicyId": policy.id,
            "PolicyArn": policy.arn,
            "Description": policy.description,
            "State": policy.state,
            "StatusMessage": policy.message or policy.state,
            "ExecutionRoleArn": policy.role,
            "DateCreated": policy.created,
            "DateModified": policy.modified,
            "PolicyDetails": policy.details,
            "Tags": policy.tags,
            "DefaultPolicy": False,
        }
    }


def _list(call: Call, _: Any, query: dict[str, list[str]]) -> dict[str, Any]:
    found = store.of(call.account, call.region)
    if query.get("policyIds"):
        found = [find(call, policy_id) for policy_id in query["policyIds"]]
    if query.get("state"):
        found = [policy for policy in found if policy.state in query["state"]]
    if query.get("resourceTypes"):
        found = [policy for policy in found if set(policy.details["ResourceTypes"]) & set(query["resourceTypes"])]
    for tag in query.get("targetTags", []):
        key, _, value = tag.partition("=")
        found = [policy for policy in found if {"Key": key, "Value": value} in policy.details["TargetTags"]]
    summary = [
        {
            "PolicyId": policy.id,
            "Description": policy.description,
            "State": policy.state,
            "Tags": policy.tags,
            "PolicyType": policy.details["PolicyType"],
            "DefaultPolicy": False,
        }
        for policy in found
    ]
    return {"Policies": summary}


def _update(call: Call, body: dict[str, Any], _: Any) -> dict[str, Any]:
    policy = find(call, call.params["policyId"])
    _validate("UpdateLifecyclePolicy", body)
    _check_head(body)
    if body.get("ExecutionRoleArn"):
        _check_role(call.account, body["ExecutionRoleArn"])
    details = complete(body["PolicyDetails"]) if body.get("PolicyDetails") else policy.details
    policy.role = body.get("ExecutionRoleArn") or policy.role
    policy.description = body.get("Description") or policy.description
    policy.state = body.get("State") or policy.state
    policy.details, policy.modified, policy.message = details, clock.now().replace(microsecond=0), ""
    return {}


def _delete(call: Call, _: Any, __: Any) -> dict[str, Any]:
    """Its snapshots stay."""
    store.policies.pop(find(call, call.params["policyId"]).id)
    return {}


def _tagged(call: Call) -> Policy:
    arn = unquote(str(call.params.get("resourceArn", "")))
    return find(call, arn.rsplit("/", 1)[-1])


def _list_tags(call: Call, _: Any, __: Any) -> dict[str, Any]:
    return {"Tags": _tagged(call).tags}


def _tag(call: Call, body: dict[str, Any], _: Any) -> dict[str, Any]:
    policy, tags = _tagged(call), body.get("Tags") or {}
    if any(key.lower().startswith("aws:") for key in tags):
        raise _bad("Tag keys starting with aws: are reserved.")
    policy.tags.update(tags)
    return {}


def _untag(call: Call, _: Any, query: dict[str, list[str]]) -> dict[str, Any]:
    policy = _tagged(call)
    for key in query.get("tagKeys", []):
        policy.tags.pop(key, None)
    return {}


_ACTIONS = {
    "CreateLifecyclePolicy": _create,
    "GetLifecyclePolicy": _get,
    "GetLifecyclePolicies": _list,
    "UpdateLifecyclePolicy": _update,
    "DeleteLifecyclePolicy": _delete,
    "ListTagsForResource": _list_tags,
    "TagResource": _tag,
    "UntagResource": _untag,
}
