"""Snapshot lock: LockSnapshot, UnlockSnapshot, DescribeLockedSnapshots, which moto lacks.

https://docs.aws.amazon.com/ebs/latest/userguide/ebs-snapshot-lock.html
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from moto.core.responses import ActionResult
from moto.ec2.responses import EC2Response

from . import clock
from .errors import ec2_error, invalid_value
from .patching import replaces
from .snapshots import owned, unknown


@dataclass
class Lock:
    """A lock. Times follow the emulator's clock; a lock on a pending snapshot counts from its completion, and only then says until when."""

    mode: str
    created: datetime.datetime
    starts: datetime.datetime
    expires: datetime.datetime
    days: int
    cool_off_hours: int | None = None

    @property
    def cool_off_ends(self) -> datetime.datetime | None:
        return self.created + datetime.timedelta(hours=self.cool_off_hours) if self.cool_off_hours else None

    def cooling(self) -> bool:
        return self.cool_off_ends is not None and clock.now() < self.cool_off_ends

    def active(self) -> bool:
        return clock.now() < self.expires

    def state(self) -> str:
        if not self.active():
            return "expired"
        return "compliance-cooloff" if self.mode == "compliance" and self.cooling() else self.mode

    def fixed(self) -> bool:
        """A compliance lock after its cooling-off can be lengthened, and nothing else."""
        return self.state() == "compliance"

    def view(self) -> dict[str, Any]:
        return {
            "LockState": self.state(),
            "LockDuration": self.days,
            "CoolOffPeriod": self.cool_off_hours,
            "CoolOffPeriodExpiresOn": self.cool_off_ends,
            "LockCreatedOn": self.created,
            "LockDurationStartTime": self.starts if clock.now() >= self.starts else None,
            "LockExpiresOn": self.expires if clock.now() >= self.starts else None,
        }


def lock_of(snapshot: Any) -> Lock | None:
    """A snapshot's lock. One on a snapshot whose creation fails is canceled."""
    if snapshot.state == "error":
        snapshot.lock = None
    return snapshot.lock


@replaces(EC2Response)
def lock_snapshot(self: Any) -> ActionResult:
    """Pending or completed ones; 1 to 36,500 days, or an end; a cooling-off of 1 to 72 hours for compliance mode only."""
    snapshot = owned(self.ec2_backend, self._get_param("SnapshotId"))
    if snapshot.state not in ("pending", "completed"):
        raise ec2_error("IncorrectState", f"Snapshot {snapshot.id} is in '{snapshot.state}' state; only pending and completed ones can be locked.")
    mode, cool_off = self._get_param("LockMode"), self._get_param("CoolOffPeriod")
    days, until = self._get_param("LockDuration"), self._get_param("ExpirationDate")
    if mode not in ("governance", "compliance"):
        raise invalid_value(f"Value ({mode}) for parameter LockMode is invalid; expected governance or compliance.")
    if cool_off is not None and mode != "compliance":
        raise ec2_error("InvalidParameterCombination", "CoolOffPeriod can be specified only for compliance mode.")
    if cool_off is not None and not 1 <= int(cool_off) <= 72:
        raise invalid_value("CoolOffPeriod must be from 1 to 72 hours.")
    if (days is None) == (until is None):
        raise ec2_error("InvalidParameterCombination", "Specify either LockDuration or ExpirationDate.")
    if days is not None and not 1 <= int(days) <= 36500:
        raise invalid_value("LockDuration must be from 1 to 36500 days.")
    now = clock.now()
    starts = max(now, snapshot.job.ends) if snapshot.job is not None and snapshot.state == "pending" else now
    expires = starts + datetime.timedelta(days=int(days)) if days is not None else _naive(until)
    if expires < now + datetime.timedelta(days=1):
        raise invalid_value("ExpirationDate must be at least one day in the future.")
    old = lock_of(snapshot)
    if old is not None and old.fixed() and (mode != "compliance" or cool_off is not None or expires < old.expires):
        raise ec2_error("OperationNotPermitted", f"Snapshot {snapshot.id} is locked in compliance mode; its lock can only be extended.")
    self.error_on_dryrun()
    created = old.created if old is not None and old.fixed() else now
    length = int(days) if days is not None else (expires - starts).days
    snapshot.lock = Lock(mode, created, starts, expires, length, int(cool_off) if cool_off is not None else None)
    return ActionResult({"SnapshotId": snapshot.id, **snapshot.lock.view()})


def _naive(value: datetime.datetime) -> datetime.datetime:
    return value.astimezone(datetime.timezone.utc).replace(tzinfo=None) if value.tzinfo else value


@replaces(EC2Response)
def unlock_snapshot(self: Any) -> ActionResult:
    """Governance locks, and compliance locks in their cooling-off, can be lifted."""
    snapshot = owned(self.ec2_backend, self._get_param("SnapshotId"))
    lock = lock_of(snapshot)
    if lock is None or not lock.active():
        raise ec2_error("IncorrectState", f"Snapshot {snapshot.id} is not locked.")
    if lock.fixed():
        raise ec2_error("OperationNotPermitted", f"Snapshot {snapshot.id} is locked in compliance mode and can't be unlocked.")
    self.error_on_dryrun()
    snapshot.lock = None
    return ActionResult({"SnapshotId": snapshot.id})


@replaces(EC2Response)
def describe_locked_snapshots(self: Any) -> ActionResult:
    locked = [snapshot for snapshot in self.ec2_backend.snapshots.values() if lock_of(snapshot) is not None]
    ids = self._get_param("SnapshotIds") or []
    for snapshot_id in ids:
        if snapshot_id not in self.ec2_backend.snapshots:
            raise unknown(snapshot_id)
    if ids:
        locked = [snapshot for snapshot in locked if snapshot.id in ids]
    for name, values in self._filters_from_querystring().items():
        if name != "lock-state":
            raise invalid_value(f"The filter '{name}' is invalid")
        locked = [snapshot for snapshot in locked if snapshot.lock.state() in values]
    self.error_on_dryrun()
    views = [{"OwnerId": s.owner_id, "SnapshotId": s.id, **s.lock.view()} for s in locked]
    return ActionResult({"Snapshots": views})


