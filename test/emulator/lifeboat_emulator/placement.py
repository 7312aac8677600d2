"""Placement groups, which moto has not. Hooks: their calls of `EC2Response`.

https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreatePlacementGroup.html
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Any

from moto.ec2.responses import EC2Response

from .answers import Answer
from .errors import ec2_error, invalid_value, missing
from .find import filtered, tag_list
from .patching import replaces

_STRATEGIES = ("cluster", "spread", "partition")


@dataclass
class PlacementGroup:
    """A group in one region; names are unique there."""

    ec2_backend: Any
    id: str
    name: str
    strategy: str
    partitions: int | None
    spread: str | None


def groups(backend: Any) -> dict[str, PlacementGroup]:
    """The region's placement groups by name."""
    return backend.__dict__.setdefault("placement_groups", {})


def find(backend: Any, name: str | None, group_id: str | None = None) -> PlacementGroup:
    for group in groups(backend).values():
        if (name and group.name == name) or (group_id and group.id == group_id):
            return group
    raise ec2_error("InvalidPlacementGroup.Unknown", f"The Placement Group '{name or group_id}' is unknown.")


def _view(group: PlacementGroup) -> dict[str, Any]:
    backend = group.ec2_backend
    return {
        "GroupName": group.name,
        "GroupId": group.id,
        "GroupArn": f"arn:aws:ec2:{backend.region_name}:{backend.account_id}:placement-group/{group.name}",
        "State": "available",
        "Strategy": group.strategy,
        "PartitionCount": group.partitions,
        "SpreadLevel": group.spread,
        "Tags": tag_list(group),
    }


@replaces(EC2Response)
def create_placement_group(self: Any) -> Answer:
    backend, name, strategy = self.ec2_backend, self._get_param("GroupName"), self._get_param("Strategy")
    if not name:
        raise missing("groupName")
    if len(name) > 255 or not name.isascii():
        raise invalid_value(f"Value ({name}) for parameter groupName is invalid. Up to 255 ASCII characters.")
    if strategy not in _STRATEGIES:
        raise invalid_value(f"Value ({strategy}) for parameter strategy is invalid; expected {', '.join(_STRATEGIES)}.")
    partitions, spread = self._get_param("PartitionCount"), self._get_param("SpreadLevel")
    if partitions is not None and strategy != "partition":
        raise ec2_error("InvalidParameterCombination", f"PartitionCount is not supported for the strategy {strategy}.")
    if partitions is not None and not 1 <= int(partitions) <= 7:
        raise invalid_value(f"Value ({partitions}) for parameter partitionCount is invalid. Expecting a value from 1 to 7.")
    if spread is not None and strategy != "spread":
        raise ec2_error("InvalidParameterCombination", f"SpreadLevel is not supported for the strategy {strategy}.")
    if spread not in (None, "rack", "host"):
        raise invalid_value(f"Value ({spread}) for parameter spreadLevel is invalid; expected host or rack.")
    if name in groups(backend):
        raise ec2_error("InvalidPlacementGroup.Duplicate", f"The Placement Group '{name}' already exists.")
    tags = self._parse_tag_specification("placement-group").get("placement-group", {})
    self.error_on_dryrun()
    count = int(partitions or 2) if strategy == "partition" else None
    group = PlacementGroup(backend, f"pg-{secrets.token_hex(9)[:17]}", name, strategy, count, (spread or "rack") if strategy == "spread" else None)
    groups(backend)[name] = group
    backend.tags[group.id].update(tags)
    return Answer({"PlacementGroup": _view(group)})


@replaces(EC2Response)
def delete_placement_group(self: Any) -> Answer:
    """By name, and not while an instance is in it."""
    backend = self.ec2_backend
    group = find(backend, self._get_param("GroupName"))
    instances = (instance for reservation in backend.reservations.values() for instance in reservation.instances)
    if any(instance.state != "terminated" and instance.placement.group_name == group.name for instance in instances):
        raise ec2_error("InvalidPlacementGroup.InUse", f"The Placement Group '{group.name}' is in use.")
    self.error_on_dryrun()
    groups(backend).pop(group.name)
    backend.tags.pop(group.id, None)
    return Answer()


def _values(group: PlacementGroup, name: str) -> list[Any] | None:
    seen = _view(group)
    key = {"group-name": "GroupName", "group-arn": "GroupArn", "state": "State", "strategy": "Strategy", "spread-level": "SpreadLevel"}.get(name)
    return [seen[key]] if key else None


@replaces(EC2Response)
def describe_placement_groups(self: Any) -> Answer:
    self.error_on_dryrun()
    backend, names, ids = self.ec2_backend, self._get_param("GroupNames") or [], self._get_param("GroupIds") or []
    wanted = [find(backend, name) for name in names] + [find(backend, None, group_id) for group_id in ids]
    found = [group for group in groups(backend).values() if not (names or ids) or group in wanted]
    return Answer({"PlacementGroups": [_view(group) for group in filtered(found, self._filters_from_querystring(), _values)]})
