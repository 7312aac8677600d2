"""CloudFront Functions: two stages, DEVELOPMENT that is updated and LIVE that is published and that distributions run.

https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_PublishFunction.html
"""

from __future__ import annotations

from typing import Any

from . import quotas
from .cloudfront_store import Entry, get, match, of, page, refuse, room
from .cloudfront_uses import users_of

_SIZE = 10_240


def _arn(account: str, name: str) -> str:
    return f"arn:aws:cloudfront::{account}:function/{name}"


def _found(account: str, name: str, stage: str) -> Entry:
    entry = get(account, f"Function {stage}", name, "NoSuchFunctionExists")
    return entry


def _stage(params: dict[str, Any]) -> str:
    return params.get("Stage") or "DEVELOPMENT"


def _summary(account: str, entry: Entry) -> dict[str, Any]:
    stage = entry.more["stage"]
    status = "UNASSOCIATED" if not users_of(account, "Function", _arn(account, entry.id)) else "DEPLOYED"
    if stage == "DEVELOPMENT":
        live = of(account, "Function LIVE").get(entry.id)
        status = "UNPUBLISHED" if live is None or live.more["code"] != entry.more["code"] else status
    times = {"CreatedTime": entry.changed, "LastModifiedTime": entry.changed}
    metadata = {"FunctionARN": _arn(account, entry.id), "Stage": stage, **times}
    return {"Name": entry.id, "Status": status, "FunctionConfig": entry.config, "FunctionMetadata": metadata}


def _code(params: dict[str, Any]) -> bytes:
    code = params["FunctionCode"]
    code = code if isinstance(code, bytes) else str(code).encode()
    if len(code) > _SIZE:
        raise refuse("FunctionSizeLimitExceeded", "The function is too large.")
    return code


def _config(params: dict[str, Any]) -> dict[str, Any]:
    config = dict(params["FunctionConfig"])
    stores = (config.get("KeyValueStoreAssociations") or {}).get("Items")
    if stores and config["Runtime"] == "cloudfront-js-1.0":
        raise refuse("InvalidArgument", "Key value stores need the runtime cloudfront-js-2.0.")
    return config if stores else {name: value for name, value in config.items() if name != "KeyValueStoreAssociations"}


def _answer(account: str, entry: Entry) -> dict[str, Any]:
    return {"FunctionSummary": _summary(account, entry), "ETag": entry.etag}


def _create(account: str, params: dict[str, Any]) -> dict[str, Any]:
    kept, name = of(account, "Function DEVELOPMENT"), params["Name"]
    if name in kept:
        raise refuse("FunctionAlreadyExists", f"A function with the name {name} already exists.")
    room(account, "Function DEVELOPMENT", quotas.FUNCTIONS, "TooManyFunctions")
    kept[name] = Entry(name, _config(params), more={"code": _code(params), "stage": "DEVELOPMENT"})
    return _answer(account, kept[name])


def _update(account: str, params: dict[str, Any]) -> dict[str, Any]:
    entry = _found(account, params["Name"], "DEVELOPMENT")
    match(entry, params.get("IfMatch"))
    entry.config, entry.more["code"] = _config(params), _code(params)
    entry.touch()
    return _answer(account, entry)


def _publish(account: str, params: dict[str, Any]) -> dict[str, Any]:
    entry = _found(account, params["Name"], "DEVELOPMENT")
    match(entry, params.get("IfMatch"))
    live = Entry(entry.id, entry.config, more={"code": entry.more["code"], "stage": "LIVE"})
    of(account, "Function LIVE")[entry.id] = live
    return {"FunctionSummary": _summary(account, live)}


def _describe(account: str, params: dict[str, Any]) -> dict[str, Any]:
    return _answer(account, _found(account, params["Name"], _stage(params)))


def _get(account: str, params: dict[str, Any]) -> dict[str, Any]:
    entry = _found(account, params["Name"], _stage(params))
    return {"FunctionCode": entry.more["code"], "ETag": entry.etag, "ContentType": "application/octet-stream"}


def _delete(account: str, params: dict[str, Any]) -> dict[str, Any]:
    entry = _found(account, params["Name"], "DEVELOPMENT")
    match(entry, params.get("IfMatch"))
    if users_of(account, "Function", _arn(account, entry.id)):
        raise refuse("FunctionInUse", "Cannot delete the function because it's attached to one or more cache behaviors.")
    for stage in ("DEVELOPMENT", "LIVE"):
        of(account, f"Function {stage}").pop(entry.id, None)
    return {}


def _list(account: str, params: dict[str, Any]) -> dict[str, Any]:
    stages = [params["Stage"]] if params.get("Stage") else ["DEVELOPMENT", "LIVE"]
    entries = sorted((each for stage in stages for each in of(account, f"Function {stage}").values()), key=lambda each: each.id)
    return {"FunctionList": page(entries, params, [_summary(account, each) for each in entries], False)}


ACTIONS = {
    "CreateFunction": _create,
    "UpdateFunction": _update,
    "PublishFunction": _publish,
    "DescribeFunction": _describe,
    "GetFunction": _get,
    "DeleteFunction": _delete,
    "ListFunctions": _list,
}
