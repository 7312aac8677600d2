"""Rules of listeners as Elastic Load Balancing has them: one of a priority, conditions under both of their names, pages.

Hooks: `ELBv2Backend.delete_rule`, and the calls of `ELBV2Response`.
https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateRule.html
"""

from __future__ import annotations

from typing import Any

from moto.core.responses import ActionResult
from moto.elbv2.exceptions import ELBClientError, PriorityInUseError, RuleNotFoundError
from moto.elbv2.models import ELBv2Backend, FakeListenerRule
from moto.elbv2.responses import ELBV2Response
from moto.moto_api._internal import mock_random

from . import service_paging, service_tags
from .balancer_attributes import refuse
from .listeners import actions_of, associate, listener_of
from .patching import replaces


def _rule_of(backend: Any, arn: str | None) -> tuple[Any, Any]:
    for balancer in backend.load_balancers.values():
        for listener in balancer.listeners.values():
            for rule in listener.rules.values():
                if rule.arn == arn:
                    return listener, rule
    raise RuleNotFoundError("One or more rules not found")


_CONFIGS = {"host-header": "HostHeaderConfig", "path-pattern": "PathPatternConfig"}


def _conditions(backend: Any, given: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """As AWS answers them: what was given under the one name of two is there under both."""
    if not given:
        raise refuse("A condition must be specified")
    found = []
    for condition in given:
        name = _CONFIGS.get(condition.get("Field") or "")
        config = condition.get(name or "") or ({"Values": condition["Values"]} if name and condition.get("Values") else None)
        if not (config or {}).get("RegexValues"):
            backend._validate_conditions([condition])
        found.append({**condition, name: config, "Values": (config or {}).get("Values")} if name else dict(condition))
    if sum(len(value.get("Values") or []) for condition in found for value in condition.values() if isinstance(value, dict)) > 5:
        raise ELBClientError("TooManyConditionValues", "A rule can have up to 5 condition values")
    return [{key: value for key, value in condition.items() if value is not None} for condition in found]


@replaces(ELBV2Response)
def create_rule(self: Any) -> ActionResult:
    params, backend = self._get_params(), self.elbv2_backend
    tags = service_tags.check(params.get("Tags"), refuse)
    listener = listener_of(backend, params.get("ListenerArn"))
    balancer, priority = backend.load_balancers[listener.load_balancer_arn], int(params.get("Priority") or 0)
    if balancer.type != "application":
        raise ELBClientError("UnsupportedOperation", "Rules are supported on Application Load Balancers only")
    if not 1 <= priority <= 50000:
        raise refuse(f"The priority '{priority}' must be between '1-50000' inclusive")
    if any(rule.priority == priority for rule in listener.rules.values()):
        raise PriorityInUseError()
    conditions = _conditions(backend, params.get("Conditions") or [])
    actions = actions_of(backend, balancer, listener.protocol, params.get("Actions") or [])
    arn = f"{listener.arn.replace(':listener/', ':listener-rule/')}/{mock_random.get_random_hex(16)}"
    rule = FakeListenerRule(listener.arn, arn, conditions, priority, actions)
    rule.transforms = params.get("Transforms") or []
    listener.register(arn, rule)
    associate(backend, balancer)
    backend.tagging_service.tag_resource(arn, [{"Key": key, "Value": value} for key, value in tags.items()])
    return ActionResult({"Rules": [rule]})


@replaces(ELBV2Response)
def modify_rule(self: Any) -> ActionResult:
    params, backend = self._get_params(), self.elbv2_backend
    listener, rule = _rule_of(backend, params.get("RuleArn"))
    balancer = backend.load_balancers[listener.load_balancer_arn]
    if rule.is_default:
        raise ELBClientError("OperationNotPermitted", f"Default rule '{rule.arn}' cannot be modified")
    if params.get("Conditions"):
        rule.conditions = _conditions(backend, params["Conditions"])
    if params.get("Actions"):
        rule.actions = actions_of(backend, balancer, listener.protocol, params["Actions"])
    if params.get("Transforms") or params.get("ResetTransforms"):
        rule.transforms = params.get("Transforms") or []
    associate(backend, balancer)
    return ActionResult({"Rules": [rule]})


@replaces(ELBv2Backend)
def delete_rule(self: Any, arn: str) -> None:
    listener, rule = _rule_of(self, arn)
    if rule.is_default:
        raise ELBClientError("OperationNotPermitted", f"Default rule '{arn}' cannot be deleted")
    listener.remove_rule(arn)
    self.tagging_service.delete_all_tags_for_resource(arn)
    associate(self, self.load_balancers[listener.load_balancer_arn])


@replaces(ELBV2Response)
def describe_rules(self: Any) -> ActionResult:
    listener_arn, arns = self._get_param("ListenerArn"), self._get_param("RuleArns")
    if bool(listener_arn) == bool(arns):
        raise refuse("You must specify either listener rule ARNs or a listener ARN")
    whole = list(listener_of(self.elbv2_backend, listener_arn).rules.values()) if listener_arn else [_rule_of(self.elbv2_backend, one)[1] for one in arns]
    whole.sort(key=lambda rule: 50001 if rule.is_default else int(rule.priority))
    return ActionResult(service_paging.page(self, "elbv2", "DescribeRules", whole, refuse))
