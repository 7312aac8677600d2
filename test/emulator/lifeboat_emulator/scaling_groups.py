"""Auto Scaling groups in pages of the size that AWS documents. Hook: `AutoScalingResponse.describe_auto_scaling_groups`."""

from __future__ import annotations

from typing import Any

from moto.autoscaling.exceptions import AutoscalingClientError
from moto.autoscaling.responses import AutoScalingResponse
from moto.core.responses import ActionResult

from . import service_paging
from .patching import replaces


def _refuse(message: str) -> AutoscalingClientError:
    return AutoscalingClientError("InvalidNextToken" if "token" in message else "ValidationError", message)


@replaces(AutoScalingResponse)
def describe_auto_scaling_groups(self: Any) -> ActionResult:
    names, filters = self._get_param("AutoScalingGroupNames", []), self._get_param("Filters", [])
    whole = self.autoscaling_backend.describe_auto_scaling_groups(names, filters=filters)
    return ActionResult(service_paging.page(self, "autoscaling", "DescribeAutoScalingGroups", list(whole), _refuse))
