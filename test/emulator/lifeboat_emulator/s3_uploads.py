"""S3: uploads in parts that are under way: who began each and when, and their listing in pages.

Hooks: `S3Backend.create_multipart_upload`, `S3Response.list_multipart_uploads`. moto says of each that one fixed user began it in 2010, and knows no pages.
https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListMultipartUploads.html
"""

from __future__ import annotations

from typing import Any
from urllib.parse import quote_plus

from moto.core.responses import ActionResult
from moto.s3.models import FakeMultipart, S3Backend
from moto.s3.responses import S3Response

from . import accounts, clock
from .patching import replaces
from .s3_versions import _LARGEST_PAGE, _OWNER


@replaces(S3Backend)
def create_multipart_upload(self: Any, *args: Any, **kwargs: Any) -> FakeMultipart:
    upload = create_multipart_upload.original(self, *args, **kwargs)  # type: ignore[attr-defined]
    caller = accounts.caller.get()
    # An account's root goes by its canonical id.
    upload.initiator = caller.arn if caller is not None and caller.kind != "administrator" else _OWNER["ID"]
    upload.initiated = clock.now()
    return upload


@replaces(S3Response)
def list_multipart_uploads(self: Any) -> Any:
    def asked(name: str) -> str:
        return self.querystring.get(name, [""])[0]

    def written(name: str) -> str:
        return quote_plus(name, safe="/*-._~") if asked("encoding-type") else name

    most = min(int(asked("max-uploads") or _LARGEST_PAGE), _LARGEST_PAGE)
    prefix, key_marker, id_marker = asked("prefix"), asked("key-marker"), asked("upload-id-marker")
    uploads = sorted(
        (each for each in self.backend.list_multipart_uploads(self.bucket_name).values() if each.key_name.startswith(prefix)),
        key=lambda each: (each.key_name.encode(), each.initiated, each.id),
    )
    # After the marker's upload; without one, or where it has ended since, after the marker's key.
    at = next((index for index, each in enumerate(uploads) if each.key_name == key_marker and each.id == id_marker), None)
    rest = uploads[at + 1 :] if at is not None else [each for each in uploads if not key_marker or each.key_name.encode() > key_marker.encode()]
    page = rest[:most]
    result: dict[str, Any] = {
        "Bucket": self.bucket_name,
        "KeyMarker": written(key_marker),
        "UploadIdMarker": id_marker,
        "Prefix": written(prefix),
        "MaxUploads": most,
        "IsTruncated": len(rest) > len(page),
        "Uploads": [
            {
                "Key": written(each.key_name),
                "UploadId": each.id,
                "Initiator": {"ID": each.initiator, "DisplayName": each.initiator.rpartition("/")[2]},
                "Owner": _OWNER,
                "StorageClass": each.storage or "STANDARD",
                "Initiated": each.initiated.strftime("%Y-%m-%dT%H:%M:%S.000Z"),
            }
            for each in page
        ],
    }
    if asked("encoding-type"):
        result["EncodingType"] = asked("encoding-type")
    if result["IsTruncated"]:
        result |= {"NextKeyMarker": written(page[-1].key_name), "NextUploadIdMarker": page[-1].id}
    self.data["Action"] = "ListMultipartUploads"
    return self.serialized(ActionResult(result))
