"""Whose key it is. `AKIA<account>TEST` is an administrator of that account; roles and users have keys of their own.

The administrator is a user, `user/administrator`, and not the account's root, which AWS does not let assume a role.

Hooks: `moto.iam.models.get_account_id_from` and `BaseResponse.get_region_from_url`.
"""

from __future__ import annotations

import contextvars
import re
from dataclasses import dataclass
from typing import Any

import moto.iam.models as iam_models
from moto.core.responses import BaseResponse
from moto.iam.models import iam_backends
from moto.sts.models import sts_backends

# Who makes the call that is being answered. The gate sets it; code deep in moto's models has no other way to know.
caller: contextvars.ContextVar[Principal | None] = contextvars.ContextVar("caller", default=None)

ROOT_KEY = re.compile(r"^AKIA(\d{12})TEST$")


@dataclass(frozen=True)
class Principal:
    """Who calls. `kind` is administrator, user or role; `arn` is what GetCallerIdentity says."""

    kind: str
    account: str
    arn: str
    user_id: str
    # The IAM entity behind a role session or a user, and the session itself.
    entity: Any = None
    session: Any = None

    @property
    def entity_arn(self) -> str:
        """The ARN that policies name: the role's own for a session of it."""
        return self.entity.arn if self.entity is not None else self.arn


def account_of(access_key: str) -> str:
    """The account of an access key, or an empty text for a key that nobody has."""
    match = ROOT_KEY.match(access_key)
    if match:
        return match.group(1)
    for account_id, account in list(iam_backends.items()):
        if access_key in account["aws"].access_keys:
            return account_id
    return ""


def principal_of(access_key: str) -> Principal | None:
    """Who a key belongs to; None for an unknown key."""
    account = account_of(access_key)
    if not account:
        return None
    if ROOT_KEY.match(access_key):
        return Principal("administrator", account, f"arn:aws:iam::{account}:user/administrator", f"AIDA{account}ADMIN")
    session = sts_backends[account]["aws"].get_assumed_role_from_access_key(access_key)
    iam = iam_backends[account]["aws"]
    if session is not None:
        role = next((role for role in iam.roles.values() if role.arn == session.role_arn), None)
        return Principal("role", account, session.arn, session.user_id, role, session)
    user = iam.get_user_from_access_key_id(access_key)
    return Principal("user", account, user.arn, user.id, user) if user else None


def install() -> None:
    original = iam_models.get_account_id_from

    def get_account_id_from(access_key: str) -> str:
        return account_of(access_key) or original(access_key)

    iam_models.get_account_id_from = get_account_id_from

    def get_region_from_url(self: BaseResponse, request: Any, full_url: str) -> str:
        """The region that was signed for. moto would rather believe a host name, even one inside a query."""
        scope = re.search(r"(?:Credential=|^)[^/]+/\d{8}/([^/]+)/", request.headers.get("Authorization", "") or request.args.get("X-Amz-Credential", ""))
        return scope.group(1) if scope else self.default_region

    BaseResponse.get_region_from_url = get_region_from_url  # type: ignore[method-assign]
