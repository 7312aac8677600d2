"""Recycle Bin's retention rules, which moto lacks. The gate sends the whole service here; recycle_bin.py keeps what was deleted.

https://docs.aws.amazon.com/recyclebin/latest/APIReference/Welcome.html
"""

from __future__ import annotations

import base64
import json
import random
import string
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, unquote

from botocore.validate import ParamValidator
from moto.core.utils import get_service_model

from .calls import Call, read_body
from .errors import GateError, Response

_MOST_RULES, _MOST_OF_A_TAG, _PAGE = 250, 5, 1000
_STATUS = {"CreateRule": 201, "DeleteRule": 204, "TagResource": 201, "UntagResource": 204}


@dataclass
class Rule:
    """A retention rule of one account and region: by tags, or of the whole region."""

    account: str
    region: str
    id: str
    kind: str
    days: int
    description: str = ""
    resource_tags: list[dict[str, str]] = field(default_factory=list)
    exclude: list[dict[str, str]] = field(default_factory=list)
    tags: dict[str, str] = field(default_factory=dict)
    # Days that unlocking takes; None for a rule that is not locked.
    lock: dict[str, Any] | None = None

    @property
    def arn(self) -> str:
        return f"arn:aws:rbin:{self.region}:{self.account}:rule/{self.id}"

    def keeps(self, tags: dict[str, str]) -> bool:
        """Whether what carries these tags is kept. A tag without a value means any value."""
        if self.resource_tags:
            return any(_carries(tags, tag) for tag in self.resource_tags)
        return not any(_carries(tags, tag) for tag in self.exclude)

    def view(self) -> dict[str, Any]:
        return {
            "Identifier": self.id,
            "Description": self.description,
            "RetentionPeriod": {"RetentionPeriodValue": self.days, "RetentionPeriodUnit": "DAYS"},
            "LockState": "locked" if self.lock else "unlocked",
            "RuleArn": self.arn,
        }

    def full(self) -> dict[str, Any]:
        lock = {"LockConfiguration": {"UnlockDelay": self.lock}} if self.lock else {}
        return {**self.view(), **lock, "ResourceType": self.kind, "ResourceTags": self.resource_tags, "ExcludeResourceTags": self.exclude, "Status": "available"}


_rules: dict[str, Rule] = {}


def _carries(tags: dict[str, str], wanted: dict[str, str]) -> bool:
    key, value = wanted["ResourceTagKey"], wanted.get("ResourceTagValue")
    return key in tags and (not value or tags[key] == value)


def of(account: str, region: str, kind: str) -> list[Rule]:
    return [rule for rule in _rules.values() if (rule.account, rule.region, rule.kind) == (account, region, kind)]


def handle(call: Call, environ: dict[str, Any]) -> Response:
    """Answers one call."""
    action = _ACTIONS.get(call.action)
    if action is None:
        raise NotImplementedError(f"Recycle Bin {call.action}")
    body = json.loads(read_body(environ) or b"{}")
    _validate(call, body)
    answer = action(call, body, parse_qs(environ.get("QUERY_STRING", "")))
    status = _STATUS.get(call.action, 200)
    return status, {"Content-Type": "application/json"}, b"" if status == 204 else json.dumps(answer).encode()


def _bad(message: str) -> GateError:
    return GateError("ValidationException", message)


def _validate(call: Call, body: dict[str, Any]) -> None:
    """Shape, required members and ranges, by the API's own model."""
    shape = get_service_model("rbin").operation_model(call.action).input_shape
    located = {name: ["x"] if member.type_name == "list" else "x" for name, member in shape.members.items() if "location" in member.serialization}
    report = ParamValidator().validate({**body, **located}, shape)
    if report.has_errors():
        raise _bad(report.generate_report())
    _check_period(body.get("RetentionPeriod"))


def _check_period(period: dict[str, Any] | None) -> None:
    if period is not None and not 1 <= period["RetentionPeriodValue"] <= 365:
        raise _bad("RetentionPeriodValue must be from 1 to 365 days.")


def _create(call: Call, body: dict[str, Any], _: Any) -> dict[str, Any]:
    kind, tags = body["ResourceType"], body.get("ResourceTags") or []
    if len([rule for rule in _rules.values() if (rule.account, rule.region) == (call.account, call.region)]) >= _MOST_RULES:
        raise GateError("ServiceQuotaExceededException", f"The limit of {_MOST_RULES} retention rules is reached.", 402)
    _check_tags(call, kind, tags, None)
    if tags and body.get("ExcludeResourceTags"):
        raise _bad("ExcludeResourceTags are for Region-level rules.")
    lock = _lock_of(body)
    if lock and tags:
        raise _bad("Only Region-level retention rules can be locked.")
    rule = Rule(
        call.account,
        call.region,
        "".join(random.choices(string.ascii_letters + string.digits, k=11)),
        kind,
        body["RetentionPeriod"]["RetentionPeriodValue"],
        body.get("Description", ""),
        tags,
        body.get("ExcludeResourceTags") or [],
        {tag["Key"]: tag["Value"] for tag in body.get("Tags") or []},
        lock,
    )
    _rules[rule.id] = rule
    return {**rule.full(), "Tags": _list(rule.tags)}


def _check_tags(call: Call, kind: str, tags: list[dict[str, str]], own: Rule | None) -> None:
    for tag in tags:
        same = [rule for rule in of(call.account, call.region, kind) if rule is not own and tag in rule.resource_tags]
        if len(same) >= _MOST_OF_A_TAG:
            raise GateError("ServiceQuotaExceededException", f"A tag can be in {_MOST_OF_A_TAG} retention rules.", 402)


def _lock_of(body: dict[str, Any]) -> dict[str, Any] | None:
    delay = (body.get("LockConfiguration") or {}).get("UnlockDelay")
    if delay is not None and not 7 <= delay["UnlockDelayValue"] <= 30:
        raise _bad("UnlockDelayValue must be from 7 to 30 days.")
    return delay


def find(call: Call, identifier: str) -> Rule:
    rule = _rules.get(identifier)
    if rule is None or (rule.account, rule.region) != (call.account, call.region):
        raise GateError("ResourceNotFoundException", f"The retention rule {identifier} does not exist.", 404)
    return rule


def _unlocked(call: Call) -> Rule:
    rule = find(call, str(call.params.get("identifier")))
    if rule.lock:
        raise GateError("ConflictException", f"The retention rule {rule.id} is locked.", 409)
    return rule


def _get(call: Call, _: Any, __: Any) -> dict[str, Any]:
    return find(call, str(call.params.get("identifier"))).full()


def _listed(call: Call, body: dict[str, Any], _: Any) -> dict[str, Any]:
    wanted = [tag for tag in body.get("ResourceTags") or []]
    found = [rule for rule in of(call.account, call.region, body["ResourceType"]) if all(tag in rule.resource_tags for tag in wanted)]
    if body.get("LockState"):
        found = [rule for rule in found if rule.view()["LockState"] == body["LockState"]]
    size, start = int(body.get("MaxResults") or _PAGE), int(base64.b64decode(body["NextToken"])) if body.get("NextToken") else 0
    rest = {"NextToken": base64.b64encode(str(start + size).encode()).decode()} if start + size < len(found) else {}
    return {"Rules": [rule.view() for rule in found[start : start + size]], **rest}


def _update(call: Call, body: dict[str, Any], _: Any) -> dict[str, Any]:
    rule = _unlocked(call)
    if body.get("ResourceType", rule.kind) != rule.kind:
        raise _bad("The resource type of a retention rule cannot be changed.")
    if "ResourceTags" in body:
        _check_tags(call, rule.kind, body["ResourceTags"], rule)
        rule.resource_tags = body["ResourceTags"]
    rule.exclude = body.get("ExcludeResourceTags", rule.exclude)
    rule.description = body.get("Description", rule.description)
    rule.days = (body.get("RetentionPeriod") or {}).get("RetentionPeriodValue", rule.days)
    return rule.full()


def _delete(call: Call, _: Any, __: Any) -> dict[str, Any]:
    """What it has kept so far stays for its time."""
    _rules.pop(_unlocked(call).id)
    return {}


def _lock(call: Call, body: dict[str, Any], _: Any) -> dict[str, Any]:
    rule = _unlocked(call)
    if rule.resource_tags:
        raise _bad("Only Region-level retention rules can be locked.")
    rule.lock = _lock_of(body)
    return rule.full()


def _list(tags: dict[str, str]) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in tags.items()]


def _tagged(call: Call) -> Rule:
    return find(call, unquote(str(call.params.get("resourceArn"))).rsplit("/", 1)[-1])


def _tags(call: Call, _: Any, __: Any) -> dict[str, Any]:
    return {"Tags": _list(_tagged(call).tags)}


def _tag(call: Call, body: dict[str, Any], _: Any) -> dict[str, Any]:
    _tagged(call).tags.update({tag["Key"]: tag["Value"] for tag in body["Tags"]})
    return {}


def _untag(call: Call, _: Any, query: dict[str, list[str]]) -> dict[str, Any]:
    for key in query.get("tagKeys", []):
        _tagged(call).tags.pop(key, None)
    return {}


_ACTIONS = {
    "CreateRule": _create,
    "GetRule": _get,
    "ListRules": _listed,
    "UpdateRule": _update,
    "DeleteRule": _delete,
    "LockRule": _lock,
    "ListTagsForResource": _tags,
    "TagResource": _tag,
    "UntagResource": _untag,
}
