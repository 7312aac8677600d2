"""CloudFront's distributions, and their tags.

- A change is deployed after `distributionSeconds`; what is enabled, or not deployed, cannot be deleted.
- What it names must be there: origins, policies, key groups, live functions, certificates, log buckets.
"""

from __future__ import annotations

import copy
import datetime
from typing import Any

from . import clock, config, quotas
from .cloudfront_checks import check
from .cloudfront_defaults import filled
from .cloudfront_store import Entry, get, match, new_id, of, page, refuse, room

KIND = "Distribution"


def arn(account: str, key: str) -> str:
    return f"arn:aws:cloudfront::{account}:distribution/{key}"


def status(entry: Entry) -> str:
    deployed = entry.changed + datetime.timedelta(seconds=config.get("distributionSeconds"))
    return "Deployed" if clock.now() >= deployed else "InProgress"


def _signers(entry: Entry, name: str) -> dict[str, Any]:
    return {"Enabled": False, "Quantity": 0}


def view(account: str, entry: Entry) -> dict[str, Any]:
    return {
        "Id": entry.id,
        "ARN": arn(account, entry.id),
        "Status": status(entry),
        "LastModifiedTime": entry.changed,
        "InProgressInvalidationBatches": 0,
        "DomainName": entry.more["domain"],
        "ActiveTrustedSigners": _signers(entry, "TrustedSigners"),
        "ActiveTrustedKeyGroups": _signers(entry, "TrustedKeyGroups"),
        "DistributionConfig": entry.config,
    }


def _summary(account: str, entry: Entry) -> dict[str, Any]:
    left_out = ("CallerReference", "DefaultRootObject", "Logging", "ContinuousDeploymentPolicyId")
    shown = {name: value for name, value in entry.config.items() if name not in left_out}
    of_all = {name: value for name, value in view(account, entry).items() if name in ("Id", "ARN", "Status", "LastModifiedTime", "DomainName")}
    return {**of_all, "ETag": entry.etag, **shown}


def _create(account: str, params: dict[str, Any], tags: dict[str, str] | None = None) -> dict[str, Any]:
    given = params["DistributionConfig"]
    if any(each.config["CallerReference"] == given["CallerReference"] for each in of(account, KIND).values()):
        raise refuse("DistributionAlreadyExists", "The caller reference that you are using to create a distribution is associated with another distribution.")
    room(account, KIND, quotas.DISTRIBUTIONS, "TooManyDistributions")
    made = filled(given)
    check(account, made, None)
    entry = Entry(new_id("E", 14), made, tags=dict(tags or {}))
    entry.more["domain"] = f"d{new_id('', 14).lower()}.cloudfront.net"
    of(account, KIND)[entry.id] = entry
    return {"Distribution": view(account, entry), "ETag": entry.etag, "Location": f"https://cloudfront.amazonaws.com/2020-05-31/distribution/{entry.id}"}


def _create_with_tags(account: str, params: dict[str, Any]) -> dict[str, Any]:
    both = params["DistributionConfigWithTags"]
    return _create(account, both, _tags(both))


def find(account: str, key: str) -> Entry:
    return get(account, KIND, key, "NoSuchDistribution")


def _get(account: str, params: dict[str, Any]) -> dict[str, Any]:
    entry = find(account, params["Id"])
    return {"Distribution": view(account, entry), "ETag": entry.etag}


def _get_config(account: str, params: dict[str, Any]) -> dict[str, Any]:
    entry = find(account, params["Id"])
    return {"DistributionConfig": entry.config, "ETag": entry.etag}


def _update(account: str, params: dict[str, Any]) -> dict[str, Any]:
    entry = find(account, params["Id"])
    match(entry, params.get("IfMatch"))
    made = filled(copy.deepcopy(params["DistributionConfig"]))
    if made["CallerReference"] != entry.config["CallerReference"] or made["Staging"] != entry.config["Staging"]:
        raise refuse("IllegalUpdate", "The update contains modifications that are not allowed.")
    check(account, made, entry)
    entry.config = made
    entry.touch()
    return _get(account, params)


def _delete(account: str, params: dict[str, Any]) -> dict[str, Any]:
    entry = find(account, params["Id"])
    match(entry, params.get("IfMatch"))
    if entry.config["Enabled"] or status(entry) != "Deployed":
        raise refuse("DistributionNotDisabled", "The distribution you are trying to delete has not been disabled.")
    del of(account, KIND)[entry.id]
    return {}


def _list(account: str, params: dict[str, Any]) -> dict[str, Any]:
    entries = sorted(of(account, KIND).values(), key=lambda each: each.id)
    return {"DistributionList": page(entries, params, [_summary(account, each) for each in entries], True)}


def _tags(part: dict[str, Any]) -> dict[str, str]:
    tags = {tag["Key"]: tag.get("Value") or "" for tag in (part.get("Tags") or {}).get("Items") or []}
    if any(key.startswith("aws:") for key in tags) or len(tags) > 50:
        raise refuse("InvalidTagging", "The specified tagging for a CloudFront resource is invalid.")
    return tags


def tagged(account: str, resource: str) -> Entry:
    """What a tag call names: distributions alone have tags here."""
    head, _, key = resource.rpartition("/")
    entry = of(account, KIND).get(key) if head == f"arn:aws:cloudfront::{account}:distribution" else None
    if entry is None:
        raise refuse("NoSuchResource", f"The resource was not found: {resource}.")
    return entry


def _list_tags(account: str, params: dict[str, Any]) -> dict[str, Any]:
    tags = tagged(account, params["Resource"]).tags
    return {"Tags": {"Items": [{"Key": key, "Value": value} for key, value in tags.items()]}}


def _tag(account: str, params: dict[str, Any]) -> dict[str, Any]:
    entry = tagged(account, params["Resource"])
    entry.tags = {**entry.tags, **_tags(params)}
    return {}


def _untag(account: str, params: dict[str, Any]) -> dict[str, Any]:
    entry = tagged(account, params["Resource"])
    for key in (params.get("TagKeys") or {}).get("Items") or []:
        entry.tags.pop(key, None)
    return {}


ACTIONS = {
    "CreateDistribution": _create,
    "CreateDistributionWithTags": _create_with_tags,
    "GetDistribution": _get,
    "GetDistributionConfig": _get_config,
    "UpdateDistribution": _update,
    "DeleteDistribution": _delete,
    "ListDistributions": _list,
    "ListTagsForResource": _list_tags,
    "TagResource": _tag,
    "UntagResource": _untag,
}
