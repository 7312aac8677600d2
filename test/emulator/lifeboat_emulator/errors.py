"""AWS-shaped errors, raised from patched moto code and answered by the gate itself."""

from __future__ import annotations

import json
import uuid
from typing import Iterable
from xml.sax.saxutils import escape

from moto.ec2.exceptions import EC2ClientError

Response = tuple[int, dict[str, str], bytes]


def ec2_error(code: str, message: str) -> EC2ClientError:
    """An EC2 error. moto serialises only this class properly; any other exception becomes a 500."""
    return EC2ClientError(code, message)


def missing(parameter: str) -> EC2ClientError:
    return ec2_error("MissingParameter", f"The request must contain the parameter {parameter}")


def invalid_value(message: str) -> EC2ClientError:
    return ec2_error("InvalidParameterValue", message)


class GateError(Exception):
    """An error that the gate answers itself, in the protocol of the service that was called."""

    def __init__(self, code: str, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.status = status


_JSON_SERVICES = frozenset({"kms", "dynamodb", "logs", "events", "tagging", "ssm", "acm", "secretsmanager", "servicequotas", "monitoring", "cloudtrail"})
_REST_JSON_SERVICES = frozenset({"dlm", "scheduler", "backup", "lambda", "rbin", "ebs", "account"})


def render(service: str, code: str, message: str, status: int = 400) -> Response:
    """An error body in the service's own protocol, so that SDKs read code and message as they would from AWS."""
    request_id = str(uuid.uuid4())
    if service in _JSON_SERVICES or service in _REST_JSON_SERVICES:
        body = json.dumps({"__type": code, "message": message, "Message": message, "code": code})
        headers = {"Content-Type": "application/json", "x-amzn-ErrorType": code, "x-amzn-RequestId": request_id}
        return status, headers, body.encode()
    if service == "ec2":
        xml = _tags(["Response", "Errors", "Error"], code, message, f"<RequestID>{request_id}</RequestID>")
    elif service == "s3":
        xml = _tags(["Error"], code, message, f"<RequestId>{request_id}</RequestId>")
    else:
        xml = _tags(["ErrorResponse", "Error"], code, message, f"<RequestId>{request_id}</RequestId>", "<Type>Sender</Type>")
    return status, {"Content-Type": "text/xml"}, xml.encode()


def _tags(path: Iterable[str], code: str, message: str, request_id: str, extra: str = "") -> str:
    names = list(path)
    inner = f"{extra}<Code>{escape(code)}</Code><Message>{escape(message)}</Message>"
    if len(names) == 1:
        inner += request_id
    for depth, name in enumerate(reversed(names)):
        tail = request_id if depth == len(names) - 1 and len(names) > 1 else ""
        inner = f"<{name}>{inner}{tail}</{name}>"
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{inner}'
