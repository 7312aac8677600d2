"""Pages: MaxResults and NextToken are honoured on every EC2 Describe call whose model has them.

AWS answers at most 1,000 objects a call (fewer for some calls) and says so only by a token; a client that ignores the
token sees a part of the estate. moto ignores both. Hook: `EC2Response.serialized`.
"""

from __future__ import annotations

import base64
import hashlib
import json
from typing import Any

from moto.core.responses import ActionResult, BaseResponse
from moto.core.utils import get_service_model
from moto.ec2.responses import EC2Response

from .answers import Answer, Views, render
from .errors import ec2_error, invalid_value
from .patching import replaces

LARGEST = 1000
# Limits that AWS documents in words only.
_LIMITS = {"DescribeLaunchTemplateVersions": {"min": 1, "max": 200}, "DescribeVpcEndpoints": {"min": 1, "max": LARGEST}}
# The one call with two lists: they are paged as one, the IPv4 reservations first.
_TWO_LISTS = ("SubnetIpv4CidrReservations", "SubnetIpv6CidrReservations")
# Calls that refuse MaxResults beside ids.
_ID_LISTS = {"DescribeInstances": "InstanceIds", "DescribeVolumes": "VolumeIds", "DescribeSnapshots": "SnapshotIds", "DescribeInstanceStatus": "InstanceIds"}


@replaces(EC2Response)
def serialized(self: Any, action_result: ActionResult) -> Any:
    if not isinstance(action_result.result, Exception):
        try:
            page = _page(self, action_result.result)
        except Exception as error:  # a refused page size or token is an answer as any other
            return BaseResponse.serialized(self, ActionResult(error))
        if isinstance(action_result, Answer):
            # As bytes, in which moto does not look for a request id to put its own in its place.
            return 200, {**self.response_headers, "Content-Type": "text/xml"}, render(self._get_action(), page).encode()
        action_result = ActionResult(page)
    return BaseResponse.serialized(self, action_result)


def _page(response: Any, result: Any) -> Any:
    action = response._get_action()
    operation = get_service_model("ec2").operation_model(action)
    inputs = operation.input_shape.members if operation.input_shape else {}
    outputs = operation.output_shape.members if operation.output_shape else {}
    lists = [name for name, shape in outputs.items() if shape.type_name == "list"]
    if "MaxResults" not in inputs or "NextToken" not in outputs or not isinstance(result, dict):
        return result
    both = tuple(lists) == _TWO_LISTS
    if len(lists) != 1 and not both:
        return result
    name = lists[0]
    items = result.get(name)
    if items is None or result.get("NextToken"):
        return result
    if both:
        items = [*items, *result[lists[1]]]
    elif not isinstance(items, Views):
        items = list(items)
    size = _size(response, action, _LIMITS.get(action) or inputs["MaxResults"].metadata)
    start = _start(response, action)
    taken = items[start : start + size]
    page = {**result, name: taken}
    if both:
        fours = max(0, min(size, len(result[name]) - start))
        page = {name: taken[:fours], lists[1]: taken[fours:]}
    page["NextToken"] = _token(response, action, start + size) if start + size < len(items) else None
    return page


def _size(response: Any, action: str, limits: dict[str, Any]) -> int:
    low, high = limits.get("min", 5), min(limits.get("max", LARGEST), LARGEST)
    given = response._get_param("MaxResults")
    if given is None:
        return high
    ids = _ID_LISTS.get(action)
    if ids and response._get_param(ids):
        raise ec2_error("InvalidParameterCombination", f"The parameter {ids} cannot be used with the parameter maxResults")
    if not max(low, 1) <= int(given) <= high:
        raise invalid_value(f"Value ( {given} ) for parameter maxResults is invalid. Expecting a value from {max(low, 1)} to {high}.")
    return int(given)


def _fingerprint(response: Any, action: str) -> str:
    """A token is good for the request it came from: the same filters, in the same account and region."""
    params = {key: value for key, value in response.params.items() if key not in ("NextToken", "MaxResults")}
    text = json.dumps([action, response.current_account, response.region, params], sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _token(response: Any, action: str, offset: int) -> str:
    return base64.urlsafe_b64encode(f"{_fingerprint(response, action)}:{offset}".encode()).decode()


def _start(response: Any, action: str) -> int:
    token = response._get_param("NextToken")
    if not token:
        return 0
    try:
        fingerprint, offset = base64.urlsafe_b64decode(token).decode().split(":")
        start = int(offset)
    except ValueError:
        raise invalid_value(f"Unable to parse pagination token {token}") from None
    if fingerprint != _fingerprint(response, action):
        raise invalid_value("The pagination token belongs to another request: repeat the filters it was given for.")
    return start
