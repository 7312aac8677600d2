"""IAM as strict as AWS where moto is not: sizes, numbers, names, and principals that exist. Hook: `IAMBackend`.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
"""

from __future__ import annotations

import json
import re
from typing import Any

from moto.iam.models import IAMBackend, iam_backends

from . import policy
from .errors import GateError
from .patching import replaces

MANAGED, TRUST = 6144, 2048
INLINE = {"user": 2048, "group": 5120, "role": 10240}
GROUPS_OF_A_USER, POLICIES_OF_A_PRINCIPAL = 10, 10
_PRINCIPAL = re.compile(r"^arn:aws:iam::(\d{12}):(root|(role|user)/[\w+=,.@/-]+)$")
_SESSION = re.compile(r"^arn:aws:sts::\d{12}:(assumed-role|federated-user)/[\w+=,.@/-]+$")
_UNIQUE_ID = re.compile(r"^(AROA|AIDA)[A-Z0-9]+$")


def _limit(message: str) -> GateError:
    return GateError("LimitExceeded", message, 409)


def _malformed(message: str) -> GateError:
    return GateError("MalformedPolicyDocument", message, 400)


def size(document: Any) -> int:
    """AWS counts no white space."""
    return len(re.sub(r"\s", "", document.decode() if isinstance(document, bytes) else str(document)))


def check_trust(document: str) -> None:
    """AWS refuses a trust in whom it does not know, but for those that it has replaced by their unique ids itself."""
    if size(document) > TRUST:
        raise _limit(f"Cannot exceed quota for ACLSizePerRole: {TRUST}")
    try:
        statements = policy.many(json.loads(document).get("Statement"))
    except (ValueError, AttributeError):
        raise _malformed("This policy contains invalid Json") from None
    if not statements:
        raise _malformed("Missing required field Statement")
    for statement in statements:
        if not isinstance(statement, dict) or statement.get("Effect") not in ("Allow", "Deny"):
            raise _malformed("Syntax errors in policy.")
        if "Resource" in statement or "NotResource" in statement:
            raise _malformed("Has prohibited field Resource")
        if "Principal" not in statement and "NotPrincipal" not in statement:
            raise _malformed("Missing required field Principal")
        actions = policy.many(statement.get("Action", statement.get("NotAction")))
        if not actions or any(not str(action).startswith("sts:") and action != "*" for action in actions):
            raise _malformed("AssumeRole policy may only specify STS AssumeRole actions.")
        named = statement.get("Principal", statement.get("NotPrincipal"))
        for value in policy.many(named.get("AWS")) if isinstance(named, dict) else []:
            if not _exists(str(value)):
                raise _malformed(f'Invalid principal in policy: "AWS":"{value}"')


def _exists(value: str) -> bool:
    if value == "*" or re.fullmatch(r"\d{12}", value) or _SESSION.match(value):
        return True
    if _UNIQUE_ID.match(value):
        return False
    match = _PRINCIPAL.match(value)
    if not match:
        return False
    account, resource, kind = match.groups()
    if resource == "root":
        return True
    backend = iam_backends[account]["aws"]
    return any(each.arn == value for each in (backend.roles if kind == "role" else backend.users).values())


@replaces(IAMBackend)
def create_role(self: Any, role_name: str, assume_role_policy_document: str, *rest: Any, **named: Any) -> Any:
    if not (rest[5:] or named.get("linked_service")):
        check_trust(assume_role_policy_document)
    _other_case(self, "roles", role_name, "Role with name")
    return create_role.original(self, role_name, assume_role_policy_document, *rest, **named)  # type: ignore[attr-defined]


@replaces(IAMBackend)
def update_assume_role_policy(self: Any, role_name: str, policy_document: str) -> None:
    check_trust(policy_document)
    self.get_role(role_name).assume_role_policy_document = policy_document


@replaces(IAMBackend)
def create_policy(self: Any, description: str, path: str, policy_document: str, policy_name: str, tags: Any) -> Any:
    if size(policy_document) > MANAGED:
        raise _limit(f"Cannot exceed quota for PolicySize: {MANAGED}")
    # Names are an account's, whatever the path.
    if any(each.name.lower() == policy_name.lower() for arn, each in self.managed_policies.items() if ":iam::aws:" not in arn):
        raise GateError("EntityAlreadyExists", f"A policy called {policy_name} already exists. Duplicate names are not allowed.", 409)
    return create_policy.original(self, description, path, policy_document, policy_name, tags)  # type: ignore[attr-defined]


@replaces(IAMBackend)
def create_policy_version(self: Any, policy_arn: str, policy_document: str, set_as_default: bool) -> Any:
    if size(policy_document) > MANAGED:
        raise _limit(f"Cannot exceed quota for PolicySize: {MANAGED}")
    return create_policy_version.original(self, policy_arn, policy_document, set_as_default)  # type: ignore[attr-defined]


def _check_inline(kind: str, holder: Any, name: str, document: str) -> None:
    total = sum(size(each) for other, each in holder.policies.items() if other != name) + size(document)
    if total > INLINE[kind]:
        raise _limit(f"Maximum policy size of {INLINE[kind]} bytes exceeded for {kind} {holder.name}")


@replaces(IAMBackend)
def put_role_policy(self: Any, role_name: str, policy_name: str, policy_json: str) -> None:
    _check_inline("role", self.get_role(role_name), policy_name, policy_json)
    put_role_policy.original(self, role_name, policy_name, policy_json)  # type: ignore[attr-defined]


@replaces(IAMBackend)
def put_user_policy(self: Any, user_name: str, policy_name: str, policy_json: str) -> None:
    _check_inline("user", self.get_user(user_name), policy_name, policy_json)
    put_user_policy.original(self, user_name, policy_name, policy_json)  # type: ignore[attr-defined]


@replaces(IAMBackend)
def put_group_policy(self: Any, group_name: str, policy_name: str, policy_json: str) -> None:
    _check_inline("group", self.get_group(group_name), policy_name, policy_json)
    put_group_policy.original(self, group_name, policy_name, policy_json)  # type: ignore[attr-defined]


def _check_attached(kind: str, holder: Any, arn: str) -> None:
    if arn not in holder.managed_policies and len(holder.managed_policies) >= POLICIES_OF_A_PRINCIPAL:
        raise _limit(f"Cannot exceed quota for PoliciesPer{kind}: {POLICIES_OF_A_PRINCIPAL}")


@replaces(IAMBackend)
def attach_role_policy(self: Any, policy_arn: str, role_name: str) -> None:
    _check_attached("Role", self.get_role(role_name), policy_arn)
    attach_role_policy.original(self, policy_arn, role_name)  # type: ignore[attr-defined]


@replaces(IAMBackend)
def attach_user_policy(self: Any, policy_arn: str, user_name: str) -> None:
    _check_attached("User", self.get_user(user_name), policy_arn)
    attach_user_policy.original(self, policy_arn, user_name)  # type: ignore[attr-defined]


@replaces(IAMBackend)
def attach_group_policy(self: Any, policy_arn: str, group_name: str) -> None:
    _check_attached("Group", self.get_group(group_name), policy_arn)
    attach_group_policy.original(self, policy_arn, group_name)  # type: ignore[attr-defined]


@replaces(IAMBackend)
def add_user_to_group(self: Any, group_name: str, user_name: str) -> None:
    groups = [group.name for group in self.get_groups_for_user(user_name)]
    if group_name not in groups and len(groups) >= GROUPS_OF_A_USER:
        raise _limit(f"Cannot exceed quota for GroupsPerUser: {GROUPS_OF_A_USER}")
    add_user_to_group.original(self, group_name, user_name)  # type: ignore[attr-defined]


def _other_case(backend: Any, what: str, name: str, words: str) -> None:
    """Names differ by more than their case."""
    names = [each.name for each in getattr(backend, what).values()]
    if any(other.lower() == name.lower() for other in names):
        raise GateError("EntityAlreadyExists", f"{words} {name} already exists.", 409)


@replaces(IAMBackend)
def create_user(self: Any, region_name: str, user_name: str, *rest: Any, **named: Any) -> Any:
    _other_case(self, "users", user_name, "User with name")
    return create_user.original(self, region_name, user_name, *rest, **named)  # type: ignore[attr-defined]


@replaces(IAMBackend)
def create_group(self: Any, group_name: str, *rest: Any, **named: Any) -> Any:
    _other_case(self, "groups", group_name, "Group with name")
    return create_group.original(self, group_name, *rest, **named)  # type: ignore[attr-defined]


@replaces(IAMBackend)
def update_group(self: Any, group_name: str, new_group_name: str | None, new_path: str | None) -> None:
    """moto changes a path only with a name."""
    group = self.get_group(group_name)
    if new_group_name and new_group_name != group_name:
        update_group.original(self, group_name, new_group_name, new_path)  # type: ignore[attr-defined]
    elif new_path:
        group.path = new_path


@replaces(IAMBackend)
def update_role(self: Any, role_name: str, role_description: str | None, max_session_duration: str | None) -> Any:
    """What a call does not name stays."""
    role = self.get_role(role_name)
    if role_description is not None:
        role.description = role_description
    if max_session_duration is not None:
        role.max_session_duration = max_session_duration
    return role
