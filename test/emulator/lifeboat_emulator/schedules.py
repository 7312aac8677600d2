"""EventBridge Scheduler: one-time schedules that start an automation of Systems Manager which ends machines by their tag.

moto keeps schedules and never carries one out. Here a schedule is due by the emulator's clock, at the next call of anybody; its role and the
automation's are taken on and asked for what they do. Known are `at()` in UTC, the universal target of StartAutomationExecution, and the document
AWS-TerminateEC2Instance with targets by one tag; anything else is refused. Hook: `create_schedule` of moto's backend.

https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-targets-universal.html
https://docs.aws.amazon.com/systems-manager-automation-runbooks/latest/userguide/automation-aws-terminateec2instance.html
"""

from __future__ import annotations

import datetime
import json
import re
from typing import Any

from moto.ec2.models import ec2_backends
from moto.iam.models import iam_backends
from moto.scheduler.exceptions import ValidationException
from moto.scheduler.models import EventBridgeSchedulerBackend, scheduler_backends

from . import clock, s3_replication
from .accounts import Principal
from .ec2_asks import resource_context
from .patching import replaces
from .policy import Ask

_START = "arn:aws:scheduler:::aws-sdk:ssm:startAutomationExecution"
_DOCUMENT = "AWS-TerminateEC2Instance"
_AT = re.compile(r"^at\((\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)\)$")
_INPUT = {"DocumentName", "TargetParameterName", "Targets", "Parameters", "MaxConcurrency", "MaxErrors"}
_ENDED = ("shutting-down", "terminated")

# What was carried out, newest last, for tests: the schedule's name, the machines that it ended, and why it did not.
fired: list[dict[str, Any]] = []


@replaces(EventBridgeSchedulerBackend)
def create_schedule(self: Any, **wanted: Any) -> Any:
    if not _AT.match(str(wanted["schedule_expression"])) or wanted["schedule_expression_timezone"] not in (None, "UTC"):
        raise NotImplementedError(f"a schedule of {wanted['schedule_expression']} in {wanted['schedule_expression_timezone']}")
    if (wanted["flexible_time_window"] or {}).get("Mode") not in ("OFF", "FLEXIBLE"):
        raise ValidationException("FlexibleTimeWindow is required.")
    if wanted["flexible_time_window"]["Mode"] != "OFF" or wanted["start_date"] or wanted["end_date"] or wanted["kms_key_arn"]:
        raise NotImplementedError("windows, limits and keys of a schedule")
    target = wanted["target"] or {}
    if target.get("Arn") != _START or set(target) - {"Arn", "RoleArn", "Input", "RetryPolicy"}:
        raise NotImplementedError(f"a target of {target.get('Arn')} with {sorted(target)}")
    role = _role(self.account_id, str(target.get("RoleArn")))
    if role is None or not s3_replication.trusts(role, "scheduler.amazonaws.com", _context(self.account_id, self.region_name)):
        raise ValidationException("The execution role you provide must allow AWS EventBridge Scheduler to assume the role.")
    _automation(target)
    return create_schedule.original(self, **wanted)  # type: ignore[attr-defined]


def settle() -> None:
    """Carries out what is due."""
    for account in list(scheduler_backends.keys()):
        for region in list(scheduler_backends[account].keys()):
            for group in scheduler_backends[account][region].schedule_groups.values():
                for schedule in list(group.schedules.values()):
                    if schedule.state == "ENABLED" and not getattr(schedule, "is_done", False) and _due(schedule) <= clock.now():
                        schedule.is_done = True
                        _fire(account, region, schedule)
                        if schedule.action_after_completion == "DELETE":
                            group.schedules.pop(schedule.name)


def _due(schedule: Any) -> datetime.datetime:
    match = _AT.match(schedule.schedule_expression)
    return datetime.datetime.fromisoformat(match.group(1)) if match else datetime.datetime.max


def _context(account: str, region: str) -> dict[str, Any]:
    return {"aws:SourceAccount": account, "aws:SourceArn": f"arn:aws:scheduler:{region}:{account}:schedule-group/default"}


def _role(account: str, arn: str) -> Any:
    return next((role for role in iam_backends[account]["aws"].roles.values() if role.arn == arn), None)


def _automation(target: dict[str, Any]) -> dict[str, Any]:
    try:
        wanted = json.loads(target.get("Input") or "{}")
    except ValueError:
        raise ValidationException("Input is not valid JSON.") from None
    if set(wanted) - _INPUT or wanted.get("DocumentName") != _DOCUMENT or wanted.get("TargetParameterName") != "InstanceId":
        raise NotImplementedError(f"an automation of {wanted}")
    targets = wanted.get("Targets") or []
    if len(targets) != 1 or not str(targets[0].get("Key")).startswith("tag:"):
        raise NotImplementedError(f"targets of {targets}")
    # A runbook's parameters are lists of text, whatever they stand for.
    if any(not isinstance(value, list) for value in (wanted.get("Parameters") or {}).values()):
        raise ValidationException("Parameters are lists.")
    return wanted


def _fire(account: str, region: str, schedule: Any) -> None:
    ended: list[str] = []
    done: dict[str, Any] = {"name": schedule.name, "ended": ended, "problems": []}
    fired.append(done)
    wanted = _automation(schedule.target)
    starter = _role(account, schedule.target["RoleArn"])
    if starter is None or not s3_replication.trusts(starter, "scheduler.amazonaws.com", _context(account, region)):
        done["problems"].append(f"{schedule.target['RoleArn']} cannot be assumed by scheduler.amazonaws.com")
        return
    who = Principal("role", account, f"{starter.arn}/schedule", starter.id, starter)
    document = f"arn:aws:ssm:{region}::automation-definition/{_DOCUMENT}:$DEFAULT"
    if not _may(who, "ssm:StartAutomationExecution", document, {}, done):
        return
    assumed = ((wanted.get("Parameters") or {}).get("AutomationAssumeRole") or [None])[0]
    if assumed is not None:
        role = _role(account, assumed)
        if not _may(who, "iam:PassRole", assumed, {"iam:PassedToService": "ssm.amazonaws.com"}, done):
            return
        if role is None or not s3_replication.trusts(role, "ssm.amazonaws.com", {"aws:SourceAccount": account}):
            done["problems"].append(f"{assumed} cannot be assumed by ssm.amazonaws.com")
            return
        who = Principal("role", account, f"{role.arn}/automation", role.id, role)
    _end_machines(who, account, region, wanted["Targets"][0], done)


def _end_machines(who: Principal, account: str, region: str, target: dict[str, Any], done: dict[str, Any]) -> None:
    backend = ec2_backends[account][region]
    key = str(target["Key"]).removeprefix("tag:")
    if not all(_may(who, f"ec2:{action}", "*", {}, done) for action in ("DescribeInstances", "DescribeInstanceStatus")):
        return
    for instance in list(backend.all_instances()):
        if instance.state in _ENDED or backend.tags.get(instance.id, {}).get(key) not in target["Values"]:
            continue
        arn = f"arn:aws:ec2:{region}:{account}:instance/{instance.id}"
        context = {**resource_context(account, region, instance.id), "aws:RequestedRegion": region}
        if not _may(who, "ec2:TerminateInstances", arn, context, done):
            continue
        try:
            backend.terminate_instances([instance.id])
            done["ended"].append(instance.id)
        except Exception as error:  # one machine's refusal leaves the others to be ended
            done["problems"].append(f"{instance.id}: {error}")


def _may(who: Principal, action: str, resource: str, context: dict[str, Any], done: dict[str, Any]) -> bool:
    """A service's role is asked whether or not callers are."""
    allowed = s3_replication.own_word(who, Ask(action, resource, (who.arn, who.entity_arn), who.account, context))
    if not allowed:
        done["problems"].append(f"{who.entity_arn} is not authorized to perform: {action} on resource: {resource}")
    return allowed

