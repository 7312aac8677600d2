"""What a call of CloudFront asks of IAM.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudfront.html: policies can tell distributions by their
tags, and nothing else of it. CloudFront has no regions: its calls are made in us-east-1.
"""

from __future__ import annotations

from typing import Any

from .accounts import Principal
from .calls import Call
from .cloudfront import parameters
from .cloudfront_store import of
from .policy import Ask

# Parts of actions' names, longest first, and the sort of ARN that they are for.
_ARNS = {
    "CloudFrontOriginAccessIdentity": "origin-access-identity",
    "ResponseHeadersPolicy": "response-headers-policy",
    "OriginRequestPolicy": "origin-request-policy",
    "OriginAccessControl": "origin-access-control",
    "CachePolicy": "cache-policy",
    "Distribution": "distribution",
    "Function": "function",
}


def _tags(params: dict[str, Any]) -> dict[str, str]:
    return {tag["Key"]: tag.get("Value") or "" for tag in (params.get("Tags") or {}).get("Items") or []}


def _tag_context(tags: dict[str, str], keys: list[str]) -> dict[str, Any]:
    return {**{f"aws:RequestTag/{key}": value for key, value in tags.items()}, "aws:TagKeys": keys}


def cloudfront_asks(principal: Principal, call: Call, environ: dict[str, Any]) -> list[Ask]:
    _, params = parameters(environ)
    action = f"cloudfront:{call.action}"
    base = f"arn:aws:cloudfront::{principal.account}"

    def about(key: str) -> dict[str, Any]:
        entry = of(principal.account, "Distribution").get(key)
        return {f"aws:ResourceTag/{tag}": value for tag, value in entry.tags.items()} if entry is not None else {}

    if call.action == "CreateDistributionWithTags":
        tags = _tags(params["DistributionConfigWithTags"])
        context = _tag_context(tags, list(tags))
        return [Ask(f"cloudfront:{each}", f"{base}:distribution/*", context=dict(context)) for each in ("CreateDistribution", "TagResource")]
    if call.action in ("TagResource", "UntagResource", "ListTagsForResource"):
        resource = params.get("Resource", "*")
        tags = _tags(params)
        keys = list(tags) if call.action == "TagResource" else (params.get("TagKeys") or {}).get("Items") or []
        context = _tag_context(tags, keys) if call.action != "ListTagsForResource" else {}
        return [Ask(action, resource, context={**about(resource.rpartition("/")[2]), **context})]
    if call.action == "UpdateDomainAssociation":
        key = params["TargetResource"].get("DistributionId", "")
        return [Ask(each, f"{base}:distribution/{key}", context=about(key)) for each in (action, "cloudfront:UpdateDistribution")]
    if call.action == "ListDomainConflicts":
        key = params["DomainControlValidationResource"].get("DistributionId", "")
        return [Ask(each, f"{base}:distribution/{key}", context=about(key)) for each in (action, "cloudfront:GetDistribution")]
    kind = next((arn for name, arn in _ARNS.items() if call.action.removesuffix("Config").endswith(name)), None)
    key = params.get("Id") or params.get("Name") or "*"
    if kind is None or call.action.startswith("List"):
        return [Ask(action)]
    return [Ask(action, f"{base}:{kind}/{key}", context=about(str(key)) if kind == "distribution" else {})]
