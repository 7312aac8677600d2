"""What CloudFront keeps of each account: objects by kind and id, their versions (ETags), names that are taken, pages of lists."""

from __future__ import annotations

import random
import string
import uuid
from dataclasses import dataclass, field
from typing import Any

from . import clock, quotas
from .errors import GateError

# AWS's documented status of what is not 400.
_STATUS = {"AccessDenied": 403, "PreconditionFailed": 412}
_MOST = 100


def refuse(code: str, message: str) -> GateError:
    """What CloudFront answers an error with: https://docs.aws.amazon.com/cloudfront/latest/APIReference/CommonErrors.html"""
    status = _STATUS.get(code)
    if status is None:
        status = 404 if code.startswith(("NoSuch", "EntityNotFound")) else 409 if code.endswith(("AlreadyExists", "InUse", "NotDisabled")) else 400
    return GateError(code, message, status)


def new_id(first: str = "E", length: int = 13) -> str:
    return first + "".join(random.choices(string.ascii_uppercase + string.digits, k=length - 1))


@dataclass
class Entry:
    """One object. `config` is as the last call gave it."""

    id: str
    config: dict[str, Any]
    managed: bool = False
    etag: str = field(default_factory=lambda: new_id("E", 14))
    changed: Any = field(default_factory=clock.now)
    tags: dict[str, str] = field(default_factory=dict)
    # What else a kind of object keeps.
    more: dict[str, Any] = field(default_factory=dict)

    def touch(self) -> None:
        self.etag, self.changed = new_id("E", 14), clock.now()


_kept: dict[tuple[str, str], dict[str, Entry]] = {}


def of(account: str, kind: str) -> dict[str, Entry]:
    """All of one kind in an account, by id."""
    return _kept.setdefault((account, kind), {})


def everywhere(kind: str) -> list[tuple[str, Entry]]:
    """All of one kind, with their accounts."""
    return [(account, entry) for (account, each), entries in _kept.items() if each == kind for entry in entries.values()]


def get(account: str, kind: str, key: str, missing: str) -> Entry:
    entry = of(account, kind).get(key)
    if entry is None:
        raise refuse(missing, f"The specified {kind} does not exist: {key}.")
    return entry


def match(entry: Entry, given: str | None) -> None:
    """An update or removal says which version it was made for."""
    if not given:
        raise refuse("InvalidIfMatchVersion", "The If-Match version is missing or not valid for the resource.")
    if given != entry.etag:
        raise refuse("PreconditionFailed", "The request failed because it didn't meet the preconditions in one or more request-header fields.")


def room(account: str, kind: str, code: str, error: str) -> None:
    """Refuses what would be one too many. Managed ones do not count."""
    count = sum(not entry.managed for entry in of(account, kind).values())
    if count + 1 > quotas.limit(account, code):
        raise refuse(error, f"Your request contains more of {kind} than are allowed per account.")


def page(entries: list[Entry], params: dict[str, Any], items: list[Any], marked: bool) -> dict[str, Any]:
    """One page of a list. Without items there is no Items; some lists repeat the marker and say whether they go on."""
    most = int(params.get("MaxItems") or _MOST)
    if not 1 <= most <= _MOST:
        raise refuse("InvalidArgument", f"MaxItems is {most}; expected 1 to {_MOST}.")
    marker, start = params.get("Marker") or "", 0
    if marker:
        ids = [entry.id for entry in entries]
        if marker not in ids:
            raise refuse("InvalidArgument", "The marker is not valid.")
        start = ids.index(marker) + 1
    shown = items[start : start + most]
    more = start + most < len(items)
    answer: dict[str, Any] = {"MaxItems": most, "Quantity": len(shown)}
    if shown:
        answer["Items"] = shown
    if more:
        answer["NextMarker"] = entries[start + most - 1].id
    return {**answer, "Marker": marker, "IsTruncated": more} if marked else answer


def policy_id() -> str:
    return str(uuid.uuid4())
