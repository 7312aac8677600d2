"""STS: who a caller is, and whom it may become. Hooks: `TokenResponse.assume_role`, `STSBackend.get_caller_identity`."""

from __future__ import annotations

import base64
import json
import re
from typing import Any

from moto.core.responses import ActionResult
from moto.iam.models import iam_backends
from moto.sts.models import STSBackend
from moto.sts.responses import TokenResponse

from . import policy
from .accounts import Principal, caller, principal_of
from .authorize import caller_context, identity_word
from .errors import GateError
from .patching import replaces

_ROLE = re.compile(r"^arn:aws:iam::(\d{12}):role/[\w+=,.@/-]+$")


@replaces(STSBackend)
def get_caller_identity(self: Any, access_key_id: str, region: str) -> tuple[str, str, str]:
    principal = principal_of(access_key_id)
    if principal is None:
        raise GateError("InvalidClientTokenId", "The security token included in the request is invalid.", 403)
    return principal.user_id, principal.arn, principal.account


@replaces(TokenResponse)
def assume_role(self: Any) -> ActionResult:
    """The role must exist and trust the caller; the caller's own policies must allow it; both must hold across accounts.

    https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
    """
    principal, arn = caller.get(), self._get_param("RoleArn") or ""
    role = _role(arn)
    if principal is None or role is None:
        raise _denied(principal, arn)
    _check_duration(self._get_int_param("DurationSeconds"), role, principal)
    context = caller_context(principal)
    external_id = self._get_param("ExternalId")
    if external_id is not None:
        context["sts:ExternalId"] = external_id
    context["sts:RoleSessionName"] = self._get_param("RoleSessionName")
    ask = policy.Ask("sts:AssumeRole", role.arn, (principal.arn, principal.entity_arn), principal.account, context)
    word, named = policy.evaluate(role.assume_role_policy_document, ask, resource_policy=True)
    own, _ = identity_word(principal, ask)
    same_account_by_name = named and role.account_id == principal.account
    if word != policy.ALLOW or own == policy.DENY or (own is None and not same_account_by_name):
        raise _denied(principal, arn)
    return assume_role.original(self)  # type: ignore[attr-defined]


def _role(arn: str) -> Any:
    match = _ROLE.match(arn)
    if not match:
        raise GateError("ValidationError", f"{arn} is invalid")
    roles = iam_backends[match.group(1)]["aws"].roles.values()
    return next((role for role in roles if role.arn == arn), None)


def _check_duration(seconds: int | None, role: Any, principal: Principal) -> None:
    """900 s to the role's own maximum; a chained role's session lasts an hour at most."""
    if seconds is None:
        return
    if seconds < 900:
        message = f"1 validation error detected: Value '{seconds}' at 'durationSeconds' failed to satisfy constraint: Member must have value greater than or equal to 900"
        raise GateError("ValidationError", message)
    if principal.kind == "role" and seconds > 3600:
        raise GateError("ValidationError", "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining")
    if seconds > int(role.max_session_duration or 3600):
        raise GateError("ValidationError", "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.")


def _denied(principal: Principal | None, arn: str) -> GateError:
    who = principal.arn if principal is not None else "anonymous"
    return GateError("AccessDenied", f"User: {who} is not authorized to perform: sts:AssumeRole on resource: {arn}", 403)


@replaces(TokenResponse)
def assume_role_with_web_identity(self: Any) -> ActionResult:
    """The token's issuer must be a provider of the account, and the trust policy must accept its claims.

    Signatures are not checked: whoever runs the tests is trusted to be who the token says.
    """
    arn = self._get_param("RoleArn") or ""
    role, claims = _role(arn), _claims(self._get_param("WebIdentityToken") or "")
    issuer = str(claims.get("iss", "")).removeprefix("https://")
    provider = f"arn:aws:iam::{role.account_id if role is not None else ''}:oidc-provider/{issuer}"
    known = role is not None and provider in iam_backends[role.account_id]["aws"].open_id_providers
    context = {f"{issuer}:{name}": claims[name] for name in ("aud", "sub", "amr") if name in claims}
    ask = policy.Ask("sts:AssumeRoleWithWebIdentity", arn, context=context)
    if not known or not _trusts(role.assume_role_policy_document, provider, ask):
        raise GateError("AccessDenied", "Not authorized to perform sts:AssumeRoleWithWebIdentity", 403)
    return assume_role_with_web_identity.original(self)  # type: ignore[attr-defined]


def _claims(token: str) -> dict[str, Any]:
    try:
        body = token.split(".")[1]
        return json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    except (IndexError, ValueError):
        raise GateError("InvalidIdentityToken", "The ID Token provided is not a valid JWT.") from None


def _trusts(document: Any, provider: str, ask: policy.Ask) -> bool:
    words = []
    for statement in policy.many(policy.parse(document).get("Statement")):
        principal = statement.get("Principal")
        if isinstance(principal, dict) and provider in policy.many(principal.get("Federated")):
            words.append(policy.evaluate({"Statement": [{**statement, "Principal": "*"}]}, ask, resource_policy=True)[0])
    return policy.ALLOW in words and policy.DENY not in words


