"""What every Describe call does alike: choosing by ids, by filters and by tags."""

from __future__ import annotations

from typing import Any, Callable, Iterable, Mapping, TypeVar

from .errors import ec2_error, invalid_value
from .policy import like

T = TypeVar("T")
# The values that an object has under a filter's name; None for a name that the call does not know.
Values = Callable[[Any, str], "list[Any] | None"]


def chosen(known: Mapping[str, T], ids: list[str] | None, code: str, what: str) -> list[T]:
    """The objects of these ids in the order of creation, all without ids; one that does not exist is refused with `code`."""
    if not ids:
        return list(known.values())
    absent = [one for one in ids if one not in known]
    if absent:
        raise not_found(code, what, absent)
    return [known[one] for one in known if one in set(ids)] if len(ids) > 1 else [known[ids[0]]]


def one(known: Mapping[str, T], wanted: str | None, code: str, what: str) -> T:
    found = known.get(wanted or "")
    if found is None:
        raise not_found(code, what, [wanted or ""])
    return found


def not_found(code: str, what: str, ids: list[str]) -> Exception:
    if len(ids) > 1:
        return ec2_error(code, f"The {what} IDs '{', '.join(ids)}' do not exist")
    return ec2_error(code, f"The {what} ID '{ids[0]}' does not exist")


def filtered(objects: Iterable[T], filters: Mapping[str, list[str]], values: Values) -> list[T]:
    """Every filter must match; a filter matches when any of its values does. `tag:`, `tag-key` and `tag-value` always work."""
    found = list(objects)
    for name, patterns in filters.items():
        if not isinstance(patterns, list) or not patterns:
            raise invalid_value(f"The filter '{name}' has no value.")
        if len(patterns) > 200:
            raise ec2_error("FilterLimitExceeded", "The maximum number of filter values specified on a single call is 200")
        exact = frozenset(patterns) if not any("*" in p or "?" in p for p in patterns) else None
        found = [item for item in found if _matches(_values(item, name, values), patterns, exact)]
    return found


def _values(item: Any, name: str, values: Values) -> list[Any]:
    if name.startswith("tag:"):
        value = tags_of(item).get(name[4:])
        return [] if value is None else [value]
    if name == "tag-key":
        return list(tags_of(item))
    if name == "tag-value":
        return list(tags_of(item).values())
    found = values(item, name)
    if found is None:
        raise invalid_value(f"The filter '{name}' is invalid")
    return found


def _matches(values: list[Any], patterns: list[str], exact: frozenset[str] | None) -> bool:
    for value in values:
        if value is None:
            continue
        text = str(value).lower() if isinstance(value, bool) else str(value)
        if text in exact if exact is not None else any(like(pattern, text) for pattern in patterns):
            return True
    return False


def tags_of(item: Any) -> dict[str, str]:
    return item.ec2_backend.tags.get(item.id) or {}


def tag_list(item: Any) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in tags_of(item).items()]
