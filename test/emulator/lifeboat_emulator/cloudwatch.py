"""CloudWatch: how far back an alarm may look. Hook: `CloudWatchResponse.put_metric_alarm`.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
"""

from __future__ import annotations

from typing import Any

from moto.cloudwatch.responses import CloudWatchResponse
from moto.core.responses import ActionResult

from .errors import GateError
from .patching import replaces

_HOUR, _DAY = 3_600, 86_400


@replaces(CloudWatchResponse)
def put_metric_alarm(self: Any) -> ActionResult:
    period, periods = self._get_param("Period"), self._get_param("EvaluationPeriods")
    if period is not None:
        if int(period) not in (10, 20, 30) and (int(period) < 60 or int(period) % 60):
            raise GateError("ValidationError", "Period must be 10, 20, 30 or a multiple of 60.")
        most = 7 * _DAY if int(period) >= _HOUR else _DAY
        if int(period) * int(periods or 1) > most:
            raise GateError("ValidationError", f"Metrics cannot be checked across more than {most} seconds (EvaluationPeriods * Period must be <= {most}).")
    return put_metric_alarm.original(self)  # type: ignore[attr-defined]
