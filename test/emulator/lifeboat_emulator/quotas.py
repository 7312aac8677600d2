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
OPEN_PEERINGS = "L-DC9F7029"
TARGET_GROUPS, SCALING_GROUPS, TOPICS = "L-B22855CB", "L-CDE20ADC", "L-61103206"
CERTIFICATES = "L-F141DD1D"

# AWS raised it from 50: https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html#vpc-limits-route-tables
_NEWER = {ROUTES: 500.0}
_EC2 = {
    "L-0263D0A3": ("EC2-VPC Elastic IPs", 5.0),
    "L-1216C47A": ("Running On-Demand Standard (A, C, D, H, I, M, R, T, Z) instances", 5.0),
    "L-34B43A08": ("All Standard (A, C, D, H, I, M, R, T, Z) Spot Instance Requests", 5.0),
    "L-B665C33B": ("AMIs", 50000.0),
}
_OTHERS = {
    "ec2": _EC2,
    "elasticloadbalancing": {TARGET_GROUPS: ("Target Groups per Region", 3000.0)},
    "autoscaling": {SCALING_GROUPS: ("Auto Scaling groups per region", 500.0)},
    "acm": {CERTIFICATES: ("ACM certificates", 2500.0)},
    "sns": {TOPICS: ("Topics per account", 100000.0)},
}
# Documented, but without a code of Service Quotas that is known: config takes these names.
# https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html, https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/launch-template-limits.html
PREFIX_LISTS, LAUNCH_TEMPLATES = "prefix-lists", "launch-templates"
_UNCODED = {PREFIX_LISTS: 100, LAUNCH_TEMPLATES: 5000}


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


_DEFAULTS_NAMES = {code: name for service in ("vpc", "ec2") for code, (name, _) in (defaults(service) or {}).items()}
