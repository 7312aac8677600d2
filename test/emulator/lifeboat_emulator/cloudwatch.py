"""CloudWatch: how far back an alarm may look, and what it may reckon with. Hook: `CloudWatchResponse.put_metric_alarm`.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-limits.html
"""

from __future__ import annotations

import re
from typing import Any

from moto.cloudwatch.responses import CloudWatchResponse
from moto.core.responses import ActionResult

from .errors import GateError
from .patching import replaces

_HOUR, _DAY = 3_600, 86_400


# What an expression of this project's may call. CloudWatch knows more; an alarm may not use SEARCH.
_FUNCTIONS = {"DIFF", "FILL", "SUM"}
_MOST_METRICS = 10


@replaces(CloudWatchResponse)
def put_metric_alarm(self: Any) -> ActionResult:
    queries = self._get_param("Metrics", [])
    if bool(queries) == bool(self._get_param("MetricName")):
        raise GateError("ValidationError", "Exactly one of MetricName and Metrics must be specified.")
    if queries:
        _check_queries(self, queries)
    periods = int(self._get_param("EvaluationPeriods") or 1)
    if int(self._get_param("DatapointsToAlarm") or 1) > periods:
        raise GateError("ValidationError", "DatapointsToAlarm must be less than or equal to EvaluationPeriods.")
    for period in [self._get_param("Period"), *(query.get("MetricStat", {}).get("Period") for query in queries)]:
        if period is not None:
            _check_period(int(period), periods)
    return put_metric_alarm.original(self)  # type: ignore[attr-defined]


def _check_period(period: int, periods: int) -> None:
    if period not in (10, 20, 30) and (period < 60 or period % 60):
        raise GateError("ValidationError", "Period must be 10, 20, 30 or a multiple of 60.")
    most = 7 * _DAY if period >= _HOUR else _DAY
    if period * periods > most:
        raise GateError("ValidationError", f"Metrics cannot be checked across more than {most} seconds (EvaluationPeriods * Period must be <= {most}).")


def _check_queries(response: Any, queries: list[dict[str, Any]]) -> None:
    """One of the queries is what the alarm watches; each name that an expression uses is that of another; no more than ten are metrics."""
    together = [name for name in ("Namespace", "Dimensions", "Period", "Unit", "Statistic", "ExtendedStatistic") if response._get_param(name)]
    if together:
        raise GateError("InvalidParameterCombination", f"{together[0]} must not be specified with Metrics.")
    ids = [str(query.get("Id")) for query in queries]
    if len(set(ids)) != len(ids) or not all(re.fullmatch("[a-z][A-Za-z0-9_]*", name) for name in ids):
        raise GateError("ValidationError", "Each Id in Metrics must be unique, and begin with a lowercase letter.")
    if sum(query.get("ReturnData") is not False for query in queries) != 1:
        raise GateError("ValidationError", "Exactly one element of the metrics list should return data.")
    if sum("MetricStat" in query for query in queries) > _MOST_METRICS:
        raise GateError("ValidationError", f"An alarm may refer to {_MOST_METRICS} metrics at most.")
    for query in queries:
        if ("MetricStat" in query) == ("Expression" in query):
            raise GateError("ValidationError", "Each element of Metrics must have either MetricStat or Expression.")
        expression = str(query.get("Expression", ""))
        called = set(re.findall(r"([A-Za-z_]\w*)\s*\(", expression))
        used = set(re.findall(r"\b[a-z]\w*\b", expression))
        if called - _FUNCTIONS or used - set(ids):
            raise GateError("ValidationError", f"Error in expression '{query['Id']}': {sorted((called - _FUNCTIONS) | (used - set(ids)))} is not known.")
