"""Targets as Elastic Load Balancing has them: one for each port, machines that run in the group's VPC, addresses that are told to be outside.

Hooks: `FakeTargetGroup.register`, `.deregister`, `.deregister_terminated_instances`, and `ELBv2Backend.describe_target_health`.
https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_RegisterTargets.html
"""

from __future__ import annotations

import ipaddress
from typing import Any

from moto.elbv2.exceptions import InvalidTargetError, TargetNotRunning
from moto.elbv2.models import ELBv2Backend, FakeTargetGroup

from . import vpcs
from .balancer_attributes import refuse
from .patching import replaces
from .target_groups import group_of

_REASONS = {
    "Target.NotRegistered": "Target is not registered to the target group",
    "Target.DeregistrationInProgress": "Target deregistration is in progress",
    "Target.InvalidState": "Target is in the stopped state",
    "Target.NotInUse": "Target group is not configured to receive traffic from the load balancer",
}


def _key(group: Any, target: dict[str, Any]) -> str:
    port = target.get("Port") or group.port
    return f"{target['Id']} {port}"


def _instance(group: Any, target_id: str) -> Any:
    """None for what is not there. A terminated one is no target."""
    found = group.ec2_backend.get_instance_by_id(target_id)
    return None if found is None or found.state == "terminated" else found


def _is_inside(group: Any, address: Any) -> bool:
    vpc = group.ec2_backend.get_vpc(group.vpc_id)
    return any(address in network for network in vpcs.ranges(vpc, address.version))


def _check(group: Any, target: dict[str, Any]) -> dict[str, Any]:
    port = target.get("Port") or group.port
    checked: dict[str, Any] = {"Id": target["Id"]}
    if group.target_type != "lambda":
        checked["Port"] = int(port)
    if group.target_type == "instance":
        instance = _instance(group, target["Id"])
        if instance is None or instance.vpc_id != group.vpc_id:
            raise InvalidTargetError()
        if instance.state != "running":
            raise TargetNotRunning(instance_id=target["Id"])
        if target.get("AvailabilityZone"):
            raise refuse("An Availability Zone cannot be specified for targets of the type instance")
    if group.target_type == "ip":
        try:
            address = ipaddress.ip_address(target["Id"])
        except ValueError:
            raise refuse(f"The IP address '{target['Id']}' is not a valid IP address") from None
        zone = target.get("AvailabilityZone")
        if not _is_inside(group, address) and zone != "all":
            raise refuse(f"You must specify an Availability Zone or 'all' for the IP address '{address}', which is outside of the VPC of the target group")
        if not address.is_private:
            raise refuse(f"The IP address '{address}' is not private, as the addresses of targets must be")
        if zone:
            checked["AvailabilityZone"] = zone
    return checked


@replaces(FakeTargetGroup)
def register(self: Any, targets: list[dict[str, Any]]) -> None:
    checked = [_check(self, target) for target in targets]
    for target in checked:
        self.targets[_key(self, target)] = target
        self.deregistered_targets.pop(_key(self, target), None)
        self.terminated_targets.pop(_key(self, target), None)


@replaces(FakeTargetGroup)
def deregister(self: Any, targets: list[dict[str, Any]]) -> None:
    """Without a port, of every port."""
    for target in targets:
        keys = [key for key, known in self.targets.items() if known["Id"] == target["Id"] and target.get("Port") in (None, known.get("Port"))]
        if not keys and not any(known["Id"] == target["Id"] for known in self.terminated_targets.values()):
            raise InvalidTargetError()
        for key in keys:
            self.deregistered_targets[key] = self.targets.pop(key)


@replaces(FakeTargetGroup)
def deregister_terminated_instances(self: Any, instance_ids: list[str]) -> None:
    for key in [key for key, known in self.targets.items() if known["Id"] in instance_ids]:
        self.terminated_targets[key] = self.targets.pop(key)


def _health(group: Any, target: dict[str, Any]) -> tuple[str, str | None]:
    key = _key(group, target)
    if key in group.terminated_targets:
        return "draining", "Target.DeregistrationInProgress"
    if key not in group.targets:
        return "unused", "Target.NotRegistered"
    if not group.load_balancer_arns:
        return "unused", "Target.NotInUse"
    instance = _instance(group, target["Id"]) if group.target_type == "instance" else None
    if instance is not None and instance.state != "running":
        return "unused", "Target.InvalidState"
    return "healthy", None


@replaces(ELBv2Backend)
def describe_target_health(self: Any, target_group_arn: str, targets: list[dict[str, Any]]) -> list[dict[str, Any]]:
    group = group_of(self, target_group_arn)
    asked = targets or list(group.targets.values()) + list(group.terminated_targets.values())
    found = []
    for target in asked:
        if group.target_type == "instance" and group.ec2_backend.get_instance_by_id(target["Id"]) is None:
            raise InvalidTargetError()
        state, reason = _health(group, target)
        known = group.targets.get(_key(group, target)) or {**target, **({} if group.target_type == "lambda" else {"Port": int(target.get("Port") or group.port)})}
        health = {"State": state, **({"Reason": reason, "Description": _REASONS[reason]} if reason else {})}
        found.append({"Target": known, "HealthCheckPort": str(group.health_check_port), "TargetHealth": health})
    return found
