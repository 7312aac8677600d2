"""IAM: whether the policies about a caller and about what it calls allow the call.

The accounts' administrator keys may always do everything in their own account. Users' and roles' policies are evaluated
when `enforceIam` is set: identity policies, permissions boundary, session policy, and the resource's own policy (KMS key,
S3 bucket). What another account's bucket says is asked always.
"""

from __future__ import annotations

import datetime
from collections import Counter
from typing import Any

from moto.iam.models import iam_backends
from moto.s3.models import s3_backends

from . import clock, config, keys, policy
from .accounts import Principal, caller
from .calls import Call
from .errors import GateError
from .policy import ALLOW, DENY, Ask

_OPEN = ("GetCallerIdentity", "GetSessionToken", "AssumeRoleWithWebIdentity", "AssumeRoleWithSAML")
# sts.py decides these: the role's trust policy has the first word.
_OWN_CHECK = ("AssumeRole",)

# What users and roles were allowed and denied under `enforceIam`: for each entity's ARN, how often each action.
allowed: dict[str, Counter[str]] = {}
refused: dict[str, Counter[str]] = {}


def caller_context(principal: Principal) -> dict[str, Any]:
    kind = {"administrator": "User", "user": "User", "role": "AssumedRole"}[principal.kind]
    instant = clock.now()
    return {
        # Every request has a time: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
        "aws:CurrentTime": f"{instant.isoformat()}Z",
        "aws:EpochTime": str(int(instant.replace(tzinfo=datetime.timezone.utc).timestamp())),
        "aws:PrincipalArn": principal.entity_arn,
        "aws:PrincipalAccount": principal.account,
        "aws:PrincipalType": kind,
        "aws:userid": principal.user_id,
        "aws:SecureTransport": "true",
        "aws:SourceIp": "127.0.0.1",
        "aws:ViaAWSService": "false",
        "aws:PrincipalIsAWSService": "false",
    }


def check(call: Call, environ: dict[str, Any]) -> None:
    """Raises what AWS answers when the call is not allowed; the message names the action."""
    principal = caller.get()
    if principal is None or call.action in (*_OPEN, *_OWN_CHECK):
        return
    if call.service == "s3":
        from .buckets import check_place

        check_place(principal, call, environ)
        _check_foreign_bucket(principal, call, environ)
    if not config.get("enforceIam") or principal.kind == "administrator":
        return
    from .asks import asks_of

    for ask in asks_of(principal, call, environ):
        reason = refusal(principal, ask)
        (allowed if reason is None else refused).setdefault(principal.entity_arn, Counter())[ask.action] += 1
        if reason is not None:
            raise denied(call.service, principal, ask, reason)


def refusal(principal: Principal, ask: Ask) -> str | None:
    """Why the request is refused, in the words AWS uses; None when it is allowed."""
    ask.principals, ask.account = (principal.arn, principal.entity_arn), principal.account
    if ask.action.startswith("kms:") and ask.resource.startswith("arn:aws:kms:") and ":key/" in ask.resource:
        key = keys.find(principal.account, "", ask.resource)
        if key is not None:
            return _key_refusal(principal, ask, key)
    word, named, foreign = None, False, False
    if ask.action.startswith("s3:"):
        bucket = _bucket(ask.resource)
        foreign = bucket is not None and bucket.account_id != principal.account
        if bucket is not None and bucket.policy is not None:
            word, named = policy.evaluate(_text(bucket.policy), ask, resource_policy=True)
            if word == DENY:
                return "with an explicit deny in a resource-based policy"
    own, reason = identity_word(principal, ask)
    if own == DENY or own == ALLOW:
        return reason
    # Across accounts both must allow it; _check_foreign_bucket has asked the bucket's policy.
    return None if named and not foreign else reason


def _key_refusal(principal: Principal, ask: Ask, key: Any) -> str | None:
    """A key's policy has the first word; only where it delegates to the account do the caller's own policies count."""
    word, named = policy.evaluate(key.policy, ask, resource_policy=True)
    if word == DENY:
        return "with an explicit deny in a resource-based policy"
    own, reason = identity_word(principal, ask)
    if own == DENY:
        return reason
    operation = ask.action.removeprefix("kms:")
    if any(operation in grant.operations and grant.grantee_principal in ask.principals for grant in key.grants.values()):
        return None
    if word is None:
        return f"because no resource-based policy allows the {ask.action} action"
    return None if named or own == ALLOW else reason


def identity_word(principal: Principal, ask: Ask) -> tuple[str | None, str | None]:
    """What the caller's own policies say: identity policies, within boundary and session policy."""
    if principal.kind == "administrator" or not config.get("enforceIam"):
        return ALLOW, None
    entity = principal.entity
    if entity is None:
        return DENY, "because its role no longer exists"
    words = [policy.evaluate(document, ask)[0] for document in identity_policies(principal.account, entity)]
    if DENY in words:
        return DENY, "with an explicit deny in an identity-based policy"
    if ALLOW not in words:
        return None, f"because no identity-based policy allows the {ask.action} action"
    boundary = getattr(entity, "permissions_boundary_arn", None)
    limits = [("permissions boundary", boundary_document(principal.account, boundary))] if boundary else []
    if principal.session is not None and principal.session.policy:
        limits.append(("session policy", principal.session.policy))
    for name, document in limits:
        word = policy.evaluate(document, ask)[0]
        if word != ALLOW:
            return DENY, f"with an explicit deny in a {name}" if word == DENY else f"because no {name} allows the {ask.action} action"
    return ALLOW, None


def identity_allows(principal: Principal, ask: Ask, resource_policy_names: bool = False) -> bool:
    """Whether the caller's own policies allow it, or at least do not forbid what a resource's policy gave it by name."""
    word, _ = identity_word(principal, ask)
    return word == ALLOW or (word is None and resource_policy_names)


def identity_policies(account: str, entity: Any) -> list[Any]:
    """A role's or user's inline and managed policies, and those of the user's groups."""
    found = _policies(entity)
    for group in iam_backends[account]["aws"].groups.values():
        if entity in group.users:
            found += _policies(group)
    return found


def _policies(entity: Any) -> list[Any]:
    return [_text(document) for document in entity.policies.values()] + [default_document(managed) for managed in entity.managed_policies.values()]


def default_document(managed: Any) -> Any:
    return next(version.document for version in managed.versions if version.is_default)


def boundary_document(account: str, arn: str) -> Any:
    """A boundary that does not exist allows nothing."""
    managed = iam_backends[account]["aws"].managed_policies.get(arn)
    return default_document(managed) if managed is not None else {}


def _text(document: Any) -> Any:
    return document.decode() if isinstance(document, bytes) else document


def _bucket(resource: str) -> Any:
    name = resource.removeprefix("arn:aws:s3:::").split("/", 1)[0]
    owner = s3_backends.bucket_accounts.get(name)
    return s3_backends[owner[1]]["aws"].buckets.get(name) if owner else None


def _check_foreign_bucket(principal: Principal, call: Call, environ: dict[str, Any]) -> None:
    """Another account's bucket is closed unless its policy opens it, to anybody's administrator too."""
    from .asks import asks_of

    for ask in asks_of(principal, call, environ):
        bucket = _bucket(ask.resource)
        if bucket is None or bucket.account_id == principal.account or call.action == "CreateBucket":
            continue
        ask.principals, ask.account = (principal.arn, principal.entity_arn), principal.account
        word, _ = policy.evaluate(_text(bucket.policy), ask, resource_policy=True) if bucket.policy is not None else (None, False)
        if word != ALLOW:
            raise denied("s3", principal, ask, f"because no resource-based policy allows the {ask.action} action")


def denied(service: str, principal: Principal, ask: Ask, reason: str) -> GateError:
    text = f"User: {principal.arn} is not authorized to perform: {ask.action} on resource: {ask.resource} {reason}"
    if service == "ec2":
        return GateError("UnauthorizedOperation", f"You are not authorized to perform this operation. {text}", 403)
    if service == "sns":
        return GateError("AuthorizationError", text, 403)
    xml = service in ("s3", "s3control", "iam", "sts", "route53", "cloudfront", "elasticloadbalancing", "autoscaling")
    return GateError("AccessDenied" if xml else "AccessDeniedException", text, 403 if xml else 400)
