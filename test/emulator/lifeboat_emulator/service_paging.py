"""Pages of what services beside EC2 list: moto answers all at once, or pages of its own size.

Which parameters ask for a page is botocore's to say; how large one may be, AWS's API references: PageSize 1 to 400 of
https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DescribeTargetGroups.html and its like, MaxRecords to 100 of
https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_DescribeAutoScalingGroups.html, 100 topics a page of
https://docs.aws.amazon.com/sns/latest/api/API_ListTopics.html, 1 to 50 of
https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_DescribeParameters.html, MaxItems 1 to 1000 of
https://docs.aws.amazon.com/acm/latest/APIReference/API_ListCertificates.html, MaxRecords 1 to 100 of
https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarms.html, 1,000 dashboards a page of
https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_ListDashboards.html.
"""

from __future__ import annotations

import base64
import hashlib
import json
from typing import Any, Callable

from moto.core.exceptions import ServiceException


class Paged:
    """One call's paging: the names of its parameters, its list, and how many of it are a page by default and at most."""

    def __init__(self, asks: str, answers: str, size: str | None, items: str, default: int, most: int) -> None:
        self.asks, self.answers, self.size, self.items, self.default, self.most = asks, answers, size, items, default, most


CALLS = {
    ("elbv2", "DescribeTargetGroups"): Paged("Marker", "NextMarker", "PageSize", "TargetGroups", 400, 400),
    ("elbv2", "DescribeLoadBalancers"): Paged("Marker", "NextMarker", "PageSize", "LoadBalancers", 400, 400),
    ("elbv2", "DescribeListeners"): Paged("Marker", "NextMarker", "PageSize", "Listeners", 400, 400),
    ("elbv2", "DescribeListenerCertificates"): Paged("Marker", "NextMarker", "PageSize", "Certificates", 400, 400),
    ("elbv2", "DescribeRules"): Paged("Marker", "NextMarker", "PageSize", "Rules", 400, 400),
    ("autoscaling", "DescribeAutoScalingGroups"): Paged("NextToken", "NextToken", "MaxRecords", "AutoScalingGroups", 50, 100),
    ("sns", "ListTopics"): Paged("NextToken", "NextToken", None, "Topics", 100, 100),
    ("ssm", "DescribeParameters"): Paged("NextToken", "NextToken", "MaxResults", "Parameters", 50, 50),
    ("cloudwatch", "DescribeAlarms"): Paged("NextToken", "NextToken", "MaxRecords", "Alarms", 50, 100),
    ("cloudwatch", "ListDashboards"): Paged("NextToken", "NextToken", None, "DashboardEntries", 1000, 1000),
    ("acm", "ListCertificates"): Paged("NextToken", "NextToken", "MaxItems", "CertificateSummaryList", 1000, 1000),
}


def page(response: Any, service: str, action: str, whole: list[Any], refuse: Callable[[str], ServiceException]) -> dict[str, Any]:
    """One page of a list, in the terms of its call. `refuse` makes the service's error for a wrong size or token."""
    paged = CALLS[(service, action)]
    given = response._get_param(paged.size) if paged.size else None
    size = paged.default if given is None else int(given)
    if not 1 <= size <= paged.most:
        raise refuse(f"1 validation error detected: Value '{given}' at '{paged.size}' failed to satisfy constraint: Member must be between 1 and {paged.most}")
    start = _start(response, action, paged, refuse)
    answer: dict[str, Any] = {paged.items: whole[start : start + size]}
    if start + size < len(whole):
        answer[paged.answers] = base64.urlsafe_b64encode(f"{_fingerprint(response, action, paged)}:{start + size}".encode()).decode()
    return answer


def _fingerprint(response: Any, action: str, paged: Paged) -> str:
    """A token is good for the request it came from: the same filters, in the same account and region."""
    params = {key: value for key, value in _params(response).items() if key not in (paged.asks, paged.size)}
    text = json.dumps([action, response.current_account, response.region, params], sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _params(response: Any) -> dict[str, Any]:
    return response._get_params() if response.automated_parameter_parsing else json.loads(response.body or "{}")


def _start(response: Any, action: str, paged: Paged, refuse: Callable[[str], ServiceException]) -> int:
    token = response._get_param(paged.asks)
    if not token:
        return 0
    try:
        fingerprint, offset = base64.urlsafe_b64decode(str(token)).decode().split(":")
        start = int(offset)
    except ValueError:
        raise refuse(f"The token {token} is not valid.") from None
    if fingerprint != _fingerprint(response, action, paged):
        raise refuse("The token belongs to another request: repeat the filters it was given for.")
    return start
