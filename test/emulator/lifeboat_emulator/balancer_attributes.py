"""Attributes of load balancers: those of each type, with AWS's own values, and what each may be. Hook: `ELBv2Backend.modify_load_balancer_attributes`.

https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_LoadBalancerAttribute.html
"""

from __future__ import annotations

from typing import Any

from moto.elbv2.exceptions import ELBClientError, LoadBalancerNotFoundError
from moto.elbv2.models import ELBv2Backend

from .patching import replaces

_LOGS = {"enabled": "false", "bucket": "", "prefix": ""}
_OF_ALL = {"deletion_protection.enabled": "false", "load_balancing.cross_zone.enabled": "false"}
_OF_BOTH = {**{f"access_logs.s3.{key}": value for key, value in _LOGS.items()}, "zonal_shift.config.enabled": "false"}
ATTRIBUTES: dict[str, dict[str, str]] = {
    "gateway": _OF_ALL,
    "network": {**_OF_ALL, **_OF_BOTH, "dns_record.client_routing_policy": "any_availability_zone", "secondary_ips.auto_assigned.per_subnet": "0"},
    "application": {
        **_OF_ALL,
        **_OF_BOTH,
        **{f"{logs}_logs.s3.{key}": value for logs in ("connection", "health_check") for key, value in _LOGS.items()},
        "load_balancing.cross_zone.enabled": "true",
        "client_keep_alive.seconds": "3600",
        "idle_timeout.timeout_seconds": "60",
        "routing.http.desync_mitigation_mode": "defensive",
        "routing.http.drop_invalid_header_fields.enabled": "false",
        "routing.http.preserve_host_header.enabled": "false",
        "routing.http.x_amzn_tls_version_and_cipher_suite.enabled": "false",
        "routing.http.xff_client_port.enabled": "false",
        "routing.http.xff_header_processing.mode": "append",
        "routing.http2.enabled": "true",
        "waf.fail_open.enabled": "false",
    },
}
_SECONDS = {"idle_timeout.timeout_seconds": (1, 4000), "client_keep_alive.seconds": (60, 604800)}


def refuse(message: str) -> ELBClientError:
    return ELBClientError("ValidationError", message)


def wrong(message: str) -> ELBClientError:
    return ELBClientError("InvalidConfigurationRequest", message)


@replaces(ELBv2Backend)
def modify_load_balancer_attributes(self: Any, arn: str, attrs: dict[str, Any]) -> dict[str, Any]:
    balancer = self.load_balancers.get(arn)
    if balancer is None:
        raise LoadBalancerNotFoundError()
    if len(attrs) > 20:
        raise refuse("You can modify up to 20 attributes at once")
    for key, value in attrs.items():
        if key not in ATTRIBUTES[balancer.type]:
            known = any(key in attributes for attributes in ATTRIBUTES.values())
            raise refuse(f"Load balancer attribute key '{key}' is not supported on load balancers with type '{balancer.type}'" if known else f"Load balancer attribute key '{key}' is not recognized")
        low, high = _SECONDS.get(key, (None, None))
        if low is not None and not low <= int(value) <= high:
            raise refuse(f"'{key}' value '{value}' must be between '{low}-{high}' inclusive")
        if key == "load_balancing.cross_zone.enabled" and balancer.type == "application" and value != "true":
            raise wrong("Cross-zone load balancing cannot be turned off for load balancers with type 'application'")
        if key.endswith("_logs.s3.enabled") and value == "true" and not {**balancer.attrs, **attrs}.get(key.replace("enabled", "bucket")):
            raise wrong("A bucket must be specified to turn the logs on")
    balancer.attrs.update(attrs)
    return dict(balancer.attrs)
