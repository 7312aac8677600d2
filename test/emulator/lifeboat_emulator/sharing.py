"""Who else may use a snapshot: create-volume permission, and blocking public access.

Hooks: the snapshot attribute calls of `EC2Response`, and the block-public-access calls that moto lacks.
"""

from __future__ import annotations

from typing import Any

from moto.core.responses import ActionResult, EmptyResult
from moto.ec2.responses import EC2Response

from . import keys
from .errors import ec2_error, invalid_value, missing
from .patching import replaces
from .snapshots import owned


def share(snapshot: Any, user_ids: list[str], groups: list[str]) -> None:
    """Adds create-volume permission, or refuses as AWS does.

    https://docs.aws.amazon.com/ebs/latest/userguide/ebs-modifying-snapshot-permissions.html
    """
    if snapshot.storage_tier == "archive":
        raise ec2_error("OperationNotPermitted", f"Snapshot '{snapshot.id}' is archived; archived snapshots can't be shared.")
    if snapshot.encrypted and keys.is_default(snapshot.kms_key_id):
        raise ec2_error("OperationNotPermitted", "Encrypted snapshots with EBS default key cannot be shared")
    if groups and snapshot.encrypted:
        raise ec2_error("OperationNotPermitted", "Encrypted snapshots cannot be shared publicly")
    if groups and getattr(snapshot.ec2_backend, "snapshot_block_public_access", "unblocked") != "unblocked":
        raise ec2_error("OperationNotPermitted", "Public sharing of snapshots is blocked in this region by block public access for snapshots.")
    snapshot.create_volume_permission_userids.update(user_ids)
    snapshot.create_volume_permission_groups.update(groups)


@replaces(EC2Response)
def modify_snapshot_attribute(self: Any) -> ActionResult:
    """Both forms: CreateVolumePermission with Add and Remove, and OperationType with UserIds and GroupNames."""
    attribute = self._get_param("Attribute")
    if attribute not in (None, "createVolumePermission"):
        raise invalid_value(f"Value ({attribute}) for parameter attribute is invalid; expected createVolumePermission.")
    snapshot = owned(self.ec2_backend, self._get_param("SnapshotId"))
    change = self._get_param("CreateVolumePermission") or {}
    add, remove = list(change.get("Add") or []), list(change.get("Remove") or [])
    operation = self._get_param("OperationType")
    plain = [{"UserId": u} for u in self._get_param("UserIds") or []] + [{"Group": g} for g in self._get_param("GroupNames") or []]
    if plain and operation not in ("add", "remove"):
        raise invalid_value(f"Value ({operation}) for parameter operationType is invalid; expected add or remove.")
    (add if operation == "add" else remove).extend(plain)
    if not add and not remove:
        raise missing("createVolumePermission")
    for item in (*add, *remove):
        user, group = item.get("UserId"), item.get("Group")
        if user is not None and not (len(user) == 12 and user.isdigit()):
            raise ec2_error("InvalidUserID.Malformed", f"Invalid user id: '{user}'")
        if group not in (None, "all"):
            raise invalid_value(f"Invalid group: '{group}'; expected all.")
    self.error_on_dryrun()
    share(snapshot, [i["UserId"] for i in add if i.get("UserId")], [i["Group"] for i in add if i.get("Group")])
    snapshot.create_volume_permission_userids.difference_update(i.get("UserId") for i in remove)
    snapshot.create_volume_permission_groups.difference_update(i.get("Group") for i in remove)
    return EmptyResult()


@replaces(EC2Response)
def reset_snapshot_attribute(self: Any) -> ActionResult:
    snapshot = owned(self.ec2_backend, self._get_param("SnapshotId"))
    self.error_on_dryrun()
    snapshot.create_volume_permission_userids.clear()
    snapshot.create_volume_permission_groups.clear()
    return EmptyResult()


@replaces(EC2Response)
def describe_snapshot_attribute(self: Any) -> ActionResult:
    snapshot = owned(self.ec2_backend, self._get_param("SnapshotId"))
    if self._get_param("Attribute") == "productCodes":
        return ActionResult({"SnapshotId": snapshot.id, "ProductCodes": []})
    permissions = [{"Group": group} for group in sorted(snapshot.create_volume_permission_groups)]
    permissions += [{"UserId": user} for user in sorted(snapshot.create_volume_permission_userids)]
    return ActionResult({"SnapshotId": snapshot.id, "CreateVolumePermissions": permissions})


@replaces(EC2Response)
def enable_snapshot_block_public_access(self: Any) -> ActionResult:
    """Blocks public sharing in the whole region; `block-all-sharing` also hides what is public already."""
    state = self._get_param("State")
    if state not in ("block-all-sharing", "block-new-sharing"):
        raise invalid_value(f"Value ({state}) for parameter State is invalid; expected block-all-sharing or block-new-sharing.")
    self.error_on_dryrun()
    self.ec2_backend.snapshot_block_public_access = state
    return ActionResult({"State": state})


@replaces(EC2Response)
def disable_snapshot_block_public_access(self: Any) -> ActionResult:
    self.error_on_dryrun()
    self.ec2_backend.snapshot_block_public_access = "unblocked"
    return ActionResult({"State": "unblocked"})


@replaces(EC2Response)
def get_snapshot_block_public_access_state(self: Any) -> ActionResult:
    state = getattr(self.ec2_backend, "snapshot_block_public_access", "unblocked")
    return ActionResult({"State": state, "ManagedBy": "account"})
