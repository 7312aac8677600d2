"""What DLM does at its hours, done on demand: `POST /_emulator/dlm/run` runs every enabled policy once."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from typing import Any, Callable

from moto.ec2.exceptions import EC2ClientError
from moto.ec2.models import ec2_backends
from moto.iam.models import iam_backends

from . import clock
from .dlm import Policy, store
from .sharing import share
from .snapshots import create_set, refuse_deletion

_POLICY, _SCHEDULE = "aws:dlm:lifecycle-policy-id", "aws:dlm:lifecycle-schedule-name"
_UNITS = {"HOURS": 1, "DAYS": 24, "WEEKS": 168, "MONTHS": 730, "YEARS": 8760}


@dataclass
class Report:
    """What one policy did."""

    policyId: str
    account: str
    region: str
    created: list[str] = field(default_factory=list)
    deleted: list[str] = field(default_factory=list)
    sharedWith: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


def run_all() -> dict[str, Any]:
    return {"policies": [vars(_run(policy)) for policy in list(store.policies.values()) if policy.state == "ENABLED"]}


def _run(policy: Policy) -> Report:
    report = Report(policy.id, policy.account, policy.region)
    if not any(role.arn == policy.role for role in iam_backends[policy.account]["aws"].roles.values()):
        policy.state, policy.message = "ERROR", f"The role {policy.role} does not exist."
        report.errors.append(policy.message)
        return report
    backend = ec2_backends[policy.account][policy.region]
    for schedule in policy.details["Schedules"]:
        if schedule.get("CrossRegionCopyRules") or schedule.get("ArchiveRule"):
            report.errors.append(f"schedule {schedule['Name']}: cross-region copies and archiving are not emulated")
        for target in _targets(policy, backend):
            _attempt(report, target.id, lambda target=target, schedule=schedule: _take(report, policy, schedule, backend, target))
        _retain(report, policy, schedule, backend)
    return report


def _attempt(report: Report, what: str, act: Callable[[], None]) -> None:
    """One target's failure leaves the others going, as AWS does, and is reported."""
    try:
        act()
    except EC2ClientError as error:
        report.errors.append(f"{what}: {error.code}: {error.message}")


def _targets(policy: Policy, backend: Any) -> list[Any]:
    """The instances or volumes that have at least one of the policy's target tags."""
    wanted = [(tag["Key"], tag["Value"]) for tag in policy.details["TargetTags"]]
    if policy.details["ResourceTypes"] == ["INSTANCE"]:
        found = [instance for instance in backend.all_instances() if instance.state in ("running", "stopped", "stopping", "pending")]
    else:
        found = list(backend.volumes.values())
    return [item for item in found if any(backend.tags.get(item.id, {}).get(key) == value for key, value in wanted)]


def _take(report: Report, policy: Policy, schedule: dict[str, Any], backend: Any, target: Any) -> None:
    description = f"Created for policy: {policy.id} schedule: {schedule['Name']}"
    instance = policy.details["ResourceTypes"] == ["INSTANCE"]
    if instance:
        parameters = policy.details.get("Parameters") or {}
        left_out = _excluded(backend, target, parameters.get("ExcludeDataVolumeTags") or [])
        taken = create_set(backend, target.id, description, bool(parameters.get("ExcludeBootVolume")), left_out)
    else:
        taken = [backend.create_snapshot(target.id, description)]
    for snapshot in taken:
        report.created.append(snapshot.id)
        _attempt(report, snapshot.id, lambda snapshot=snapshot: _tag(policy, schedule, backend, snapshot, target.id if instance else None))
        for rule in schedule.get("ShareRules") or []:
            _attempt(report, snapshot.id, lambda snapshot=snapshot, rule=rule: _share(report, snapshot, rule["TargetAccounts"]))


def _excluded(backend: Any, instance: Any, tags: list[dict[str, str]]) -> list[str]:
    """Data volumes that carry one of the tags; the boot volume is never chosen by tag."""
    data = [block.volume_id for device, block in instance.get_block_device_mapping if device != instance.root_device_name]
    return [volume_id for volume_id in data if any(backend.tags.get(volume_id, {}).get(tag["Key"]) == tag["Value"] for tag in tags)]


def _tag(policy: Policy, schedule: dict[str, Any], backend: Any, snapshot: Any, instance_id: str | None) -> None:
    taken = snapshot.start_time.strftime("%Y-%m-%dT%H:%M:%SZ")
    values = {"$(instance-id)": instance_id or "", "$(timestamp)": taken}
    tags: dict[str, str] = {}
    if schedule.get("CopyTags"):
        tags.update({key: value for key, value in backend.tags.get(snapshot.volume.id, {}).items() if not key.startswith("aws:")})
    tags.update({tag["Key"]: tag["Value"] for tag in schedule.get("TagsToAdd") or []})
    for tag in schedule.get("VariableTags") or []:
        text = tag["Value"]
        for variable, value in values.items():
            text = text.replace(variable, value)
        tags[tag["Key"]] = text
    snapshot.add_tags({_POLICY: policy.id, _SCHEDULE: schedule["Name"]})
    snapshot.ec2_backend.create_tags([snapshot.id], {**tags, "dlm:managed": "true"})


def _share(report: Report, snapshot: Any, accounts: list[str]) -> None:
    share(snapshot, accounts, [])
    report.sharedWith = sorted({*report.sharedWith, *accounts})


def _retain(report: Report, policy: Policy, schedule: dict[str, Any], backend: Any) -> None:
    """Keeps the newest sets of each target; what is locked or in use stays, and is reported."""
    sets: dict[str, dict[Any, list[Any]]] = {}
    for snapshot in list(backend.snapshots.values()):
        tags = backend.tags.get(snapshot.id, {})
        if tags.get(_POLICY) == policy.id and tags.get(_SCHEDULE) == schedule["Name"]:
            sets.setdefault(_group(policy, backend, snapshot), {}).setdefault(snapshot.start_time, []).append(snapshot)
    for target in sets.values():
        for snapshot in [snapshot for when in _expired(schedule["RetainRule"], sorted(target, reverse=True)) for snapshot in target[when]]:
            _attempt(report, snapshot.id, lambda snapshot=snapshot: _remove(report, backend, snapshot))


def _group(policy: Policy, backend: Any, snapshot: Any) -> str:
    if policy.details["ResourceTypes"] == ["VOLUME"]:
        return snapshot.volume.id
    volume = backend.volumes.get(snapshot.volume.id)
    # A detached volume's old snapshots are still its own group: DLM counts by what it targeted then.
    return volume.attachment.instance.id if volume is not None and volume.attachment is not None else snapshot.volume.id


def _expired(rule: dict[str, Any], newest_first: list[datetime.datetime]) -> list[datetime.datetime]:
    if rule.get("Count"):
        return newest_first[rule["Count"] :]
    age = datetime.timedelta(hours=rule["Interval"] * _UNITS[rule["IntervalUnit"]])
    return [when for when in newest_first if clock.now() - when > age]


def _remove(report: Report, backend: Any, snapshot: Any) -> None:
    refuse_deletion(backend, snapshot)
    backend.snapshots.pop(snapshot.id)
    report.deleted.append(snapshot.id)
