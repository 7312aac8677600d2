"""How this package changes moto: functions put in the place of a class's methods, with the old one kept in reach."""

from __future__ import annotations

from typing import Any, Callable, TypeVar

Function = TypeVar("Function", bound=Callable[..., Any])


def replaces(*owners: type, name: str | None = None) -> Callable[[Function], Function]:
    """Puts the decorated function in place of the method of that name; `function.original` is what was there."""

    def decorate(function: Function) -> Function:
        attribute = name or function.__name__
        setattr(function, "original", getattr(owners[0], attribute, None))
        for owner in owners:
            setattr(owner, attribute, function)
        return function

    return decorate
