"""CloudFront, in place of moto's: requests are read and answers written by AWS's own model. The gate sends the whole service here.

https://docs.aws.amazon.com/cloudfront/latest/APIReference/Welcome.html
What is kept is in cloudfront_store.py, distributions in cloudfront_distributions.py, the moving of names in cloudfront_names.py.
"""

from __future__ import annotations

from typing import Any, Callable

from botocore.validate import ParamValidator
from moto.core.parse import PROTOCOL_PARSERS
from moto.core.request import Request
from moto.core.routing import get_service_router
from moto.core.serialize import RestXMLSerializer
from moto.core.utils import get_service_model

from . import cloudfront_distributions, cloudfront_functions, cloudfront_names, cloudfront_objects
from .calls import Call, read_body
from .cloudfront_store import refuse
from .errors import GateError, Response

Act = Callable[[str, dict[str, Any]], dict[str, Any]]

_ACTIONS: dict[str, Act] = {
    **cloudfront_objects.ACTIONS,
    **cloudfront_functions.ACTIONS,
    **cloudfront_distributions.ACTIONS,
    **cloudfront_names.ACTIONS,
}


def parameters(environ: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """The name of the operation that is called, and what it is called with."""
    body = read_body(environ)
    request = Request(environ)
    operation, uri = get_service_router("cloudfront").match(request)
    parser = PROTOCOL_PARSERS["rest-xml"](operation)
    read = parser.parse(
        {"method": request.method, "values": request.args, "headers": request.headers, "body": body, "url_path": request.path, "url_params": uri}
    )
    # The reader leaves what is missing as None.
    return operation.name, {name: value for name, value in read.items() if value is not None}


def handle(call: Call, environ: dict[str, Any]) -> Response:
    """Answers one call."""
    act = _ACTIONS.get(call.action)
    if act is None:
        raise GateError("InvalidAction", f"The action {call.action} is not valid for this emulator.")
    _, params = parameters(environ)
    operation = get_service_model("cloudfront").operation_model(call.action)
    report = ParamValidator().validate(params, operation.input_shape) if operation.input_shape else None
    if report is not None and report.has_errors():
        raise refuse("MalformedXML" if "Missing required" in report.generate_report() else "InvalidArgument", report.generate_report())
    _check_quantities(params)
    answer = act(call.account, params)
    written = RestXMLSerializer(operation).serialize(answer)
    body = written["body"]
    return written["status_code"], dict(written["headers"]), body if isinstance(body, bytes) else str(body).encode()


def _check_quantities(value: Any) -> None:
    """A list says how many it holds, and must hold as many. An empty one is answered without its items."""
    if isinstance(value, list):
        for part in value:
            _check_quantities(part)
    elif isinstance(value, dict):
        if "Quantity" in value and value["Quantity"] != len(value.get("Items") or []):
            raise refuse("InconsistentQuantities", "The value of Quantity and the size of Items don't match.")
        if value.get("Quantity") == 0:
            value.pop("Items", None)
        for part in value.values():
            _check_quantities(part)
