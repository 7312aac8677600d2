"""What IAM is asked by calls to EventBridge Scheduler.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoneventbridgescheduler.html
"""

from __future__ import annotations

import json
from typing import Any

from .accounts import Principal
from .calls import Call, read_body
from .policy import Ask


def scheduler_asks(principal: Principal, call: Call, environ: dict[str, Any]) -> list[Ask]:
    action, name = f"scheduler:{call.action}", call.params.get("Name")
    if not name or call.action.startswith("List"):
        return [Ask(action)]
    body = json.loads(read_body(environ) or b"{}")
    group = call.params.get("groupName") or body.get("GroupName") or "default"
    asks = [Ask(action, f"arn:aws:scheduler:{call.region}:{principal.account}:schedule/{group}/{name}")]
    # Whoever makes a schedule hands it its role.
    role = (body.get("Target") or {}).get("RoleArn")
    if role and call.action in ("CreateSchedule", "UpdateSchedule"):
        asks.append(Ask("iam:PassRole", role, context={"iam:PassedToService": "scheduler.amazonaws.com"}))
    return asks
