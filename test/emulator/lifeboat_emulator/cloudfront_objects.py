"""CloudFront's policies, origin access controls and identities, public keys and key groups: alike but for their names.

- Names are unique in an account; an identity's CallerReference is.
- What a distribution (or, of keys, a key group) uses cannot be deleted.
- AWS-managed policies have the same ids in every account: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-cache-policies.html
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from . import quotas
from .cloudfront_managed import MANAGED
from .cloudfront_store import Entry, get, match, new_id, of, page, policy_id, refuse, room
from .cloudfront_uses import users_of


@dataclass(frozen=True)
class Sort:
    """One of them: how its calls and answers are named."""

    name: str
    quota: str
    # The start of its calls where that is not the name, and how they say that there are too many.
    plural: str = ""
    prefix: str = ""
    unique: str = "Name"
    marked: bool = False
    exists: str = ""
    missing: str = ""
    # Fields of the configuration that cannot be changed.
    fixed: tuple[str, ...] = ()

    @property
    def full(self) -> str:
        return self.prefix + self.name

    @property
    def many(self) -> str:
        return self.plural or f"{self.full}s"


SORTS = (
    Sort("CachePolicy", quotas.CACHE_POLICIES, plural="CachePolicies"),
    Sort("OriginRequestPolicy", quotas.ORIGIN_REQUEST_POLICIES, plural="OriginRequestPolicies"),
    Sort("ResponseHeadersPolicy", quotas.RESPONSE_HEADERS_POLICIES, plural="ResponseHeadersPolicies"),
    Sort("OriginAccessControl", quotas.ORIGIN_ACCESS_CONTROLS, marked=True),
    Sort("OriginAccessIdentity", quotas.ORIGIN_ACCESS_IDENTITIES, plural="CloudFrontOriginAccessIdentities", prefix="CloudFront", unique="CallerReference", marked=True),
    Sort("PublicKey", quotas.PUBLIC_KEYS, fixed=("Name", "EncodedKey", "CallerReference")),
    Sort("KeyGroup", quotas.KEY_GROUPS, missing="NoSuchResource"),
)


def _missing(sort: Sort) -> str:
    return sort.missing or f"NoSuch{sort.full}"


def objects(account: str, sort: Sort) -> dict[str, Entry]:
    """Those of an account, with AWS's own."""
    kept = of(account, sort.full)
    for key, config in MANAGED.get(sort.name, {}).items():
        kept.setdefault(key, Entry(key, config, managed=True, etag="E23ZP02F085DFQ"))
    return kept


def _view(sort: Sort, entry: Entry) -> dict[str, Any]:
    view = {"Id": entry.id, f"{sort.full}Config": entry.config}
    if sort.name == "OriginAccessIdentity":
        view["S3CanonicalUserId"] = entry.more["canonical"]
    if sort.name == "PublicKey":
        view["CreatedTime"] = entry.changed
    elif sort.name not in ("OriginAccessControl", "OriginAccessIdentity"):
        view["LastModifiedTime"] = entry.changed
    return view


def _summary(sort: Sort, entry: Entry) -> dict[str, Any]:
    if sort.name.endswith("Policy"):
        return {"Type": "managed" if entry.managed else "custom", sort.name: _view(sort, entry)}
    if sort.name == "KeyGroup":
        return {"KeyGroup": _view(sort, entry)}
    if sort.name == "OriginAccessIdentity":
        return {"Id": entry.id, "S3CanonicalUserId": entry.more["canonical"], "Comment": entry.config["Comment"]}
    if sort.name == "PublicKey":
        return {"Id": entry.id, "CreatedTime": entry.changed, **{name: entry.config.get(name, "") for name in ("Name", "EncodedKey", "Comment")}}
    return {"Id": entry.id, "Description": "", **entry.config}


def _check(account: str, sort: Sort, config: dict[str, Any], own: Entry | None) -> None:
    taken = [each for each in objects(account, sort).values() if each is not own and each.config.get(sort.unique) == config.get(sort.unique)]
    if taken:
        raise refuse(f"{sort.full}AlreadyExists", f"A {sort.full} with this {sort.unique} already exists: {config.get(sort.unique)}.")
    if sort.name == "KeyGroup":
        for key in config.get("Items", []):
            if key not in of(account, "PublicKey"):
                raise refuse("InvalidArgument", f"The key {key} does not exist.")
    if sort.name == "PublicKey" and not config["EncodedKey"].startswith("-----BEGIN PUBLIC KEY-----"):
        raise refuse("InvalidArgument", "Your request contains empty/invalid/out of limits RSA Encoded Key")
    if sort.name == "CachePolicy":
        least, usual, most = config["MinTTL"], config.get("DefaultTTL", 86400), config.get("MaxTTL", 31536000)
        if not least <= usual <= most:
            raise refuse("InvalidArgument", "The parameter MinTTL, DefaultTTL and MaxTTL are not in order.")


def _filled(sort: Sort, config: dict[str, Any]) -> dict[str, Any]:
    """AWS answers empty texts, and times and switches that were left out."""
    if sort.name == "CachePolicy":
        parameters = {"EnableAcceptEncodingBrotli": False, **config["ParametersInCacheKeyAndForwardedToOrigin"]}
        return {"Comment": "", "DefaultTTL": 86400, "MaxTTL": 31536000, **config, "ParametersInCacheKeyAndForwardedToOrigin": parameters}
    transport = (config.get("SecurityHeadersConfig") or {}).get("StrictTransportSecurity")
    if transport is not None:
        filled = {"IncludeSubdomains": False, "Preload": False, **transport}
        return {"Comment": "", **config, "SecurityHeadersConfig": {**config["SecurityHeadersConfig"], "StrictTransportSecurity": filled}}
    return {"Description" if sort.name == "OriginAccessControl" else "Comment": "", **config}


def _actions(sort: Sort) -> dict[str, Any]:
    full, configured = sort.full, f"{sort.full}Config"

    def answer(entry: Entry) -> dict[str, Any]:
        return {full: _view(sort, entry), "ETag": entry.etag}

    def create(account: str, params: dict[str, Any]) -> dict[str, Any]:
        config = _filled(sort, params[configured])
        _check(account, sort, config, None)
        room(account, full, sort.quota, f"TooMany{sort.many}")
        key = policy_id() if sort.name.endswith(("Policy", "KeyGroup")) else new_id("K" if sort.name == "PublicKey" else "E", 14)
        entry = Entry(key, config)
        if sort.name == "OriginAccessIdentity":
            entry.more["canonical"] = (policy_id() + policy_id()).replace("-", "")
        objects(account, sort)[key] = entry
        return answer(entry)

    def found(account: str, params: dict[str, Any]) -> Entry:
        objects(account, sort)
        return get(account, full, params["Id"], _missing(sort))

    def update(account: str, params: dict[str, Any]) -> dict[str, Any]:
        entry, config = found(account, params), _filled(sort, params[configured])
        if entry.managed:
            raise refuse("IllegalUpdate", "The update contains modifications that are not allowed.")
        match(entry, params.get("IfMatch"))
        _check(account, sort, config, entry)
        if any(config.get(name) != entry.config.get(name) for name in sort.fixed):
            raise refuse("CannotChangeImmutablePublicKeyFields", "You can't change the value of a public key.")
        entry.config = config
        entry.touch()
        return answer(entry)

    def delete(account: str, params: dict[str, Any]) -> dict[str, Any]:
        entry = found(account, params)
        if entry.managed:
            raise refuse("IllegalDelete", "You cannot delete a managed policy.")
        match(entry, params.get("IfMatch"))
        if users_of(account, sort.name, entry.id):
            raise refuse("ResourceInUse" if sort.name == "KeyGroup" else f"{full}InUse", f"The {full} {entry.id} is in use.")
        del of(account, full)[entry.id]
        return {}

    def listed(account: str, params: dict[str, Any]) -> dict[str, Any]:
        wanted = params.get("Type")
        entries = [each for each in objects(account, sort).values() if wanted is None or each.managed == (wanted == "managed")]
        entries.sort(key=lambda each: each.id)
        return {f"{full}List": page(entries, params, [_summary(sort, each) for each in entries], sort.marked)}

    def config_of(account: str, params: dict[str, Any]) -> dict[str, Any]:
        entry = found(account, params)
        return {configured: entry.config, "ETag": entry.etag}

    return {
        f"Create{full}": create,
        f"Get{full}": lambda account, params: answer(found(account, params)),
        f"Get{full}Config": config_of,
        f"Update{full}": update,
        f"Delete{full}": delete,
        f"List{sort.many}": listed,
    }


ACTIONS = {name: act for sort in SORTS for name, act in _actions(sort).items()}
