"""Snapshots as EC2 answers them, and what filters are held against."""

from __future__ import annotations

import datetime
from typing import Any

from .find import tag_list


def view(snapshot: Any) -> dict[str, Any]:
    """A snapshot as DescribeSnapshots answers it."""
    job = snapshot.job
    return {
        "SnapshotId": snapshot.id,
        "VolumeId": snapshot.volume.id,
        "VolumeSize": snapshot.volume.size,
        "State": snapshot.state,
        "StateMessage": job.message if job and snapshot.state == "error" else None,
        "Progress": snapshot.progress,
        "StartTime": _milliseconds(snapshot.start_time),
        "CompletionTime": _milliseconds(job.ends if job else snapshot.completes or snapshot.start_time) if snapshot.state == "completed" else None,
        "OwnerId": snapshot.owner_id,
        "Description": snapshot.description or "",
        "Encrypted": snapshot.encrypted,
        "KmsKeyId": snapshot.kms_key_id if snapshot.encrypted else None,
        "StorageTier": snapshot.storage_tier,
        "RestoreExpiryTime": snapshot.restore_expiry_time,
        "TransferType": "standard" if job else None,
        "FullSnapshotSizeInBytes": snapshot.volume.size * 2**30 if snapshot.state == "completed" else None,
        "SseType": "sse-kms" if snapshot.encrypted else "none",
        "Tags": tag_list(snapshot),
    }


def _milliseconds(time: datetime.datetime) -> str:
    return f"{time:%Y-%m-%dT%H:%M:%S}.{time.microsecond // 1000:03d}Z"


def info(snapshot: Any) -> dict[str, Any]:
    """A snapshot as CreateSnapshots answers it."""
    seen = view(snapshot)
    told = ("SnapshotId", "VolumeId", "VolumeSize", "StartTime", "OwnerId", "Description", "Encrypted", "Tags")
    return {**{name: seen[name] for name in told}, "State": "pending", "Progress": ""}


def filter_values(snapshot: Any, name: str) -> list[Any] | None:
    member = _FILTERS.get(name)
    return None if member is None else [view(snapshot)[member]]


# The filters that one member of the answer is held against. https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeSnapshots.html
_FILTERS = {
    "description": "Description",
    "encrypted": "Encrypted",
    "owner-id": "OwnerId",
    "progress": "Progress",
    "snapshot-id": "SnapshotId",
    "start-time": "StartTime",
    "status": "State",
    "storage-tier": "StorageTier",
    "volume-id": "VolumeId",
    "volume-size": "VolumeSize",
}
