"""S3's permissions, whose names are often not those of its calls.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html
"""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, unquote

from moto.s3.models import s3_backends

from .accounts import Principal
from .calls import Call, read_body
from .policy import Ask

_ACTIONS = {
    "ListBuckets": "ListAllMyBuckets",
    "ListObjects": "ListBucket",
    "ListObjectsV2": "ListBucket",
    "HeadBucket": "ListBucket",
    "ListObjectVersions": "ListBucketVersions",
    "ListMultipartUploads": "ListBucketMultipartUploads",
    "HeadObject": "GetObject",
    "CreateMultipartUpload": "PutObject",
    "UploadPart": "PutObject",
    "UploadPartCopy": "PutObject",
    "CompleteMultipartUpload": "PutObject",
    "CopyObject": "PutObject",
    "ListParts": "ListMultipartUploadParts",
    "DeleteObjects": "DeleteObject",
    "GetBucketEncryption": "GetEncryptionConfiguration",
    "PutBucketEncryption": "PutEncryptionConfiguration",
    "DeleteBucketEncryption": "PutEncryptionConfiguration",
    "GetPublicAccessBlock": "GetBucketPublicAccessBlock",
    "PutPublicAccessBlock": "PutBucketPublicAccessBlock",
    "DeletePublicAccessBlock": "PutBucketPublicAccessBlock",
    "GetBucketLifecycle": "GetLifecycleConfiguration",
    "GetBucketLifecycleConfiguration": "GetLifecycleConfiguration",
    "PutBucketLifecycleConfiguration": "PutLifecycleConfiguration",
    "DeleteBucketLifecycle": "PutLifecycleConfiguration",
    "GetBucketReplication": "GetReplicationConfiguration",
    "PutBucketReplication": "PutReplicationConfiguration",
    "DeleteBucketReplication": "PutReplicationConfiguration",
    "GetBucketCors": "GetBucketCORS",
    "PutBucketCors": "PutBucketCORS",
    "DeleteBucketCors": "PutBucketCORS",
    "GetBucketAccelerateConfiguration": "GetAccelerateConfiguration",
    "GetObjectLockConfiguration": "GetBucketObjectLockConfiguration",
    "PutObjectLockConfiguration": "PutBucketObjectLockConfiguration",
    "GetBucketNotificationConfiguration": "GetBucketNotification",
    "PutBucketNotificationConfiguration": "PutBucketNotification",
    "DeleteBucketTagging": "PutBucketTagging",
    "DeleteBucketOwnershipControls": "PutBucketOwnershipControls",
    "GetBucketAnalyticsConfiguration": "GetAnalyticsConfiguration",
    "GetBucketInventoryConfiguration": "GetInventoryConfiguration",
    "GetBucketMetricsConfiguration": "GetMetricsConfiguration",
}
_VERSIONED = {"GetObject": "GetObjectVersion", "DeleteObject": "DeleteObjectVersion", "GetObjectTagging": "GetObjectVersionTagging"}


def s3_asks(principal: Principal, call: Call, environ: dict[str, Any] | None = None) -> list[Ask]:
    """What an S3 call asks for: one permission, or two for a copy."""
    params, environ = call.params, environ or {}
    bucket, key = str(params.get("Bucket") or ""), str(params.get("Key") or "")
    action = _ACTIONS.get(call.action, call.action)
    if call.action == "DeleteObjects":
        key = key or "*"
    if params.get("versionId") and action in _VERSIONED:
        action = _VERSIONED[action]
    resource = f"arn:aws:s3:::{bucket}/{key}" if key else f"arn:aws:s3:::{bucket}" if bucket else "*"
    context = {f"s3:{name}": params[name] for name in ("prefix", "delimiter", "max-keys") if name in params}
    if params.get("versionId"):
        context["s3:VersionId"] = params["versionId"]
    for header, name in (
        ("HTTP_IF_NONE_MATCH", "s3:if-none-match"),
        ("HTTP_IF_MATCH", "s3:if-match"),
        ("HTTP_X_AMZ_SERVER_SIDE_ENCRYPTION", "s3:x-amz-server-side-encryption"),
        ("HTTP_X_AMZ_SERVER_SIDE_ENCRYPTION_AWS_KMS_KEY_ID", "s3:x-amz-server-side-encryption-aws-kms-key-id"),
        ("HTTP_X_AMZ_ACL", "s3:x-amz-acl"),
    ):
        if header in environ:
            context[name] = environ[header]
    asks = [Ask(f"s3:{action}", resource, context=context)]
    if call.action == "CreateBucket" and b"<Tag>" in read_body(environ):
        asks.append(Ask("s3:TagResource", resource, context=dict(context)))
    if action == "PutObject" and "HTTP_X_AMZ_TAGGING" in environ:
        asks.append(Ask("s3:PutObjectTagging", resource, context=dict(context)))
    asks += _copy_asks(resource, context, environ)
    for ask in asks:
        owner = s3_backends.bucket_accounts.get(ask.resource.removeprefix("arn:aws:s3:::").split("/", 1)[0])
        if owner is not None:
            ask.context |= {"aws:ResourceAccount": owner[1], "s3:ResourceAccount": owner[1]}
    return asks


def copy_source(environ: dict[str, Any]) -> tuple[str, str, str | None] | None:
    """Bucket, key and version id of the header x-amz-copy-source."""
    path, _, query = environ.get("HTTP_X_AMZ_COPY_SOURCE", "").partition("?")
    bucket, _, key = unquote(path).lstrip("/").partition("/")
    return (bucket, key, parse_qs(query).get("versionId", [None])[0]) if key else None


def _copy_asks(resource: str, context: dict[str, Any], environ: dict[str, Any]) -> list[Ask]:
    """A copy reads its source by the rights of its one caller, tags too where there are any.

    https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html
    """
    source = copy_source(environ)
    if source is None:
        return []
    bucket, key, version = source
    arn, of_version = f"arn:aws:s3:::{bucket}/{key}", "Version" if version else ""
    reading = {**context, **({"s3:VersionId": version} if version else {})}
    asks = [Ask(f"s3:GetObject{of_version}", arn, context=dict(reading))]
    copies_tags = environ.get("HTTP_X_AMZ_TAGGING_DIRECTIVE", "COPY") == "COPY" and "uploadId=" not in environ.get("QUERY_STRING", "")
    if copies_tags and _is_tagged(bucket, key, version):
        asks += [Ask(f"s3:GetObject{of_version}Tagging", arn, context=reading), Ask("s3:PutObjectTagging", resource, context=dict(context))]
    return asks


def _is_tagged(bucket: str, key: str, version: str | None) -> bool:
    owner = s3_backends.bucket_accounts.get(bucket)
    if owner is None:
        return False
    backend = s3_backends[owner[1]]["aws"]
    found = backend.get_object(bucket, key, version_id=version)
    return found is not None and bool(backend.tagger.get_tag_dict_for_resource(found.arn))
