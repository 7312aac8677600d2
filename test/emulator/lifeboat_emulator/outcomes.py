"""What becomes of images and launches: what AWS finds out only later, or has no room for.

Hooks: `images.Image.state`; `EC2Response.describe_instance_status`. `launch.py` asks `check_capacity` and tells `after_launch`.
"""

from __future__ import annotations

import datetime
import re
from typing import Any

from moto.core.responses import ActionResult
from moto.ec2.models.instance_types import INSTANCE_TYPES
from moto.ec2.responses import EC2Response

from . import clock, config, quotas
from .errors import GateError, ec2_error, invalid_value
from .images import Image
from .patching import replaces

# What cannot be asked for together: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeInstanceStatus.html
_MOST_IDS = 100

# https://docs.aws.amazon.com/ec2/latest/instancetypes/ec2-instance-quotas.html
_STANDARD_VCPUS = "L-1216C47A"
_STANDARD = re.compile(r"(?!hpc|inf|dl|mac|trn)[acdhimrtz]")


def _state(image: Any) -> str:
    """An image is `pending` for a while."""
    waits = datetime.timedelta(seconds=config.get("imageSeconds"))
    return "pending" if image.registered_state == "available" and clock.now() < image.creation_date + waits else image.registered_state


def _set_state(image: Any, state: str) -> None:
    image.registered_state = "failed" if state == "available" and config.get("failImages") else state


Image.state = property(_state, _set_state)  # type: ignore[assignment, method-assign]


def check_capacity(kind: str, zone: str) -> None:
    """AWS has none left of a type in a zone; it answers 500, which clients take for a reason to try again."""
    if kind not in config.get("noCapacity"):
        return
    message = (
        f"We currently do not have sufficient {kind} capacity in the Availability Zone you requested ({zone}). "
        "Our system will be working on provisioning additional capacity."
    )
    raise GateError("InsufficientInstanceCapacity", message, 500)


def check_vcpus(backend: Any, kind: str, count: int) -> None:
    """Standard families share one quota of vCPUs that run. It is held where an account was given one: AWS's default of 5 is for new accounts."""
    most = quotas.applied(backend.account_id, _STANDARD_VCPUS)
    if most is None or not _STANDARD.match(kind):
        return
    running = sum(
        _vcpus(instance.instance_type)
        for reservation in backend.reservations.values()
        for instance in reservation.instances
        if instance.state in ("pending", "running") and _STANDARD.match(instance.instance_type)
    )
    if running + count * _vcpus(kind) > most:
        raise ec2_error(
            "VcpuLimitExceeded",
            f"You have requested more vCPU capacity than your current vCPU limit of {most} allows for the instance bucket that the specified instance type belongs to.",
        )


def _vcpus(kind: str) -> int:
    return int(INSTANCE_TYPES[kind]["VCpuInfo"]["DefaultVCpus"])


def after_launch(instance: Any) -> None:
    """A launch that dies was accepted, and ends by itself with the reason that AWS gives for its own faults."""
    if config.get("launches").get(instance.private_ip) != "dies":
        return
    instance.terminate()
    instance.state_reason.code = "Server.InternalError"
    instance.state_reason.message = "Server.InternalError: Internal error on launch"


@replaces(EC2Response)
def describe_instance_status(self: Any) -> ActionResult:
    """Checks of a machine are `initializing` until it has booted, then `ok`, or `impaired` for good."""
    ids = self._get_param("InstanceIds") or []
    if len(ids) > _MOST_IDS:
        raise invalid_value(f"At most {_MOST_IDS} instance ids can be given.")
    everything = self._get_bool_param("IncludeAllInstances", False)
    filters = [{"name": name, "values": values} for name, values in self._filters_from_querystring().items()]
    found = self.ec2_backend.describe_instance_status(ids, everything, filters)
    self.error_on_dryrun()
    return ActionResult({"InstanceStatuses": [_status(instance) for instance in found]})


def _status(instance: Any) -> dict[str, Any]:
    status = "not-applicable"
    if instance.state == "running":
        booting = clock.now() < instance.launch_time + datetime.timedelta(seconds=config.get("statusSeconds"))
        impaired = config.get("launches").get(instance.private_ip) == "impaired"
        status = "initializing" if booting else "impaired" if impaired else "ok"
    detail = {"ok": "passed", "impaired": "failed", "initializing": "initializing"}.get(status)
    # AWS looks after the host, which is well: what does not boot fails the check of the instance alone.
    system = "ok" if status == "impaired" else status
    details = lambda each: [{"Name": "reachability", "Status": each}] if each else []  # noqa: E731
    return {
        "AvailabilityZone": instance.availability_zone,
        "InstanceId": instance.id,
        "InstanceState": {"Code": instance.state_code, "Name": instance.state},
        "InstanceStatus": {"Status": status, "Details": details(detail)},
        "SystemStatus": {"Status": system, "Details": details("passed" if system == "ok" else detail)},
    }
