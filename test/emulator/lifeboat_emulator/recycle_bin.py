"""The Recycle Bin: snapshots that a retention rule keeps after their deletion. Hooks: `EC2Response`, and DeleteSnapshot in snapshots.py.

https://docs.aws.amazon.com/ebs/latest/userguide/recycle-bin.html
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from moto.core.responses import ActionResult, EmptyResult
from moto.ec2.responses import EC2Response

from . import clock, rbin, snapshots
from .errors import ec2_error, missing
from .patching import replaces


@dataclass
class Kept:
    snapshot: Any
    tags: dict[str, str]
    entered: datetime.datetime
    leaves: datetime.datetime


def keep(backend: Any, snapshot: Any) -> None:
    """Takes in a snapshot that is being deleted, if a rule says so; for the longest time of all rules that do."""
    tags = dict(backend.tags.get(snapshot.id, {}))
    days = [rule.days for rule in rbin.of(backend.account_id, backend.region_name, "EBS_SNAPSHOT") if rule.keeps(tags)]
    if days:
        now = clock.now()
        _bin(backend)[snapshot.id] = Kept(snapshot, tags, now, now + datetime.timedelta(days=max(days)))


def _bin(backend: Any) -> dict[str, Kept]:
    """What is in the bin now; what has had its time is gone."""
    kept = backend.__dict__.setdefault("recycle_bin", {})
    for key in [key for key, item in kept.items() if item.leaves <= clock.now()]:
        del kept[key]
    return kept


def _found(self: Any) -> Kept:
    snapshot_id = self._get_param("SnapshotId")
    if not snapshot_id:
        raise missing("SnapshotId")
    kept = _bin(self.ec2_backend).get(snapshot_id)
    if kept is None:
        raise ec2_error("InvalidSnapshot.NotFound", f"The snapshot '{snapshot_id}' is not in the Recycle Bin.")
    return kept


@replaces(EC2Response)
def list_snapshots_in_recycle_bin(self: Any) -> ActionResult:
    ids = self._get_param("SnapshotIds") or []
    found = [kept for key, kept in _bin(self.ec2_backend).items() if not ids or key in ids]
    self.error_on_dryrun()
    views = [
        {
            "SnapshotId": kept.snapshot.id,
            "VolumeId": kept.snapshot.volume.id,
            "Description": kept.snapshot.description or "",
            "RecycleBinEnterTime": kept.entered,
            "RecycleBinExitTime": kept.leaves,
        }
        for kept in found
    ]
    return ActionResult({"Snapshots": views})


@replaces(EC2Response)
def restore_snapshot_from_recycle_bin(self: Any) -> ActionResult:
    """It comes back with its tags and with whom it was shared."""
    kept = _found(self)
    self.error_on_dryrun()
    backend, snapshot = self.ec2_backend, kept.snapshot
    del _bin(backend)[snapshot.id]
    backend.snapshots[snapshot.id] = snapshot
    snapshot.add_tags(kept.tags)
    shown = ("SnapshotId", "Description", "Encrypted", "OwnerId", "Progress", "StartTime", "State", "VolumeId", "VolumeSize", "SseType")
    view = snapshots.view(snapshot)
    return ActionResult({name: view[name] for name in shown})


@replaces(EC2Response)
def delete_snapshot(self: Any) -> EmptyResult:
    snapshot = snapshots.owned(self.ec2_backend, self._get_param("SnapshotId"))
    snapshots.refuse_deletion(self.ec2_backend, snapshot)
    self.error_on_dryrun()
    keep(self.ec2_backend, snapshot)
    return delete_snapshot.original(self)  # type: ignore[attr-defined]
