"""CopySnapshot: from another region or account, under another key, in its own time.

https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CopySnapshot.html. Hook: `EC2Response.copy_snapshot`.
"""

from __future__ import annotations

import datetime
from typing import Any

from moto.core.responses import ActionResult
from moto.ec2.models import ec2_backends
from moto.ec2.models.elastic_block_store import Snapshot
from moto.ec2.responses import EC2Response
from moto.ec2.utils import random_snapshot_id

from . import clock, config, faults, keys
from .accounts import Principal, principal_of
from .calls import Call
from .errors import ec2_error, invalid_value, missing
from .patching import replaces
from .regions import exists
from .snapshots import CopyJob, Origin

# What AWS puts where the true volume id cannot be: a copy carries an arbitrary one.
ARBITRARY_VOLUME = "vol-ffffffff"
KEY_NOT_ACCESSIBLE = "Given key ID is not accessible"


@replaces(EC2Response)
def copy_snapshot(self: Any) -> ActionResult:
    source_id, source_region = self._get_param("SourceSnapshotId"), self._get_param("SourceRegion")
    if not source_id:
        raise missing("SourceSnapshotId")
    if not source_region:
        raise missing("SourceRegion")
    if not exists(source_region):
        raise invalid_value(f"Invalid source region: {source_region}")
    destination = self._get_param("DestinationRegion")
    if destination not in (None, self.region):
        raise invalid_value("DestinationRegion must be the region that the request is sent to.")
    tags = self._parse_tag_specification("snapshot").get("snapshot", {})
    backend = self.ec2_backend
    source = ec2_backends[self.current_account][source_region].get_snapshot(source_id)
    if source.storage_tier == "archive":
        raise ec2_error("IncorrectState", f"Snapshot {source_id} is archived; archived snapshots can't be copied.")
    if source.state != "completed":
        raise ec2_error("IncorrectState", f"Snapshot {source_id} is in '{source.state}' state; only completed snapshots can be copied.")
    encrypted, key_arn = _encryption(self, source)
    minutes = self._get_param("CompletionDurationMinutes")
    if minutes is not None and (not 15 <= int(minutes) <= 2880 or int(minutes) % 15):
        raise invalid_value("CompletionDurationMinutes must be from 15 to 2880, in multiples of 15.")
    if len(in_flight(backend)) >= config.get("copyLimit"):
        message = f"Too many snapshot copies in progress. The limit is {config.get('copyLimit')} for this destination region."
        raise ec2_error("ResourceLimitExceeded", message)
    self.error_on_dryrun()
    caller = principal_of(self.access_key)
    description = self._get_param("Description")
    copy = Snapshot(
        backend,
        random_snapshot_id(),
        Origin(ARBITRARY_VOLUME, source.volume.size),
        description if description is not None else f"[Copied {source_id} from {source_region}]",
        encrypted,
        key_arn,
    )
    copy.lineage = {**source.lineage, "parent": source_id, "parent_region": source_region}
    copy.job = _job(self, backend, source, copy, caller, int(minutes) if minutes is not None else None)
    backend.snapshots[copy.id] = copy
    copy.add_tags(tags)
    return ActionResult({"SnapshotId": copy.id, "Tags": copy.get_tags()})


def in_flight(backend: Any) -> list[Any]:
    """The account's copies into this region that have not ended."""
    return [snapshot for snapshot in backend.snapshots.values() if snapshot.job is not None and snapshot.state == "pending"]


def _encryption(self: Any, source: Any) -> tuple[bool, str | None]:
    """Encrypted cannot be false, a key needs Encrypted, and a copy of an encrypted snapshot is encrypted."""
    wanted, key_id = self._get_bool_param("Encrypted"), self._get_param("KmsKeyId")
    if wanted is False:
        raise invalid_value("The parameter Encrypted cannot be set to false.")
    if key_id and not wanted:
        raise ec2_error("InvalidParameterDependency", "The parameter KmsKeyId requires the parameter Encrypted to be set.")
    if not (wanted or source.encrypted or self.ec2_backend.ebs_encryption_by_default):
        return False, None
    if not key_id:
        chosen = self.ec2_backend.default_kms_key_id
        return True, chosen or keys.default_key(self.current_account, self.region).arn
    key = keys.find(self.current_account, self.region, key_id)
    # AWS checks the key only later: the copy is accepted under whatever it was told, then ends in error.
    return True, key.arn if key is not None else key_id


def _job(self: Any, backend: Any, source: Any, copy: Snapshot, caller: Principal | None, minutes: int | None) -> CopyJob:
    now = clock.now()
    same_volume = [other.job.ends for other in in_flight(backend) if other.lineage["volume"] == copy.lineage["volume"]]
    # A second copy of a volume to one destination waits for the first.
    begins = max([now, *same_volume])
    seconds = source.volume.size * 1024 / config.get("copyMiBps")
    if minutes is not None:
        seconds = min(seconds, minutes * 60)
    job = CopyJob(source.id, self._get_param("SourceRegion"), begins, begins + datetime.timedelta(seconds=seconds))
    readable = not source.encrypted or keys.usable(source.kms_key_id, caller, job.source_region)
    writable = not copy.encrypted or keys.usable(copy.kms_key_id, caller, self.region)
    if not (readable and writable):
        job.error_at, job.message = 0.0, KEY_NOT_ACCESSIBLE
        # Accepted first, refused a moment later: the answer to CopySnapshot itself is never the refusal.
        job.begins = begins + datetime.timedelta(milliseconds=200)
    else:
        call = Call(self.current_account, self.region, "ec2", "CopySnapshot")
        job.error_at = faults.copy_error_at(call)
        job.message = "An internal error occurred while copying the snapshot" if job.error_at is not None else ""
    return job
