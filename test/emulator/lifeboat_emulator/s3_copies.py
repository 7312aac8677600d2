"""S3: copies on the server's side: conditions, limits, keys, tags across accounts, and objects that only claim their size.

Hooks: `S3Response.copy_object` and `.upload_part_copy`, `S3Backend.copy_object`, `.upload_part_copy`, `.complete_multipart_upload` and
`.get_object_tagging`. https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html and API_UploadPartCopy.html
"""

from __future__ import annotations

import uuid
from typing import Any

from moto.s3.exceptions import NoSuchUpload
from moto.s3.models import FakeKey, S3Backend, s3_backends
from moto.s3.responses import S3Response

from .errors import GateError
from .patching import replaces
from .s3_actions import copy_source
from .s3_keys import check_key, check_read, is_under_key

# In one CopyObject, or one part.
LARGEST_COPY = 5 * 1024**3
_ARCHIVES = ("GLACIER", "DEEP_ARCHIVE")


def owner_of(bucket: str) -> Any:
    """The backend of the account that owns a bucket: its tags are kept there."""
    owner = s3_backends.bucket_accounts.get(bucket)
    if owner is None:
        raise GateError("NoSuchBucket", "The specified bucket does not exist", 404)
    return s3_backends[owner[1]]["aws"]


def _source(response: Any) -> tuple[Any, FakeKey]:
    """The bucket and version that a copy reads, once all conditions hold."""
    found = copy_source({"HTTP_X_AMZ_COPY_SOURCE": response.headers.get("x-amz-copy-source", "")})
    if found is None:
        raise GateError("InvalidArgument", "Copy Source must mention the source bucket and key: sourcebucket/sourcekey")
    name, key_name, version = found
    backend = owner_of(name)
    bucket = backend.get_bucket(name)
    expected = response.headers.get("x-amz-source-expected-bucket-owner")
    if expected and expected != bucket.account_id:
        raise GateError("AccessDenied", "Access Denied", 403)
    key = backend.get_object(name, key_name, version_id=version)
    if key is None:
        code, what = ("NoSuchVersion", "version") if version else ("NoSuchKey", "key")
        raise GateError(code, f"The specified {what} does not exist.", 404)
    wanted = response.headers.get("x-amz-copy-source-if-match")
    if wanted and wanted.strip('"') != key.etag.strip('"'):
        raise GateError("PreconditionFailed", "At least one of the pre-conditions you specified did not hold", 412)
    if key.storage_class in _ARCHIVES and 'ongoing-request="false"' not in key.response_dict.get("x-amz-restore", ""):
        raise GateError("InvalidObjectState", "Operation is not valid for the source object's storage class", 403)
    check_read(bucket, key)
    return bucket, key


def _too_large(size: int) -> None:
    if size > LARGEST_COPY:
        raise GateError("InvalidRequest", f"The specified copy source is larger than the maximum allowable size for a copy source: {LARGEST_COPY}")


@replaces(S3Response, name="copy_object")
def respond_copy(self: Any) -> Any:
    _, key = _source(self)
    _too_large(key.size)
    target = self.backend.get_object(self.bucket_name, self.parse_key_name())
    if self.headers.get("If-None-Match") == "*" and target is not None:
        raise GateError("PreconditionFailed", "At least one of the pre-conditions you specified did not hold", 412)
    return respond_copy.original(self)  # type: ignore[attr-defined]


@replaces(S3Backend)
def copy_object(self: Any, src_key: FakeKey, dest_bucket_name: str, dest_key_name: str, **kwargs: Any) -> None:
    """Tags come along from another account too. What was uploaded in parts is one object after."""
    copy_object.original(self, src_key, dest_bucket_name, dest_key_name, **kwargs)  # type: ignore[attr-defined]
    new = self.get_object(dest_bucket_name, dest_key_name)
    new.multipart = None
    tags = owner_of(src_key.bucket_name or "").tagger.get_tag_dict_for_resource(src_key.arn)
    self.put_object_tagging(new, tags)
    _be_sparse(new, src_key.size if is_sparse(src_key) else None)


@replaces(S3Response, name="upload_part_copy")
def respond_part_copy(self: Any) -> Any:
    _, key = _source(self)
    text = self.headers.get("x-amz-copy-source-range")
    size = key.size
    if text:
        first, last = (int(number) for number in text.removeprefix("bytes=").split("-"))
        if last >= key.size or first > last:
            raise GateError("InvalidRange", f"Range specified is not valid for source object of size: {key.size}", 416)
        size = last - first + 1
    _too_large(size)
    if self._get_param("uploadId") not in self.backend.get_bucket(self.bucket_name).multiparts:
        raise NoSuchUpload(upload_id=self._get_param("uploadId"))
    return respond_part_copy.original(self)  # type: ignore[attr-defined]


@replaces(S3Backend)
def upload_part_copy(
    self: Any,
    dest_bucket_name: str,
    multipart_id: str,
    part_id: int,
    src_bucket_name: str,
    src_key_name: str,
    src_version_id: str | None,
    start_byte: int | None,
    end_byte: int | None,
) -> FakeKey:
    source = self.get_object(src_bucket_name, src_key_name, version_id=src_version_id)
    upload = self.get_bucket(dest_bucket_name).multiparts[multipart_id]
    first, last = (start_byte, end_byte) if start_byte is not None and end_byte is not None else (0, source.size - 1)
    part = upload.set_part(part_id, b"" if is_sparse(source) else source.value[first : last + 1])
    if is_sparse(source):
        _be_sparse(part, last - first + 1)
    part.of = (source.arn, first, last)
    return part


@replaces(S3Backend)
def complete_multipart_upload(self: Any, bucket_name: str, multipart_id: str, body: Any) -> FakeKey | None:
    """Parts that were copied must be all of one version, in order and without a gap: a test's own check, for AWS would not mind."""
    bucket, asked = self.get_bucket(bucket_name), list(body)
    upload = bucket.multiparts.get(multipart_id)
    if upload is None:
        raise NoSuchUpload(upload_id=multipart_id)
    under_key, key_id = is_under_key(bucket, upload.sse_encryption, upload.kms_key_id)
    if under_key:
        # https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpuoverview.html#mpuAndPermissions
        check_key(bucket, key_id, "kms:Decrypt")
    parts = [upload.parts[number] for number, _ in asked if number in upload.parts]
    copied = [part.of for part in parts if hasattr(part, "of")]
    for (arn, _, last), (next_arn, first, _) in zip(copied, copied[1:]):
        if arn != next_arn or first != last + 1:
            raise GateError("InvalidRequest", "The emulator: these parts are not one object")
    sparse = any(is_sparse(part) for part in parts)
    sizes = sum(part.size for part in parts)
    key = complete_multipart_upload.original(self, bucket_name, multipart_id, iter(asked))  # type: ignore[attr-defined]
    _be_sparse(key, sizes if sparse else None)
    return key


@replaces(S3Backend)
def get_object_tagging(self: Any, key: FakeKey) -> Any:
    return owner_of(key.bucket_name or "").tagger.list_tags_for_resource(key.arn)


def claim_size(bucket: str, key: str, size: int) -> None:
    """A test's object that says it is as large as this, and holds what it held."""
    found = owner_of(bucket).get_object(bucket, key)
    if found is None:
        raise GateError("NoSuchKey", f"there is no {key} in {bucket}", 404)
    _be_sparse(found, size)


def is_sparse(key: Any) -> bool:
    return bool(getattr(key, "sparse", False))


def _be_sparse(key: Any, size: int | None) -> None:
    if size is None:
        return
    key.sparse, key.contentsize = True, size
    # Parts that hold nothing must not be alike.
    key._etag = uuid.uuid4().hex if "-" not in (key._etag or "") else key._etag
