"""What IAM is asked by CloudWatch's calls: alarms and dashboards by their ARNs, with their tags and the actions that an alarm is given.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatch.html,
https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/iam-cw-condition-keys-alarm-actions.html
"""

from __future__ import annotations

from moto.cloudwatch.models import cloudwatch_backends

from .accounts import Principal
from .calls import Call
from .edge_asks import tag_context
from .policy import Ask

_PUTS = ("PutMetricAlarm", "PutCompositeAlarm")


def alarm_asks(principal: Principal, call: Call) -> list[Ask]:
    action, params = f"cloudwatch:{call.action}", call.params
    if call.action == "PutMetricData":
        return [Ask(action, context={"cloudwatch:namespace": params.get("Namespace")})]
    given = {str(tag.get("Key")): str(tag.get("Value") or "") for tag in params.get("Tags") or []}
    keys = [str(key) for key in params.get("TagKeys") or []]
    backends = cloudwatch_backends[principal.account]
    asks = []
    for arn in _arns(principal, call):
        backend = backends["us-east-1" if ":dashboard/" in arn else call.region]
        context = tag_context(given, backend.tagger.get_tag_dict_for_resource(arn), keys)
        if call.action in _PUTS:
            actions = [str(each) for name in ("AlarmActions", "OKActions", "InsufficientDataActions") for each in params.get(name) or []]
            asks.append(Ask(action, arn, context={**context, **({"cloudwatch:AlarmActions": actions} if actions else {})}))
        else:
            asks.append(Ask(action, arn, context=context))
        if given and call.action in (*_PUTS, "PutDashboard"):
            asks.append(Ask("cloudwatch:TagResource", arn, context=context))
    return asks or [Ask(action)]


def _arns(principal: Principal, call: Call) -> list[str]:
    params = call.params
    if params.get("ResourceARN"):
        return [str(params["ResourceARN"])]
    # Composite alarms are described by those alone who may describe all.
    if call.action == "DescribeAlarms":
        return []
    alarms = params.get("AlarmNames") or [name for name in [params.get("AlarmName")] if name]
    dashboards = params.get("DashboardNames") or [name for name in [params.get("DashboardName")] if name]
    return [
        *(f"arn:aws:cloudwatch:{call.region}:{principal.account}:alarm:{name}" for name in alarms),
        *(f"arn:aws:cloudwatch::{principal.account}:dashboard/{name}" for name in dashboards),
    ]
