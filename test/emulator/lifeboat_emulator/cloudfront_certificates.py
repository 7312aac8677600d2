"""The certificates of ACM in us-east-1, as CloudFront looks at them."""

from __future__ import annotations

from typing import Any

from moto.acm.models import acm_backends


def _found(account: str, arn: str) -> dict[str, Any] | None:
    if not arn.startswith(f"arn:aws:acm:us-east-1:{account}:certificate/"):
        return None
    backend = acm_backends[account]["us-east-1"]
    if arn not in backend._certificates:
        return None
    # moto issues what is validated when it is next looked at.
    return backend.get_certificate(arn).describe()["Certificate"]


def issued(account: str, arn: str) -> bool:
    found = _found(account, arn)
    return found is not None and found["Status"] == "ISSUED"


def covers(account: str, arn: str, name: str) -> bool:
    """Whether a certificate is for a name, by itself or by a wildcard of one label."""
    found = _found(account, arn) or {}
    own = [found.get("DomainName"), *(found.get("SubjectAlternativeNames") or [])]
    return name in own or f"*.{name.partition('.')[2]}" in own
