"""RunInstances: from the image's mappings merged with the request's, with AWS's checks before anything is made.

https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_RunInstances.html. Hook: `EC2Response.run_instances`.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from typing import Any

from moto.core.responses import ActionResult
from moto.ec2.models.instances import Reservation
from moto.ec2.responses import EC2Response
from moto.ec2.utils import parse_user_data, random_reservation_id
from moto.iam.models import iam_backends

from . import addresses, billing, images, machine_interfaces, machine_settings, outcomes, placement, tags
from . import interfaces as interfaces_
from .errors import ec2_error, invalid_value, missing
from .idempotency import once
from .instances import dress
from .launch_checks import check_offered, check_type
from .patching import replaces
from .snapshots import launched_from
from .volumes import key_accessible


_ADDRESSES = ("PrivateIpAddress", "PrivateIpAddresses", "SecondaryPrivateIpAddressCount", "Ipv6Addresses", "Ipv6AddressCount")


@dataclass
class Place:
    """Where an instance goes: its subnet, groups and primary interface."""

    subnet: Any
    groups: list[Any]
    address: str | None
    interfaces: list[dict[str, Any]]
    # The addresses of each interface that the launch makes, by device index.
    wanted: dict[int, interfaces_.Wanted] = field(default_factory=dict)


@replaces(EC2Response)
def run_instances(self: Any) -> ActionResult:
    return ActionResult(once(self, lambda: _run(self)))


def _run(self: Any) -> Reservation:
    backend, params = self.ec2_backend, _with_template(self)
    least, most = int(params.get("MinCount") or 1), int(params.get("MaxCount") or 1)
    if not 1 <= least <= most:
        raise invalid_value(f"Value ({least}) for parameter minCount is invalid.")
    if not params.get("ImageId"):
        raise missing("ImageId")
    image = images.find(backend, params["ImageId"])
    if image.state != "available":
        raise ec2_error("InvalidAMIID.Unavailable", f"The image ID '{image.id}' is not available")
    kind = params.get("InstanceType") or "m1.small"
    check_type(kind, image)
    place = _place(self, params)
    check_offered(backend, kind, place.subnet.availability_zone)
    machine_interfaces.check_count(kind, place.interfaces)
    mappings = merge(image.block_device_mappings, params.get("BlockDeviceMappings") or [], image.root_device_name)
    with launched_from(image):
        machine_settings.check(backend, kind, image, params, mappings)
    profile = _profile(self.current_account, params.get("IamInstanceProfile") or {})
    key = params.get("KeyName")
    if key:
        backend.describe_key_pairs(key_names=[key])
    user_data = _user_data(params.get("UserData"))
    specified = {spec["ResourceType"]: tags.check(spec.get("Tags") or []) for spec in params.get("TagSpecifications") or []}
    if most > 1 and any(asked.primary or asked.secondary or asked.sixes for asked in place.wanted.values()):
        raise ec2_error("InvalidParameterCombination", "A private IP address can be given for one instance only.")
    self.error_on_dryrun()
    outcomes.check_vcpus(backend, kind, most)
    outcomes.check_capacity(kind, place.subnet.availability_zone)
    reservation = Reservation(random_reservation_id(), self.current_account)
    backend.reservations[reservation.id] = reservation
    try:
        for index in range(most):
            instance = _launch(backend, image, kind, place, params, user_data, index)
            reservation.instances.append(instance)
            dress(instance, image, params)
            for device, asked in place.wanted.items():
                interfaces_.give(backend, instance.nics[device], asked)
            with launched_from(image):
                _volumes(backend, instance, mappings, specified.get("volume", {}))
            instance.add_tags(specified.get("instance", {}))
            for nic in instance.nics.values():
                nic.add_tags(specified.get("network-interface", {}))
            if profile is not None:
                backend.associate_iam_instance_profile(instance_id=instance.id, iam_instance_profile_arn=profile.arn)
                instance.iam_instance_profile = {"Arn": profile.arn, "Id": profile.id}
    except Exception:
        _undo(backend, reservation)
        raise
    for instance in reservation.instances:
        _fail_without_key(instance)
        outcomes.after_launch(instance)
    return reservation


def _with_template(self: Any) -> dict[str, Any]:
    """The request's parameters over its launch template's."""
    params = dict(self.params)
    chosen = params.get("LaunchTemplate")
    if not chosen:
        return params
    version = self.ec2_backend._get_template_from_args(chosen)
    template = {key: value for key, value in version.data.items() if value is not None}
    kinds = {spec["ResourceType"] for spec in params.get("TagSpecifications") or []}
    specs = [s for s in template.get("TagSpecifications") or [] if s["ResourceType"] not in (*kinds, "launch-template")]
    return {**template, **params, "TagSpecifications": [*(params.get("TagSpecifications") or []), *specs]}


def _place(self: Any, params: dict[str, Any]) -> Place:
    backend = self.ec2_backend
    interfaces = [dict(nic) for nic in params.get("NetworkInterfaces") or []]
    if interfaces and (params.get("SubnetId") or params.get("SecurityGroupIds") or params.get("PrivateIpAddress")):
        message = "Network interfaces and an instance-level subnet ID, security groups or address may not be specified on the same request"
        raise ec2_error("InvalidParameterCombination", message)
    primary = next((nic for nic in interfaces if int(nic.get("DeviceIndex") or 0) == 0), {})
    if primary.get("NetworkInterfaceId"):
        # One that the launch makes beside them would need a subnet and addresses of its own.
        existing = machine_interfaces.check_existing(backend, interfaces)
        if len(existing) < len(interfaces):
            raise ec2_error("UnsupportedOperation", "Existing and new network interfaces in one launch are not emulated.")
        return Place(existing[0].subnet, list(existing[0].group_set), None, interfaces)
    named = (params.get("Placement") or {}).get("GroupName"), (params.get("Placement") or {}).get("GroupId")
    if any(named):
        params["Placement"] = {**params["Placement"], "GroupName": placement.find(backend, *named).name}
    subnet = _subnet(backend, primary.get("SubnetId") or params.get("SubnetId"), params.get("Placement") or {})
    groups = _groups(backend, primary.get("Groups") or params.get("SecurityGroupIds") or [], params.get("SecurityGroups") or [], subnet)
    first = interfaces_.wanted({name: params.get(name) for name in _ADDRESSES} | {k: v for k, v in primary.items() if k in _ADDRESSES})
    interfaces_.check(backend, subnet, first)
    wanted = {0: first}
    for nic in interfaces:
        index = int(nic.get("DeviceIndex") or 0)
        if index and not nic.get("NetworkInterfaceId"):
            wanted[index] = interfaces_.wanted(nic)
            interfaces_.check(backend, backend.get_subnet(nic.get("SubnetId") or subnet.id), wanted[index])
    # moto would choose addresses of its own.
    bare = [{name: value for name, value in nic.items() if name not in _ADDRESSES} for nic in interfaces]
    for nic in bare:
        index = int(nic.get("DeviceIndex") or 0)
        if index in wanted:
            there = backend.get_subnet(nic.get("SubnetId") or subnet.id)
            nic["PrivateIpAddress"] = wanted[index].primary or (None if index == 0 else addresses.take(backend, there))
    return Place(subnet, groups, first.primary, bare, wanted)


def _subnet(backend: Any, subnet_id: str | None, placement: dict[str, Any]) -> Any:
    wanted = placement.get("AvailabilityZone")
    if wanted and backend.get_zone_by_name(wanted) is None:
        raise invalid_value(f"Invalid availability zone: [{wanted}]")
    if subnet_id:
        subnet = backend.get_subnet(subnet_id)
        if wanted and subnet.availability_zone != wanted:
            raise invalid_value(f"The subnet ID '{subnet_id}' is not in the availability zone '{wanted}'.")
        return subnet
    defaults = backend.get_default_subnets()
    chosen = defaults.get(wanted) if wanted else next(iter(defaults.values()), None)
    if chosen is None:
        raise ec2_error("MissingInput", "No subnets found for the default VPC. Please specify a subnet.")
    return chosen


def _groups(backend: Any, ids: list[str], names: list[str], subnet: Any) -> list[Any]:
    groups = []
    for name in (*ids, *names):
        group = backend.get_security_group_from_id(name) or backend.get_security_group_from_name(name, subnet.vpc_id)
        if group is None:
            raise ec2_error("InvalidGroup.NotFound", f"The security group '{name}' does not exist")
        if group.vpc_id != subnet.vpc_id:
            raise ec2_error("InvalidParameter", f"Security group {group.id} and subnet {subnet.id} belong to different networks.")
        groups.append(group)
    interfaces_.check_groups(backend, groups)
    return groups or [backend.get_default_security_group(subnet.vpc_id)]


def _profile(account: str, given: dict[str, Any]) -> Any:
    name, arn = given.get("Name"), given.get("Arn")
    if not name and not arn:
        return None
    for profile in iam_backends[account]["aws"].instance_profiles.values():
        if profile.name == name or profile.arn == arn:
            return profile
    which = "name" if name else "arn"
    raise invalid_value(f"Value ({name or arn}) for parameter iamInstanceProfile.{which} is invalid. Invalid IAM Instance Profile {which}")


def _user_data(value: Any) -> Any:
    data = value if not isinstance(value, (str, bytes)) else parse_user_data(value)
    if value is not None and len(base64.b64decode(str(data))) > 16384:
        raise invalid_value("User data is limited to 16384 bytes")
    return data


def merge(image: list[dict[str, Any]], given: list[dict[str, Any]], root: str) -> list[dict[str, Any]]:
    """The image's mappings, changed device by device by the request's; the request may add devices and leave some out."""
    merged = {mapping["DeviceName"]: dict(mapping.get("Ebs") or {}) for mapping in image if mapping.get("Ebs")}
    for mapping in given:
        device, ebs = mapping.get("DeviceName"), mapping.get("Ebs")
        if not device:
            raise missing("deviceName")
        if mapping.get("NoDevice") is not None:
            if device == root:
                raise ec2_error("InvalidBlockDeviceMapping", "The root device cannot be left out.")
            merged.pop(device, None)
        elif ebs is not None:
            own = merged.get(device, {}).get("SnapshotId")
            if device == root and ebs.get("SnapshotId") not in (None, own):
                # Of the root only its size, type and whether it is deleted may differ from the image's.
                raise ec2_error("InvalidBlockDeviceMapping", "snapshotId cannot be modified on root device")
            merged[device] = _merge_one(device, merged.get(device, {}), ebs)
    return [{"DeviceName": device, **ebs} for device, ebs in merged.items()]


def _merge_one(device: str, base: dict[str, Any], given: dict[str, Any]) -> dict[str, Any]:
    given = {key: value for key, value in given.items() if value is not None}
    if base.get("SnapshotId") and given.get("SnapshotId") not in (None, base["SnapshotId"]):
        base = {"DeleteOnTermination": base.get("DeleteOnTermination")}
    if given.get("VolumeType") not in (None, base.get("VolumeType")):
        base = {key: value for key, value in base.items() if key not in ("Iops", "Throughput")}
    if given.get("Encrypted") is not None and (given.get("SnapshotId") or base.get("SnapshotId")) and not given["Encrypted"]:
        raise ec2_error("InvalidBlockDeviceMapping", f"the encrypted flag cannot be specified since device {device} has a snapshot specified.")
    merged = {**base, **given}
    if "VolumeSize" not in merged and "SnapshotId" not in merged:
        raise missing("size or snapshotId")
    # Encrypted of an image's mapping says how its snapshot is; only the request can ask for more.
    return {**merged, "Encrypted": given.get("Encrypted")}


def _launch(backend: Any, image: Any, kind: str, place: Place, params: dict[str, Any], user_data: Any, index: int) -> Any:
    nics = [dict(nic) for nic in place.interfaces]
    address = place.address
    if not any(nic.get("NetworkInterfaceId") for nic in nics):
        address = address or addresses.take(backend, place.subnet)
        primary = next((nic for nic in nics if int(nic.get("DeviceIndex") or 0) == 0), None)
        if primary is not None:
            primary.update({"PrivateIpAddress": address, "SubnetId": place.subnet.id, "Groups": [g.id for g in place.groups]})
    inner = backend.__class__.run_instances(
        backend,
        image.id,
        1,
        user_data,
        [],
        instance_type=kind,
        is_instance_type_default=False,
        region_name=backend.region_name,
        subnet_id=None if nics else place.subnet.id,
        nics=nics,
        security_group_ids=[] if nics else [group.id for group in place.groups],
        private_ip=address if not nics else None,
        associate_public_ip=None,
        key_name=params.get("KeyName"),
        block_device_mappings=[],
        ipv6_address_count=None,
        metadata_options={},
        client_token=params.get("ClientToken"),
        placement=place.subnet.availability_zone,
        instance_initiated_shutdown_behavior=params.get("InstanceInitiatedShutdownBehavior"),
        monitoring_state="enabled" if (params.get("Monitoring") or {}).get("Enabled") else "disabled",
    )
    del backend.reservations[inner.id]
    instance = inner.instances[0]
    instance.security_groups = place.groups
    instance.ami_launch_index = index
    return instance


def _volumes(backend: Any, instance: Any, mappings: list[dict[str, Any]], volume_tags: dict[str, str]) -> None:
    for ebs in mappings:
        encrypted = ebs.get("Encrypted")
        volume = backend.create_volume(
            size=ebs.get("VolumeSize"),
            zone_name=instance.availability_zone,
            snapshot_id=ebs.get("SnapshotId"),
            encrypted=encrypted if not (ebs.get("SnapshotId") and encrypted is False) else None,
            kms_key_id=ebs.get("KmsKeyId"),
            volume_type=ebs.get("VolumeType"),
            iops=ebs.get("Iops") if ebs.get("VolumeType") in ("gp3", "io1", "io2") else None,
            throughput=ebs.get("Throughput"),
        )
        # Unless image or request say so, the root disk goes with its instance and every other disk stays.
        goes = ebs.get("DeleteOnTermination")
        root = ebs["DeviceName"] == instance.root_device_name
        backend.attach_volume(volume.id, instance.id, ebs["DeviceName"], root if goes is None else bool(goes))
        if root:
            billing.booted(volume.id, instance.billing)
        volume.add_tags(volume_tags)


def _undo(backend: Any, reservation: Reservation) -> None:
    for instance in reservation.instances:
        instance.terminate()
    backend.reservations.pop(reservation.id, None)


def _fail_without_key(instance: Any) -> None:
    """A launch whose disks' key is not accessible is accepted; the instance then ends with Client.InternalError."""
    volumes = [instance.ec2_backend.volumes[block.volume_id] for _, block in instance.get_block_device_mapping]
    if all(key_accessible(volume) for volume in volumes):
        return
    instance.terminate()
    instance.state_reason.code = "Client.InternalError"
    instance.state_reason.message = "Client.InternalError: Client error on launch"
