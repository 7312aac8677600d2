"""S3 Batch Operations, of one operation: S3ReplicateObject over a manifest that S3 generates.

moto knows no jobs. A job goes on when it is asked about: its role is taken on and its manifest made, then it waits to be confirmed, then each of its
versions is replicated by its bucket's own rule and role. The job's role only asks for that. What AWS would take and this does not know is refused.
Hooks: three calls of `S3ControlResponse`, and its paths.

https://docs.aws.amazon.com/AmazonS3/latest/API/API_control_CreateJob.html
https://docs.aws.amazon.com/AmazonS3/latest/userguide/batch-ops-job-status.html
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from typing import Any

from moto.core.responses import ActionResult
from moto.iam.models import iam_backends
from moto.s3.models import FakeKey
from moto.s3control import urls
from moto.s3control.responses import S3ControlResponse

from . import clock, s3_replication
from .accounts import Principal
from .errors import GateError

SERVICE = "batchoperations.s3.amazonaws.com"
_STATUSES = {"COMPLETED", "FAILED", "NONE", "REPLICA"}
_CONFIRMED = {"Ready", "Cancelled"}

for _path in ("jobs", "jobs/<id>", "jobs/<id>/status"):
    urls.url_paths[f"/v20180820/{_path}"] = S3ControlResponse.dispatch


@dataclass
class Job:
    account: str
    region: str
    wanted: dict[str, Any]
    id: str = field(default_factory=lambda: str(uuid.uuid4()))
    created: Any = field(default_factory=clock.now)
    status: str = "New"
    reasons: list[dict[str, str]] = field(default_factory=list)
    versions: list[FakeKey] = field(default_factory=list)
    succeeded: int = 0
    failed: int = 0

    @property
    def arn(self) -> str:
        return f"arn:aws:s3:{self.region}:{self.account}:job/{self.id}"


_jobs: dict[str, Job] = {}


def create_job(self: Any) -> ActionResult:
    wanted = {name: self._get_param(name) for name in ("ConfirmationRequired", "Operation", "Report", "Priority", "RoleArn", "ManifestGenerator", "Manifest", "Description", "ClientRequestToken")}
    _check(self, wanted)
    for job in _jobs.values():
        if (job.account, job.wanted["ClientRequestToken"]) == (self.current_account, wanted["ClientRequestToken"]):
            if job.wanted != wanted:
                raise GateError("IdempotencyException", "The client request token was used before, with other parameters.", 409)
            return ActionResult({"JobId": job.id})
    job = Job(self.current_account, self.region, wanted)
    _jobs[job.id] = job
    return ActionResult({"JobId": job.id})


def _check(response: Any, wanted: dict[str, Any]) -> None:
    if response._get_param("AccountId") != response.current_account:
        raise GateError("AccessDenied", "The account of the request is not the caller's.", 403)
    if not wanted["ClientRequestToken"] or wanted["Priority"] is None or not wanted["RoleArn"]:
        raise GateError("InvalidRequest", "ClientRequestToken, Priority and RoleArn are required.")
    if list(wanted["Operation"] or {}) != ["S3ReplicateObject"]:
        raise NotImplementedError(f"a job of {list(wanted['Operation'] or {})}")
    generator = (wanted["ManifestGenerator"] or {}).get("S3JobManifestGenerator")
    if wanted["Manifest"] or not generator:
        raise NotImplementedError("a job without a manifest generator")
    if (wanted["Report"] or {}).get("Enabled") is None:
        raise GateError("InvalidRequest", "Report is required.")
    if wanted["Report"]["Enabled"] or generator.get("EnableManifestOutput"):
        raise NotImplementedError("reports and manifests that are kept")
    if generator.get("EnableManifestOutput") is None:
        raise GateError("InvalidRequest", "EnableManifestOutput is required.")
    chosen = generator.get("Filter") or {}
    if set(chosen) - {"EligibleForReplication", "ObjectReplicationStatuses"} or set(chosen.get("ObjectReplicationStatuses", [])) - _STATUSES:
        raise NotImplementedError(f"a filter of {chosen}")
    name = str(generator.get("SourceBucket", "")).removeprefix("arn:aws:s3:::")
    bucket = s3_replication.bucket_of(name)
    if bucket is None or bucket.account_id != generator.get("ExpectedBucketOwner", bucket.account_id):
        raise GateError("InvalidRequest", "The source bucket is not there, or not the expected owner's.")
    if bucket.region_name != response.region:
        raise GateError("InvalidRequest", "The job must be in the region of its source bucket.")
    if not str(wanted["RoleArn"]).startswith(f"arn:aws:iam::{response.current_account}:role/"):
        raise GateError("InvalidRequest", "The role must be of the account of the job.")


def _find(response: Any) -> Job:
    job = _jobs.get(str(response._get_param("JobId")))
    if job is None or (job.account, job.region) != (response.current_account, response.region):
        raise GateError("NoSuchJobException", "The specified job does not exist.", 404)
    return job


def describe_job(self: Any) -> ActionResult:
    job = _find(self)
    _go_on(job)
    wanted = job.wanted
    summary = {"TotalNumberOfTasks": len(job.versions), "NumberOfTasksSucceeded": job.succeeded, "NumberOfTasksFailed": job.failed}
    answer = {
        "JobId": job.id,
        "JobArn": job.arn,
        "Status": job.status,
        "ConfirmationRequired": bool(wanted["ConfirmationRequired"]),
        "Operation": wanted["Operation"],
        "Report": wanted["Report"],
        "Priority": wanted["Priority"],
        "RoleArn": wanted["RoleArn"],
        "ManifestGenerator": wanted["ManifestGenerator"],
        "ProgressSummary": summary,
        "FailureReasons": job.reasons,
        "CreationTime": job.created,
        **({"Description": wanted["Description"]} if wanted["Description"] else {}),
    }
    return ActionResult({"Job": answer})


def update_job_status(self: Any) -> ActionResult:
    job, wanted = _find(self), str(self._get_param("RequestedJobStatus"))
    if wanted not in _CONFIRMED:
        raise GateError("InvalidRequest", "RequestedJobStatus is Ready or Cancelled.")
    if job.status in ("Complete", "Failed", "Cancelled") or (wanted == "Ready" and job.status != "Suspended"):
        raise GateError("JobStatusException", f"The job is {job.status}.")
    job.status = wanted
    return ActionResult({"JobId": job.id, "Status": job.status, "StatusUpdateReason": self._get_param("StatusUpdateReason") or ""})


def _go_on(job: Job) -> None:
    """One step each time that somebody asks."""
    s3_replication.settle()
    if job.status == "New":
        job.status = "Preparing"
    elif job.status == "Preparing":
        _prepare(job)
    elif job.status == "Ready":
        _run(job)


def _fail(job: Job, code: str, reason: str) -> None:
    job.status, job.reasons = "Failed", [{"FailureCode": code, "FailureReason": reason}]


def _principal(job: Job) -> Principal | None:
    """The job's role, if it trusts the service and is there."""
    role = next((role for role in iam_backends[job.account]["aws"].roles.values() if role.arn == job.wanted["RoleArn"]), None)
    context = {"aws:SourceAccount": job.account, "aws:SourceArn": job.arn}
    if role is None or not s3_replication.trusts(role, SERVICE, context):
        return None
    return Principal("role", job.account, f"{role.arn}/s3-batch-operations", role.id, role)


def _source(job: Job) -> Any:
    generator = job.wanted["ManifestGenerator"]["S3JobManifestGenerator"]
    return s3_replication.bucket_of(generator["SourceBucket"].removeprefix("arn:aws:s3:::"))


def _prepare(job: Job) -> None:
    who, bucket = _principal(job), _source(job)
    if who is None:
        return _fail(job, "AccessDenied", f"The role {job.wanted['RoleArn']} cannot be assumed by {SERVICE}.")
    for name in ("GetReplicationConfiguration", "PutInventoryConfiguration"):
        if bucket is None or not s3_replication.may(who, bucket, name, bucket.arn):
            return _fail(job, "ManifestGenerationFailed", f"The role may not s3:{name} on the source bucket.")
    if not getattr(bucket, "replication", None):
        return _fail(job, "ManifestGenerationFailed", "The source bucket has no replication configuration.")
    chosen = job.wanted["ManifestGenerator"]["S3JobManifestGenerator"].get("Filter") or {}
    statuses = set(chosen.get("ObjectReplicationStatuses") or _STATUSES)
    # Delete markers are no objects: no manifest holds them. What is on its way has no status that can be asked for.
    job.versions = [
        item
        for _, items in bucket.keys.lists()
        for item in items
        if isinstance(item, FakeKey)
        and (getattr(item, "replication_status", None) or "NONE") in statuses
        and (not chosen.get("EligibleForReplication") or s3_replication.eligible(item))
    ]
    job.status = "Suspended" if job.wanted["ConfirmationRequired"] else "Ready"


def _run(job: Job) -> None:
    who, bucket = _principal(job), _source(job)
    if who is None or bucket is None:
        return _fail(job, "AccessDenied", f"The role {job.wanted['RoleArn']} cannot be assumed by {SERVICE}.")
    for item in job.versions:
        asked = s3_replication.may(who, bucket, "InitiateReplication", f"{bucket.arn}/{item.name}")
        done = asked and s3_replication.replicate_now(item)
        job.succeeded, job.failed = job.succeeded + done, job.failed + (not done)
    # AWS ends a job of which more than half fails, once it has tried a thousand; a smaller one is complete, with what failed said.
    many = job.failed + job.succeeded >= 1_000 and job.failed > job.succeeded
    if many:
        return _fail(job, "TooManyFailures", "More than half of the tasks failed.")
    job.status = "Complete"


for _method in (create_job, describe_job, update_job_status):
    setattr(S3ControlResponse, _method.__name__, _method)
