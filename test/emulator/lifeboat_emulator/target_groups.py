"""Target groups as Elastic Load Balancing has them: every attribute's default, what each protocol takes, pages, tags.

Hooks: `FakeTargetGroup`, `ELBv2Backend.modify_target_group`, `.modify_target_group_attributes`, `.add_tags`, `.create_target_group`,
and the calls of `ELBV2Response`. https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_TargetGroupAttribute.html
"""

from __future__ import annotations

import re
from typing import Any

from moto.core.responses import ActionResult
from moto.elbv2.exceptions import ELBClientError, TargetGroupNotFoundError
from moto.elbv2.models import ELBv2Backend, FakeTargetGroup
from moto.elbv2.responses import ELBV2Response

from . import quotas, service_paging, service_tags
from .patching import replaces

_HTTP, _NETWORK = ("HTTP", "HTTPS"), ("TCP", "TLS", "UDP", "TCP_UDP")
_HEALTH = "target_group_health"
_COMMON = {"deregistration_delay.timeout_seconds": "300", "stickiness.enabled": "false"}
_BALANCED = {
    "load_balancing.cross_zone.enabled": "use_load_balancer_configuration",
    f"{_HEALTH}.dns_failover.minimum_healthy_targets.count": "1",
    f"{_HEALTH}.dns_failover.minimum_healthy_targets.percentage": "off",
    f"{_HEALTH}.unhealthy_state_routing.minimum_healthy_targets.count": "1",
    f"{_HEALTH}.unhealthy_state_routing.minimum_healthy_targets.percentage": "off",
}
_OF_HTTP = {
    "load_balancing.algorithm.type": "round_robin",
    "load_balancing.algorithm.anomaly_mitigation": "off",
    "slow_start.duration_seconds": "0",
    "stickiness.type": "lb_cookie",
    "stickiness.lb_cookie.duration_seconds": "86400",
    "stickiness.app_cookie.cookie_name": "",
    "stickiness.app_cookie.duration_seconds": "86400",
}
_OF_GENEVE = {"stickiness.type": "source_ip_dest_ip_proto", "target_failover.on_deregistration": "no_rebalance", "target_failover.on_unhealthy": "no_rebalance"}
_SECONDS = {
    "deregistration_delay.timeout_seconds": (0, 3600),
    "stickiness.lb_cookie.duration_seconds": (1, 604800),
    "stickiness.app_cookie.duration_seconds": (1, 604800),
    "target_health_state.unhealthy.draining_interval_seconds": (0, 360000),
}
_CODES = {"HttpCode": re.compile(r"^[2-5]\d\d(-[2-5]\d\d)?(,[2-5]\d\d(-[2-5]\d\d)?)*$"), "GrpcCode": re.compile(r"^\d{1,2}(-\d{1,2})?(,\d{1,2}(-\d{1,2})?)*$")}


def _refuse(message: str) -> ELBClientError:
    return ELBClientError("ValidationError", message)


def _defaults(group: Any) -> dict[str, str]:
    if group.target_type == "lambda":
        return {"stickiness.enabled": "false", "lambda.multi_value_headers.enabled": "false"}
    if group.target_type == "alb":
        return dict(_COMMON)
    if group.protocol in _HTTP:
        return {**_COMMON, **_BALANCED, **_OF_HTTP}
    if group.protocol == "GENEVE":
        return {**_COMMON, **_OF_GENEVE}
    datagrams = group.protocol in ("UDP", "TCP_UDP")
    own = {
        "stickiness.type": "source_ip",
        "deregistration_delay.connection_termination.enabled": str(datagrams).lower(),
        "preserve_client_ip.enabled": str(group.target_type == "instance" or datagrams).lower(),
        "proxy_protocol_v2.enabled": "false",
    }
    states = {"target_health_state.unhealthy.connection_termination.enabled": "true", "target_health_state.unhealthy.draining_interval_seconds": "0"}
    return {**_COMMON, **_BALANCED, **own, **({} if datagrams else states)}


@replaces(ELBV2Response)
def create_target_group(self: Any) -> ActionResult:
    params = self._get_params()
    tags = service_tags.check(params.get("Tags"), _refuse)
    held, most = len(self.elbv2_backend.target_groups), quotas.limit(self.current_account, quotas.TARGET_GROUPS)
    if held >= most:
        raise ELBClientError("TooManyTargetGroups", "You've reached the limit on the number of target groups for your AWS account.")
    if params.get("Protocol") == "GENEVE" and tags:
        raise _refuse("You cannot specify tags on creation of a GENEVE target group")
    version, protocol = params.get("ProtocolVersion"), params.get("Protocol")
    if version and (protocol not in _HTTP or version not in ("HTTP1", "HTTP2", "GRPC")):
        raise _refuse(f"Protocol version '{version}' is not supported for target groups with the {protocol} protocol")
    _check_matcher(params.get("Matcher"), version or "HTTP1")
    _check_health(params)
    result = create_target_group.original(self)  # type: ignore[attr-defined]
    (group,) = result.result["TargetGroups"]
    _complete(group, params)
    return result


def _complete(group: Any, params: dict[str, Any]) -> None:
    """What moto leaves out, or gives to groups that AWS gives something else."""
    group.attributes = _defaults(group)
    group.target_control_port = params.get("TargetControlPort")
    if group.target_type == "lambda":
        return
    grpc = group.protocol_version == "GRPC"
    network = group.protocol in (*_NETWORK, "GENEVE")
    group.health_check_protocol = params.get("HealthCheckProtocol") or ("TCP" if network and group.target_type != "alb" else "HTTP")
    if group.target_type == "alb":
        group.ip_address_type = None
    _checked_by(group)
    if group.health_check_protocol != "TCP":
        group.health_check_path = params.get("HealthCheckPath") or ("/AWS.ALB/healthcheck" if grpc else "/")
        group.matcher = params.get("Matcher") or ({"GrpcCode": "12"} if grpc else {"HttpCode": "200-399" if network else "200"})


def _checked_by(group: Any) -> None:
    if group.health_check_protocol == "TCP":
        group.health_check_path, group.matcher = None, None
    elif getattr(group, "matcher", None) is None:
        group.matcher = {"HttpCode": "200-399" if group.protocol in _NETWORK else "200"}
        group.health_check_path = group.health_check_path or "/"


def _check_matcher(matcher: dict[str, str] | None, version: str) -> None:
    for name, codes in (matcher or {}).items():
        if (name == "GrpcCode") != (version == "GRPC"):
            raise _refuse(f"The matcher {name} is not supported with the protocol version {version}")
        if not _CODES[name].match(str(codes)):
            raise _refuse(f"Health check matcher {name} '{codes}' must be within '200-599' inclusive" if name == "HttpCode" else f"Health check matcher GrpcCode '{codes}' must be within '0-99' inclusive")


def _check_health(params: dict[str, Any]) -> None:
    limits = {"HealthCheckIntervalSeconds": (5, 300), "HealthCheckTimeoutSeconds": (2, 120), "HealthyThresholdCount": (2, 10), "UnhealthyThresholdCount": (2, 10)}
    for name, (low, high) in limits.items():
        value = params.get(name)
        if value is not None and not low <= int(value) <= high:
            raise _refuse(f"{name} '{value}' must be between '{low}-{high}' inclusive")
    path = params.get("HealthCheckPath")
    if path is not None and not str(path).startswith("/"):
        raise _refuse(f"Health check path '{path}' must begin with a '/' character")
    if params.get("HealthCheckProtocol") == "TCP" and (path or params.get("Matcher")):
        raise _refuse("You cannot specify a health check path or matcher for TCP health checks")


@replaces(ELBV2Response)
def modify_target_group(self: Any) -> ActionResult:
    params = self._get_params()
    group = group_of(self.elbv2_backend, params.get("TargetGroupArn"))
    _check_matcher(params.get("Matcher"), group.protocol_version or "HTTP1")
    _check_health(params)
    protocol = params.get("HealthCheckProtocol") or group.health_check_protocol
    if protocol == "TCP" and group.protocol in _HTTP:
        raise _refuse(f"Health check protocol 'TCP' is not supported for target groups with the protocol '{group.protocol}'")
    fields = {
        "HealthCheckProtocol": "health_check_protocol",
        "HealthCheckPort": "health_check_port",
        "HealthCheckPath": "health_check_path",
        "HealthCheckIntervalSeconds": "health_check_interval_seconds",
        "HealthCheckTimeoutSeconds": "health_check_timeout_seconds",
        "HealthCheckEnabled": "health_check_enabled",
        "HealthyThresholdCount": "healthy_threshold_count",
        "UnhealthyThresholdCount": "unhealthy_threshold_count",
        "Matcher": "matcher",
    }
    for name, field in fields.items():
        if params.get(name) is not None:
            setattr(group, field, params[name])
    _checked_by(group)
    return ActionResult({"TargetGroups": [group]})


@replaces(ELBv2Backend)
def modify_target_group_attributes(self: Any, target_group_arn: str, attributes: dict[str, Any]) -> None:
    group = group_of(self, target_group_arn)
    for name, value in attributes.items():
        if name not in group.attributes:
            raise _refuse(f"Target group attribute key '{name}' is not recognized")
        low, high = _SECONDS.get(name, (None, None))
        if low is not None and not low <= int(value) <= high:
            raise _refuse(f"'{name}' value '{value}' must be between '{low}-{high}' inclusive")
    after = {**group.attributes, **attributes}
    if attributes.get("load_balancing.algorithm.anomaly_mitigation") == "on" and after["load_balancing.algorithm.type"] != "weighted_random":
        raise ELBClientError("InvalidConfigurationRequest", "Anomaly mitigation is supported with the algorithm weighted_random only")
    if attributes.get("preserve_client_ip.enabled") == "false" and group.protocol in ("UDP", "TCP_UDP"):
        raise ELBClientError("InvalidConfigurationRequest", f"Client IP preservation cannot be disabled for {group.protocol} target groups")
    slow = int(after.get("slow_start.duration_seconds", 0))
    if slow and (not 30 <= slow <= 900 or after["load_balancing.algorithm.type"] != "round_robin"):
        raise ELBClientError("InvalidConfigurationRequest", "Slow start takes 30 to 900 seconds, with the algorithm round_robin only")
    # moto's own limit of the delay is a second short.
    before = {name: value for name, value in attributes.items() if not name.startswith("deregistration_delay.timeout")}
    # An application's cookie may have been named before.
    if after.get("stickiness.type") == "app_cookie" and "stickiness.app_cookie.cookie_name" not in before:
        before["stickiness.app_cookie.cookie_name"] = after["stickiness.app_cookie.cookie_name"]
    if group.protocol == "TLS":
        if after.get("stickiness.enabled") == "true":
            raise ELBClientError("InvalidConfigurationRequest", "You cannot enable stickiness on target groups with the TLS protocol")
        # Its type may be said while it is off, which moto refuses.
        before.pop("stickiness.type", None)
    modify_target_group_attributes.original(self, target_group_arn, before)  # type: ignore[attr-defined]
    group.attributes.update(attributes)


@replaces(ELBv2Backend)
def add_tags(self: Any, resource_arns: list[str], tags: list[dict[str, str]]) -> None:
    """50 tags an object, where moto has 10."""
    checked = service_tags.check(tags, _refuse)
    for arn in resource_arns:
        self._get_resource_by_arn(arn)
        service_tags.merged(self.tagging_service.get_tag_dict_for_resource(arn), checked, lambda message: ELBClientError("TooManyTags", message))
        self.tagging_service.tag_resource(arn, tags)


@replaces(ELBV2Response)
def describe_tags(self: Any) -> ActionResult:
    arns = self._get_param("ResourceArns", [])
    if not 1 <= len(arns) <= 20:
        raise _refuse("You can specify between 1 and 20 resource ARNs")
    for arn in arns:
        self.elbv2_backend._get_resource_by_arn(arn)
    return describe_tags.original(self)  # type: ignore[attr-defined]


@replaces(ELBV2Response)
def describe_target_groups(self: Any) -> ActionResult:
    whole = describe_target_groups.original(self).result["TargetGroups"]  # type: ignore[attr-defined]
    return ActionResult(service_paging.page(self, "elbv2", "DescribeTargetGroups", list(whole), _refuse))


def group_of(backend: Any, arn: str | None) -> FakeTargetGroup:
    """The target group of an ARN, which has to be there."""
    group = backend.target_groups.get(arn)
    if group is None:
        raise TargetGroupNotFoundError()
    return group
