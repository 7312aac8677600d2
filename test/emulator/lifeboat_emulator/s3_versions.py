"""S3: the listing of versions: its order, its pages and its encoding. Hook: `S3Response.list_object_versions`.

Keys come in the order of their UTF-8 bytes, versions of one key newest first, and a page begins after its marker
(https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectVersions.html). moto begins with the marker, sorts by time, which
stands still within a second, and copies the whole bucket for each page.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import Any
from urllib.parse import quote_plus

from moto.core.responses import ActionResult
from moto.s3.exceptions import InvalidArgumentError
from moto.s3.models import FakeBucket, FakeKey
from moto.s3.responses import S3Response

from .patching import replaces

_LARGEST_PAGE = 1_000
_OWNER = {"ID": "75aa57f09aa0c8caeab4f8c24e99d10f8e7faeebf76c078efc7c6caea54ba06a", "DisplayName": "webfile"}


@replaces(S3Response)
def list_object_versions(self: Any) -> Any:
    query = self._get_querystring(self.request, self.uri)

    def asked(name: str) -> str | None:
        return query.get(name, [None])[0]

    bucket, prefix, marker, version_marker = self.backend.get_bucket(self.bucket_name), asked("prefix") or "", asked("key-marker"), asked("version-id-marker")
    encoding, most = asked("encoding-type"), min(int(asked("max-keys") or _LARGEST_PAGE), _LARGEST_PAGE)
    if encoding not in (None, "url"):
        raise InvalidArgumentError("Invalid Encoding Method specified in Request", "encoding-type", encoding)
    if version_marker and not marker:
        raise InvalidArgumentError("A version-id marker cannot be specified without a key marker.", "version-id-marker", version_marker)
    if asked("delimiter"):
        return list_object_versions.original(self)  # type: ignore[attr-defined]
    page, more = _page(bucket, prefix, marker, version_marker, most)

    def written(name: str) -> str:
        return quote_plus(name, safe="/*-._~") if encoding else name

    result: dict[str, Any] = {
        "Name": bucket.name,
        "Prefix": written(prefix),
        "KeyMarker": written(marker or ""),
        "VersionIdMarker": version_marker or "",
        "MaxKeys": most,
        "IsTruncated": more,
        "EncodingType": encoding,
        "Versions": [_version(item, latest, written) for item, latest in page if isinstance(item, FakeKey)],
        "DeleteMarkers": [_marker(item, latest, written) for item, latest in page if not isinstance(item, FakeKey)],
    }
    if more and page:
        last = page[-1][0]
        result |= {"NextKeyMarker": written(last.name), "NextVersionIdMarker": last.version_id}
    self.data["Action"] = "ListObjectVersions"
    return self.serialized(ActionResult({name: value for name, value in result.items() if value is not None}))


def _page(bucket: Any, prefix: str, marker: str | None, version_marker: str | None, most: int) -> tuple[list[tuple[Any, bool]], bool]:
    names = sorted(name.encode() for name in bucket.keys.keys())
    start = bisect_left(names, prefix.encode())
    if marker is not None and marker != "":
        # With a version's marker the key goes on after that version; without, the page begins with the next key.
        find = bisect_left if version_marker else bisect_right
        start = max(start, find(names, marker.encode()))
    page: list[tuple[Any, bool]] = []
    for name in names[start:]:
        key = name.decode()
        if not key.startswith(prefix):
            break
        newest_first = list(reversed(bucket.keys.getlist(key, [])))
        begin = 0
        if version_marker and key == marker:
            begin = next((at + 1 for at, item in enumerate(newest_first) if item.version_id == version_marker), 0)
        for at in range(begin, len(newest_first)):
            if len(page) == most:
                return page, True
            page.append((newest_first[at], at == 0))
    return page, False


def _version(key: Any, latest: bool, written: Any) -> dict[str, Any]:
    return {
        "Key": written(key.name),
        "VersionId": key.version_id,
        "IsLatest": latest,
        "LastModified": key.last_modified_ISO8601,
        "ETag": key.etag,
        "Size": key.size,
        "StorageClass": key.storage_class,
        "Owner": _OWNER,
    }


def _marker(marker: Any, latest: bool, written: Any) -> dict[str, Any]:
    return {"Key": written(marker.name), "VersionId": marker.version_id, "IsLatest": latest, "LastModified": marker.last_modified_ISO8601, "Owner": _OWNER}
