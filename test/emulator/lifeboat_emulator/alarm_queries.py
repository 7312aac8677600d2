"""What an alarm on an expression may reckon with.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html,
https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-limits.html
"""

from __future__ import annotations

import re
from typing import Any

from .errors import GateError

# What an expression of this project's may call. CloudWatch knows more; an alarm may not use SEARCH.
_FUNCTIONS = {"DIFF", "FILL", "SUM"}
_MOST_METRICS = 10


def check_queries(params: dict[str, Any]) -> None:
    """One of the queries is what the alarm watches; each name that an expression uses is that of another; no more than ten are metrics."""
    queries = params["Metrics"]
    together = [name for name in ("Namespace", "Dimensions", "Period", "Unit", "Statistic", "ExtendedStatistic") if params.get(name)]
    if together:
        raise GateError("InvalidParameterCombination", f"{together[0]} must not be specified with Metrics.")
    ids = [str(query.get("Id")) for query in queries]
    if len(set(ids)) != len(ids) or not all(re.fullmatch("[a-z][A-Za-z0-9_]*", name) for name in ids):
        raise GateError("ValidationError", "Each Id in Metrics must be unique, and begin with a lowercase letter.")
    if sum(query.get("ReturnData") is not False for query in queries) != (2 if params.get("ThresholdMetricId") else 1):
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
