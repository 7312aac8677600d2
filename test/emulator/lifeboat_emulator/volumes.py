"""Volumes: what AWS checks when one is made or attached, and what it says of them.

Hooks: `EBSBackend.create_volume`, `.attach_volume`, `.describe_volumes`; the volume calls of `EC2Response`.
"""

from __future__ import annotations

from typing import Any

from moto.core.responses import ActionResult
from moto.ec2.models.elastic_block_store import EBSBackend, Volume, VolumeAttachment
from moto.ec2.responses import EC2Response
from moto.ec2.utils import generic_filter, random_volume_id

from . import keys
from .accounts import caller
from .errors import ec2_error, invalid_value, missing
from .idempotency import once
from .patching import replaces

# GiB from and to, IOPS from and to. https://docs.aws.amazon.com/ebs/latest/userguide/ebs-volume-types.html
TYPES: dict[str, tuple[int, int, tuple[int, int] | None]] = {
    "gp2": (1, 16384, None),
    "gp3": (1, 65536, (3000, 80000)),
    "io1": (4, 16384, (100, 64000)),
    "io2": (4, 65536, (100, 256000)),
    "st1": (125, 16384, None),
    "sc1": (125, 16384, None),
    "standard": (1, 1024, None),
}


def check_shape(kind: str, size: int, iops: int | None, throughput: int | None) -> tuple[int | None, int | None]:
    """Refuses a size, IOPS or throughput that the type cannot have, and returns both with their defaults."""
    if kind not in TYPES:
        raise ec2_error("UnknownVolumeType", f"Unsupported volume type '{kind}' for volume creation.")
    low, high, rates = TYPES[kind]
    if not low <= size <= high:
        raise invalid_value(f"Volume of {size}GiB is invalid: {kind} volumes have {low} to {high} GiB.")
    if iops is not None and rates is None:
        raise ec2_error("InvalidParameterCombination", f"The parameter iops is not supported for {kind} volumes.")
    if throughput is not None and kind != "gp3":
        raise ec2_error("InvalidParameterCombination", f"The parameter throughput is not supported for {kind} volumes.")
    if kind in ("io1", "io2") and iops is None:
        raise missing("iops")
    if iops is not None and rates is not None and not rates[0] <= iops <= rates[1]:
        raise invalid_value(f"Iops of {iops} is invalid: {kind} volumes have {rates[0]} to {rates[1]}.")
    if throughput is not None and not 125 <= throughput <= 2000:
        raise invalid_value(f"Throughput of {throughput}MiB/s is invalid: gp3 volumes have 125 to 2000.")
    if kind == "gp3":
        return iops or 3000, throughput or 125
    return (min(16000, max(100, 3 * size)) if kind == "gp2" else iops), None


@replaces(EBSBackend)
def create_volume(
    self: Any,
    size: int | None,
    zone_name: str,
    snapshot_id: str | None = None,
    encrypted: bool | None = None,
    kms_key_id: str | None = None,
    volume_type: str | None = None,
    iops: int | None = None,
    throughput: int | None = None,
    multi_attach_enabled: bool | None = None,
) -> Volume:
    """A volume in an existing zone, no smaller than its snapshot, encrypted as the snapshot is or under the key asked for."""
    zone = self.get_zone_by_name(zone_name)
    if zone is None:
        raise ec2_error("InvalidZone.NotFound", f"The zone '{zone_name}' does not exist.")
    snapshot = self.get_snapshot(snapshot_id) if snapshot_id else None
    if snapshot is not None and snapshot.state != "completed":
        raise ec2_error("IncorrectState", f"Snapshot '{snapshot_id}' is not 'completed', it is '{snapshot.state}'.")
    if snapshot is not None and snapshot.storage_tier == "archive":
        raise ec2_error("IncorrectState", f"Snapshot '{snapshot_id}' is archived.")
    size = int(size) if size is not None else (snapshot.volume.size if snapshot else None)
    if size is None:
        raise missing("size/snapshot")
    if snapshot is not None and size < snapshot.volume.size:
        raise invalid_value(f"Volume of size {size}GB is smaller than snapshot '{snapshot_id}', expect size >= {snapshot.volume.size}GB")
    kind = volume_type or "gp2"
    iops, throughput = check_shape(kind, size, _number(iops), _number(throughput))
    if multi_attach_enabled and kind not in ("io1", "io2"):
        raise ec2_error("InvalidParameterCombination", f"Multi-attach is not supported for {kind} volumes.")
    key_arn = _key(self, snapshot, encrypted, kms_key_id)
    volume = Volume(
        self, random_volume_id(), size, zone, snapshot_id, key_arn is not None, key_arn, kind, iops, throughput, bool(multi_attach_enabled)
    )
    volume.source_snapshot = snapshot  # type: ignore[attr-defined]
    self.volumes[volume.id] = volume
    return volume


def _number(value: Any) -> int | None:
    return int(value) if value is not None else None


def _key(backend: Any, snapshot: Any, encrypted: bool | None, key_id: str | None) -> str | None:
    """The ARN of the key the volume is under, or None for a plain one."""
    if key_id and not encrypted:
        raise ec2_error("InvalidParameterDependency", "The parameter KmsKeyId requires the parameter Encrypted to be set.")
    was = snapshot is not None and snapshot.encrypted
    if encrypted is False and was:
        raise invalid_value("The volume of an encrypted snapshot is encrypted: Encrypted cannot be false.")
    if key_id:
        key = keys.find(backend.account_id, backend.region_name, key_id)
        if key is None:
            raise invalid_value(f"The KMS key '{key_id}' does not exist.")
        return key.arn
    own = was and snapshot.owner_id == backend.account_id
    if own:
        return snapshot.kms_key_id
    if was or encrypted or backend.ebs_encryption_by_default:
        # A volume of another account's encrypted snapshot comes under one's own key.
        return backend.default_kms_key_id or keys.default_key(backend.account_id, backend.region_name).arn
    return None


def key_accessible(volume: Any) -> bool:
    """Whether who makes the volume can use its key and its snapshot's: EBS finds out only after it has said yes."""
    snapshot, principal = volume.source_snapshot, caller.get()
    arns = {volume.kms_key_id, snapshot.kms_key_id if snapshot is not None and snapshot.encrypted else None} - {None}
    return all(keys.usable(arn, principal, volume.ec2_backend.region_name) for arn in arns)


Volume.availability_zone_id = property(lambda self: self.zone.zone_id)  # type: ignore[attr-defined]
Volume.sse_type = property(lambda self: "sse-kms" if self.encrypted else "none")  # type: ignore[attr-defined]
VolumeAttachment.delete_on_termination = property(  # type: ignore[attr-defined]
    lambda self: bool(getattr(self.instance.block_device_mapping.get(self.device), "delete_on_termination", False))
)


@replaces(EC2Response, name="create_volume")
def create_volume_call(self: Any) -> ActionResult:
    """AvailabilityZone or AvailabilityZoneId; a zone's id means the same place in every account."""
    zone, zone_id = self._get_param("AvailabilityZone"), self._get_param("AvailabilityZoneId")
    if zone and zone_id:
        raise ec2_error("InvalidParameterCombination", "Specify either AvailabilityZone or AvailabilityZoneId.")
    if zone_id:
        zone = next((z.name for z in self.ec2_backend.describe_availability_zones() if z.zone_id == zone_id), zone_id)
    if not zone:
        raise missing("AvailabilityZone")
    rate = self._get_param("VolumeInitializationRate")
    if rate is not None and not 100 <= int(rate) <= 300:
        raise invalid_value("VolumeInitializationRate must be from 100 to 300 MiB/s.")
    tags = self._parse_tag_specification("volume").get("volume", {})
    self.error_on_dryrun()

    def make() -> Any:
        volume = self.ec2_backend.create_volume(
            size=self._get_param("Size"),
            zone_name=zone,
            snapshot_id=self._get_param("SnapshotId"),
            encrypted=self._get_bool_param("Encrypted"),
            kms_key_id=self._get_param("KmsKeyId"),
            volume_type=self._get_param("VolumeType"),
            iops=self._get_param("Iops"),
            throughput=self._get_param("Throughput"),
            multi_attach_enabled=self._get_bool_param("MultiAttachEnabled"),
        )
        if not key_accessible(volume):
            # AWS says yes and lets the volume end in `error`, gone within a minute; a plain no is stricter and clearer.
            self.ec2_backend.volumes.pop(volume.id)
            raise invalid_value("Given key ID is not accessible")
        volume.add_tags(tags)
        return volume

    return ActionResult(once(self, make))


@replaces(EBSBackend)
def describe_volumes(self: Any, volume_ids: list[str] | None = None, filters: Any = None) -> list[Volume]:
    found = [self.get_volume(volume_id) for volume_id in volume_ids] if volume_ids else list(self.volumes.values())
    return generic_filter(filters, found) if filters else found


@replaces(EBSBackend)
def attach_volume(self: Any, volume_id: str, instance_id: str, device_path: str, delete_on_termination: bool = False) -> Any:
    """Same zone, a volume that is free, a device name that is free, an instance that is there."""
    volume, instance = self.get_volume(volume_id), self.get_instance(instance_id)
    if not device_path:
        raise missing("device")
    if instance.state not in ("pending", "running", "stopping", "stopped"):
        raise ec2_error("IncorrectState", f"Instance '{instance_id}' is not 'running'.")
    if volume.availability_zone != instance.availability_zone:
        raise ec2_error("InvalidVolume.ZoneMismatch", f"The volume '{volume_id}' is not in the same availability zone as instance '{instance_id}'")
    if volume.attachment is not None:
        raise ec2_error("VolumeInUse", f"{volume_id} is already attached to an instance")
    if device_path in instance.block_device_mapping:
        raise invalid_value(f"Invalid value '{device_path}' for unixDevice. Attachment point {device_path} is already in use")
    return attach_volume.original(self, volume_id, instance_id, device_path, delete_on_termination)  # type: ignore[attr-defined]


@replaces(EBSBackend)
def detach_volume(self: Any, volume_id: str, instance_id: str, device_path: str) -> Any:
    volume = self.get_volume(volume_id)
    if volume.attachment is None or (instance_id and volume.attachment.instance.id != instance_id):
        raise ec2_error("IncorrectState", f"Volume '{volume_id}' is in the '{volume.status}' state.")
    instance = volume.attachment.instance
    root = volume.attachment.device == instance.root_device_name
    if root and instance.state == "running" and not getattr(instance, "ending", False):
        raise ec2_error("OperationNotPermitted", f"Unable to detach root volume '{volume_id}' from instance '{instance.id}'")
    return detach_volume.original(self, volume_id, instance.id, device_path)  # type: ignore[attr-defined]


@replaces(EC2Response)
def modify_volume(self: Any) -> ActionResult:
    """A volume can grow and change type; it cannot shrink."""
    volume = self.ec2_backend.get_volume(self._get_param("VolumeId"))
    size = int(self._get_param("Size") or volume.size)
    if size < volume.size:
        raise invalid_value(f"New size cannot be smaller than existing size of {volume.size} GiB.")
    kind = self._get_param("VolumeType") or volume.volume_type
    given = (_number(self._get_param("Iops")), _number(self._get_param("Throughput")))
    kept = (volume.iops, volume.throughput) if kind == volume.volume_type and kind != "gp2" else (None, None)
    shape = check_shape(kind, size, given[0] or kept[0], given[1] or kept[1])
    self.error_on_dryrun()
    result = modify_volume.original(self)  # type: ignore[attr-defined]
    volume.iops, volume.throughput = shape
    for block in volume.attachment.instance.block_device_mapping.values() if volume.attachment else ():
        if block.volume_id == volume.id:
            block.size = size
    return result


@replaces(EC2Response)
def describe_volume_status(self: Any) -> ActionResult:
    volumes = self.ec2_backend.describe_volumes(self._get_param("VolumeIds") or None, self._filters_from_querystring())
    details = [{"Name": "io-enabled", "Status": "passed"}, {"Name": "io-performance", "Status": "not-applicable"}]
    statuses = [
        {
            "VolumeId": volume.id,
            "AvailabilityZone": volume.availability_zone,
            "VolumeStatus": {"Status": "ok", "Details": details},
            "Events": [],
            "Actions": [],
        }
        for volume in volumes
    ]
    return ActionResult({"VolumeStatuses": statuses})


@replaces(EC2Response)
def get_ebs_default_kms_key_id(self: Any) -> ActionResult:
    arn = self.ec2_backend.default_kms_key_id or keys.default_key(self.current_account, self.region).arn
    return ActionResult({"KmsKeyId": arn})


@replaces(EC2Response)
def reset_ebs_default_kms_key_id(self: Any) -> ActionResult:
    self.ec2_backend.default_kms_key_id = ""
    return ActionResult({"KmsKeyId": keys.default_key(self.current_account, self.region).arn})
