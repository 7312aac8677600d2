"""CloudWatch's alarms as AWS has them: what a put has to say, both types, pages, tags that are given once, what a composite alarm needs.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html,
https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutCompositeAlarm.html,
https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarms.html. Hooks: the calls of `CloudWatchResponse`.
moto's alarm keeps its state; what was put stands beside it as it was given.
"""

from __future__ import annotations

from typing import Any

from moto.cloudwatch.responses import CloudWatchResponse
from moto.core.responses import ActionResult, EmptyResult

from . import alarm_rules, quotas, service_paging, service_tags
from .alarm_queries import check_queries
from .errors import GateError
from .patching import replaces

_HOUR, _DAY = 3_600, 86_400
_ACTIONS = ("AlarmActions", "OKActions", "InsufficientDataActions")
_ARNS = ("arn:aws:automate:", "arn:aws:autoscaling:", "arn:aws:sns:", "arn:aws:ssm:", "arn:aws:ssm-incidents:", "arn:aws:swf:", "arn:aws:lambda:", "arn:aws:aiops:")
_OF_COMPOSITE = ("arn:aws:sns:", "arn:aws:lambda:", "arn:aws:ssm:", "arn:aws:ssm-incidents:", "arn:aws:aiops:")
_COMPARISONS = {"GreaterThanOrEqualToThreshold", "GreaterThanThreshold", "LessThanThreshold", "LessThanOrEqualToThreshold", "LessThanLowerOrGreaterThanUpperThreshold", "LessThanLowerThreshold", "GreaterThanUpperThreshold"}
_MISSING = {"breaching", "notBreaching", "ignore", "missing"}
# What this package does not know: it would be ignored.
_UNKNOWN = ("EvaluationWindow", "WarmUpConfiguration", "EvaluationCriteria", "EvaluationInterval", "ActionConfiguration", "ChildrenOfAlarmName", "ParentsOfAlarmName")


def refuse(message: str) -> GateError:
    return GateError("ValidationError", message)


def _check_known(params: dict[str, Any]) -> None:
    for name in _UNKNOWN:
        if params.get(name) is not None:
            raise NotImplementedError(name)


def _check_common(params: dict[str, Any], services: tuple[str, ...]) -> None:
    _check_known(params)
    name = str(params.get("AlarmName") or "")
    if not 1 <= len(name) <= 255:
        raise refuse("1 validation error detected: Value at 'alarmName' failed to satisfy constraint: Member must have length between 1 and 255")
    if len(params.get("AlarmDescription") or "") > 1024:
        raise refuse("1 validation error detected: Value at 'alarmDescription' failed to satisfy constraint: Member must have length less than or equal to 1024")
    for field in _ACTIONS:
        actions = params.get(field) or []
        if len(actions) > 5:
            raise refuse(f"1 validation error detected: Value at '{field}' failed to satisfy constraint: Member must have length less than or equal to 5")
        for action in actions:
            if not str(action).startswith(services):
                raise refuse(f"Invalid arn syntax: {action}")


def _check_span(period: int, periods: int) -> None:
    if period not in (10, 20, 30) and (period < 60 or period % 60):
        raise refuse("Period must be 10, 20, 30 or a multiple of 60.")
    most = 7 * _DAY if period >= _HOUR else _DAY
    if period * periods > most:
        raise refuse(f"Metrics cannot be checked across more than {most} seconds (EvaluationPeriods * Period must be <= {most}).")


def _check_metric(params: dict[str, Any]) -> None:
    for required in ("EvaluationPeriods", "ComparisonOperator"):
        if params.get(required) is None:
            raise refuse(f"The parameter {required} is required.")
    periods = int(params["EvaluationPeriods"])
    if params["ComparisonOperator"] not in _COMPARISONS:
        raise refuse(f"1 validation error detected: Value '{params['ComparisonOperator']}' at 'comparisonOperator' failed to satisfy constraint")
    if params.get("TreatMissingData") not in (None, *_MISSING):
        raise refuse(f"Option {params['TreatMissingData']} is not supported for TreatMissingData.")
    if (params.get("Threshold") is None) == (params.get("ThresholdMetricId") is None):
        raise refuse("Exactly one of Threshold and ThresholdMetricId must be specified.")
    if not 1 <= int(params.get("DatapointsToAlarm") or periods) <= periods:
        raise refuse("DatapointsToAlarm must be less than or equal to EvaluationPeriods.")
    queries = params.get("Metrics") or []
    if bool(queries) == bool(params.get("MetricName")):
        raise refuse("Exactly one of MetricName and Metrics must be specified.")
    if queries:
        check_queries(params)
        for query in queries:
            if "MetricStat" in query:
                _check_span(int(query["MetricStat"]["Period"]), periods)
        return
    if not params.get("Namespace") or not params.get("Period"):
        raise refuse("The parameters Namespace and Period must be specified with MetricName.")
    if bool(params.get("Statistic")) == bool(params.get("ExtendedStatistic")):
        raise refuse("Exactly one of Statistic and ExtendedStatistic must be specified.")
    if len(params.get("Dimensions") or []) > 30:
        raise refuse("The collection Dimensions must not have more than 30 elements.")
    _check_span(int(params["Period"]), periods)


def _put(self: Any, params: dict[str, Any]) -> ActionResult:
    backend, name = self.cloudwatch_backend, params["AlarmName"]
    tags = service_tags.check(params.get("Tags"), refuse, plain=False)
    former = backend.alarms.get(name)
    rule = params.get("AlarmRule")
    if former is not None and (former.rule is None) != (rule is None):
        raise refuse(f"An alarm of another type has the name {name}.")
    if former is None and len(backend.alarms) >= quotas.limit(backend.account_id, quotas.ALARMS):
        raise GateError("LimitExceededFault", "The quota for alarms for this customer has already been reached.")
    alarm = backend.put_metric_alarm(
        name=name, namespace=params.get("Namespace"), metric_name=params.get("MetricName"), comparison_operator=params.get("ComparisonOperator"),
        evaluation_periods=params.get("EvaluationPeriods"), period=params.get("Period"), threshold=params.get("Threshold"), statistic=params.get("Statistic"),
        description=params.get("AlarmDescription"), dimensions=[], alarm_actions=list(params.get("AlarmActions") or []),
        actions_enabled=params.get("ActionsEnabled", True), rule=rule,
    )
    alarm.given = {key: value for key, value in params.items() if key != "Tags" and value is not None}
    if former is None:
        alarm.state_value = "INSUFFICIENT_DATA"
        # Tags that are given with a change are ignored.
        backend.tagger.tag_resource(alarm.alarm_arn, [{"Key": key, "Value": value} for key, value in tags.items()])
    else:
        for field in ("state_value", "state_reason", "state_reason_data", "state_updated_timestamp", "history"):
            setattr(alarm, field, getattr(former, field))
    return EmptyResult()


@replaces(CloudWatchResponse)
def put_metric_alarm(self: Any) -> ActionResult:
    params = self._get_params()
    _check_common(params, _ARNS)
    _check_metric(params)
    return _put(self, params)


@replaces(CloudWatchResponse)
def put_composite_alarm(self: Any) -> ActionResult:
    params = self._get_params()
    _check_common(params, _OF_COMPOSITE)
    children = alarm_rules.children(str(params.get("AlarmRule") or ""), refuse)
    there = self.cloudwatch_backend.alarms
    suppressor = params.get("ActionsSuppressor")
    if suppressor is not None and (params.get("ActionsSuppressorWaitPeriod") is None or params.get("ActionsSuppressorExtensionPeriod") is None):
        raise refuse("ActionsSuppressorWaitPeriod and ActionsSuppressorExtensionPeriod are required with ActionsSuppressor.")
    for child in [*children, *([alarm_rules.name_of(suppressor)] if suppressor else [])]:
        if child not in there:
            raise refuse(f"Could not save the composite alarm as alarms [{child}] in the alarm rule do not exist")
    if params["AlarmName"] in children:
        raise refuse("A composite alarm cannot name itself in its rule.")
    return _put(self, params)


def _view(alarm: Any) -> dict[str, Any]:
    lists = {field: [] for field in (*_ACTIONS, *(() if alarm.rule is not None else ("Dimensions",)))}
    view = {**lists, **alarm.given, "AlarmArn": alarm.alarm_arn, "ActionsEnabled": alarm.actions_enabled}
    state = {"StateValue": alarm.state_value, "StateReason": alarm.state_reason, "StateReasonData": alarm.state_reason_data, "StateUpdatedTimestamp": alarm.state_updated_timestamp}
    return {**view, **state, "AlarmConfigurationUpdatedTimestamp": alarm.configuration_updated_timestamp}


@replaces(CloudWatchResponse)
def describe_alarms(self: Any) -> ActionResult:
    params = self._get_params()
    _check_known(params)
    names, prefix = params.get("AlarmNames"), params.get("AlarmNamePrefix")
    if names and prefix:
        raise refuse("AlarmNames and AlarmNamePrefix may not be used together.")
    if names and len(names) > 100:
        raise refuse("1 validation error detected: Value at 'alarmNames' failed to satisfy constraint: Member must have length less than or equal to 100")
    # Without types, metric alarms alone.
    types = params.get("AlarmTypes") or ["MetricAlarm"]
    whole = [
        alarm
        for name, alarm in sorted(self.cloudwatch_backend.alarms.items())
        if (not names or name in names)
        and name.startswith(prefix or "")
        and (params.get("StateValue") in (None, alarm.state_value))
        and ("MetricAlarm" if alarm.rule is None else "CompositeAlarm") in types
        and (not params.get("ActionPrefix") or any(action.startswith(params["ActionPrefix"]) for action in alarm.alarm_actions))
    ]
    paged = service_paging.page(self, "cloudwatch", "DescribeAlarms", whole, lambda message: GateError("InvalidNextToken" if "token" in message else "ValidationError", message))
    taken = paged.pop("Alarms")
    metric, composite = ([_view(alarm) for alarm in taken if (alarm.rule is None) is of_metric] for of_metric in (True, False))
    return ActionResult({**paged, "MetricAlarms": metric, "CompositeAlarms": composite})


@replaces(CloudWatchResponse)
def delete_alarms(self: Any) -> ActionResult:
    names = self._get_params().get("AlarmNames") or []
    there = self.cloudwatch_backend.alarms
    if len(names) > 100 or sum(1 for name in names if name in there and there[name].rule is not None) > 1:
        raise refuse("No more than 100 alarms, and no more than one composite alarm, can be deleted at once.")
    for alarm in there.values():
        needed = alarm.rule is not None and alarm_rules.children(alarm.rule, refuse) & set(names)
        if needed:
            raise refuse(f"The alarm {sorted(needed)[0]} cannot be deleted: the composite alarm {alarm.name} depends on it.")
    for name in names:
        gone = there.pop(name, None)
        if gone is not None:
            self.cloudwatch_backend.tagger.delete_all_tags_for_resource(gone.alarm_arn)
    return EmptyResult()
