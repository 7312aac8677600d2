"""The gate: every request passes here before moto sees it. Faults, latency, counts, keys, IAM, and honest errors."""

from __future__ import annotations

import sys
import traceback
from collections import Counter
from typing import Any, Callable, Iterable

from moto.ec2.exceptions import FilterNotImplementedError

from . import admin, authorize, cbor, clock, config, errors, faults, functions, schedules
from .accounts import Principal, caller, principal_of
from .calls import Call, identify
from .errors import GateError, Response
from .regions import exists
from .serving import Begun

_UNSIGNED = ("AssumeRoleWithWebIdentity", "AssumeRoleWithSAML")


class Gate:
    """What every request goes through. `services` maps a signing name to a handler of this package's own; moto has the others.

    One thread does all of it, a call at a time: moto's models are plain dictionaries, and copies would be miscounted. Waiting is
    not done here.
    """

    def __init__(self, moto: Callable[..., Iterable[bytes]], services: dict[str, Callable[[Call, dict[str, Any]], Response]]) -> None:
        self._moto = moto
        self._services = services
        self.calls: Counter[str] = Counter()

    def begin(self, environ: dict[str, Any]) -> Begun:
        """Counts a request and judges it: what it has to wait, and the rest of the work."""
        if environ.get("PATH_INFO", "").startswith("/_emulator/"):
            return 0, lambda: admin.respond(self, environ)
        if not _is_here(environ.get("HTTP_HOST", "")):
            return 0, lambda: errors.render("gate", "BadGateway", "The emulator is no proxy: it answers for AWS only.", 502)
        encoded = cbor.to_json(environ)
        call = identify(environ)
        self.calls[call.key] += 1
        source_region = str(call.params.get("SourceRegion") or "") if call.action == "CopySnapshot" else ""
        verdict = faults.judge(call, source_region or None)
        return verdict.delay + config.get("latencyMs") / 1000, lambda: cbor.from_json(encoded, self._end(call, verdict, environ))

    def _end(self, call: Call, verdict: faults.Verdict, environ: dict[str, Any]) -> Response | None:
        """The answer; None where a rule says that the connection is closed without one."""
        error = verdict.error
        answer = errors.render(call.service, error.code, error.message, error.status) if error else None
        is_faulty = answer is not None or verdict.drop
        if is_faulty and not verdict.after:
            return answer
        response = self._respond(call, environ)
        return answer if is_faulty else response

    def _respond(self, call: Call, environ: dict[str, Any]) -> Response:
        try:
            schedules.settle()
            functions.settle()
            self._check(call, environ)
            own = self._services.get(call.service)
            response = own(call, environ) if own else self._forward(environ)
        except GateError as error:
            return errors.render(call.service, error.code, error.message, error.status)
        except FilterNotImplementedError as error:
            return errors.render(call.service, "InvalidParameterValue", str(error))
        except NotImplementedError as error:
            return errors.render(call.service, "InvalidAction", f"The action {call.action} is not valid for this emulator: {error}")
        except Exception:
            print(f"emulator: {call.key} failed\n{traceback.format_exc()}", file=sys.stderr, flush=True)
            return errors.render(call.service, "InternalError", "An internal error has occurred", 500)
        return response if environ["REQUEST_METHOD"] == "HEAD" else _honest(call, response)

    def _check(self, call: Call, environ: dict[str, Any]) -> None:
        """A known key, an existing region, and, when asked for, policies that allow the call."""
        if not call.access_key:
            if call.action not in _UNSIGNED:
                raise GateError("AccessDenied" if call.service == "s3" else "MissingAuthenticationToken", "The request is not signed.", 403)
        principal = principal_of(call.access_key) if call.access_key else None
        if call.access_key and principal is None:
            raise _unknown_key(call.service)
        caller.set(principal)
        if not exists(call.region):
            # The host of such a region does not resolve in AWS; the nearest that one address can answer is a plain no.
            raise GateError("InvalidRegion", f"The region '{call.region}' does not exist.")
        _check_expiry(call, principal)
        authorize.check(call, environ)

    def _forward(self, environ: dict[str, Any]) -> Response:
        captured: dict[str, Any] = {}

        def start(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> None:
            captured["status"], captured["headers"] = int(status.split(" ", 1)[0]), dict(headers)

        chunks = self._moto(environ, start)
        try:
            body = b"".join(chunks)
        finally:
            close = getattr(chunks, "close", None)
            if close:
                close()
        return captured["status"], captured["headers"], body


def _check_expiry(call: Call, principal: Principal | None) -> None:
    """Temporary credentials end by the emulator's clock."""
    if principal is not None and principal.session is not None and principal.session.expiration <= clock.now():
        if call.service == "ec2":
            raise GateError("RequestExpired", "Request has expired.")
        code = "ExpiredTokenException" if call.service in ("kms", "dlm") else "ExpiredToken"
        raise GateError(code, "The security token included in the request is expired", 403)


def _is_here(host: str) -> bool:
    """Loopback under any name: S3 Control puts the account before the host, and a proxied request names it so."""
    name = host.rsplit(":", 1)[0].lower()
    return name in ("", "127.0.0.1", "localhost") or name.endswith((".127.0.0.1", ".localhost"))


def _unknown_key(service: str) -> GateError:
    if service == "ec2":
        return GateError("AuthFailure", "AWS was not able to validate the provided access credentials", 401)
    if service == "s3":
        return GateError("InvalidAccessKeyId", "The AWS Access Key Id you provided does not exist in our records.", 403)
    code = "UnrecognizedClientException" if service in ("kms", "dlm") else "InvalidClientTokenId"
    return GateError(code, "The security token included in the request is invalid.", 403)


def _honest(call: Call, response: Response) -> Response:
    """moto answers what it does not know in HTML, with a 404 or 500 that SDKs retry for minutes."""
    status, headers, body = response
    kind = next((value for name, value in headers.items() if name.lower() == "content-type"), "")
    if status >= 400 and kind.startswith("text/html") and not body.lstrip().startswith((b"<?xml", b"<Err", b"{")):
        return errors.render(call.service, "InvalidAction", f"The action {call.action} is not valid for this emulator.")
    return response
