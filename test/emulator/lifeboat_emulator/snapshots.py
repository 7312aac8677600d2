"""Snapshots: what they hold, who sees them, how they are shared, when they can be deleted.

Hooks: `Snapshot.__init__`, `.status` and `.progress`; `EBSBackend.get_snapshot` and `.describe_snapshots`; the snapshot
calls of `EC2Response`.
"""

from __future__ import annotations

import contextlib
import copy as copying
import datetime
from dataclasses import dataclass
from typing import Any, Iterator

from moto.core.responses import ActionResult, EmptyResult
from moto.ec2.models import ec2_backends
from moto.ec2.models.elastic_block_store import EBSBackend, Snapshot
from moto.ec2.responses import EC2Response
from moto.ec2.utils import generic_filter, random_snapshot_id

from . import clock, config
from .answers import Answer, Views
from .errors import ec2_error, invalid_value, missing
from .find import filtered
from .patching import replaces
from .snapshot_views import filter_values, info, view


@dataclass(frozen=True)
class Origin:
    """The volume as it was when the snapshot was taken: a snapshot's size stays when the volume grows."""

    id: str
    size: int


@dataclass
class CopyJob:
    """A copy on its way: its state follows from the clock."""

    source_id: str
    source_region: str
    begins: datetime.datetime
    ends: datetime.datetime
    error_at: float | None = None
    message: str = ""

    def percent(self) -> float:
        length = (self.ends - self.begins).total_seconds()
        passed = (clock.now() - self.begins).total_seconds()
        done = 100.0 if length <= 0 and passed >= 0 else 100 * passed / length if length > 0 else 0.0
        done = max(0.0, min(100.0, done))
        return done if self.error_at is None else min(done, self.error_at)

    def state(self) -> str:
        if clock.now() < self.begins:
            return "pending"
        percent = self.percent()
        if self.error_at is not None and percent >= self.error_at:
            return "error"
        return "completed" if percent >= 100 else "pending"


@replaces(Snapshot)
def __init__(self: Any, *args: Any, **kwargs: Any) -> None:
    __init__.original(self, *args, **kwargs)  # type: ignore[attr-defined]
    volume = self.volume
    self.volume = Origin(volume.id, volume.size)
    self.kms_key_id = self.kms_key_id or (volume.kms_key_id if getattr(volume, "encrypted", False) else None)
    self.job: CopyJob | None = None
    # Until when a snapshot of a volume is pending.
    self.completes: datetime.datetime | None = None
    self.lock: Any = None
    self.taken_at = self.start_time
    # The volume and snapshot whose bytes these are, through any number of copies.
    self.lineage = {"volume": volume.id, "snapshot": self.id, "account": self.owner_id}


def _state(self: Any) -> str:
    if self.job:
        return self.job.state()
    return "pending" if self.completes is not None and clock.now() < self.completes else "completed"


def _progress(self: Any) -> str:
    # AWS leaves it empty until it has begun.
    return f"{int(self.job.percent())}%" if self.job else "100%" if self.state == "completed" else ""


Snapshot.state = property(_state)  # type: ignore[attr-defined]
Snapshot.status = property(lambda self: self.state, lambda self, value: None)  # type: ignore[assignment, method-assign]
Snapshot.progress = property(_progress)  # type: ignore[assignment, method-assign]


def accounts() -> list[str]:
    return list(ec2_backends.keys())


def shared_with(snapshot: Any, account: str) -> bool:
    return account in snapshot.create_volume_permission_userids or "all" in snapshot.create_volume_permission_groups


def visible(backend: Any) -> list[Any]:
    """The caller's own snapshots and those shared with it in the same region.

    A shared one is a shallow copy that belongs to the caller's backend, so that the owner's tags stay hidden and the
    caller's own tags on it show: tags on a shared snapshot are visible only to the account that set them.
    """
    found = list(backend.snapshots.values())
    for account in accounts():
        if account == backend.account_id:
            continue
        for snapshot in ec2_backends[account][backend.region_name].snapshots.values():
            if shared_with(snapshot, backend.account_id):
                found.append(_foreign(snapshot, backend))
    return found


def _foreign(snapshot: Any, backend: Any) -> Any:
    foreign = copying.copy(snapshot)
    foreign.ec2_backend = backend
    return foreign


# Snapshots of the image that is being launched: whoever may launch it needs no right to them.
_launched: set[str] = set()


@contextlib.contextmanager
def launched_from(image: Any) -> Iterator[None]:
    found = {(mapping.get("Ebs") or {}).get("SnapshotId") for mapping in image.block_device_mappings} - {None}
    _launched.update(found)
    try:
        yield
    finally:
        _launched.difference_update(found)


@replaces(EBSBackend)
def get_snapshot(self: Any, snapshot_id: str) -> Any:
    """A snapshot the account may use: its own or one shared with it."""
    if snapshot_id in self.snapshots:
        return self.snapshots[snapshot_id]
    for account in accounts():
        theirs = ec2_backends[account][self.region_name].snapshots.get(snapshot_id)
        if theirs is not None and (snapshot_id in _launched or shared_with(theirs, self.account_id)):
            return _foreign(theirs, self)
    raise unknown(snapshot_id)


def owned(backend: Any, snapshot_id: str | None) -> Any:
    """A snapshot the account owns; a shared one may be used but not changed."""
    if not snapshot_id:
        raise missing("SnapshotId")
    snapshot = backend.get_snapshot(snapshot_id)
    if snapshot.owner_id != backend.account_id:
        raise ec2_error("AuthFailure", f"Not authorized for snapshot '{snapshot_id}': it belongs to another account.")
    return snapshot


def unknown(snapshot_id: str) -> Exception:
    if not snapshot_id.startswith("snap-"):
        return ec2_error("InvalidSnapshotID.Malformed", f'Invalid id: "{snapshot_id}" (expecting "snap-...")')
    return ec2_error("InvalidSnapshot.NotFound", f"The snapshot '{snapshot_id}' does not exist.")


@replaces(EC2Response)
def describe_snapshots(self: Any) -> ActionResult:
    """OwnerIds, RestorableByUserIds, ids and filters narrow what is visible; ids that are not visible do not exist."""
    backend = self.ec2_backend
    found = visible(backend)
    ids = self._get_param("SnapshotIds") or []
    if ids:
        there = {snapshot.id for snapshot in found}
        for snapshot_id in ids:
            if snapshot_id not in there:
                raise unknown(snapshot_id)
        found = [snapshot for snapshot in found if snapshot.id in ids]
    owners = {backend.account_id if owner == "self" else owner for owner in self._get_param("OwnerIds") or []}
    if owners:
        found = [snapshot for snapshot in found if snapshot.owner_id in owners]
    restorable = self._get_param("RestorableByUserIds") or []
    if restorable:
        found = [snapshot for snapshot in found if any(_restorable(snapshot, user, backend.account_id) for user in restorable)]
    found = filtered(found, self._filters_from_querystring(), filter_values)
    self.error_on_dryrun()
    return Answer({"Snapshots": Views(found, view)})


def _restorable(snapshot: Any, user: str, account: str) -> bool:
    if user == "all":
        return "all" in snapshot.create_volume_permission_groups
    if user == "self":
        return snapshot.owner_id == account or account in snapshot.create_volume_permission_userids
    # Whom a snapshot is shared with is known to its owner only, and to oneself.
    return user in snapshot.create_volume_permission_userids and account in (snapshot.owner_id, user)


@replaces(EBSBackend, name="describe_snapshots")
def backend_describe_snapshots(self: Any, snapshot_ids: list[str] | None = None, filters: Any = None) -> list[Any]:
    found = [self.get_snapshot(snapshot_id) for snapshot_id in snapshot_ids] if snapshot_ids else visible(self)
    return generic_filter(filters, found) if filters else found


@replaces(EBSBackend, name="create_snapshot")
def backend_create_snapshot(self: Any, volume_id: str, description: str, owner_id: str | None = None, from_ami: str | None = None) -> Any:
    volume = self.get_volume(volume_id)
    snapshot = Snapshot(self, random_snapshot_id(), volume, description or "", volume.encrypted, None, owner_id, from_ami)
    self.snapshots[snapshot.id] = snapshot
    source = getattr(volume, "source_snapshot", None)
    snapshot.lineage["parent"] = source.id if source is not None else None
    if config.get("snapshotSeconds"):
        snapshot.completes = clock.now() + datetime.timedelta(seconds=config.get("snapshotSeconds"))
    return snapshot


def create_set(backend: Any, instance_id: str, description: str, exclude_boot: bool, exclude_volumes: list[str]) -> list[Any]:
    """Crash-consistent snapshots of one instance's volumes: one instant, so one StartTime.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSnapshots.html
    """
    instance = backend.get_instance(instance_id)
    attached = [(device, block.volume_id) for device, block in instance.get_block_device_mapping]
    data = {volume_id for device, volume_id in attached if device != instance.root_device_name}
    for volume_id in exclude_volumes:
        if volume_id not in data:
            raise invalid_value(f"The volume '{volume_id}' is not a data volume of instance '{instance_id}'.")
    if len(exclude_volumes) > 127:
        raise invalid_value("You can exclude up to 127 data volumes.")
    chosen = [
        volume_id for device, volume_id in attached if volume_id not in exclude_volumes and not (exclude_boot and device == instance.root_device_name)
    ]
    if not chosen:
        raise invalid_value(f"Instance '{instance_id}' has no volume to take a snapshot of.")
    instant = clock.now()
    taken = []
    for volume_id in chosen:
        snapshot = backend.create_snapshot(volume_id, description)
        snapshot.start_time = snapshot.taken_at = instant
        taken.append(snapshot)
    return taken


@replaces(EC2Response)
def create_snapshot(self: Any) -> ActionResult:
    volume_id = self._get_param("VolumeId")
    if not volume_id:
        raise missing("volumeId")
    tags = self._parse_tag_specification("snapshot").get("snapshot", {})
    self.ec2_backend.get_volume(volume_id)
    self.error_on_dryrun()
    snapshot = self.ec2_backend.create_snapshot(volume_id, self._get_param("Description"))
    snapshot.add_tags(tags)
    return Answer({**view(snapshot), "State": "pending", "Progress": "", "CompletionTime": None})


@replaces(EC2Response)
def create_snapshots(self: Any) -> ActionResult:
    spec = self._get_param("InstanceSpecification") or {}
    if not spec.get("InstanceId"):
        raise missing("InstanceSpecification.InstanceId")
    source = self._get_param("CopyTagsFromSource")
    if source not in (None, "volume"):
        raise invalid_value(f"Value ({source}) for parameter CopyTagsFromSource is invalid; expected volume.")
    tags = self._parse_tag_specification("snapshot").get("snapshot", {})
    backend = self.ec2_backend
    self.error_on_dryrun()
    description = self._get_param("Description") or ""
    taken = create_set(backend, spec["InstanceId"], description, bool(spec.get("ExcludeBootVolume")), spec.get("ExcludeDataVolumeIds") or [])
    for snapshot in taken:
        own = backend.tags.get(snapshot.volume.id, {}) if source == "volume" else {}
        snapshot.add_tags({**{key: value for key, value in own.items() if not key.startswith("aws:")}, **tags})
    return Answer({"Snapshots": [info(snapshot) for snapshot in taken]})


@replaces(EC2Response)
def delete_snapshot(self: Any) -> ActionResult:
    """Neither a locked snapshot nor one that a registered image names can be deleted."""
    snapshot = owned(self.ec2_backend, self._get_param("SnapshotId"))
    refuse_deletion(self.ec2_backend, snapshot)
    self.error_on_dryrun()
    self.ec2_backend.snapshots.pop(snapshot.id)
    self.ec2_backend.tags.pop(snapshot.id, None)
    return EmptyResult()


def refuse_deletion(backend: Any, snapshot: Any) -> None:
    """Raises what AWS answers when a snapshot is held by a lock or an image."""
    # Once its creation has failed, its lock is canceled.
    lock = snapshot.lock if snapshot.state != "error" else None
    if lock is not None and lock.active():
        raise ec2_error("SnapshotLocked", f"Snapshot {snapshot.id} is locked in {lock.state()} mode and cannot be deleted.")
    for image in backend.amis.values():
        if any((mapping.get("Ebs") or {}).get("SnapshotId") == snapshot.id for mapping in image.block_device_mappings):
            raise ec2_error("InvalidSnapshot.InUse", f"The snapshot {snapshot.id} is currently in use by {image.id}")
