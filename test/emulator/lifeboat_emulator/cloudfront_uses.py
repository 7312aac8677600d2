"""Who uses what in CloudFront: what is used cannot be deleted."""

from __future__ import annotations

from typing import Any, Iterable

from .cloudfront_store import of


def behaviors(config: dict[str, Any]) -> list[dict[str, Any]]:
    """The default behaviour and those of paths."""
    return [config["DefaultCacheBehavior"], *((config.get("CacheBehaviors") or {}).get("Items") or [])]


def _of_behavior(behavior: dict[str, Any]) -> Iterable[tuple[str, str]]:
    for name in ("CachePolicy", "OriginRequestPolicy", "ResponseHeadersPolicy"):
        yield name, behavior.get(f"{name}Id", "")
    for group in (behavior.get("TrustedKeyGroups") or {}).get("Items") or []:
        yield "KeyGroup", group
    for function in (behavior.get("FunctionAssociations") or {}).get("Items") or []:
        yield "Function", function["FunctionARN"]


def uses(config: dict[str, Any]) -> Iterable[tuple[str, str]]:
    """What a distribution uses: sorts and ids, of functions their ARNs."""
    for behavior in behaviors(config):
        yield from ((name, key) for name, key in _of_behavior(behavior) if key)
    for origin in config["Origins"]["Items"]:
        if origin.get("OriginAccessControlId"):
            yield "OriginAccessControl", origin["OriginAccessControlId"]
        identity = (origin.get("S3OriginConfig") or {}).get("OriginAccessIdentity")
        if identity:
            yield "OriginAccessIdentity", identity.rpartition("/")[2]


def users_of(account: str, name: str, key: str) -> bool:
    if name == "PublicKey":
        return any(key in group.config.get("Items", []) for group in of(account, "KeyGroup").values())
    return any((name, key) in set(uses(each.config)) for each in of(account, "Distribution").values())
