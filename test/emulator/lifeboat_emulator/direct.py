"""Services that moto answers at one path are asked without Flask, which finds the way to it anew for each call."""

from __future__ import annotations

from typing import Any, Callable

import moto.core.request as core
from moto.core.responses import BaseResponse
from moto.s3.responses import S3Response

from .calls import Call
from .errors import Response


class Request(core.Request):
    # moto leaves the Date header to a server then.
    from_wsgi_server = True


def direct(responses: type[BaseResponse]) -> Callable[[Call, dict[str, Any]], Response]:
    """A handler for the gate around moto's class of a service's answers."""

    def handle(_: Call, environ: dict[str, Any]) -> Response:
        request = Request(environ)
        status, headers, body = responses.dispatch(request, request.raw_url, request.headers)
        return int(status), headers, body if isinstance(body, bytes) else body.encode()

    return handle


def s3(_: Call, environ: dict[str, Any]) -> Response:
    """S3 by the path alone: Flask finds no way to a key with a line break in it."""
    from . import s3_replication

    s3_replication.settle()
    request = Request(environ)
    _, _, key = environ["RAW_URI"].partition("?")[0].lstrip("/").partition("/")
    answer = S3Response().key_response if key else S3Response().bucket_response
    status, headers, body = answer(request, request.raw_url, request.headers)
    return int(status), headers, body if isinstance(body, bytes) else str(body).encode()
