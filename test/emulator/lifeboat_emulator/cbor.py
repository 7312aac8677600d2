"""RPC v2 CBOR, the protocol in which SDKs call CloudWatch and which moto lacks: turned into JSON for moto, and its answers back.

https://smithy.io/2.0/additional-specs/protocols/smithy-rpc-v2.html
"""

from __future__ import annotations

import datetime
import gzip
import io
import json
import re
import struct
from typing import Any

from botocore.parsers import RpcV2CBORParser
from moto.core.utils import get_service_model

from .calls import read_body
from .errors import Response

_PATH = re.compile(r"^/service/(\w+)/operation/(\w+)/?$")
# By the service's name in the path, which is also the prefix of its JSON targets.
_SERVICES = {"GraniteServiceVersion20100801": "cloudwatch"}


def to_json(environ: dict[str, Any]) -> tuple[str, str] | None:
    """Rewrites a request of this protocol, in place, as one of JSON 1.0; says of which service and operation, or None for any other."""
    match = _PATH.match(environ.get("PATH_INFO", ""))
    if match is None or environ.get("HTTP_SMITHY_PROTOCOL") != "rpc-v2-cbor" or match.group(1) not in _SERVICES:
        return None
    target, operation = match.groups()
    body = read_body(environ)
    if environ.pop("HTTP_CONTENT_ENCODING", "") == "gzip":
        body = gzip.decompress(body)
    parser = RpcV2CBORParser()
    data = parser.parse_data_item(parser.get_peekable_stream_from_bytes(body)) if body else {}
    text = json.dumps(data, default=_plain).encode()
    environ["wsgi.input"], environ["CONTENT_LENGTH"] = io.BytesIO(text), str(len(text))
    environ["CONTENT_TYPE"], environ["HTTP_X_AMZ_TARGET"] = "application/x-amz-json-1.0", f"{target}.{operation}"
    environ["PATH_INFO"] = environ["RAW_URI"] = environ["REQUEST_URI"] = "/"
    return _SERVICES[target], operation


def _plain(value: Any) -> Any:
    return value.timestamp() if isinstance(value, datetime.datetime) else value.decode()


def from_json(call: tuple[str, str] | None, response: Response | None) -> Response | None:
    """The answer in CBOR where it was asked so; an error also says its code as the query protocol knew it."""
    if call is None or response is None:
        return response
    status, _, body = response
    data = json.loads(body or b"{}")
    headers = {"Content-Type": "application/cbor", "smithy-protocol": "rpc-v2-cbor"}
    if status >= 400:
        code = str(data.get("__type", "InternalServiceFault")).rpartition("#")[2]
        message = str(data.get("message") or data.get("Message") or "")
        headers["x-amzn-query-error"] = f"{_query_code(call[0], code)};{'Sender' if status < 500 else 'Receiver'}"
        return status, headers, _encode({"__type": code, "message": message}, None)
    service, operation = call
    return status, headers, _encode(data, get_service_model(service).operation_model(operation).output_shape)


def _query_code(service: str, code: str) -> str:
    """What the query protocol called an error: GetDashboard's DashboardNotFoundError was ResourceNotFound."""
    for shape in get_service_model(service).error_shapes:
        if shape.name == code:
            return str(shape.metadata.get("error", {}).get("code", code))
    return code


def _encode(value: Any, shape: Any) -> bytes:
    """One data item. The shape tells what JSON does not: that a number is a moment, or may have a fraction."""
    kind = shape.type_name if shape is not None else ""
    if kind == "timestamp":
        return b"\xc1\xfb" + struct.pack(">d", float(value))
    if kind in ("double", "float"):
        return b"\xfb" + struct.pack(">d", float(value))
    if isinstance(value, bool) or value is None:
        return {True: b"\xf5", False: b"\xf4", None: b"\xf6"}[value]
    if isinstance(value, int):
        return _head(0, value) if value >= 0 else _head(1, -1 - value)
    if isinstance(value, float):
        return b"\xfb" + struct.pack(">d", value)
    if isinstance(value, str):
        return _head(3, len(value.encode())) + value.encode()
    if isinstance(value, list):
        return _head(4, len(value)) + b"".join(_encode(item, getattr(shape, "member", None)) for item in value)
    members = shape.members if kind == "structure" else {}
    each = shape.value if kind == "map" else None
    return _head(5, len(value)) + b"".join(_encode(key, None) + _encode(item, members.get(key, each)) for key, item in value.items())


def _head(major: int, number: int) -> bytes:
    if number < 24:
        return bytes([major << 5 | number])
    for size, info in ((1, 24), (2, 25), (4, 26), (8, 27)):
        if number < 1 << (8 * size):
            return bytes([major << 5 | info]) + number.to_bytes(size, "big")
    raise ValueError("a number of more than 64 bits")
