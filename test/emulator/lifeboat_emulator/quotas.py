"""Service quotas: what each is, what an account has of it, and the refusal of what goes beyond.

https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html and moto's list of the quotas of `vpc`, with
what it has not or has not any more. `POST /_emulator/config` sets them: `{"quotas": {"<code>": n}}` for every account,
or `{"quotas": {"<account>": {"<code>": n}}}` for one.
"""

from __future__ import annotations

from typing import Any

from moto.servicequotas.resources.default_quotas.vpc import VPC_DEFAULT_QUOTAS

from . import config
from .errors import ec2_error

VPCS, SUBNETS, GROUPS, RULES, GROUPS_PER_NIC = "L-F678F1CE", "L-407747CB", "L-E79EC296", "L-0EA8095F", "L-2AFB9258"
INTERNET_GATEWAYS, EGRESS_ONLY_GATEWAYS = "L-A4707A72", "L-45FE3B85"
ROUTE_TABLES, ROUTES, ACLS, ACL_RULES = "L-589F43AA", "L-93826ACB", "L-B4A6D682", "L-2AEEBF1A"
IPV4_RANGES, IPV6_RANGES, GATEWAY_ENDPOINTS, PEERINGS = "L-83CA0A9D", "L-085A6257", "L-1B52E74A", "L-7E9ECCDB"
OPEN_PEERINGS, NAT_GATEWAYS, INTERFACE_ENDPOINTS = "L-DC9F7029", "L-FE5A380F", "L-29B6F2EB"
TARGET_GROUPS, SCALING_GROUPS, TOPICS = "L-B22855CB", "L-CDE20ADC", "L-61103206"
CERTIFICATES = "L-F141DD1D"
APPLICATION_BALANCERS, NETWORK_BALANCERS, APPLICATION_LISTENERS = "L-53DA6B97", "L-69A177A2", "L-B6DF7632"

# AWS raised it from 50: https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html#vpc-limits-route-tables
_NEWER = {ROUTES: 500.0}
# Of IAM in us-east-1 alone: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
_IAM = {
    "L-FE177D64": ("Roles per account", 1000.0),
    "L-E95E4862": ("Customer managed policies per account", 1500.0),
    "L-F55AF5E4": ("Users per account", 5000.0),
    "L-F4A5425F": ("Groups per account", 300.0),
    "L-6E65F664": ("Instance profiles per account", 1000.0),
    "L-0DA4ABF3": ("Managed policies per role", 10.0),
    "L-4019AD8B": ("Managed policies per user", 10.0),
    "L-384571C4": ("Managed policies per group", 10.0),
    "L-858F3967": ("OpenId connect providers per account", 100.0),
    "L-DB618D39": ("SAML providers per account", 100.0),
    "L-C07B4B0D": ("Role trust policy length", 2048.0),
}
_EC2 = {
    "L-0263D0A3": ("EC2-VPC Elastic IPs", 5.0),
    "L-1216C47A": ("Running On-Demand Standard (A, C, D, H, I, M, R, T, Z) instances", 5.0),
    "L-34B43A08": ("All Standard (A, C, D, H, I, M, R, T, Z) Spot Instance Requests", 5.0),
    "L-B665C33B": ("AMIs", 50000.0),
}
# Documented, but without a code of Service Quotas that is known: config takes these names.
# https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html, https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/launch-template-limits.html
PREFIX_LISTS, LAUNCH_TEMPLATES = "prefix-lists", "launch-templates"
# https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html
DISTRIBUTIONS, CACHE_POLICIES, ORIGIN_REQUEST_POLICIES = "L-24B04930", "L-7D134442", "L-C3659C43"
RESPONSE_HEADERS_POLICIES, ORIGIN_ACCESS_IDENTITIES = "L-CF0D4FC5", "L-08884E5C"
_CLOUDFRONT = {
    DISTRIBUTIONS: ("Web distributions per AWS account", 500.0),
    CACHE_POLICIES: ("Cache policies per AWS account", 20.0),
    ORIGIN_REQUEST_POLICIES: ("Origin request policies per AWS account", 20.0),
    RESPONSE_HEADERS_POLICIES: ("Response headers policies per AWS account", 20.0),
    ORIGIN_ACCESS_IDENTITIES: ("Origin access identities per account", 100.0),
}
_OTHERS = {
    "cloudfront": _CLOUDFRONT,
    "iam": _IAM,
    "ec2": _EC2,
    "elasticloadbalancing": {
        TARGET_GROUPS: ("Target Groups per Region", 3000.0),
        APPLICATION_BALANCERS: ("Application Load Balancers per Region", 50.0),
        NETWORK_BALANCERS: ("Network Load Balancers per Region", 50.0),
        APPLICATION_LISTENERS: ("Listeners per Application Load Balancer", 50.0),
    },
    "autoscaling": {SCALING_GROUPS: ("Auto Scaling groups per region", 500.0)},
    "acm": {CERTIFICATES: ("ACM certificates", 2500.0)},
    "sns": {TOPICS: ("Topics per account", 100000.0)},
}
ORIGIN_ACCESS_CONTROLS, FUNCTIONS = "cloudfront-origin-access-controls", "cloudfront-functions"
PUBLIC_KEYS, KEY_GROUPS = "cloudfront-public-keys", "cloudfront-key-groups"
# https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_limits.html
ALARMS = "cloudwatch-alarms"
_UNCODED = {PREFIX_LISTS: 100, LAUNCH_TEMPLATES: 5000, ORIGIN_ACCESS_CONTROLS: 100, FUNCTIONS: 100, PUBLIC_KEYS: 10, KEY_GROUPS: 10, ALARMS: 5000}


def defaults(service: str) -> dict[str, tuple[str, float]] | None:
    """Name and default value by code; None for a service that has no list here."""
    if service == "vpc":
        return {quota["QuotaCode"]: (quota["QuotaName"], _NEWER.get(quota["QuotaCode"], quota["Value"])) for quota in VPC_DEFAULT_QUOTAS}
    return _OTHERS.get(service)


_DEFAULTS = {code: int(value) for service in ("vpc", *_OTHERS) for code, (_, value) in (defaults(service) or {}).items()} | _UNCODED


def applied(account: str, code: str) -> int | None:
    """The value that this account was given, if it was."""
    given: dict[str, Any] = config.get("quotas")
    own = given.get(account)
    if isinstance(own, dict) and code in own:
        return own[code]
    return given.get(code)


def limit(account: str, code: str) -> int:
    given = applied(account, code)
    return _DEFAULTS[code] if given is None else given


def check(backend: Any, code: str, count: int, error: str, message: str = "") -> None:
    """Refuses what would make more than the quota: `count` is how many there would be then."""
    most = limit(backend.account_id, code)
    if count > most:
        raise ec2_error(error, message or f"The maximum number of {_DEFAULTS_NAMES.get(code, code)} has been reached: {most}.")


_DEFAULTS_NAMES = {code: name for service in ("vpc", "ec2", "cloudfront") for code, (name, _) in (defaults(service) or {}).items()}
