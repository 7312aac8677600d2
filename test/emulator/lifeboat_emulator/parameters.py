"""Parameters as Systems Manager has them: names, sizes and types that AWS refuses, tags, pages, ten values at a time.

Hooks: the calls of `SimpleSystemManagerResponse` and `SimpleSystemManagerBackend.add_tags_to_resource`.
https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html
"""

from __future__ import annotations

import re
from typing import Any

from moto.core.exceptions import JsonRESTError
from moto.core.responses import ActionResult
from moto.ssm.models import SimpleSystemManagerBackend
from moto.ssm.responses import SimpleSystemManagerResponse

from . import service_paging, service_tags
from .patching import replaces

_NAME = re.compile(r"^[a-zA-Z0-9_.\-/]+$")
_IMAGE = re.compile(r"^ami-([0-9a-f]{8}|[0-9a-f]{17})$")
_LONGEST, _DEEPEST, _MOST = 1011, 15, 10000
_LARGEST = {"Standard": 4096, "Advanced": 8192, "Intelligent-Tiering": 8192}


def _refuse(message: str) -> JsonRESTError:
    return JsonRESTError("ValidationException", message)


def _check(params: dict[str, Any], there: Any) -> None:
    name, value = str(params.get("Name") or ""), str(params.get("Value") or "")
    if not _NAME.match(name) or len(name) > _LONGEST:
        raise _refuse(f"Parameter name: '{name}' must be formed as a mix of letters, numbers and the following 3 symbols .-_ and have at most {_LONGEST} characters")
    if "/" in name and not name.startswith("/"):
        raise _refuse("Parameter name must be a fully qualified name.")
    if name.count("/") > _DEEPEST:
        raise JsonRESTError("HierarchyLevelLimitExceededException", f"Hierarchies are limited to {_DEEPEST} levels.")
    tier = params.get("Tier") or (there.tier if there is not None else "Standard")
    if len(value.encode()) > _LARGEST.get(tier, 4096):
        raise _refuse(f"{tier} tier parameters support a maximum parameter value of {_LARGEST.get(tier, 4096)} characters.")
    if tier == "Standard" and there is not None and there.tier == "Advanced":
        raise _refuse("This parameter uses the advanced-parameter tier. You can't downgrade a parameter to the standard-parameter tier.")
    kind = params.get("Type")
    if there is not None and kind and kind != there.parameter_type:
        raise JsonRESTError("HierarchyTypeMismatchException", f"The parameter {name} is a {there.parameter_type} and cannot become a {kind}.")
    pattern = params.get("AllowedPattern")
    if pattern and not re.search(pattern, value):
        raise JsonRESTError("ParameterPatternMismatchException", f"Parameter value, cannot be validated against allowedPattern: {pattern}")
    if params.get("DataType") == "aws:ec2:image" and not _IMAGE.match(value):
        raise _refuse("The parameter value is not a valid AMI id.")


@replaces(SimpleSystemManagerResponse)
def put_parameter(self: Any) -> ActionResult:
    params = {name: self._get_param(name) for name in ("Name", "Value", "Tier", "Type", "AllowedPattern", "DataType")}
    tags = service_tags.check(self._get_param("Tags"), _refuse)
    there = self.ssm_backend.get_parameter(params["Name"]) if params["Name"] in self.ssm_backend._parameters else None
    if there is not None and not self._get_param("Overwrite", False):
        raise JsonRESTError("ParameterAlreadyExists", "The parameter already exists. To overwrite this value, set the overwrite option in the request to true.")
    _check(params, there)
    if there is None and len(self.ssm_backend._parameters) >= _MOST:
        raise JsonRESTError("ParameterLimitExceeded", "You have exceeded the number of parameters for this account.")
    data_type = there.data_type if there is not None else None
    result = put_parameter.original(self)  # type: ignore[attr-defined]
    # What an update does not name stays.
    if data_type is not None and params["DataType"] is None:
        self.ssm_backend.get_parameter(params["Name"]).data_type = data_type
    if there is None:
        self.ssm_backend._resource_tags["Parameter"][params["Name"]] = dict(tags)
    return result


@replaces(SimpleSystemManagerResponse)
def get_parameters(self: Any) -> ActionResult:
    names = self._get_param("Names") or []
    if not 1 <= len(names) <= 10:
        raise _refuse(f"1 validation error detected: Value '{names}' at 'names' failed to satisfy constraint: Member must have length between 1 and 10")
    return get_parameters.original(self)  # type: ignore[attr-defined]


@replaces(SimpleSystemManagerResponse)
def describe_parameters(self: Any) -> ActionResult:
    found = self.ssm_backend.describe_parameters(self._get_param("Filters"), self._get_param("ParameterFilters"))
    # AWS's own are read by their names, and in no account's list.
    found = [each for each in found if not each.name.startswith("/aws/")]
    whole = [{name: value for name, value in each.describe_response_object(False).items() if name != "Value"} for each in found]
    return ActionResult(service_paging.page(self, "ssm", "DescribeParameters", whole, _refuse))


@replaces(SimpleSystemManagerResponse)
def delete_parameter(self: Any) -> ActionResult:
    """Its tags go with it: another of its name has none of them."""
    name = self._get_param("Name")
    if name not in self.ssm_backend._parameters:
        raise JsonRESTError("ParameterNotFound", f"Parameter {name} not found.")
    result = delete_parameter.original(self)  # type: ignore[attr-defined]
    self.ssm_backend._resource_tags["Parameter"].pop(name, None)
    return result


@replaces(SimpleSystemManagerBackend)
def add_tags_to_resource(self: Any, resource_type: str, resource_id: str, tags: dict[str, str]) -> None:
    checked = service_tags.check([{"Key": key, "Value": value} for key, value in tags.items()], _refuse)
    if resource_type == "Parameter":
        held = self._resource_tags[resource_type][self._validate_resource_type_and_id(resource_type, resource_id)]
        service_tags.merged(held, checked, lambda message: JsonRESTError("TooManyTagsError", message))
    add_tags_to_resource.original(self, resource_type, resource_id, tags)  # type: ignore[attr-defined]
