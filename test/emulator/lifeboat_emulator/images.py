"""Images: RegisterImage for real, with every attribute an instance is made by. Hooks: the image calls of `EC2Response`."""

from __future__ import annotations

import re
from typing import Any

from moto.core.responses import ActionResult
from moto.ec2.models import ec2_backends
from moto.ec2.models.amis import Ami
from moto.ec2.responses import EC2Response
from moto.ec2.utils import generic_filter, random_ami_id

from . import billing, clock
from .errors import ec2_error, invalid_value, missing
from .patching import replaces
from .snapshots import accounts, create_set, owned
from .volumes import check_shape

_NAME = re.compile(r"^[A-Za-z0-9()\[\] ./\-'@_]{3,128}$")
_VALUES = {
    "Architecture": ("i386", "x86_64", "arm64", "x86_64_mac", "arm64_mac"),
    "VirtualizationType": ("hvm", "paravirtual"),
    "BootMode": ("legacy-bios", "uefi", "uefi-preferred"),
    "TpmSupport": ("v2.0",),
    "ImdsSupport": ("v2.0",),
    "SriovNetSupport": ("simple",),
}


# Owners of Amazon Linux and of Windows images, which AWS shows under its own name.
_AMAZON = ("137112412989", "801119661308")


class Image(Ami):
    """An image of real snapshots. moto's own constructor would make a snapshot of 15 GiB beside it."""

    def __init__(self, backend: Any, name: str, mappings: list[dict[str, Any]], **attributes: Any) -> None:
        self.ec2_backend = backend
        self.id = random_ami_id()
        self.name = name
        self.mappings = mappings
        self.state = "available"
        self.image_type = "machine"
        self.owner_id = backend.account_id
        self.image_location = f"{backend.account_id}/{name}"
        self.owner_alias = self.image_owner_alias = "amazon" if backend.account_id in _AMAZON else None
        self.kernel_id = self.ramdisk_id = self.deprecation_time = None
        billing.put(self, billing.PLAIN)
        self.hypervisor, self.root_device_type = "xen", "ebs"
        self.creation_date = clock.now()
        self.launch_permissions: list[dict[str, str]] = []
        self.description = ""
        self.instance_id = None
        self.architecture, self.virtualization_type, self.root_device_name = "i386", "paravirtual", "/dev/sda1"
        self.ena_support = False
        self.boot_mode = self.tpm_support = self.imds_support = self.sriov_net_support = self.uefi_data = None
        self.deregistration_protection = "disabled"
        for key, value in attributes.items():
            setattr(self, key, value)

    block_device_mappings = property(lambda self: self.mappings)  # type: ignore[assignment]
    public = property(lambda self: self.is_public)


def _choice(response: Any, name: str, default: str | None = None) -> Any:
    value = response._get_param(name)
    if value is not None and value not in _VALUES[name]:
        raise invalid_value(f"Value ({value}) for parameter {name} is invalid; expected {', '.join(_VALUES[name])}.")
    return value if value is not None else default


@replaces(EC2Response)
def register_image(self: Any) -> ActionResult:
    """https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_RegisterImage.html: defaults are i386 and paravirtual."""
    if self._get_param("ImageLocation"):
        raise ec2_error("UnsupportedOperation", "Images of bundles in S3 are not emulated; give BlockDeviceMappings.")
    products = billing.given(self._get_param("BillingProducts") or [], self.current_account in _AMAZON)
    name = self._get_param("Name")
    _check_name(self.ec2_backend, name)
    tags = self._parse_tag_specification("image").get("image", {})
    root = self._get_param("RootDeviceName") or "/dev/sda1"
    mappings = _mappings(self.ec2_backend, self._get_param("BlockDeviceMappings") or [], root)
    attributes = {
        "description": self._get_param("Description") or "",
        "root_device_name": root,
        "architecture": _choice(self, "Architecture", "i386"),
        "virtualization_type": _choice(self, "VirtualizationType", "paravirtual"),
        "boot_mode": _choice(self, "BootMode"),
        "tpm_support": _choice(self, "TpmSupport"),
        "imds_support": _choice(self, "ImdsSupport"),
        "sriov_net_support": _choice(self, "SriovNetSupport"),
        "ena_support": bool(self._get_bool_param("EnaSupport")),
        "uefi_data": self._get_param("UefiData"),
        "kernel_id": self._get_param("KernelId"),
        "ramdisk_id": self._get_param("RamdiskId"),
    }
    _check_attributes(attributes)
    self.error_on_dryrun()
    image = Image(self.ec2_backend, name, mappings, **attributes)
    root_snapshot = next(mapping["Ebs"]["SnapshotId"] for mapping in mappings if mapping["DeviceName"] == root)
    billing.put(image, products or billing.of_snapshot(owned(self.ec2_backend, root_snapshot)))
    self.ec2_backend.amis[image.id] = image
    image.add_tags(tags)
    return ActionResult({"ImageId": image.id})


def _check_name(backend: Any, name: str | None) -> None:
    if not name:
        raise missing("Name")
    if not _NAME.match(name):
        raise ec2_error("InvalidAMIName.Malformed", "AMI names must be between 3 and 128 characters long, of letters, digits and ()[] ./-'@_")
    for image in backend.amis.values():
        if image.name == name:
            raise ec2_error("InvalidAMIName.Duplicate", f"AMI name {name} is already in use by AMI {image.id}")


def _check_attributes(attributes: dict[str, Any]) -> None:
    hvm, boot = attributes["virtualization_type"] == "hvm", attributes["boot_mode"]
    if attributes["tpm_support"] and boot != "uefi":
        raise ec2_error("InvalidParameterCombination", "TpmSupport requires BootMode uefi.")
    if attributes["uefi_data"] and boot not in ("uefi", "uefi-preferred"):
        raise ec2_error("InvalidParameterCombination", "UefiData requires BootMode uefi.")
    if boot in ("uefi", "uefi-preferred") and not hvm:
        raise ec2_error("InvalidParameterCombination", f"BootMode {boot} requires VirtualizationType hvm.")
    if attributes["architecture"] == "arm64" and (not hvm or boot == "legacy-bios"):
        raise ec2_error("InvalidParameterCombination", "Architecture arm64 requires VirtualizationType hvm and BootMode uefi.")
    for name in ("ena_support", "sriov_net_support"):
        if attributes[name] and not hvm:
            raise ec2_error("InvalidParameterCombination", "Enhanced networking requires VirtualizationType hvm.")


def _mappings(backend: Any, given: list[dict[str, Any]], root: str) -> list[dict[str, Any]]:
    devices = [mapping.get("DeviceName") for mapping in given]
    if len(set(devices)) != len(devices):
        raise ec2_error("InvalidBlockDeviceMapping", "A device name is used twice.")
    checked = [_mapping(backend, mapping, root) for mapping in given if mapping.get("NoDevice") is None]
    if not any(mapping["DeviceName"] == root and (mapping.get("Ebs") or {}).get("SnapshotId") for mapping in checked):
        raise ec2_error("InvalidBlockDeviceMapping", "No root snapshot specified in device mapping.")
    return checked


def _mapping(backend: Any, mapping: dict[str, Any], root: str) -> dict[str, Any]:
    """One mapping with AWS's defaults: only the root goes with its instance, and magnetic unless a type is given."""
    device, ebs = mapping.get("DeviceName"), mapping.get("Ebs")
    if not device:
        raise missing("deviceName")
    if ebs is None:
        if not mapping.get("VirtualName"):
            raise missing("ebs")
        return {"DeviceName": device, "VirtualName": mapping["VirtualName"]}
    result = {"DeleteOnTermination": ebs.get("DeleteOnTermination", device == root), "VolumeType": ebs.get("VolumeType") or "standard"}
    size = int(ebs["VolumeSize"]) if ebs.get("VolumeSize") is not None else None
    if ebs.get("SnapshotId"):
        snapshot = owned(backend, ebs["SnapshotId"])
        if snapshot.state != "completed":
            raise ec2_error("InvalidSnapshot.NotFound" if snapshot.state == "error" else "IncorrectState", f"Snapshot {snapshot.id} is '{snapshot.state}'.")
        for name in ("Encrypted", "KmsKeyId"):
            if ebs.get(name) is not None:
                message = f"the {name} parameter cannot be specified since device {device} has a snapshot specified."
                raise ec2_error("InvalidBlockDeviceMapping", message)
        if size is not None and size < snapshot.volume.size:
            message = f"Volume of size {size}GB is smaller than snapshot '{snapshot.id}', expect size >= {snapshot.volume.size}GB"
            raise ec2_error("InvalidBlockDeviceMapping", message)
        size = size or snapshot.volume.size
        result |= {"SnapshotId": snapshot.id, "Encrypted": snapshot.encrypted}
    elif size is None:
        raise missing("size or snapshotId")
    else:
        result["Encrypted"] = bool(ebs.get("Encrypted"))
    kind = result["VolumeType"]
    iops, throughput = ebs.get("Iops"), ebs.get("Throughput")
    check_shape(kind, size, int(iops) if iops is not None else None, int(throughput) if throughput is not None else None)
    return {"DeviceName": device, "Ebs": {**result, "VolumeSize": size, "Iops": iops, "Throughput": throughput}}


def visible(backend: Any) -> list[Any]:
    """The account's own images, those whose launch permission names it, and public ones."""
    found = list(backend.amis.values())
    for account in accounts():
        if account != backend.account_id:
            images = ec2_backends[account][backend.region_name].amis.values()
            found += [i for i in images if i.is_public or {"UserId": backend.account_id} in i.launch_permissions]
    return found


def find(backend: Any, image_id: str) -> Any:
    if not image_id.startswith("ami-"):
        raise ec2_error("InvalidAMIID.Malformed", f'Invalid id: "{image_id}" (expecting "ami-...")')
    for image in visible(backend):
        if image.id == image_id:
            return image
    raise ec2_error("InvalidAMIID.NotFound", f"The image id '[{image_id}]' does not exist")


@replaces(EC2Response)
def describe_images(self: Any) -> ActionResult:
    backend = self.ec2_backend
    ids, owners, users = (self._get_param(name) or [] for name in ("ImageIds", "Owners", "ExecutableUsers"))
    found = [find(backend, image_id) for image_id in ids] if ids else visible(backend)
    mine = backend.account_id
    if owners:
        found = [i for i in found if i.owner_id in {mine if o == "self" else o for o in owners} or (i.owner_alias or "-") in owners]
    if users:
        wanted = [{"Group": "all"} if u == "all" else {"UserId": mine if u == "self" else u} for u in users]
        found = [i for i in found if any(permission in i.launch_permissions for permission in wanted)]
    found = generic_filter(self._filters_from_querystring(), found)
    self.error_on_dryrun()
    return ActionResult({"Images": found})


@replaces(EC2Response)
def deregister_image(self: Any) -> ActionResult:
    """Its snapshots stay."""
    image = find(self.ec2_backend, self._get_param("ImageId") or "")
    if image.owner_id != self.current_account:
        raise ec2_error("AuthFailure", f"Not authorized for image {image.id}")
    if self._get_bool_param("DeleteAssociatedSnapshots"):
        raise ec2_error("UnsupportedOperation", "DeleteAssociatedSnapshots is not emulated.")
    self.error_on_dryrun()
    self.ec2_backend.amis.pop(image.id)
    self.ec2_backend.deleted_amis.append(image.id)
    return ActionResult({"Return": True, "DeleteSnapshotResults": []})


@replaces(EC2Response)
def copy_image(self: Any) -> ActionResult:
    raise ec2_error("UnsupportedOperation", "CopyImage is not emulated: copy the snapshots and register an image of them.")


@replaces(EC2Response)
def create_image(self: Any) -> ActionResult:
    """An image of an instance: a consistent set of snapshots, and the instance's own attributes."""
    name = self._get_param("Name")
    _check_name(self.ec2_backend, name)
    tags = self._parse_tag_specification()
    instance = self.ec2_backend.get_instance(self._get_param("InstanceId"))
    self.error_on_dryrun()
    mappings = []
    blocks = {block.volume_id: (device, block) for device, block in instance.get_block_device_mapping}
    description = f"Created by CreateImage({instance.id})"
    for snapshot in create_set(self.ec2_backend, instance.id, description, False, []):
        snapshot.add_tags(tags.get("snapshot", {}))
        device, block = blocks[snapshot.volume.id]
        volume = self.ec2_backend.get_volume(snapshot.volume.id)
        given = {"iops": volume.iops if volume.volume_type in ("gp3", "io1", "io2") else None, "throughput": volume.throughput}
        ebs = {"SnapshotId": snapshot.id, "VolumeType": volume.volume_type, "Iops": given["iops"], "Throughput": given["throughput"]}
        mappings.append({"DeviceName": device, "Ebs": {**ebs, "DeleteOnTermination": block.delete_on_termination}})
    names = ("architecture", "virtualization_type", "boot_mode", "tpm_support", "ena_support", "sriov_net_support", "root_device_name")
    attributes = {key: getattr(instance, key, None) for key in names}
    checked = _mappings(self.ec2_backend, mappings, instance.root_device_name)
    image = Image(self.ec2_backend, name, checked, **attributes, instance_id=instance.id, description=self._get_param("Description") or "")
    billing.put(image, instance.billing)
    self.ec2_backend.amis[image.id] = image
    image.add_tags(tags.get("image", {}))
    return ActionResult({"ImageId": image.id})
