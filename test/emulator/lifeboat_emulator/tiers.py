"""The archive tier: who may archive what, and that an archived snapshot is shared with nobody any more.

https://docs.aws.amazon.com/ebs/latest/userguide/archive-snapshot.html. Hook: `EC2Response.modify_snapshot_tier`. Archiving
is done at once.
"""

from __future__ import annotations

from typing import Any

from moto.core.responses import ActionResult
from moto.ec2.responses import EC2Response

from . import clock
from .errors import ec2_error, invalid_value
from .patching import replaces
from .snapshots import owned, refuse_deletion


@replaces(EC2Response)
def modify_snapshot_tier(self: Any) -> ActionResult:
    tier = self._get_param("StorageTier")
    if tier != "archive":
        raise invalid_value(f"Value ({tier}) for parameter storageTier is invalid; expected archive.")
    snapshot = owned(self.ec2_backend, self._get_param("SnapshotId"))
    if snapshot.storage_tier == "archive":
        raise ec2_error("IncorrectState", f"Snapshot {snapshot.id} is archived already.")
    if snapshot.state != "completed":
        raise ec2_error("IncorrectState", f"Snapshot {snapshot.id} is in '{snapshot.state}' state; only completed snapshots can be archived.")
    refuse_deletion(self.ec2_backend, snapshot)
    self.error_on_dryrun()
    snapshot.storage_tier = "archive"
    snapshot.last_tiering_start_time = clock.now()
    # Sharing ends with archiving, and does not come back with a restore.
    snapshot.create_volume_permission_userids.clear()
    snapshot.create_volume_permission_groups.clear()
    return ActionResult({"SnapshotId": snapshot.id, "TieringStartTime": snapshot.last_tiering_start_time})
