"""Buckets: their list in pages with regions, whose they are, where they are, and what an object lock takes.

Hooks: `FakeBucket`, `S3Backend`, `S3Response`; `check_place` is asked by the gate before S3 is.
"""

from __future__ import annotations

import base64
from typing import Any

from moto.core.responses import ActionResult
from moto.s3.exceptions import InvalidBucketState, InvalidContinuationToken, MalformedXML
from moto.s3.models import FakeBucket, S3Backend, s3_backends
from moto.s3.responses import S3Response

from .accounts import Principal
from .calls import Call
from .errors import GateError
from .patching import replaces

_MOST = 10_000
# What may be asked of a bucket from any region, or of one that is not there.
_ANYWHERE = ("CreateBucket", "HeadBucket", "GetBucketLocation")


@replaces(FakeBucket)
def __init__(self: Any, *args: Any, **kwargs: Any) -> None:
    """Since April 2023 the owner of a new bucket owns all that is in it."""
    __init__.original(self, *args, **kwargs)  # type: ignore[attr-defined]
    self.ownership_rule = "BucketOwnerEnforced"


@replaces(S3Response)
def all_buckets(self: Any) -> Any:
    """Pages, in the order of names, and each one's region once a parameter is given.

    https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListBuckets.html
    """
    prefix, region, token, most = (self._get_param(name) for name in ("prefix", "bucket-region", "continuation-token", "max-buckets"))
    size = int(most) if most else _MOST
    if not 1 <= size <= _MOST:
        raise GateError("InvalidArgument", "Argument max-buckets must be an integer between 1 and 10000")
    after = _name_in(token) if token else ""
    names = sorted(bucket.name for bucket in self.backend.list_buckets(prefix=prefix, bucket_region=region, max_buckets=None))
    left = [name for name in names if name > after]
    page = [self.backend.get_bucket(name) for name in left[:size]]
    told = any((prefix, region, token, most))
    result: dict[str, Any] = {
        "Owner": {"ID": "bcaf1ffd86f41161ca5fb16fd081034f", "DisplayName": "webfile"},
        "Buckets": [
            {"Name": each.name, "CreationDate": each.creation_date_ISO8601, **({"BucketRegion": each.region_name} if told else {})}
            for each in page
        ],
    }
    if len(left) > size:
        result["ContinuationToken"] = base64.b64encode(page[-1].name.encode()).decode()
    self.data["Action"] = "ListBuckets"
    return self.serialized(ActionResult(result))


def _name_in(token: str) -> str:
    try:
        return base64.b64decode(token, validate=True).decode()
    except ValueError:
        raise InvalidContinuationToken() from None


def find(name: str) -> Any:
    """A bucket of any account; None when nobody has it."""
    owner = s3_backends.bucket_accounts.get(name)
    return s3_backends[owner[1]]["aws"].buckets.get(name) if owner else None


def check_place(principal: Principal, call: Call, environ: dict[str, Any]) -> None:
    """Whose a bucket is, where the caller says whose it should be; and where it is, for it is asked in its own region."""
    bucket = find(str(call.params.get("Bucket") or ""))
    if bucket is None:
        return
    expected = environ.get("HTTP_X_AMZ_EXPECTED_BUCKET_OWNER")
    if expected and expected != bucket.account_id:
        raise GateError("AccessDenied", "Access Denied", 403)
    if call.action not in _ANYWHERE and bucket.account_id == principal.account and bucket.region_name != call.region:
        raise GateError("PermanentRedirect", "The bucket you are attempting to access must be addressed using the specified endpoint.", 301)


@replaces(S3Backend)
def put_object_lock_configuration(self: Any, bucket_name: str, lock_enabled: bool, mode: str | None = None, days: int | None = None, years: int | None = None) -> None:
    """A bucket that is there already takes it too, if it is versioned; it never loses it again.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock-configure.html
    """
    bucket = self.get_bucket(bucket_name)
    if not lock_enabled or (mode is not None and (mode not in ("GOVERNANCE", "COMPLIANCE") or not (days or years))):
        raise MalformedXML()
    if days is not None and days > 36_500:
        raise GateError("InvalidArgument", "Default retention period too large. Default retention period cannot be greater than 36500 days.")
    if not bucket.is_versioned:
        raise InvalidBucketState("Versioning must be 'Enabled' on the bucket to apply a Object Lock configuration")
    bucket.object_lock_enabled = True
    # Of days and years one is there, and the other is not.
    bucket.default_lock_mode, bucket.default_lock_days, bucket.default_lock_years = mode, days or None, years or None


@replaces(S3Backend)
def put_bucket_versioning(self: Any, bucket_name: str, status: str) -> None:
    bucket = self.get_bucket(bucket_name)
    if bucket.object_lock_enabled and status != "Enabled":
        raise InvalidBucketState("An Object Lock configuration is present on this bucket, so the versioning state cannot be changed.")
    put_bucket_versioning.original(self, bucket_name, status)  # type: ignore[attr-defined]


@replaces(S3Backend)
def put_bucket_acl(self: Any, bucket_name: str, acl: Any) -> None:
    """A list of one's own counts for nothing, and is refused, where the bucket's owner owns all."""
    bucket = self.get_bucket(bucket_name)
    if bucket.ownership_rule == "BucketOwnerEnforced" and any(grant.permissions != ["FULL_CONTROL"] for grant in getattr(acl, "grants", [])):
        raise GateError("AccessControlListNotSupported", "The bucket does not allow ACLs")
    put_bucket_acl.original(self, bucket_name, acl)  # type: ignore[attr-defined]


@replaces(S3Backend)
def delete_bucket(self: Any, bucket_name: str) -> Any:
    """Its tags go with it: moto would give them to the next one of that name."""
    removed = delete_bucket.original(self, bucket_name)  # type: ignore[attr-defined]
    if removed is not None:
        self.tagger.delete_all_tags_for_resource(removed.arn)
    return removed
