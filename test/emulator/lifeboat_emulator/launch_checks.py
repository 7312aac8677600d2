"""Whether an instance type fits an image, and is offered in a zone."""

from __future__ import annotations

from typing import Any

from moto.ec2.models.instance_types import INSTANCE_TYPE_OFFERINGS, INSTANCE_TYPES

from .errors import ec2_error, invalid_value


def check_type(kind: str, image: Any) -> None:
    """Image and instance type must fit: architecture, virtualization, boot mode, ENA, TPM."""
    info = INSTANCE_TYPES.get(kind)
    if info is None:
        raise invalid_value(f"Invalid value '{kind}' for InstanceType.")
    supported = info["ProcessorInfo"]["SupportedArchitectures"]
    if image.architecture not in supported:
        message = f"The architecture '{','.join(supported)}' of the specified instance type does not match the architecture '{image.architecture}' of the specified AMI."
        raise invalid_value(f"{message} Specify an instance type and an AMI that have matching architectures, and try again.")
    if image.virtualization_type not in info.get("SupportedVirtualizationTypes", ["hvm"]):
        message = f"The instance type '{kind}' does not support the '{image.virtualization_type}' virtualization type of the image."
        raise ec2_error("InvalidParameterCombination", message)
    boots = info.get("SupportedBootModes", ["legacy-bios"])
    if image.boot_mode in ("uefi", "legacy-bios") and image.boot_mode not in boots:
        raise ec2_error("InvalidParameterCombination", f"The instance type {kind} does not support an AMI with boot mode {image.boot_mode}.")
    if info["NetworkInfo"].get("EnaSupport") == "required" and not image.ena_support:
        message = f"Enhanced networking with the Elastic Network Adapter (ENA) is required for the '{kind}' instance type."
        raise ec2_error("InvalidParameterCombination", f"{message} Ensure that your AMI is enabled for ENA.")
    if image.tpm_support and info.get("NitroTpmSupport") != "supported":
        raise ec2_error("InvalidParameterCombination", f"The instance type {kind} does not support NitroTPM.")


def check_offered(backend: Any, kind: str, zone: str) -> None:
    offers = INSTANCE_TYPE_OFFERINGS["availability-zone-id"].get(backend.region_name)
    zone_id = backend.get_zone_by_name(zone).zone_id
    if offers and not any(offer["InstanceType"] == kind and offer["Location"] == zone_id for offer in offers):
        message = f"Your requested instance type ({kind}) is not supported in your requested Availability Zone ({zone})."
        raise ec2_error("Unsupported", message)
