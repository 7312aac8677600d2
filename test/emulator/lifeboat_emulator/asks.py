"""From a call to what it asks of IAM: the actions, the ARNs they act on, and the values that conditions look at."""

from __future__ import annotations

from typing import Any

from . import keys
from .accounts import Principal
from .alarm_asks import alarm_asks
from .authorize import caller_context
from .calls import Call
from .cloudfront_asks import cloudfront_asks
from .edge_asks import ASKERS
from .ec2_asks import ec2_asks, resource_context
from .function_asks import function_asks
from .iam_asks import iam_asks
from .policy import Ask
from .s3_actions import s3_asks
from .scheduler_asks import scheduler_asks


def asks_of(principal: Principal, call: Call, environ: dict[str, Any]) -> list[Ask]:
    if call.service == "s3":
        asks = s3_asks(principal, call, environ)
    elif call.service == "ec2":
        asks = ec2_asks(principal, call)
    elif call.service == "kms":
        asks = _kms(principal, call)
    elif call.service == "ebs" and call.params.get("snapshotId"):
        snapshot = str(call.params["snapshotId"])
        context = resource_context(principal.account, call.region, snapshot)
        asks = [Ask(f"ebs:{call.action}", f"arn:aws:ec2:{call.region}::snapshot/{snapshot}", context=context)]
    elif call.service == "iam":
        asks = iam_asks(principal, call)
    elif call.service in ASKERS:
        asks = ASKERS[call.service](principal, call)
    elif call.service == "monitoring":
        asks = alarm_asks(principal, call)
    elif call.service == "scheduler":
        asks = scheduler_asks(principal, call, environ)
    elif call.service == "lambda":
        asks = function_asks(principal, call, environ)
    elif call.service == "cloudfront":
        asks = cloudfront_asks(principal, call, environ)
    else:
        # Where IAM's name of a service is not the one that requests are signed for.
        prefix = {"s3control": "s3"}.get(call.service, call.service)
        asks = [Ask(f"{prefix}:{call.action}", _arn(call, principal))]
        if call.service == "s3control" and call.action in ("CreateJob", "DescribeJob", "UpdateJobStatus"):
            asks = _job(principal, call, environ)
        if call.service == "dlm" and call.action in ("CreateLifecyclePolicy", "UpdateLifecyclePolicy"):
            from .calls import read_body
            import json

            role = json.loads(read_body(environ) or b"{}").get("ExecutionRoleArn")
            asks += [Ask("iam:PassRole", role, context={"iam:PassedToService": "dlm.amazonaws.com"})] if role else []
    common = {**caller_context(principal), "aws:RequestedRegion": call.region}
    for ask in asks:
        ask.context = {**common, **ask.context}
    return asks


def _job(principal: Principal, call: Call, environ: dict[str, Any]) -> list[Ask]:
    """Who makes a job of S3 Batch Operations hands it a role: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html"""
    import re

    from .calls import read_body

    if call.action != "CreateJob":
        return [Ask(f"s3:{call.action}", f"arn:aws:s3:{call.region}:{principal.account}:job/{call.params.get('id') or call.params.get('JobId')}")]
    role = re.search(rb"<RoleArn>(.*?)</RoleArn>", read_body(environ))
    passed = {"iam:PassedToService": "batchoperations.s3.amazonaws.com"}
    return [Ask("s3:CreateJob", "*"), *([Ask("iam:PassRole", role.group(1).decode(), context=passed)] if role else [])]


def _arn(call: Call, principal: Principal) -> str:
    for name in ("resourceArn", "ResourceArn", "ResourceARN", "RoleArn", "SecretId", "TopicArn"):
        if call.params.get(name):
            return str(call.params[name])
    if call.service == "dlm" and call.params.get("policyId"):
        return f"arn:aws:dlm:{call.region}:{principal.account}:policy/{call.params['policyId']}"
    # Those that are known by name or id in their ARNs: rules.
    named = {"rbin": ("rbin", "rule/", "identifier"), "events": ("events", "rule/", "Rule")}
    if call.service in named:
        service, head, parameter = named[call.service]
        name = call.params.get(parameter) or (call.params.get("Name") if call.service == "events" else None)
        if name:
            return f"arn:aws:{service}:{call.region}:{principal.account}:{head}{name}"
    return "*"


def _re_encrypt(principal: Principal, call: Call) -> list[Ask]:
    """One right on either key: https://docs.aws.amazon.com/kms/latest/APIReference/API_ReEncrypt.html"""
    asks = []
    for action, name in (("kms:ReEncryptFrom", "SourceKeyId"), ("kms:ReEncryptTo", "DestinationKeyId")):
        key = keys.find(principal.account, call.region, str(call.params.get(name) or ""))
        context = {"kms:CallerAccount": principal.account, **keys.condition_keys(key)}
        asks.append(Ask(action, key.arn if key is not None else "*", context=context))
    return asks


def _kms(principal: Principal, call: Call) -> list[Ask]:
    if call.action == "ReEncrypt":
        return _re_encrypt(principal, call)
    action, identifier = f"kms:{call.action}", call.params.get("KeyId") or call.params.get("TargetKeyId")
    context = {"kms:CallerAccount": principal.account}
    alias = call.params.get("AliasName")
    asks = []
    if alias:
        asks.append(Ask(action, f"arn:aws:kms:{call.region}:{principal.account}:{alias}", context=dict(context)))
        key = keys.find(principal.account, call.region, str(alias)) if not identifier else None
        identifier = key.arn if key is not None else identifier
    if identifier:
        key = keys.find(principal.account, call.region, str(identifier))
        arn = key.arn if key is not None else f"arn:aws:kms:{call.region}:{principal.account}:key/{identifier}"
        context |= keys.condition_keys(key)
        window = call.params.get("PendingWindowInDays")
        if window is not None:
            context["kms:ScheduleKeyDeletionPendingWindowInDays"] = str(window)
        asks.append(Ask(action, arn, context=dict(context)))
    elif call.action == "Decrypt":
        asks += _any_key(principal, call, action, context)
    return asks or [Ask(action, context=context)]


def _any_key(principal: Principal, call: Call, action: str, context: dict[str, Any]) -> list[Ask]:
    """Decrypt may leave the key unsaid: its id is the head of the ciphertext."""
    import base64

    try:
        key_id = base64.b64decode(str(call.params.get("CiphertextBlob", "")))[:36].decode()
    except ValueError:
        return []
    key = keys.find(principal.account, call.region, key_id)
    return [Ask(action, key.arn, context={**context, **keys.condition_keys(key)})] if key is not None else []
