"""Some of AWS's managed policies, with the ids that they have in every account.

https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-cache-policies.html and the pages beside it
"""

from __future__ import annotations

from typing import Any

_NONE = {"CookiesConfig": {"CookieBehavior": "none"}, "HeadersConfig": {"HeaderBehavior": "none"}, "QueryStringsConfig": {"QueryStringBehavior": "none"}}


def _cache(name: str, least: int, usual: int, most: int, compressed: bool) -> dict[str, Any]:
    encoding = {"EnableAcceptEncodingGzip": compressed, "EnableAcceptEncodingBrotli": compressed}
    return {"Name": name, "Comment": "", "MinTTL": least, "DefaultTTL": usual, "MaxTTL": most, "ParametersInCacheKeyAndForwardedToOrigin": {**encoding, **_NONE}}


MANAGED: dict[str, dict[str, dict[str, Any]]] = {
    "CachePolicy": {
        "658327ea-f89d-4fab-a63d-7e88639e58f6": _cache("Managed-CachingOptimized", 1, 86400, 31536000, True),
        "4135ea2d-6df8-44a3-9df3-4b5a84be39ad": _cache("Managed-CachingDisabled", 0, 0, 0, False),
    },
    "OriginRequestPolicy": {
        "216adef6-5c7f-47e4-b989-5492eafa07d3": {
            "Name": "Managed-AllViewer",
            "Comment": "",
            "HeadersConfig": {"HeaderBehavior": "allViewer"},
            "CookiesConfig": {"CookieBehavior": "all"},
            "QueryStringsConfig": {"QueryStringBehavior": "all"},
        },
    },
    "ResponseHeadersPolicy": {
        "67f7725c-6f97-4210-82d7-5512b31e9d03": {
            "Name": "Managed-SecurityHeadersPolicy",
            "Comment": "",
            "SecurityHeadersConfig": {"ContentTypeOptions": {"Override": True}, "FrameOptions": {"Override": False, "FrameOption": "SAMEORIGIN"}},
        },
    },
}
