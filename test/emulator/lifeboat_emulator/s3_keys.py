"""S3 and KMS: an object under a key is written and read only by who may use the key, while it can be used.

Hooks: `S3Backend.put_object`, `S3Response.get_object`. https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html
"""

from __future__ import annotations

import uuid
from collections import Counter
from typing import Any

from moto.s3.models import FakeBucket, FakeKey, S3Backend
from moto.s3.responses import S3Response

from . import accounts, authorize, keys
from .errors import GateError
from .patching import replaces

_STATES = {"Disabled": "KMS.DisabledException", "PendingDeletion": "KMS.KMSInvalidStateException"}


def check_key(bucket: FakeBucket, kms_key_id: str | None, action: str) -> None:
    """Raises what S3 answers when the caller may not use the key, or nobody can. A bucket's own key may be an id, an ARN or an alias."""
    caller = accounts.caller.get()
    key = keys.find(bucket.account_id, bucket.region_name, kms_key_id or "alias/aws/s3")
    if caller is None:
        return
    if key is None:
        raise GateError("KMS.NotFoundException", f"Key '{kms_key_id}' does not exist")
    allowed = keys.allows(key, caller, action, f"s3.{bucket.region_name}.amazonaws.com")
    if caller.kind != "administrator":
        (authorize.allowed if allowed else authorize.refused).setdefault(caller.entity_arn, Counter())[action] += 1
    if not allowed:
        raise GateError("AccessDenied", f"User: {caller.arn} is not authorized to perform: {action} on the resource associated with this ciphertext", 403)
    if key.key_state in _STATES:
        raise GateError(_STATES[key.key_state], f"{key.arn} is not usable: its state is {key.key_state}.")


def check_read(bucket: FakeBucket, key: FakeKey) -> None:
    """Whoever reads an object under a key needs Decrypt, in the region of its bucket."""
    if key.encryption == "aws:kms":
        check_key(bucket, key.kms_key_id, "kms:Decrypt")


def is_under_key(bucket: FakeBucket, encryption: str | None, kms_key_id: str | None) -> tuple[bool, str | None]:
    """Whether what is put is encrypted under KMS, and under which key: what the call says, or what the bucket does."""
    default = (bucket.encryption or {}).get("Rule", {}).get("ApplyServerSideEncryptionByDefault", {})
    return (encryption or default.get("SSEAlgorithm")) == "aws:kms", kms_key_id or default.get("KMSMasterKeyID")


@replaces(S3Backend)
def put_object(self: Any, bucket_name: str, key_name: str, value: bytes, *args: Any, **kwargs: Any) -> FakeKey:
    """Under KMS the ETag is no MD5 of the content."""
    bucket = self.get_bucket(bucket_name)
    under_key, key_id = is_under_key(bucket, kwargs.get("encryption"), kwargs.get("kms_key_id"))
    if under_key:
        check_key(bucket, key_id, "kms:GenerateDataKey")
        if kwargs.get("multipart") is None:
            kwargs["etag"] = uuid.uuid4().hex
    return put_object.original(self, bucket_name, key_name, value, *args, **kwargs)  # type: ignore[attr-defined]


@replaces(S3Response)
def get_object(self: Any) -> Any:
    key, _ = self._get_key()
    check_read(self.backend.get_bucket(self.bucket_name), key)
    return get_object.original(self)  # type: ignore[attr-defined]
