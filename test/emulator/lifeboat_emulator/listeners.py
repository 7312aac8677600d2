"""Listeners as Elastic Load Balancing has them: one of a port, under a certificate that is issued, actions that are possible, pages.

Hooks: `ELBv2Backend.delete_listener`, `.describe_listener_attributes`, `.modify_listener_attributes`, and calls of `ELBV2Response`.
https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateListener.html
"""

from __future__ import annotations

from typing import Any

from moto.acm.models import acm_backends
from moto.core.responses import ActionResult
from moto.elbv2.exceptions import ActionTargetGroupNotFoundError, DuplicateListenerError, ELBClientError, ListenerNotFoundError
from moto.elbv2.models import ELBv2Backend, FakeAction, FakeListener
from moto.elbv2.responses import ELBV2Response
from moto.elbv2.ssl_policies import SSL_POLICIES
from moto.iam.models import iam_backends
from moto.moto_api._internal import mock_random

from . import quotas, service_paging, service_tags
from .balancer_attributes import refuse, wrong
from .load_balancers import balancer_of
from .patching import replaces

_PROTOCOLS = {"application": ("HTTP", "HTTPS"), "network": ("TCP", "UDP", "TLS", "TCP_UDP")}
_UNDER_TLS = ("HTTPS", "TLS")
# What a Network Load Balancer's listener may forward to: https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-listeners.html
_FORWARDS = {"TCP": ("TCP", "TCP_UDP"), "TLS": ("TCP", "TLS"), "UDP": ("UDP", "TCP_UDP"), "TCP_UDP": ("TCP_UDP",)}
_LAST = ("forward", "redirect", "fixed-response")
_HEADERS = [f"routing.http.response.{name}.header_value" for name in ("strict_transport_security", "content_security_policy", "x_content_type_options", "x_frame_options")]
_HEADERS += [f"routing.http.response.access_control_{name}.header_value" for name in ("allow_origin", "allow_methods", "allow_headers", "allow_credentials", "expose_headers", "max_age")]
_OF_HTTP = {"routing.http.response.server.enabled": "true", **{name: "" for name in _HEADERS}}
_CLIENT = [f"routing.http.request.x_amzn_mtls_clientcert{name}.header_name" for name in ("", "_serial_number", "_issuer", "_subject", "_validity", "_leaf")]
_OF_HTTPS = {**_OF_HTTP, **{name: "" for name in (*_CLIENT, "routing.http.request.x_amzn_tls_version.header_name", "routing.http.request.x_amzn_tls_cipher_suite.header_name")}}
_ATTRIBUTES = {"HTTP": _OF_HTTP, "HTTPS": _OF_HTTPS, "TCP": {"tcp.idle_timeout.seconds": "350"}}


def listener_of(backend: Any, arn: str | None) -> Any:
    for balancer in backend.load_balancers.values():
        if arn in balancer.listeners:
            return balancer.listeners[arn]
    raise ListenerNotFoundError()


def _check_certificates(backend: Any, protocol: str, certificates: list[dict[str, Any]]) -> str | None:
    """The one of a protocol under TLS, which has to be there and issued."""
    if protocol not in _UNDER_TLS:
        if certificates:
            raise refuse(f"A certificate cannot be specified for {protocol} listeners")
        return None
    if len(certificates) != 1:
        raise refuse(f"A certificate must be specified for {protocol} listeners, and one alone")
    arn = str(certificates[0].get("CertificateArn"))
    if ":iam:" in arn:
        if iam_backends[backend.account_id]["aws"].get_certificate_by_arn(arn) is None:
            raise ELBClientError("CertificateNotFound", f"Certificate '{arn}' not found")
        return arn
    bundle = acm_backends[backend.account_id][backend.region_name]._certificates.get(arn)
    if bundle is None:
        raise ELBClientError("CertificateNotFound", f"Certificate '{arn}' not found")
    bundle.check()
    if bundle.status != "ISSUED":
        raise ELBClientError("UnsupportedCertificate", f"The certificate '{arn}' must have a fully-qualified domain name, a supported signature, and a supported key size.")
    return arn


def _check_policy(protocol: str, policy: str | None) -> str | None:
    if protocol not in _UNDER_TLS:
        if policy:
            raise refuse(f"An SSL policy cannot be specified for {protocol} listeners")
        return None
    if policy and policy not in SSL_POLICIES:
        raise ELBClientError("SSLPolicyNotFound", f"Policy {policy} not found")
    return policy or "ELBSecurityPolicy-2016-08"


def _check_mutual(protocol: str, mutual: dict[str, Any] | None) -> dict[str, Any] | None:
    if protocol != "HTTPS":
        if mutual and mutual.get("Mode") != "off":
            raise wrong("Mutual authentication is supported on HTTPS listeners only")
        return None
    given = mutual or {"Mode": "off"}
    if given.get("Mode") == "verify" and not given.get("TrustStoreArn"):
        raise refuse("A trust store must be specified with the mode verify")
    return given


def actions_of(backend: Any, balancer: Any, protocol: str, given: list[dict[str, Any]]) -> list[Any]:
    """As AWS answers them: in order, and a single target group under both of its names."""
    if not given:
        raise refuse("At least one action must be specified")
    ordered = sorted(given, key=lambda action: int(action.get("Order") or 0))
    if [action["Type"] in _LAST for action in ordered] != [False] * (len(ordered) - 1) + [True]:
        raise ELBClientError("InvalidLoadBalancerAction", "The last action must be one of forward, redirect and fixed-response, and the only one")
    if balancer.type == "network" and any(action["Type"] != "forward" for action in ordered):
        raise ELBClientError("InvalidLoadBalancerAction", "Network Load Balancers forward, and do nothing else")
    if protocol != "HTTPS" and len(ordered) > 1:
        raise ELBClientError("InvalidLoadBalancerAction", "Actions that authenticate are supported on HTTPS listeners only")
    backend._validate_actions([FakeAction(dict(action)) for action in ordered])
    return [FakeAction(_answered(backend, balancer, protocol, action, index)) for index, action in enumerate(ordered)]


def _answered(backend: Any, balancer: Any, protocol: str, action: dict[str, Any], index: int) -> dict[str, Any]:
    data = {**action, "Order": int(action.get("Order") or index + 1)}
    if action["Type"] == "redirect":
        defaults = {"Protocol": "#{protocol}", "Port": "#{port}", "Host": "#{host}", "Path": "/#{path}", "Query": "#{query}"}
        config = {**defaults, **{key: value for key, value in action["RedirectConfig"].items() if value not in (None, "")}}
        if all(config[key] == value for key, value in defaults.items()):
            raise ELBClientError("InvalidLoadBalancerAction", "A redirect must change the protocol, host, port, path or query")
        data["RedirectConfig"] = config
    if action["Type"] != "forward":
        return data
    config = action.get("ForwardConfig") or {}
    groups = config.get("TargetGroups") or [{"TargetGroupArn": action.get("TargetGroupArn")}]
    if not 1 <= len(groups) <= 5:
        raise ELBClientError("TooManyTargetGroups", "You can specify up to 5 target groups")
    for each in groups:
        _check_group(backend, balancer, protocol, each["TargetGroupArn"])
    sticky = config.get("TargetGroupStickinessConfig") or {"Enabled": False}
    tuples = [{"TargetGroupArn": each["TargetGroupArn"], "Weight": int(1 if each.get("Weight") is None else each["Weight"])} for each in groups]
    data["ForwardConfig"] = {"TargetGroups": tuples, "TargetGroupStickinessConfig": sticky}
    data.pop("TargetGroupArn", None)
    return {**data, "TargetGroupArn": groups[0]["TargetGroupArn"]} if len(groups) == 1 else data


def _check_group(backend: Any, balancer: Any, protocol: str, arn: str) -> None:
    group = backend.target_groups.get(arn)
    if group is None:
        raise ActionTargetGroupNotFoundError(arn)
    if group.target_type == "lambda" and balancer.type == "application":
        return
    allowed = ("HTTP", "HTTPS") if balancer.type == "application" else _FORWARDS[protocol]
    if group.protocol not in allowed:
        raise ELBClientError("IncompatibleProtocols", f"The {group.protocol} protocol of the target group '{arn}' is not supported with the {protocol} protocol")
    if group.vpc_id != balancer.vpc_id:
        raise wrong(f"The target group '{arn}' is not in the VPC of the load balancer")
    if any(other != balancer.arn for other in group.load_balancer_arns):
        raise ELBClientError("TargetGroupAssociationLimit", f"The following target groups cannot be associated with more than one load balancer: {arn}")


def associate(backend: Any, balancer: Any) -> None:
    """Which groups a load balancer's listeners and rules lead to."""
    used = {arn for listener in balancer.listeners.values() for rule in listener.rules.values() for action in rule.actions for arn in backend._get_target_group_arns_from(action_data=action.data)}
    for arn, group in backend.target_groups.items():
        others = [other for other in group.load_balancer_arns if other != balancer.arn]
        group.load_balancer_arns = [*others, balancer.arn] if arn in used else others


def _check_port(balancer: Any, port: Any, protocol: str, own: Any = None) -> None:
    if protocol not in _PROTOCOLS.get(balancer.type, ()):
        raise ELBClientError("UnsupportedProtocol", f"The protocol {protocol} is not supported for load balancers with type '{balancer.type}'")
    if not 1 <= int(port or 0) <= 65535:
        raise refuse(f"The port '{port}' must be between '1-65535' inclusive")
    if any(other is not own and int(other.port) == int(port) for other in balancer.listeners.values()):
        raise DuplicateListenerError()


@replaces(ELBV2Response)
def create_listener(self: Any) -> ActionResult:
    params, backend = self._get_params(), self.elbv2_backend
    tags = service_tags.check(params.get("Tags"), refuse)
    balancer, protocol = balancer_of(backend, params.get("LoadBalancerArn")), str(params.get("Protocol") or "")
    _check_port(balancer, params.get("Port"), protocol)
    code = quotas.APPLICATION_LISTENERS
    if balancer.type == "application" and len(balancer.listeners) >= quotas.limit(backend.account_id, code):
        raise ELBClientError("TooManyListeners", "You've reached the limit on the number of listeners per load balancer.")
    certificate = _check_certificates(backend, protocol, params.get("Certificates") or [])
    if params.get("AlpnPolicy") and protocol != "TLS":
        raise refuse("An ALPN policy can be specified for TLS listeners only")
    actions = actions_of(backend, balancer, protocol, params.get("DefaultActions") or [])
    arn = f"{balancer.arn.replace(':loadbalancer/', ':listener/')}/{mock_random.get_random_hex(16)}"
    listener = FakeListener(balancer.arn, arn, protocol, int(params["Port"]), _check_policy(protocol, params.get("SslPolicy")), certificate, actions, params.get("AlpnPolicy"))
    listener.mutual_authentication = _check_mutual(protocol, params.get("MutualAuthentication"))
    listener.attributes = dict(_ATTRIBUTES.get(protocol, {}))
    balancer.listeners[arn] = listener
    associate(backend, balancer)
    backend.tagging_service.tag_resource(arn, [{"Key": key, "Value": value} for key, value in tags.items()])
    return ActionResult({"Listeners": [listener]})


@replaces(ELBV2Response)
def modify_listener(self: Any) -> ActionResult:
    params, backend = self._get_params(), self.elbv2_backend
    listener = listener_of(backend, params.get("ListenerArn"))
    balancer = backend.load_balancers[listener.load_balancer_arn]
    protocol, port = str(params.get("Protocol") or listener.protocol), params.get("Port") or listener.port
    _check_port(balancer, port, protocol, listener)
    kept = [{"CertificateArn": listener.certificate}] if listener.certificate and protocol in _UNDER_TLS else []
    certificate = _check_certificates(backend, protocol, params.get("Certificates") or kept)
    policy = _check_policy(protocol, params.get("SslPolicy") or (listener.ssl_policy if protocol in _UNDER_TLS else None))
    mutual = _check_mutual(protocol, params.get("MutualAuthentication") or getattr(listener, "mutual_authentication", None))
    given = params.get("DefaultActions")
    actions = actions_of(backend, balancer, protocol, given) if given else listener.default_actions
    if protocol != listener.protocol:
        listener.attributes = dict(_ATTRIBUTES.get(protocol, {}))
    others = [each for each in listener.certificates if each != listener.certificate]
    listener.protocol, listener.port, listener.ssl_policy, listener.mutual_authentication = protocol, int(port), policy, mutual
    listener.certificate, listener.certificates = certificate, [certificate, *others] if certificate else []
    listener.default_actions = listener._default_rule[0].actions = actions
    if params.get("AlpnPolicy"):
        listener.alpn_policy = params["AlpnPolicy"]
    associate(backend, balancer)
    return ActionResult({"Listeners": [_shown(listener)]})


def _shown(listener: Any) -> dict[str, Any]:
    """Only the default certificate is among a listener's own."""
    fields = {
        "ListenerArn": listener.arn,
        "LoadBalancerArn": listener.load_balancer_arn,
        "Port": listener.port,
        "Protocol": listener.protocol,
        "SslPolicy": listener.ssl_policy,
        "Certificates": [listener.certificate] if listener.certificate else [],
        "DefaultActions": listener.default_actions,
        "AlpnPolicy": listener.alpn_policy or None,
        "MutualAuthentication": getattr(listener, "mutual_authentication", None),
    }
    return {key: value for key, value in fields.items() if value is not None}


@replaces(ELBV2Response)
def describe_listeners(self: Any) -> ActionResult:
    arn, arns = self._get_param("LoadBalancerArn"), self._get_param("ListenerArns", [])
    if bool(arn) == bool(arns):
        raise refuse("You must specify either listener ARNs or a load balancer ARN")
    whole = list(balancer_of(self.elbv2_backend, arn).listeners.values()) if arn else [listener_of(self.elbv2_backend, one) for one in arns]
    return ActionResult(service_paging.page(self, "elbv2", "DescribeListeners", [_shown(listener) for listener in whole], refuse))


@replaces(ELBv2Backend)
def delete_listener(self: Any, listener_arn: str) -> Any:
    listener = listener_of(self, listener_arn)
    balancer = self.load_balancers[listener.load_balancer_arn]
    for gone in (listener_arn, *listener.rules):
        self.tagging_service.delete_all_tags_for_resource(gone)
    balancer.listeners.pop(listener_arn)
    associate(self, balancer)
    return listener


@replaces(ELBv2Backend)
def describe_listener_attributes(self: Any, listener_arn: str) -> dict[str, str]:
    listener = listener_of(self, listener_arn)
    if listener.protocol == "TLS":
        raise wrong("Attributes are not supported on TLS listeners")
    return dict(listener.attributes)


@replaces(ELBv2Backend)
def modify_listener_attributes(self: Any, listener_arn: str, attrs: list[dict[str, str]]) -> dict[str, str]:
    listener = listener_of(self, listener_arn)
    for each in attrs:
        if each["Key"] not in _ATTRIBUTES.get(listener.protocol, {}):
            raise refuse(f"Listener attribute key '{each['Key']}' is not supported on {listener.protocol} listeners")
        if each["Key"] == "tcp.idle_timeout.seconds" and not 60 <= int(each["Value"]) <= 6000:
            raise refuse("'tcp.idle_timeout.seconds' must be between '60-6000' inclusive")
    listener.attributes.update({each["Key"]: each["Value"] for each in attrs})
    return dict(listener.attributes)


@replaces(ELBV2Response)
def describe_listener_certificates(self: Any) -> ActionResult:
    listener = listener_of(self.elbv2_backend, self._get_param("ListenerArn"))
    whole = [{"CertificateArn": arn, "IsDefault": arn == listener.certificate} for arn in listener.certificates]
    return ActionResult(service_paging.page(self, "elbv2", "DescribeListenerCertificates", whole, refuse))
