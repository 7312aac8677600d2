"""What a launch may ask of its type and placement, and what instances say of it afterwards: CPU options, credits, placement, hibernation,
enclaves, UEFI data, and the protections.

https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_RunInstances.html; codes of refusals that AWS does not document are the nearest
that it has. Hooks: `check` and `dress_settings`, by launch.py and instances.py; calls of `EC2Response`; `InstanceBackend.stop_instances`.
"""

from __future__ import annotations

import base64
import hashlib
from typing import Any

from moto.core.responses import ActionResult
from moto.ec2.models.instance_types import INSTANCE_TYPES
from moto.ec2.models.instances import InstanceBackend
from moto.ec2.responses import EC2Response

from . import placement
from .errors import ec2_error, invalid_value, missing
from .patching import replaces


def _combination(message: str) -> Any:
    return ec2_error("InvalidParameterCombination", message)


def is_burstable(kind: str) -> bool:
    return bool(INSTANCE_TYPES[kind].get("BurstablePerformanceSupported"))


def check(backend: Any, kind: str, image: Any, params: dict[str, Any], mappings: list[dict[str, Any]]) -> None:
    """Before anything is made."""
    info = INSTANCE_TYPES[kind]
    _check_cpu(kind, info, image, params.get("CpuOptions") or {})
    credits = (params.get("CreditSpecification") or {}).get("CpuCredits")
    if credits not in (None, "standard", "unlimited"):
        raise invalid_value(f"Invalid value '{credits}' for CpuCredits.")
    if credits and not is_burstable(kind):
        raise _combination(f"CreditSpecification is not supported for the instance type {kind}.")
    _check_placement(backend, kind, info, params.get("Placement") or {})
    recovery = (params.get("MaintenanceOptions") or {}).get("AutoRecovery")
    if recovery not in (None, "default", "disabled"):
        raise invalid_value(f"Invalid value '{recovery}' for AutoRecovery.")
    hibernates = bool((params.get("HibernationOptions") or {}).get("Configured"))
    encloses = bool((params.get("EnclaveOptions") or {}).get("Enabled"))
    if hibernates and encloses:
        raise _combination("Hibernation and enclaves can't be enabled on the same instance.")
    if encloses and info.get("NitroEnclavesSupport") != "supported":
        raise _combination(f"The instance type {kind} does not support enclaves.")
    if hibernates:
        _check_hibernation(backend, kind, info, image, mappings)
    for mapping in mappings:
        rate = mapping.get("VolumeInitializationRate")
        if rate is not None and (not mapping.get("SnapshotId") or not 100 <= int(rate) <= 300):
            raise invalid_value("VolumeInitializationRate is from 100 to 300 MiB/s, of volumes made from snapshots.")


def _check_cpu(kind: str, info: dict[str, Any], image: Any, asked: dict[str, Any]) -> None:
    cores, threads, snp = asked.get("CoreCount"), asked.get("ThreadsPerCore"), asked.get("AmdSevSnp")
    if (cores is None) != (threads is None):
        raise _combination("CoreCount and ThreadsPerCore must be specified together.")
    valid = info["VCpuInfo"]
    if cores is not None and (int(cores) not in valid.get("ValidCores", []) or int(threads or 0) not in valid.get("ValidThreadsPerCore", [])):
        raise invalid_value(f"CoreCount {cores} and ThreadsPerCore {threads} are not supported for the instance type {kind}.")
    if snp == "enabled" and ("amd-sev-snp" not in (info["ProcessorInfo"].get("SupportedFeatures") or []) or image.boot_mode != "uefi"):
        raise _combination("AMD SEV-SNP needs an instance type that supports it, and an AMI with boot mode uefi.")


def _check_placement(backend: Any, kind: str, info: dict[str, Any], asked: dict[str, Any]) -> None:
    if asked.get("Tenancy") == "host" or asked.get("HostId"):
        raise ec2_error("InsufficientHostCapacity", "There is no Dedicated Host that this instance could be launched onto.")
    if asked.get("Tenancy") not in (None, "default", "dedicated"):
        raise invalid_value(f"Invalid value '{asked['Tenancy']}' for Tenancy.")
    named = asked.get("GroupName"), asked.get("GroupId")
    group = placement.find(backend, *named) if any(named) else None
    number = asked.get("PartitionNumber")
    if number is not None and (group is None or group.strategy != "partition"):
        raise _combination("PartitionNumber needs a placement group with the partition strategy.")
    if number is not None and not 1 <= int(number) <= (group.partitions or 0):
        raise invalid_value(f"Value ({number}) for parameter partitionNumber is invalid. The group has {group.partitions} partitions.")
    if group is not None and group.strategy not in info.get("PlacementGroupInfo", {}).get("SupportedStrategies", []):
        raise _combination(f"The instance type {kind} is not supported in a placement group with the {group.strategy} strategy.")


def _check_hibernation(backend: Any, kind: str, info: dict[str, Any], image: Any, mappings: list[dict[str, Any]]) -> None:
    root = next((mapping for mapping in mappings if mapping["DeviceName"] == image.root_device_name), {})
    snapshot = backend.get_snapshot(root["SnapshotId"]) if root.get("SnapshotId") else None
    encrypted = root.get("Encrypted") or (snapshot is not None and snapshot.encrypted)
    if not info.get("HibernationSupported") or not encrypted:
        message = "The instance type must support hibernation, and its root volume must be encrypted."
        raise ec2_error("UnsupportedHibernationConfiguration", message)


def dress_settings(instance: Any, image: Any, params: dict[str, Any]) -> None:
    valid, asked = INSTANCE_TYPES[instance.instance_type]["VCpuInfo"], params.get("CpuOptions") or {}
    cores, threads = asked.get("CoreCount") or valid.get("DefaultCores", 1), asked.get("ThreadsPerCore") or valid.get("DefaultThreadsPerCore", 1)
    instance.cpu_options = {"CoreCount": int(cores), "ThreadsPerCore": int(threads)}
    if asked.get("AmdSevSnp"):
        instance.cpu_options["AmdSevSnp"] = asked["AmdSevSnp"]
    credits = (params.get("CreditSpecification") or {}).get("CpuCredits")
    usual = "unlimited" if instance.instance_type.startswith(("t3", "t4g")) else "standard"
    instance.cpu_credits = (credits or usual) if is_burstable(instance.instance_type) else None
    wanted = params.get("Placement") or {}
    instance.placement.tenancy = wanted.get("Tenancy") or "default"
    named = wanted.get("GroupName"), wanted.get("GroupId")
    group = placement.find(instance.ec2_backend, *named) if any(named) else None
    instance.placement.group_name = group.name if group else ""
    instance.placement.group_id = group.id if group else None
    instance.placement.partition_number = None
    if group is not None and group.strategy == "partition":
        inside = (other for other in instance.ec2_backend.all_instances() if other is not instance and other.placement.group_name == group.name)
        turn = sum(1 for other in inside if other.state != "terminated") % (group.partitions or 1) + 1
        instance.placement.partition_number = int(wanted.get("PartitionNumber") or turn)
    if instance.current_instance_boot_mode == "uefi":
        # What a system writes there is its own: each has another, unless its image brought one.
        own = base64.b64encode(b"AMZNUEFI" + hashlib.sha256(instance.id.encode()).digest()).decode()
        instance.uefi_data = image.uefi_data or own


@replaces(InstanceBackend)
def stop_instances(self: Any, instance_ids: list[str]) -> Any:
    for instance in self.get_multi_instances_by_id(instance_ids):
        if instance.disable_api_stop:
            message = f"The instance '{instance.id}' may not be stopped. Modify its 'disableApiStop' instance attribute and try again."
            raise ec2_error("OperationNotPermitted", message)
    return stop_instances.original(self, instance_ids)  # type: ignore[attr-defined]


def _monitor(self: Any, state: str) -> ActionResult:
    found = self.ec2_backend.get_multi_instances_by_id(self._get_param("InstanceIds") or [])
    if not found:
        raise missing("instanceId")
    self.error_on_dryrun()
    for instance in found:
        instance.monitoring_state = state
    return ActionResult({"InstanceMonitorings": [{"InstanceId": one.id, "Monitoring": {"State": state}} for one in found]})


EC2Response.monitor_instances = lambda self: _monitor(self, "enabled")  # type: ignore[attr-defined]
EC2Response.unmonitor_instances = lambda self: _monitor(self, "disabled")  # type: ignore[attr-defined]


@replaces(EC2Response)
def get_instance_uefi_data(self: Any) -> ActionResult:
    """https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_GetInstanceUefiData.html; AWS names no code for a machine without."""
    instance = self.ec2_backend.get_instance(self._get_param("InstanceId"))
    if instance.current_instance_boot_mode != "uefi":
        raise ec2_error("UnsupportedOperation", f"The instance '{instance.id}' was not booted with UEFI.")
    return ActionResult({"InstanceId": instance.id, "UefiData": instance.uefi_data})


@replaces(EC2Response)
def describe_instance_credit_specifications(self: Any) -> ActionResult:
    """Of no instance by name, only those that are unlimited."""
    ids = self._get_param("InstanceIds") or []
    if ids:
        found = self.ec2_backend.get_multi_instances_by_id(ids)
        if any(instance.cpu_credits is None for instance in found):
            raise ec2_error("InstanceCreditSpecification.NotSupported", "The instance type does not support CPU credits.")
    else:
        there = (one for one in self.ec2_backend.all_instances() if one.state != "terminated")
        found = [instance for instance in there if getattr(instance, "cpu_credits", None) == "unlimited"]
    return ActionResult({"InstanceCreditSpecifications": [{"InstanceId": one.id, "CpuCredits": one.cpu_credits} for one in found]})


@replaces(EC2Response)
def modify_instance_credit_specification(self: Any) -> ActionResult:
    done, failed = [], []
    for item in self._get_param("InstanceCreditSpecifications") or []:
        instance = self.ec2_backend.get_instance(item["InstanceId"])
        if instance.cpu_credits is None:
            code = "InstanceCreditSpecification.NotSupported"
            failed.append({"InstanceId": instance.id, "Error": {"Code": code, "Message": "The instance type does not support CPU credits."}})
            continue
        instance.cpu_credits = item.get("CpuCredits", "standard")
        done.append({"InstanceId": instance.id})
    return ActionResult({"SuccessfulInstanceCreditSpecifications": done, "UnsuccessfulInstanceCreditSpecifications": failed})


@replaces(EC2Response)
def modify_instance_maintenance_options(self: Any) -> ActionResult:
    instance = self.ec2_backend.get_instance(self._get_param("InstanceId"))
    instance.maintenance_options = {"AutoRecovery": self._get_param("AutoRecovery") or "default"}
    return ActionResult({"InstanceId": instance.id, **instance.maintenance_options})


@replaces(EC2Response)
def modify_private_dns_name_options(self: Any) -> ActionResult:
    instance = self.ec2_backend.get_instance(self._get_param("InstanceId"))
    for name, member in (
        ("PrivateDnsHostnameType", "HostnameType"),
        ("EnableResourceNameDnsARecord", "EnableResourceNameDnsARecord"),
        ("EnableResourceNameDnsAAAARecord", "EnableResourceNameDnsAAAARecord"),
    ):
        if self._get_param(name) is not None:
            instance.private_dns_name_options[member] = self._get_param(name)
    return ActionResult({"Return": True})
