"""S3: what every new bucket has, and tags through S3 Control. Hooks: `FakeBucket`, `S3Backend`, `S3ControlBackend`."""

from __future__ import annotations

import re
from typing import Any
from xml.sax.saxutils import unescape

from moto.iam.access_control import PermissionResult
from moto.s3.models import FakeBucket, PublicAccessBlock, S3Backend, s3_backends
from moto.s3.responses import S3Response
from moto.s3control.models import S3ControlBackend

from .errors import GateError
from .patching import replaces

_DEFAULT_ENCRYPTION = {"Rule": {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}, "BucketKeyEnabled": False}}


@replaces(FakeBucket)
def __init__(self: Any, *args: Any, **kwargs: Any) -> None:
    """Since 2023 every new bucket encrypts with S3's own keys and blocks public access."""
    __init__.original(self, *args, **kwargs)  # type: ignore[attr-defined]
    self.encryption = _DEFAULT_ENCRYPTION
    self.public_access_block = PublicAccessBlock(True, True, True, True)


@replaces(FakeBucket)
def get_permission(self: Any, action: str, resource: str) -> Any:
    """Bucket policies are evaluated at the gate; moto takes a Deny whose condition does not hold for a Deny."""
    return PermissionResult.NEUTRAL


@replaces(S3Backend)
def delete_bucket_encryption(self: Any, bucket_name: str) -> None:
    """Back to S3's own keys: a bucket is never without."""
    self.get_bucket(bucket_name).encryption = _DEFAULT_ENCRYPTION


@replaces(S3Response)
def _bucket_response_put(self: Any, request: Any, bucket_name: str, querystring: dict[str, Any]) -> Any:
    """CreateBucket can carry tags in its body, which is how current SDKs tag a bucket from its first moment."""
    answer = _bucket_response_put.original(self, request, bucket_name, querystring)  # type: ignore[attr-defined]
    if not querystring and b"<CreateBucketConfiguration" in request.data:
        pairs = re.findall(r"<Tag>\s*<Key>(.*?)</Key>\s*<Value>(.*?)</Value>", request.data.decode(), re.DOTALL)
        if pairs:
            self.backend.put_bucket_tagging(bucket_name, {unescape(key): unescape(value) for key, value in pairs})
    return answer


def _check_bucket(arn: str) -> None:
    name = arn.removeprefix("arn:aws:s3:::")
    if arn.startswith("arn:aws:s3:::") and name not in s3_backends.bucket_accounts:
        raise GateError("NoSuchBucket", "The specified bucket does not exist", 404)


def _guard(name: str) -> None:
    original = getattr(S3ControlBackend, name)

    def guarded(self: Any, resource_arn: str, *args: Any, **kwargs: Any) -> Any:
        _check_bucket(resource_arn)
        return original(self, resource_arn, *args, **kwargs)

    setattr(S3ControlBackend, name, guarded)


for _name in ("list_tags_for_resource", "tag_resource", "untag_resource"):
    _guard(_name)
