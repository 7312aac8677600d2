"""Instances once they run: what they say of themselves, how they are changed, stopped and terminated.

Hooks: `Instance.terminate`; the instance calls of `EC2Response`; `moto.ec2.utils.passes_filter_dict`.
"""

from __future__ import annotations

import datetime
from typing import Any

import moto.ec2.models.instances as instance_models
import moto.ec2.utils as ec2_utils
from moto.core.responses import ActionResult, EmptyResult
from moto.core.serialize import return_if_not_empty
from moto.ec2.models.instance_types import INSTANCE_TYPES
from moto.ec2.models.instances import Instance, InstanceBackend, MetadataOptions
from moto.ec2.responses import EC2Response
from moto.ec2.utils import parse_user_data

from . import billing, clock
from .errors import ec2_error, invalid_value, missing
from .machine_settings import dress_settings
from .patching import replaces
from .policy import like


def dress(instance: Any, image: Any, params: dict[str, Any]) -> None:
    """Gives a launched instance what its image and its request say, all of which moto drops."""
    info = INSTANCE_TYPES[instance.instance_type]
    for name in ("architecture", "virtualization_type", "root_device_name"):
        setattr(instance, name, getattr(image, name))
    billing.put(instance, image.billing)
    instance.usage_operation_update_time = instance.launch_time
    instance.ena_support = image.ena_support
    instance.sriov_net_support = image.sriov_net_support
    instance.boot_mode, instance.tpm_support = image.boot_mode, image.tpm_support
    modes = info.get("SupportedBootModes", ["legacy-bios"])
    # No boot mode means BIOS on x86 and UEFI on Graviton; `uefi-preferred` takes UEFI where it can.
    uefi = image.boot_mode == "uefi" or (image.boot_mode == "uefi-preferred" and "uefi" in modes) or modes == ["uefi"]
    instance.current_instance_boot_mode = "uefi" if uefi else "legacy-bios"
    instance.disable_api_termination = bool(params.get("DisableApiTermination"))
    instance.disable_api_stop = bool(params.get("DisableApiStop"))
    instance.ebs_optimized = bool(params.get("EbsOptimized"))
    options = {key: value for key, value in (params.get("MetadataOptions") or {}).items() if value is not None}
    if image.imds_support == "v2.0":
        options = {"HttpTokens": "required", "HttpPutResponseHopLimit": 2, **options}
    instance.metadata_options = MetadataOptions(options)
    instance.capacity_reservation_specification = {"CapacityReservationPreference": "open"}
    instance.enclave_options = {"Enabled": bool((params.get("EnclaveOptions") or {}).get("Enabled"))}
    instance.hibernation_options = {"Configured": bool((params.get("HibernationOptions") or {}).get("Configured"))}
    instance.maintenance_options = {"AutoRecovery": (params.get("MaintenanceOptions") or {}).get("AutoRecovery") or "default"}
    on_launch = instance.ec2_backend.get_subnet(instance.subnet_id).private_dns_name_options_on_launch
    instance.private_dns_name_options = {**on_launch, **(params.get("PrivateDnsNameOptions") or {})}
    dress_settings(instance, image, params)
    given = {int(nic.get("DeviceIndex") or 0): nic for nic in params.get("NetworkInterfaces") or []}
    for index, nic in instance.nics.items():
        asked = given.get(index, {})
        # An interface made by a launch goes with the instance; one that was there before stays.
        nic.delete_on_termination = bool(asked.get("DeleteOnTermination", not asked.get("NetworkInterfaceId")))
        if not asked.get("Description") and not asked.get("NetworkInterfaceId"):
            nic.description = ""


@replaces(Instance)
def terminate(self: Any) -> Any:
    """Frees addresses and forgets the network at once, as a terminated instance's description shows none."""
    if self.state == "terminated":
        return self._state
    nics, self.ending = list(self.nics.values()), True
    previous = terminate.original(self)  # type: ignore[attr-defined]
    for nic in nics:
        for item in nic.private_ip_addresses:
            nic.subnet.del_subnet_ip(item["PrivateIpAddress"])
        if nic.id in self.ec2_backend.enis:
            self.detach_eni(nic)
    self.nics, self._subnet_id, self.security_groups = {}, None, []
    self.terminated_at = clock.now()
    return previous


# An interface without a public address has no association at all, rather than an empty one.
EC2Response.RESPONSE_KEY_PATH_TO_TRANSFORMER["InstanceNetworkInterface.Association"] = return_if_not_empty


def _first(name: str) -> property:
    return property(lambda self: getattr(self.nics[0], name) if 0 in self.nics else None)


Instance.private_ip = _first("private_ip_address")  # type: ignore[assignment, method-assign]
Instance.private_ip_address = _first("private_ip_address")  # type: ignore[assignment, method-assign]
Instance.public_ip = _first("public_ip")  # type: ignore[assignment, method-assign]
Instance.public_ip_address = _first("public_ip")  # type: ignore[assignment, method-assign]
_dns = Instance.private_dns_name.fget  # type: ignore[attr-defined]
Instance.private_dns_name = property(lambda self: _dns(self) if self.private_ip else "")  # type: ignore[assignment, method-assign]
_subnet_id = Instance.subnet_id.fget  # type: ignore[attr-defined]
Instance.subnet_id = property(lambda self: _subnet_id(self) if self._subnet_id or 0 in self.nics else None)  # type: ignore[assignment, method-assign]


@replaces(InstanceBackend)
def all_reservations(self: Any, filters: Any = None) -> list[Any]:
    """Terminated instances are described for about an hour, then forgotten."""
    cutoff = clock.now() - datetime.timedelta(hours=1)
    for reservation in list(self.reservations.values()):
        reservation.instances = [i for i in reservation.instances if getattr(i, "terminated_at", None) is None or i.terminated_at > cutoff]
    return all_reservations.original(self, filters)  # type: ignore[attr-defined]


@replaces(InstanceBackend, name="terminate_instances")
def backend_terminate_instances(self: Any, instance_ids: list[str]) -> Any:
    """All or none: one protected instance keeps every one named with it."""
    for instance in self.get_multi_instances_by_id(instance_ids):
        if instance.disable_api_termination:
            message = f"The instance '{instance.id}' may not be terminated. Modify its 'disableApiTermination' instance attribute and try again."
            raise ec2_error("OperationNotPermitted", message)
    return backend_terminate_instances.original(self, instance_ids)  # type: ignore[attr-defined]


def _guard(name: str, verb: str) -> None:
    original = getattr(InstanceBackend, name)

    def guarded(self: Any, instance_ids: list[str]) -> Any:
        for instance in self.get_multi_instances_by_id(instance_ids):
            if instance.state == "terminated":
                message = f"This instance '{instance.id}' is not in a state from which it can be {verb}."
                raise ec2_error("IncorrectInstanceState", message)
        return original(self, instance_ids)

    setattr(InstanceBackend, name, guarded)


for _name, _verb in (("start_instances", "started"), ("stop_instances", "stopped"), ("reboot_instances", "rebooted")):
    _guard(_name, _verb)


@replaces(EC2Response)
def describe_instances(self: Any) -> ActionResult:
    """moto pages by a hundred reservations of its own; pages are made as for every other call."""
    self.error_on_dryrun()
    ids, filters = self._get_param("InstanceIds") or [], self._filters_from_querystring()
    if ids:
        found = self.ec2_backend.get_reservations_by_instance_ids(ids, filters=filters)
    else:
        found = self.ec2_backend.describe_instances(filters=filters)
    return ActionResult({"Reservations": [reservation for reservation in found if reservation.instances]})


def passes_filter_dict(instance: Any, filters: dict[str, Any]) -> bool:
    """DescribeInstances' filters, with wildcards; moto compares literally."""
    return all(any(like(wanted, value) for value in _values(instance, name) for wanted in values) for name, values in filters.items())


def _values(instance: Any, name: str) -> list[str]:
    if name.startswith("tag:"):
        return [tag["value"] for tag in instance.get_tags() if tag["key"] == name[4:]]
    if name in ("tag-key", "tag-value"):
        return [tag[name[4:]] for tag in instance.get_tags()]
    blocks = dict(instance.get_block_device_mapping)
    special: dict[str, Any] = {
        "block-device-mapping.device-name": list(blocks),
        "block-device-mapping.volume-id": [block.volume_id for block in blocks.values()],
        "iam-instance-profile.arn": [(instance.iam_instance_profile or {}).get("Arn", "")] if isinstance(instance.iam_instance_profile, dict) else [],
        "instance-state-code": [str(instance.state_code)],
        "client-token": [instance.client_token or ""],
        "root-device-name": [instance.root_device_name],
        "tenancy": [instance.placement.tenancy],
    }
    if name in special:
        return special[name]
    path = ec2_utils.filter_dict_attribute_mapping.get(name)
    if path is None:
        raise invalid_value(f"The filter '{name}' is invalid")
    value = ec2_utils.get_object_value(instance, path)
    found = value if isinstance(value, list) else [value]
    return [str(item).lower() if isinstance(item, bool) else str(item) for item in found if item is not None]


ec2_utils.passes_filter_dict = passes_filter_dict
instance_models.filter_reservations = ec2_utils.filter_reservations

# ModifyInstanceAttribute's wrapped attributes, and whether the instance must be stopped to change them.
_ATTRIBUTES = {
    "InstanceType": ("instance_type", True),
    "Kernel": ("kernel", True),
    "Ramdisk": ("ramdisk", True),
    "UserData": ("user_data", True),
    "DisableApiTermination": ("disable_api_termination", False),
    "DisableApiStop": ("disable_api_stop", False),
    "InstanceInitiatedShutdownBehavior": ("instance_initiated_shutdown_behavior", False),
    "SourceDestCheck": ("source_dest_check", False),
    "EbsOptimized": ("ebs_optimized", True),
    "EnaSupport": ("ena_support", True),
    "SriovNetSupport": ("sriov_net_support", True),
}


@replaces(EC2Response)
def modify_instance_attribute(self: Any) -> ActionResult:
    """Exactly what is asked: moto empties an instance's security groups on any request that it does not recognise."""
    instance = self.ec2_backend.get_instance(self._get_param("InstanceId"))
    changes: list[tuple[str, Any]] = []
    for name, (attribute, stopped) in _ATTRIBUTES.items():
        value = self._get_param(f"{name}.Value")
        if value is None and self._get_param("Attribute", "") == name[:1].lower() + name[1:]:
            value = self._get_param("Value")
        if value is None:
            continue
        if stopped and instance.state != "stopped":
            raise ec2_error("IncorrectInstanceState", f"The instance '{instance.id}' is not in the 'stopped' state.")
        if isinstance(getattr(instance, attribute, None), bool):
            value = value is True or str(value).lower() == "true"
        changes.append((attribute, parse_user_data(value) if name == "UserData" else value))
    groups = self._get_param("Groups")
    if groups:
        found = [self.ec2_backend.get_security_group_from_id(group) for group in groups]
        if None in found:
            raise ec2_error("InvalidGroup.NotFound", f"The security group '{groups[found.index(None)]}' does not exist")
        if any(group.vpc_id != instance.vpc_id for group in found):
            raise ec2_error("InvalidParameter", f"The security groups and instance {instance.id} belong to different networks.")
        changes.append(("security_groups", found))
    mappings = self._get_param("BlockDeviceMappings") or []
    for mapping in mappings:
        if mapping.get("DeviceName") not in instance.block_device_mapping:
            raise ec2_error("InvalidInstanceAttributeValue", f"No device is currently mapped at {mapping.get('DeviceName')}")
    if not changes and not mappings:
        raise missing("attribute")
    self.error_on_dryrun()
    for attribute, value in changes:
        setattr(instance, attribute, value)
        if attribute == "security_groups":
            instance.nics[0]._group_set = list(value)
    for mapping in mappings:
        keep = (mapping.get("Ebs") or {}).get("DeleteOnTermination")
        if keep is not None:
            instance.block_device_mapping[mapping["DeviceName"]].delete_on_termination = keep is True or str(keep).lower() == "true"
    return EmptyResult()


@replaces(EC2Response)
def modify_instance_metadata_options(self: Any) -> ActionResult:
    """What is not named stays as it is; moto resets it."""
    instance = self.ec2_backend.get_instance(self._get_param("InstanceId"))
    old = instance.metadata_options
    names = ("HttpTokens", "HttpPutResponseHopLimit", "HttpEndpoint", "HttpProtocolIpv6", "InstanceMetadataTags")
    kept = (old.http_tokens, old.http_put_response_hop_limit, old.http_endpoint, old.http_protocol_ipv6, old.instance_metadata_tags)
    given = {name: self._get_param(name) for name in names}
    instance.metadata_options = MetadataOptions({name: given[name] if given[name] is not None else was for name, was in zip(names, kept)})
    return ActionResult({"InstanceId": instance.id, "InstanceMetadataOptions": instance.metadata_options})
