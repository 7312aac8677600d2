"""Service Quotas: the lists of the services that quotas.py knows, paged. The gate sends the whole service here.

https://docs.aws.amazon.com/servicequotas/2019-06-24/apireference/API_ListServiceQuotas.html
"""

from __future__ import annotations

import base64
import json
from typing import Any

from . import quotas
from .calls import Call
from .errors import GateError, Response

_NAMES = {
    "vpc": "Amazon Virtual Private Cloud (Amazon VPC)",
    "ec2": "Amazon Elastic Compute Cloud (Amazon EC2)",
    "elasticloadbalancing": "Elastic Load Balancing (ELB)",
    "autoscaling": "Amazon EC2 Auto Scaling",
    "cloudfront": "Amazon CloudFront",
    "iam": "AWS Identity and Access Management (IAM)",
    "acm": "AWS Certificate Manager (ACM)",
    "sns": "Amazon Simple Notification Service (Amazon SNS)",
}
# Of these AWS keeps an applied value for every account; of the others only once an account was given one.
_KEPT = {quotas.VPCS, quotas.INTERNET_GATEWAYS, quotas.GROUPS, quotas.GROUPS_PER_NIC, quotas.RULES, "L-FE5A380F", "L-DF5E4CA3", "L-0263D0A3", "L-1216C47A"}
_MOST = 100


def handle(call: Call, environ: dict[str, Any]) -> Response:
    actions = {
        "ListServiceQuotas": _list_applied,
        "ListAWSDefaultServiceQuotas": _list_defaults,
        "GetServiceQuota": _get_applied,
        "GetAWSDefaultServiceQuota": _get_default,
    }
    act = actions.get(call.action)
    if act is None:
        raise GateError("UnknownOperationException", f"The action {call.action} is not valid for this emulator.")
    body = json.dumps(act(call)).encode()
    return 200, {"Content-Type": "application/x-amz-json-1.1"}, body


def _known(call: Call) -> dict[str, tuple[str, float]]:
    found = quotas.defaults(str(call.params.get("ServiceCode") or ""))
    # What has no regions is known in one.
    if found is None or (call.params.get("ServiceCode") in ("iam", "cloudfront") and call.region != "us-east-1"):
        raise GateError("NoSuchResourceException", f"The request failed because the service {call.params.get('ServiceCode')} does not exist.")
    return dict(sorted(found.items()))


def _view(call: Call, code: str, name: str, value: float, default: bool) -> dict[str, Any]:
    service = str(call.params["ServiceCode"])
    owner = "" if default else call.account
    return {
        "ServiceCode": service,
        "ServiceName": _NAMES[service],
        "QuotaArn": f"arn:aws:servicequotas:{call.region}:{owner}:{service}/{code}",
        "QuotaCode": code,
        "QuotaName": name,
        "Value": float(value),
        "Unit": "None",
        "Adjustable": True,
        "GlobalQuota": False,
        **({} if default else {"QuotaAppliedAtLevel": "ACCOUNT"}),
    }


def _applied(call: Call) -> list[dict[str, Any]]:
    found = []
    for code, (name, value) in _known(call).items():
        given = quotas.applied(call.account, code)
        if given is not None or code in _KEPT:
            found.append(_view(call, code, name, value if given is None else given, False))
    return found


def _defaults(call: Call) -> list[dict[str, Any]]:
    return [_view(call, code, name, value, True) for code, (name, value) in _known(call).items()]


def _list_applied(call: Call) -> dict[str, Any]:
    return _page(call, _applied(call))


def _list_defaults(call: Call) -> dict[str, Any]:
    return _page(call, _defaults(call))


def _get_applied(call: Call) -> dict[str, Any]:
    return _one(call, _applied(call))


def _get_default(call: Call) -> dict[str, Any]:
    return _one(call, _defaults(call))


def _one(call: Call, found: list[dict[str, Any]]) -> dict[str, Any]:
    for quota in found:
        if quota["QuotaCode"] == call.params.get("QuotaCode"):
            return {"Quota": quota}
    raise GateError("NoSuchResourceException", f"The quota {call.params.get('QuotaCode')} does not exist, or has no value of its own here.")


def _page(call: Call, found: list[dict[str, Any]]) -> dict[str, Any]:
    size, token, start = call.params.get("MaxResults"), call.params.get("NextToken"), 0
    if size is not None and not 1 <= int(size) <= _MOST:
        raise GateError("IllegalArgumentException", f"MaxResults is {size}; expected a value from 1 to {_MOST}.")
    size = _MOST if size is None else int(size)
    scope = f"{call.account}:{call.region}:{call.action}:{call.params.get('ServiceCode')}"
    if token:
        try:
            head, _, offset = base64.urlsafe_b64decode(str(token)).decode().rpartition(":")
            start = int(offset)
        except ValueError:
            head = ""
        if head != scope:
            raise GateError("InvalidPaginationTokenException", "Invalid input was provided for the pagination token.")
    answer: dict[str, Any] = {"Quotas": found[start : start + size]}
    if start + size < len(found):
        answer["NextToken"] = base64.urlsafe_b64encode(f"{scope}:{start + size}".encode()).decode()
    return answer
