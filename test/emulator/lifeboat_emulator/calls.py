"""Which call a request is: whose, where, which service and action. The gate, faults, counts and IAM all use this."""

from __future__ import annotations

import io
import json
import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from moto.core.request import Request
from moto.core.routing import get_service_router

_SCOPE = re.compile(r"Credential=([^/,\s]+)/(\d{8})/([^/]+)/([^/]+)/aws4_request")
_UNSIGNED = {"AssumeRoleWithWebIdentity": "sts", "AssumeRoleWithSAML": "sts"}
# Services whose signing name is not botocore's service name.
_MODELS = {"events": "events", "tagging": "resourcegroupstaggingapi", "servicequotas": "service-quotas", "elasticfilesystem": "efs"}


@dataclass
class Call:
    """One API call. `access_key` is empty for an unsigned one."""

    account: str
    region: str
    service: str
    action: str
    access_key: str = ""
    # Request parameters: form fields of query protocols, URI parts and query of REST, members of JSON bodies.
    params: dict[str, Any] = field(default_factory=dict)

    @property
    def key(self) -> str:
        return f"{self.account}/{self.region}/{self.service}/{self.action}"


def read_body(environ: dict[str, Any]) -> bytes:
    """The whole body, left readable again for whoever comes next."""
    length = int(environ.get("CONTENT_LENGTH") or 0)
    body = environ["wsgi.input"].read(length) if length else b""
    environ["wsgi.input"] = io.BytesIO(body)
    return body


def identify(environ: dict[str, Any]) -> Call:
    """Reads account, region, service and action from a request, before anything acts on it."""
    from .accounts import account_of

    query = dict(parse_qsl(environ.get("QUERY_STRING", ""), keep_blank_values=True))
    credential = f"Credential={query['X-Amz-Credential']}" if "X-Amz-Credential" in query else environ.get("HTTP_AUTHORIZATION", "")
    scope = _SCOPE.search(credential)
    access_key, region, service = (scope.group(1), scope.group(3), scope.group(4)) if scope else ("", "", "")
    content_type = environ.get("CONTENT_TYPE", "")
    form = content_type.startswith("application/x-www-form-urlencoded")
    params: dict[str, Any] = dict(query)
    if form:
        params.update(parse_qsl(read_body(environ).decode("utf-8", "replace"), keep_blank_values=True))
    action = str(params.get("Action", "")) if form or not service else ""
    if not service:
        service = _UNSIGNED.get(action, "s3")
    if service == "s3" and environ.get("PATH_INFO", "").startswith("/v20180820/"):
        service = "s3control"
    target = environ.get("HTTP_X_AMZ_TARGET", "")
    if not action and target:
        action = target.rsplit(".", 1)[-1]
        params.update(_json(read_body(environ)))
    if not action:
        action, uri = _rest_action(service, environ)
        params.update(uri)
    account = account_of(access_key) if access_key else _account_in_role(params)
    return Call(account, region or "us-east-1", service, action or "Unknown", access_key, params)


def _rest_action(service: str, environ: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    try:
        operation, uri = get_service_router(_MODELS.get(service, service)).match(Request(environ))
    except Exception:  # an unknown service or path: the gate says so
        return "", {}
    return operation.name, dict(uri)


def _account_in_role(params: dict[str, Any]) -> str:
    """Unsigned federation names the account in its role's ARN."""
    match = re.search(r":iam::(\d{12}):", str(params.get("RoleArn", "")))
    return match.group(1) if match else ""


def _json(body: bytes) -> dict[str, Any]:
    try:
        data = json.loads(body or b"{}")
    except ValueError:
        return {}
    return data if isinstance(data, dict) else {}
