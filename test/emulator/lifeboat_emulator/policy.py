"""Policy documents: does a statement speak of this request, and what does it say?

The rules of https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html, less what no
policy here can need (organizations' policies, multivalued negations).
"""

from __future__ import annotations

import datetime
import functools
import ipaddress
import json
import re
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any, Callable, Iterable

ALLOW, DENY = "Allow", "Deny"


@dataclass
class Ask:
    """What is asked: one action on one resource, by whom, and the values that conditions look at."""

    action: str
    resource: str = "*"
    # The caller's ARNs: a session's own and its role's.
    principals: tuple[str, ...] = ()
    account: str = ""
    context: dict[str, Any] = field(default_factory=dict)


@functools.lru_cache(maxsize=4096)
def _parse_text(document: str) -> dict[str, Any]:
    return json.loads(document)


def parse(document: Any) -> dict[str, Any]:
    return _parse_text(document) if isinstance(document, str) else dict(document or {})


def many(value: Any) -> list[Any]:
    return [] if value is None else value if isinstance(value, list) else [value]


def evaluate(document: Any, ask: Ask, resource_policy: bool = False) -> tuple[str | None, bool]:
    """The document's word on the request: Deny, Allow or nothing; and whether an Allow names the caller itself.

    A resource policy that allows the account's root only delegates: the caller's own policies must allow it too.
    """
    allowed, named = False, False
    for statement in many(parse(document).get("Statement")):
        who = _principal(statement, ask) if resource_policy else "self"
        if who is None or not _speaks(statement, ask):
            continue
        if statement.get("Effect") == DENY:
            return DENY, False
        allowed, named = True, named or who == "self"
    return (ALLOW if allowed else None), named


def _speaks(statement: dict[str, Any], ask: Ask) -> bool:
    def glob(patterns: Any, value: str, fold: bool) -> bool:
        return any(like(substitute(p, ask.context), value, fold) for p in many(patterns))

    if "Action" in statement and not glob(statement["Action"], ask.action, True):
        return False
    if "NotAction" in statement and glob(statement["NotAction"], ask.action, True):
        return False
    if "Resource" in statement and not glob(statement["Resource"], ask.resource, False):
        return False
    if "NotResource" in statement and glob(statement["NotResource"], ask.resource, False):
        return False
    return all(condition(op, key, wanted, ask.context) for op, keys in statement.get("Condition", {}).items() for key, wanted in keys.items())


def _principal(statement: dict[str, Any], ask: Ask) -> str | None:
    """'self' when the statement names the caller, 'account' when it names its account, None when neither."""
    if "NotPrincipal" in statement:
        return None if _names(statement["NotPrincipal"], ask) else "self"
    return _names(statement.get("Principal"), ask)


def _names(principal: Any, ask: Ask) -> str | None:
    values = many(principal.get("AWS")) if isinstance(principal, dict) else many(principal)
    if any(value in ask.principals or value == "*" for value in values):
        return "self"
    if any(value in (ask.account, f"arn:aws:iam::{ask.account}:root") for value in values):
        return "account"
    return None


def like(pattern: Any, value: str, fold: bool = False) -> bool:
    """AWS globs: * and ? only, so brackets are taken literally."""
    text = re.sub(r"\[", "[[]", str(pattern))
    return fnmatchcase(value.lower(), text.lower()) if fold else fnmatchcase(value, text)


def substitute(value: Any, context: dict[str, Any]) -> str:
    """Policy variables, such as ${aws:PrincipalAccount}; one that has no value matches nothing."""
    return re.sub(r"\$\{([^}]+)\}", lambda m: {"*": "*", "?": "?", "$": "$"}.get(m.group(1), str(look_up(context, m.group(1), "\0"))), str(value))


def look_up(context: dict[str, Any], key: str, default: Any = None) -> Any:
    """Condition keys ignore case; tag keys after the slash do not."""
    head, slash, tail = key.partition("/")
    for name, value in context.items():
        name_head, _, name_tail = name.partition("/")
        if name_head.lower() == head.lower() and (not slash or name_tail == tail):
            return value
    return default


def condition(operator: str, key: str, wanted: Any, context: dict[str, Any]) -> bool:
    quantifier, _, name = operator.rpartition(":")
    if_exists = name.endswith("IfExists")
    name = name.removesuffix("IfExists")
    got = look_up(context, key)
    if name == "Null":
        return (got is None) == (str(many(wanted)[0]).lower() == "true")
    if got is None:
        return if_exists or quantifier == "ForAllValues" or _negated(name)
    test = _OPERATORS.get(name)
    if test is None:
        raise ValueError(f"policy condition operator {operator} is not known to the emulator")
    values = [substitute(w, context) for w in many(wanted)]

    def one(item: Any) -> bool:
        hits = (test(str(item), value) for value in values)
        return all(hits) if _negated(name) else any(hits)

    items = many(got)
    return all(one(item) for item in items) if quantifier == "ForAllValues" or _negated(name) else any(one(item) for item in items)


def _negated(name: str) -> bool:
    return "Not" in name


def _date(value: str) -> float:
    return float(value) if re.fullmatch(r"\d+(\.\d+)?", value) else datetime.datetime.fromisoformat(value.replace("Z", "+00:00")).timestamp()


def _in_range(got: str, wanted: str) -> bool:
    return ipaddress.ip_address(got) in ipaddress.ip_network(wanted, strict=False)


def _operators() -> Iterable[tuple[str, Callable[[str, str], bool]]]:
    def both(name: str, opposite: str, test: Callable[[str, str], bool]) -> Iterable[tuple[str, Callable[[str, str], bool]]]:
        yield name, test
        yield opposite, lambda got, wanted: not test(got, wanted)

    yield from both("StringEquals", "StringNotEquals", lambda got, wanted: got == wanted)
    yield from both("StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase", lambda got, wanted: got.lower() == wanted.lower())
    for kind in ("StringLike", "ArnLike", "ArnEquals"):
        yield from both(kind, kind.replace("Like", "NotLike").replace("Equals", "NotEquals"), lambda got, wanted: like(wanted, got))
    yield "Bool", lambda got, wanted: got.lower() == wanted.lower()
    yield from both("IpAddress", "NotIpAddress", _in_range)
    for prefix, cast in (("Numeric", float), ("Date", _date)):
        yield from both(f"{prefix}Equals", f"{prefix}NotEquals", lambda got, wanted, cast=cast: cast(got) == cast(wanted))
        yield f"{prefix}LessThan", lambda got, wanted, cast=cast: cast(got) < cast(wanted)
        yield f"{prefix}LessThanEquals", lambda got, wanted, cast=cast: cast(got) <= cast(wanted)
        yield f"{prefix}GreaterThan", lambda got, wanted, cast=cast: cast(got) > cast(wanted)
        yield f"{prefix}GreaterThanEquals", lambda got, wanted, cast=cast: cast(got) >= cast(wanted)


_OPERATORS = dict(_operators())
