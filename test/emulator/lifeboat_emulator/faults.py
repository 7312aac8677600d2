"""Faults: the list of rules that `POST /_emulator/rules` fills.

A rule chooses calls by globs over account, region, service and action, and says one thing that happens to them.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any

from . import clock
from .calls import Call
from .errors import GateError

_GLOBS = ("account", "region", "service", "action")
_EFFECTS = ("error", "drop", "hangSeconds", "latencyMs", "rate", "copyErrorAt")
_EXTRA = {"error": ("status", "message", "after"), "rate": ("burst",), "drop": ("after",)}
_COMMON = (*_GLOBS, "probability", "skip", "times")


@dataclass
class Rule:
    """One checked rule. `left` is how often it may still act (None: without end), `waiting` how many calls it lets pass first."""

    fields: dict[str, Any]
    effect: str
    left: int | None
    waiting: int = 0
    buckets: dict[tuple[str, str], tuple[float, float]] = field(default_factory=dict)

    def matches(self, call: Call, region: str | None = None) -> bool:
        values = (call.account, region or call.region, call.service, call.action)
        return all(fnmatchcase(value, str(self.fields.get(name, "*"))) for name, value in zip(_GLOBS, values))

    def over_rate(self, call: Call) -> bool:
        """A token bucket for each account and region, as EC2 throttles. Its seconds are the emulator's."""
        rate, burst = float(self.fields["rate"]), float(self.fields.get("burst", max(1, self.fields["rate"])))
        key, instant = (call.account, call.region), clock.now().timestamp()
        tokens, at = self.buckets.get(key, (burst, instant))
        tokens = min(burst, tokens + (instant - at) * rate)
        self.buckets[key] = (tokens - 1, instant) if tokens >= 1 else (tokens, instant)
        return tokens < 1


@dataclass
class Verdict:
    """What the rules say about one call."""

    delay: float = 0.0
    error: GateError | None = None
    drop: bool = False
    # Whether error and drop come after the call was carried out: the work is done, its answer lost.
    after: bool = False


_rules: list[Rule] = []


def add(data: Any) -> int:
    """Checks and adds a rule, and returns how many there are."""
    rule = _parse(data)
    _rules.append(rule)
    return len(_rules)


def clear() -> None:
    _rules.clear()


def current() -> list[dict[str, Any]]:
    """The rules as they were given, with what is left of `skip` and `times`."""
    return [
        {**rule.fields, **({"skip": rule.waiting} if "skip" in rule.fields else {}), **({} if rule.left is None else {"times": rule.left})}
        for rule in _rules
    ]


def judge(call: Call, source_region: str | None = None) -> Verdict:
    """Delays add up; the first rule that ends the call decides how it ends.

    `source_region` is that of a CopySnapshot: copying needs both regions, so an outage of either fails it.
    """
    verdict = Verdict()
    for rule in _rules:
        near = rule.matches(call)
        far = not near and source_region is not None and rule.effect in ("error", "drop") and rule.matches(call, source_region)
        if rule.effect == "copyErrorAt" or not (near or far) or not _acts(rule):
            continue
        if rule.effect == "latencyMs":
            verdict.delay += rule.fields["latencyMs"] / 1000
            continue
        if rule.effect == "rate":
            if not rule.over_rate(call):
                _give_back(rule)
                continue
            verdict.error = GateError("RequestLimitExceeded", "Request limit exceeded.", 503)
        elif far:
            verdict.error = GateError("InternalError", f"The source region {source_region} cannot be reached.", 500)
        elif rule.effect == "error":
            message = rule.fields.get("message", f"{rule.fields['error']} (a fault that the emulator was told to make)")
            verdict.error = GateError(rule.fields["error"], message, rule.fields.get("status", 400))
        else:
            verdict.delay += rule.fields.get("hangSeconds", 0)
            verdict.drop = True
        verdict.after = bool(rule.fields.get("after"))
        break
    return verdict


def copy_error_at(call: Call) -> float | None:
    """The percentage at which this copy is to end in `error`, if a rule says so."""
    for rule in _rules:
        if rule.effect == "copyErrorAt" and rule.matches(call) and _acts(rule):
            return float(rule.fields["copyErrorAt"])
    return None


def _acts(rule: Rule) -> bool:
    if rule.waiting > 0:
        rule.waiting -= 1
        return False
    if rule.left == 0 or random.random() >= rule.fields.get("probability", 1):
        return False
    if rule.left is not None:
        rule.left -= 1
    return True


def _give_back(rule: Rule) -> None:
    if rule.left is not None:
        rule.left += 1


def _parse(data: Any) -> Rule:
    if not isinstance(data, dict):
        raise GateError("ValidationError", 'rules: expected a JSON object, such as {"service": "ec2", "drop": true}')
    effects = [name for name in _EFFECTS if name in data]
    if len(effects) != 1:
        raise GateError("ValidationError", f"rules: expected exactly one of {', '.join(_EFFECTS)}; got {', '.join(effects) or 'none'}")
    effect = effects[0]
    known = {*_COMMON, effect, *_EXTRA.get(effect, ())}
    unknown = sorted(set(data) - known)
    if unknown:
        raise GateError("ValidationError", f"rules: unknown field '{unknown[0]}' for {effect}; known: {', '.join(sorted(known))}")
    for name in _GLOBS:
        if name in data and not isinstance(data[name], str):
            raise GateError("ValidationError", f"rules: '{name}' is {data[name]!r}; expected a glob, such as \"ec2\" or \"Describe*\"")
    _number(data, "probability", 0, 1)
    _number(data, "times", 1, None, whole=True)
    _number(data, "skip", 0, None, whole=True)
    _number(data, "status", 400, 599, whole=True)
    _number(data, "copyErrorAt", 0, 100)
    for name in ("hangSeconds", "latencyMs"):
        _number(data, name, 0, None)
    _number(data, "rate", 0, None)
    _number(data, "burst", 1, None)
    for name, kind in (("error", str), ("message", str), ("drop", bool), ("after", bool)):
        if name in data and (not isinstance(data[name], kind) or data[name] == "" or (name == "drop" and not data[name])):
            expected = {"error": "an AWS error code", "message": "a text", "drop": "true", "after": "true or false"}[name]
            raise GateError("ValidationError", f"rules: '{name}' is {data[name]!r}; expected {expected}")
    return Rule(dict(data), effect, data.get("times"), data.get("skip", 0))


def _number(data: dict[str, Any], name: str, low: float, high: float | None, whole: bool = False) -> None:
    if name not in data:
        return
    value = data[name]
    wrong = isinstance(value, bool) or not isinstance(value, int if whole else (int, float))
    if wrong or value < low or (high is not None and value > high):
        limits = f"from {low} to {high}" if high is not None else f"of {low} or more"
        raise GateError("ValidationError", f"rules: '{name}' is {value!r}; expected a {'whole ' if whole else ''}number {limits}")
