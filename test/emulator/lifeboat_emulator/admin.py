"""The admin calls under /_emulator, JSON in and out."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from . import clock, config, faults
from .calls import read_body
from .errors import GateError, Response

if TYPE_CHECKING:
    from .gate import Gate


def respond(gate: "Gate", environ: dict[str, Any]) -> Response:
    method, path = environ["REQUEST_METHOD"], environ["PATH_INFO"].removeprefix("/_emulator/")
    try:
        answer = _act(gate, method, path, _body(environ))
    except GateError as error:
        return _json(error.status, {"error": error.code, "message": error.message})
    return _json(200, answer)


def _act(gate: "Gate", method: str, path: str, body: Any) -> Any:
    if (method, path) == ("POST", "rules"):
        return {"rules": faults.add(body)}
    if (method, path) == ("DELETE", "rules"):
        faults.clear()
        return {"rules": 0}
    if (method, path) == ("POST", "config"):
        return {"settings": config.update(body)}
    if (method, path) == ("POST", "advance"):
        return {"now": _advance(body)}
    if (method, path) == ("POST", "dlm/run"):
        from . import dlm_run

        return dlm_run.run_all()
    if (method, path) == ("POST", "s3/claim-size"):
        return _claim_size(body)
    if (method, path) == ("GET", "state"):
        return _state(gate)
    if (method, path) == ("GET", "permissions"):
        return _permissions()
    if (method, path) == ("GET", "lineage"):
        return _lineage()
    raise GateError("NotFound", f"{method} /_emulator/{path} is no admin call", 404)


def _advance(body: Any) -> str:
    if not isinstance(body, dict) or set(body) != {"seconds"}:
        raise GateError("ValidationError", 'advance: expected {"seconds": N}')
    seconds = body["seconds"]
    if isinstance(seconds, bool) or not isinstance(seconds, (int, float)) or seconds < 0:
        raise GateError("ValidationError", f"advance: 'seconds' is {seconds!r}; expected a number of 0 or more")
    from . import schedules

    moved = clock.advance(seconds)
    schedules.settle()
    return f"{moved.isoformat()}Z"


def _claim_size(body: Any) -> dict[str, Any]:
    from . import s3_copies

    if not isinstance(body, dict) or set(body) != {"bucket", "key", "bytes"} or not isinstance(body["bytes"], int):
        raise GateError("ValidationError", 'claim-size: expected {"bucket": "...", "key": "...", "bytes": N}')
    s3_copies.claim_size(body["bucket"], body["key"], body["bytes"])
    return {"bytes": body["bytes"]}


def _state(gate: "Gate") -> dict[str, Any]:
    from . import schedules

    return {
        "calls": dict(sorted(gate.calls.items())),
        "settings": config.all_settings(),
        "rules": faults.current(),
        "now": f"{clock.now().isoformat()}Z",
        "schedules": schedules.fired,
    }


def _permissions() -> dict[str, Any]:
    from . import authorize

    entities = {*authorize.allowed, *authorize.refused}
    return {arn: {"allowed": authorize.allowed.get(arn, {}), "denied": authorize.refused.get(arn, {})} for arn in sorted(entities)}


def _lineage() -> dict[str, Any]:
    """Whose bytes each snapshot holds, which AWS itself does not say: for tests that check a recovery's disks."""
    from moto.ec2.models import ec2_backends

    return {
        snapshot.id: snapshot.lineage
        for account in list(ec2_backends.keys())
        for region in list(ec2_backends[account].keys())
        for snapshot in ec2_backends[account][region].snapshots.values()
    }


def _body(environ: dict[str, Any]) -> Any:
    raw = read_body(environ)
    if not raw.strip():
        return {}
    try:
        return json.loads(raw)
    except ValueError as error:
        raise GateError("ValidationError", f"the body is not JSON: {error}") from None


def _json(status: int, data: Any) -> Response:
    return status, {"Content-Type": "application/json"}, (json.dumps(data) + "\n").encode()
