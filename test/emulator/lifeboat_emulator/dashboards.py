"""CloudWatch's dashboards, which are an account's and no region's, and the tags of all that CloudWatch has.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutDashboard.html,
https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_ListDashboards.html. Hooks: the calls of `CloudWatchResponse`.
"""

from __future__ import annotations

import json
import re
from typing import Any

from moto.cloudwatch.models import cloudwatch_backends
from moto.cloudwatch.responses import CloudWatchResponse
from moto.core.responses import ActionResult, EmptyResult

from . import service_paging, service_tags
from .errors import GateError
from .patching import replaces

# Whichever region is asked.
_HOME = "us-east-1"
_NAME = re.compile(r"^[A-Za-z0-9_-]{1,255}$")
# https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html
_MOST_WIDGETS = 500


def _wrong(message: str) -> GateError:
    return GateError("InvalidParameterValue", message)


def _backend(response: Any) -> Any:
    return cloudwatch_backends[response.current_account][_HOME]


def _check_body(body: str) -> None:
    try:
        document = json.loads(body)
    except ValueError:
        document = None
    widgets = document.get("widgets", []) if isinstance(document, dict) else None
    if not isinstance(widgets, list) or len(widgets) > _MOST_WIDGETS:
        raise GateError("DashboardInvalidInputError", "The field DashboardBody must be a valid JSON object, with a list of no more than 500 widgets")
    for index, widget in enumerate(widgets):
        if not isinstance(widget, dict) or "type" not in widget or "properties" not in widget:
            raise GateError("DashboardInvalidInputError", f"The dashboard body is invalid: /widgets/{index} should have the required properties type and properties")


@replaces(CloudWatchResponse)
def put_dashboard(self: Any) -> ActionResult:
    params = self._get_params()
    name, body = str(params.get("DashboardName") or ""), str(params.get("DashboardBody") or "")
    if not _NAME.match(name):
        raise _wrong(f"The value {name} for field DashboardName contains invalid characters. It can only contain alphanumerics, dash (-) and underscore (_).")
    _check_body(body)
    tags = service_tags.check(params.get("Tags"), _wrong, plain=False)
    backend = _backend(self)
    is_new = name not in backend.dashboards
    made = backend.put_dashboard(name, body)
    if is_new:
        backend.tagger.tag_resource(made.arn, [{"Key": key, "Value": value} for key, value in tags.items()])
    return ActionResult({"DashboardValidationMessages": []})


@replaces(CloudWatchResponse)
def get_dashboard(self: Any) -> ActionResult:
    name = self._get_params().get("DashboardName")
    found = _backend(self).dashboards.get(name)
    if found is None:
        raise GateError("DashboardNotFoundError", f"Dashboard {name} does not exist", 404)
    return ActionResult({"DashboardArn": found.arn, "DashboardBody": found.body, "DashboardName": found.name})


@replaces(CloudWatchResponse)
def list_dashboards(self: Any) -> ActionResult:
    prefix = self._get_params().get("DashboardNamePrefix") or ""
    whole = [
        {"DashboardName": name, "DashboardArn": found.arn, "LastModified": found.last_modified, "Size": len(found.body)}
        for name, found in sorted(_backend(self).dashboards.items())
        if name.startswith(prefix)
    ]
    return ActionResult(service_paging.page(self, "cloudwatch", "ListDashboards", whole, _wrong))


@replaces(CloudWatchResponse)
def delete_dashboards(self: Any) -> ActionResult:
    names = self._get_params().get("DashboardNames") or []
    backend = _backend(self)
    missing = [name for name in names if name not in backend.dashboards]
    if not names or missing:
        raise GateError("DashboardNotFoundError", f"Dashboard {', '.join(missing)} does not exist", 404)
    for name in names:
        backend.tagger.delete_all_tags_for_resource(backend.dashboards.pop(name).arn)
    return EmptyResult()


def _tagged(response: Any) -> tuple[Any, str]:
    """The backend and the ARN of what a call about tags names."""
    arn = str(response._get_params().get("ResourceARN") or "")
    kind, _, name = arn.partition(f":{response.current_account}:")[2].partition(":" if ":alarm:" in arn else "/")
    backend = _backend(response) if kind == "dashboard" else response.cloudwatch_backend
    there = {"dashboard": backend.dashboards, "alarm": backend.alarms, "insight-rule": backend.insight_rules}.get(kind, {})
    if name not in there or (kind == "alarm" and there[name].alarm_arn != arn):
        raise GateError("ResourceNotFoundException", f"The resource {arn} does not exist", 404)
    return backend, arn


@replaces(CloudWatchResponse)
def list_tags_for_resource(self: Any) -> ActionResult:
    backend, arn = _tagged(self)
    tags = backend.tagger.get_tag_dict_for_resource(arn)
    return ActionResult({"Tags": [{"Key": key, "Value": value} for key, value in tags.items()]})


@replaces(CloudWatchResponse)
def tag_resource(self: Any) -> ActionResult:
    backend, arn = _tagged(self)
    more = service_tags.check(self._get_params().get("Tags"), _wrong, plain=False)
    together = service_tags.merged(backend.tagger.get_tag_dict_for_resource(arn), more, _wrong)
    backend.tagger.tag_resource(arn, [{"Key": key, "Value": value} for key, value in together.items()])
    return EmptyResult()


@replaces(CloudWatchResponse)
def untag_resource(self: Any) -> ActionResult:
    backend, arn = _tagged(self)
    backend.tagger.untag_resource_using_names(arn, self._get_params().get("TagKeys") or [])
    return EmptyResult()
