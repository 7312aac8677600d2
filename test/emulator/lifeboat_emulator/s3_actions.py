"""S3's permissions, whose names are often not those of its calls.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html
"""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote

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
    source = unquote(environ.get("HTTP_X_AMZ_COPY_SOURCE", "")).lstrip("/").split("?")[0]
    if source:
        asks.append(Ask("s3:GetObject", f"arn:aws:s3:::{source}", context=dict(context)))
    return asks
