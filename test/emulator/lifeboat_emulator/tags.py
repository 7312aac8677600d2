"""Tags of EC2 objects: AWS's limits, and look-ups that do not scan all tags of a region.

Hooks: `TaggedEC2Resource.get_tags`, `TagBackend.create_tags`, `EC2BaseResponse._parse_tag_specification`,
`TagResponse.create_tags` and `.delete_tags`, `moto.ec2.utils.is_filter_matching`.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import moto.ec2.utils as ec2_utils
from moto.core.responses import ActionResult, EmptyResult
from moto.ec2.models.core import TaggedEC2Resource
from moto.ec2.models.tags import TagBackend
from moto.ec2.responses import EC2Response
from moto.ec2.responses._base_response import EC2BaseResponse

from .errors import ec2_error, invalid_value, missing
from .patching import replaces
from .policy import like


def check(tags: list[dict[str, Any]]) -> dict[str, str]:
    """The tags of one request, or AWS's refusal: 50 at most, keys to 128 and values to 256 characters, no `aws:` keys."""
    checked: dict[str, str] = {}
    for tag in tags:
        key, value = tag.get("Key"), tag.get("Value") or ""
        if not key:
            raise invalid_value("Tag key cannot be null or empty.")
        if key.lower().startswith("aws:"):
            raise invalid_value("Tag keys starting with 'aws:' are reserved for internal use")
        if len(key) > 128:
            raise invalid_value("Tag key exceeds the maximum length of 128 characters")
        if len(value) > 256:
            raise invalid_value("Tag value exceeds the maximum length of 256 characters")
        if key in checked:
            raise invalid_value(f"Duplicate tag key '{key}' specified.")
        checked[key] = value
    if len(checked) > 50:
        raise too_many()
    return checked


def too_many() -> Exception:
    return ec2_error("TagLimitExceeded", "The maximum number of tags for this resource has been reached.")


@replaces(TaggedEC2Resource)
def get_tags(self: Any) -> list[dict[str, str]]:
    """Direct look-up: the original scans every tag of the region for each object, quadratic over a listing."""
    kind = ec2_utils.EC2_PREFIX_TO_RESOURCE.get(ec2_utils.get_prefix(self.id), "") if self.id else ""
    tags = self.ec2_backend.tags.get(self.id, {}) if self.id else {}
    return [{"resource_id": self.id, "key": key, "value": value, "resource_type": kind} for key, value in tags.items()]


@replaces(TagBackend, name="create_tags")
def backend_create_tags(self: Any, resource_ids: list[str], tags: dict[str, str]) -> bool:
    """AWS's own `aws:` tags do not count towards the 50."""
    for resource_id in resource_ids:
        keys = {key for key in (*self.tags.get(resource_id, {}), *tags) if not key.startswith("aws:")}
        if len(keys) > 50:
            raise too_many()
    for resource_id in resource_ids:
        self.tags[resource_id].update(tags)
    return True


@replaces(EC2BaseResponse)
def _parse_tag_specification(self: Any, expected_type: str | None = None) -> dict[str, dict[str, str]]:
    """Tags given at creation, by resource type, checked before anything is created."""
    specifications = self._get_param("TagSpecification") or self._get_param("TagSpecifications") or []
    result: dict[str, dict[str, str]] = {}
    for specification in specifications:
        kind = specification.get("ResourceType")
        if not kind:
            raise ec2_error("InvalidParameter", "Tag specification resource type must have a value")
        if expected_type and kind != expected_type:
            raise ec2_error("InvalidParameter", f"'{kind}' is not a valid taggable resource type for this operation.")
        if kind in result:
            raise invalid_value(f"Tag specification for resource type '{kind}' is given twice.")
        if not specification.get("Tags"):
            raise ec2_error("InvalidParameter", "Tag specification must have at least one tag")
        result[kind] = check(specification["Tags"])
    return result


@replaces(EC2Response)
def create_tags(self: Any) -> ActionResult:
    resource_ids = self._get_param("Resources", [])
    if not resource_ids:
        raise missing("resourceIdSet")
    tags = check(self._get_param("Tags", []))
    if not tags:
        raise missing("tagSet")
    self.ec2_backend.do_resources_exist(resource_ids)
    self.error_on_dryrun()
    self.ec2_backend.create_tags(resource_ids, tags)
    return EmptyResult()


@replaces(EC2Response)
def delete_tags(self: Any) -> ActionResult:
    if any((tag.get("Key") or "").lower().startswith("aws:") for tag in self._get_param("Tags", [])):
        raise invalid_value("Tag keys starting with 'aws:' are reserved for internal use")
    return delete_tags.original(self)  # type: ignore[attr-defined]


def is_filter_matching(obj: Any, name: str, patterns: Any) -> bool:
    """A filter matches when any of its values matches any value of the object; * and ? are wildcards, brackets are not."""
    value = obj.get_filter_value(name)
    if value is None or patterns is None:
        return False
    if isinstance(value, bool):
        values = [str(value).lower()]
    elif isinstance(value, datetime):
        values = [ec2_utils.format_timestamp(value)] if hasattr(ec2_utils, "format_timestamp") else [value.isoformat()]
    elif isinstance(value, (str, int)):
        values = [str(value)]
    else:
        values = [str(item) for item in value]
    wanted = patterns if isinstance(patterns, list) else [patterns]
    return any(like(pattern, item) for item in values for pattern in wanted)


ec2_utils.is_filter_matching = is_filter_matching
